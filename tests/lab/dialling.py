"""Have one machine of a running lab dial another: who calls, as the called one sees it, and who answers.

`python -m tests.lab.dialling CLIENT SERVER ADDRESS PORT [udp]` prints both addresses.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass

from lab import topology
from lab.settings import REPOSITORY, Settings

# Both run on hosts: one word from the caller, one back. A datagram that nobody answers is sent again.
_SERVER = """
import socket
family = socket.AF_INET6 if {ipv6} else socket.AF_INET
here = socket.socket(family, socket.SOCK_STREAM if {tcp} else socket.SOCK_DGRAM)
here.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
here.bind(("", {port}))
if {tcp}:
    here.listen()
print("ready", flush=True)
if {tcp}:
    there, caller = here.accept()
    there.recv(9)
    there.send(b"pong")
else:
    word, caller = here.recvfrom(9)
    here.sendto(b"pong", caller)
print(caller[0], flush=True)
"""
_CLIENT = """
import socket
family = socket.AF_INET6 if {ipv6} else socket.AF_INET
there = socket.socket(family, socket.SOCK_STREAM if {tcp} else socket.SOCK_DGRAM)
there.settimeout(20 if {tcp} else 1)
if {tcp}:
    there.connect(("{to}", {port}))
    answerer = there.getpeername()
for attempt in range(20):
    there.sendto(b"ping", ("{to}", {port})) if not {tcp} else there.send(b"ping")
    try:
        word, sender = there.recvfrom(9)
        break
    except socket.timeout:
        pass
print((answerer if {tcp} else sender)[0], word.decode())
"""


@dataclass(frozen=True)
class Talk:
    """The address that the server saw its caller under, and the one that the client got its answer from."""

    caller: str
    answerer: str


def dial(
    environment: Mapping[str, str],
    client: str,
    server: str,
    to: str,
    port: int,
    protocol: str = "tcp",
    listening: int | None = None,
) -> Talk:
    """Let `client` dial `to`:`port` while `server` listens at that port, or at `listening`; `environment` has the
    settings of the lab.

    Raises `subprocess.CalledProcessError` when nobody answers.
    """
    told = {"to": to, "port": port, "tcp": protocol == "tcp", "ipv6": ":" in to}
    settings = {**os.environ, **environment}
    listen = [*python_of(settings, server), _SERVER.format(**told | {"port": listening or port})]
    with subprocess.Popen(listen, cwd=REPOSITORY, env=settings, stdout=subprocess.PIPE, text=True) as called:
        assert called.stdout
        try:
            if called.stdout.readline() != "ready\n":
                raise RuntimeError(f"{server} cannot listen at {protocol} {port}")
            call = [*python_of(settings, client), _CLIENT.format(**told)]
            said = subprocess.run(call, cwd=REPOSITORY, env=settings, capture_output=True, text=True, check=True).stdout
            answerer, _, word = said.partition(" ")
            if word != "pong\n":
                raise RuntimeError(f"{client} got {word!r} from {answerer}")
            return Talk(called.stdout.readline().strip(), answerer)
        finally:
            called.kill()


def python_of(environment: Mapping[str, str], name: str) -> list[str]:
    """The start of a command that runs a Python text on a machine."""
    platform = topology.load(Settings.from_environment(environment)).machine(name).platform
    program = "/.lab/bin/python3" if platform == "aix" else "/usr/bin/python3"
    return [sys.executable, "-m", "lab", "exec", name, program, "-IS", "-c"]


if __name__ == "__main__":
    protocol = sys.argv[5] if len(sys.argv) > 5 else "tcp"
    talk = dial(os.environ, sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]), protocol)
    print(talk.caller, talk.answerer)
