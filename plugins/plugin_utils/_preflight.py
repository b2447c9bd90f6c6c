# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""Judge what a host is and has against what is to be installed on it. Every finding names its cure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from . import _table

Severity = Literal["error", "warning"]

PLACEHOLDER = "CHANGE_ME"
"""What the values of the example vault begin with."""

CELL_WIDTHS = (7, 12, 24, 44, 28, 32)
"""At most, of the columns of the table of findings, in characters."""


@dataclass(frozen=True)
class Finding:
    """One thing that is not as it should be; an error stops the run, a warning does not."""

    host: str
    check: str
    severity: Severity
    found: str
    wanted: str
    cure: str


@dataclass(frozen=True)
class Product:
    """What a product asks of a host of one platform. Sizes in MB; `installed_as` names it in `target_facts`, or a path
    in `installed_path` tells that it is there."""

    name: str
    memory_mb: int
    memory_recommended_mb: int
    installed_as: str
    installed_path: str
    disk: Mapping[str, int]
    media: Sequence[str]

    @classmethod
    def of(cls, name: str, system: str, requirements: Mapping[str, Any]) -> Product:
        """From an entry of `preflight_requirements`."""
        here = requirements.get(system) or {}
        return cls(
            name=name,
            memory_mb=int(requirements.get("memory_mb", 0)),
            memory_recommended_mb=int(requirements.get("memory_recommended_mb", 0)),
            installed_as=str(requirements.get("installed_as", name)),
            installed_path=str(here.get("installed_path", "")),
            disk=here.get("disk") or {},
            media=here.get("media") or (),
        )


def findings(host: str, wanted: Mapping[str, Any], facts: Mapping[str, Any]) -> list[dict[str, str]]:
    """All findings about one host.

    `facts` are those of `target_facts`. `wanted` holds `versions` and `levels` by system, `products` (names) and
    `requirements` (by name), `media` (relative path to full path), `checksums` (relative path to SHA-1),
    `checksums_required` and `names`.
    """
    system = str(facts["system"])
    products = [Product.of(name, system, wanted["requirements"].get(name) or {}) for name in wanted["products"]]
    there = {product["name"] for product in facts["products"]}
    paths = {path for path, seen in facts["paths"].items() if seen["type"] != "absent"}
    missing = [each for each in products if each.installed_as not in there and each.installed_path not in paths]
    found = [
        *_operating_system(host, wanted, facts),
        *_memory(host, products, facts),
        *_disk(host, missing, facts),
        *_media(host, missing, wanted, facts),
        *_names(host, wanted, facts),
    ]
    return [asdict(finding) for finding in found]


def secrets(host: str, values: Mapping[str, Any]) -> list[dict[str, str]]:
    """Findings about secrets; a value of None, or an empty one, is not set. The values themselves are in no finding."""
    found = []
    for name, value in sorted(values.items()):
        if value is None or not str(value):
            state = "not set"
        elif str(value).startswith(PLACEHOLDER):
            state = "the example's placeholder"
        else:
            continue
        cure = "set it in your vault: docs/secrets.md"
        found.append(Finding(host, "secret", "error", f"{name}: {state}", "a value of your own", cure))
    return [asdict(finding) for finding in found]


def clocks(clocks_seen: Iterable[Mapping[str, Any]], spread_seconds: int) -> list[dict[str, str]]:
    """Findings about hosts whose clock is too far from the one in the middle of all. Of each host: `host`, and
    `ahead_seconds`, how much its clock is ahead of the controller's."""
    offsets = {str(seen["host"]): float(seen["ahead_seconds"]) for seen in clocks_seen}
    if not offsets or max(offsets.values()) - min(offsets.values()) <= spread_seconds:
        return []
    middle = sorted(offsets.values())[len(offsets) // 2]
    cure = "synchronise the clocks of all hosts with the same time server"
    wanted = f"within {spread_seconds} s of all other hosts"
    return [
        asdict(Finding(host, "clock", "error", f"{offset - middle:+.0f} s against the others", wanted, cure))
        for host, offset in sorted(offsets.items())
        if abs(offset - middle) > spread_seconds / 2
    ]


def table(found: Iterable[Mapping[str, str]]) -> str:
    """Findings as a table, errors first; a long cell goes on in the next line."""
    head = ("", "host", "check", "found", "wanted", "cure")
    order = sorted(found, key=lambda finding: (finding["severity"], finding["host"], finding["check"]))
    rows = (
        [finding["severity"], *(finding[key].removeprefix("Task failed: ") for key in head[1:])] for finding in order
    )
    return _table.table(head, rows, CELL_WIDTHS)


def _operating_system(host: str, wanted: Mapping[str, Any], facts: Mapping[str, Any]) -> Iterator[Finding]:
    system = str(facts["system"])
    version, level = str(wanted["versions"].get(system, "")), str(wanted["levels"].get(system, ""))
    least = _numbers(version)
    here = _numbers(str(facts["version"]))[: len(least)]
    if here > least or (here == least and _numbers(str(facts["level"])) >= _numbers(level)):
        return
    yield Finding(
        host,
        "operating system",
        "error",
        f"{system} {facts['version']} {facts['level']}".strip(),
        f"{system} {version} {level} or newer".strip(),
        "update the operating system, or set preflight_versions and preflight_levels",
    )


def _memory(host: str, products: Sequence[Product], facts: Mapping[str, Any]) -> Iterator[Finding]:
    memory = int(facts["memory_mb"])
    for product in products:
        if memory < product.memory_mb:
            cure = "add memory, or set preflight_requirements_override"
            yield Finding(host, "memory", "error", f"{memory} MB", f"{product.memory_mb} MB for {product.name}", cure)
        elif memory < product.memory_recommended_mb:
            recommended = f"{product.memory_recommended_mb} MB recommended for {product.name}"
            yield Finding(
                host, "memory", "warning", f"{memory} MB", recommended, "add memory; it works without, slowly"
            )


def _disk(host: str, missing: Sequence[Product], facts: Mapping[str, Any]) -> Iterator[Finding]:
    """What is short on all file systems must be free in the volume groups: the roles make file systems grow."""
    free = {str(filesystem["mount"]): int(filesystem["free_mb"]) for filesystem in facts["filesystems"]}
    needed: Counter[str] = Counter()
    for product in missing:
        for path, size in product.disk.items():
            needed[_mount(path, list(free))] += size
    short = {mount: size - free.get(mount, 0) for mount, size in needed.items() if size > free.get(mount, 0)}
    spare = sum(int(group["free_mb"]) for group in facts.get("volume_groups") or ())
    if sum(short.values()) <= spare:
        return
    for mount in sorted(short):
        found = f"{free.get(mount, 0)} MB free on {mount or 'no file system'}"
        if spare:
            found += f", {spare} MB in the volume groups"
        yield Finding(host, "disk", "error", found, f"{needed[mount]} MB free", f"make room on {mount}, or add a disk")


def _media(
    host: str, missing: Sequence[Product], wanted: Mapping[str, Any], facts: Mapping[str, Any]
) -> Iterator[Finding]:
    severity: Severity = "error" if wanted["checksums_required"] else "warning"
    for relative in sorted({file for product in missing for file in product.media}):
        path = str(wanted["media"][relative])
        seen = facts["paths"].get(path) or {"type": "absent", "sha1": ""}
        right = str(wanted["checksums"].get(relative) or "").lower()
        if seen["type"] != "file":
            cure = "unpack the image there, or set stgw_media_root"
            yield Finding(host, "media", "error", f"{path}: {seen['type']}", "a file of the installation image", cure)
        elif not right:
            cure = "set its SHA-1 in stgw_media_checksums, or preflight_checksums_required: false"
            yield Finding(host, "media", severity, f"{path}: not verified", "a known checksum", cure)
        elif right != seen["sha1"]:
            cure = "copy the image again"
            yield Finding(host, "media", "error", f"{path}: SHA-1 {seen['sha1']}", f"SHA-1 {right}", cure)


def _names(host: str, wanted: Mapping[str, Any], facts: Mapping[str, Any]) -> Iterator[Finding]:
    unknown = sorted(name for name in wanted["names"] if not facts["resolved"].get(name))
    if unknown:
        cure = "add them to DNS, or to the hosts file of this host"
        yield Finding(host, "name resolution", "error", f"unknown: {', '.join(unknown)}", "an address for each", cure)


def _mount(path: str, mounts: Sequence[str]) -> str:
    """The mount point or drive that holds `path`; empty when there is none."""

    def folded(text: str) -> str:
        return text.replace("\\", "/").rstrip("/").lower() + "/"

    holders = [mount for mount in mounts if folded(path).startswith(folded(mount))]
    return max(holders, key=len, default="")


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", text))
