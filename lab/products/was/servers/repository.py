"""The documents of a repository as files: what a node has of them, and how they travel between processes."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping, Sequence
from pathlib import Path


def digests(config: Path, cell: str, node: str) -> dict[str, str]:
    """Path and digest of every document that `node` has a copy of: the whole cell, without the servers of other
    nodes."""
    root = config / "cells" / cell
    found = {}
    for file in sorted(root.rglob("*")):
        path = file.relative_to(config).as_posix()
        if file.is_file() and not _is_foreign(path, node):
            found[path] = hashlib.sha1(file.read_bytes(), usedforsecurity=False).hexdigest()
    return found


def _is_foreign(path: str, node: str) -> bool:
    found = re.match(r"cells/[^/]+/nodes/([^/]+)/servers/", path)
    return bool(found) and found is not None and found[1] != node


def read(config: Path, paths: Sequence[str]) -> dict[str, str]:
    """Documents by path, as base64; those that are gone are left out."""
    files = {path: config / path for path in paths}
    return {path: base64.b64encode(file.read_bytes()).decode() for path, file in files.items() if file.is_file()}


def write(config: Path, documents: Mapping[str, str]) -> None:
    """Put documents in place, each at once or not at all."""
    for path, content in documents.items():
        file = config / path
        file.parent.mkdir(parents=True, exist_ok=True)
        new = file.with_name(f"{file.name}.new")
        new.write_bytes(base64.b64decode(content))
        new.replace(file)


def delete(config: Path, paths: Sequence[str]) -> None:
    """Remove documents, and the folders that are empty then."""
    for path in paths:
        (config / path).unlink(missing_ok=True)
        for folder in (config / path).parents:
            if folder == config or not folder.is_dir() or any(folder.iterdir()):
                break
            folder.rmdir()
