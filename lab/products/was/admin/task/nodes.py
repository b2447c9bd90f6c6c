"""Commands for nodes and what is known of them: groups UnmanagedNodeCommands, ManagedObjectMetadata."""

from __future__ import annotations

from lab.products.was.admin.task import places
from lab.products.was.admin.task.commands import Call, command
from lab.products.was.documents import end_points, nodes, outline, servers
from lab.products.was.errors import ScriptingError
from lab.products.was.model.workspace import Workspace

NODES = "UnmanagedNodeCommands"
METADATA = "ManagedObjectMetadata"
_PREFIX = "com.ibm.websphere."
_SYSTEMS = "nodeOperatingSystem*=aix|hpux|linux|os390|os400|solaris|windows"


@command("listNodes", "NodeGroupCommands", "list all the nodes in the cell or on a specified nodeGroup", "nodeGroup")
def _list_nodes(call: Call) -> str:
    if not call.get("nodeGroup"):
        return call.lines(places.nodes(call.workspace))
    path = f"cells/{call.workspace.cell}/nodegroups/{call['nodeGroup']}/nodegroup.xml"
    if not call.workspace.exists(path):
        raise ScriptingError(f"ADMG0304E: Node group {call['nodeGroup']} does not exist.")
    members = call.workspace.document(path).roots[0].children.get("members", ())
    return call.lines(each.get("nodeName") or "" for each in members)


@command("listManagedNodes", NODES, "Use this command to list all managed nodes in the cell.")
def _list_managed_nodes(call: Call) -> str:
    return call.lines(each for each in places.nodes(call.workspace) if places.is_managed(call.workspace, each))


@command("listUnmanagedNodes", NODES, "Use this command to list all unmanaged nodes in the cell.")
def _list_unmanaged_nodes(call: Call) -> str:
    return call.lines(each for each in places.nodes(call.workspace) if not places.is_managed(call.workspace, each))


@command("changeHostName", NODES, "Change the host name of a node", "hostName* nodeName* systemName "
         "regenDefaultCert:Boolean")  # fmt: skip
def _change_host_name(call: Call) -> str:
    if places.node(call.workspace, call["nodeName"]) is None:
        raise ScriptingError(f"ADMG0302E: Node {call['nodeName']} does not exist.")
    index = places.root(call.workspace, f"nodes/{call['nodeName']}/serverindex.xml")
    before = index.get("hostName")
    for each in index.walk():
        if each.type == "EndPoint" and each.get("host") == before:
            call.workspace.modify(each, {"host": call["hostName"]})
    call.workspace.modify(index, {"hostName": call["hostName"]})
    return ""


@command(
    "createUnmanagedNode", NODES, "Use this command to create an unmanaged node in a cell.",
    f"nodeName* hostName* {_SYSTEMS}",
)  # fmt: skip
def _create_unmanaged_node(call: Call) -> str:
    workspace, name = call.workspace, call["nodeName"]
    if places.node(workspace, name) is not None:
        raise ScriptingError(f"ADMG0301E: Node {name} already exists.")
    home = servers.folder(workspace, name)
    workspace.add(outline.document("node/node", f"{home}/node.xml", node=name))
    workspace.add(end_points.index(call["hostName"], "", "", {}, f"{home}/serverindex.xml"))
    text = f"{_PREFIX}nodeOperatingSystem={call['nodeOperatingSystem']}\n"
    workspace.add_text(f"{home}/node-metadata.properties", text)
    group = places.root(workspace, "nodegroups/DefaultNodeGroup/nodegroup.xml")
    workspace.create("NodeGroupMember", group, {"nodeName": name}, "members")
    return ""


@command("removeUnmanagedNode", NODES, "Use this command to remove an unmanaged node from a cell.", "nodeName*")
def _remove_unmanaged_node(call: Call) -> str:
    node = places.node(call.workspace, call["nodeName"])
    if node is None or places.is_managed(call.workspace, call["nodeName"]):
        raise ScriptingError(f"ADMG0302E: Node {call['nodeName']} is not an unmanaged node.")
    nodes.leave(call.workspace, call["nodeName"])
    call.workspace.remove(node)
    return ""


def _metadata(workspace: Workspace, name: str) -> dict[str, str]:
    path = f"{servers.folder(workspace, name)}/node-metadata.properties"
    if not name or not workspace.exists(path):
        raise ScriptingError(f"ADMG0258E: Node {name} is not a valid node.")
    lines = workspace.content(path).decode("utf-8").splitlines()
    pairs = (line.partition("=") for line in lines if "=" in line and not line.startswith("#"))
    return {name: value.replace("\\:", ":") for name, _, value in pairs}


def _version(call: Call) -> str:
    return _metadata(call.workspace, call["nodeName"]).get(f"{_PREFIX}baseProductVersion", "")


@command(
    "getNodeBaseProductVersion", METADATA,
    'Returns the version of the WebSphere Application Server for a node, for example, "6.0.0.0".', "nodeName*",
)  # fmt: skip
def _get_node_base_product_version(call: Call) -> str:
    return _version(call)


@command("getNodeMajorVersion", METADATA, 'Returns the major version for a node, for example, "6".', "nodeName*")
def _get_node_major_version(call: Call) -> str:
    return _version(call).partition(".")[0]


@command("getNodeMinorVersion", METADATA, 'Returns the minor version for a node, for example, "0.0.0".', "nodeName*")
def _get_node_minor_version(call: Call) -> str:
    return _version(call).partition(".")[2]


@command(
    "getNodePlatformOS", METADATA, 'Returns the operating system platform for a node, for example, "aix".', "nodeName*"
)
def _get_node_platform_os(call: Call) -> str:
    return _metadata(call.workspace, call["nodeName"]).get(f"{_PREFIX}nodeOperatingSystem", "")


@command("isNodeZOS", METADATA, "Determines whether or not a given node is a z/OS node.", "nodeName*")
def _is_node_zos(call: Call) -> str:
    return str(_get_node_platform_os(call) == "os390").lower()


@command("getMetadataProperties", METADATA, "Get all metadata for the specified node.", "nodeName*")
def _get_metadata_properties(call: Call) -> str:
    values = _metadata(call.workspace, call["nodeName"])
    return "[" + " ".join(f"[{name} {value}]" for name, value in sorted(values.items())) + "]"


@command("getMetadataProperty", METADATA, "Get the specified metadata for a node.", "nodeName* propertyName*")
def _get_metadata_property(call: Call) -> str:
    values = _metadata(call.workspace, call["nodeName"])
    if call["propertyName"] not in values:
        raise ScriptingError(f"ADMG0305E: Property {call['propertyName']} is not found for node {call['nodeName']}.")
    return values[call["propertyName"]]


@command(
    "compareNodeVersion", METADATA,
    "Compares the version of a given node with the specified version: negative, 0 or positive.", "nodeName* version*",
)  # fmt: skip
def _compare_node_version(call: Call) -> str:
    wanted = [int(each) for each in call["version"].split(".") if each.isdigit()]
    own = [int(each) for each in _version(call).split(".")][: len(wanted)]
    return str((own > wanted) - (own < wanted))
