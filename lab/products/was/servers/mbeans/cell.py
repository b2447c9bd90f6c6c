"""Beans of a deployment manager: DeploymentManager, CellSync, ConfigService, ClusterMgr, and a Cluster for each."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

from lab.products.was.errors import NotAuthorized, NotReachable, ScriptingError
from lab.products.was.servers import clusters, server_index
from lab.products.was.servers.mbeans import names
from lab.products.was.servers.mbeans.bean import Bean, Value, named
from lab.products.was.servers.runtime import Runtime


def beans(server: Runtime) -> Iterator[Bean]:
    """The beans."""
    yield Bean(
        named(server, "DeploymentManager"),
        operations={
            ("syncActiveNodes", 1): lambda _: _sync_active_nodes(server),
            ("multiSync", 1): lambda _: _sync_active_nodes(server),
        },
    )
    yield Bean(named(server, "ConfigService"))
    yield Bean(
        named(server, "CellSync", "cellSync"),
        operations={
            ("syncNode", 1): lambda given: _node_sync(server, given[0], "sync"),
            ("isNodeSynchronized", 1): lambda given: _node_sync(server, given[0], "isNodeSynchronized"),
        },
    )
    yield Bean(
        named(server, "ClusterMgr"),
        operations={
            ("retrieveClusters", 0): lambda _: "\n".join(
                names.text(_cluster(server, cluster).properties) for cluster in clusters.all_of(server)
            ),
        },
    )
    yield from (_cluster(server, cluster) for cluster in clusters.all_of(server))


def _cluster(server: Runtime, cluster: clusters.Cluster) -> Bean:
    identifier = f"cells/{server.cell}/clusters/{cluster.name}/cluster.xml#{cluster.id}"
    return Bean(
        named(server, "Cluster", cluster.name, identifier=identifier),
        attributes={
            "clusterName": lambda: cluster.name,
            "state": lambda: clusters.state(server, cluster),
        },
        operations={
            ("start", 0): lambda _: clusters.start(server, cluster),
            ("stop", 0): lambda _: clusters.stop(server, cluster),
            ("stopImmediate", 0): lambda _: clusters.stop(server, cluster),
            ("rippleStart", 0): lambda _: clusters.ripple_start(server, cluster),
        },
    )


def _sync_active_nodes(server: Runtime) -> Value:
    """Synchronise the nodes whose agents answer; their names."""
    done = []
    for node in server_index.nodes(server.config, server.cell):
        if server.index(node).of_type("NODE_AGENT") is None:
            continue
        with suppress(ScriptingError):
            _node_sync(server, node, "sync")
            done.append(node)
    return "\n".join(done)


def _node_sync(server: Runtime, node: str, operation: str) -> Value:
    try:
        agent = server.agent(node)
    except (NotReachable, NotAuthorized, KeyError, FileNotFoundError):
        raise ScriptingError(
            f"javax.management.MBeanException: ADMS0018E: The node {node} has no node agent that answers."
        ) from None
    try:
        return str(agent.call("Server", "node_sync", [operation]).value).strip('"')
    finally:
        agent.close()
