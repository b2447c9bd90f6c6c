"""A Windows host: prepared on disk, its services started, WinRM served."""

from __future__ import annotations

import base64
import binascii
import os
import re
import signal
import socket
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from lab.products.sametime import desks
from lab.windows import cmd
from lab.windows.auth import Passwords, provide_to_ntlm
from lab.windows.installation import install
from lab.windows.machine import Machine
from lab.windows.powershell import program as powershell
from lab.windows.session import Session
from lab.windows.shells import Command, Shells
from lab.windows.wsman import Server

if TYPE_CHECKING:
    from lab.topology import HostSpec

_ENCODED = re.compile(r"powershell(?:\.exe)?\s.*-EncodedCommand\s+(\S+)\s*", re.IGNORECASE | re.DOTALL)
# ansible-core's wrapper around every module and every file transfer.
_ANSIBLE_WRAPPER = "$codeJson = foreach"
_ANSIBLE_ANSWER = b'{"failed":true,"msg":"Ansible requires PowerShell v5.1"}\r\n'


def serve(
    spec: HostSpec,
    directory: Path,
    listener: socket.socket,
    users: Mapping[str, str],
    is_up: Callable[[], None],
) -> NoReturn:
    """Be the host `spec`, whose state lies in `directory`, for clients of `listener`; for the first process of the
    host's own namespaces. `users` are its administrators: name to password. `is_up` is called when it serves."""
    machine = install(directory, spec.description(), users)
    if spec.people:
        desks.on_windows(machine, spec.people)
    worker = os.fork()
    if worker == 0:
        server = make_server(machine, listener, users)
        machine.services.start_automatic()
        is_up()
        server.serve_forever()
        sys.exit(1)
    listener.close()
    # The first process of a host: when told to stop, all others end with it; meanwhile it buries orphans.
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    while True:
        with suppress(ChildProcessError):
            if os.wait()[0] == worker:
                sys.exit(1)


def make_server(machine: Machine, listener: socket.socket, users: Mapping[str, str]) -> Server:
    """WinRM for the machine. SIGUSR1 makes it drop all its connections, when called in the main thread."""
    passwords = Passwords(machine.accounts.check_password, provide_to_ntlm(users, machine.computer_name))
    server = Server(listener, passwords, Shells(lambda command: execute(machine, command)))
    with machine.store.open("server") as content:
        content["pid"] = os.getpid()
    with suppress(ValueError):
        signal.signal(signal.SIGUSR1, lambda *_: server.cut())
    return server


def execute(machine: Machine, command: Command) -> int:
    """Run what a client asks for: a PowerShell text, or a line for cmd."""
    found = machine.accounts.user(command.user)
    user = found.name if found else command.user
    machine.make_profile(user)
    session = Session(
        machine, user, machine.environment(user), machine.profile(user), command.read, command.write,
        command.complain, command.job,
    )  # fmt: skip
    encoded = _ENCODED.fullmatch(command.line)
    if encoded is None:
        return cmd.run_line(session, command.line)
    try:
        text = base64.b64decode(encoded[1], validate=True).decode("utf-16-le")
    except (binascii.Error, UnicodeDecodeError):
        session.write_error(
            "Cannot process the command because the value of EncodedCommand is not properly encoded.\r\n"
        )
        return 1
    if _ANSIBLE_WRAPPER in text:
        session.read()
        session.write(_ANSIBLE_ANSWER)
        return 1
    return powershell.run_text(session, text)
