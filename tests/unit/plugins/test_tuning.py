"""The profiles of the role `tuning` as values, and as what WebSphere gets."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from ansible.errors import AnsibleFilterError

from plugins.filter.tuning import tuning_resources, tuning_values
from plugins.plugin_utils._tuning import data
from tests.lab.products.was.cell import Cell
from tests.unit.plugins.was_modules import CLUSTER, PROXY, SERVER, Modules

SERVERS = [
    {"node": "N", "server": "RTCGWServer", "kind": "gateway"},
    {"node": "M", "server": "RTCGWServer", "kind": "gateway"},
    {"node": "M", "server": "SP", "kind": "sip_proxy"},
]
MARKS = {"doc", "code", "seed", "memory", "derived"}
PAGE = Path(__file__).parents[3] / "docs/tuning.md"


@pytest.mark.parametrize("name", sorted(data()["values"]))
def test_each_value_has_a_reason_and_says_how_well_it_is_known(name: str) -> None:
    value = data()["values"][name]
    assert value["mark"] in MARKS
    assert value["source"]
    assert value["reason"]
    assert set(value["values"]) <= set(data()["profiles"])


def row(name: str) -> str:
    """The line of a value in the table of `docs/tuning.md`."""
    value = data()["values"][name]
    cells = [str(value["values"].get(profile, "-")).lower() for profile in data()["profiles"]]
    why = [value["unit"], value["reason"], f"[{value['mark']}] {value['source']}"]
    return f"| `{name}` | {' | '.join([*cells, *why])} |"


def test_the_page_has_all_values_in_their_order() -> None:
    lines = [line for line in PAGE.read_text("utf-8").splitlines() if re.match(r"\| `\w+\.[\w%]+` \|", line)]
    assert lines == [row(name) for name in data()["values"]]


@pytest.mark.parametrize("profile", sorted(data()["profiles"]))
def test_no_profile_contradicts_itself(profile: str) -> None:
    assert tuning_values(profile)["profile"]["name"] == profile


def test_own_values_win_and_null_leaves_alone() -> None:
    tuned = tuning_values("small", {"gateway.maximum_heap_mb": "700", "gateway.nursery_mb": None, "no.somaxconn": 4096})
    assert tuned["gateway"]["maximum_heap_mb"] == 700
    assert "nursery_mb" not in tuned["gateway"]
    assert tuned["no"]["somaxconn"] == 4096


@pytest.mark.parametrize(
    ("load", "profile"),
    [
        ({"users": 1000, "messages_per_second": 50}, "small"),
        ({"users": 1001}, "medium"),
        ({"users": 10, "messages_per_second": "500"}, "large"),
    ],
)
def test_the_smallest_profile_that_will_do(load: dict[str, Any], profile: str) -> None:
    assert tuning_values("auto", load=load)["profile"]["name"] == profile


@pytest.mark.parametrize(("forgets", "idle"), [(86400, 600), (1200, 600), (900, 450), (60, 30)])
def test_probes_come_before_the_nat_forgets(forgets: int, idle: int) -> None:
    tuned = tuning_values("small", nat_idle_seconds=forgets)
    assert tuned["keepalive"]["idle_seconds"] == idle
    assert tuned["no"]["tcp_keepidle"] == 2 * idle
    assert tuned["windows"]["KeepAliveTime"] == 1000 * idle


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"profile": "tiny"}, "tuning_profile: 'tiny' is none; use small, medium, large or auto"),
        ({"profile": "auto", "load": {"users": 20001}}, "tuning_load: .*add nodes"),
        ({"profile": "auto", "load": {"users": "many"}}, "users is 'many', which is no number"),
        ({"profile": "auto"}, "tuning_load: {} says no load; give users and messages_per_second"),
        ({"profile": "auto", "load": {"people": 5}}, "tuning_load: {'people': 5} says no load"),
        ({"profile": "auto", "load": {"users": -5}}, "tuning_load: {'users': -5} says no load"),
        ({"values": {"gateway.gc_policy": "fast"}}, "gateway.gc_policy is 'fast'; use gencon, optavgpause, optthruput"),
        ({"values": {"gateway.heap": 1}}, "tuning_values: there is no gateway.heap"),
        ({"values": {"no.TCP keepidle": 1}}, "tuning_values: there is no no.TCP keepidle"),
        ({"values": {"no.tcp_keepidle": 1}}, "no.tcp_keepidle follows from keepalive.idle_seconds"),
        ({"values": {"gateway.maximum_heap_mb": 256}}, "gateway.initial_heap_mb, 512, is more than gateway.maximum"),
        ({"values": {"xmpp_proxy.nursery_mb": 300}}, "xmpp_proxy.nursery_mb, 300, is more than xmpp_proxy.initial"),
        ({"values": {"sip_proxy.threads_maximum": 5}}, "sip_proxy.threads_minimum, 10, is more than"),
        ({"values": {"gateway.threads_minimum": 0}}, "gateway.threads_minimum is 0; use a positive number"),
        ({"values": {"gateway.verbose_gc": "sometimes"}}, "gateway.verbose_gc is 'sometimes'; use true or false"),
        ({"values": {"keepalive.idle_seconds": 3600}, "nat_idle_seconds": 3600}, "the NAT forgets .* use at most 1800"),
        ({"nat_idle_seconds": 40}, "tuning_nat_idle_seconds: 40 would mean keep-alive probes every 20 s"),
    ],
)
def test_what_cannot_be_is_refused_by_name(given: dict[str, Any], said: str) -> None:
    with pytest.raises(AnsibleFilterError, match=said):
        tuning_values(given.pop("profile", "small"), **given)


def test_a_server_of_another_kind_is_refused() -> None:
    with pytest.raises(AnsibleFilterError, match=r"tuning_servers\[0\]\.kind: 'dmgr' is none"):
        tuning_resources(tuning_values("small"), [{"node": "N", "server": "dmgr", "kind": "dmgr"}])


def test_a_whole_cell_in_one_launch(tmp_path: Path) -> None:
    modules = Modules(Cell(tmp_path))
    modules.config(SERVER, CLUSTER, PROXY)
    modules("was_jvm", node="N", server="RTCGWServer", generic_arguments="-Dinstallers=own")
    first = modules.config(*tuning_resources(tuning_values("medium"), SERVERS))
    assert first["launches"] == 1
    assert first["restart_required"] == ["M/RTCGWServer", "M/SP", "N/RTCGWServer"]
    document = (modules.cell.profile.config / "cells/C/nodes/N/servers/RTCGWServer/server.xml").read_text("utf-8")
    assert 'genericJvmArguments="-Dinstallers=own"' in document
    assert 'name="IBM_JAVA_OPTIONS" value="-Xgcpolicy:gencon -Xmn150m"' in document
    assert 'verboseModeGarbageCollection="true"' in document
    again = modules.config(*tuning_resources(tuning_values("medium"), SERVERS))
    assert (again["changed"], again["launches"]) == (False, 0)
    larger = modules.config(*tuning_resources(tuning_values("large"), SERVERS))
    assert (larger["changed"], larger["launches"]) == (True, 1)
