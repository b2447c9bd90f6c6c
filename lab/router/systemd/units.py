"""What a unit file says: the keys that the lab acts on, and those that it may pass over; all others are refused."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path("/etc/systemd/system")

_ACTED_ON = frozenset({
    "Type", "ExecStartPre", "ExecStart", "User", "Group", "Restart", "RestartSec", "TimeoutStopSec", "WatchdogSec",
    "StateDirectory",
})  # fmt: skip
_PASSED_OVER = {
    "Unit": frozenset({"Description", "Documentation", "After", "Wants"}),
    "Service": frozenset(
        {"ExecReload", "LimitNOFILE", "NoNewPrivileges", "PrivateTmp", "ProtectSystem", "ProtectHome"}
    ),
    "Install": frozenset({"WantedBy"}),
}


class BadUnit(Exception):
    """The text is no unit that the lab can run."""


@dataclass(frozen=True)
class Unit:
    """A service. Times are in seconds; `watchdog` 0 is none; a command of `before` with `tolerant` may fail."""

    notify: bool
    before: tuple[tuple[bool, tuple[str, ...]], ...]
    command: tuple[str, ...]
    user: str
    group: str
    again_on_failure: bool
    again_after: float
    stop_within: float
    watchdog: float
    state_directories: tuple[str, ...]


def path_of(name: str) -> Path:
    """Where the file of a service of this machine's administrator is."""
    return FOLDER / f"{name}.service"


def parse(text: str) -> Unit:
    """The unit in `text`. Raises `BadUnit`."""
    values = _values(text)
    kind = _last(values, "Type", "simple")
    restart = _last(values, "Restart", "no")
    if kind not in ("simple", "exec", "notify") or restart not in ("no", "on-failure"):
        raise BadUnit(f"Type={kind}, Restart={restart}: lab: one of them is not emulated")
    commands = [tuple(shlex.split(line)) for line in values.get("ExecStart", [])]
    if len(commands) != 1 or not commands[0][0].startswith("/"):
        raise BadUnit("Service has no ExecStart= setting with an absolute path, or more than one. Refusing.")
    user = _last(values, "User", "root")
    return Unit(
        notify=kind == "notify",
        before=tuple(
            (line.startswith("-"), tuple(shlex.split(line.removeprefix("-"))))
            for line in values.get("ExecStartPre", [])
        ),
        command=commands[0],
        user=user,
        group=_last(values, "Group", ""),
        again_on_failure=restart == "on-failure",
        again_after=_seconds(values, "RestartSec", 0.1),
        stop_within=_seconds(values, "TimeoutStopSec", 90.0),
        watchdog=_seconds(values, "WatchdogSec", 0.0),
        state_directories=tuple(_last(values, "StateDirectory", "").split()),
    )


def _values(text: str) -> dict[str, list[str]]:
    section = ""
    values: dict[str, list[str]] = {}
    for line in text.splitlines():
        if not line.strip() or line.startswith(("#", ";")):
            continue
        if re.fullmatch(r"\[\w+\]", line):
            section = line[1:-1]
            continue
        key, equals, value = line.partition("=")
        if equals and section == "Service" and key in _ACTED_ON:
            values.setdefault(key, []).append(value)
        elif not equals or key not in _PASSED_OVER.get(section, ()):
            raise BadUnit(f"lab: {line!r} in section [{section}] is not emulated")
    return values


def _last(values: dict[str, list[str]], key: str, default: str) -> str:
    return values.get(key, [default])[-1]


def _seconds(values: dict[str, list[str]], key: str, default: float) -> float:
    text = _last(values, key, str(default))
    if not re.fullmatch(r"\d+(\.\d+)?", text):
        raise BadUnit(f"{key}={text}: lab: only a number of seconds is emulated")
    return float(text)
