"""Provider paths: files on `C:` and registry keys, with wildcards."""

from __future__ import annotations

import ntpath
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from lab.windows.powershell.dotnet.exceptions import NetFailure
from lab.windows.powershell.errors import Refused
from lab.windows.powershell.wildcard import has_wildcard, wildcard
from lab.windows.registry import full_name
from lab.windows.tree import PathRefused, absolute

if TYPE_CHECKING:
    from lab.windows.session import Session

_OTHER_DRIVES = {"env", "variable", "function", "alias", "cert", "wsman"}


@dataclass(frozen=True)
class FilePath:
    """A file or folder: its full Windows name and its place."""

    native: str
    place: Path

    @property
    def exists(self) -> bool:
        return self.place.exists() or self.place.is_symlink()


@dataclass(frozen=True)
class KeyPath:
    """A registry key by its full name."""

    key: str


ItemPath = FilePath | KeyPath


def parse(session: Session, path: str) -> ItemPath:
    """The thing a path names, whether it is there or not."""
    text = path
    for provider in ("Microsoft.PowerShell.Core\\", ""):
        for name in ("FileSystem::", "Registry::"):
            if text.casefold().startswith((provider + name).casefold()):
                text = text[len(provider + name) :]
                break
    drive, colon, _ = text.partition(":")
    if text.upper().startswith(("HKEY_", "HKLM:", "HKCU:")):
        return KeyPath(full_name(text))
    if colon and len(drive) > 1:
        if drive.casefold() in _OTHER_DRIVES:
            raise Refused(f"the drive of {path} is not imitated")
        raise NetFailure(
            "System.IO.DriveNotFoundException",
            f"Cannot find drive. A drive with the name '{drive}' does not exist.",
        )
    try:
        native = absolute(text, session.directory)
        place = session.machine.tree.path(native)
    except PathRefused as refused:
        if refused.reason == "drive":
            message = f"Cannot find drive. A drive with the name '{drive}' does not exist."
            raise NetFailure("System.IO.DriveNotFoundException", message) from None
        raise NetFailure("System.NotSupportedException", str(refused)) from None
    return FilePath(session.machine.tree.native(place) if place.exists() else native, place)


def resolve(session: Session, path: str, *, literal: bool = False) -> list[ItemPath]:
    """The existing things that a path, perhaps with wildcards, names."""
    if literal or not has_wildcard(path):
        found = parse(session, path)
        return [found] if item_exists(session, found) else []
    folder, pattern = ntpath.split(path)
    if has_wildcard(folder):
        parents = resolve(session, folder)
    else:
        parent = parse(session, folder or ".")
        parents = [parent] if item_exists(session, parent) else []
    matcher = wildcard(pattern)
    return [
        child for parent in parents for child in children(session, parent) if matcher.fullmatch(leaf(child)) is not None
    ]


def item_exists(session: Session, item: ItemPath) -> bool:
    """Whether the thing is there."""
    return item.exists if isinstance(item, FilePath) else session.machine.registry.exists(item.key)


def children(session: Session, item: ItemPath) -> list[ItemPath]:
    """What lies directly below, folders first."""
    if isinstance(item, KeyPath):
        registry = session.machine.registry
        return [KeyPath(f"{registry.spelled(item.key)}\\{name}") for name in registry.children(item.key)]
    if not item.place.is_dir():
        return []
    entries = sorted(item.place.iterdir(), key=lambda entry: (entry.is_file(), entry.name.casefold()))
    return [FilePath(session.machine.tree.native(entry), entry) for entry in entries]


def leaf(item: ItemPath) -> str:
    """The last part of the name."""
    return ntpath.basename(item.native if isinstance(item, FilePath) else item.key)


def shown(item: ItemPath) -> str:
    """The name in messages."""
    return item.native if isinstance(item, FilePath) else item.key
