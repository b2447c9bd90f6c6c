"""Each module that configures WebSphere: made, left alone, changed, taken away; and what it refuses."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible.errors import AnsibleActionFail

from plugins.plugin_utils import _was_resources
from plugins.plugin_utils._was_options import COMMON
from tests.lab.products.was.cell import Cell
from tests.unit.plugins.was_modules import CLUSTER, PROXY, SERVER, Modules, options_of

NAMES = [
    "was_config",
    *(f"was_{kind}" for kind in _was_resources.KINDS if kind not in ("object", "application_server")),
]
BOTH = [{"node": "N", "server": "RTCGWServer"}, {"node": "M", "server": "RTCGWServer"}]
TCP = {"transport": "tcp", "host": "h", "port": 5060}
MEMBER = {"node": "M", "server": "free"}
SOURCE: dict[str, Any] = {
    "scope": "/ServerCluster:CL/", "name": "STGW", "jndi_name": "jdbc/stgw", "database": "STGW", "server": "db2srv1",
    "driver_path": "C:\\IBM\\sqllib\\java", "auth_alias": "stgw", "db_user": "db2inst1", "db_password": "Db2!pw",
}  # fmt: skip
LIFE: dict[str, list[dict[str, Any]]] = {
    "was_cell_property": [{"name": "a", "value": "1"}, {"name": "a", "value": "2"}, {"name": "a", "state": "absent"}],
    "was_sip_proxy": [
        {"node": "N", "server": "P", "default_cluster": "CL", "sprayer": TCP},
        {"node": "N", "server": "P", "sprayer": {**TCP, "transport": "tls"}, "properties": {"x": 1}},
        {"node": "N", "server": "P", "state": "absent"},
    ],
    "was_cluster": [
        {"name": "X", "first": {"node": "N", "server": "free"}},
        {"name": "X", "first": {"node": "N", "server": "free", "weight": 3}, "members": [MEMBER]},
        {"name": "X", "members": [{**MEMBER, "state": "absent"}]},
        {"name": "X", "state": "absent"},
    ],
    "was_replication_domain": [
        {"name": "R", "servers": BOTH},
        {"name": "R", "servers": BOTH, "replicas": -1, "ssl": True},
        {"name": "R", "servers": BOTH, "state": "absent"},
    ],
    "was_jdbc": [
        SOURCE,
        {**SOURCE, "pool": {"maxConnections": 50}},
        {**SOURCE, "tls": True, "database_port": 50001},
        {**SOURCE, "tls": False},
        {**SOURCE, "state": "absent"},
    ],
    "was_jvm": [
        {**BOTH[0], "maximum_heap_mb": 1024, "verbose_gc": True, "system_properties": {"a": "b"}},
        {**BOTH[0], "initial_heap_mb": 512, "system_properties": {"a": None, "c": True}},
    ],
    "was_endpoint": [
        {"node": "N", "server": "RTCGWServer", "end_points": {"SIP_DEFAULTHOST": {"port": 5070, "host": "*"}}},
        {"virtual_host": {"aliases": ["*:5070", "*:5071"]}},
    ],
}  # fmt: skip


@pytest.fixture(scope="module")
def modules(tmp_path_factory: pytest.TempPathFactory) -> Modules:
    made = Modules(Cell(tmp_path_factory.mktemp("cell")))
    free = {"application_server": {"node": "N", "server": "free"}}
    made.config(SERVER, free, CLUSTER, PROXY)
    return made


@pytest.mark.parametrize("name", LIFE)
def test_made_left_alone_changed_and_taken_away(modules: Modules, name: str) -> None:
    for step in LIFE[name]:
        foreseen = modules(name, check=True, **step)
        done = modules(name, **step)
        assert foreseen["changed"] and done["changed"], step
        assert foreseen["diff"] == done["diff"]
        assert done["launches"] == 1 and done["operations"]
        again = modules(name, **step)
        assert not again["changed"] and again["launches"] == 0, again["diff"]


def test_no_option_hides_one_that_all_have() -> None:
    for options, _ in _was_resources.KINDS.values():
        assert not set(options["options"]) & set(COMMON)


def test_a_domain_goes_after_its_servers(modules: Modules) -> None:
    gone = [{"node": "N", "server": "none"}, {"node": "X", "server": "none"}]
    assert not modules("was_replication_domain", name="Z", servers=gone, state="absent")["changed"]


def test_one_sprayer_is_on(modules: Modules) -> None:
    modules("was_sip_proxy", node="M", server="SP", sprayer={"transport": "tcp", "host": "h", "port": 5060})
    result = modules("was_sip_proxy", node="M", server="SP", sprayer={"transport": "udp", "host": "h", "port": 5060})
    sprayers = {
        path.rpartition("/")[2]: entry["isEnabled"] for path, entry in result["state"].items() if "Sprayer" in path
    }
    assert sprayers == {"tcpSprayer": "false", "tlsSprayer": "false", "udpSprayer": "true"}
    modules("was_sip_proxy", node="M", server="SP", sprayer={"transport": "none"})
    assert not modules("was_sip_proxy", node="M", server="SP")["changed"], "what is not given is left as it is"


def test_a_proxy_that_must_be_there_is_changed_and_never_made(modules: Modules) -> None:
    tls = {"transport": "tls", "host": "h", "port": 5061}
    existing: dict[str, Any] = {"node": "M", "sprayer": tls, "state": "existing"}
    assert modules("was_sip_proxy", server="SP", **existing)["changed"]
    with pytest.raises(AnsibleActionFail, match="/Node:M/Server:other/"):
        modules("was_sip_proxy", server="other", **existing)


def test_overriding_properties_are_found_and_removed(modules: Modules) -> None:
    sprayer = {"transport": "tcp", "host": "rtp_nat.ibm.com", "port": 5060}
    by_hand = {"tcp.IPSprayer.host": "10.0.0.1", "tcp.IPSprayer.port": "5060"}
    modules("was_sip_proxy", node="M", server="SP", sprayer=sprayer, properties=by_hand)
    found = modules("was_sip_proxy", node="M", server="SP", sprayer=sprayer)
    assert not found["changed"]
    assert found["findings"] == ["tcp.IPSprayer.host=10.0.0.1 of M/SP overrides the host of the tcp sprayer"]
    assert modules("was_sip_proxy", node="M", server="SP", sprayer=sprayer, properties=by_hand)["findings"] == []
    gone = modules("was_sip_proxy", node="M", server="SP", sprayer=sprayer, overriding_properties="remove")
    assert len(gone["operations"]) == 2 and gone["findings"] == []


def test_tls_is_nobodys_who_does_not_ask(modules: Modules) -> None:
    def asked(**options: Any) -> list[str]:
        state = modules("was_jdbc", check=True, **{**SOURCE, "name": "other", **options})["state"]
        return [each["value"] for path, each in state.items() if path.endswith("(name=sslConnection)")]

    assert asked() == []
    assert asked(tls=False) == []
    assert asked(tls=True) == ["true"]


def test_a_data_source_goes_back_from_tls(modules: Modules) -> None:
    modules("was_jdbc", **{**SOURCE, "tls": True, "database_port": 50001})
    back = {**SOURCE, "tls": False, "database_port": 50000}
    changed = [
        each for each in modules("was_jdbc", check=True, **back)["diff"] if "sslConnection" in each["after_header"]
    ]
    assert ["value: 'false'" in each["after"] or "value: false" in each["after"] for each in changed] == [True]
    assert modules("was_jdbc", **back)["changed"]
    assert not modules("was_jdbc", **back)["changed"]


def test_the_driver_lies_where_it_is_told(modules: Modules) -> None:
    state = modules("was_jdbc", check=True, **{**SOURCE, "name": "other"})["state"]
    provider = state["/Cell:C/ServerCluster:CL/JDBCProvider:DB2 Universal JDBC Driver Provider/"]
    assert provider["classpath"] == ["C:/IBM/sqllib/java/db2jcc.jar", "C:/IBM/sqllib/java/db2jcc_license_cu.jar"]
    plain = {key: value for key, value in SOURCE.items() if key != "driver_path"}
    state = modules("was_jdbc", check=True, **{**plain, "provider": {"name": "P", "xa": True}})["state"]
    assert state["/Cell:C/ServerCluster:CL/JDBCProvider:P/"] == {
        "name": "P", "implementationClassName": "com.ibm.db2.jcc.DB2XADataSource", "xa": "true",
        "classpath": [
            "${DB2UNIVERSAL_JDBC_DRIVER_PATH}/db2jcc.jar", "${UNIVERSAL_JDBC_DRIVER_PATH}/db2jcc_license_cu.jar",
        ],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "given", "message"),
    [
        ("was_cell_property", {"name": "a"}, "value"),
        ("was_sip_proxy", {"node": "N", "sprayer": {"transport": "tcp", "host": "h"}}, "port"),
        (
            "was_sip_proxy",
            {"node": "N", "sprayer": {"transport": "tcp", "host": "h", "port": 70000}},
            r"^sprayer.port: 70000 is no port",
        ),
        ("was_cluster", {"name": "X", "first": BOTH[0], "members": [BOTH[0]]}, "members: N/RTCGWServer is given twice"),
        (
            "was_replication_domain",
            {"name": "R", "servers": BOTH[:1]},
            "exactly two different servers, not N/RTCGWServer",
        ),
        ("was_replication_domain", {"name": "R", "servers": [BOTH[0]] * 2}, "exactly two different servers"),
        ("was_jdbc", {**SOURCE, "scope": "Cell"}, "scope: 'Cell' is no containment path"),
        ("was_jdbc", {**SOURCE, "auth_alias": None}, "auth_alias"),
        ("was_jdbc", {**SOURCE, "pool": {"maxConnection": 5}}, "did you mean maxConnections?"),
        ("was_endpoint", {"end_points": {"X": {"port": 1}}}, "end_points: they belong to a server"),
        ("was_endpoint", {}, "nothing is asked for"),
        (
            "was_endpoint",
            {"node": "N", "server": "S", "end_points": {"X": 1}},
            "end_points.X: 1 has no port|no mapping",
        ),
        (
            "was_endpoint",
            {"node": "N", "server": "S", "end_points": {"X": {"port": "a"}}},
            "end_points.X: a is no port",
        ),
        ("was_endpoint", {"virtual_host": {"aliases": ["5060"]}}, "'5060' is no host:port"),
        ("was_endpoint", {"virtual_host": {"aliases": ["*:x"]}}, "x is no port"),
        ("was_config", {"resources": [{}]}, "one of the following is required"),
        (
            "was_config",
            {"resources": [{"jvm": BOTH[0], "cell_property": {"name": "a", "value": "b"}}]},
            "mutually exclusive",
        ),
        ("was_config", {"resources": [{"cell_property": {"name": "a"}}]}, "value"),
    ],
)
def test_refused(modules: Modules, name: str, given: dict[str, Any], message: str) -> None:
    launches = len(modules.target.launches)
    with pytest.raises(AnsibleActionFail, match=message):
        modules(name, **given)
    assert len(modules.target.launches) == launches


@pytest.mark.parametrize("name", NAMES)
def test_examples_are_valid_and_can_be_compared(name: str, tmp_path: Path) -> None:
    for task in yaml.safe_load(importlib.import_module(f"plugins.modules.{name}").EXAMPLES):
        given = task[f"sametime.gateway.{name}"]
        modules = Modules(Cell(tmp_path / str(task["name"].split()[0])))
        # A check on hosts that are not there yet goes through all of it.
        modules.target.empty = True
        assert options_of(name, given)
        gone = "absent" in str(given)
        assert modules(name, check=True, **given)["changed"] != gone
