"""Rules of others on a router: which contradict ours, and which may stay."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from plugins.plugin_utils._nat_foreign import Condition, contradictions
from plugins.plugin_utils._nat_foreign_iptables import foreign as of_iptables
from plugins.plugin_utils._nat_foreign_nftables import foreign as of_nftables
from plugins.plugin_utils._nat_rules import rules_of

RULES = rules_of({
    "inbound": [
        {"name": "a", "protocol": "tcp", "public_address": "9.42.124.45", "public_port": 5062,
         "private_address": "9.42.111.5", "private_port": 5062},
    ],
    "outbound": [{"name": "b", "private_address": "9.42.111.5", "public_address": "9.42.124.46"}],
})  # fmt: skip

RULESET: list[dict[str, Any]] = json.loads((Path(__file__).parent / "nat_rules/foreign.json").read_text())["nftables"]
"""What nft 1.0.6 shows of a table `inet fw` full of translations."""

TOO = {
    7: "hands SIP to the kernel's helper",
    9: "translates packets of 9.42.111.5 too",  # masquerade of the whole network at out*
    14: "gives others the public address 9.42.124.46 too, which is PAT",
    15: "translates packets of 9.42.111.5 too",  # a named set may hold anything
    16: "gives others the public address 9.42.124.46 too, which is PAT",
    18: "translates packets of 9.42.111.5 too",  # masquerade of everything
    23: "translates packets to 9.42.124.45 tcp 5062 too",  # a range of ports
    27: "translates packets to 9.42.124.45 tcp 5062 too",  # every port of the address
    31: "translates packets to 9.42.124.45 tcp 5062 too",  # every address with the port
}


def _said(ruleset: list[dict[str, Any]], *, sip_alg: bool = False) -> dict[int, str]:
    """What contradicts, by the rule's handle."""
    found = contradictions(of_nftables(ruleset), RULES, "out0", sip_alg=sip_alg)
    return {int(problem.partition("handle ")[2].split()[0]): problem for problem in found}


def test_rules_of_nftables_that_contradict_are_named_and_others_are_not() -> None:
    said = _said(RULESET)
    assert said.keys() == TOO.keys()
    for handle, words in TOO.items():
        assert words in said[handle]
        assert said[handle].startswith("nftables table inet fw, chain ")
    assert "remove it" in said[9] and "(masquerade)" in said[9]


def test_the_helper_may_be_allowed() -> None:
    assert _said(RULESET).keys() - _said(RULESET, sip_alg=True).keys() == {7}


def test_what_is_kept_by_iptables_or_is_ours_is_not_read_from_nftables() -> None:
    assert not list(of_nftables(RULESET, [("inet", "fw")]))
    assert not list(of_nftables(RULESET, but="fw"))


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('-A POSTROUTING ! -s 10.0.0.0/8 -o out+ -m comment --comment "a \\"b\\" -j c" -j MASQUERADE', "of 9.42.111.5"),
        ("-A POSTROUTING -s 9.42.111.0/24 -o tunnel0 -j MASQUERADE", None),
        ("-A POSTROUTING ! -s 9.42.111.5/32 -o out0 -j MASQUERADE", None),
        ("-A POSTROUTING -m iprange --src-range 9.42.111.6-9.42.111.9 -j SNAT --to-source 9.42.124.46", "which is PAT"),
        ("-A POSTROUTING -m iprange --src-range 9.42.111.4-9.42.111.9 -j SNAT --to-source 9.42.124.9", "of 9.42.111.5"),
        ("-A POSTROUTING -s 10.0.0.0/8 -j NETMAP --to 9.9.9.0/24", None),
        ("-A POSTROUTING -s 9.42.111.0/24 -j NETMAP --to 9.9.9.0/24", "of 9.42.111.5 too"),
        ("-A PREROUTING -d 9.42.124.45/32 -p tcp -j REDIRECT", "to 9.42.124.45 tcp 5062 too"),
        ("-A PREROUTING -d 9.42.124.45/32 -p udp -j REDIRECT", None),
        ("-A PREROUTING -d 9.42.124.45/32 -i in0 -j REDIRECT", None),
        ("-A PREROUTING -p tcp -m multiport --dports 80,5000:5099 -j DNAT --to-destination 10.0.0.1", "tcp 5062 too"),
        ("-A PREROUTING -p tcp -m multiport --dports 80,5063 -j DNAT --to-destination 10.0.0.1", None),
        ("-A PREROUTING -d 9.42.124.0/24 -j NETMAP --to 9.9.9.0/24", "to 9.42.124.45 tcp 5062 too"),
        ("-A PREROUTING -p tcp -m set --match-set them dst -j DNAT --to-destination 10.0.0.1", "tcp 5062 too"),
        ("-A PREROUTING -p tcp -m tcp --dport 5062 -j ACCEPT", None),
        ("-A PREROUTING -p udp -m udp --dport 5060 -j CT --helper sip", "hands SIP to the kernel's helper"),
        ("-A PREROUTING -p tcp -m tcp --dport 21 -j CT --helper ftp", None),
    ],
)  # fmt: skip
def test_rules_of_iptables(line: str, said: str | None) -> None:
    saved = ["*nat", ":PREROUTING ACCEPT [0:0]", line, "COMMIT"]
    found = contradictions(of_iptables(saved, 4, "iptables-save"), RULES, "out0", sip_alg=False)
    if said is None:
        assert found == []
    else:
        (problem,) = found
        assert problem.startswith(f"iptables-save, table nat: {line}: ")
        assert said in problem


def test_a_rule_for_ipv6_does_not_contradict_one_for_ipv4() -> None:
    line = ["*nat", "-A POSTROUTING -j MASQUERADE"]
    assert not contradictions(of_iptables(line, 6, "ip6tables-save"), RULES, "out0", sip_alg=False)
    assert contradictions(of_iptables(line, 4, "iptables-save"), RULES, "out0", sip_alg=False)


def test_chains_that_are_ours_are_left_out() -> None:
    line = ["*nat", "-A POSTROUTING -j STGW_NAT_OUT", "-A STGW_NAT_OUT -j MASQUERADE"]
    assert len(list(of_iptables(line, 4, "iptables-save"))) == 1
    assert not list(of_iptables(line, 4, "iptables-save", ["STGW_NAT_OUT"]))


@pytest.mark.parametrize(
    ("lines", "count"),
    [
        (["-A PREROUTING -p tcp -m tcp --dport 8080 -j THEIRS", "-A THEIRS -j DNAT --to-destination 9.42.111.7"], 0),
        (["-A PREROUTING -d 9.42.124.45/32 -g THEIRS", "-A THEIRS -j DNAT --to-destination 9.42.111.7"], 1),
        (["-A OUTPUT -j THEIRS", "-A THEIRS -j DNAT --to-destination 9.42.111.7"], 0),
        (["-A THEIRS -j DNAT --to-destination 9.42.111.7"], 0),
        (["-A POSTROUTING -j A", "-A POSTROUTING -s 9.42.111.5/32 -j A", "-A A -j B", "-A B -j MASQUERADE"], 1),
        (["-A POSTROUTING -j A", "-A A ! -s 9.42.111.5/32 -j B", "-A B -j MASQUERADE"], 0),
    ],
)
def test_a_rule_counts_for_the_packets_that_are_led_to_it(lines: list[str], count: int) -> None:
    found = of_iptables(["*nat", *lines], 4, "iptables-save")
    assert len(contradictions(found, RULES, "out0", sip_alg=False)) == count


def _nft_match(key: str, value: str) -> dict[str, Any]:
    return {"match": {"op": "==", "left": {"meta": {"key": key}}, "right": value}}


def _nft(chain: str, *expressions: dict[str, Any]) -> dict[str, Any]:
    return {"rule": {"family": "ip", "table": "t", "chain": chain, "handle": 1, "expr": list(expressions)}}


@pytest.mark.parametrize(
    ("lead", "count"),
    [
        ([{"jump": {"target": "theirs"}}], 1),
        ([_nft_match("iifname", "in0"), {"goto": {"target": "theirs"}}], 0),
        ([_nft_match("iifname", "out0"), {"goto": {"target": "theirs"}}], 1),
        ([{"vmap": {"key": {"meta": {"key": "mark"}}, "data": {"set": [[1, {"goto": {"target": "theirs"}}]]}}}], 1),
        ([{"vmap": {"key": {"meta": {"key": "mark"}}, "data": "@verdicts"}}], 1),
        ([{"accept": None}], 0),
    ],
)  # fmt: skip
def test_chains_of_nftables_are_led_to_by_jumps_and_maps(lead: list[dict[str, Any]], count: int) -> None:
    table: dict[str, Any] = {"family": "ip", "table": "t"}
    ruleset: list[dict[str, Any]] = [
        {"table": {"family": "ip", "name": "t"}},
        {"map": table | {"name": "verdicts", "elem": [[1, {"jump": {"target": "theirs"}}]]}},
        {"chain": table | {"name": "pre", "hook": "prerouting"}},
        {"chain": table | {"name": "theirs"}},
        _nft("pre", *lead),
        _nft("theirs", {"dnat": {"addr": "10.0.0.1"}}),
    ]
    assert len(contradictions(of_nftables(ruleset), RULES, "out0", sip_alg=False)) == count


def test_a_condition_on_what_is_not_known_of_a_packet_may_be_met() -> None:
    assert Condition("port", ((80, 90),)).allows({})
    assert not Condition("port", ((80, 90),)).allows({"port": 5062})
    assert Condition("port", ((80, 90),), negated=True).allows({"port": 5062})


def test_a_masquerade_that_leaves_the_host_out_does_not_contradict() -> None:
    """What the role's README advises."""
    leave_out = {
        "match": {"op": "!=", "left": {"payload": {"protocol": "ip", "field": "saddr"}}, "right": "9.42.111.5"}
    }
    for conditions, count in (([_nft_match("oifname", "out0")], 1), ([_nft_match("oifname", "out0"), leave_out], 0)):
        ruleset: list[dict[str, Any]] = [
            {"table": {"family": "ip", "name": "t"}},
            {"chain": {"family": "ip", "table": "t", "name": "post", "hook": "postrouting"}},
            _nft("post", *conditions, {"masquerade": None}),
        ]
        assert len(contradictions(of_nftables(ruleset), RULES, "out0", sip_alg=False)) == count
