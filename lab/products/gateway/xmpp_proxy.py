"""The XMPP proxy: an application server with the gateway's classes, which listens for servers of other communities.

What makes one is that its class loader gives it the shared library. XMPP itself is not spoken: a connection is taken
and ended.
"""

from __future__ import annotations

import socket
import threading
import xml.etree.ElementTree as ET
from contextlib import suppress
from pathlib import Path

from lab.products.gateway import layout
from lab.products.was.servers import server_index
from lab.products.was.servers.runtime import Runtime

PORT = 5269
_COMPONENT = "XMPPProxy"


class XmppProxy:
    """One that listens, until `stop`."""

    def __init__(self, server: Runtime) -> None:
        self._socket = socket.create_server(("", PORT), backlog=16)
        threading.Thread(target=self._serve, daemon=True).start()
        server.log.write(_COMPONENT, "A", f"LABXP000A: The XMPP proxy listens on port {PORT}")

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                self._socket.accept()[0].close()

    def stop(self) -> None:
        """Listen no longer."""
        # Closing alone does not wake up who accepts.
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()


def start(server: Runtime) -> XmppProxy | None:
    """The proxy of a server that is made to be one. None for another server, and where something is wrong, which its
    log tells."""
    libraries = _libraries(server)
    if not libraries:
        return None
    problem = _problem(server, libraries)
    try:
        if not problem:
            return XmppProxy(server)
    except OSError as error:
        problem = f"port {PORT} cannot be opened: {error.strerror}"
    server.log.write(_COMPONENT, "E", f"LABXP001E: The XMPP proxy does not start: {problem}")
    return None


def _problem(server: Runtime, libraries: dict[str, str]) -> str:
    loaders = list(ET.parse(_document(server)).getroot().iter("classloaders"))
    modes = [each.get("mode", "PARENT_FIRST") for each in loaders
             if any(ref.get("libraryName") in libraries for ref in each.iter("libraries"))]  # fmt: skip
    if not modes:
        return f"no class loader refers to {', '.join(libraries)}"
    if modes != ["PARENT_FIRST"]:
        return (
            f"its class loaders with {', '.join(libraries)} are {', '.join(modes)}; there has to be one, PARENT_FIRST"
        )
    for name, folder in libraries.items():
        # Entries of a class path end at a blank.
        entry = folder.split(" ")[0]
        if not all((server.host.path(entry) / jar).is_file() for jar in layout.JARS):
            return f"the classes of {name} are not in {entry}"
    return ""


def _libraries(server: Runtime) -> dict[str, str]:
    """The gateway's shared libraries of a server: names and class paths."""
    document = _document(server).with_name("libraries.xml")
    if not document.is_file():
        return {}
    found = {}
    for each in ET.parse(document).getroot().iter():
        paths = [entry.text or "" for entry in each.findall("classPath")]
        if each.tag.endswith("Library") and len(paths) == 1 and "rtc_gw_lib" in paths[0]:
            found[each.get("name", "")] = paths[0]
    return found


def _document(server: Runtime) -> Path:
    return server_index.server_document(server.config, server.cell, server.node, server.name)
