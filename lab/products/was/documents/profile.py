"""The whole configuration repository of a new profile."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from lab.products.was.documents import end_points, forms, outline, templates
from lab.products.was.keys import default
from lab.products.was.model.types import contexts
from lab.products.was.ports import DEFAULTS
from lab.products.was.security import REALM

STORES = ("key.p12", "trust.p12")


@dataclass(frozen=True)
class ProfileSpec:
    """What `manageprofiles` knows of a profile to create.

    `server` is `dmgr`, the name of the one server, or empty for a managed profile. `host` is a fully qualified name,
    `root` (of WAS) and `path` (of the profile) are native. `registry` is the text of `fileRegistry.xml`, empty without
    security. `ports` may lack end points: those get their defaults.
    """

    template: Literal["dmgr", "default", "managed"]
    cell: str
    node: str
    host: str
    server: str
    ports: Mapping[str, int]
    root: str
    path: str
    platform: Literal["aix", "windows"]
    version: str
    user: str = ""
    registry: str = ""
    security: bool = False

    @property
    def server_type(self) -> str:
        """The type of its server as in `serverindex.xml`."""
        return end_points.DEPLOYMENT_MANAGER if self.template == "dmgr" else end_points.APPLICATION_SERVER

    @property
    def all_ports(self) -> Mapping[str, int]:
        """Every end point of its server, with the port it gets."""
        defaults = DEFAULTS["dmgr" if self.template == "dmgr" else "server"]
        return {name: self.ports.get(name, port) for name, port in defaults.items()}


def lay(config: Path, spec: ProfileSpec) -> None:
    """Write `config/` with the templates, the cell, its node and the node's server."""
    for path, text in documents(spec).items():
        file = config / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8", newline="\n")
    for name, content in zip(STORES, default.stores(spec.host), strict=True):
        (config / "cells" / _store_folder(spec) / name).write_bytes(content)
    metadata = config / ".repository" / "metadata.xml"
    metadata.parent.mkdir(parents=True, exist_ok=True)
    metadata.write_text(_metadata(), "utf-8", newline="\n")
    templates.lay(config / "templates")


def _metadata() -> str:
    """Which documents a folder may have, and the types at their top: IBM's content in the lab's own form."""
    lines = []
    for kind, files in contexts().items():
        lines.append(f'  <context type="{kind}">')
        lines += [f'    <document name="{name}" types="{" ".join(roots)}"/>' for name, roots in files.items()]
        lines.append("  </context>")
    return "\n".join(['<?xml version="1.0" encoding="UTF-8"?>', "<repository>", *lines, "</repository>", ""])


def documents(spec: ProfileSpec) -> dict[str, str]:
    """The documents of cell, node and server: path below `config/` to text."""
    cell, node = f"cells/{spec.cell}", f"cells/{spec.cell}/nodes/{spec.node}"
    found = {f"{cell}/{name}": text for name, text in _cell(spec).items()}
    found |= {f"{node}/{name}": text for name, text in _node(spec).items()}
    if spec.server:
        found |= {f"{node}/servers/{spec.server}/{name}": text for name, text in _server(spec).items()}
    return found


def _cell(spec: ProfileSpec) -> dict[str, str]:
    same = (
        "admin-authz", "coregroupbridge", "multibroker", "namestore", "naming-authz", "pmirm", "resources",
    )  # fmt: skip
    found = {f"{name}.xml": outline.text(f"cell/{name}") for name in same}
    shared = {f"{name}.xml": outline.text(f"server/{name}") for name in ("resources-pme", "resources-pme502")}
    ports = {name: str(port) for name, port in {**DEFAULTS["server"], **spec.all_ports}.items()}
    found |= shared | {
        "cell.xml": outline.text("cell/cell", cell=spec.cell, cell_type=_cell_type(spec)),
        "security.xml": _security(spec),
        "variables.xml": outline.text("cell/variables", cell=spec.cell),
        "virtualhosts.xml": outline.text("cell/virtualhosts", **ports),
        "ws-security.xml": outline.text("server/ws-security"),
        "wim/config/wimconfig.xml": forms.fill("wimconfig.xml", realm=REALM),
        "coregroups/DefaultCoreGroup/coregroup.xml": _core_group(spec),
        "nodegroups/DefaultNodeGroup/nodegroup.xml": outline.text("cell/nodegroup", node=spec.node),
    }
    return found | ({"fileRegistry.xml": spec.registry} if spec.registry else {})


def _cell_type(spec: ProfileSpec) -> str:
    return "DISTRIBUTED" if spec.template == "dmgr" else "STANDALONE"


def _security(spec: ProfileSpec) -> str:
    cell = spec.template == "dmgr"
    return outline.text(
        "cell/security",
        enabled=str(spec.security).lower(),
        registry="federated" if spec.security else "local",
        user=spec.user,
        scope="Cell" if cell else "Node",
        scope_type="cell" if cell else "node",
        scope_object=spec.cell if cell else spec.node,
        scope_name=f"(cell):{spec.cell}" + ("" if cell else f":(node):{spec.node}"),
        store_folder=_store_folder(spec),
    )


def _store_folder(spec: ProfileSpec) -> str:
    """Where the key stores lie, below `cells`."""
    return spec.cell if spec.template == "dmgr" else f"{spec.cell}/nodes/{spec.node}"


def _core_group(spec: ProfileSpec) -> str:
    group = outline.document("cell/coregroup", uid=f"{secrets.token_hex(4)}:{secrets.token_hex(6)}:-8000")
    if spec.server:
        member = {"nodeName": spec.node, "serverName": spec.server}
        outline.add(group.roots[0], "coreGroupServers", "CoreGroupServer", member)
        outline.number(group)
    return group.text()


def _node(spec: ProfileSpec) -> dict[str, str]:
    index = end_points.index(spec.host, spec.server, spec.server_type, spec.all_ports if spec.server else {})
    shared = {f"{name}.xml": outline.text(f"server/{name}") for name in ("resources-pme", "resources-pme502")}
    return shared | {
        "node.xml": outline.text("node/node", node=spec.node),
        "serverindex.xml": index.text(),
        # Variables hold paths with `/` on every platform.
        "variables.xml": outline.text("node/variables", root=_slashes(spec.root), path=_slashes(spec.path)),
        "resources.xml": outline.text("cell/resources"),
        "namestore.xml": outline.text("cell/namestore"),
        "node-metadata.properties": forms.fill(
            "node-metadata.properties", version=spec.version, platform=spec.platform
        ),
    }


def _slashes(path: str) -> str:
    return path.replace("\\", "/")


def _server(spec: ProfileSpec) -> dict[str, str]:
    if spec.template == "default":
        variables = outline.text("server/variables", server=spec.server)
        return {**templates.server_documents("default", spec.server), "variables.xml": variables}
    server = outline.text("server/dmgr", name=spec.server, logs=f"${{LOG_ROOT}}/{spec.server}", trace="*=info")
    same = ("hamanagerservice", "pmi-config", "resources", "server-pme")
    return {"server.xml": server, **{f"{name}.xml": outline.text(f"server/{name}") for name in same}}
