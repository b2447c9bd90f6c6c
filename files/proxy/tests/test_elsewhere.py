# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The service on systems that lack what Linux has: that is taken away before it starts, since none is at hand."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Sequence

import pytest
from processes import NODE, PARTNER, PROXY, bound, environment, request, response, site, started

AIX = """
import select, socket, sys
for module, names in ((select, ("epoll", "kqueue")), (socket, ("SO_REUSEPORT", "MSG_NOSIGNAL", "SOCK_CLOEXEC"))):
    for name in names:
        if hasattr(module, name):
            delattr(module, name)
# What of the standard library is imported later has to find the true platform.
import argparse, http.client, ipaddress, json, secrets, selectors, signal, ssl, subprocess, urllib.parse
sys.modules["sipnat.kernel._kernel"] = None
sys.platform = "aix"
"""
WINDOWS = (
    AIX
    + """
import os
for module, names in (
    (select, ("poll", "devpoll")),
    (signal, ("SIGHUP", "SIGCHLD", "SIGPIPE", "SIGUSR1", "SIGUSR2", "pthread_sigmask", "setitimer")),
    (os, ("fork", "setuid", "setgid", "setgroups", "initgroups", "getuid", "geteuid", "register_at_fork", "wait")),
):
    for name in names:
        if hasattr(module, name):
            delattr(module, name)
for name in ("fcntl", "grp", "pwd", "resource", "termios"):
    sys.modules[name] = None
selectors.DefaultSelector = selectors.SelectSelector
ssl.enum_certificates = lambda store: []
sys.platform = "win32"
"""
)
START = "\nfrom sipnat.cli import main\nsys.exit(main())\n"


def order(command: Sequence[str], folder: Path, *words: str) -> str:
    done = subprocess.run(
        [*command, "ctl", "-c", str(folder / "sipnat.json"), *words],
        env=environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


@pytest.mark.parametrize("system", [AIX, WINDOWS], ids=["aix", "windows"])
def test_forwards_obeys_and_stops(system: str, tmp_path: Path) -> None:
    command = [sys.executable, "-c", system + START]
    with bound(NODE) as node, bound(PARTNER) as partner:
        configuration = site(node.getsockname()[1], partner.getsockname()[1], processes=2)
        with started(command, tmp_path, configuration) as proxy:
            assert node.recv(65535).startswith(b"OPTIONS")
            partner.sendto(request("MESSAGE", "one", partner), (PROXY, proxy.port))
            node.sendto(response(node.recv(65535)), (PROXY, proxy.port))
            assert partner.recv(65535).startswith(b"SIP/2.0 200 OK\r\n")
            order(command, tmp_path, "reload")
            status = json.loads(order(command, tmp_path, "status"))
            assert status["kernel"] == "pure"
            assert status["processes"] == (1 if system is WINDOWS else 2)
            order(command, tmp_path, "stop")
            assert proxy.popen.wait(20) == 0
