"""A cell in a folder: a deployment manager and two nodes with agents, and a scripting client on it."""

from __future__ import annotations

from pathlib import Path

from lab.products.was.admin import Argument
from lab.products.was.admin.task import AdminTask
from lab.products.was.documents import end_points, forms, nodes, outline, servers
from lab.products.was.documents.profile import STORES, ProfileSpec, lay
from lab.products.was.keys import default
from lab.products.was.layout import Profile
from lab.products.was.model.element import Element
from lab.products.was.model.workspace import Workspace
from lab.products.was.ports import DEFAULTS
from tests.lab.products.was_host import FolderHost

PATH = "/usr/IBM/WebSphere/STgateway/profiles/RTCGW_Profile"
SPEC = ProfileSpec(
    template="dmgr", cell="C", node="D", host="dm.example.com", server="dmgr", ports={},
    root="/usr/IBM/WebSphere/STgateway", path=PATH, platform="aix", version="6.1.0.11", user="wasadmin",
    registry="", security=True,
)  # fmt: skip


class Cell:
    """Cell `C`: node `D` has the deployment manager, `N` and `M` have agents."""

    def __init__(self, folder: Path) -> None:
        self.host = FolderHost(folder)
        self.profile = Profile(self.host, "RTCGW_Profile", PATH, "dmgr", default=True)
        lay(self.profile.config, SPEC)
        self.workspace = Workspace(self.profile.config)
        for node in ("N", "M"):
            self._add_node(node)
        self.workspace.save()
        self.admin_task = AdminTask(self.workspace, self.host, self.profile, None)

    def _add_node(self, node: str) -> None:
        home = servers.folder(self.workspace, node)
        properties = forms.fill("node-metadata.properties", version="6.1.0.11", platform="aix")
        self.workspace.add(outline.document("node/node", f"{home}/node.xml", node=node))
        host = f"{node.lower()}.example.com"
        self.workspace.add(end_points.index(host, "", "", {}, f"{home}/serverindex.xml"))
        self.workspace.add_text(f"{home}/node-metadata.properties", properties)
        for name, content in zip(STORES, default.stores(host), strict=True):
            self.workspace.add_file(f"{home}/{name}", content)
        nodes.join(self.workspace, node)
        servers.node_agent(self.workspace, node, host, DEFAULTS["nodeagent"])

    def task(self, name: str, *arguments: Argument) -> str:
        """Run a command of AdminTask."""
        value = self.admin_task.call(name, arguments).value
        return "" if value is None else str(value)

    def one(self, containment: str) -> Element:
        """The one object of a containment path."""
        (found,) = self.workspace.resolve(containment)
        return found

    def ports(self, node: str, server: str) -> dict[str, tuple[str, str]]:
        """(host, port) by end point of a server."""
        entry = self.one(f"/Node:{node}/ServerIndex:/ServerEntry:{server}/")
        return {
            named.get("endPointName") or "": (each.get("host") or "", each.get("port") or "")
            for named in entry.children["specialEndpoints"]
            for each in named.children["endPoint"]
        }
