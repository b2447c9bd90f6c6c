"""Commands for node groups and core groups: groups NodeGroupCommands, CoreGroupManagement."""

from __future__ import annotations

import secrets

from lab.products.was.admin.task import places
from lab.products.was.admin.task.commands import Call, command
from lab.products.was.admin.task.servers import core_group, move_to_core_group
from lab.products.was.documents import outline
from lab.products.was.errors import ScriptingError
from lab.products.was.model.element import Element

NODES = "NodeGroupCommands"
CORES = "CoreGroupManagement"
_DEFAULT_NODES, _DEFAULT_CORE = "DefaultNodeGroup", "DefaultCoreGroup"


def _path(call: Call, kind: str, name: str) -> str:
    return f"cells/{call.workspace.cell}/{kind}s/{name}/{kind}.xml"


def _node_group(call: Call) -> Element:
    path = _path(call, "nodegroup", call.target)
    if not call.workspace.exists(path):
        raise ScriptingError(f"ADMG0304E: Node group {call.target} does not exist.")
    return call.workspace.document(path).roots[0]


@command("createNodeGroup", NODES, "create a node group", "shortName description", target="nodeGroupName*")
def _create_node_group(call: Call) -> str:
    if call.workspace.exists(_path(call, "nodegroup", call.target)):
        raise ScriptingError(f"ADMG0303E: Node group {call.target} already exists.")
    values = {"name": call.target, **{name: call[name] for name in ("shortName", "description") if call.get(name)}}
    return call.id(call.workspace.create("NodeGroup", places.root(call.workspace, "cell.xml"), values))


@command("listNodeGroups", NODES, "list node groups containing given node, or list all node groups if no target node "
         "is given", target="nodeName")  # fmt: skip
def _list_node_groups(call: Call) -> str:
    return call.lines(
        each.get("name") or ""
        for each in call.workspace.list("NodeGroup")
        if not call.target or call.target in {member.get("nodeName") for member in each.children.get("members", ())}
    )


@command("addNodeGroupMember", NODES, "add node to the node group", "nodeName*", target="nodeGroupName*")
def _add_node_group_member(call: Call) -> str:
    group = _node_group(call)
    if places.node(call.workspace, call["nodeName"]) is None:
        raise ScriptingError(f"ADMG0258E: Node {call['nodeName']} is not a valid node.")
    if call["nodeName"] in {each.get("nodeName") for each in group.children.get("members", ())}:
        raise ScriptingError(f"ADMG0306E: Node {call['nodeName']} is already a member of node group {call.target}.")
    return call.id(call.workspace.create("NodeGroupMember", group, {"nodeName": call["nodeName"]}, "members"))


@command("removeNodeGroupMember", NODES, "remove a member from the node group.", "nodeName*", target="nodeGroupName*")
def _remove_node_group_member(call: Call) -> str:
    members = _node_group(call).children.get("members", ())
    member = next((each for each in members if each.get("nodeName") == call["nodeName"]), None)
    if member is None or call.target == _DEFAULT_NODES:
        raise ScriptingError(f"ADMG0307E: Node {call['nodeName']} cannot be removed from node group {call.target}.")
    call.workspace.remove(member)
    return call["nodeName"]


@command("removeNodeGroup", NODES, "remove a node group from the configuration.", target="nodeGroupName*")
def _remove_node_group(call: Call) -> str:
    group = _node_group(call)
    if call.target == _DEFAULT_NODES or group.children.get("members"):
        raise ScriptingError(f"ADMG0308E: Node group {call.target} cannot be removed.")
    call.workspace.remove(group)
    return call.target


@command("getAllCoreGroupNames", CORES, "Get the names of all core groups")
def _get_all_core_group_names(call: Call) -> str:
    return call.lines(each.get("name") or "" for each in call.workspace.list("CoreGroup"))


@command("getDefaultCoreGroupName", CORES, "Get the name of the default core group")
def _get_default_core_group_name(_: Call) -> str:
    return _DEFAULT_CORE


@command("doesCoreGroupExist", CORES, "Check to see if a core group exists.", "coreGroupName*")
def _does_core_group_exist(call: Call) -> str:
    return str(call.workspace.exists(_path(call, "coregroup", call["coreGroupName"]))).lower()


@command("createCoreGroup", CORES, "Create a new core group", "coreGroupName*")
def _create_core_group(call: Call) -> str:
    path = _path(call, "coregroup", call["coreGroupName"])
    if call.workspace.exists(path):
        raise ScriptingError(f"ADMG8254E: Core group {call['coreGroupName']} already exists.")
    uid = f"{secrets.token_hex(4)}:{secrets.token_hex(6)}:-8000"
    call.workspace.add(outline.document("cell/coregroup", path, uid=uid))
    group = call.workspace.document(path).roots[0]
    call.workspace.modify(group, {"name": call["coreGroupName"], "description": ""})
    group.id = call.workspace.new_id("CoreGroup", group.document)
    return call.id(group)


@command("deleteCoreGroup", CORES, "Delete an existing core group.  The core group that you specify must not contain "
         "any members.", "coreGroupName*")  # fmt: skip
def _delete_core_group(call: Call) -> str:
    group = core_group(call.workspace, call["coreGroupName"])
    if call["coreGroupName"] == _DEFAULT_CORE or group.children.get("coreGroupServers"):
        raise ScriptingError(f"ADMG8255E: Core group {call['coreGroupName']} cannot be deleted.")
    call.workspace.remove(group)
    return ""


@command(
    "moveServerToCoreGroup", CORES, "Move a server from one core group to another.",
    "source* target* nodeName* serverName* checkConfig:Boolean",
)  # fmt: skip
def _move_server_to_core_group(call: Call) -> str:
    core_group(call.workspace, call["source"])
    core_group(call.workspace, call["target"])
    member = places.core_group_member(call.workspace, call["nodeName"], call["serverName"])
    if member is None or not member.document.path.endswith(f"/{call['source']}/coregroup.xml"):
        raise ScriptingError(
            f"ADMG8256E: Server {call['serverName']} on node {call['nodeName']} is not a member of core group "
            f"{call['source']}."
        )
    cluster = places.server(call.workspace, call["nodeName"], call["serverName"])
    if cluster is not None and cluster.get("clusterName"):
        raise ScriptingError(f"ADMG8257E: Server {call['serverName']} is a member of a cluster: move the cluster.")
    move_to_core_group(call.workspace, call["nodeName"], call["serverName"], call["target"])
    return ""


@command(
    "moveClusterToCoreGroup", CORES, "Move all servers in a cluster from one core group to another.",
    "source* target* clusterName* checkConfig:Boolean",
)  # fmt: skip
def _move_cluster_to_core_group(call: Call) -> str:
    core_group(call.workspace, call["source"])
    core_group(call.workspace, call["target"])
    cluster = places.cluster(call.workspace, call["clusterName"])
    if cluster is None:
        raise ScriptingError(f"ADMG9216E: Cannot find cluster {call['clusterName']}.")
    for member in cluster.children.get("members", ()):
        move_to_core_group(
            call.workspace, member.get("nodeName") or "", member.get("memberName") or "", call["target"]
        )  # fmt: skip
    return ""


@command("getCoreGroupNameForServer", CORES, "Get the name of the core group the server is a member of.",
         "nodeName* serverName*")  # fmt: skip
def _get_core_group_name_for_server(call: Call) -> str:
    member = places.core_group_member(call.workspace, call["nodeName"], call["serverName"])
    return member.document.path.split("/")[3] if member else ""
