"""Process 1 of the router: loads the rules on its disk as Debian does at boot, then serves ssh."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

from lab import namespaces, processes

_SYSTEMCTL = "/usr/bin/systemctl"
_RULES = "netfilter-persistent.service"
_ENVIRONMENT = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin", "HOME": "/"}
_SSHD = ("sshd", "-i", "-f", "/etc/ssh/sshd_config", "-E", "/var/log/sshd.log")
# What loads a file of rules: the services nftables and netfilter-persistent, or the start of IOS.
_BOOT = (
    (["/usr/sbin/nft", "-f"], "/etc/nftables.conf"),
    (["/usr/sbin/iptables-restore"], "/etc/iptables/rules.v4"),
    (["/usr/sbin/ip6tables-restore"], "/etc/iptables/rules.v6"),
    (["/.lab/bin/ios"], "/.lab/ios/startup-config"),
)


def main(listener: socket.socket, is_up: Callable[[], None]) -> NoReturn:
    """Be process 1 of the router whose root this process has entered; calls `is_up` when it can be told to stop."""
    namespaces.set_title("init")
    # A first process of a pid namespace ends by a signal only when it handles it.
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    _load_rules()
    # The kernel buries the children, and the orphans that others leave behind.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    _start_services()
    is_up()
    while True:
        with suppress(ConnectionAbortedError), listener.accept()[0] as connection:
            processes.start("/usr/sbin/sshd", _SSHD, _ENVIRONMENT, connection.fileno(), os.devnull)


def _load_rules() -> None:
    """Rules that are refused do not keep a machine from starting; the log says why there are none."""
    with Path("/var/log/boot.log").open("a", encoding="utf-8") as log:
        for command, rules in _BOOT:
            if Path(rules).exists():
                subprocess.run(
                    [*command, rules],
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    env=_ENVIRONMENT,
                    check=False,
                )


def _start_services() -> None:
    """What `systemctl enable` has set to start with the machine, besides the rules."""
    # What ran before the machine was started does not any more.
    Path("/.lab/state/systemd.json").unlink(missing_ok=True)
    for link in sorted(Path("/etc/systemd/system/multi-user.target.wants").glob("*.service")):
        if link.name != _RULES:
            pid = processes.start(
                _SYSTEMCTL, ["systemctl", "--no-block", "start", link.name], _ENVIRONMENT, None, os.devnull
            )
            with suppress(ChildProcessError):
                os.waitpid(pid, 0)
