"""WebSphere Application Server 6.1: installation, profiles, servers, and wsadmin on an XML repository."""

from __future__ import annotations

from lab.host import Late, Media, Programs

# Where each program lives; `main` there.
_MODULES = {
    "install": "installation.install",
    "updiinstall": "installation.updi_install",
    "update": "installation.update",
    "uninstall": "installation.uninstall",
    "versioninfo": "installation.version_info",
    "manageprofiles": "installation.manage_profiles",
    "wsadmin": "wsadmin.program",
    "server": "servers.daemon",
    "startserver": "servers.start",
    "stopserver": "servers.stop",
    "serverstatus": "servers.status",
    "addnode": "servers.add_node",
    "removenode": "servers.remove_node",
    "syncnode": "servers.sync_node",
    "cleanupnode": "servers.cleanup_node",
    "wasservice": "servers.service",
}


PROGRAMS: Programs = {name: Late(f"lab.products.was.{module}.main") for name, module in _MODULES.items()}


def media(platform: str) -> Media:
    """The installation images."""
    from lab.products.was.installation import image  # noqa: PLC0415

    return image.media(platform)
