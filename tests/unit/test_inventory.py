"""The inventory of the scenario: its machines, its numbers, and that it can reach nobody by accident."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible.errors import AnsibleError
from ansible.inventory.manager import InventoryManager
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar
from ansible.vars.hostvars import HostVars
from ansible.vars.manager import VariableManager

from plugins.filter.nat import nat_communities

REPOSITORY = Path(__file__).resolve().parents[2]
RTP = REPOSITORY / "inventories" / "rtp"
SECOND_CELL = REPOSITORY / "tests/inventories/windows_cell"
LARGER_CELL = REPOSITORY / "tests/inventories/larger_cell"
ADDRESS_LINE = re.compile(r"^stgw_address: \S+ # (placeholder: not in the scenario|the scenario's own)$", re.MULTILINE)
IP_LITERAL = re.compile(r"\b\d{1,3}(?:\.\d{1,3}){3}\b")
PRODUCT_LEVELS = {"6.0.0.19", "6.1.0.11"}
VAULT_NAME = re.compile(r"\bvault_\w+\b(?!:)")

AIX = {"sipproxy1", "stgdm1", "stgpn1", "stgsn1", "stsrv1", "db2srv1", "ldapsrv1"}
WINDOWS = {"stgw2", "stsrv2", "db2srv2", "ldapsrv2"}
ROLES = {
    "sip_proxies": {"sipproxy1"},
    "deployment_managers": {"stgdm1"},
    "primary_nodes": {"stgpn1"},
    "secondary_nodes": {"stgsn1"},
    "sametime_servers": {"stsrv1", "stsrv2"},
    "db2_servers": {"db2srv1", "db2srv2"},
    "ldap_servers": {"ldapsrv1", "ldapsrv2"},
    "standalone_gateways": {"stgw2"},
    "nat_routers": {"natrouter"},
}


class Inventory:
    """The inventory as ansible-playbook sees it, with others passed behind it."""

    def __init__(self, *behind: Path) -> None:
        loader = DataLoader()
        self._manager = InventoryManager(loader=loader, sources=[str(RTP), *(str(path) for path in behind)])
        self._variables = VariableManager(loader=loader, inventory=self._manager)
        self._loader = loader
        self.groups: dict[str, set[str]] = {name: set(hosts) for name, hosts in self._manager.get_groups_dict().items()}

    def variables(self, host: str) -> dict[str, Any]:
        return dict(self._variables.get_vars(host=self._manager.get_host(host)))

    def value(self, host: str, name: str) -> Any:
        variables = self.variables(host)
        return Templar(loader=self._loader, variables=variables).template(variables[name])

    def sites(self) -> list[dict[str, Any]]:
        """The sites of the NAT plan, as a play on localhost gets them."""
        made = self._loader.load_from_file(
            str(REPOSITORY / "playbooks/group_vars/all/nat.yml"), trusted_as_template=True
        )
        variables = {
            **made,
            "groups": self._manager.get_groups_dict(),
            "hostvars": HostVars(self._manager, self._variables, self._loader),
        }
        sites = Templar(loader=self._loader, variables=variables).template(made["stgw_nat_sites"])
        assert isinstance(sites, list)
        return sites


@pytest.fixture(scope="module")
def inventory() -> Inventory:
    return Inventory()


def test_machines_by_role_platform_and_site(inventory: Inventory) -> None:
    assert {name: inventory.groups[name] for name in ROLES} == ROLES
    assert inventory.groups["aix"] == AIX
    assert inventory.groups["windows"] == WINDOWS
    assert inventory.groups["rtp_cluster"] == AIX | {"natrouter"}
    assert inventory.groups["rtp_partner"] == WINDOWS


def test_connection_addresses_are_names_that_exist_nowhere(inventory: Inventory) -> None:
    for host in AIX | WINDOWS | {"natrouter"}:
        assert str(inventory.value(host, "ansible_host")).endswith(".example"), host


def test_addresses_appear_as_nat_data_only() -> None:
    for path in sorted(RTP.rglob("*.yml")):
        addresses = set(IP_LITERAL.findall(ADDRESS_LINE.sub("", path.read_text()))) - PRODUCT_LEVELS
        assert not addresses or path.name == "nat.yml", f"{path}: {addresses}"


def test_the_machines_of_the_scenario(inventory: Inventory) -> None:
    for host in AIX:
        machine = inventory.value(host, "stgw_machine")
        assert (machine["type"], machine["model"], machine["os"]) == ("7038", "IBM pSeries 650", "AIX 5.3 TL7")
        assert (machine["cpus"], machine["cpu_ghz"], machine["memory_mb"]) == (2, 1.5, 4096)
    for host, kind, memory in (
        ("stgw2", "3550", 4096),
        ("stsrv2", "8665", 1280),
        ("db2srv2", "8668", 4096),
        ("ldapsrv2", "8668", 4096),
    ):
        machine = inventory.value(host, "stgw_machine")
        assert (machine["type"], machine["memory_mb"], machine["cpus"]) == (kind, memory, 2)
        assert machine["os"] == "Windows 2003 SP2 Standard"


def test_the_numbers_of_the_nat(inventory: Inventory) -> None:
    router = inventory.value("stgdm1", "stgw_nat_router")
    assert router["inbound"] == [
        {
            "protocol": "tcp",
            "public_address": "9.42.124.45",
            "public_port": 5062,
            "private_address": "9.42.111.5",
            "private_port": 5062,
            "name": "rtp_nat.ibm.com",
        }
    ]
    assert router["outbound"] == [
        {"private_address": "9.42.111.5", "public_address": "9.42.124.46", "name": "rtp_natpool1.ibm.com"}
    ]
    assert inventory.value("sipproxy1", "stgw_address") == "9.42.111.5"
    assert inventory.value("stgdm1", "stgw_nat_cell_fqdn") == "rtp_nat.ibm.com"
    assert inventory.value("stgdm1", "stgw_nat_sprayers") == [
        {"transport": "tcp", "host": "rtp_natpool1.ibm.com", "port": 5060}
    ]


def test_only_the_cluster_is_behind_a_nat(inventory: Inventory) -> None:
    cluster, partner = inventory.sites()
    assert (cluster["name"], cluster["kind"]) == ("rtp_cluster", "cluster")
    assert [(point["host"], point["kind"], point["ports"]["tcp"]) for point in cluster["entry_points"]] == [
        ("sipproxy1", "sip_proxy", 5060),
        ("sipproxy1", "nat_proxy", 5062),
    ]
    assert [node["host"] for node in cluster["nodes"]] == ["stgpn1", "stgsn1"]
    assert cluster["router"] == inventory.value("natrouter", "stgw_nat_router")
    assert (partner["name"], partner["kind"]) == ("rtp_partner", "standalone")
    assert [(point["host"], point["kind"]) for point in partner["entry_points"]] == [("stgw2", "gateway")]
    assert "router" not in partner
    assert {entry["site"] for site in (cluster, partner) for entry in site["partners"]} == {
        "rtp_cluster",
        "rtp_partner",
    }


@pytest.mark.parametrize(
    ("host", "site", "name", "connection"),
    [
        ("db2srv1", "rtp_cluster", "partner", ("sipproxy1.rtp.example", 5062, "tcp")),
        ("db2srv2", "rtp_partner", "cluster", ("rtp_nat.ibm.com", 5062, "tcp")),
    ],
)
def test_the_hosts_of_the_databases_know_the_communities_of_their_site(
    inventory: Inventory, host: str, site: str, name: str, connection: tuple[str, int, str]
) -> None:
    hosts = {"rtp_cluster": "db2srv1", "rtp_partner": "db2srv2"}
    domains = {of: inventory.value(one, "stgw_community_domains") for of, one in hosts.items()}
    (community,) = nat_communities(inventory.sites(), site, inventory.value(host, "stgw_communities"), domains)
    assert (community["host"], community["port"], community["transport"]) == connection
    assert (community["name"], community["users"]) == (name, ["*"])
    assert not set(community["domains"]) & set(domains[site])


def test_a_site_with_a_deployment_manager_is_a_cluster() -> None:
    cluster, partner = Inventory(SECOND_CELL, LARGER_CELL).sites()
    assert [(point["host"], point["kind"]) for point in cluster["entry_points"]] == [
        ("sipproxy1", "sip_proxy"),
        ("sipproxy1", "nat_proxy"),
        ("ldapsrv1", "sip_proxy"),
    ]
    assert partner["kind"] == "cluster"
    assert [(point["host"], point["kind"]) for point in partner["entry_points"]] == [("db2srv2", "sip_proxy")]
    assert [node["host"] for node in partner["nodes"]] == ["ldapsrv2", "stsrv2"]


def test_a_proxy_without_an_address_is_named_and_not_left_out(tmp_path: Path) -> None:
    hosts = "sip_proxies: {hosts: {proxy2: {}}}\nrtp_cluster: {hosts: {proxy2: {}}}\n"
    (tmp_path / "hosts.yml").write_text(hosts)
    with pytest.raises(AnsibleError, match="stgw_address of proxy2 is not set"):
        Inventory(tmp_path / "hosts.yml").sites()


def test_a_router_has_the_rules_of_each_cell_behind_it(tmp_path: Path) -> None:
    (tmp_path / "hosts.yml").write_text("rtp_partner: {hosts: {natrouter: {}}}\n")
    (tmp_path / "group_vars").mkdir()
    (tmp_path / "group_vars" / "rtp_partner.yml").write_text(
        """
stgw_nat_networks: [9.42.124.0/26]
stgw_nat_router:
  inbound:
    - {protocol: tcp, public_address: 9.42.124.75, public_port: 5060, private_address: 9.42.124.62, private_port: 5060,
       name: stgw2.rtp.example}
  outbound: [{private_address: 9.42.124.62, public_address: 9.42.124.75, name: stgw2.rtp.example}]
"""
    )
    (tmp_path / "play.yml").write_text(
        f"""
- hosts: nat_routers
  gather_facts: false
  vars_files: ['{REPOSITORY}/playbooks/group_vars/all/nat.yml', '{REPOSITORY}/playbooks/group_vars/all/nat_plan.yml']
  tasks:
    - ansible.builtin.assert:
        that:
          - nat_router_inbound | map(attribute='private_address') | sort == ['9.42.111.5', '9.42.124.62']
          - nat_router_outbound | map(attribute='public_address') | sort == ['9.42.124.46', '9.42.124.75']
          - not nat_router_sip_alg
"""
    )
    inventories = [argument for path in (RTP, SECOND_CELL, tmp_path / "hosts.yml") for argument in ("-i", str(path))]
    run = subprocess.run(
        [sys.executable, "-m", "ansible", "playbook", str(tmp_path / "play.yml"), *inventories],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout


def test_windows_is_reached_by_winrm_with_ntlm(inventory: Inventory) -> None:
    for host in WINDOWS:
        variables = inventory.variables(host)
        assert variables["ansible_connection"] == "winrm"
        assert (variables["ansible_winrm_transport"], variables["ansible_port"]) == ("ntlm", 5985)


def test_no_python_is_looked_for_on_aix(inventory: Inventory) -> None:
    for host in AIX:
        assert str(inventory.variables(host)["ansible_python_interpreter"]).startswith("/nonexistent/")


def test_every_secret_used_is_in_the_example_vault_and_none_is_set() -> None:
    example = yaml.safe_load((RTP / "group_vars/all/vault.yml.example").read_text())
    assert all(str(value).startswith("CHANGE_ME") for value in example.values())
    used: set[str] = set()
    for folder in ("inventories/rtp", "roles", "playbooks"):
        for path in (REPOSITORY / folder).rglob("*.yml"):
            used |= set(VAULT_NAME.findall(path.read_text()))
    # What AWX itself logs in with is no secret of a run.
    of_awx = {name for name in used if name.startswith("vault_awx_")}
    assert used - of_awx <= set(example), f"not in the example: {used - of_awx - set(example)}"


def test_the_example_vault_is_not_read() -> None:
    assert not [name for name in Inventory().variables("stgw2") if name.startswith("vault_")]
