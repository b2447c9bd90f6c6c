"""The installation images of WAS: the product, the Update Installer, the fix pack."""

from __future__ import annotations

from lab.host import Media
from lab.products.was.installation import packages

_ND = """\
# Options of a silent installation: install -options <this file> -silent
-OPT silentInstallLicenseAcceptance="false"
-OPT installType="installNew"
-OPT profileType="none"
-OPT installLocation="{root}"
"""
_UPDI = """\
# Options of a silent installation: install -options <this file> -silent
-OPT silentInstallLicenseAcceptance="false"
-OPT installType="installNew"
-OPT disableEarlyPrereqChecking="false"
-OPT checkFilePermissions="true"
-OPT installLocation="{root}"
"""
_ROOTS = {"aix": "/usr/IBM/WebSphere/", "windows": "C:\\Program Files\\IBM\\WebSphere\\"}


def media(platform: str) -> Media:
    """`WAS/`, `UpdateInstaller/`, `fixpack/`."""
    program = "install.exe" if platform == "windows" else "install"
    root = _ROOTS[platform]
    return {
        f"WAS/{program}": "program:was:install",
        "WAS/responsefile.nd.txt": _ND.format(root=f"{root}AppServer"),
        f"UpdateInstaller/{program}": "program:was:updiinstall",
        "UpdateInstaller/responsefile.updiinstaller.txt": _UPDI.format(root=f"{root}UpdateInstaller"),
        **{f"fixpack/{package.id}.pak": package.text for package in packages.fix_packs(platform)},
    }
