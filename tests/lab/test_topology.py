"""Which machines there are: the inventory's hosts with the hardware of topology.yml."""

from __future__ import annotations

from pathlib import Path

import pytest

from lab import inventory, topology
from lab.errors import LabError
from lab.settings import REPOSITORY, Settings


def _settings(tmp_path: Path, **environment: str) -> Settings:
    return Settings.from_environment({"LAB_STATE": str(tmp_path), "LAB_SUBNET": "77", **environment})


def test_all_eleven_hosts_of_the_inventory_have_hardware(tmp_path: Path) -> None:
    lab = topology.load(_settings(tmp_path))
    assert len(lab.hosts) == 11
    assert lab.host("sipproxy1").address == "9.42.111.5"
    assert lab.host("sipproxy1").management == ("127.0.77.15", 2222)
    assert lab.host("stgw2").management == ("127.0.77.31", 5985)
    assert lab.host("stsrv2").machine["memory_mb"] == 1280
    assert "ldap_servers" in lab.host("ldapsrv2").groups
    assert (lab.router.name, lab.router.management) == ("natrouter", ("127.0.77.10", 2222))


def test_every_host_knows_every_name_and_both_public_names(tmp_path: Path) -> None:
    lab = topology.load(_settings(tmp_path))
    for host in lab.machines:
        assert host.names["rtp_nat.ibm.com"] == "9.42.124.45"
        assert host.names["rtp_natpool1.ibm.com"] == "9.42.124.46"
        assert {other.name for other in lab.hosts} <= set(host.names)


def test_addresses_and_management_sockets_are_used_once(tmp_path: Path) -> None:
    lab = topology.load(_settings(tmp_path))
    addresses = [host.address for host in lab.hosts] + [a for leg in lab.router.legs for a in leg.addresses]
    assert len(addresses) == len(set(addresses))
    assert len({machine.management for machine in lab.machines}) == len(lab.machines)


def test_only_the_inside_has_a_route_to_the_other_segment_and_nobody_a_default_route(tmp_path: Path) -> None:
    for host in topology.load(_settings(tmp_path)).hosts:
        assert host.routes == ((("9.42.124.0/24", "9.42.111.254"),) if host.leg.segment == "inside" else ())


def test_a_host_without_hardware_is_named(tmp_path: Path) -> None:
    file = tmp_path / "hosts.yml"
    file.write_text("aix:\n  hosts:\n    stgdm1:\n    stranger:\n")
    with pytest.raises(LabError, match=r"stranger.*topology\.yml"):
        topology.load(_settings(tmp_path, LAB_INVENTORY=str(file)))


def test_several_inventories_add_up(tmp_path: Path) -> None:
    files = ("inventories/rtp/hosts.yml", "tests/inventories/windows_cell/hosts.yml")
    lab = topology.load(_settings(tmp_path, LAB_INVENTORY=":".join(files)))
    assert {host.name for host in lab.hosts if "deployment_managers" in host.groups} == {"stgdm1", "stgw2"}


def test_groups_hold_the_hosts_of_their_children_wherever_those_are_filled(tmp_path: Path) -> None:
    file = tmp_path / "hosts.yml"
    file.write_text("all:\n  children:\n    site:\n      children:\n        aix:\naix:\n  hosts:\n    a:\n    b:\n")
    assert inventory.groups(file)["all"] == {"a", "b"}


def test_an_unknown_host_is_refused_with_the_names_there_are(tmp_path: Path) -> None:
    with pytest.raises(LabError, match=r"db2srv9.*db2srv1"):
        topology.load(_settings(tmp_path)).host("db2srv9")
    with pytest.raises(LabError, match=r"db2srv9.*natrouter"):
        topology.load(_settings(tmp_path)).machine("db2srv9")


@pytest.mark.parametrize("value", ["0", "255", "x", "-1"])
def test_a_bad_subnet_is_refused(value: str) -> None:
    with pytest.raises(LabError, match="LAB_SUBNET"):
        Settings.from_environment({"LAB_SUBNET": value})


def test_another_topology_puts_hosts_elsewhere(tmp_path: Path) -> None:
    files = {
        "LAB_TOPOLOGY": "tests/lab/topologies/standalone_inside.yml",
        "LAB_INVENTORY": "tests/inventories/standalone_inside/hosts.yml",
    }
    lab = topology.load(_settings(tmp_path, **files))
    inside = {host.name for host in lab.hosts if host.leg.segment == "inside"}
    assert inside == {"sipproxy1", "stgw2", "stsrv2", "db2srv2"}
    assert lab.host("stgpn1").leg.segment == "outside"


def test_a_topology_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(LabError, match=r"nowhere\.yml: no such topology \(LAB_TOPOLOGY names another\)"):
        topology.load(_settings(tmp_path, LAB_TOPOLOGY=str(tmp_path / "nowhere.yml")))


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("people:", "peopel:", "people: None is no mapping"),
        ("online", "onlin", "'onlin' is none of online, away, offline"),
        ("segments:", "segments: [", "no topology"),
    ],
)
def test_a_topology_that_cannot_be_read_is_refused(tmp_path: Path, old: str, new: str, words: str) -> None:
    file = tmp_path / "topology.yml"
    file.write_text((REPOSITORY / "lab/topology.yml").read_text("utf-8").replace(old, new, 1), "utf-8")
    with pytest.raises(LabError, match=rf"topology\.yml: .*{words}"):
        topology.load(_settings(tmp_path, LAB_TOPOLOGY=str(file)))
