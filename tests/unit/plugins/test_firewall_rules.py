"""The table of ports as rules of firewalls, judged by what they let through, and as pages."""

from __future__ import annotations

import re
import subprocess
from html.parser import HTMLParser
from typing import Any

import pytest
from ansible.errors import AnsibleFilterError

from lab.ios import editor
from lab.ios.access_lists import Entry
from plugins.filter.firewall import firewall_files, firewall_flows
from tests.unit.plugins.firewall import CLUSTER, MACHINES, PARTNER, Data, machine, scenario, speaking
from tests.unit.plugins.test_nat_plan import good

CISCO = {CLUSTER: {"outside_interface": "FastEthernet0/1", "inside_interfaces": ["FastEthernet0/0"]}}
IN, OUT, PROXY, GATEWAY = "9.42.124.45", "9.42.124.46", "9.42.111.5", "9.42.124.60"


def ios(sites: list[Data] | None = None, settings: Data | None = None, site: str = CLUSTER) -> Any:
    """What the lab's IOS makes of the rendered commands; it knows no comments in a file, as nobody types them."""
    text = firewall_files(sites or scenario(), MACHINES, settings or {}, ["ios"])[f"{site}.ios"]
    return editor.read("".join(f"{line}\n" for line in text.splitlines() if not line.lstrip().startswith("!")))


def passes(
    entries: list[Entry], protocol: str, source: tuple[str, int], target: tuple[str, int], *, answer: bool = False
) -> bool:
    """Whether a list lets a packet through; an answer belongs to a connection that is there."""
    for entry in entries:
        ports = ((entry.source_port, source[1]), (entry.destination_port, target[1]))
        if (
            entry.protocol in ("ip", protocol)
            and source[0] in entry.source
            and target[0] in entry.destination
            and all(wanted in (-1, port) for wanted, port in ports)
            and (answer or not entry.established)
        ):
            return entry.action == "permit"
    return False


def test_a_cisco_takes_both_lists_at_its_interfaces() -> None:
    configuration = ios(settings=CISCO)
    filters = {name: each.filters for name, each in configuration.interfaces.items()}
    assert filters == {
        "FastEthernet0/1": {"in": "STGW-RTP-CLUSTER-FROM-OUTSIDE"},
        "FastEthernet0/0": {"in": "STGW-RTP-CLUSTER-FROM-INSIDE"},
    }


def test_from_outside_partners_reach_what_the_table_lists_and_nothing_else() -> None:
    entries = ios().access_lists["STGW-RTP-CLUSTER-FROM-OUTSIDE"]
    assert passes(entries, "tcp", (GATEWAY, 40000), (IN, 5062))
    assert not passes(entries, "tcp", ("9.42.124.99", 40000), (IN, 5062))
    assert not passes(entries, "tcp", (GATEWAY, 40000), (IN, 22))
    assert not passes(entries, "udp", (GATEWAY, 40000), (IN, 5062))
    # The static translation of the whole address leads from every port of it to the proxy's host.
    assert not passes(entries, "tcp", (GATEWAY, 5060), (OUT, 8878))
    assert passes(entries, "tcp", (GATEWAY, 5060), (OUT, 8878), answer=True)
    assert not passes(entries, "tcp", (GATEWAY, 40000), (OUT, 8878), answer=True)
    assert passes(entries, "icmp", ("9.42.124.1", -2), (IN, -2))
    assert passes(entries, "tcp", (GATEWAY, 40000), ("9.42.124.77", 80))


def test_from_inside_the_site_reaches_what_the_table_lists_and_nothing_else() -> None:
    entries = ios().access_lists["STGW-RTP-CLUSTER-FROM-INSIDE"]
    assert passes(entries, "tcp", (PROXY, 40000), (GATEWAY, 5060))
    assert not passes(entries, "tcp", ("9.42.111.2", 40000), (GATEWAY, 5060))
    assert not passes(entries, "tcp", (PROXY, 40000), (GATEWAY, 80))
    assert passes(entries, "tcp", (PROXY, 5062), (GATEWAY, 40000), answer=True)
    assert not passes(entries, "tcp", (PROXY, 5062), (GATEWAY, 40000))
    assert passes(entries, "tcp", ("9.42.111.2", 40000), ("9.42.111.6", 50000))
    assert passes(entries, "tcp", ("9.42.111.6", 50000), ("9.42.111.2", 40000), answer=True)
    assert not passes(entries, "tcp", ("9.42.111.6", 40000), ("9.42.111.2", 8880))
    assert passes(entries, "tcp", ("9.42.111.200", 40000), ("198.51.100.1", 80))


def test_answers_by_udp_come_from_the_port_that_was_dialled() -> None:
    lists = ios(speaking("udp")).access_lists
    outside, inside = lists["STGW-RTP-CLUSTER-FROM-OUTSIDE"], lists["STGW-RTP-CLUSTER-FROM-INSIDE"]
    assert passes(outside, "udp", (GATEWAY, 40000), (IN, 5062))
    assert passes(outside, "udp", (GATEWAY, 5060), (OUT, 5062))
    assert not passes(outside, "udp", (GATEWAY, 5061), (OUT, 5062))
    assert passes(inside, "udp", (PROXY, 5062), (GATEWAY, 40000))


def test_a_site_without_nat_is_protected_by_its_own_addresses() -> None:
    entries = ios(site=PARTNER).access_lists["STGW-RTP-PARTNER-FROM-OUTSIDE"]
    assert passes(entries, "tcp", (OUT, 40000), (GATEWAY, 5060))
    assert not passes(entries, "tcp", (IN, 40000), (GATEWAY, 5060))
    assert not passes(entries, "tcp", (OUT, 40000), ("9.42.124.62", 50001))


def test_lists_of_ipv4_refuse_ipv6_by_name() -> None:
    sites = good("ipv6")
    machines = [machine("m", sites[0]["name"], sites[0]["entry_points"][0]["address"], sip_proxy={})]
    with pytest.raises(AnsibleFilterError, match="IPv4 only; take ios out of firewall_ports_formats"):
        firewall_files(sites, machines, {}, ["ios"])
    assert "ip6 saddr" in firewall_files(sites, machines, {}, ["nftables"])[f"{sites[0]['name']}.nft"]


# -- nftables ----------------------------------------------------------------------------------------------------------
def rules(settings: Data | None = None, site: str = CLUSTER) -> list[str]:
    text = firewall_files(scenario(), MACHINES, settings or {}, ["nftables"])[f"{site}.nft"]
    return [line.strip() for line in text.splitlines()]


def test_a_linux_router_sees_the_private_side_of_both_directions() -> None:
    assert f"ip saddr {GATEWAY} ip daddr {PROXY} tcp dport 5062 accept" in rules()
    assert f"ip saddr {PROXY} ip daddr {GATEWAY} tcp dport 5060 accept" in rules()
    assert f"ip saddr {OUT} ip daddr {GATEWAY} tcp dport 5060 accept" in rules(site=PARTNER)


def test_between_the_parts_of_a_cell_no_rule_is_made() -> None:
    assert not any("8879" in line for line in rules())


def test_who_is_unknown_gets_no_rule_and_the_file_says_so() -> None:
    assert (
        "# No rule: no networks are known for administrators (administrative console: tcp 9060, 9043 of 9.42.111.1)"
        in (rules())
    )
    known = rules({CLUSTER: {"clients": {"administrators": ["9.42.200.0/24"]}}})
    assert "ip saddr 9.42.200.0/24 ip daddr 9.42.111.1 tcp dport { 9060, 9043 } accept" in known
    assert not any("administrators (" in line for line in known)


@pytest.mark.parametrize("name", ["nat_proxy", "one_address", "tls", "udp", "ipv6", "two_nats"])
def test_nft_understands_the_rules_of_every_good_plan(name: str) -> None:
    sites = good(name)
    machines = [
        machine(
            one["host"],
            site["name"],
            one["address"],
            **({"sip_proxy": {}} if site["kind"] == "cluster" else {"standalone": {}}),
        )
        for site in sites
        for one in site["entry_points"][:1]
    ]
    assert [one for one in firewall_flows(sites, machines)["findings"] if one["severity"] == "error"] == []
    for text in firewall_files(sites, machines, {}, ["nftables"]).values():
        # In a user namespace of its own, for only root may ask; nothing is loaded.
        command = ["unshare", "--user", "--map-root-user", "--net", "/usr/sbin/nft", "--check", "-f", "-"]
        done = subprocess.run(command, input=text, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{done.stderr}\n{text}"


# -- pages -------------------------------------------------------------------------------------------------------------
class Page(HTMLParser):
    """Counts rows, and sees that every element that is opened is closed in its order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.rows = 0
        self.text = ""

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        assert tag not in ("script", "link", "img"), "something from elsewhere"
        if tag not in ("meta", "br"):
            self.open.append(tag)
        self.rows += tag == "tr"

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def test_the_page_has_every_row_and_nothing_of_the_inventory_is_markup() -> None:
    sites = scenario()
    sites[0]["partners"][0]["name"] = "<b>bold</b> & co"
    text = firewall_files(sites, MACHINES, {}, ["html"])["ports.html"]
    page = Page()
    page.feed(text)
    heads = text.count("<thead>")
    assert page.rows - heads == len(firewall_flows(sites, MACHINES)["flows"])
    assert not page.open
    assert "community <b>bold</b> & co" in page.text
    assert "same LAN, no firewall" in page.text


def test_markdown_has_every_row_with_as_many_cells_as_its_head() -> None:
    sites = scenario()
    sites[0]["partners"][0]["name"] = "a|b"
    text = firewall_files(sites, MACHINES, {}, ["markdown"])["ports.md"]
    lines = [line for line in text.splitlines() if line.startswith("|")]
    assert {len(re.split(r"(?<!\\)\|", line)) for line in lines} == {10}
    tables = sum(line.startswith("| from ") for line in lines)
    assert len(lines) - 2 * tables == len(firewall_flows(sites, MACHINES)["flows"])


def test_formats_that_do_not_exist_are_refused() -> None:
    with pytest.raises(AnsibleFilterError, match="'pdf' is no format; the formats are ios, nftables, markdown, html"):
        firewall_files(scenario(), MACHINES, {}, ["pdf"])
