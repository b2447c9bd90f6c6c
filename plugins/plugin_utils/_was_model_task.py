# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""AdminTask as `was_apply.jy` uses it, on a model of the repository: the servers and clusters that commands make,
and what those for SSL do."""

from __future__ import annotations

from collections.abc import Callable

from ._was_document import Element
from ._was_model_ssl import SslTask, option

TEMPLATES = "templates/servertypes"


class AdminTask(SslTask):
    """The commands that the program uses; what they make is as complete as the documents they make it from."""

    # ruff: noqa: N802 - the names are WebSphere's

    def createCluster(self, text: str) -> None:
        name = option(text, "clusterName")
        document = f"cells/{self._repository.cell}/clusters/{name}/cluster.xml"
        cluster = Element("ServerCluster", "ServerCluster_new", document)
        cluster.attributes.update(name=name, preferLocal=option(text, "preferLocal"))
        self._repository.add_root(cluster)
        if option(text, "serverNode"):
            self._join(cluster, option(text, "serverNode"), option(text, "serverName"), option(text, "memberWeight"))

    def createClusterMember(self, text: str) -> None:
        cluster = self._one(f"/ServerCluster:{option(text, 'clusterName')}/")
        node, name = option(text, "memberNode"), option(text, "memberName")
        first = next(iter(cluster.children.get("members", [])), None)
        if first is None:
            self._server(node, name, "APPLICATION_SERVER", "default")
        else:
            self._copy_server(first.get("nodeName"), first.get("memberName"), node, name)
        self._join(cluster, node, name, option(text, "memberWeight"))

    def deleteClusterMember(self, text: str) -> None:
        cluster = self._one(f"/ServerCluster:{option(text, 'clusterName')}/")
        node, name = option(text, "memberNode"), option(text, "memberName")
        for member in list(cluster.children.get("members", [])):
            if (member.get("nodeName"), member.get("memberName")) == (node, name):
                self._repository.remove(member)
        self._delete(node, name)

    def deleteCluster(self, text: str) -> None:
        cluster = self._one(f"/ServerCluster:{option(text, 'clusterName')}/")
        for member in cluster.children.get("members", []):
            self._delete(member.get("nodeName"), member.get("memberName"))
        self._repository.remove(cluster)

    def createProxyServer(self, node: str, text: str) -> None:
        self._server(node, option(text, "name"), "PROXY_SERVER", option(text, "templateName"))

    def createApplicationServer(self, node: str, text: str) -> None:
        self._server(node, option(text, "name"), "APPLICATION_SERVER", option(text, "templateName"))

    def deleteServer(self, text: str) -> None:
        self._delete(option(text, "nodeName"), option(text, "serverName"))

    def __getattr__(self, name: str) -> Callable[[str], None]:
        # What they change is no XMI: whoever wants it compares that document himself.
        if "IdMgr" not in name and "Certificate" not in name:
            raise AttributeError(name)
        return lambda _text: None

    # -- parts ---------------------------------------------------------------------------------------------------------
    def _join(self, cluster: Element, node: str, name: str, weight: str) -> None:
        member = Element("ClusterMember", f"ClusterMember_{node}_{name}", cluster.document)
        member.attributes.update(memberName=name, nodeName=node, weight=weight)
        cluster.add("members", member)
        for server in self._repository.resolve(f"/Node:{node}/Server:{name}/"):
            server.attributes["clusterName"] = cluster.name

    def _server(self, node: str, name: str, kind: str, template: str) -> None:
        folder = f"{TEMPLATES}/{kind}/servers/{template}"
        entries = [
            entry
            for root in self._repository.documents.get(f"{TEMPLATES}/{kind}/serverindex.xml", [])
            for entry in root.children.get("serverEntries", [])
        ]
        # A template's own end points, or those that all of its kind have.
        own = [entry for entry in entries if entry.name == template] or entries
        self._lay(folder, own[0] if own else None, node, name, kind)

    def _copy_server(self, from_node: str, from_name: str, node: str, name: str) -> None:
        entry = next(iter(self._entries(from_node, from_name)), None)
        folder = f"cells/{self._repository.cell}/nodes/{from_node}/servers/{from_name}"
        self._lay(folder, entry, node, name, "APPLICATION_SERVER")

    def _lay(self, folder: str, entry: Element | None, node: str, name: str, kind: str) -> None:
        target = f"cells/{self._repository.cell}/nodes/{node}/servers/{name}"
        for path in [path for path in self._repository.documents if path.rpartition("/")[0] == folder]:
            document = f"{target}/{path.rpartition('/')[2]}"
            self._repository.documents[document] = [clone(each, document) for each in self._repository.documents[path]]
        server = self._repository.main(target)
        if server is None:
            # Nobody is there yet to read a template from.
            server = Element("Server", "Server_new", f"{target}/server.xml")
            self._repository.add_root(server)
        server.attributes["name"] = name
        index = self._one(f"/Cell:{self._repository.cell}/Node:{node}/ServerIndex:/")
        new = clone(entry, index.document) if entry else Element("ServerEntry", "", index.document)
        # Ids are told apart by document, and one server's end points are a copy of another's.
        for each in new.walk():
            each.id = f"{each.id}_{node}_{name}"
        new.attributes.update(serverName=name, serverType=kind)
        index.add("serverEntries", new)

    def _entries(self, node: str, name: str) -> list[Element]:
        found = self._repository.resolve(f"/Node:{node}/ServerIndex:/")
        return [entry for index in found for entry in index.children.get("serverEntries", []) if entry.name == name]

    def _delete(self, node: str, name: str) -> None:
        for server in self._repository.resolve(f"/Node:{node}/Server:{name}/"):
            self._repository.remove(server)
        for entry in self._entries(node, name):
            self._repository.remove(entry)


def clone(element: Element, document: str) -> Element:
    """A copy of an object and all that it contains, for another document."""
    copy = Element(element.type, element.id, document)
    copy.attributes.update(element.attributes)
    copy.lists.update({name: list(values) for name, values in element.lists.items()})
    for feature, children in element.children.items():
        for child in children:
            copy.add(feature, clone(child, document))
    return copy
