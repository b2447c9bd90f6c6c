"""What DB2 keeps on a host in binary files: the copies installed, the instances of each, their configuration."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, MutableMapping
from pathlib import Path
from typing import Any

from lab.host import Host

STORE = "db2"

Record = MutableMapping[str, Any]


def copies(memory: Record) -> dict[str, Any]:
    """By path: `edition` (abbreviation), `fixpack`, `installed` (date), `licences`, `complete`, `name`, `claimed`."""
    found: dict[str, Any] = memory.setdefault("copies", {})
    return found


def instances(memory: Record) -> dict[str, Any]:
    """By name: see `instances.new_record`."""
    found: dict[str, Any] = memory.setdefault("instances", {})
    return found


def snapshot(host: Host) -> dict[str, Any]:
    """A copy of all of it, to look at."""
    with host.store(STORE) as memory:
        return {"copies": dict(copies(memory)), "instances": dict(instances(memory))}


def copy_path(host: Host) -> str:
    """The copy that the running program belongs to: the one it lies in."""
    words = [*sys.orig_argv, host.processes().get(os.getpid(), "").lstrip('"')]
    known = list(snapshot(host)["copies"])
    for path in known:
        if any(word.casefold().startswith((f"{path}/".casefold(), f"{path}\\".casefold())) for word in words):
            return str(path)
    if len(known) == 1:
        return str(known[0])
    raise LookupError("the running program lies in no copy of DB2")


def database_file(host: Host, instance: str, name: str, entry: Mapping[str, Any]) -> Path:
    """Where the data of a database lie; `entry` is its record."""
    separator = "\\" if host.platform == "windows" else "/"
    return host.path(separator.join([entry["path"], instance, "NODE0000", name, "SQLDBF.DAT"]))


def level(copy: Mapping[str, Any]) -> str:
    """The level of a copy as `db2ls` shows it."""
    return f"9.1.0.{copy['fixpack']}"
