"""A node takes over the deployment manager's documents."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

from lab.host import Host
from lab.products.was.connector import Connection
from lab.products.was.errors import NotAuthorized, NotReachable, ScriptingError
from lab.products.was.servers import repository, server_index
from lab.products.was.servers.runtime import Runtime

_MINUTE_S = 60.0
_BATCH = 50


def take_over(host: Host, config: Path, cell: str, node: str, manager: Connection) -> str:
    """Make the node's copy of the cell what the deployment manager has; the epoch that this is. Raises
    `NotReachable`, `ScriptingError`."""
    epoch: str = ask(manager, "epoch")
    wanted: dict[str, str] = ask(manager, "digests", node)
    present = repository.digests(config, cell, node)
    changed = [path for path, digest in wanted.items() if present.get(path) != digest]
    for first in range(0, len(changed), _BATCH):
        batch = changed[first : first + _BATCH]
        repository.write(config, ask(manager, "read", json.dumps(batch)))
        host.fault("syncNode")
    repository.delete(config, [path for path in present if path not in wanted])
    return epoch


def ask(manager: Connection, method: str, *arguments: str) -> Any:
    """A request to a server itself; its JSON value."""
    return json.loads(str(manager.call("Server", method, arguments).value))


def manager_of(server: Runtime) -> Connection:
    """From a node agent to its deployment manager. Raises `NotReachable`, `NotAuthorized`."""
    for node in server_index.nodes(server.config, server.cell):
        entry = server.index(node).of_type("DEPLOYMENT_MANAGER")
        if entry:
            return server.connect(node, entry.name)
    raise NotReachable("the repository knows no deployment manager")


def synchronise(server: Runtime) -> bool:
    """What a node agent does when it is time or when it is asked to: nothing while the deployment manager offers the
    state that was taken over last. Whether the node is synchronised now."""
    with server.lock:
        try:
            manager = manager_of(server)
        except (NotReachable, NotAuthorized):
            return False
        try:
            if ask(manager, "epoch") != server.epoch:
                server.epoch = take_over(server.host, server.config, server.cell, server.node, manager)
                server.log.write(
                    "NodeSyncTask", "A",
                    "ADMS0003I: The configuration synchronization completed successfully.",
                )  # fmt: skip
        except (NotReachable, ScriptingError) as error:
            server.log.write(
                "NodeSyncTask", "E", f"ADMS0005E: The system is unable to generate synchronization request: {error}"
            )
            return False
        finally:
            manager.close()
        return True


def is_synchronised(server: Runtime) -> bool:
    """Whether the node has what the deployment manager offers."""
    try:
        manager = manager_of(server)
    except (NotReachable, NotAuthorized):
        return False
    try:
        return bool(ask(manager, "epoch") == server.epoch)
    except (NotReachable, ScriptingError):
        return False
    finally:
        manager.close()


def run(server: Runtime) -> None:
    """Synchronise at once and then, when the node agent's configuration says so, in its interval, until the server
    stops."""
    enabled, minutes = _settings(server)
    if not enabled:
        return
    while True:
        synchronise(server)
        if server.stopping.wait(minutes * _MINUTE_S):
            return


def _settings(server: Runtime) -> tuple[bool, int]:
    document = server_index.server_document(server.config, server.cell, server.node, server.name)
    service = next(ET.parse(document).getroot().iter("fileSynchronizationService"), None)
    given = {} if service is None else service.attrib
    wanted = given.get("enable", "true") == "true" and given.get("autoSynchEnabled", "true") == "true"
    return wanted, int(given.get("synchInterval", "1"))
