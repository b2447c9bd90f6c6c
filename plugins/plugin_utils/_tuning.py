# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""The values of a tuning profile. What each is, and why, stands in `tuning_profiles.yml`."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

PROFILES_FILE = Path(__file__).parent / "tuning_profiles.yml"

AUTO = "auto"
NUMBER = r"-?\d+"
OPEN = {
    "no": r"[a-z][a-z0-9_]*",
    "vmo": r"[a-z][a-z0-9_]*%?",
    "limits": r"[a-z]+(_hard)?",
    "windows": r"\w+",
    "db2": r"[A-Z_0-9]+",
}
"""Areas that take further values besides those of the profiles, and the form of their names."""
IDLE_SECONDS = "keepalive.idle_seconds"
TRANSLATED = {"no.tcp_keepidle": 2, "windows.KeepAliveTime": 1000}
"""What the keep-alive is called by AIX and by Windows, and how many of its units are a second."""
GC_POLICIES = ("gencon", "optavgpause", "optthruput", "subpool")
"""Of IBM's Java 5, which does not start with another one."""
SHORTEST_IDLE_SECONDS = 30
"""Probes more often than that are traffic, no life sign."""


class TuningError(Exception):
    """A value that cannot be; the message names it and the cure."""


@functools.cache
def data() -> Mapping[str, Any]:
    """The file: `profiles` by name, `values` by name."""
    loaded: Mapping[str, Any] = yaml.safe_load(PROFILES_FILE.read_text("utf-8"))
    return loaded


def choose(load: Mapping[str, Any]) -> str:
    """The smallest profile that is made for a load: `users` and `messages_per_second` of one node. Raises
    `TuningError`."""
    known = next(iter(data()["profiles"].values()))
    if not load or set(load) - set(known) or any(_number(key, value) < 0 for key, value in load.items()):
        raise TuningError(f"load: {dict(load)} says no load; give {' and '.join(known)}, 0 or more, or name a profile")
    for name, made_for in data()["profiles"].items():
        if all(_number(key, load.get(key, 0)) <= limit for key, limit in made_for.items()):
            return str(name)
    largest, limits = list(data()["profiles"].items())[-1]
    raise TuningError(
        f"load: {dict(load)} is more than {largest} is made for ({limits}); add nodes, and say what one of them has"
    )


def values(
    profile: str, own: Mapping[str, Any], load: Mapping[str, Any], nat_idle_seconds: int | None
) -> dict[str, dict[str, Any]]:
    """The values by area and name, with `own` laid over those of the profile; null leaves one as it is.

    `nat_idle_seconds` is how long the routers on the way remember a silent TCP connection. Raises `TuningError`.
    """
    name = choose(load) if profile == AUTO else profile
    if name not in data()["profiles"]:
        raise TuningError(f"profile: '{profile}' is none; use {', '.join(data()['profiles'])} or {AUTO}")
    flat = {key: value["values"].get(name) for key, value in data()["values"].items()}
    for key, value in own.items():
        _judge_name(key)
        flat[key] = value
    _keep_alive(flat, own, nat_idle_seconds)
    areas: dict[str, dict[str, Any]] = {key.partition(".")[0]: {} for key in data()["values"]}
    areas["profile"] = {"name": name, **data()["profiles"][name]}
    for key, value in flat.items():
        if value is not None:
            area, _dot, inner = key.partition(".")
            areas[area][inner] = _typed(key, value)
    for problem in _contradictions(areas):
        raise TuningError(problem)
    return areas


def _judge_name(key: str) -> None:
    area, _dot, inner = key.partition(".")
    if key in TRANSLATED:
        raise TuningError(f"values: {key} follows from {IDLE_SECONDS}; set that, in seconds")
    if key in data()["values"] or (area in OPEN and re.fullmatch(OPEN[area], inner)):
        return
    raise TuningError(
        f"values: there is no {key}; docs/tuning.md lists them, and behind {', '.join(sorted(OPEN))} any name may stand"
    )


def _keep_alive(flat: dict[str, Any], own: Mapping[str, Any], nat_idle_seconds: int | None) -> None:
    """Bring the keep-alive below what the routers remember, and translate it for the two systems."""
    idle = flat[IDLE_SECONDS]
    if nat_idle_seconds is not None and IDLE_SECONDS not in own:
        idle = min(int(idle), _number("nat_idle_seconds", nat_idle_seconds) // 2)
    if idle is None:
        return
    idle = _number(IDLE_SECONDS, idle)
    if nat_idle_seconds is not None and idle >= int(nat_idle_seconds):
        raise TuningError(
            f"values: {IDLE_SECONDS} is {idle}, but the NAT forgets silent connections after {nat_idle_seconds} s"
            f" (tuning_nat_idle_seconds); use at most {int(nat_idle_seconds) // 2}"
        )
    if idle < SHORTEST_IDLE_SECONDS:
        raise TuningError(
            f"nat_idle_seconds: {nat_idle_seconds} would mean keep-alive probes every {idle} s; let the router remember"
            f" silent connections for at least {2 * SHORTEST_IDLE_SECONDS} s"
        )
    flat[IDLE_SECONDS] = idle
    flat |= {name: units * idle for name, units in TRANSLATED.items()}


def _typed(key: str, value: Any) -> Any:
    """A value as its kind: what templates make of numbers and truth values may be text."""
    known = data()["values"].get(key)
    example = next(iter(known["values"].values())) if known else ""
    if isinstance(example, bool):
        if str(value).lower() not in ("true", "false"):
            raise TuningError(f"values: {key} is {value!r}; use true or false")
        return str(value).lower() == "true"
    number = isinstance(example, int) or (known is None and re.fullmatch(NUMBER, str(value)))
    return _number(key, value) if number else str(value)


def _number(key: str, value: Any) -> int:
    if isinstance(value, bool) or not re.fullmatch(NUMBER, str(value)):
        raise TuningError(f"values: {key} is {value!r}, which is no number")
    return int(value)


def _contradictions(areas: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    """What Java or WebSphere would only refuse at the next start of a server."""
    for kind in ("gateway", "sip_proxy", "xmpp_proxy"):
        found = areas[kind]
        for low, high in (
            ("initial_heap_mb", "maximum_heap_mb"),
            ("nursery_mb", "initial_heap_mb"),
            ("threads_minimum", "threads_maximum"),
        ):
            if low in found and high in found and found[low] > found[high]:
                yield f"values: {kind}.{low}, {found[low]}, is more than {kind}.{high}, {found[high]}; change either"
        if found.get("gc_policy", GC_POLICIES[0]) not in GC_POLICIES:
            yield f"values: {kind}.gc_policy is {found['gc_policy']!r}; use {', '.join(GC_POLICIES)}"
        for name, value in found.items():
            if isinstance(value, int) and not isinstance(value, bool) and value < 1:
                yield f"values: {kind}.{name} is {value}; use a positive number, or null to leave it as it is"
