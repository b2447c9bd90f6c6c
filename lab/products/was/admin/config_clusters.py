"""AdminConfig's commands that make clusters of servers."""

from __future__ import annotations

from lab.products.was.admin import Argument
from lab.products.was.admin.attribute_lists import Value, pairs
from lab.products.was.admin.config_change import change
from lab.products.was.admin.config_command import Command, Context, text
from lab.products.was.documents import clusters, servers
from lab.products.was.errors import ScriptingError
from lab.products.was.model import folders, messages


def _convert_to_cluster(context: Context, config_id: Argument, name: Argument) -> str:
    """The server becomes the first member of a new cluster."""
    workspace = context.workspace
    server = context.element(config_id, "convertToCluster", "server id")
    cluster_name = text(name, "cluster name", "convertToCluster").strip()
    if server.type != "Server" or folders.kind(server.document.path) != "servers":
        raise messages.invalid_parameter(str(config_id), "server id", "convertToCluster")
    if server.get("clusterName"):
        raise ScriptingError(f"ADMG9204E: Server {server.name} is a member of cluster {server.get('clusterName')}.")
    if any(each.name == cluster_name for each in workspace.list("ServerCluster")):
        raise ScriptingError(f"ADMG9200E: Cluster {cluster_name} already exists.")
    cell, node = workspace.list("Cell")[0], server.document.path.split("/")[3]
    cluster = workspace.create(
        "ServerCluster",
        cell,
        {"name": cluster_name, "serverType": "APPLICATION_SERVER", "preferLocal": "true", "enableHA": "false",
         "nodeGroupName": "DefaultNodeGroup"},
    )  # fmt: skip
    clusters.convert(workspace, cluster, node, server)
    return workspace.config_id(cluster)


def _create_cluster_member(
    context: Context, cluster_id: Argument, node_id: Argument, attributes: Argument, template_id: Argument = None
) -> str:
    """A new server on the node, made of the template or like the cluster's other members, with ports of its own."""
    workspace = context.workspace
    cluster = context.element(cluster_id, "createClusterMember", "cluster id")
    node = context.element(node_id, "createClusterMember", "node id")
    given: list[tuple[str, Value]] = pairs(attributes)
    name = dict(given).get("memberName")
    if not isinstance(name, str) or not name:
        raise messages.missing_attributes("ClusterMember", ["memberName"])
    if any(each.name == name for each in workspace.contained(node, "Server")):
        raise ScriptingError(f"ADMG9217E: Server {name} already exists on node {node.name}.")
    first = not cluster.children.get("members")
    if template_id:
        template = folders.folder(context.element(template_id, "createClusterMember", "template id").document.path)
    elif first:
        template = servers.template_folder("APPLICATION_SERVER", "default")
    else:
        template = clusters.member_template(cluster)
    server = servers.new_server(workspace, node.name, name, template, unique_ports=True)
    add = clusters.add_first if first else clusters.add
    member = add(workspace, cluster, node.name, server)
    change(context, member, [each for each in given if each[0] not in ("memberName", "nodeName")])
    return workspace.config_id(member)


COMMANDS = {
    "convertToCluster": Command(_convert_to_cluster, 2, ("server id", "cluster name"),
                                "Converts a server to be the first member of a new ServerCluster"),
    "createClusterMember": Command(_create_cluster_member, 3, ("cluster id", "node id", "attributes", "template id"),
                                   "Creates a new server that is a member of an existing cluster."),
}  # fmt: skip
