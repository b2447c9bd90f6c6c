"""Servers that are added to a cell: copies of templates, with the places in other documents that must know them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from lab.products.was.documents import end_points, outline, ports_in_use
from lab.products.was.model.document import Document
from lab.products.was.model.element import Element
from lab.products.was.model.workspace import Workspace

NODE_AGENT = "nodeagent"

_SERVED = {
    "WC_defaulthost": "default_host", "WC_defaulthost_secure": "default_host", "SIP_DEFAULTHOST": "default_host",
    "SIP_DEFAULTHOST_SECURE": "default_host", "PROXY_HTTP_ADDRESS": "proxy_host", "PROXY_HTTPS_ADDRESS": "proxy_host",
}  # fmt: skip


def folder(workspace: Workspace, node: str, server: str = "") -> str:
    """The folder of a node or of its server, below `config/`."""
    home = f"cells/{workspace.cell}/nodes/{node}"
    return f"{home}/servers/{server}" if server else home


def template_folder(server_type: str, name: str) -> str:
    """Where a template for servers lies, below `config/`."""
    return f"templates/servertypes/{server_type}/servers/{name}"


def new_server(workspace: Workspace, node: str, name: str, template: str, *, unique_ports: bool) -> Element:
    """Add a server to a node and give back its `Server`.

    `template` is the folder of a template, or of a server that is copied. Without unique ports the new one gets the
    default ones, whoever has them already.
    """
    home = folder(workspace, node, name)
    for path in list(_documents(workspace, template)):
        file = path.rpartition("/")[2]
        variables = file == "variables.xml"
        text = outline.text("server/variables", server=name) if variables else workspace.document(path).text()
        workspace.add(Document.parse(f"{home}/{file}", text))
    server = _renumbered(workspace, workspace.document(f"{home}/server.xml"))
    server.attributes["name"] = name
    server.attributes.pop("clusterName", None)
    for service in (each for each in server.walk() if each.type == "AdminService"):
        service.attributes["standalone"] = "false"
    chosen = end_points.of_server(server)
    ports = ports_in_use.free(workspace, node, chosen) if unique_ports else chosen
    _register(workspace, node, name, end_points.type_of(server), ports)
    _add_aliases(workspace, ports)
    return server


def node_agent(workspace: Workspace, node: str, host: str, ports: Mapping[str, int]) -> Element:
    """Add the node agent to a node; `host` is the name its end points get."""
    home = folder(workspace, node, NODE_AGENT)
    logs = f"${{LOG_ROOT}}/{NODE_AGENT}"
    values = {"name": NODE_AGENT, "logs": logs, "trace": "*=info"}
    workspace.add(outline.document("server/nodeagent", f"{home}/server.xml", **values))
    for file in ("hamanagerservice", "pmi-config"):
        workspace.add(outline.document(f"server/{file}", f"{home}/{file}.xml"))
    server = _renumbered(workspace, workspace.document(f"{home}/server.xml"))
    for service in (each for each in server.walk() if each.type == "AdminService"):
        service.attributes["standalone"] = "false"
    index = ports_in_use.index(workspace, node)
    index.attributes["hostName"] = host
    entry = _register(workspace, node, NODE_AGENT, end_points.NODE_AGENT, ports)
    referred = [
        each.id
        for each in entry.children["specialEndpoints"]
        if each.get("endPointName") in end_points.REFERRED[end_points.NODE_AGENT]
    ]
    index.attributes["endPointRefs"] = " ".join(referred)
    return server


def _documents(workspace: Workspace, home: str) -> Iterator[str]:
    return (path for path in workspace.paths(f"{home}/*.xml") if path.count("/") == home.count("/") + 1)


def _renumbered(workspace: Workspace, document: Document) -> Element:
    """Give every object of a copied document an id of its own; its `Server`."""
    fresh: dict[str, str] = {}
    for element in document.walk():
        old = element.id
        element.id = workspace.new_id(element.type, document)
        fresh[old] = element.id
    for element in document.walk():
        for name in element.info.references.keys() & element.attributes.keys():
            element.attributes[name] = " ".join(fresh.get(each, each) for each in element.attributes[name].split())
    return next(each for each in document.roots if each.type == "Server")


def _register(workspace: Workspace, node: str, name: str, server_type: str, ports: Mapping[str, int]) -> Element:
    index = ports_in_use.index(workspace, node)
    host = index.get("hostName") or ""
    entry = workspace.create("ServerEntry", index, {"serverName": name, "serverType": server_type}, "serverEntries")
    for end_point, port in ports.items():
        named = workspace.create("NamedEndPoint", entry, {"endPointName": end_point}, "specialEndpoints")
        where = {"host": end_points.listening_host(end_point, host), "port": str(port)}
        workspace.create("EndPoint", named, where, "endPoint")
    if server_type in (end_points.GENERIC_SERVER, end_points.WEB_SERVER):
        return entry
    group = workspace.document(f"cells/{workspace.cell}/coregroups/DefaultCoreGroup/coregroup.xml").roots[0]
    workspace.create("CoreGroupServer", group, {"nodeName": node, "serverName": name}, "coreGroupServers")
    return entry


def _add_aliases(workspace: Workspace, ports: Mapping[str, int]) -> None:
    """The virtual hosts answer at the ports of a new server too."""
    hosts = {each.get("name"): each for each in workspace.document(f"cells/{workspace.cell}/virtualhosts.xml").roots}
    for end_point, port in ports.items():
        host = hosts.get(_SERVED.get(end_point, ""))
        known = [each.get("port") for each in host.children.get("aliases", ())] if host else []
        if host and str(port) not in known:
            # The default port, 80, is never written.
            where = {"hostname": "*"} | ({} if port == 80 else {"port": str(port)})
            workspace.create("HostAlias", host, where, "aliases")
