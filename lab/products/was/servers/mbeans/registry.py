"""All beans that a process can reach: its own, and those of the servers it is in charge of.

The deployment manager asks the node agents, a node agent the running servers of its node: a node whose agent is down is
not seen, whatever runs there.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import suppress

from lab.products.was.connector import Connection
from lab.products.was.errors import NotAuthorized, NotReachable, ScriptingError
from lab.products.was.servers import running, server_index
from lab.products.was.servers.mbeans import names
from lab.products.was.servers.mbeans.bean import Bean, Value
from lab.products.was.servers.runtime import Runtime


def _own(server: Runtime) -> Iterator[Bean]:
    from lab.products.was.servers.mbeans import applications, cell, node, process  # noqa: PLC0415 - they use this module

    yield from process.beans(server)
    yield from applications.beans(server)
    yield from {"DeploymentManager": cell.beans, "NodeAgent": node.beans}.get(server.process.kind, lambda _: [])(server)


def _subordinates(server: Runtime) -> Iterator[Connection]:
    """Connections to the processes that this one is in charge of and that answer."""
    for node, name in _in_charge_of(server):
        try:
            connection = server.connect(node, name)
        except (NotReachable, NotAuthorized, KeyError, FileNotFoundError):
            continue
        try:
            yield connection
        finally:
            connection.close()


def _in_charge_of(server: Runtime) -> Iterator[tuple[str, str]]:
    if server.process.kind == "NodeAgent":
        yield from ((server.node, name) for name in running.servers(server.host, server.profile) if name != server.name)
    if server.process.kind == "DeploymentManager":
        for node in server_index.nodes(server.config, server.cell):
            agent = server.index(node).of_type("NODE_AGENT")
            if agent:
                yield node, agent.name


def query(server: Runtime, pattern: str) -> list[str]:
    """The names that match. Raises `ScriptingError`."""
    wanted = names.parse(pattern)[1]
    found = [names.text(bean.properties) for bean in _own(server) if names.matches(pattern, bean.properties)]
    for connection in _subordinates(server):
        process = connection.process
        # A bean of that node or process can only be there; an agent answers for the servers of its node, too.
        if wanted.get("node", process.node) != process.node:
            continue
        if process.kind != "NodeAgent" and wanted.get("process", process.name) != process.name:
            continue
        # A process that goes away between its hello and its answer has no beans any more.
        with suppress(NotReachable):
            found += json.loads(str(connection.call("Server", "query", [pattern]).value))
    return found


def tell_subordinates(server: Runtime, method: str) -> None:
    """Have every process that this one is in charge of do what the request `method` says. One that goes away meanwhile
    is let go."""
    for connection in _subordinates(server):
        with suppress(NotReachable):
            connection.call("Server", method, [])


def get(server: Runtime, name: str, attribute: str) -> Value:
    """An attribute's value. Raises `ScriptingError`."""
    bean = _find(server, name)
    return bean.get(attribute) if isinstance(bean, Bean) else _there(bean, "get", name, attribute)


def set_value(server: Runtime, name: str, attribute: str, value: str) -> None:
    """Raises `ScriptingError`."""
    bean = _find(server, name)
    if isinstance(bean, Bean):
        bean.set(attribute, value)
    else:
        _there(bean, "set", name, attribute, value)


def invoke(server: Runtime, name: str, operation: str, arguments: Sequence[str]) -> Value:
    """Run an operation. Raises `ScriptingError`."""
    bean = _find(server, name)
    if isinstance(bean, Bean):
        return bean.invoke(operation, arguments)
    return _there(bean, "invoke", name, operation, json.dumps(arguments))


def describe(server: Runtime, name: str) -> dict[str, list[list[str]]]:
    """`attributes`: [name, access] each; `operations`: [name, number of parameters] each. Raises `ScriptingError`."""
    bean = _find(server, name)
    if not isinstance(bean, Bean):
        described: dict[str, list[list[str]]] = json.loads(str(_reply(bean, "describe", name)))
        return described
    return {
        "attributes": [[each, "RW" if each in bean.setters else "RO"] for each in sorted(bean.attributes)],
        "operations": [[each, str(count)] for each, count in sorted(bean.operations)],
    }


def _find(server: Runtime, name: str) -> Bean | Connection:
    _, wanted, _ = names.parse(name)
    if (wanted.get("node"), wanted.get("process")) == (server.node, server.name):
        for bean in _own(server):
            if bean.properties == wanted:
                return bean
    elif server.process.kind in ("DeploymentManager", "NodeAgent"):
        node, process = wanted.get("node", ""), wanted.get("process", "")
        try:
            own_node = server.process.kind == "NodeAgent" and node == server.node
            return server.connect(node, process) if own_node else server.agent(node)
        except (NotReachable, NotAuthorized, KeyError, FileNotFoundError):
            pass
    raise ScriptingError(f"javax.management.InstanceNotFoundException: {name}")


def _there(connection: Connection, method: str, *arguments: str) -> Value:
    value: Value = json.loads(str(_reply(connection, method, *arguments)))
    return value


def _reply(connection: Connection, method: str, *arguments: str) -> object:
    try:
        return connection.call("Server", method, arguments).value
    except NotReachable as error:
        raise ScriptingError(f"com.ibm.websphere.management.exception.ConnectorException: {error}") from None
    finally:
        connection.close()
