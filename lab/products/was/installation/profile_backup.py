"""A profile in one zip file: its folder, and its line of the registry."""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path

from lab.products.was.installation import profile_registry
from lab.products.was.installation.profile_registry import Entry
from lab.products.was.layout import Installation, Profile

_ENTRY = "profileRegistry"


def save(profile: Profile, target: Path) -> None:
    """Write the backup."""
    folder = profile.file()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as backup:
        backup.writestr(_ENTRY, "\n".join((profile.name, profile.path, profile.template, str(profile.default))))
        for file in sorted(folder.rglob("*")):
            backup.write(file, f"profile/{file.relative_to(folder)}")


def restore(installation: Installation, source: Path) -> None:
    """Put the profile back where it was. Raises `ValueError` when it cannot."""
    if not source.is_file() or not zipfile.is_zipfile(source):
        raise ValueError(f"backupFile: {source} is no backup of a profile.")
    with zipfile.ZipFile(source) as backup:
        name, path, template, default = backup.read(_ENTRY).decode().split("\n")
        folder = installation.host.path(path)
        if any(entry.name == name for entry in profile_registry.read(installation)) or folder.exists():
            raise ValueError(f"The profile {name} or its directory {path} exists.")
        backup.extractall(folder)
    for child in (folder / "profile").iterdir():
        shutil.move(child, folder / child.name)
    (folder / "profile").rmdir()
    (folder / _ENTRY).unlink()
    for program in (folder / "bin").iterdir():
        program.chmod(0o755)
    profile_registry.put(installation, Entry(name, path, template, default == "True", ticket=False))
