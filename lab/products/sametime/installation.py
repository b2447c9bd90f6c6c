"""Putting server and client on a host, as somebody did long before."""

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
    for native, entry in (
        (layout.server_program("aix"), "sametime:stcommunity"),
        (layout.client_program("aix"), "sametime:stclient"),
    ):
        file = disk / native.lstrip("/")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(program_text(entry))
        file.chmod(0o755)
    (disk / layout.server_file("aix", layout.PEOPLE).lstrip("/")).write_text(json.dumps(dict(people), indent=1))
    inittab = disk / "etc/inittab"
    identifier = layout.SERVICE.lower()
    text = inittab.read_text()
    if f"\n{identifier}:" not in text:
        inittab.write_text(f"{text}{identifier}:2:once:{layout.server_program('aix')} > /dev/null 2>&1\n")


def on_windows(machine: Machine, people: Mapping[str, str]) -> None:
    """On a Windows host, before its services start."""
    install_program(machine, layout.server_program("windows"), "sametime:stcommunity")
    install_program(machine, layout.client_program("windows"), "sametime:stclient")
    file = machine.tree.path(layout.server_file("windows", layout.PEOPLE))
    file.write_text(json.dumps(dict(people), indent=1), "utf-8")
    if layout.SERVICE not in {service.name for service in machine.services.all()}:
        machine.services.create(
            layout.SERVICE, layout.server_program("windows"), display_name="ST Community", start="auto"
        )
