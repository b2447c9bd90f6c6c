"""Fills a host's `/usr/bin`, `/usr/sbin` and `/usr/ucb` from the allow-lists."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from lab.aix.userland.allowlist import LINKS, OWN, ROOT_ONLY, SHELLS
from lab.aix.userland.flags import GUARDS
from lab.aix.userland.guards import guard_text

_ENTRY = """\
#!{python} -IS
import sys

sys.path.insert(0, {library!r})
from lab.aix.userland.command import start

start({module!r}, {name!r}{root})
"""


@dataclass(frozen=True)
class Surroundings:
    """Where a command finds what is not AIX's: as on a host, unless a test says otherwise. `root` stands for `/`."""

    python: str = "/.lab/bin/python3"
    library: str = "/.lab/py"
    tools: str = "/.lab/usr/bin"
    root: str = ""


def install_tree(root: Path, surroundings: Surroundings | None = None) -> None:
    """Write every command below `root`; a file that is right already is left alone."""
    around = surroundings or Surroundings()
    for folder in ("usr/bin", "usr/sbin", "usr/ucb", "etc"):
        (root / folder).mkdir(parents=True, exist_ok=True)
    for module, folders in OWN.items():
        for folder, names in folders.items():
            for name in names:
                _write(root / folder / name, _entry(module, name, around), 0o550 if name in ROOT_ONLY else 0o555)
    for name, guard in GUARDS.items():
        _write(root / "usr/bin" / name, guard_text(name, guard, around.tools), 0o555)
    for name in SHELLS:
        _link(root / "usr/bin" / name, f"{around.tools}/ksh93")
    for link, target in LINKS.items():
        _link(root / link, target)


def _entry(module: str, name: str, around: Surroundings) -> str:
    root = f", {around.root!r}" if around.root else ""
    return _ENTRY.format(python=around.python, library=around.library, module=module, name=name, root=root)


def _write(file: Path, text: str, mode: int) -> None:
    if not file.is_file() or file.is_symlink() or file.read_text("utf-8") != text:
        file.unlink(missing_ok=True)
        file.write_text(text, "utf-8")
    if file.stat().st_mode & 0o7777 != mode:
        file.chmod(mode)


def _link(link: Path, target: str) -> None:
    if link.is_symlink() and str(link.readlink()) == target:
        return
    link.unlink(missing_ok=True)
    link.symlink_to(target)
