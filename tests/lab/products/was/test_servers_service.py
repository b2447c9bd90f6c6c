"""A server as a Windows service, by `WASService.exe`."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from lab.windows import cmd
from lab.windows.services import RUNNING, STOPPED
from lab.windows.session import CODE_PAGE, Job, Session
from tests.lab.products.was.running_cell import LOGIN
from tests.lab.products.was.test_servers_windows import ROOT, Windows

SERVICE = "IBMWAS61Service - gw"
ADD = f'-add gw -serverName server1 -profilePath "{ROOT}\\profiles\\App" -wasHome "{ROOT}" -startType automatic'
WITHIN_S = 30.0


class Services(Windows):
    """The same host with the program for services."""

    def service(self, words: str) -> tuple[int, str]:
        """Run `WASService.exe`."""
        out = bytearray()
        session = Session(
            self.machine, "Administrator", self.machine.environment("Administrator"), "C:\\", bytes, out.extend,
            out.extend, Job(root=True),
        )  # fmt: skip
        code = cmd.run_line(session, f'"{ROOT}\\bin\\WASService.exe" {words}')
        return code, " ".join(out.decode(CODE_PAGE).split())

    def wait(self, state: str) -> bool:
        """Whether the service gets into that state."""
        deadline = time.monotonic() + WITHIN_S
        while self.machine.services.get(SERVICE).state != state and time.monotonic() < deadline:
            time.sleep(0.1)
        return self.machine.services.get(SERVICE).state == state


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    made = Services(tmp_path_factory.mktemp("service"))
    assert made.service(ADD)[0] == 0
    yield made
    for process in made.machine.processes.list():
        made.machine.processes.kill(process.pid)


def test_the_service_is_defined(host: Services) -> None:
    service = host.machine.services.get(SERVICE)
    assert service.binary == f'"{ROOT}\\bin\\WASService.exe" "{SERVICE}"'
    assert (service.start, service.display_name) == ("auto", "IBM WebSphere Application Server V6.1 - gw")
    assert host.service(ADD.replace("automatic", "manual"))[0] == 0
    assert host.machine.services.get(SERVICE).start == "demand"
    assert host.service("-status gw") == (0, "The service is stopped.")


@pytest.mark.parametrize(
    "words",
    [
        "-add other -serverName server1",
        f'-add other -serverName server1 -profilePath "{ROOT}\\profiles\\None"',
        f"{ADD} -startType never",
        f"{ADD} -stopArgs x",
        f"{ADD} -frob x",
        "-status other",
        "-remove other",
        "-start",
    ],
)
def test_refused(host: Services, words: str) -> None:
    assert host.service(words)[0] == 1
    assert [one.name for one in host.machine.services.all() if "IBMWAS61" in one.name] == [SERVICE]


def test_start_and_stop_go_by_the_service(host: Services) -> None:
    code, said = host("App", "startServer", "server1")
    assert (code, "ADMU7701I: Because server1 is registered to run as a Windows Service" in said) == (0, True), said
    assert "open for e-business" in said
    assert host.machine.services.get(SERVICE).state == RUNNING
    assert "ADMU3027E" in host("App", "startServer", "server1")[1]
    assert host("App", "stopServer", "server1", *LOGIN)[0] == 0
    assert host.wait(STOPPED)
    assert host.processes() == []


def test_a_server_that_does_not_come_up_is_told(host: Services) -> None:
    host.machine.services.configure(SERVICE, start="disabled")
    code, said = host("App", "startServer", "server1")
    assert (code & 0xFFFFFFFF, "ADMU7704E" in said) == (0xFFFFFFFF, True), said
    host.machine.services.configure(SERVICE, start="auto")


def test_stopped_by_the_system_it_needs_the_user_of_soap_client_props(host: Services) -> None:
    assert host("App", "startServer", "server1")[0] == 0
    host.machine.services.stop(SERVICE)
    assert len(host.processes()) == 1, "the server lets nobody stop it"
    assert host("App", "stopServer", "server1", *LOGIN)[0] == 0


def test_removed(host: Services) -> None:
    assert host.service("-remove gw")[0] == 0
    assert [one.name for one in host.machine.services.all() if one.name == SERVICE] == []
    code, said = host("App", "startServer", "server1")
    assert (code, "ADMU7701I" in said) == (0, False), said
