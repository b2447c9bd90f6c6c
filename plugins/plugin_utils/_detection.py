# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""How to see that a product is installed, and at which level."""

from __future__ import annotations

import fnmatch
import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from html import unescape
from typing import Any

from ansible.errors import AnsibleActionFail

from ._outcome import Outcome
from ._programs import Parameter
from ._resource import State
from ._target import Target

ANY = "any level"


class Detection(ABC):
    """One way to see it."""

    def __init__(self, target: Target) -> None:
        self._target = target

    @abstractmethod
    def read(self) -> State:
        """What is there; empty when the product is not."""

    @abstractmethod
    def wanted(self, found: State) -> State:
        """`found` when that will do, otherwise what must be there."""

    def _detect(
        self, kind: str, subject: str | None = None, names: list[str] | None = None, value: str | None = None
    ) -> Outcome:
        parameters: dict[str, Parameter] = {"kind": kind, "subject": subject}
        if self._target.windows:
            parameters["value"] = value
        else:
            parameters["names"] = names or []
        return self._target.execute("installer_detect", parameters)


class Db2Copy(Detection):
    """A DB2 copy: its directory and lowest level."""

    def __init__(self, target: Target, options: Mapping[str, Any]) -> None:
        super().__init__(target)
        self._path: str = options["path"]
        self._version: str | None = options["version"]

    def read(self) -> State:
        level = self._detect("db2", self._path).get("level")
        return {"version": level} if level else {}

    def wanted(self, found: State) -> State:
        if found and at_least(found["version"], self._version):
            return found
        return {"version": self._version or ANY}


class Filesets(Detection):
    """AIX filesets: name (or a pattern) and lowest level of each."""

    def __init__(self, target: Target, options: list[Mapping[str, Any]]) -> None:
        super().__init__(target)
        self._lowest: dict[str, str | None] = {item["name"]: item["level"] for item in options}

    def read(self) -> State:
        said = self._detect("filesets", names=list(self._lowest))
        return dict(pair.split(":", 1) for pair in said.all("fileset"))

    def wanted(self, found: State) -> State:
        state = dict(found)
        for name, lowest in self._lowest.items():
            matching = fnmatch.filter(found, name)
            if not matching:
                state[name] = lowest or ANY
            for fileset in matching:
                if not at_least(found[fileset], lowest):
                    state[fileset] = lowest
        return state


class RegistryValue(Detection):
    """A key or value of the Windows registry."""

    def __init__(self, target: Target, options: Mapping[str, Any]) -> None:
        super().__init__(target)
        self._key: str = options["key"]
        self._value: str | None = options["value"]
        self._data: str | None = options["data"]

    def read(self) -> State:
        said = self._detect("registry", self._key, value=self._value)
        if self._value is None:
            return {self._key: "there"} if said.get("key") else {}
        data = said.all("data")
        return {self._value: data[0]} if data else {}

    def wanted(self, found: State) -> State:
        if self._value is None:
            return {self._key: "there"}
        if self._data is None:
            return found or {self._value: "any"}
        return {self._value: self._data}


class Presence(Detection):
    """A file or folder."""

    def __init__(self, target: Target, path: str) -> None:
        super().__init__(target)
        self._path = path

    def read(self) -> State:
        return {self._path: "there"} if self._detect("path", self._path).get("path") else {}

    def wanted(self, found: State) -> State:
        del found
        return {self._path: "there"}


class WasProduct(Detection):
    """A product of a WebSphere installation, by the files about its products: identifier and lowest level."""

    def __init__(self, target: Target, options: Mapping[str, Any]) -> None:
        super().__init__(target)
        self._path: str = options["path"]
        self._product: str = options["product"]
        self._version: str | None = options["version"]

    def read(self) -> State:
        products = dict(pair.split(":", 1) for pair in self._detect("was", self._path).all("product"))
        return {"version": products[self._product]} if self._product in products else {}

    def wanted(self, found: State) -> State:
        return found if found and at_least(found["version"], self._version) else {"version": self._version or ANY}


class UpdateInstaller(Detection):
    """An Update Installer for WebSphere, by its version.txt: lowest level."""

    def __init__(self, target: Target, options: Mapping[str, Any]) -> None:
        super().__init__(target)
        self._path: str = options["path"]
        self._version: str | None = options["version"]

    def read(self) -> State:
        found = re.search(r"\d+(\.\d+)+", self._detect("update_installer", self._path).get("version"))
        return {"version": found[0]} if found else {}

    def wanted(self, found: State) -> State:
        return found if found and at_least(found["version"], self._version) else {"version": self._version or ANY}


class WasProfileEntry(Detection):
    """A profile in the registry of a WebSphere installation, complete and with its folder there."""

    def __init__(self, target: Target, options: Mapping[str, Any]) -> None:
        super().__init__(target)
        self._root: str = options["root"]
        self._name: str = options["name"]

    def read(self) -> State:
        said = self._detect("was_profile", self._root)
        for entry in map(profile_entry, said.all("entry")):
            if entry.get("name") == self._name and entry.get("isAReservationTicket") != "true":
                return {"profile": self._name} if entry["path"] in said.all("folder") else {}
        return {}

    def wanted(self, found: State) -> State:
        del found
        return {"profile": self._name}


def profile_entry(text: str) -> dict[str, str]:
    """The attributes of an entry of `profileRegistry.xml`."""
    return {name: unescape(value) for name, value in re.findall(r'(\w+)="([^"]*)"', text)}


KINDS: Mapping[str, Callable[[Target, Any], Detection]] = {
    "db2": Db2Copy,
    "filesets": Filesets,
    "path": Presence,
    "registry": RegistryValue,
    "update_installer": UpdateInstaller,
    "was": WasProduct,
    "was_profile": WasProfileEntry,
}


def detection(target: Target, options: Mapping[str, Any]) -> Detection:
    """The detection that option `detect` of `installer` describes."""
    kinds = sorted(kind for kind, value in options.items() if value is not None)
    if len(kinds) != 1:
        found = " and ".join(kinds) or "none"
        raise AnsibleActionFail(f"detect: exactly one of {', '.join(KINDS)} is needed, there is {found}")
    kind = kinds[0]
    if kind == "filesets" and target.windows:
        raise AnsibleActionFail("detect.filesets: Windows has no filesets; use detect.registry or detect.path there")
    if kind == "registry" and not target.windows:
        raise AnsibleActionFail("detect.registry: AIX has no registry; use detect.filesets or detect.path there")
    return KINDS[kind](target, options[kind])


def at_least(level: str, lowest: str | None) -> bool:
    """Whether `level` is `lowest` or newer, part by part as numbers; anything is at least nothing."""
    return lowest is None or _parts(level) >= _parts(lowest)


def _parts(level: str) -> list[int]:
    numbers = [int(part) for part in re.findall(r"\d+", level)]
    while numbers and numbers[-1] == 0:
        numbers.pop()
    return numbers
