"""What a server does for other processes of the product: its beans, its repository, and nodes that come and go."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from lab.products.was.admin import Argument, Reply
from lab.products.was.errors import ScriptingError
from lab.products.was.servers import repository, running, server_index
from lab.products.was.servers.mbeans import node, process, registry
from lab.products.was.servers.runtime import Runtime


class ServerRequests:
    """The target `Server` of a connection. Arguments and values are JSON texts where they are more than one text."""

    def __init__(self, server: Runtime) -> None:
        self._methods: dict[str, Callable[..., Any]] = {
            "query": lambda pattern: registry.query(server, pattern),
            "describe": lambda name: registry.describe(server, name),
            "get": lambda name, attribute: registry.get(server, name, attribute),
            "set": lambda name, attribute, value: registry.set_value(server, name, attribute, value),
            "invoke": lambda name, operation, arguments: registry.invoke(
                server, name, operation, json.loads(arguments)
            ),
            "stop": lambda: process.stop(server),
            "restart": lambda: process.restart(server),
            "running": lambda: sorted(running.servers(server.host, server.profile)),
            "launch": lambda name, within_s: node.launch_server(server, name, float(within_s)),
            "stop_server": lambda name: node.stop_server(server, name),
            "node_sync": lambda operation: node.node_sync(server, operation),
            "test_datasource": lambda config_id: process.test_data_source(server, config_id),
            "time": server.host.now,
            "level": lambda: server.version,
            "epoch": lambda: server.epoch,
            "nodes": lambda: server_index.nodes(server.config, server.cell),
            "digests": lambda node: repository.digests(server.config, server.cell, node),
            "read": lambda paths: repository.read(server.config, json.loads(paths)),
            **_of_manager(server),
        }

    def call(self, method: str, arguments: Sequence[Argument]) -> Reply:
        """Raises `ScriptingError`."""
        if method not in self._methods:
            raise ScriptingError(f"java.lang.NoSuchMethodError: {method}")
        return Reply(json.dumps(self._methods[method](*arguments)))


def _of_manager(server: Runtime) -> Mapping[str, Callable[..., Any]]:
    if server.process.kind != "DeploymentManager":
        return {}
    from lab.products.was.servers import membership  # noqa: PLC0415 - needs the whole model of the repository

    return membership.methods(server)
