"""was_config on a cell in a folder: compared on the collection's model, done through the simulated AdminConfig."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from ansible.errors import AnsibleActionFail

from tests.lab.products.was.cell import Cell
from tests.lab.products.was.client import Control
from tests.unit.plugins.was_modules import CLUSTER, PASSWORD, PROXY, SERVER, Modules

PROPERTY = {"cell_property": {"name": "com.ibm.sametime.gateway.fqdn", "value": "rtp_nat.ibm.com"}}
PATH = "/Cell:C/properties(name=com.ibm.sametime.gateway.fqdn)"
DATABASE = {
    "jdbc": {
        "scope": "/ServerCluster:CL/", "name": "STGW", "jndi_name": "jdbc/stgw", "database": "STGW",
        "server": "db2srv1", "auth_alias": "stgw", "db_user": "db2inst1", "db_password": "Db2!pw", "test": True,
    }
}  # fmt: skip
SOURCE = "/Cell:C/ServerCluster:CL/JDBCProvider:DB2 Universal JDBC Driver Provider/DataSource:STGW/"


@pytest.fixture
def modules(tmp_path: Path) -> Modules:
    return Modules(Cell(tmp_path))


def document(modules: Modules, path: str) -> Path:
    return modules.cell.profile.config / "cells/C" / path


def by_hand(modules: Modules, path: str, old: str, new: str) -> Callable[[], None]:
    """Somebody changes a document, as the console would."""

    def change() -> None:
        file = document(modules, path)
        text = file.read_text("utf-8")
        assert old in text
        file.write_text(text.replace(old, new, 1), "utf-8")

    return change


def add_property(modules: Modules, name: str, value: str) -> Callable[[], None]:
    line = f'  <properties xmi:id="Property_77{len(name)}" name="{name}" value="{value}"/>\n'
    return by_hand(modules, "cell.xml", "</topology.cell:Cell>", f"{line}</topology.cell:Cell>")


# -- the whole of it ---------------------------------------------------------------------------------------------------
WHOLE: list[dict[str, Any]] = [
    SERVER, PROPERTY, CLUSTER, PROXY, DATABASE,
    {"jvm": {"node": "M", "server": "RTCGWServer", "maximum_heap_mb": 1024, "generic_arguments": '-Da=[b], -Dc="d"'}},
    {"replication_domain": {"name": "D", "servers": [
        {"node": "N", "server": "RTCGWServer"}, {"node": "M", "server": "RTCGWServer"}]}},
    {"endpoint": {"node": "M", "server": "RTCGWServer", "end_points": {"SIP_DEFAULTHOST": {"port": 5070}},
                  "virtual_host": {"aliases": ["*:5070", "*:80"]}}},
    {"object": {"type": "Library", "parent": "/Cell:/", "identity": {"name": "gateway lib"},
                "attributes": {"classPath": ["/a", "/b"], "nativePath": "/c"}}},
]  # fmt: skip


def test_a_stage_takes_one_launch_and_the_next_run_none(modules: Modules) -> None:
    foreseen = modules.config(*WHOLE, check=True)
    assert foreseen["changed"] and modules.target.launches == [] and foreseen["operations"] == []
    done = modules.config(*WHOLE)
    assert done["launches"] == len(modules.target.launches) == 1
    assert done["save"] and done["sync"] == {"N": True, "M": False}
    assert done["diff"] == foreseen["diff"], "a check tells what is done, also about servers that are not there yet"
    again = modules.config(*WHOLE)
    assert not again["changed"] and again["launches"] == 0 and not again["save"]
    assert again["diff"] == []
    assert again["state"] == done["state"]


def test_fresh_hosts_are_checked_without_a_profile(modules: Modules) -> None:
    modules.target.empty = True
    foreseen = modules.config(*WHOLE, check=True)
    assert foreseen["changed"]
    assert "createCluster CL from N/RTCGWServer" in [each["after_header"] for each in foreseen["diff"]]
    with pytest.raises(AnsibleActionFail, match="profile: there is no profile in"):
        modules.config(*WHOLE)


def test_secrets_are_nowhere(modules: Modules) -> None:
    for result in (modules.config(SERVER, CLUSTER, DATABASE, check=True), modules.config(SERVER, CLUSTER, DATABASE)):
        for secret in ("Db2!pw", PASSWORD):
            assert secret not in str(result)
    stored = document(modules, "security.xml").read_text("utf-8")
    assert "{xor}" in stored and "Db2!pw" not in stored


# -- what changes ------------------------------------------------------------------------------------------------------
def test_only_what_differs_is_changed(modules: Modules) -> None:
    modules.config(PROPERTY)
    before = document(modules, "cell.xml").read_text("utf-8")
    result = modules.config({"cell_property": {**PROPERTY["cell_property"], "value": "other.ibm.com"}})
    assert result["operations"] == [f"modify {PATH}: value: rtp_nat.ibm.com -> other.ibm.com"]
    assert document(modules, "cell.xml").read_text("utf-8") == before.replace("rtp_nat.ibm.com", "other.ibm.com")
    gone = {"cell_property": {"name": "com.ibm.sametime.gateway.fqdn", "state": "absent"}}
    assert modules.config(gone)["operations"] == [f"remove {PATH}"]
    assert not modules.config(gone)["changed"]


def test_what_was_changed_by_hand_is_put_right(modules: Modules) -> None:
    modules.config(PROPERTY)
    by_hand(modules, "cell.xml", "rtp_nat.ibm.com", "10.0.0.1")()
    assert modules.config(PROPERTY)["operations"] == [f"modify {PATH}: value: 10.0.0.1 -> rtp_nat.ibm.com"]


def test_two_properties_of_one_name_become_one(modules: Modules) -> None:
    modules.config(PROPERTY)
    add_property(modules, "com.ibm.sametime.gateway.fqdn", "second")()
    assert modules.config(PROPERTY)["operations"] == [f"remove {PATH}"]
    assert not modules.config(PROPERTY)["changed"]


def test_a_changed_password_is_changed_and_not_shown(modules: Modules) -> None:
    modules.config(SERVER, CLUSTER, DATABASE)
    other = {"jdbc": {**DATABASE["jdbc"], "db_password": "0ther!pw"}}
    result = modules.config(SERVER, CLUSTER, other, PROPERTY)
    assert (
        result["operations"][0]
        == "modify /Cell:C/Security:/authDataEntries(alias=stgw): password: ******** -> ********"
    )
    assert "0ther!pw" not in str(result)
    # A password that fits is left alone, whatever else is changed.
    back = {"cell_property": {**PROPERTY["cell_property"], "value": "x"}}
    assert len(modules.config(other, back)["operations"]) == 1
    assert not modules.config(other, back)["changed"]


def test_contained_lists_are_added_to_or_exact(modules: Modules) -> None:
    def host(mode: str, *ports: int) -> dict[str, Any]:
        aliases = [{"hostname": "*", "port": port} for port in ports]
        return {
            "object": {
                "type": "VirtualHost", "parent": "/Cell:C/", "identity": {"name": "admin_host"}, "list_mode": mode,
                "attributes": {"aliases": aliases}, "state": "existing",
            }
        }  # fmt: skip

    assert len(modules.config(host("merge", 9060, 7000))["operations"]) == 1
    removed = modules.config(host("exact", 7000))["operations"]
    assert removed and all(each.startswith("remove /Cell:C/VirtualHost:admin_host/") for each in removed)
    assert document(modules, "virtualhosts.xml").read_text("utf-8").count('port="7000"') == 1
    assert not modules.config(host("exact", 7000))["changed"]
    assert not modules.config(host("merge", 7000))["changed"]


def test_an_attribute_without_value_is_unset(modules: Modules) -> None:
    def server(value: Any) -> dict[str, Any]:
        return {
            "object": {
                "type": "Server", "parent": "/Node:N/", "identity": {"name": "RTCGWServer"}, "state": "existing",
                "attributes": {"outputStreamRedirect": {"rolloverSize": value}},
            }
        }  # fmt: skip

    assert modules.config(SERVER, server(20))["changed"]
    result = modules.config(server(None))
    assert result["operations"][0].endswith("outputStreamRedirect: rolloverSize: 20 -> ''")
    assert not modules.config(server(None))["changed"]


def library(node: str) -> list[dict[str, Any]]:
    """A server that is to be the only one with a library."""
    server = {"node": node, "server": "XP", "sole": {"type": "Library", "name": "GatewayLib"}}
    return [
        {"application_server": server},
        {"object": {"type": "Library", "parent": f"/Node:{node}/Server:XP/", "identity": {"name": "GatewayLib"},
                    "attributes": {"classPath": "/lib"}}},
    ]  # fmt: skip


def test_what_only_one_server_may_have_is_refused_at_a_second(modules: Modules) -> None:
    modules.config(*library("N"))
    assert not modules.config(*library("N"))["changed"]
    said = (
        r"resources\[0\]\.application_server\.sole: N/XP has the Library GatewayLib, and a cell has one server with it"
    )
    for check in (True, False):
        with pytest.raises(AnsibleActionFail, match=said):
            modules.config(*library("M"), check=check)
    # One of that name elsewhere is none of a server.
    cell = {"object": {"type": "Library", "parent": "/Cell:C/", "identity": {"name": "GatewayLib"},
                       "attributes": {"classPath": "/lib"}}}  # fmt: skip
    modules.config(cell)
    assert not modules.config(*library("N"))["changed"]


def test_a_server_is_deleted(modules: Modules) -> None:
    modules.config(SERVER)
    gone = {"application_server": {**SERVER["application_server"], "state": "absent"}}
    result = modules.config(gone)
    assert result["operations"] == ["deleteServer N/RTCGWServer"]
    assert result["restart_required"] == []
    assert not modules.config(gone)["changed"]


# -- restarts ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("resource", "servers"),
    [
        (PROPERTY, ["D/dmgr", "M/RTCGWServer", "M/SP", "M/nodeagent", "N/RTCGWServer", "N/nodeagent"]),
        ({"object": {"type": "Library", "parent": "/Cell:/", "identity": {"name": "L"},
                     "attributes": {"classPath": "/x"}}}, ["M/RTCGWServer", "M/SP", "N/RTCGWServer"]),
        ({"jvm": {"node": "M", "server": "RTCGWServer", "maximum_heap_mb": 2048}}, ["M/RTCGWServer"]),
        ({"sip_proxy": {"node": "M", "server": "SP", "access_log": True}}, ["M/SP"]),
        ({"cluster": {**CLUSTER["cluster"], "prefer_local": False}}, []),
        ({"endpoint": {"node": "N", "server": "RTCGWServer", "end_points": {"WC_defaulthost": {"port": 9999}}}},
         ["N/RTCGWServer"]),
        ({"object": {"type": "JDBCProvider", "parent": "/ServerCluster:CL/", "identity": {"name": "P"},
                     "attributes": {"implementationClassName": "x"}}}, ["M/RTCGWServer", "N/RTCGWServer"]),
        ({"object": {"type": "Library", "parent": "/Node:M/", "identity": {"name": "L"},
                     "attributes": {"classPath": "/x"}}}, ["M/RTCGWServer", "M/SP"]),
    ],
    ids=["cell", "cell's resources", "server", "proxy", "cluster itself", "port", "cluster's resources", "node"],
)  # fmt: skip
def test_who_has_to_restart(modules: Modules, resource: dict[str, Any], servers: list[str]) -> None:
    modules.config(SERVER, CLUSTER, PROXY)
    result = modules.config(resource)
    assert result["changed"]
    assert result["restart_required"] == servers


def test_a_converted_server_has_to_restart_and_a_new_one_has_not(modules: Modules) -> None:
    modules.config(SERVER)
    assert modules.config(CLUSTER)["restart_required"] == ["N/RTCGWServer"]


# -- other people ------------------------------------------------------------------------------------------------------
def test_one_attribute_with_two_values_is_refused_before_the_launch(modules: Modules) -> None:
    modules.config(SERVER)
    there = {"_state": "existing", "_identity": []}
    process = {**there, "_type": "JavaProcessDef", "jvmEntries": [{**there, "maximumHeapSize": 1024}]}
    server = {"type": "Server", "parent": "/Node:N/", "identity": {"name": "RTCGWServer"}, "state": "existing"}
    tuned = {"object": {**server, "attributes": {"processDefinitions": [process]}}}
    machine = {"node": "N", "server": "RTCGWServer", "maximum_heap_mb": 1284}
    launches = len(modules.target.launches)
    for check in (True, False):
        with pytest.raises(AnsibleActionFail) as refused:
            modules.config({"jvm": machine}, tuned, check=check)
        assert str(refused.value).startswith(
            "resources[1].object: maximumHeapSize of /Cell:C/Node:N/Server:RTCGWServer/"
        )
        assert "is '1024' here and '1284' in resources[0].jvm; " in str(refused.value)
    assert len(modules.target.launches) == launches
    assert modules.config({"jvm": {**machine, "maximum_heap_mb": 1024}}, tuned)["changed"], (
        "the same twice is no contradiction"
    )


def test_two_passwords_of_one_alias_are_refused_and_not_shown(modules: Modules) -> None:
    login = {"type": "JAASAuthData", "parent": "/Cell:/Security:/", "identity": {"alias": "a"}}
    both = [{"object": {**login, "secrets": {"password": each}}} for each in ("Db2!pw", "Other!pw")]
    with pytest.raises(AnsibleActionFail, match="is one value here and another in resources") as refused:
        modules.config(*both)
    assert "!pw" not in str(refused.value)


def test_a_conflict_is_tried_again_on_fresh_state(modules: Modules) -> None:
    modules.target.before_save = [add_property(modules, "theirs", "1")]
    result = modules.config(PROPERTY)
    assert result["launches"] == 2 and result["save"]
    text = document(modules, "cell.xml").read_text("utf-8")
    assert "theirs" in text and "rtp_nat.ibm.com" in text


def test_when_somebody_else_did_it_meanwhile_nothing_is_left_to_do(modules: Modules) -> None:
    modules.target.before_save = [add_property(modules, "com.ibm.sametime.gateway.fqdn", "rtp_nat.ibm.com")]
    result = modules.config(PROPERTY)
    assert result["launches"] == 1 and not result["changed"] and not result["save"]


def test_a_second_conflict_is_told(modules: Modules) -> None:
    modules.target.before_save = [add_property(modules, "a", "1"), add_property(modules, "bb", "2")]
    with pytest.raises(AnsibleActionFail, match="could not save, 2 times; somebody else changes") as failed:
        modules.config(PROPERTY)
    assert failed.value.result["launches"] == 2 and not failed.value.result["save"]
    assert modules.config(PROPERTY)["changed"]


def test_a_change_that_is_gone_again_is_no_success(modules: Modules, monkeypatch: pytest.MonkeyPatch) -> None:
    read = modules.target._read
    first = read({"mark": "@@0 ", "secrets": [], "patterns": ["cells/*/cell.xml", "cells/*/nodes/*/serverindex.xml"]})

    def stale(parameters: dict[str, Any]) -> str:
        return first.replace("@@0 ", parameters["mark"])

    monkeypatch.setattr(modules.target, "_read", stale)
    with pytest.raises(AnsibleActionFail, match=r"did not take effect: create /Cell:C/properties"):
        modules.config(PROPERTY)


# -- the data source's test --------------------------------------------------------------------------------------------
def test_a_data_source_is_tested(modules: Modules) -> None:
    result = modules.config(SERVER, CLUSTER, DATABASE)
    assert result["tested"] == {SOURCE: "WASX7217I: Connection to provided datasource was successful."}


def test_a_failed_test_fails_again_until_it_passes(modules: Modules) -> None:
    modules.target.control = Control(["N"], test="DSRA8040I: Db2!pw was refused")
    for _ in range(2):
        with pytest.raises(AnsibleActionFail, match=r"connecting by it failed: DSRA8040I: \*{8} was refused"):
            modules.config(SERVER, CLUSTER, DATABASE)
    modules.target.control = Control(["N"])
    assert modules.config(SERVER, CLUSTER, DATABASE)["tested"]
    assert not modules.config(SERVER, CLUSTER, DATABASE)["changed"]


# -- on the files ------------------------------------------------------------------------------------------------------
def test_files_are_changed_only_while_the_manager_is_down(modules: Modules) -> None:
    with pytest.raises(AnsibleActionFail, match="connection: none writes files behind the back of dmgr"):
        modules.config(PROPERTY, connection="none")
    modules.target.running = []
    result = modules.config(PROPERTY, connection="none")
    assert result["launches"] == 1 and result["sync"] == {}
    with pytest.raises(AnsibleActionFail, match="test: only a running deployment manager"):
        modules.config(SERVER, CLUSTER, DATABASE, connection="none")


# -- what does not exist -----------------------------------------------------------------------------------------------
def missing() -> Iterator[tuple[dict[str, Any], str]]:
    yield {"jvm": {"node": "N", "server": "none"}}, r"resources\[0\].jvm: /Cell:C/Node:N/Server:none/ does not exist"
    yield (
        {"endpoint": {"node": "N", "server": "nodeagent", "end_points": {"SIP": {"port": 1}}}},
        r"specialEndpoints\(endPointName=SIP\) does not exist",
    )
    yield {"endpoint": {"virtual_host": {"name": "x", "aliases": ["*:1"]}}}, "VirtualHost:x/ does not exist"
    yield (
        {"object": {"type": "JAASAuthData", "parent": "/Cell:/Security:/", "identity": {"alias": "a"}}},
        "a new JAASAuthData needs userId, password",
    )
    yield {"object": {"type": "Property", "parent": "/Cell:other/"}}, "this profile's cell is C"
    yield {"object": {"type": "Property", "parent": "/Node:/", "identity": {"name": "x"}}}, "stands for several objects"


@pytest.mark.parametrize(("resource", "message"), list(missing()))
def test_what_is_not_there_is_told_before_wsadmin_is_launched(
    modules: Modules, resource: dict[str, Any], message: str
) -> None:
    with pytest.raises(AnsibleActionFail, match=message):
        modules.config(resource)
    assert modules.target.launches == []


def test_what_wsadmin_refuses_is_told_and_nothing_saved(modules: Modules, monkeypatch: pytest.MonkeyPatch) -> None:
    before = document(modules, "cell.xml").read_text("utf-8")
    by_name = modules.target._launch
    monkeypatch.setattr(
        modules.target,
        "_launch",
        lambda parameters: by_name({**parameters, "request": re.sub("'Property'", "'Proper'", parameters["request"])}),
    )
    with pytest.raises(AnsibleActionFail, match=r"(?s)resources\[0\].cell_property: .*Proper.*Nothing was saved"):
        modules.config(PROPERTY)
    assert document(modules, "cell.xml").read_text("utf-8") == before
