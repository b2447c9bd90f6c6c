"""Where an installation and its profiles lie, on both platforms, and what their small files say."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from lab.host import Host

REGISTRY = ("properties", "profileRegistry.xml")


def join(host: Host, root: str, *parts: str) -> str:
    """A native path of the host."""
    separator = "\\" if host.platform == "windows" else "/"
    return separator.join([root.rstrip("\\/"), *parts])


def script(host: Host, name: str) -> str:
    """The file name of a command: `wsadmin` is `wsadmin.sh` or `wsadmin.bat`."""
    return f"{name}.bat" if host.platform == "windows" else f"{name}.sh"


@dataclass(frozen=True)
class Profile:
    """A profile as the registry of its installation has it; `path` is native."""

    host: Host
    name: str
    path: str
    template: str
    default: bool

    def file(self, *parts: str) -> Path:
        """A file of the profile, for this process."""
        return self.host.path(join(self.host, self.path, *parts))

    @property
    def config(self) -> Path:
        """The configuration repository."""
        return self.file("config")

    @property
    def cell(self) -> str:
        """The cell it belongs to now: `addNode` changes it."""
        return self._setting("WAS_CELL")

    @property
    def node(self) -> str:
        """Its node."""
        return self._setting("WAS_NODE")

    def _setting(self, name: str) -> str:
        text = self.file("bin", script(self.host, "setupCmdLine")).read_text("utf-8")
        found = re.search(rf"^(?:SET )?{name}=(.*?)\r?$", text, re.MULTILINE)
        return found[1].strip() if found else ""


@dataclass(frozen=True)
class Installation:
    """A WAS root; `root` is native."""

    host: Host
    root: str

    def file(self, *parts: str) -> Path:
        """A file of the installation, for this process."""
        return self.host.path(join(self.host, self.root, *parts))

    def profiles(self) -> Iterator[Profile]:
        """The registered profiles, in the registry's order."""
        registry = self.file(*REGISTRY)
        if not registry.exists():
            return
        for entry in ET.parse(registry).getroot().iter("profile"):
            if entry.get("isAReservationTicket") == "true":
                # A creation that is not through.
                continue
            yield Profile(
                self.host, entry.get("name", ""), entry.get("path", ""), entry.get("template", ""),
                entry.get("isDefault") == "true",
            )  # fmt: skip

    def profile(self, name: str) -> Profile | None:
        """The profile of that name, or the default one for an empty name."""
        return next((each for each in self.profiles() if (each.name == name if name else each.default)), None)


def of_program(host: Host, arguments: Sequence[str]) -> tuple[Installation, Profile | None]:
    """The installation and the profile that the running command works on: that of its own `bin` folder, or the one
    that `-profileName` names, or the default one. Raises `LookupError` when it lies in no installation."""
    home = re.sub(r"[\\/]bin[\\/][^\\/]+$", "", host.program)
    owner = host.path(join(host, home, "bin", script(host, "setupCmdLine")))
    text = owner.read_text("utf-8") if owner.exists() else ""
    found = re.search(r"^(?:SET )?WAS_HOME=(.*?)\r?$", text, re.MULTILINE)
    if not found:
        raise LookupError(f"{host.program} belongs to no installation")
    installation = Installation(host, found[1].strip())
    words = [word.lower() for word in arguments]
    if "-profilename" in words[:-1]:
        return installation, installation.profile(arguments[words.index("-profilename") + 1])
    own = next((each for each in installation.profiles() if _same(host, each.path, home)), None)
    return installation, own or installation.profile("")


def of_profile(host: Host, path: str) -> tuple[Installation, Profile]:
    """The installation and the registered profile that lie behind the native path of a profile. Raises
    `LookupError`."""
    text = host.path(join(host, path, "bin", script(host, "setupCmdLine"))).read_text("utf-8")
    found = re.search(r"^(?:SET )?WAS_HOME=(.*?)\r?$", text, re.MULTILINE)
    installation = Installation(host, found[1].strip() if found else "")
    for profile in installation.profiles():
        if _same(host, profile.path, path):
            return installation, profile
    raise LookupError(f"{path} is no registered profile")


def _same(host: Host, one: str, other: str) -> bool:
    return host.path(one) == host.path(other)
