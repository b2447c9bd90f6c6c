"""Puts the client on a simulated machine, and who sits at it: that does not wait for a server."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from lab.aix.host import program_text
from lab.products.sametime import layout
from lab.windows.installation import install_program
from lab.windows.machine import Machine


def on_aix(disk: Path, people: Mapping[str, str]) -> None:
    """Into the tree of an AIX host."""
    file = disk / layout.client_program("aix").lstrip("/")
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(program_text("sametime:stclient"))
    file.chmod(0o755)
    (disk / layout.people("aix").lstrip("/")).write_text(json.dumps(dict(people), indent=1))


def on_windows(machine: Machine, people: Mapping[str, str]) -> None:
    """On a Windows host, before its services start."""
    install_program(machine, layout.client_program("windows"), "sametime:stclient")
    machine.tree.path(layout.people("windows")).write_text(json.dumps(dict(people), indent=1), "utf-8")
