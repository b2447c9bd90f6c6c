"""startManager, startServer, stopServer, serverStatus and the processes they are about."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from lab import faults
from lab.products.was import layout
from lab.products.was.servers import launch, running, server_index
from lab.products.was.xor import encode
from tests.lab.products.was.running_cell import LOGIN, free_ports
from tests.lab.products.was.running_host import PASSWORD, USER, RunningHost, installed

SERVER = "server1"


@pytest.fixture
def host(tmp_path: Path) -> Iterator[RunningHost]:
    host = installed(tmp_path, "node1")
    yield host
    host.stop_all()


@pytest.fixture
def first(host: RunningHost) -> int:
    """The first port of the profile `App`."""
    number = free_ports()
    host.make_profile("App", "default", first=number, node="node1", cell="cell1", server=SERVER)
    return number


def port(host: RunningHost, end_point: str) -> int:
    return server_index.read(host.path("/was/profiles/App/config"), "cell1", "node1").servers[SERVER].port(end_point)


def system_out(host: RunningHost) -> str:
    return host.path(f"/was/profiles/App/logs/{SERVER}/SystemOut.log").read_text()


def listens(number: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", number)) == 0


@pytest.mark.usefixtures("first")
def test_a_server_starts_listens_and_stops(host: RunningHost) -> None:
    code, said = host("App", "startServer", SERVER)
    pid = int(host.path(f"/was/profiles/App/logs/{SERVER}/{SERVER}.pid").read_text())
    assert code == 0
    assert "ADMU3200I: Server launched. Waiting for initialization status." in said
    assert said.endswith(f"ADMU3000I: Server {SERVER} open for e-business; process id is {pid}")
    assert host.processes()[pid].endswith(f"WsServer /was/profiles/App/config cell1 node1 {SERVER}")
    assert "WSVR0001I: Server server1 open for e-business" in system_out(host)
    assert all(listens(port(host, name)) for name in ("SOAP_CONNECTOR_ADDRESS", "SIP_DEFAULTHOST", "WC_defaulthost"))
    assert not listens(port(host, "SIB_ENDPOINT_ADDRESS"))
    code, said = host("App", "stopServer", SERVER, *LOGIN)
    assert (code, said[-37:]) == (0, f"ADMU4000I: Server {SERVER} stop completed."[-37:])
    assert not host.processes()
    assert not listens(port(host, "SIP_DEFAULTHOST"))
    assert not host.path(f"/was/profiles/App/logs/{SERVER}/{SERVER}.pid").exists()
    assert "WSVR0024I" in system_out(host)


@pytest.mark.usefixtures("first")
def test_a_second_start_is_refused(host: RunningHost) -> None:
    host("App", "startServer", SERVER)
    code, said = host("App", "startServer", SERVER)
    assert code == -1
    assert f"ADMU3027E: An instance of the server may already be running: {SERVER}" in said
    assert len(host.processes()) == 1


@pytest.mark.usefixtures("first")
def test_two_processes_of_a_server_leave_the_first_one_known(host: RunningHost) -> None:
    host("App", "startServer", SERVER)
    installation, profile = layout.of_profile(host, "/was/profiles/App")
    second = launch.launch(installation, profile, SERVER, within_s=30)
    assert second.state == "failed"
    assert running.pid(host, profile, SERVER) == next(iter(host.processes()))
    assert host("App", "stopServer", SERVER, *LOGIN)[0] == 0
    assert not host.processes()


@pytest.mark.usefixtures("first")
def test_a_killed_server_counts_as_stopped_and_starts_again(host: RunningHost) -> None:
    host("App", "startServer", SERVER)
    host.stop_all()
    assert host("App", "stopServer", SERVER, *LOGIN)[0] == -10
    assert f'ADMU0509I: The Application Server "{SERVER}" cannot be reached' in host("App", "serverStatus", SERVER)[1]
    assert host("App", "startServer", SERVER)[0] == 0


@pytest.mark.usefixtures("first")
def test_a_port_that_it_cannot_do_without_is_taken(host: RunningHost) -> None:
    with socket.create_server(("", port(host, "ORB_LISTENER_ADDRESS"))):
        code, said = host("App", "startServer", SERVER)
    assert code == -1
    assert "ADMU3011E: Server launched but failed initialization." in said
    assert "ORBX0390E" in system_out(host)
    assert "WSVR0009E: Error occurred during startup" in system_out(host)
    assert not host.processes()


@pytest.mark.usefixtures("first")
def test_without_the_port_of_a_chain_it_runs_and_says_so(host: RunningHost) -> None:
    with socket.create_server(("", port(host, "SIP_DEFAULTHOST"))):
        code, _ = host("App", "startServer", SERVER)
    assert code == 0
    assert "TCPC0003E: TCP Channel SIP_DEFAULTHOST initialization failed" in system_out(host)
    assert "CHFW0034W" in system_out(host)
    assert listens(port(host, "SIP_DEFAULTHOST_SECURE"))


@pytest.mark.usefixtures("first")
@pytest.mark.parametrize("kind", ["start-fails", "killed"])
def test_a_server_that_fails_while_it_starts(host: RunningHost, kind: str) -> None:
    faults.order(host.memory, "startServer", kind)
    code, said = host("App", "startServer", SERVER)
    assert (code, "ADMU3011E" in said) == (-1, True)
    assert not host.processes()
    assert host("App", "startServer", SERVER)[0] == 0


@pytest.mark.usefixtures("first")
def test_without_the_right_password_nothing_stops(host: RunningHost) -> None:
    host("App", "startServer", SERVER)
    for words, stdin in ((("-username", USER, "-password", "wrong"), ""), ((), "wasadmin\nwrong\n"), ((), "")):
        code, said = host("App", "stopServer", SERVER, *words, stdin=stdin)
        assert (code, "ADMN0022E: Access is denied for the stop operation" in said) == (-1, True)
    # The status command takes a refusal for a server that is down.
    assert "ADMU0509I" in host("App", "serverStatus", SERVER, "-username", USER, "-password", "wrong")[1]
    assert "ADMU0508I" in host("App", "serverStatus", "-all", *LOGIN)[1]
    assert len(host.processes()) == 1


@pytest.mark.usefixtures("first")
def test_credentials_are_typed_in_or_stand_in_the_properties(host: RunningHost) -> None:
    properties = host.path("/was/profiles/App/properties/soap.client.props")
    host("App", "startServer", SERVER)
    assert "Realm/Cell Name: cell1 Username: Password:" in host("App", "serverStatus", SERVER, stdin="a\nb\n")[1]
    assert host("App", "stopServer", SERVER, stdin=f"{USER}\n{PASSWORD}\n")[0] == 0
    properties.write_text(
        "com.ibm.SOAP.securityEnabled=true\ncom.ibm.SOAP.loginSource=none\n"
        f"com.ibm.SOAP.loginUserid={USER}\ncom.ibm.SOAP.loginPassword={encode(PASSWORD)}\n"
    )
    host("App", "startServer", SERVER)
    code, said = host("App", "stopServer", SERVER)
    assert (code, "Username" in said) == (0, False)


@pytest.mark.usefixtures("first")
@pytest.mark.parametrize(
    ("program", "words", "expected"),
    [
        ("startServer", (SERVER, "-wrong"), "ADMU9991E: Unknown option: -wrong"),
        ("startServer", (), "ADMU9994E"),
        ("startServer", (SERVER, "-timeout"), "ADMU9990E"),
        ("startServer", (SERVER, "-timeout", "soon"), "ADMU9992E"),
        ("startServer", (SERVER, "-script"), "not imitated"),
        ("startServer", ("nosuch",), "ADMU0111E: Program exiting with error: java.io.FileNotFoundException: "
         "/was/profiles/App/config/cells/cell1/nodes/node1/servers/nosuch/server.xml"),
        ("startNode", (), "servers/nodeagent/server.xml"),
        ("stopServer", ("nosuch",), "java.io.FileNotFoundException"),
        ("serverStatus", ("nosuch",), "ADMU0522E"),
        ("serverStatus", (), "ADMU9994E"),
        ("startServer", (SERVER, "-profileName", "Other"), "WCMD0003E: Profile name Other does not exist"),
    ],
)  # fmt: skip
def test_refused_commands(host: RunningHost, program: str, words: tuple[str, ...], expected: str) -> None:
    code, said = host("App", program, *words)
    assert (code, expected in said) == (-1, True), said


@pytest.mark.usefixtures("first")
def test_options(host: RunningHost) -> None:
    log = host.path("/tmp/own.log")
    log.parent.mkdir()
    log.write_text("old\n")
    code, said = host("App", "startServer", SERVER, "-quiet", "-logfile", "/tmp/own.log", "-replacelog")
    assert (code, said) == (0, "")
    assert "old" not in log.read_text()
    assert "ADMU3000I" in log.read_text()
    code, said = host("App", "stopServer", SERVER, "-nowait", *LOGIN)
    assert (code, said.endswith("Waiting for stop status.")) == (0, True)


def test_a_deployment_manager_by_its_own_commands(host: RunningHost) -> None:
    host.make_profile("Dmgr", "dmgr", first=free_ports(), node="dmNode", cell="rtpCell")
    assert host("Dmgr", "startManager")[0] == 0
    assert 'ADMU0508I: The Deployment Manager "dmgr" is STARTED' in host("Dmgr", "serverStatus", "dmgr", *LOGIN)[1]
    assert host("Dmgr", "stopManager", *LOGIN)[0] == 0
    assert host("Dmgr", "startManager", "dmgr")[0] == -1
    assert host.path("/was/profiles/Dmgr/config/cells/rtpCell/ltpa.jceks").exists()
