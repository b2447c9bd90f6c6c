"""DB2 9.1: its images, its setup programs and the programs of an installed copy.

Steps at which a fault may be ordered: `db2setup:prerequisites`, `db2setup`, `setup.exe:prerequisites`, `setup.exe`,
`installFixPack`, `db2licm`, `db2icrt`, `db2start`, `createdb`, `updatedb`, `sql`.
"""

from __future__ import annotations

import signal
from collections.abc import Sequence
from functools import partial

from lab.host import Host, Media, Program
from lab.products.db2 import clp, engine, fixpack, instances, levels, licences, manager, setup_unix, setup_windows
from lab.products.db2.editions import EDITIONS
from lab.products.itds import gskit_media

FIXPACK = 4


def _db2syscs(host: Host, arguments: Sequence[str]) -> int:
    """The program behind DB2's Windows services."""
    if list(arguments) == ["-idle"]:
        host.report_running()
        signal.pause()
        return 0
    return engine.db2sysc(host, arguments)


PROGRAMS: dict[str, Program] = {
    "db2": clp.db2,
    "db2fmcd": instances.db2fmcd,
    "db2fmcu": instances.db2fmcu,
    "db2iauto": instances.db2iauto,
    "db2icrt": instances.db2icrt,
    "db2idrop": instances.db2idrop,
    "db2ilist": instances.db2ilist,
    "db2iset": instances.db2iset,
    "db2iupdt": instances.db2iupdt,
    "db2level": levels.db2level,
    "db2licm": licences.db2licm,
    "db2ls": levels.db2ls,
    "db2set": manager.db2set,
    "db2start": manager.db2start,
    "db2stop": manager.db2stop,
    "db2sysc": engine.db2sysc,
    "db2syscs": _db2syscs,
    "installFixPack": partial(fixpack.install_fix_pack, level=FIXPACK),
}
for _name, _edition in EDITIONS.items():
    PROGRAMS[f"db2setup-{_name}"] = partial(setup_unix.db2setup, edition=_edition)
    PROGRAMS[f"setup-{_name}"] = partial(setup_windows.setup, edition=_edition)
    PROGRAMS[f"setup-{_name}-fixpack"] = partial(setup_windows.setup, edition=_edition, fixpack=FIXPACK)

_SAMPLE = """\
* Sample response file of {title}
PROD = {keyword}
FILE = {path}
LIC_AGREEMENT = DECLINE
INSTALL_TYPE = TYPICAL
"""


def media(platform: str) -> Media:
    """The images: one folder for each edition, those of a fix pack, which on Windows hold an edition, and GSKit's."""
    files: dict[str, str] = {f"gskit/{path}": text for path, text in gskit_media.media(platform).items()}
    for name, edition in EDITIONS.items():
        windows = platform == "windows"
        program = f"{name}/setup.exe" if windows else f"{name}/db2setup"
        files[program] = f"program:db2:setup-{name}" if windows else f"program:db2:db2setup-{name}"
        path = setup_windows.DEFAULT_PATH if windows else "/opt/IBM/db2/V9.1"
        samples = "Windows" if windows else "aix"
        files[f"{name}/db2/{samples}/samples/{edition.identifier}.rsp"] = _SAMPLE.format(
            title=edition.title, keyword=edition.keyword, path=path
        )
        files |= licences.media(f"{name}/db2/license/", edition)
        if windows:
            files[f"{name}-fixpack/setup.exe"] = f"program:db2:setup-{name}-fixpack"
        else:
            files[f"{name}/db2ls"] = "program:db2:db2ls"
    if platform == "aix":
        files["fixpack/installFixPack"] = "program:db2:installFixPack"
    return files
