"""The installation images of ITDS 6.0 and 6.1: filesets for AIX, the InstallShield launcher for Windows."""

from __future__ import annotations

from lab.aix.userland.bff import Fileset, package
from lab.host import Media
from lab.products.itds import gskit_media
from lab.products.itds.layout import VERSIONS, Layout

CLIENTS = ("idsldapsearch", "idsldapmodify", "idsldapadd", "idsldapdelete", "ibmdirctl", "idslink", "idsrmlink")
SERVERS = (
    "idsicrt", "idsidrop", "idsilist", "idsdnpw", "idscfgdb", "idsucfgdb", "idscfgsuf", "idsucfgsuf", "idssetport",
    "idsldif2db", "ldif2db", "ibmslapd", "idsslapd", "ibmdiradm", "idsdiradm",
)  # fmt: skip

LEVELS = {"6.0": "6.0.0.0", "6.1": "6.1.0.0"}
SETUP = {"6.0": "ismp/setup.exe", "6.1": "tds/install_tds.exe"}
"""The Windows launcher, below the version's folder."""

_OPTIONS = """\
# Sample options file of a silent installation: install_tds -is:silent -options <this file>
-P installLocation="C:\\Program Files\\IBM\\LDAP\\V{version}"
-P DB2.active=false
-P GSKit.active=true
-P Server.active=true
-P Client.active=true
-P JavaClient.active=true
-P ProxyServer.active=false
-P WebAdmin.active=false
-P eWAS.active=false
"""


def media(platform: str) -> Media:
    """Both versions' images below `tdsV6.0/` and `tdsV6.1/`."""
    files: dict[str, str] = {}
    for version in VERSIONS:
        content = _windows(version) if platform == "windows" else _aix(version)
        files |= {f"tdsV{version}/{path}": text for path, text in content.items()}
    return files


def _windows(version: str) -> dict[str, str]:
    return {
        SETUP[version]: f"program:itds:setup-{version}",
        "optionsFiles/InstallServer.txt": _OPTIONS.format(version=version),
    }


def programs(version: str, layout: Layout) -> dict[str, str]:
    """Native path to entry of every program of a full installation."""
    return {
        **{layout.tool(name): f"itds:{name}-{version}" for name in SERVERS},
        **{layout.client(name): f"itds:{name}-{version}" for name in CLIENTS},
    }


def _aix(version: str) -> dict[str, str]:
    layout = Layout(version, "aix")
    short = version.replace(".", "")
    level = LEVELS[version]
    everything = programs(version, layout)
    clients = {path: entry for path, entry in everything.items() if path.startswith(layout.home + "/bin/")}
    servers = {path: entry for path, entry in everything.items() if path not in clients}

    def fileset(name: str, description: str, size: int, requisites: dict[str, str]) -> Fileset:
        return {
            "name": f"idsldap.{name}.rte",
            "level": level,
            "description": f"Directory Server - {description}",
            "sizes": {"/opt": size},
            "requisites": requisites,
            "licence": True,
        }

    base = {f"idsldap.cltbase{short}.rte": level}
    server_base = {**base, f"idsldap.srvbase64bit{short}.rte": level, "gskta.rte": gskit_media.LEVEL}
    filesets = [
        fileset(f"cltbase{short}", "Base Client", 6, {}) | {"configure": f"itds:configure-{version}"},
        fileset(f"clt32bit{short}", "32 bit Client", 10, base),
        fileset(f"clt64bit{short}", "64 bit Client", 12, base) | {"programs": clients},
        fileset(f"clt_max_crypto32bit{short}", "32 bit Client (SSL)", 1, {"gsksa.rte": gskit_media.LEVEL}),
        fileset(f"clt_max_crypto64bit{short}", "64 bit Client (SSL)", 1, {"gskta.rte": gskit_media.LEVEL}),
        fileset(f"cltjava{short}", "Java Client", 90, base),
        fileset(f"srvbase64bit{short}", "Base Server", 8, base),
        fileset(f"srv64bit{short}", "64 bit Server", 70, {**server_base, f"idsldap.clt64bit{short}.rte": level})
        | {"programs": servers, "configure": f"itds:configure-{version}"},
        fileset(f"srvproxy64bit{short}", "Proxy Server", 20, server_base),
        fileset(f"srv_max_cryptobase64bit{short}", "Base Server (SSL)", 1, server_base),
        fileset(f"msg{short}.en_US", "U.S. English Messages", 2, base),
        fileset(f"ent{short}", "Entitlement", 1, {}),
    ]
    return {
        **{f"gskit/{path}": text for path, text in gskit_media.media("aix").items()},
        # One file for each package, named as the package.
        **{f"tdsfiles/{entry['name'].removesuffix('.rte')}.bff": package(entry) for entry in filesets},
    }
