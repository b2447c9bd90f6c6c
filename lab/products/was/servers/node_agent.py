"""The node agent that a node gets when it joins a cell."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from lab.products.was import ports
from lab.products.was.documents import servers
from lab.products.was.layout import Profile
from lab.products.was.model.element import Element
from lab.products.was.model.workspace import Workspace
from lab.products.was.servers.tool import Refused

NAME = "nodeagent"
_SERVER_BOOTSTRAP = 9810


def create(profile: Profile, numbers: Mapping[str, int], *, keep_applications: bool) -> None:
    """Add it to the node's own repository; application servers make room where it wants their ports, and, unless told
    otherwise, no longer have applications."""
    workspace = Workspace(profile.config)
    index = workspace.document(f"cells/{profile.cell}/nodes/{profile.node}/serverindex.xml").roots[0]
    _make_room(index, set(numbers.values()))
    if not keep_applications:
        for entry in index.children.get("serverEntries", ()):
            entry.attributes.pop("deployedApplications", None)
    servers.node_agent(workspace, profile.node, index.get("hostName") or "", numbers)
    workspace.save(overwrite=True)


def _make_room(index: Element, wanted: set[int]) -> None:
    """Give end points that the node agent takes other ports: the product moves the bootstrap port to 9810."""
    points = [
        (each.get("endPointName"), point)
        for entry in index.children.get("serverEntries", ())
        for each in entry.children.get("specialEndpoints", ())
        for point in each.children.get("endPoint", ())
    ]
    used = wanted | {int(point.get("port") or 0) for _, point in points}
    for name, point in points:
        if int(point.get("port") or 0) in wanted:
            free = _SERVER_BOOTSTRAP if name == "BOOTSTRAP_ADDRESS" else int(point.get("port") or 0) + 1
            while free in used:
                free += 1
            used.add(free)
            point.attributes["port"] = str(free)


def ports_of_file(file: Path) -> Mapping[str, int]:
    """The ports of a `-portprops` file. Raises `Refused`."""
    if not file.is_file():
        raise Refused(f"ADMU9996E: The port properties file {file.name} cannot be read.")
    lines = (line.strip() for line in file.read_text("latin-1").splitlines())
    given = dict(line.partition("=")[::2] for line in lines if line and not line.startswith("#"))
    unknown = sorted(set(given) - set(ports.DEFAULTS["nodeagent"]))
    if unknown or not all(value.strip().isdigit() for value in given.values()):
        raise Refused(
            f"ADMU9997E: The port properties file {file.name} has wrong entries: {', '.join(unknown or given)}"
        )
    return {**ports.DEFAULTS["nodeagent"], **{name: int(value) for name, value in given.items()}}
