"""The installation images: a folder for each edition, those of a fix pack, which on Windows hold one, and GSKit's."""

from __future__ import annotations

from lab.host import Media
from lab.products.db2 import licences, setup_windows
from lab.products.db2.editions import EDITIONS
from lab.products.itds import gskit_media

_SAMPLE = """\
* Sample response file of {title}
PROD = {keyword}
FILE = {path}
LIC_AGREEMENT = DECLINE
INSTALL_TYPE = TYPICAL
"""


def media(platform: str) -> Media:
    """Files by path below the media root."""
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
