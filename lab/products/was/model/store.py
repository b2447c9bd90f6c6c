"""Copy-on-write on a `config` folder: documents are read once, changed in memory, and written by `save`."""

from __future__ import annotations

import contextlib
import fcntl
import fnmatch
import hashlib
import os
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

from lab.products.was.model import messages
from lab.products.was.model.document import Document


class Store:
    """The documents of `config` with the changes that are not saved. Paths are relative to it, with `/`."""

    def __init__(self, config: Path) -> None:
        self.config = config
        self._documents: dict[str, Document] = {}
        self._files: dict[str, bytes] = {}
        self._deleted: set[str] = set()
        # What `add` and `add_file` brought: unsaved even where nothing changed in it since.
        self._added: set[str] = set()
        # What a document was when it was first looked at; None: it was not there.
        self._digests: dict[str, str | None] = {}

    def document(self, path: str) -> Document:
        """The XMI document at `path`; raises `KeyError` when there is none, `ScriptingError` when it is no XMI."""
        if path not in self._documents:
            self._documents[path] = Document.parse(path, self.content(path).decode("utf-8"))
            self._files.pop(path, None)
        return self._documents[path]

    def content(self, path: str) -> bytes:
        """What the file at `path` holds, unsaved changes included; raises `KeyError` when there is none."""
        if path in self._documents:
            return self._documents[path].text().encode("utf-8")
        if path in self._files:
            return self._files[path]
        data = None if path in self._deleted else self._look(path)
        if data is None:
            raise KeyError(path)
        return data

    def is_xmi(self, path: str) -> bool:
        """Whether the file at `path` is an XMI document; some in the repository are other XML."""
        return path in self._documents or b"http://www.omg.org/XMI" in self.content(path)

    def exists(self, path: str) -> bool:
        """Whether there is a file at `path`."""
        if path in self._documents or path in self._files:
            return True
        return path not in self._deleted and (self.config / path).is_file()

    def paths(self, pattern: str) -> list[str]:
        """The paths that match a pattern with `*` (which matches `/` too), sorted."""
        fixed = re.split(r"[*?\[]", pattern, maxsplit=1)[0]
        if fixed == pattern:
            return [pattern] if self.exists(pattern) else []
        found = {*self._documents, *self._files}
        for folder, _, names in os.walk(self.config / fixed.rpartition("/")[0]):
            below = Path(folder).relative_to(self.config).as_posix()
            found.update(f"{below}/{name}".removeprefix("./") for name in names)
        return sorted(path for path in found - self._deleted if fnmatch.fnmatchcase(path, pattern))

    def add(self, document: Document) -> None:
        """A new document, or one in place of another."""
        self._note(document.path)
        self._files.pop(document.path, None)
        self._deleted.discard(document.path)
        self._added.add(document.path)
        self._documents[document.path] = document

    def add_file(self, path: str, data: bytes) -> None:
        """A file that is no XMI, or one in place of another."""
        self._note(path)
        self._documents.pop(path, None)
        self._deleted.discard(path)
        self._added.add(path)
        self._files[path] = data

    def delete(self, path: str) -> None:
        """Take a file away; raises `KeyError` when it is not there."""
        if not self.exists(path):
            raise KeyError(path)
        self._note(path)
        self._documents.pop(path, None)
        self._files.pop(path, None)
        self._added.discard(path)
        self._deleted.add(path)

    def loaded(self) -> list[Document]:
        """The documents that were looked into."""
        return list(self._documents.values())

    def changed(self) -> list[str]:
        """The paths of what is not saved, sorted."""
        documents = {path for path, each in self._documents.items() if each.changed or path in self._added}
        deleted = {path for path in self._deleted if self._digests.get(path)}
        return sorted(documents | set(self._files) | deleted)

    def save(self, *, overwrite: bool = False) -> None:
        """Write what changed, each file at once. Raises `ScriptingError`, and writes nothing, when another client saved
        one of them meanwhile, unless `overwrite`."""
        changed = self.changed()
        with self._locked():
            for path in changed:
                if not overwrite and self._digest(path) != self._digests.get(path):
                    raise messages.conflict(path)
            for path in changed:
                if path in self._deleted:
                    self._unlink(self.config / path)
                else:
                    self._write(self.config / path, self.content(path))
        self.discard()

    def discard(self) -> None:
        """Forget what was not saved."""
        self._documents.clear()
        self._files.clear()
        self._deleted.clear()
        self._added.clear()
        self._digests.clear()

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        """One client saves at a time."""
        folder = os.open(self.config, os.O_RDONLY)
        try:
            fcntl.flock(folder, fcntl.LOCK_EX)
            yield
        finally:
            os.close(folder)

    def _look(self, path: str) -> bytes | None:
        file = self.config / path
        data = file.read_bytes() if file.is_file() else None
        self._digests.setdefault(path, None if data is None else hashlib.sha1(data, usedforsecurity=False).hexdigest())
        return data

    def _note(self, path: str) -> None:
        if path not in self._digests:
            self._look(path)

    def _digest(self, path: str) -> str | None:
        file = self.config / path
        return hashlib.sha1(file.read_bytes(), usedforsecurity=False).hexdigest() if file.is_file() else None

    def _unlink(self, file: Path) -> None:
        file.unlink(missing_ok=True)
        for folder in file.parents:
            if folder == self.config or any(folder.iterdir()):
                break
            folder.rmdir()

    def _write(self, file: Path, data: bytes) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        mode = file.stat().st_mode & 0o777 if file.exists() else 0o644
        descriptor, name = tempfile.mkstemp(prefix=f".{file.name}.", dir=file.parent)
        try:
            with os.fdopen(descriptor, "wb") as stream:
                stream.write(data)
            Path(name).chmod(mode)
            Path(name).replace(file)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
