"""Data sources: a process connects with what its own copy of the configuration says."""

from __future__ import annotations

import json
import re
import ssl
from collections.abc import Mapping

from lab.products.db2 import client
from lab.products.was.errors import NotAuthorized, NotReachable, ScriptingError
from lab.products.was.model.element import Element
from lab.products.was.model.workspace import Workspace
from lab.products.was.servers import clusters
from lab.products.was.servers.runtime import Runtime
from lab.products.was.xor import decode

SUCCESS = "WASX7217I: Connection to provided datasource was successful."
_DRIVERS = {"com.ibm.db2.jcc.DB2XADataSource", "com.ibm.db2.jcc.DB2ConnectionPoolDataSource"}
_LIBRARIES = ("db2jcc.jar", "db2jcc_license_cu.jar")
_VARIABLE = re.compile(r"\$\{([^}]*)\}")


def test(server: Runtime, config_id: str) -> str:
    """Test from the process that the scope of the data source asks for: node agents for nodes, servers and clusters,
    this one for the cell. Raises `ScriptingError`."""
    node = _node_of(server, config_id)
    if node is None or node == server.node:
        return test_here(server, config_id)
    try:
        agent = server.agent(node)
    except (NotReachable, NotAuthorized, KeyError, FileNotFoundError):
        raise ScriptingError(
            f"DSRA8201W: DataSource Configuration: the node agent of node {node} cannot be reached, so the connection "
            "cannot be tested there."
        ) from None
    try:
        return str(json.loads(str(agent.call("Server", "test_datasource", [config_id]).value)))
    finally:
        agent.close()


def _node_of(server: Runtime, config_id: str) -> str | None:
    found = re.search(r"\(cells/[^/|]+/nodes/([^/|]+)", config_id)
    if found:
        return found[1]
    found = re.search(r"\(cells/[^/|]+/clusters/([^/|]+)", config_id)
    for cluster in clusters.all_of(server) if found else ():
        if found and cluster.name == found[1] and cluster.members:
            return cluster.members[0][0]
    return None


def test_here(server: Runtime, config_id: str) -> str:
    """Test from this process. Raises `ScriptingError`."""
    workspace = Workspace(server.config)
    source = workspace.find(config_id)
    if source.type != "DataSource":
        raise ScriptingError(f"WASX7216E: {config_id} is no data source.")
    connect(server, workspace, source).close()
    return SUCCESS


def connect(server: Runtime, workspace: Workspace, source: Element) -> client.Connection:
    """A connection of a data source. Raises `ScriptingError`."""
    provider = source.parent
    assert provider is not None
    _load_driver(server, provider, _variables(server, workspace, source.document.path))
    wanted = _properties(source)
    user, password = _login(workspace, source)
    try:
        return client.connect(
            server.host, wanted.get("serverName", ""), _port(wanted), wanted.get("databaseName", ""), user, password,
            _context(server) if wanted.get("sslConnection") == "true" else None,
        )  # fmt: skip
    except client.DatabaseError as error:
        raise _failed(f"java.sql.SQLException: {error}{_state(str(error))}") from None


def schema(workspace: Workspace, source: Element) -> str:
    """The schema of tables that a statement names without one: the property of the data source, else the user's."""
    return _properties(source).get("currentSchema") or _login(workspace, source)[0].upper()


def _failed(reason: str) -> ScriptingError:
    return ScriptingError(f"DSRA8040I: Failed to connect to the DataSource.  Encountered {reason}")


def _state(text: str) -> str:
    """What WAS adds to a message of DB2."""
    code = re.match(r"SQL0*(\d+)[CN]", text)
    state = re.search(r"SQLSTATE=(\w{5})", text)
    return f" DSRA0010E: SQL State = {state[1]}, Error Code = -{int(code[1]):,}" if code and state else ""


def _properties(source: Element) -> dict[str, str]:
    return {
        each.get("name") or "": each.get("value") or ""
        for group in source.children.get("propertySet", ())
        for each in group.children.get("resourceProperties", ())
    }


def _port(properties: Mapping[str, str]) -> int:
    text = properties.get("portNumber", "") or "50000"
    if not text.isdigit():
        raise _failed(f'java.lang.NumberFormatException: For input string: "{text}"')
    if properties.get("driverType") != "4":
        raise _failed("java.sql.SQLException: [ibm][db2][jcc] the native library db2jcct2 cannot be loaded")
    return int(text)


def _context(server: Runtime) -> ssl.SSLContext:
    """The driver takes the sockets of the process: who is in its trust store counts, and no name. Raises
    `ScriptingError`."""
    from lab.products.was.keys.stores import signers_pem  # noqa: PLC0415 - cryptography takes long to import

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.set_ciphers("DEFAULT@SECLEVEL=0")
    context.check_hostname = False
    # To Java whatever is in a trust store is the end of a chain.
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    try:
        signers = signers_pem(server.profile)
        if signers:
            context.load_verify_locations(cadata=signers)
    except (OSError, ValueError) as error:
        raise _failed(f"javax.net.ssl.SSLException: {error}") from None
    return context


def _login(workspace: Workspace, source: Element) -> tuple[str, str]:
    alias = source.get("authDataAlias") or ""
    for entry in workspace.list("JAASAuthData"):
        if entry.get("alias") == alias:
            return entry.get("userId") or "", decode(entry.get("password") or "")
    if alias:
        raise _failed(f"javax.resource.ResourceException: the authentication alias {alias} is not defined")
    return "", ""


def _variables(server: Runtime, workspace: Workspace, path: str) -> dict[str, str]:
    """The variables as the testing process has them: of the cell, its node, and the cluster or server of the scope."""
    cell = f"cells/{server.cell}"
    found: dict[str, str] = {}
    for place in (cell, f"{cell}/nodes/{server.node}", path.rpartition("/")[0]):
        if not workspace.exists(f"{place}/variables.xml"):
            continue
        for entry in workspace.document(f"{place}/variables.xml").walk():
            if entry.type == "VariableSubstitutionEntry":
                found[entry.get("symbolicName") or ""] = entry.get("value") or ""
    return found


def _load_driver(server: Runtime, provider: Element, variables: Mapping[str, str]) -> None:
    """What Java does: every class must be in a file of the class path. Raises `ScriptingError`."""
    name = provider.get("implementationClassName") or ""
    paths = [_expanded(each, variables) for each in (provider.get("classpath") or "").split(";")]
    missing = [each for each in _LIBRARIES if not any(_holds(server, path, each) for path in paths)]
    if name not in _DRIVERS or missing:
        raise _failed(
            "java.lang.ClassNotFoundException: DSRA8000E: Java archive (JAR) or compressed files do not exist in the "
            f"path or the required access is not allowed. Path: {';'.join(paths)} Class: {name}"
        )


def _expanded(text: str, variables: Mapping[str, str]) -> str:
    for _ in range(8):
        text = _VARIABLE.sub(lambda found: variables.get(found[1], ""), text)
    return text


def _holds(server: Runtime, path: str, library: str) -> bool:
    return re.split(r"[\\/]", path)[-1] == library and server.host.path(path).is_file()
