"""IBM Tivoli Directory Server 6.0 and 6.1. An entry is `itds:<program>-<version>`."""

from __future__ import annotations

from collections.abc import Sequence

from lab.host import Host, Program, Programs
from lab.products.itds import clients, gskit_media, installation, server, tools
from lab.products.itds.layout import VERSIONS, Layout, Tool
from lab.products.itds.media import media

__all__ = ["PROGRAMS", "media"]

_TOOLS: dict[str, Tool] = {
    "idsicrt": tools.idsicrt,
    "idsidrop": tools.idsidrop,
    "idsilist": tools.idsilist,
    "idsdnpw": tools.idsdnpw,
    "idscfgdb": tools.idscfgdb,
    "idsucfgdb": tools.idsucfgdb,
    "idscfgsuf": tools.idscfgsuf,
    "idsucfgsuf": tools.idsucfgsuf,
    "idssetport": tools.idssetport,
    "idslink": tools.idslink,
    "idsrmlink": tools.idsrmlink,
    "idsldif2db": server.idsldif2db,
    "ldif2db": server.idsldif2db,
    "ibmslapd": server.ibmslapd,
    "idsslapd": server.ibmslapd,
    "ibmdiradm": server.ibmdiradm,
    "idsdiradm": server.ibmdiradm,
    "ibmdirctl": server.ibmdirctl,
    "slapd": server.slapd,
    "diradm": server.daemon,
    "idsldapsearch": clients.idsldapsearch,
    "idsldapmodify": clients.idsldapmodify,
    "idsldapadd": clients.idsldapadd,
    "idsldapdelete": clients.idsldapdelete,
}
_UNGUARDED: dict[str, Tool] = {"configure": installation.configure, "setup": installation.setup}


def _program(version: str, tool: Tool) -> Program:
    def run(host: Host, arguments: Sequence[str]) -> int:
        return tool(host, Layout(version, host.platform), arguments)

    return run


def _gsk7capicmd(host: Host, arguments: Sequence[str]) -> int:
    from lab.products.itds.gskit import gsk7capicmd  # noqa: PLC0415 - cryptography takes long to import

    return gsk7capicmd(host, arguments)


PROGRAMS: Programs = {
    f"{name}-{version}": _program(version, tool)
    for version in VERSIONS
    for name, tool in {
        **{name: tools.guarded(name, tool) for name, tool in _TOOLS.items()},
        **_UNGUARDED,
    }.items()
} | {"gsk7capicmd-7": _gsk7capicmd, "gskit-setup-7": gskit_media.setup}
