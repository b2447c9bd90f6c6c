"""Domino 8.0.1: its image, its installer, the set-up of a server, and the server.

Steps at which a fault may be ordered: `domino:prerequisites`, `domino:install`, `domino:profile`, `domino:setup`,
`domino:start`.
"""

from __future__ import annotations

from lab.host import Late, Media, Programs

PROGRAMS: Programs = {
    "install": Late("lab.products.domino.installation.install"),
    "java": Late("lab.products.domino.profile.java"),
    "nservice": Late("lab.products.domino.server.nservice"),
    "server": Late("lab.products.domino.server.server"),
}

_SAMPLE = """\
# Sample options file of a silent installation
-G licenseAccepted=false
-W InstallDataOnlyOptionPanel.InstallDataOnly=false
-P installLocation="/opt/ibm/lotus"
-W normalData.installLocationData="/local/notesdata"
-W NameUserGroupPanel.UserName="notes"
-W NameUserGroupPanel.GroupName="notes"
-W SetupTypePanel.selectedSetupTypeId=EnterpriseServer
-W ServerSetupPanel.ServerSetupType="Manual"
"""


def media(platform: str) -> Media:
    """The installation image."""
    if platform == "windows":
        return {"setup.exe": "program:domino:install"}
    return {"install": "program:domino:install", "unix_response.dat": _SAMPLE}
