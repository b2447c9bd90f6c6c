"""What may be asked of a new profile, and what is wrong with a request."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, cast

from lab.products.was import layout, ports
from lab.products.was.installation import profile_registry
from lab.products.was.layout import Installation

Template = Literal["dmgr", "default", "managed"]
KINDS: Mapping[Template, ports.Kind] = {"dmgr": "dmgr", "default": "server", "managed": "nodeagent"}
SERVERS: Mapping[Template, str] = {"dmgr": "dmgr", "default": "server1", "managed": ""}

_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*")
_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9_-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9_-]*[A-Za-z0-9])?)*")
_PATH = {"aix": re.compile(r"/\S+"), "windows": re.compile(r"[A-Za-z]:\\[^<>|?*\"]+")}
_PATIENCE_S = 0.5


@dataclass(frozen=True)
class Federation:
    """The deployment manager that a managed profile joins at once."""

    host: str
    port: str
    user: str = ""
    password: str = ""


@dataclass(frozen=True)
class Request:
    """A profile to create. Empty texts: the product's own choice. `starting_port` or `ports` or neither."""

    name: str
    template: Template
    path: str = ""
    cell: str = ""
    node: str = ""
    host: str = ""
    server: str = ""
    default: bool = False
    starting_port: int | None = None
    ports: Mapping[str, int] | None = None
    default_ports: bool = False
    validate_ports: bool = False
    security: bool = False
    user: str = ""
    password: str = ""
    federation: Federation | None = None
    errors: tuple[str, ...] = field(default=())
    """What was wrong with how it was asked."""


def completed(installation: Installation, request: Request) -> Request:
    """The request with the product's choices filled in."""
    host = installation.host
    number = f"{len(profile_registry.read(installation)) + 1:02}"
    short = host.name.partition(".")[0]
    node = request.node or short + ("CellManager" if request.template == "dmgr" else "Node") + number
    cell = f"{short}Cell{number}" if request.template == "dmgr" else f"{short}Node{number}Cell"
    return Request(
        **{
            **vars(request),
            "path": request.path.rstrip("/\\") or layout.join(host, installation.root, "profiles", request.name),
            "node": node,
            "cell": request.cell or cell,
            "host": request.host or host.name,
            "server": request.server or SERVERS[request.template],
            "ports": _ports(installation, request),
        }
    )


def problems(installation: Installation, request: Request) -> Iterator[str]:
    """What is wrong with a completed request."""
    yield from request.errors
    host = installation.host
    for option, value in (("profileName", request.name), ("cellName", request.cell), ("nodeName", request.node)):
        if not _NAME.fullmatch(value):
            yield f'{option}: "{value}" has a character that is not allowed, or is empty.'
    if not _HOST.fullmatch(request.host):
        yield f'hostName: "{request.host}" is not a host name.'
    if request.template == "default" and not _NAME.fullmatch(request.server):
        yield f'serverName: "{request.server}" has a character that is not allowed.'
    entries = profile_registry.read(installation)
    if any(entry.name == request.name for entry in entries):
        yield f"profileName: The profile {request.name} already exists. Specify another name."
    if not _PATH[host.platform].fullmatch(request.path):
        yield f'profilePath: "{request.path}" is not a full path.'
    elif in_the_way(host.path(request.path)):
        yield f"profilePath: The directory {request.path} exists and is not empty."
    if request.security and not (request.user and request.password):
        yield "adminUserName and adminPassword are required when enableAdminSecurity is true."
    if request.template == "managed" and request.security:
        yield "enableAdminSecurity: it is not a parameter of the template managed."
    yield from _port_problems(installation, request)


def in_the_way(folder: Path) -> bool:
    """Whether no profile can be made there: an empty folder does no harm."""
    return folder.exists() and (not folder.is_dir() or any(folder.iterdir()))


def default_ports(installation: Installation, kind: ports.Kind) -> Mapping[str, int]:
    """The ports that the product recommends: the usual ones, or higher where a profile here has them."""
    used = set(_used(installation))
    found: dict[str, int] = {}
    for name, first in ports.DEFAULTS[kind].items():
        port = first
        while port in used:
            port += 1
        used.add(port)
        found[name] = port
    return found


def template_of(installation: Installation, path: str) -> Template | None:
    """The template that a path names, None when it is none that can be created by itself."""
    host = installation.host
    for name in KINDS:
        if host.path(layout.join(host, installation.root, "profileTemplates", name)) == host.path(path):
            return name
    return None


def _ports(installation: Installation, request: Request) -> Mapping[str, int]:
    kind = KINDS[request.template]
    if request.starting_port is not None:
        return ports.numbered(kind, request.starting_port)
    usual = ports.DEFAULTS[kind] if request.default_ports else default_ports(installation, kind)
    return {**usual, **(request.ports or {})}


def _port_problems(installation: Installation, request: Request) -> Iterator[str]:
    wanted = cast("Mapping[str, int]", request.ports)
    for name in wanted.keys() - ports.DEFAULTS[KINDS[request.template]].keys():
        yield f"portsFile: {name} is not an end point of the template {request.template}."
    for name, port in wanted.items():
        if not 0 <= port <= 65535:
            yield f"{name}: {port} is not a port."
        elif request.validate_ports and request.template != "managed" and _in_use(installation, port):
            yield f"{name}: The port {port} is in use."


def _in_use(installation: Installation, port: int) -> bool:
    if port in _used(installation):
        return True
    with socket.socket() as probe:
        probe.settimeout(_PATIENCE_S)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _used(installation: Installation) -> Iterator[int]:
    for profile in installation.profiles():
        file = profile.file("properties", "portdef.props")
        if file.exists() and "managed" not in profile.template:
            yield from (int(number) for number in re.findall(r"=(\d+)$", file.read_text("utf-8"), re.MULTILINE))
