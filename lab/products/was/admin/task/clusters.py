"""Commands for clusters: group ClusterConfigCommands."""

from __future__ import annotations

from collections.abc import Mapping

from lab.products.was.admin.task import places
from lab.products.was.admin.task.commands import Call, command, step
from lab.products.was.admin.task.servers import core_group, move_to_core_group
from lab.products.was.documents import clusters, end_points, servers
from lab.products.was.errors import ScriptingError
from lab.products.was.model.element import Element

GROUP = "ClusterConfigCommands"


@command(
    "createCluster", GROUP, "Creates a new application server cluster.",
    steps=[
        step(
            "clusterConfig",
            "clusterName* preferLocal:Boolean clusterType=APPLICATION_SERVER|PROXY_SERVER shortName",
            "The cluster to create.",
        ),
        step("replicationDomain", "createDomain:Boolean", "Creates a replication domain of the cluster's name."),
        step(
            "convertServer",
            "serverNode serverName memberWeight:Integer nodeGroup replicatorEntry:Boolean"
            " resourcesScope=cluster|server|both",
            "Makes an existing server the first member.",
        ),
    ],
)  # fmt: skip
def _create_cluster(call: Call) -> str:
    config = call.step("clusterConfig")
    name = config["clusterName"]
    if places.cluster(call.workspace, name) is not None:
        raise ScriptingError(f"ADMG9200E: Cluster {name} already exists.")
    convert = call.step("convertServer")
    first = _server_to_convert(call, convert) if convert else None
    cluster = call.workspace.create(
        "ServerCluster",
        places.root(call.workspace, "cell.xml"),
        {
            "name": name,
            "serverType": config.get("clusterType") or end_points.APPLICATION_SERVER,
            "preferLocal": config.get("preferLocal", "true").lower(),
            "nodeGroupName": convert.get("nodeGroup") or "DefaultNodeGroup",
            "enableHA": "false",
        },
    )
    if call.step("replicationDomain").get("createDomain", "").lower() == "true":
        _create_domain(call, name)
    if first is not None:
        where = convert.get("resourcesScope", "server")
        if where != "server":
            clusters.share_resources(
                call.workspace, cluster, convert["serverNode"], convert["serverName"], move=where == "cluster"
            )
        clusters.convert(call.workspace, cluster, convert["serverNode"], first, convert.get("memberWeight", "2"))
        _replicate(call, first, name, convert)
    return call.id(cluster)


def _server_to_convert(call: Call, convert: Mapping[str, str]) -> Element:
    node, name = convert.get("serverNode", ""), convert.get("serverName", "")
    server = places.server(call.workspace, node, name)
    if server is None or places.server_type(call.workspace, node, name) != end_points.APPLICATION_SERVER:
        raise ScriptingError(f"ADMG9202E: Cannot find server {name} on node {node}.")
    if server.get("clusterName"):
        raise ScriptingError(f"ADMG9203E: Server {name} on node {node} is already a member of a cluster.")
    return server


def _create_domain(call: Call, name: str) -> None:
    domain = call.workspace.create("DataReplicationDomain", places.root(call.workspace, "cell.xml"), {"name": name})
    call.workspace.create("DataReplication", domain, {"numberOfReplicas": "1"}, "defaultDataReplicationSettings")


def _replicate(call: Call, server: Element, domain: str, options: Mapping[str, str]) -> None:
    """Sessions of a member go to the cluster's replication domain when its replicator entry is wanted."""
    if options.get("replicatorEntry", "").lower() != "true":
        return
    manager = places.component(server, "SessionManager")
    call.workspace.create(
        "DRSSettings", manager, {"messageBrokerDomainName": domain, "dataReplicationMode": "BOTH"},
        "sessionDRSPersistence",
    )  # fmt: skip
    call.workspace.modify(manager, {"sessionPersistenceMode": "DATA_REPLICATION"})


@command(
    "createClusterMember", GROUP, "Creates a new member of an application server cluster.", "clusterName",
    target="clusterId",
    steps=[
        step(
            "memberConfig",
            "memberNode* memberName* memberWeight:Integer genUniquePorts:Boolean replicatorEntry:Boolean"
            " specificShortName memberUUID",
            "The member to create.",
        ),
        step(
            "firstMember",
            "templateName templateServerNode templateServerName nodeGroup coreGroup resourcesScope",
            "What the first member is made of.",
        ),
    ],
)  # fmt: skip
def _create_cluster_member(call: Call) -> str:
    cluster = _cluster(call)
    config, first = call.step("memberConfig"), call.step("firstMember")
    node, name = config["memberNode"], config["memberName"]
    members = cluster.children.get("members", [])
    if call.steps.get("firstMember") is not None and members:
        raise ScriptingError(
            "ADMG9222E: The firstMember command step and its parameters cannot be specified because one or more "
            "cluster members are already configured."
        )
    if places.node(call.workspace, node) is None or node == places.deployment_manager_node(call.workspace):
        raise ScriptingError(f"ADMG9218E: Cannot find node {node}.")
    if places.server(call.workspace, node, name) is not None:
        raise ScriptingError(f"ADMG9217E: Server {name} already exists on node {node}.")
    template = _template(call, cluster, first)
    if first.get("coreGroup"):
        core_group(call.workspace, first["coreGroup"])
    unique = config.get("genUniquePorts", "true").lower() == "true"
    server = servers.new_server(call.workspace, node, name, template, unique_ports=unique)
    if first.get("coreGroup"):
        move_to_core_group(call.workspace, node, name, first["coreGroup"])
    add = clusters.add if members else clusters.add_first
    member = add(call.workspace, cluster, node, server, config.get("memberWeight", "2"))
    _replicate(call, server, cluster.get("name") or "", config)
    return call.id(member)


def _cluster(call: Call) -> Element:
    if call.target:
        return call.workspace.find(call.target)
    cluster = places.cluster(call.workspace, call.get("clusterName"))
    if cluster is None:
        raise ScriptingError(f"ADMG9216E: Cannot find cluster {call.get('clusterName')}.")
    return cluster


def _template(call: Call, cluster: Element, first: Mapping[str, str]) -> str:
    """The folder of what a member is a copy of."""
    if first.get("templateServerName"):
        node, name = first.get("templateServerNode", ""), first["templateServerName"]
        if places.server(call.workspace, node, name) is None:
            raise ScriptingError(f"ADMG9202E: Cannot find server {name} on node {node}.")
        return servers.folder(call.workspace, node, name)
    if cluster.children.get("members"):
        return clusters.member_template(cluster)
    default = "proxy_server" if cluster.get("serverType") == end_points.PROXY_SERVER else "default"
    name = first.get("templateName", default)
    folder = servers.template_folder(cluster.get("serverType") or end_points.APPLICATION_SERVER, name)
    if not name or not call.workspace.exists(f"{folder}/server.xml"):
        raise ScriptingError(f"ADMG9223E: Cannot find server template {name}.")
    return folder


@command(
    "deleteClusterMember", GROUP, "Deletes a member from an application server cluster.",
    "clusterName memberNode memberName", target="memberId",
    steps=[step("replicatorEntry", "deleteEntry:Boolean", "Deletes the replicator entry of the member.")],
)  # fmt: skip
def _delete_cluster_member(call: Call) -> str:
    if call.target:
        member = call.workspace.find(call.target)
        node, name = member.get("nodeName") or "", member.get("memberName") or ""
    else:
        cluster = _cluster(call)
        node, name = call.get("memberNode"), call.get("memberName")
        known = {(each.get("nodeName"), each.get("memberName")) for each in cluster.children.get("members", ())}
        if (node, name) not in known:
            raise ScriptingError(f"ADMG9239E: Cannot find cluster member {name} on node {node}.")
    server = places.server(call.workspace, node, name)
    if server is not None:
        call.workspace.remove(server)
    return ""


@command(
    "deleteCluster", GROUP, "Delete the configuration of an application server cluster.", "clusterName",
    target="clusterId",
    steps=[step("replicationDomain", "deleteRepDomain:Boolean", "Deletes the replication domain of the cluster.")],
)  # fmt: skip
def _delete_cluster(call: Call) -> str:
    cluster = _cluster(call)
    name = cluster.get("name")
    for member in list(cluster.children.get("members", ())):
        server = places.server(call.workspace, member.get("nodeName") or "", member.get("memberName") or "")
        if server is not None:
            call.workspace.remove(server)
    call.workspace.remove(cluster)
    for path in call.workspace.paths(f"templates/clusters/{name}/*"):
        call.workspace.delete(path)
    if call.step("replicationDomain").get("deleteRepDomain", "").lower() == "true":
        for domain in call.workspace.list("DataReplicationDomain"):
            if domain.get("name") == name:
                call.workspace.remove(domain)
    return ""
