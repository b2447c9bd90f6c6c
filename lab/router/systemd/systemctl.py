"""`systemctl` of the lab's Linux machine: what the real one would answer, with the services of the lab."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Sequence

from lab.router.systemd import manager, units

REAL = "/.lab/bin/systemctl"
"""This machine's own, for what it does on files alone."""
_NOT_EMULATED = 99
_WAITS_S = 120.0


class Refusal(Exception):
    """Ends the command with a text and exit code 1."""


def main(arguments: Sequence[str]) -> int:
    """Run one command."""
    words = [word for word in arguments if word != "--no-block"]
    waits = "--no-block" not in arguments
    try:
        match words:
            case ["is-enabled" | "enable" | "disable", _]:
                os.execv(REAL, [REAL, *words])
            case ["daemon-reload"]:
                _reload()
            case ["reset-failed", service]:
                _reset(_name(service))
            case ["start", service]:
                _start(_name(service), waits)
            case ["stop", service]:
                _stop(_name(service), waits)
            case ["show", *options, service] if options[::2] == ["-p"] * (len(options) // 2):
                _show(_name(service), options[1::2])
            case _:
                print(f"systemctl: lab: {' '.join(arguments)} is not emulated", file=sys.stderr)
                return _NOT_EMULATED
    except Refusal as refusal:
        print(refusal, file=sys.stderr)
        return 1
    return 0


def _name(service: str) -> str:
    return service.removesuffix(".service")


def _loaded(name: str) -> str:
    """The text of a unit as it was when it was read; read now if it was not."""
    entry = manager.entry(name)
    file = units.path_of(name)
    if "text" not in entry:
        if not file.is_file():
            raise Refusal(f"Unit {name}.service not found.")
        manager.note(name, text=file.read_text("utf-8"))
    elif file.is_file() and file.read_text("utf-8") != entry["text"]:
        sys.stderr.write(
            f"Warning: The unit file, source configuration file or drop-ins of {name}.service changed on disk. "
            "Run 'systemctl daemon-reload' to reload units.\n"
        )
    return str(manager.entry(name)["text"])


def _reload() -> None:
    with manager.STORE.open("systemd") as known:
        for name in list(known):
            file = units.path_of(name)
            if file.is_file():
                known[name]["text"] = file.read_text("utf-8")
            elif known[name].get("manager"):
                known[name].pop("text", None)
            else:
                del known[name]


def _reset(name: str) -> None:
    if not manager.entry(name) and not units.path_of(name).is_file():
        raise Refusal(f"Failed to reset failed state of unit {name}.service: Unit {name}.service not loaded.")
    if manager.entry(name).get("state") == "failed":
        manager.note(name, state="inactive")


def _start(name: str, waits: bool) -> None:
    text = _loaded(name)
    if manager.entry(name).get("state") in ("active", "activating"):
        return
    try:
        unit = units.parse(text)
    except units.BadUnit as error:
        raise Refusal(
            f"Failed to start {name}.service: Unit {name}.service has a bad unit file setting. {error}"
        ) from error
    manager.begin(name, unit)
    deadline = time.monotonic() + _WAITS_S
    while waits and time.monotonic() < deadline and manager.entry(name).get("state") == "activating":
        time.sleep(0.05)
    if waits and manager.entry(name).get("state") != "active":
        raise Refusal(f"Job for {name}.service failed.")


def _stop(name: str, waits: bool) -> None:
    if not manager.entry(name) and not units.path_of(name).is_file():
        raise Refusal(f"Failed to stop {name}.service: Unit {name}.service not loaded.")
    deadline = time.monotonic() + _WAITS_S
    manager.stop(name, lambda: waits and time.monotonic() < deadline)


def _show(name: str, properties: Sequence[str]) -> None:
    entry = manager.entry(name)
    there = units.path_of(name).is_file()
    enabled = subprocess.run([REAL, "is-enabled", name], capture_output=True, text=True, check=False).stdout.strip()
    known = {
        "LoadState": "loaded" if there or entry.get("text") else "not-found",
        "ActiveState": entry.get("state", "inactive"),
        "UnitFileState": enabled if there else "",
    }
    for wanted in properties:
        if wanted not in known:
            raise Refusal(f"systemctl: lab: property {wanted} is not emulated")
        print(f"{wanted}={known[wanted]}")
