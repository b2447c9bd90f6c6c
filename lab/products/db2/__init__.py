"""DB2 9.1: its images, its setup programs and the programs of an installed copy.

Steps at which a fault may be ordered: `db2setup:prerequisites`, `db2setup`, `setup.exe:prerequisites`, `setup.exe`,
`installFixPack`, `db2licm`, `db2icrt`, `db2start`, `createdb`, `updatedb`, `sql`.
"""

from __future__ import annotations

from lab.host import Late, Media, Program
from lab.products.db2.editions import EDITIONS

FIXPACK = 4

_PLACES = {
    "db2": "clp.db2",
    "db2fmcd": "instances.db2fmcd",
    "db2fmcu": "instances.db2fmcu",
    "db2iauto": "instances.db2iauto",
    "db2icrt": "instances.db2icrt",
    "db2idrop": "instances.db2idrop",
    "db2ilist": "instances.db2ilist",
    "db2iset": "instances.db2iset",
    "db2iupdt": "instances.db2iupdt",
    "db2level": "levels.db2level",
    "db2licm": "licences.db2licm",
    "db2ls": "levels.db2ls",
    "db2set": "manager.db2set",
    "db2start": "manager.db2start",
    "db2stop": "manager.db2stop",
    "db2sysc": "engine.db2sysc",
    "db2syscs": "windows_service.db2syscs",
}
PROGRAMS: dict[str, Program] = {
    **{name: Late(f"lab.products.db2.{place}") for name, place in _PLACES.items()},
    "installFixPack": Late("lab.products.db2.fixpack.install_fix_pack", level=FIXPACK),
}
_SETUP_WINDOWS = "lab.products.db2.setup_windows.setup"
for _name, _edition in EDITIONS.items():
    PROGRAMS |= {
        f"db2setup-{_name}": Late("lab.products.db2.setup_unix.db2setup", edition=_edition),
        f"setup-{_name}": Late(_SETUP_WINDOWS, edition=_edition),
        f"setup-{_name}-fixpack": Late(_SETUP_WINDOWS, edition=_edition, fixpack=FIXPACK),
    }


def media(platform: str) -> Media:
    """The installation images."""
    from lab.products.db2 import images  # noqa: PLC0415 - no program needs them

    return images.media(platform)
