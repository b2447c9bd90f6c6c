"""IBM Tivoli Directory Server 6.0 and 6.1. An entry is `itds:<program>-<version>`."""

from __future__ import annotations

from collections.abc import Sequence

from lab.host import Host, Late, Media, Program, Programs, found
from lab.products.itds.layout import VERSIONS, Layout, Tool

PLACES = {
    "configure": "installation.configure",
    "setup": "installation.setup",
    "idsicrt": "tools.idsicrt",
    "idsidrop": "tools.idsidrop",
    "idsilist": "tools.idsilist",
    "idsdnpw": "tools.idsdnpw",
    "idscfgdb": "tools.idscfgdb",
    "idsucfgdb": "tools.idsucfgdb",
    "idscfgsuf": "tools.idscfgsuf",
    "idsucfgsuf": "tools.idsucfgsuf",
    "idssetport": "tools.idssetport",
    "idslink": "tools.idslink",
    "idsrmlink": "tools.idsrmlink",
    "idsldif2db": "server.idsldif2db",
    "ldif2db": "server.idsldif2db",
    "ibmslapd": "server.ibmslapd",
    "idsslapd": "server.ibmslapd",
    "ibmdiradm": "server.ibmdiradm",
    "idsdiradm": "server.ibmdiradm",
    "ibmdirctl": "server.ibmdirctl",
    "slapd": "server.slapd",
    "diradm": "server.daemon",
    "idsldapsearch": "clients.idsldapsearch",
    "idsldapmodify": "clients.idsldapmodify",
    "idsldapadd": "clients.idsldapadd",
    "idsldapdelete": "clients.idsldapdelete",
}
"""Where each tool is, by its name; those of `installation` are not guarded."""


def _program(version: str, name: str, place: str) -> Program:
    def run(host: Host, arguments: Sequence[str]) -> int:
        tool: Tool = found(f"lab.products.itds.{place}")
        if not place.startswith("installation."):
            from lab.products.itds.tools import guarded  # noqa: PLC0415 - as late as the tool itself

            tool = guarded(name, tool)
        return tool(host, Layout(version, host.platform), arguments)

    return run


PROGRAMS: Programs = {
    f"{name}-{version}": _program(version, name, place) for version in VERSIONS for name, place in PLACES.items()
} | {
    "gsk7capicmd-7": Late("lab.products.itds.gskit.gsk7capicmd"),
    "gskit-setup-7": Late("lab.products.itds.gskit_media.setup"),
}


def media(platform: str) -> Media:
    """The installation images."""
    from lab.products.itds import images  # noqa: PLC0415 - no program needs them

    return images.media(platform)
