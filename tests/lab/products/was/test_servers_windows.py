"""The commands for servers and nodes on Windows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from lab.products.was.installation import files, product, profiles
from lab.products.was.installation.profile_request import Request, Template
from lab.products.was.layout import Installation
from lab.windows import cmd
from lab.windows.host import WindowsHost
from lab.windows.installation import install
from lab.windows.machine import Machine
from lab.windows.sample import DESCRIPTION
from lab.windows.session import CODE_PAGE, Job, Session
from tests.lab.products.was.running_cell import LOGIN, free_ports
from tests.lab.products.was.running_host import PASSWORD, USER

ROOT = "C:\\Program Files\\IBM\\WebSphere\\STgateway"


class Windows:
    """A host with a deployment manager's profile and one of a node; all of it on this machine's ports."""

    def __init__(self, folder: Path) -> None:
        self.machine: Machine = install(folder / "host", DESCRIPTION, {"Administrator": "S3cret!pass"})
        environment = self.machine.environment("Administrator")
        host = WindowsHost(self.machine, "Administrator", environment, "C:\\")
        installation = Installation(host, ROOT)
        files.lay_root(installation)
        product.write(installation, product.nd("6.1.0.11"))
        self.manager_first = free_ports()
        templates: tuple[tuple[str, Template, int], ...] = (
            ("Dmgr", "dmgr", self.manager_first), ("App", "default", free_ports()),
        )  # fmt: skip
        for name, template, first in templates:
            profiles.create(
                installation,
                Request(
                    name=name, template=template, node=f"{name}Node", cell=f"{name}Cell", host=self.machine.name,
                    server="" if template == "dmgr" else "server1", starting_port=first, security=True, user=USER,
                    password=PASSWORD,
                ),
            )  # fmt: skip

    def __call__(self, profile: str, program: str, *arguments: str) -> tuple[int, str]:
        """Run a command by cmd: exit code and what it printed, in one line."""
        out = bytearray()
        session = Session(
            self.machine, "Administrator", self.machine.environment("Administrator"), "C:\\", bytes, out.extend,
            out.extend, Job(root=True),
        )  # fmt: skip
        code = cmd.run_line(session, f'"{ROOT}\\profiles\\{profile}\\bin\\{program}.bat" ' + " ".join(arguments))
        return code, " ".join(out.decode(CODE_PAGE).split())

    def processes(self) -> list[str]:
        """What runs of WAS."""
        return [process.command_line for process in self.machine.processes.list() if process.name == "java.exe"]


@pytest.fixture
def windows(tmp_path: Path) -> Iterator[Windows]:
    made = Windows(tmp_path)
    yield made
    for process in made.machine.processes.list():
        made.machine.processes.kill(process.pid)


def test_a_node_of_a_cell_on_windows(windows: Windows) -> None:
    code, said = windows("Dmgr", "startManager")
    assert (code, "ADMU3000I: Server dmgr open for e-business" in said) == (0, True), said
    assert windows("Dmgr", "startManager")[0] & 0xFFFFFFFF == 0xFFFFFFFF
    # In a path with a blank the product's line is broken there.
    assert f"file {ROOT}\\profiles\\Dmgr\\logs\\dmgr\\startServer.log" in said
    assert windows.processes()[0].startswith(f'"{ROOT}\\java\\bin\\java.exe"')
    words = (windows.machine.name, str(windows.manager_first + 7), "-startingport", str(free_ports()))
    code, said = windows("App", "addNode", *words, *LOGIN)
    assert (code, "ADMU0003I: Node AppNode has been successfully federated." in said) == (0, True), said
    settings = windows.machine.tree.path(f"{ROOT}\\profiles\\App\\bin\\setupCmdLine.bat").read_bytes()
    assert b"\r\nSET WAS_CELL=DmgrCell\r\n" in settings
    assert windows("App", "startServer", "server1")[0] == 0
    assert len(windows.processes()) == 3
    code, said = windows("App", "removeNode", *LOGIN)
    assert code == 0, said
    assert len(windows.processes()) == 1
    assert windows("Dmgr", "stopManager", *LOGIN)[0] == 0
    assert windows("Dmgr", "stopManager", *LOGIN)[0] & 0xFFFFFFFF == 2**32 - 10
