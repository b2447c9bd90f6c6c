"""Which servers of a profile run, and how their processes look."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from lab.host import Host
from lab.products.was.layout import Installation, Profile, join
from lab.products.was.servers import logs, server_index

LAUNCHER = "com.ibm.ws.bootstrap.WSLauncher com.ibm.ws.runtime.WsServer"


def title(installation: Installation, profile: Profile, server: str, status_port: int) -> str:
    """The command line of a server's Java."""
    host = installation.host
    java = join(host, installation.root, "java", "bin", "java.exe" if host.platform == "windows" else "java")
    jvm = server_index.read_server(profile.config, profile.cell, profile.node, server).jvm
    config = join(host, profile.path, "config")
    heap = [f"-Xms{jvm.initial_heap}m"] if jvm.initial_heap else []
    heap += [f"-Xmx{jvm.maximum_heap}m"] if jvm.maximum_heap else []
    words = [_quoted(java), "-Declipse.security", f"-Dwas.status.socket={status_port}", *heap, jvm.arguments]
    words += [_quoted(f"-Dserver.root={profile.path}"), LAUNCHER, _quoted(config), profile.cell, profile.node, server]
    return " ".join(word for word in words if word)


def _quoted(word: str) -> str:
    return f'"{word}"' if " " in word else word


def pid(host: Host, profile: Profile, server: str) -> int | None:
    """The process of a server, None when it does not run: the pid file of a killed one tells nothing."""
    try:
        number = int(_pid_file(profile, server).read_text("ascii"))
    except (FileNotFoundError, ValueError):
        return None
    shown = host.processes().get(number, "")
    config = join(host, profile.path, "config")
    return number if LAUNCHER in shown and config in shown and shown.endswith(f" {server}") else None


def enter(host: Host, profile: Profile, server: str) -> None:
    """Write this process down as the server. One that is started while the server runs or comes up does not replace it:
    it will find the ports taken, and go."""
    if pid(host, profile, server) is None:
        _pid_file(profile, server).write_text(f"{os.getpid()}\n", "ascii")


def leave(profile: Profile, server: str) -> None:
    """Take this process back, if it is the one written down."""
    file = _pid_file(profile, server)
    with suppress(FileNotFoundError):
        if file.read_text("ascii") == f"{os.getpid()}\n":
            file.unlink()


def _pid_file(profile: Profile, server: str) -> Path:
    return logs.folder(profile, server) / f"{server}.pid"


def servers(host: Host, profile: Profile) -> dict[str, int]:
    """The running servers of a profile: name and process id."""
    index = server_index.read(profile.config, profile.cell, profile.node)
    found = {name: pid(host, profile, name) for name in index.servers}
    return {name: number for name, number in found.items() if number is not None}
