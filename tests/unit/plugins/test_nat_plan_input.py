"""Input that is no NAT plan is refused: the message names the path of the key, the value and the cure."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible.errors import AnsibleActionFail, AnsibleFilterError

from plugins.action.nat_plan import ActionModule
from plugins.filter.nat import FilterModule
from plugins.plugin_utils._nat_plan import plan
from plugins.plugin_utils._nat_read import NatError

SCENARIO = (Path(__file__).with_name("nat") / "scenario.yml").read_text("utf-8")


def scenario() -> list[dict[str, Any]]:
    sites: list[dict[str, Any]] = yaml.safe_load(SCENARIO)
    return sites


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        ("0", "rtp", "sites[0]: 'rtp' is not a mapping; give one with the keys"),
        ("0.colour", "red", ".colour: unknown key; the keys are cell_fqdn, certificate, "),
        ("0.kind", "farm", ".kind: 'farm' is unknown; write cluster or standalone"),
        ("0.kind", None, ".kind: missing; it is required"),
        ("0.transport", "sctp", ".transport: 'sctp' is unknown; write tcp or tls or udp"),
        ("0.name", " ", "sites[0].name: ' ' is not a text; write a name"),
        ("0.name", "rtp_partner", "sites[1].name: 'rtp_partner' is there twice; give each site its own name"),
        ("0.networks", "9.42.111.0/24", ".networks: '9.42.111.0/24' is not a list; write it as a list"),
        ("0.networks.0", "9.42.111.5/24", ".networks[0]: '9.42.111.5/24' is not a network; write it as"),
        ("0.networks.0", 9, ".networks[0]: 9 is not a network"),
        ("0.entry_points", [], ".entry_points: a cluster site has no sip_proxy in it; add an entry of kind"),
        ("1.entry_points", None, ".entry_points: a standalone site has no gateway in it"),
        ("0.entry_points.0.kind", "gateway", "kind: 'gateway' is unknown; write sip_proxy or nat_proxy"),
        ("0.entry_points.0.address", "9.42.111", "entry_points[0].address: '9.42.111' is not the address of a host"),
        ("0.entry_points.0.address", "0.0.0.0", "entry_points[0].address: '0.0.0.0' is not the address of a host"),
        ("0.entry_points.0.address", "fe80::1%en0", "address: 'fe80::1%en0' is not the address of a host"),
        ("0.entry_points.0.ports", [5060], ".entry_points[0].ports: [5060] is not a mapping"),
        ("0.entry_points.0.ports.tcp", 0, "ports.tcp: 0 is not a port; write a number from 1 to 65535"),
        ("0.entry_points.0.ports.tcp", True, "ports.tcp: True is not a port"),
        ("0.entry_points.0.ports.tcp", "\u0665", "ports.tcp: '\u0665' is not a port"),
        ("0.entry_points.0.ports.sip", 5060, "entry_points[0].ports.sip: unknown key; the keys are tcp, tls, udp"),
        ("0.nodes.0.name", "a b", ".nodes[0].name: 'a b' has blanks or control characters; write a host name"),
        ("0.ports_in_use.0.protocol", "tls", ".ports_in_use[0].protocol: 'tls' is unknown; write tcp or udp"),
        ("0.ports_in_use.0.by", None, ".ports_in_use[0].by: missing; it is required"),
        ("0.router", [], ".router: [] is not a mapping; give one with the keys inbound, outbound, sip_alg"),
        ("0.router.sip_alg", "no", ".router.sip_alg: 'no' is neither true nor false; write one of the two"),
        ("0.router.inbound.0.public_port", 70000, "router.inbound[0].public_port: 70000 is not a port"),
        ("0.router.inbound.0.name", None, ".router.inbound[0].name: missing; it is required"),
        ("0.router.inbound.0.public_address", "2001:db8::1", "'2001:db8::1' is of IPv6 and the private"),
        ("0.router.outbound.0.public_address", [], "outbound[0].public_address: empty; write the public address"),
        ("0.router.outbound.0.public_address", 9, "router.outbound[0].public_address: 9 is not a list"),
        ("0.router.outbound.0.public_address", ["::1"], "outbound[0].public_address: '::1' is of IPv6 and the private"),
        ("0.sprayers.0.port", "sip", ".sprayers[0].port: 'sip' is not a port; write a number"),
        ("0.sprayers.0.transport", "ssl", ".sprayers[0].transport: 'ssl' is unknown; write tcp or tls or udp"),
        ("0.certificate", "rtp_nat.ibm.com", ".certificate: 'rtp_nat.ibm.com' is not a mapping"),
        ("0.partners.0.site", "rtp_partners", "partners[0].site: 'rtp_partners' is not in this plan; the sites are"),
        ("0.partners.0.site", "rtp_cluster", ".partners[0].site: 'rtp_cluster' is the site itself"),
        ("0.partners.0.site", None, ".partners[0].host: missing; give host, port, transport and address, or a site"),
        ("0.cell_fqdn", "rtp_nat.ibm.com.", ".cell_fqdn: 'rtp_nat.ibm.com.' ends in a dot; write it without"),
        ("0.sprayers.0.host", "[2001:db8::1]", ".sprayers[0].host: '[2001:db8::1]' has brackets; write an address of"),
        ("0.partners.1", {"name": "partner", "site": "rtp_partner"}, "partners[1].name: 'partner' is there twice"),
    ],
)  # fmt: skip
def test_bad_input_is_refused(path: str, value: Any, message: str) -> None:
    sites = scenario()
    here: Any = sites
    *steps, last = (int(step) if step.isdigit() else step for step in path.split("."))
    for step in steps:
        here = here[step]
    if isinstance(here, list) and last == len(here):
        here.append(value)
    else:
        here[last] = value
    with pytest.raises(NatError) as error:
        plan(sites)
    assert message in str(error.value)
    # A person knows the sites by their names.
    assert re.match(r"sites\[[01]\]( \(rtp_(cluster|partner)\)\.|\.name: |: )", str(error.value))


@pytest.mark.parametrize("sites", [None, "rtp", 5, {"name": "rtp"}])
def test_sites_are_a_list(sites: Any) -> None:
    with pytest.raises(NatError, match=r"^sites: .* is not a list; write it as a list$"):
        plan(sites)


@pytest.mark.parametrize(
    ("names", "message"),
    [
        ([], None),
        ("rtp", "names: 'rtp' is not a mapping"),
        ({"rtp": {}}, "names.rtp: unknown key; the keys are rtp_cluster, rtp_partner"),
        ({"rtp_cluster": ["a"]}, "names.rtp_cluster: ['a'] is not a mapping; write names and their addresses"),
        ({"rtp_cluster": {"a": "9.42.124.45"}}, "names.rtp_cluster['a']: '9.42.124.45' is not a list"),
        ({"rtp_cluster": {"a": ["b"]}}, "names.rtp_cluster['a'][0]: 'b' is not the address of a host"),
        ({"rtp_cluster": {5: []}}, "names.rtp_cluster: 5 is not a text"),
    ],
)
def test_names_are_addresses_by_site_and_name(names: Any, message: str | None) -> None:
    if message is None:
        plan(scenario(), names)
        return
    with pytest.raises(NatError) as error:
        plan(scenario(), names)
    assert message in str(error.value)


def test_a_port_may_be_a_text_of_digits_as_templates_make_it() -> None:
    sites = scenario()
    sites[0]["router"]["inbound"][0]["public_port"] = "5062"
    assert plan(sites) == plan(scenario())


def test_a_plan_is_json_and_its_input_stays_as_it_is() -> None:
    sites = scenario()
    made = plan(sites, {"rtp_partner": {"rtp_nat.ibm.com": ["9.42.124.45"]}})
    assert json.loads(json.dumps(made)) == made
    assert sites == scenario()


def module(**options: Any) -> dict[str, Any]:
    action: ActionModule = ActionModule.__new__(ActionModule)
    return action.compute({"sites": scenario(), "names": {}, "fail_on": "error"} | options)


def test_the_module_returns_the_plan() -> None:
    assert module() == {**plan(scenario()), "changed": False}


def test_the_module_fails_for_the_severity_asked_for_and_lists_its_findings() -> None:
    sites = scenario()
    sites[0]["router"]["sip_alg"] = True
    result = module(sites=sites)
    assert result["failed"] and result["findings"] == plan(sites)["findings"]
    first, *lines = result["msg"].splitlines()
    assert first == "the NAT plan does not work:"
    assert lines == [
        "error sip-alg at rtp_cluster: sip_alg is on: the router rewrites SIP messages; "
        "wanted: a router that leaves them as they are; set router.sip_alg to false"
    ]
    assert len(module(sites=sites, fail_on="warning")["msg"].splitlines()) == 1 + 1 + 3
    assert "failed" not in module(sites=sites, fail_on="never")
    assert "failed" not in module()
    assert module(fail_on="warning")["failed"]


def test_the_module_and_the_filter_refuse_bad_input() -> None:
    with pytest.raises(AnsibleActionFail, match=r"^sites\[0\] \(rtp\)\.kind: missing"):
        module(sites=[{"name": "rtp"}])
    nat_plan = FilterModule().filters()["nat_plan"]
    with pytest.raises(AnsibleFilterError, match=r"nat_plan: sites\[0\] \(rtp\)\.kind: missing"):
        nat_plan([{"name": "rtp"}])
    assert nat_plan(scenario(), {}) == plan(scenario())
