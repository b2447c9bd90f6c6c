"""The Sametime Gateway: its installer, and the scripts that create its database.

Steps at which a fault may be ordered: `gateway:prerequisites`, `gateway:install`, `gateway:profile`.
"""

from __future__ import annotations

from lab.host import Late, Media, Programs
from lab.products.gateway import database

PROGRAMS: Programs = {
    "install": Late("lab.products.gateway.installer.main"),
    "uninstall": Late("lab.products.gateway.uninstaller.main"),
}

_SAMPLE = """\
# Options of a silent installation: {program} -silent -options <this file>
-W licenseAgreement.accepted="false"
-V INSTALL_TYPE="Standalone"
-V INSTALL_LOCATION="{target}"
"""
_TARGETS = {"aix": "/usr/IBM/WebSphere/STgateway", "windows": "C:\\Program Files\\IBM\\WebSphere\\STgateway"}


def media(platform: str) -> Media:
    """The image."""
    program = "install.bat" if platform == "windows" else "install.sh"
    return {
        program: "program:gateway:install",
        "installresponse.txt": _SAMPLE.format(program=program, target=_TARGETS[platform]),
        **database.media(platform),
    }
