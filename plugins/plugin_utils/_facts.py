# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""What a target is and has."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from ansible.errors import AnsibleActionFail

from ._outcome import Outcome
from ._target import Target

TEXTS = ("system", "version", "level", "service_level", "hostname", "model", "clock")


def read_facts(target: Target, options: Mapping[str, Any]) -> dict[str, Any]:
    """The facts that module `target_facts` documents."""
    resolve: list[str] = options["resolve"]
    paths: list[str] = options["paths"]
    checksums: list[str] = options["checksums"]
    for name in resolve:
        if not re.fullmatch(r"[A-Za-z0-9._:-]+", name) or name.startswith("-"):
            raise AnsibleActionFail(f"resolve: {name!r} is not a host name")
    roots: list[str] = options["was_roots"]
    looked_at = list(dict.fromkeys([*paths, *checksums]))
    for option, given in (("paths", looked_at), ("was_roots", roots)):
        for path in given:
            if re.search(r"[\r\n]", path):
                raise AnsibleActionFail(f"{option}: {path!r} holds an end of line")
    places = ("db2_key", "itds_key") if target.windows else ("db2ls",)
    parameters = {"names": resolve, "paths": looked_at, "checksums": checksums, "was_roots": roots}
    parameters |= {place: options[place] for place in places}
    asked = time.time()
    said = target.execute("target_facts", parameters)
    return {
        **{key: said.get(key) for key in TEXTS},
        "clock_offset_seconds": _ahead(said.get("clock"), asked, time.time()),
        "cpus": _number(said.get("cpus")),
        "memory_mb": _number(said.get("memory_kb")) // 1024,
        "paging_mb": _number(said.get("paging_mb")),
        "filesystems": [_filesystem(text) for text in said.all("filesystem")],
        "volume_groups": [_volume_group(text) for text in said.all("volume_group")],
        "products": [_product(text) for text in said.all("product")],
        "addresses": [address for address in said.all("address") if "." in address],
        "listening": sorted({int(port) for port in said.all("listening") if port.isdecimal()}),
        "resolved": _resolved(said, resolve),
        "paths": _paths(said, looked_at),
    }


def _number(text: str) -> int:
    return int(text) if re.fullmatch(r"\d+", text) else 0


def _filesystem(text: str) -> dict[str, Any]:
    # A drive ends in a colon of its own.
    mount, size, free = text.rsplit(":", 2)
    return {"mount": mount, "size_mb": _number(size) // 1024, "free_mb": _number(free) // 1024}


def _volume_group(text: str) -> dict[str, Any]:
    name, free = text.split(":", 1)
    return {"name": name, "free_mb": _number(free)}


def _ahead(clock: str, asked: float, answered: float) -> int:
    """How far the target's clock is outside of the time in which it was read; only that much is sure."""
    read = datetime.strptime(clock, "%Y-%m-%dT%H:%M:%S%z").timestamp()
    return round(read - min(max(read, asked), answered))


def _product(text: str) -> dict[str, str]:
    name, version, where = text.split(":", 2)
    return {"name": name, "version": version, "where": where}


def _resolved(said: Outcome, names: Sequence[str]) -> dict[str, str]:
    found = dict.fromkeys(names, "")
    name = ""
    for key, value in said.fields:
        if key == "resolved":
            name = value
        # The first IPv4 address counts: the products of this collection speak no other.
        elif key == "address_of" and "." in value and not found[name]:
            found[name] = value
    return found


def _paths(said: Outcome, paths: Sequence[str]) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {path: {"type": "absent", "size_bytes": 0, "sha1": ""} for path in paths}
    path = ""
    for key, value in said.fields:
        if key == "path":
            path = value
        elif key == "type":
            found[path]["type"] = value
        elif key == "size":
            found[path]["size_bytes"] = _number(value)
        elif key == "sha1":
            found[path]["sha1"] = value
    return found
