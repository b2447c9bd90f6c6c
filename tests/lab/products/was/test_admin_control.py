"""AdminControl of a running cell, as a client of its deployment manager sees it."""

from __future__ import annotations

import json
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import pytest

from lab.products.was import layout
from lab.products.was.admin import Argument, Process
from lab.products.was.connector import Connection
from lab.products.was.errors import ScriptingError
from lab.products.was.servers import logs, running, server_index
from tests.lab.products.was.running_cell import CELL, NODE, SERVER, RunningCell, running_cell
from tests.lab.products.was.running_host import PASSWORD, USER, RunningHost

PATIENCE_S = 20.0


class Script:
    """A client of the deployment manager."""

    def __init__(self, cell: RunningCell) -> None:
        self.cell = cell
        self._manager = Connection("127.0.0.1", cell.soap, USER, PASSWORD)

    def __call__(self, method: str, *arguments: Argument) -> str:
        return str(self._manager.call("AdminControl", method, arguments).value)

    def config(self, method: str, *arguments: Argument) -> str:
        return str(self._manager.call("AdminConfig", method, arguments).value)

    def help(self, method: str, *arguments: Argument) -> str:
        return str(self._manager.call("Help", method, arguments).value)

    def printed(self, method: str, *arguments: Argument) -> str:
        return self._manager.call("AdminControl", method, arguments).printed

    def bean(self, template: str) -> str:
        return self("completeObjectName", template)


@pytest.fixture(scope="module")
def script(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Script]:
    with running_cell(tmp_path_factory.mktemp("cell")) as cell:
        cell.start()
        code, said = cell.add_node()
        assert code == 0, said
        yield Script(cell)


@pytest.fixture
def server(script: Script) -> str:
    """The running application server."""
    script("startServer", SERVER, NODE)
    return script.bean(f"type=Server,name={SERVER},node={NODE},*")


def eventually(check: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not check():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_names(script: Script, server: str) -> None:
    assert server.startswith(f"WebSphere:name={SERVER},process={SERVER},platform=dynamicproxy,node={NODE},")
    assert (
        f"version=6.1.0.11,type=Server,mbeanIdentifier=cells/{CELL}/nodes/{NODE}/servers/{SERVER}/server.xml#" in server
    )
    assert f",cell={CELL},spec=1.0" in server
    assert script.bean("type=Server,name=nosuch,*") == ""
    assert script.bean("type=Server,name=dmgr") == ""
    assert script.bean("WebSphere:type=Server,name=dmgr,*") == script.bean("name=dmgr,type=Server,*")
    assert "WASX7026W" in script.printed("completeObjectName", "type=Server,*")
    found = script("queryNames", "type=Server,*").split("\n")
    assert [name.partition("name=")[2].partition(",")[0] for name in found] == ["dmgr", "nodeagent", SERVER]
    assert (script("isRegistered", server), script("isRegistered", server + "x")) == ("1", "0")


def test_from_a_bean_to_its_configuration_and_back(script: Script, server: str) -> None:
    config_id = script.config("getid", f"/Node:{NODE}/Server:{SERVER}/")
    assert script.config("getObjectName", config_id) == server
    assert script("getConfigId", server) == config_id
    assert script("getConfigId", script.bean("type=NodeSync,*")) == ""


def test_attributes(script: Script, server: str) -> None:
    pid = script("getAttribute", server, "pid")
    assert pid in {str(number) for number in script.cell.node.processes()}
    assert script("getAttributes", server, "[state pid]") == f"[[state STARTED] [pid {pid}]]"
    trace = script.bean(f"type=TraceService,process={SERVER},*")
    script("setAttribute", trace, "traceSpecification", "*=info:SIP=all")
    assert script("getAttribute", trace, "traceSpecification") == "*=info:SIP=all"
    for attribute in ("nosuch", "pid"):
        with pytest.raises(ScriptingError, match="AttributeNotFoundException"):
            script("setAttribute", server, attribute, "1")


def test_objects_of_jmx(script: Script, server: str) -> None:
    assert script("queryNames_jmx", f"WebSphere:type=Server,name={SERVER},*", None) == server
    assert script("getAttribute_jmx", server, "state") == "STARTED"
    assert script("getAttributes_jmx", server, ["name", "state"]) == f"[['name', '{SERVER}'], ['state', 'STARTED']]"
    trace = script.bean(f"type=TraceService,process={SERVER},*")
    script("setAttribute_jmx", trace, ["traceSpecification", "*=all"])
    assert script("getAttribute", trace, "traceSpecification") == "*=all"
    jvm = script.bean(f"type=JVM,process={SERVER},*")
    found = script("invoke_jmx", jvm, "getProperty", ["user.install.root"], ["java.lang.String"])
    assert found == "/was/profiles/App"
    assert "['getProperty', '1']" in script("getMBeanInfo_jmx", jvm)
    assert script("isRegistered_jmx", server) == "1"
    with pytest.raises(ScriptingError, match="WASX7077E"):
        script("invoke_jmx", jvm, "getProperty", ["x"], [])


def test_the_report_of_a_servers_version(script: Script, server: str) -> None:
    report = script("getAttribute", server, "serverVersion").splitlines()
    assert report[0] == "IBM WebSphere Application Server Version Report"
    assert report[-2].strip() == "End Report"


def test_active_nodes_are_synchronised_at_once(script: Script) -> None:
    assert script("invoke", script.bean("type=DeploymentManager,*"), "syncActiveNodes", "true") == NODE


def test_what_it_says_of_the_connection(script: Script) -> None:
    said = [script(method) for method in ("getCell", "getNode", "getHost", "getPort", "getType", "getDefaultDomain")]
    assert said == [CELL, "dmNode", "dm.example.com", str(script.cell.soap), "SOAP", "WebSphere"]
    assert script("help").splitlines()[2:] == sorted(script("help").splitlines()[2:])
    assert script("help", "invoke").startswith("WASX7049I: Method: invoke")
    for topic in ("nosuch", "_query"):
        with pytest.raises(ScriptingError, match="WASX7044E"):
            script("help", topic)


def test_lists_of_attributes_and_arguments(script: Script, server: str) -> None:
    trace = script.bean(f"type=TraceService,process={SERVER},*")
    for attributes in ('[[traceSpecification "*=info: SIP=all"]]', [["traceSpecification", "*=info: SIP=all"]]):
        script("setAttribute", trace, "traceSpecification", "*=info")
        script("setAttributes", trace, attributes)
        assert script("getAttributes", trace) == '[[ringBufferSize 8] [traceSpecification "*=info: SIP=all"]]'
    with pytest.raises(ScriptingError, match="WASX7077E"):
        script("setAttributes", trace, "[traceSpecification]")
    jvm = script.bean(f"type=JVM,process={SERVER},*")
    for arguments in ("user.install.root", "[user.install.root]", '["user.install.root"]', ["user.install.root"]):
        assert script("invoke", jvm, "getProperty", arguments, "[java.lang.String]") == "/was/profiles/App"
    assert script("getObjectInstance", server) == server
    with pytest.raises(ScriptingError, match="InstanceNotFoundException"):
        script("getObjectInstance", "WebSphere:type=Server")
    assert int(script("getMBeanCount")) == len(script("queryNames", "*:*").splitlines())


@pytest.mark.parametrize(
    ("method", "arguments", "message"),
    [
        ("invoke", ("", "stop"), 'WASX7025E: Error found in String ""; cannot create ObjectName'),
        ("invoke", ("WebSphere:type=Server", "stop"), "InstanceNotFoundException"),
        ("invoke", ("{sync}", "nosuch"), "WASX7138E"),
        ("invoke", ("{sync}", "sync", "[1 2 3]"), "WASX7139E"),
        ("invoke", ("{sync}",), "do not fit"),
        ("nosuch", (), "NoSuchMethodError"),
        ("startServer", ("nosuch", NODE), "there is no server nosuch"),
        ("startServer", (SERVER, "nosuch"), "WASX7253E"),
        ("stopServer", ("nosuch", NODE), "WASX7254E"),
    ],
)
def test_errors(script: Script, method: str, arguments: tuple[str, ...], message: str) -> None:
    sync = script.bean("type=NodeSync,*")
    with pytest.raises(ScriptingError, match=message):
        script(method, *(each.replace("{sync}", sync) for each in arguments))


def test_servers_start_stop_and_restart(script: Script, server: str) -> None:
    before = script("getAttribute", server, "pid")
    script("invoke", server, "restart")
    eventually(lambda: script.bean(f"type=Server,name={SERVER},*"))
    eventually(lambda: _pid(script) not in ("", before))
    said = script.printed("stopServer", SERVER, NODE)
    assert said == f'WASX7337I: Invoked stop for server "{SERVER}" Waiting for stop completion.\n'
    assert script.bean(f"type=Server,name={SERVER},*") == ""
    assert script("startServer", SERVER, NODE) == f'WASX7262I: Start completed for server "{SERVER}" on node "{NODE}"'


def _pid(script: Script) -> str:
    """The process of the server; empty while there is none, which may begin between two questions."""
    bean = script.bean(f"type=Server,name={SERVER},*")
    with suppress(ScriptingError):
        return script("getAttribute", bean, "pid") if bean else ""
    return ""


def test_synchronisation(script: Script) -> None:
    sync = script.bean(f"type=NodeSync,node={NODE},*")
    cell_sync = script.bean("type=CellSync,*")
    assert script("invoke", sync, "sync") == "true"
    assert script("invoke", sync, "isNodeSynchronized") == "true"
    cell = script.config("getid", f"/Cell:{CELL}/")
    script.config("create", "Property", cell, [["name", "fqdn"], ["value", "gw.example.com"]])
    assert script("invoke", sync, "isNodeSynchronized") == "true"
    script.config("save")
    assert script("invoke", sync, "isNodeSynchronized") == "false"
    document = script.cell.config(script.cell.node, f"cells/{CELL}/cell.xml")
    assert "gw.example.com" not in document.read_text()
    assert script("invoke", cell_sync, "syncNode", NODE) == "true"
    assert "gw.example.com" in document.read_text()
    # A document that was changed by hand on the node stays until something tells the node to look again.
    document.write_text(document.read_text().replace("gw.example.com", "other.example.com"))
    assert script("invoke", sync, "sync") == "true"
    assert "other.example.com" in document.read_text()
    agent = script.bean(f"type=ConfigRepository,process=nodeagent,node={NODE},*")
    script("invoke", agent, "refreshRepositoryEpoch")
    assert script("invoke", sync, "isNodeSynchronized") == "false"
    script("invoke", sync, "sync")
    assert "gw.example.com" in document.read_text()
    with pytest.raises(ScriptingError, match="ADMS0018E"):
        script("invoke", cell_sync, "syncNode", "nosuch")


def test_clusters(script: Script, server: str) -> None:
    config_id = script.config("getid", f"/Node:{NODE}/Server:{SERVER}/")
    script.config("convertToCluster", config_id, "gateways")
    script.config("save")
    script("invoke", script.bean("type=NodeSync,*"), "sync")
    cluster = script.bean("type=Cluster,name=gateways,*")
    assert script("getAttribute", cluster, "state") == "websphere.cluster.running"
    before = script("getAttribute", server, "pid")
    script("invoke", cluster, "rippleStart")
    eventually(lambda: _pid(script) not in ("", before))
    script("invoke", cluster, "stop")
    eventually(lambda: script("getAttribute", cluster, "state") == "websphere.cluster.stopped")
    script("invoke", cluster, "start")
    eventually(lambda: script("getAttribute", cluster, "state") == "websphere.cluster.running")
    assert cluster in script("invoke", script.bean("type=ClusterMgr,*"), "retrieveClusters")


def test_a_process_that_goes_away_while_it_is_asked_has_no_beans(script: Script, server: str) -> None:
    soap = server_index.read(script.cell.config(script.cell.node, ""), CELL, NODE).servers[SERVER]
    script("stopServer", SERVER, NODE)
    asked: list[str] = []
    with _in_place_of_the_server(script.cell.node, soap.port("SOAP_CONNECTOR_ADDRESS"), asked):
        assert "process=nodeagent" in script("queryNames", f"type=Server,node={NODE},*")
        assert script("queryNames", f"type=Server,name={SERVER},*") == ""
    assert len(asked) == 2
    assert all('"query"' in request for request in asked)


@contextmanager
def _in_place_of_the_server(node: RunningHost, port: int, asked: list[str]) -> Iterator[None]:
    """A process that looks like the server, says hello at its port, and hangs up when it is `asked`."""
    installation, profile = layout.of_profile(node, "/was/profiles/App")
    dead = subprocess.Popen(["sleep", "60"])
    with node.memory.open("processes") as listed:
        listed[str(dead.pid)] = running.title(installation, profile, SERVER, 0)
    (logs.folder(profile, SERVER) / f"{SERVER}.pid").write_text(f"{dead.pid}\n")
    with socket.create_server(("127.0.0.1", port)) as listener:

        def hang_up() -> None:
            with suppress(OSError):
                while True:
                    connection, _ = listener.accept()
                    with connection, connection.makefile("r") as lines:
                        lines.readline()
                        process = vars(Process(SERVER, NODE, "ManagedProcess"))
                        connection.sendall(json.dumps({"process": process}).encode() + b"\n")
                        asked.append(lines.readline())

        threading.Thread(target=hang_up, daemon=True).start()
        try:
            yield
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            dead.kill()
            dead.wait()


def test_a_node_without_its_agent_is_not_seen(script: Script, server: str) -> None:
    assert script("isRegistered", server) == "1"
    assert script.cell.node("App", "stopNode", "-username", USER, "-password", PASSWORD)[0] == 0
    assert script("queryNames", f"node={NODE},*") == ""
    assert len(script.cell.node.processes()) == 1
    assert script.cell.node("App", "startNode")[0] == 0
    assert script("isRegistered", server) == "1"


def test_a_node_agent_starts_again_with_its_servers(script: Script, server: str) -> None:
    before = set(script.cell.node.processes())
    script("invoke", script.bean(f"type=NodeAgent,node={NODE},*"), "restart", "[true true]")
    eventually(
        lambda: len(set(script.cell.node.processes()) - before) == 2 and script.bean(f"name={SERVER},type=Server,*")
    )
    assert script.bean(f"name={SERVER},type=Server,*") == server


def test_help_describes_every_bean(script: Script) -> None:
    beans = script("queryNames", "WebSphere:*").splitlines()
    assert all(script.help(each, bean) for bean in beans for each in ("attributes", "operations", "all"))
    for method, code in (("attributes", "WASX7105E"), ("operations", "WASX7106E")):
        with pytest.raises(ScriptingError, match=code):
            script.help(method, beans[0], "noSuchThing")
