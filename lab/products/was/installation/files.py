"""The files of a WAS root and of a profile's `bin`: programs, settings, and folders the product is known by."""

from __future__ import annotations

from collections.abc import Mapping

from lab.host import Host
from lab.products.was import layout
from lab.products.was.layout import Installation

TEMPLATES = ("default", "dmgr", "managed", "cell")
FOLDERS = (
    "lib", "plugins", "properties/version/dtd", "properties/version/nif/backup", "properties/fsdb", "java/bin",
    "universalDriver/lib", "logs/install", "logs/manageprofiles", "profiles", "installableApps", "systemApps",
    "scriptLibraries", "bin/ProfileManagement",
)  # fmt: skip
_LIBRARIES = ("universalDriver/lib/db2jcc.jar", "universalDriver/lib/db2jcc_license_cu.jar", "lib/bootstrap.jar")

_SERVERS = {
    "startServer": "startserver", "stopServer": "stopserver", "serverStatus": "serverstatus", "wsadmin": "wsadmin",
}  # fmt: skip
_MANAGER = {"startManager": "startserver", "stopManager": "stopserver", "cleanupNode": "cleanupnode"}
_NODE = {
    "startNode": "startserver", "stopNode": "stopserver", "addNode": "addnode", "removeNode": "removenode",
    "syncNode": "syncnode", "cleanupNode": "cleanupnode",
}  # fmt: skip
PROFILE_PROGRAMS: Mapping[str, Mapping[str, str]] = {
    "dmgr": _SERVERS | _MANAGER, "default": _SERVERS | _NODE, "managed": _SERVERS | _NODE,
}  # fmt: skip
"""By template: name of a command to its program in `was.PROGRAMS`."""
ROOT_PROGRAMS = _SERVERS | _MANAGER | _NODE | {"manageprofiles": "manageprofiles", "versionInfo": "versioninfo"}


def lay_root(installation: Installation) -> None:
    """Folders, programs and libraries of a new root; the product file is not among them."""
    host, root = installation.host, installation.root
    for folder in FOLDERS:
        installation.file(*folder.split("/")).mkdir(parents=True, exist_ok=True)
    for template in TEMPLATES:
        metadata = installation.file("profileTemplates", template, "templateMetadata.xml")
        metadata.parent.mkdir(parents=True, exist_ok=True)
        metadata.write_text(_METADATA.format(template=template), "utf-8")
    for library in _LIBRARIES:
        installation.file(*library.split("/")).write_bytes(b"PK\x05\x06" + b"\0" * 18)
    java = "java.exe" if host.platform == "windows" else "java"
    installation.file("java", "bin", java).write_text("", "utf-8")
    for name, program in ROOT_PROGRAMS.items():
        host.install_program(layout.join(host, root, "bin", layout.script(host, name)), f"was:{program}")
    if host.platform == "windows":
        host.install_program(layout.join(host, root, "bin", "WASService.exe"), "was:wasservice")
    uninstall = "uninstall.exe" if host.platform == "windows" else "uninstall"
    host.install_program(layout.join(host, root, "uninstall", uninstall), "was:uninstall")
    write_settings(host, layout.join(host, root, "bin"), {"WAS_HOME": root})
    installation.file(*layout.REGISTRY).write_text(EMPTY_REGISTRY, "utf-8")


def lay_profile_programs(installation: Installation, path: str, template: str) -> None:
    """The commands in a profile's `bin`."""
    host = installation.host
    for name, program in PROFILE_PROGRAMS[template].items():
        host.install_program(layout.join(host, path, "bin", layout.script(host, name)), f"was:{program}")


def write_settings(host: Host, folder: str, settings: Mapping[str, str]) -> None:
    """`setupCmdLine` in a native folder: one variable a line."""
    windows = host.platform == "windows"
    head, mark, end = ("@REM", "SET ", "\r\n") if windows else ("#!/bin/sh", "", "\n")
    lines = [head, *(f"{mark}{name}={value}" for name, value in settings.items())]
    file = host.path(layout.join(host, folder, layout.script(host, "setupCmdLine")))
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("".join(line + end for line in lines), "utf-8", newline="")


EMPTY_REGISTRY = '<?xml version="1.0" encoding="UTF-8"?>\n<profiles/>\n'
_METADATA = """\
<?xml version="1.0" encoding="UTF-8"?>
<profileTemplate name="{template}" version="6.1.0.0"/>
"""
