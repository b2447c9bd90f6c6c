"""The `C:` drive: Windows path names on a directory of the machine that runs the lab."""

from __future__ import annotations

import ntpath
import os
import re
from pathlib import Path

MAX_PATH = 260
_ILLEGAL = re.compile(r'[<>:"|?*\x00-\x1f]')
_RESERVED = re.compile(r"(con|prn|aux|nul|com[1-9]|lpt[1-9])(\..*)?", re.IGNORECASE)
_SHORT = re.compile(r"([^.~]{1,6})~([1-4])(?:\.([^.]{1,3}))?")
_PLAIN = re.compile(r"[A-Z0-9!#$%&'()@^_`{}~-]{1,8}(\.[A-Z0-9!#$%&'()@^_`{}~-]{1,3})?", re.IGNORECASE)


class PathRefused(Exception):
    """A path name that Windows itself refuses; `.reason` is one of `format`, `too-long`, `drive`, `network`."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


def absolute(native: str, current: str = "C:\\") -> str:
    """`native` as a full path `C:\\...` without `.`, `..`, doubled or trailing separators."""
    text = native.replace("/", "\\")
    if text.startswith("\\\\"):
        raise PathRefused("network", f"The network path was not found: '{native}'.")
    drive, rest = ntpath.splitdrive(text)
    if drive and drive.upper() != "C:":
        raise PathRefused(
            "drive", f"Could not find a part of the path '{native}'. Drive {drive.upper()} does not exist."
        )
    if not rest.startswith("\\"):
        rest = ntpath.splitdrive(current)[1].rstrip("\\") + "\\" + rest
    full = ntpath.normpath("C:" + rest)
    for part in full[3:].split("\\"):
        if _ILLEGAL.search(part):
            raise PathRefused(
                "format", f"The filename, directory name, or volume label syntax is incorrect: '{native}'."
            )
        if _RESERVED.fullmatch(part):
            raise PathRefused("format", f"The name is reserved for a device: '{native}'.")
    if len(full) >= MAX_PATH:
        raise PathRefused(
            "too-long",
            "The specified path, file name, or both are too long. The fully qualified file name must be less than "
            "260 characters, and the directory name must be less than 248 characters.",
        )
    return full


class Tree:
    """Names below `C:` found without regard to case, kept in the case they were created with."""

    def __init__(self, root: Path) -> None:
        self.root = root
        root.mkdir(parents=True, exist_ok=True)

    def path(self, native: str, current: str = "C:\\") -> Path:
        """Where `native` lies; for a thing that does not exist, where it would be created."""
        place = self.root
        for part in absolute(native, current)[3:].split("\\"):
            # Windows drops dots and blanks at the end of a name.
            name = part.rstrip(". ")
            if name:
                place = self._child(place, name)
        return place

    def native(self, place: Path) -> str:
        """The Windows name of a path inside the tree."""
        inside = os.path.relpath(place, self.root)
        return "C:\\" if inside == "." else "C:\\" + inside.replace("/", "\\")

    @staticmethod
    def _child(place: Path, name: str) -> Path:
        exact = place / name
        if exact.exists() or exact.is_symlink():
            return exact
        folded = name.casefold()
        try:
            with os.scandir(place) as entries:
                for entry in entries:
                    if entry.name.casefold() == folded:
                        return place / entry.name
        except (FileNotFoundError, NotADirectoryError):
            pass
        return _by_short_name(place, name) or exact


def _by_short_name(place: Path, name: str) -> Path | None:
    """What has that name of eight and three characters: NTFS numbers those that begin alike, here by their names."""
    asked = _SHORT.fullmatch(name)
    if not asked or not place.is_dir():
        return None
    wanted, number = (asked[1].upper(), (asked[3] or "").upper()), int(asked[2])
    alike = [each for each in sorted(place.iterdir()) if _short(each.name) == wanted]
    return alike[number - 1] if len(alike) >= number else None


def _short(name: str) -> tuple[str, str] | None:
    """The beginning of a long name's short one, and its ending; None for a name that needs none."""
    if _PLAIN.fullmatch(name):
        return None
    stem, _dot, ending = name.rpartition(".") if "." in name.strip(".") else (name, "", "")
    kept = re.sub(r"[ .]", "", stem).upper()
    return re.sub(r"[+,;=\[\]]", "_", kept)[:6], ending.upper()[:3]
