"""Sametime 8.0.1: its image, its setup program, the server that Domino runs as an add-in, and a client as a program.

The protocol between a Sametime server and its gateways (VP) is not public, so the lab's gateways and this server speak
lines of JSON at the same port; what those lines are: `gateways.py`. The client is on every host of the group
`sametime_servers` from the start, with the people who sit there.

Steps at which a fault may be ordered: `sametime:prerequisites`, `sametime:install`, `sametime:configure`, `staddin`.
"""

from __future__ import annotations

from lab.host import Late, Media, Programs

PROGRAMS: Programs = {
    "setup": Late("lab.products.sametime.setup.main"),
    "staddin": Late("lab.products.sametime.addin.main"),
    "stclient": Late("lab.products.sametime.client.stclient"),
}

_SAMPLE = """\
# Options of a silent installation: {program} -silent -options <this file>
-W licenseAgreement.accepted="false"
-P installLocation="{location}"
-W domino.dataDirectory="{data}"
-W directory.type="Domino"
-W httpTunneling.enabled="false"
"""
_PLACES = {
    "aix": {"program": "setupaix.bin", "location": "/opt/ibm/lotus", "data": "/local/notesdata"},
    "windows": {
        "program": "setupwin32.exe",
        "location": "C:\\Program Files\\IBM\\Lotus\\Domino",
        "data": "C:\\Program Files\\IBM\\Lotus\\Domino\\data",
    },
}


def media(platform: str) -> Media:
    """The image."""
    places = _PLACES[platform]
    return {places["program"]: "program:sametime:setup", "options.txt": _SAMPLE.format(**places)}
