"""Where the gateway's files lie, and what they are called."""

from __future__ import annotations

from pathlib import Path

from lab.host import Host
from lab.products.was.layout import Installation, join

PROFILE = "RTCGW_Profile"
SERVER = "RTCGWServer"
PRODUCT = "RTCGW"
VERSION = "8.0.1.0"
TITLE = "IBM Lotus Sametime Gateway"
JARS = ("rtc.gatewayAPI.jar", "com.ibm.events.client.jar")


def profile_path(installation: Installation) -> str:
    """The native path of the profile that the installer makes."""
    return join(installation.host, installation.root, "profiles", PROFILE)


def was_installer(host: Host) -> str:
    """The name of WebSphere's installer on its image."""
    return "install.exe" if host.platform == "windows" else "install"


def package_file(host: Host, media: str, package: str) -> Path:
    """A package of the fix pack on WebSphere's image."""
    return host.path(join(host, media, "fixpack", f"{package}.pak"))


def uninstaller(installation: Installation) -> str:
    """The native path of the uninstaller."""
    name = "uninstaller.exe" if installation.host.platform == "windows" else "uninstaller"
    return join(installation.host, installation.root, "_uninstgw", name)
