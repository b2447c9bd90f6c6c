"""Installed applications in the repository: `deployment.xml`, what lies beside it, and the indexes of the nodes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from lab.products.was.admin import app_archive
from lab.products.was.admin.app_archive import Archive, Module
from lab.products.was.admin.task import places
from lab.products.was.documents import outline
from lab.products.was.errors import ScriptingError
from lab.products.was.model.element import Element
from lab.products.was.model.workspace import Workspace

_TYPES = {"web": "WebModuleDeployment", "ejb": "EJBModuleDeployment", "connector": "ConnectorModuleDeployment"}


@dataclass(frozen=True)
class Target:
    """Where a module runs: on a server, or on a cluster when `cluster` is set."""

    node: str = ""
    server: str = ""
    cluster: str = ""

    def text(self, cell: str) -> str:
        """As scripts write it: `WebSphere:cell=C,node=N,server=S`."""
        where = f"cluster={self.cluster}" if self.cluster else f"node={self.node},server={self.server}"
        return f"WebSphere:cell={cell},{where}"


def is_cell(workspace: Workspace, text: str) -> bool:
    """Whether a text such as `WebSphere:cell=C` names the cell, and nothing in it."""
    return text.removeprefix("WebSphere:") == f"cell={workspace.cell}"


def target(workspace: Workspace, text: str) -> Target:
    """The target that a text such as `WebSphere:cell=C,cluster=X` names. Raises `ScriptingError` without one."""
    pairs = dict(part.partition("=")[::2] for part in text.removeprefix("WebSphere:").split(","))
    if "cluster" in pairs:
        found = Target(cluster=pairs["cluster"])
    else:
        nodes = [pairs["node"]] if "node" in pairs else places.nodes(workspace)
        server = pairs.get("server", "")
        found = next((Target(each, server) for each in nodes if places.server(workspace, each, server)), Target())
    if found == Target() or (found.cluster and places.cluster(workspace, found.cluster) is None):
        raise ScriptingError(f"ADMA0037E: The target {text} does not exist.")
    return found


def home(workspace: Workspace, name: str) -> str:
    """The folder of an application's deployment."""
    return f"cells/{workspace.cell}/applications/{name}.ear/deployments/{name}"


def names(workspace: Workspace) -> list[str]:
    """The installed applications, sorted."""
    return sorted(
        path.split("/")[-2] for path in workspace.paths(f"cells/{workspace.cell}/applications/*/deployment.xml")
    )


def deployment(workspace: Workspace, name: str) -> Element:
    """The `Deployment` of an application. Raises `ScriptingError` when it is not installed."""
    path = f"{home(workspace, name)}/deployment.xml"
    if not workspace.exists(path):
        raise ScriptingError(f'WASX7280E: An application with name "{name}" does not exist.')
    return workspace.document(path).roots[0]


def modules(workspace: Workspace, name: str) -> list[Module]:
    """Its modules, from the descriptor beside the deployment; of an application without one, from the deployment."""
    path = f"{home(workspace, name)}/META-INF/application.xml"
    if workspace.exists(path):
        return list(app_archive.of_descriptor(workspace.content(path).decode("utf-8"), name).modules)
    kinds = {type_name: kind for kind, type_name in _TYPES.items()}
    deployed = deployment(workspace, name).children["deployedObject"][0].children.get("modules", ())
    uris = ((each.get("uri") or "", kinds.get(each.type, "ejb")) for each in deployed)
    return [Module(uri, re.sub(r"\.\w+$", "", uri), kind) for uri, kind in uris]


def create(workspace: Workspace, name: str, archive: Archive, content: bytes) -> None:
    """Add an application without targets."""
    url = f"$(APP_INSTALL_ROOT)/$(CELL)/{name}.ear"
    folder = home(workspace, name)
    workspace.add(outline.document("cell/deployment", f"{folder}/deployment.xml", url=url))
    workspace.add_text(f"{folder}/META-INF/application.xml", archive.descriptor)
    workspace.add_file(f"cells/{workspace.cell}/applications/{name}.ear/{name}.ear", content)
    deployed = deployment(workspace, name).children["deployedObject"][0]
    for module in archive.modules:
        if module.kind in _TYPES:
            workspace.create(_TYPES[module.kind], deployed, {"uri": module.uri, "startingWeight": "10000"}, "modules")
            if module.kind == "web":
                bind(workspace, name, module, "default_host")


def bind(workspace: Workspace, name: str, module: Module, virtual_host: str) -> None:
    """Map a web module to a virtual host."""
    text = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<webappbnd:WebAppBinding xmi:version="2.0" xmlns:xmi="http://www.omg.org/XMI" '
        f'xmlns:webappbnd="webappbnd.xmi" xmi:id="WebAppBinding_1" virtualHostName={quoteattr(virtual_host)}/>\n'
    )
    workspace.add_text(f"{home(workspace, name)}/{module.uri}/WEB-INF/ibm-web-bnd.xmi", text)


def set_context_root(workspace: Workspace, name: str, module: Module, root: str) -> None:
    """Let a web module be found below `root`."""
    path = f"{home(workspace, name)}/META-INF/application.xml"
    text = workspace.content(path).decode("utf-8")

    def changed(web: re.Match[str]) -> str:
        if f"<web-uri>{escape(module.uri)}</web-uri>" not in re.sub(r">\s+|\s+<", lambda end: end[0].strip(), web[0]):
            return web[0]
        return re.sub(
            r"(<context-root>).*?(</context-root>)", lambda inner: f"{inner[1]}{escape(root)}{inner[2]}", web[0],
            flags=re.DOTALL,
        )  # fmt: skip

    workspace.add_text(path, re.sub(r"<web>.*?</web>", changed, text, flags=re.DOTALL))


def share_libraries(workspace: Workspace, name: str, uri: str, libraries: Sequence[str]) -> None:
    """Let an application, or its module `uri`, use shared libraries."""
    holder = deployment(workspace, name).children["deployedObject"][0]
    for module in holder.children.get("modules", ()):
        if module.get("uri") == uri:
            holder = module
            break
    loaders = holder.children.get("classloader") or [workspace.create("Classloader", holder, {}, "classloader")]
    known = {each.get("libraryName") for each in loaders[0].children.get("libraries", ())}
    for library in libraries:
        if library not in known:
            values = {"libraryName": library, "sharedClassloader": "true"}
            workspace.create("LibraryRef", loaders[0], values, "libraries")


def virtual_host(workspace: Workspace, name: str, module: Module) -> str:
    """The virtual host of a web module."""
    path = f"{home(workspace, name)}/{module.uri}/WEB-INF/ibm-web-bnd.xmi"
    text = workspace.content(path).decode("utf-8") if workspace.exists(path) else ""
    found = re.search(r'virtualHostName="([^"]*)"', text)
    return found[1] if found else "default_host"


def targets(workspace: Workspace, name: str) -> Mapping[str, list[Target]]:
    """The targets of each module, by its URI."""
    deployed = deployment(workspace, name).children["deployedObject"][0]
    return {
        each.get("uri") or "": [
            _target(found)
            for mapping in each.children.get("targetMappings", ())
            for found in workspace.referenced(mapping, "target")
        ]
        for each in deployed.children.get("modules", ())
    }


def _target(element: Element) -> Target:
    if element.type == "ClusteredTarget":
        return Target(cluster=element.get("name") or "")
    return Target(element.get("nodeName") or "", element.get("name") or "")


def map_modules(workspace: Workspace, name: str, wanted: Mapping[str, Sequence[Target]]) -> None:
    """Let each module run on these targets only; URIs that are left out keep theirs."""
    root = deployment(workspace, name)
    of_modules = {**targets(workspace, name), **wanted}
    deployed = root.children["deployedObject"][0]
    for old in list(root.children.get("deploymentTargets", ())):
        workspace.remove(old)
    known: dict[Target, Element] = {}
    for module in deployed.children.get("modules", ()):
        _remap(workspace, root, module, of_modules[module.get("uri") or ""], known)
    everywhere = [each for uri in of_modules for each in of_modules[uri]]
    _remap(workspace, root, deployed, list(dict.fromkeys(everywhere)), known)
    _index(workspace, name, everywhere)


def _remap(
    workspace: Workspace, root: Element, holder: Element, wanted: Sequence[Target], known: dict[Target, Element]
) -> None:
    for old in list(holder.children.get("targetMappings", ())):
        workspace.remove(old)
    for each in wanted:
        if each not in known:
            values = {"name": each.cluster} if each.cluster else {"name": each.server, "nodeName": each.node}
            kind = "ClusteredTarget" if each.cluster else "ServerTarget"
            known[each] = workspace.create(kind, root, values, "deploymentTargets")
        mapping = {"enable": "true", "target": known[each].id}
        workspace.create("DeploymentTargetMapping", holder, mapping, "targetMappings")


def servers_of(workspace: Workspace, wanted: Sequence[Target]) -> Iterator[tuple[str, str]]:
    """(node, server) of every server that targets mean."""
    for each in wanted:
        cluster = places.cluster(workspace, each.cluster)
        if cluster is None:
            yield each.node, each.server
        else:
            for member in cluster.children.get("members", ()):
                yield member.get("nodeName") or "", member.get("memberName") or ""


def _index(workspace: Workspace, name: str, wanted: Sequence[Target]) -> None:
    """The index of a node lists the applications of its servers."""
    label = f"{name}.ear/deployments/{name}"
    running = set(servers_of(workspace, wanted))
    for node, entry in places.entries(workspace):
        listed = [each for each in (entry.get("deployedApplications") or "").split(";") if each]
        here = (node, entry.get("serverName") or "") in running
        if here and label not in listed:
            workspace.modify(entry, {"deployedApplications": ";".join([*listed, label])})
        elif not here and label in listed:
            listed.remove(label)
            if listed:
                workspace.modify(entry, {"deployedApplications": ";".join(listed)})
            else:
                workspace.unset(entry, ["deployedApplications"])


def remove(workspace: Workspace, name: str) -> list[str]:
    """Take an application away; the nodes whose index listed it."""
    root = deployment(workspace, name)
    nodes = sorted({node for node, _ in servers_of(workspace, [each for many in targets(workspace, name).values()
                                                               for each in many])})  # fmt: skip
    _index(workspace, name, [])
    for path in workspace.paths(f"cells/{workspace.cell}/applications/{name}.ear/*"):
        workspace.delete(path)
    return nodes if root else []
