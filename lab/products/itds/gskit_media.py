"""The image of GSKit 7, which several products bring along."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from lab.aix.userland.bff import package
from lab.host import Host, Media
from lab.products.itds.layout import GSKIT_COMMAND

LEVEL = "7.0.4.11"
_RESPONSE = "[InstallShield Silent]\nVersion=v7.00\nFile=Response File\n"
_KEY = r"HKLM\SOFTWARE\IBM\GSK7\CurrentVersion"
_USAGE = "Usage: setup.exe <product> -s -f1<response file>"


def media(platform: str) -> Media:
    """Filesets for AIX, the InstallShield setup for Windows."""
    if platform == "windows":
        return {"setup.exe": "program:itds:gskit-setup-7", "setup.iss": _RESPONSE}
    return {
        "gskta.rte.bff": package(
            {
                "name": "gskta.rte",
                "level": LEVEL,
                "description": "AIX Certificate and SSL Base Runtime (64-bit)",
                "sizes": {"/opt": 20},
                "programs": {GSKIT_COMMAND["aix"]: "itds:gsk7capicmd-7"},
            }
        ),
        "gsksa.rte.bff": package(
            {
                "name": "gsksa.rte",
                "level": LEVEL,
                "description": "AIX Certificate and SSL Base Runtime (32-bit)",
                "sizes": {"/opt": 18},
            }
        ),
    }


def setup(host: Host, arguments: Sequence[str]) -> int:
    """`setup.exe <product> -s -f1<file>`: the silent installation on Windows, for a product that will need it."""
    words = list(arguments)
    if len(words) != 3 or words[0].startswith("-") or words[1] != "-s" or not words[2].startswith("-f1"):
        print(_USAGE, file=sys.stderr)
        return 1
    response = host.path(words[2].removeprefix("-f1"))
    if not response.is_file() or not response.read_text("utf-8").startswith("[InstallShield Silent]"):
        print(f"{words[2]}: no response file of InstallShield", file=sys.stderr)
        return 1
    if not host.user.administrator or host.fault("gskit-setup"):
        print("GSKit could not be installed.", file=sys.stderr)
        return 1
    host.install_program(GSKIT_COMMAND["windows"], "itds:gsk7capicmd-7")
    host.run(["reg", "add", _KEY, "/v", "Version", "/t", "REG_SZ", "/d", LEVEL, "/f"])
    return 0
