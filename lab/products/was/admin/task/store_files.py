"""The file behind a key store of the configuration, as commands read and write it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TypeVar

from lab.products.was import xor
from lab.products.was.admin.task.commands import Call
from lab.products.was.errors import ScriptingError
from lab.products.was.keys.pkcs12 import BadStore, KeyStore
from lab.products.was.model.element import Element

Entry = TypeVar("Entry")


class StoreFile:
    """A key store that a call works on; its file lies in the repository or elsewhere on the host."""

    def __init__(self, call: Call, element: Element) -> None:
        self._call, self.name = call, element.get("name") or ""
        self._read_only = element.get("readOnly") == "true"
        self._path = (element.get("location") or "").replace("\\", "/")
        self._password = xor.decode(element.get("password") or "")
        if element.get("type") != "PKCS12":
            raise ScriptingError(f"lab: key store {self.name} is of type {element.get('type')}; only PKCS12 works here")
        content = self._read()
        self.exists = content is not None
        try:
            self.file = KeyStore() if content is None else KeyStore.parse(content, self._password)
        except BadStore as error:
            raise ScriptingError(
                f"java.io.IOException: {self._path}: Keystore was tampered with, or password was incorrect ({error})"
            ) from None

    def write(self) -> None:
        """Keep what changed: in the repository with the next save. Raises `ScriptingError`."""
        if self._read_only:
            raise ScriptingError(f"CWPKI0640E: Key store {self.name} is read only.")
        content = self.file.content(self._password)
        if inside := self._inside():
            self._call.workspace.add_file(inside, content)
        else:
            self._outside().parent.mkdir(parents=True, exist_ok=True)
            self._outside().write_bytes(content)

    def one(self, entries: Mapping[str, Entry], alias: str) -> Entry:
        """The entry of an alias; raises `ScriptingError`."""
        if alias not in entries:
            raise ScriptingError(f"CWPKI0631E: Certificate alias {alias} does not exist in key store {self.name}.")
        return entries[alias]

    def require_free(self, alias: str) -> None:
        """Raise `ScriptingError` when an alias is taken: keys and signers share the names of a file."""
        if alias in self.file.personal or alias in self.file.signers:
            raise ScriptingError(f"CWPKI0632E: Certificate alias {alias} already exists in key store {self.name}.")

    def _inside(self) -> str | None:
        below = self._path.removeprefix("${CONFIG_ROOT}/")
        return below if below != self._path else None

    def _outside(self) -> Path:
        path = self._path.replace("${USER_INSTALL_ROOT}", self._call.profile.path.replace("\\", "/"))
        return self._call.host.path(path)

    def _read(self) -> bytes | None:
        if inside := self._inside():
            return self._call.workspace.content(inside) if self._call.workspace.exists(inside) else None
        return self._outside().read_bytes() if self._outside().is_file() else None


def file_of(call: Call, path: str) -> bytes:
    """What is in a file of the host; raises `ScriptingError`."""
    file = call.host.path(path)
    if not file.is_file():
        raise ScriptingError(f"CWPKI0634E: The file {path} does not exist.")
    return file.read_bytes()


def write_file(call: Call, path: str, content: bytes) -> None:
    """Write a file of the host; raises `ScriptingError`."""
    file = call.host.path(path)
    if not file.parent.is_dir():
        raise ScriptingError(f"CWPKI0633E: The file {path} cannot be written.")
    file.write_bytes(content)
