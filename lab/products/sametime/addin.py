"""`staddin`, on Windows `nstaddin.exe`: the server as an add-in of Domino, which starts and ends it."""

from __future__ import annotations

import json
import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from lab import namespaces
from lab.host import Host
from lab.products.domino import layout as domino_layout
from lab.products.domino.layout import Installation
from lab.products.sametime import configuration, layout
from lab.products.sametime.community import Community
from lab.products.sametime.directory import Directory
from lab.products.sametime.server import Server

Say = Callable[[str], None]


def main(host: Host, arguments: Sequence[str]) -> int:
    """The program; it serves until it is ended."""
    domino = domino_layout.installed(host)
    if arguments or domino is None:
        return 2
    if host.platform == "aix" and host.user.name != domino.user:
        print(f"staddin: lab: only {domino.user}, who runs Domino, runs this")
        return 1
    say = journal(host.path(configuration.log(domino)))
    # A Domino that was killed takes its tasks along.
    namespaces.end_with_parent()
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    try:
        _serve(host, domino, say)
    except (configuration.BadConfiguration, OSError) as problem:
        say(f"the server does not start: {problem}")
    return 1


def _serve(host: Host, domino: Installation, say: Say) -> None:
    """Until the process is ended."""
    if host.fault("staddin"):
        raise configuration.BadConfiguration("a service of the community could not be initialized")
    settings = configuration.read(host, domino)
    people = json.loads(host.path(layout.people(host.platform)).read_text("utf-8"))
    directory = Directory(settings.search, resolve=host.resolve, say=say)
    server = Server(Community(people, directory.knows), say, settings.trusted)
    with listen(layout.CLIENT_PORT) as for_clients, listen(layout.GATEWAY_PORT) as for_gateways:
        threading.Thread(target=server.serve_clients, args=(for_clients,), daemon=True).start()
        say(f"the server listens on the ports {layout.CLIENT_PORT} and {layout.GATEWAY_PORT}")
        server.serve_gateways(for_gateways)


def listen(port: int) -> socket.socket:
    """A listening socket at all addresses of the host."""
    return socket.create_server(("", port), backlog=64)


def journal(file: Path) -> Say:
    """What appends words to a file, each with the time."""

    def say(words: str) -> None:
        with suppress(OSError), file.open("a", encoding="utf-8") as log:
            log.write(f"{time.strftime('%Y-%m-%d %H:%M:%S')} {words}\n")

    return say
