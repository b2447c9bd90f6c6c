"""Starting a server's process and waiting for what it says."""

from __future__ import annotations

import socket
import time
from dataclasses import dataclass
from typing import Literal

from lab.host import Host
from lab.products.was.layout import Installation, Profile
from lab.products.was.servers import logs, running

_STEP_S = 0.05
_END_WITHIN_S = 5.0


@dataclass(frozen=True)
class Launched:
    """What became of a started process: it is `open`, has `failed`, or was still coming up after the `timeout`."""

    pid: int
    state: Literal["open", "failed", "timeout"]


def launch(
    installation: Installation, profile: Profile, server: str, *, within_s: float, status_port: int = 0
) -> Launched:
    """Start a server and wait for it; with `within_s` 0 do not wait. Raises `OSError` for a status port in use."""
    host = installation.host
    logs.folder(profile, server).mkdir(parents=True, exist_ok=True)
    with socket.create_server(("127.0.0.1", status_port)) as listener:
        listener.settimeout(_STEP_S)
        port = int(listener.getsockname()[1])
        shown = running.title(installation, profile, server, port)
        pid = host.spawn("was:server", [profile.path, server, str(port)], title=shown)
        return _wait(host, listener, pid, time.monotonic() + within_s)


def _wait(host: Host, listener: socket.socket, pid: int, deadline: float) -> Launched:
    while time.monotonic() < deadline:
        try:
            connection, _ = listener.accept()
        except TimeoutError:
            # A process that was killed says nothing any more.
            if pid not in host.processes():
                return Launched(pid, "failed")
            continue
        with connection:
            connection.settimeout(2.0)
            state = connection.recv(64).decode().partition(" ")[0]
        if state != "open":
            wait_until_gone(host, pid, _END_WITHIN_S)
        return Launched(pid, "open" if state == "open" else "failed")
    return Launched(pid, "timeout")


def wait_until_gone(host: Host, pid: int, within_s: float) -> bool:
    """Whether a process has ended within that time."""
    deadline = time.monotonic() + within_s
    while pid in host.processes():
        if time.monotonic() > deadline:
            return False
        time.sleep(_STEP_S)
    return True
