"""Commands that create, list and delete servers: group ServerManagement."""

from __future__ import annotations

from lab.products.was.admin.task import places
from lab.products.was.admin.task.commands import Call, command, invalid, step
from lab.products.was.documents import end_points, servers, templates
from lab.products.was.errors import ScriptingError
from lab.products.was.model.element import Element
from lab.products.was.model.workspace import Workspace

GROUP = "ServerManagement"
_CORE_GROUP = step("ConfigCoreGroup", "coregroupName", "Configures the core group of the new server.")
CREATE = (
    "name* templateName genUniquePorts:Boolean templateLocation clusterName specificShortName genericShortName bitmode"
)
# Characters that no server's name may have.
_FORBIDDEN = frozenset("/\\*,:;=+?|<>&%'\"[]#$^{}")


@command("createApplicationServer", GROUP, "Command that creates a server", CREATE, target="node", steps=[_CORE_GROUP])
def _create_application_server(call: Call) -> str:
    return create(call, end_points.APPLICATION_SERVER, call.get("templateName") or "default")


@command(
    "createProxyServer", GROUP, "Command that creates a Proxy Server", CREATE, target="node",
    steps=[_CORE_GROUP, step("selectProtocols", "list", "Selects the protocols that the proxy server supports.")],
)  # fmt: skip
def _create_proxy_server(call: Call) -> str:
    protocols = {word.strip().upper() for word in call.step("selectProtocols").get("list", "").split(",")} - {""}
    by_protocols = {
        frozenset({"SIP"}): "sip_proxy_server",
        frozenset({"HTTP", "SIP"}): "http_sip_proxy_server",
        frozenset({"HTTP"}): "proxy_server",
        frozenset(): "proxy_server",
    }
    if frozenset(protocols) not in by_protocols:
        raise invalid(",".join(sorted(protocols)), "list", "selectProtocols")
    return create(call, end_points.PROXY_SERVER, call.get("templateName") or by_protocols[frozenset(protocols)])


@command(
    "createGenericServer", GROUP, "creates a new generic server", CREATE, target="node",
    steps=[
        step(
            "ConfigProcDef",
            "startCommand startCommandArgs executableTargetKind executableTarget workingDirectory stopCommand "
            "stopCommandArgs",
            "Configures the process definition of the new server.",
        )
    ],
)  # fmt: skip
def _create_generic_server(call: Call) -> str:
    made = create(call, end_points.GENERIC_SERVER, call.get("templateName") or "generic_server")
    call.workspace.modify(places.component(call.workspace.find(made), "JavaProcessDef"), call.step("ConfigProcDef"))
    return made


def create(call: Call, server_type: str, template: str) -> str:
    """Make a server of a template on the node that is the target; its id."""
    # Without a node the command takes the first one, which can hold no servers when it is the deployment manager's.
    node = call.target or places.deployment_manager_node(call.workspace) or places.nodes(call.workspace)[0]
    if places.node(call.workspace, node) is None or node == places.deployment_manager_node(call.workspace):
        raise ScriptingError(f"ADMG0250E: Node {node} is not a valid node.")
    name = call["name"]
    if set(name) & _FORBIDDEN or name != name.strip() or name.startswith("."):
        raise ScriptingError(f"ADMG0249E: The server name {name} is invalid.")
    if places.server(call.workspace, node, name) is not None:
        raise ScriptingError(f"ADMG0248E: {name} exists within node {node}.")
    folder = servers.template_folder(server_type, template)
    if not call.workspace.exists(f"{folder}/server.xml"):
        raise ScriptingError(
            f"ADMG0253E: Matching template {template} could not be found or is not valid for this server."
        )
    group = call.step("ConfigCoreGroup").get("coregroupName", "")
    if group:
        core_group(call.workspace, group)
    unique = call.get("genUniquePorts", "true").lower() == "true"
    created = servers.new_server(call.workspace, node, name, folder, unique_ports=unique)
    if group:
        move_to_core_group(call.workspace, node, name, group)
    return call.id(created)


def core_group(workspace: Workspace, name: str) -> Element:
    """A core group. Raises `ScriptingError` when there is none of that name."""
    path = f"cells/{workspace.cell}/coregroups/{name}/coregroup.xml"
    if not workspace.exists(path):
        raise ScriptingError(f"ADMG8253E: Core group {name} does not exist.")
    return workspace.document(path).roots[0]


def move_to_core_group(workspace: Workspace, node: str, name: str, group: str) -> None:
    """Make a server a member of that core group only. Raises `ScriptingError` without such a group."""
    member_of = core_group(workspace, group)
    before = places.core_group_member(workspace, node, name)
    if before is not None:
        workspace.remove(before)
    workspace.create("CoreGroupServer", member_of, {"nodeName": node, "serverName": name}, "coreGroupServers")
    service = workspace.document(f"{servers.folder(workspace, node, name)}/hamanagerservice.xml").roots[0]
    workspace.modify(service, {"coreGroupName": group})


def found(call: Call) -> tuple[str, Element]:
    """The server that `-serverName` and `-nodeName` name, with its node; a name that is unique needs no node."""
    node, name = call.get("nodeName"), call["serverName"]
    if not node:
        holders = [where for where, each in places.entries(call.workspace) if each.get("serverName") == name]
        if len(holders) > 1:
            raise ScriptingError(f"ADMG0245E: More than one server is named {name}; specify the node name.")
        node = holders[0] if holders else places.deployment_manager_node(call.workspace)
    elif places.node(call.workspace, node) is None:
        raise ScriptingError(f"ADMG0258E: Node {node} is not a valid node.")
    server = places.server(call.workspace, node, name)
    if server is None:
        raise ScriptingError(f"ADMG0256E: {name} does not exist within node {node}.")
    return node, server


@command("deleteServer", GROUP, "Delete a server configuration", "serverName* nodeName*")
def _delete_server(call: Call) -> str:
    node, server = found(call)
    if places.server_type(call.workspace, node, call["serverName"]) in {
        end_points.DEPLOYMENT_MANAGER,
        end_points.NODE_AGENT,
    }:
        raise ScriptingError(f"ADMG0257E: Server {call['serverName']} on node {node} cannot be deleted.")
    call.workspace.remove(server)
    return ""


@command("listServers", GROUP, "list servers of specified server type and node name", "serverType nodeName")
def _list_servers(call: Call) -> str:
    if call.get("nodeName") and places.node(call.workspace, call["nodeName"]) is None:
        raise ScriptingError(f"ADMG0258E: Node {call['nodeName']} is not a valid node.")
    wanted = call.get("serverType")
    return call.lines(
        server
        for node, entry in places.entries(call.workspace)
        if (not wanted or entry.get("serverType") == wanted) and call.get("nodeName") in ("", node)
        for server in [places.server(call.workspace, node, entry.get("serverName") or "")]
        if server is not None
    )


@command("getServerType", GROUP, "returns the server type of the specified server.", "serverName* nodeName")
def _get_server_type(call: Call) -> str:
    node, _ = found(call)
    return places.server_type(call.workspace, node, call["serverName"])


@command("showServerInfo", GROUP, "show detailed information of a specified server.", target="server*")
def _show_server_info(call: Call) -> str:
    server = call.workspace.find(call.target)
    _, cell, _, node, _, name, _ = server.document.path.split("/")
    info = {
        "cell": cell,
        "node": node,
        "server": name,
        "serverType": places.server_type(call.workspace, node, name),
        "product": "ND",
    }
    return call.lines(f"[{key} {value}]" for key, value in info.items())


@command("listServerTypes", GROUP, "Lists the available serverTypes that have a template.", target="node")
def _list_server_types(call: Call) -> str:
    return call.lines(sorted(templates.TYPES))


@command("showServerTypeInfo", GROUP, "Show server type information.", target="serverType*")
def _show_server_type_info(call: Call) -> str:
    if call.target not in templates.TYPES:
        raise invalid(call.target, "serverType", "showServerTypeInfo")
    create_command = templates.CREATE[call.target]
    info = {
        "createCommand": create_command,
        "createTemplateCommand": f"{create_command}Template",
        "defaultTemplateName": templates.TYPES[call.target][0],
        "version": "6.0",
    }
    return call.lines(f"[{key} {value}]" for key, value in info.items())
