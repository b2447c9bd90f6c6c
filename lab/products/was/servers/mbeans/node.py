"""Beans of a node agent: NodeAgent, NodeSync."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, suppress

from lab.products.was.errors import NotReachable, ScriptingError
from lab.products.was.servers import launch, running, synchronisation
from lab.products.was.servers.mbeans import process, registry
from lab.products.was.servers.mbeans.bean import Bean, Value, named
from lab.products.was.servers.runtime import Runtime

PATIENCE_S = 120.0


def beans(server: Runtime) -> Iterator[Bean]:
    """The beans."""
    yield Bean(
        named(server, "NodeAgent"),
        attributes={"nodeName": lambda: server.node},
        operations={
            ("launchProcess", 1): lambda given: _word(launch_server(server, given[0], PATIENCE_S)),
            ("launchProcess", 2): lambda given: _word(launch_server(server, given[0], float(given[1]))),
            ("restart", 2): lambda given: _restart(server, given[0], given[1]),
            ("stopNode", 0): lambda _: _stop_node(server),
        },
    )
    yield Bean(
        named(server, "NodeSync", "nodeSync"),
        attributes={"syncEnabled": lambda: "true"},
        operations={
            ("sync", 0): lambda _: node_sync(server, "sync"),
            ("isNodeSynchronized", 0): lambda _: node_sync(server, "isNodeSynchronized"),
        },
    )


def _word(value: bool) -> str:
    return "true" if value else "false"


def node_sync(server: Runtime, operation: str) -> str:
    """`sync` or `isNodeSynchronized`: `true` or `false`."""
    return _word(
        synchronisation.synchronise(server) if operation == "sync" else synchronisation.is_synchronised(server)
    )


def launch_server(server: Runtime, name: str, within_s: float) -> bool:
    """Start a server of the node, and whether it runs then. Raises `ScriptingError`."""
    if name not in server.index().servers:
        raise ScriptingError(
            "javax.management.MBeanException: com.ibm.websphere.management.exception.AdminException: there is no "
            f"server {name} on node {server.node}"
        )
    if running.pid(server.host, server.profile, name) is not None:
        return True
    return launch.launch(server.installation, server.profile, name, within_s=within_s).state == "open"


def stop_server(server: Runtime, name: str) -> bool:
    """Stop a server of the node, and whether it has ended then."""
    pid = running.pid(server.host, server.profile, name)
    if pid is None:
        return True
    # It may be about to end already: then it says nothing, and there is only its end to wait for.
    with suppress(NotReachable), closing(server.connect(server.node, name)) as connection:
        connection.call("Server", "stop", [])
    return launch.wait_until_gone(server.host, pid, PATIENCE_S)


def _restart(server: Runtime, sync_first: str, restart_servers: str) -> Value:
    if sync_first == "true":
        synchronisation.synchronise(server)
    if restart_servers == "true":
        registry.tell_subordinates(server, "restart")
    process.restart(server)
    return "true"


def _stop_node(server: Runtime) -> Value:
    registry.tell_subordinates(server, "stop")
    return process.stop(server)
