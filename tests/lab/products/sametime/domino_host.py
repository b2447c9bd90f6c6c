"""A host that is a folder, with a Domino that is set up: enough for Sametime's setup program, without a lab."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, MutableMapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lab.products.domino import layout
from lab.products.domino.layout import Installation
from tests.lab.products.itds_host import FolderHost

PLACES = {
    "aix": ("/opt/ibm/lotus", "/local/notesdata"),
    "windows": ("C:\\Program Files\\IBM\\Lotus\\Domino", "C:\\Program Files\\IBM\\Lotus\\Domino\\Data"),
}


@dataclass
class DominoHost(FolderHost):
    """`running` are the processes of the host; `kept` is what simulators remember on it."""

    running: dict[int, str] = field(default_factory=dict)
    kept: dict[str, dict[str, Any]] = field(default_factory=dict)

    @contextmanager
    def store(self, name: str) -> Iterator[MutableMapping[str, Any]]:
        yield self.kept.setdefault(name, {})

    def processes(self) -> Mapping[int, str]:
        return self.running

    @property
    def domino(self) -> Installation:
        found = layout.installed(self)
        assert found
        return found


def with_domino(root: Path, platform: str) -> DominoHost:
    """The host; its Domino is down."""
    host = DominoHost(root, platform)  # type: ignore[arg-type]  # one of the two
    location, data = PLACES[platform]
    # Nobody has another owner in a folder of the machine.
    installation = {"location": location, "data": data, "user": "root", "group": "root"}
    host.kept[layout.STORE] = {"complete": True, "installation": installation}
    log = host.path("/tmp/x" if platform == "aix" else "C:\\WINDOWS\\Temp\\x")
    for folder in (host.path(data), host.path(location), log.parent):
        folder.mkdir(parents=True, exist_ok=True)
    layout.write_ini(host, host.domino, {"ServerSetup": "80010", "ServerTasks": "Update,Router,HTTP"})
    return host
