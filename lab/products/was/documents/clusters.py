"""Members of clusters: servers that become one, and copies of the first."""

from __future__ import annotations

import time
from collections.abc import Iterator

from lab.products.was.documents import ports_in_use, servers
from lab.products.was.model.document import Document
from lab.products.was.model.element import Element
from lab.products.was.model.workspace import Workspace

MEMBER_TEMPLATE = "V6.1MemberTemplate"


def member_template(cluster: Element) -> str:
    """The folder of the template that later members are made of."""
    return f"templates/clusters/{cluster.get('name')}/servers/{MEMBER_TEMPLATE}"


def convert(workspace: Workspace, cluster: Element, node: str, server: Element, weight: str = "2") -> Element:
    """Make an existing server the first member of an empty cluster: its applications become the cluster's."""
    name = server.get("name") or ""
    for deployment in _deployments(workspace, node, name):
        for target in list(deployment.children.get("deploymentTargets", ())):
            if target.type == "ServerTarget" and (target.get("nodeName"), target.get("name")) == (node, name):
                clustered = workspace.create(
                    "ClusteredTarget", deployment, {"name": cluster.get("name") or ""}, "deploymentTargets"
                )
                _repoint(deployment, target.id, clustered.id)
                workspace.remove(target)
    return add_first(workspace, cluster, node, server, weight)


def share_resources(workspace: Workspace, cluster: Element, node: str, server: str, *, move: bool) -> None:
    """Give a cluster the resources of a server; with `move` the server keeps only those that every server has."""
    home = servers.folder(workspace, node, server)
    target = cluster.document.path.rpartition("/")[0]
    template = servers.template_folder("APPLICATION_SERVER", "default")
    for file in ("resources.xml", "resources-pme.xml", "resources-pme502.xml"):
        text = workspace.document(f"{home}/{file}").text()
        workspace.add(Document.parse(f"{target}/{file}", text))
        if move:
            plain = workspace.document(f"{template}/{file}").text()
            workspace.add(Document.parse(f"{home}/{file}", plain))


def add_first(workspace: Workspace, cluster: Element, node: str, server: Element, weight: str = "2") -> Element:
    """Add a server as the first member, and keep a copy of it that later ones are made of."""
    copy_server(workspace, servers.folder(workspace, node, server.get("name") or ""), member_template(cluster))
    return add(workspace, cluster, node, server, weight)


def add(workspace: Workspace, cluster: Element, node: str, server: Element, weight: str = "2") -> Element:
    """Add a server to a cluster, with the applications of the other members; the `ClusterMember`."""
    name = server.get("name") or ""
    applications = next(
        (
            entry.get("deployedApplications")
            for other in cluster.children.get("members", ())
            for entry in ports_in_use.entries(workspace, other.get("nodeName") or "")
            if entry.get("serverName") == other.get("memberName")
        ),
        None,
    )
    for entry in ports_in_use.entries(workspace, node) if applications else ():
        if entry.get("serverName") == name:
            workspace.modify(entry, {"deployedApplications": applications or ""})
    workspace.modify(server, {"clusterName": cluster.get("name") or ""})
    member = {
        "memberName": name,
        "nodeName": node,
        "weight": weight,
        "uniqueId": str(time.time_ns() // 1_000_000),
    }
    return workspace.create("ClusterMember", cluster, member, "members")


def copy_server(workspace: Workspace, source: str, target: str) -> Element:
    """Copy the documents of a server to the folder of a template; the template's `Server`."""
    for path in list(workspace.paths(f"{source}/*.xml")):
        file = path.removeprefix(f"{source}/")
        if "/" not in file:
            workspace.add(Document.parse(f"{target}/{file}", workspace.document(path).text()))
    server = next(each for each in workspace.document(f"{target}/server.xml").roots if each.type == "Server")
    workspace.modify(server, {"name": target.rpartition("/")[2]})
    workspace.unset(server, ["clusterName"])
    return server


def _deployments(workspace: Workspace, node: str, server: str) -> Iterator[Element]:
    for entry in ports_in_use.entries(workspace, node):
        if entry.get("serverName") == server:
            for name in (entry.get("deployedApplications") or "").split(";"):
                path = f"cells/{workspace.cell}/applications/{name}/deployment.xml"
                if name and workspace.exists(path):
                    yield workspace.document(path).roots[0]


def _repoint(deployment: Element, old: str, new: str) -> None:
    for element in deployment.walk():
        if element.type == "DeploymentTargetMapping" and element.attributes.get("target") == old:
            element.attributes["target"] = new
