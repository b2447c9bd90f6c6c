"""`nat_rules` on routers that answer as recorded."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from ansible.errors import AnsibleActionFail

from tests.unit.plugins.conftest import RunModule
from tests.unit.plugins.fake_target import Answer
from tests.unit.plugins.test_nat_rules_forms import INBOUND, INBOUND6, OUTBOUND, OUTBOUND6, RULESET, SAVED, SAVED6

FILE, MAIN = "/etc/nftables.d/stgw_nat.nft", "/etc/nftables.conf"
OPTIONS: dict[str, Any] = {
    "platform": "nftables",
    "outside_interface": "out0",
    "inbound": [INBOUND],
    "outbound": [OUTBOUND],
}
MASQUERADE = ["*nat", "-A POSTROUTING -o out0 -j MASQUERADE", "COMMIT"]
WITHOUT = [{"metainfo": {"version": "1.0.6"}}]
FOUR = [item for item in RULESET if "ip6" not in json.dumps(item)]
AFTER = {
    "inbound": ["tcp 9.42.124.45:5062 -> 9.42.111.5:5060"],
    "outbound": ["9.42.111.5 -> 9.42.124.46"],
    "ip_versions": [4],
    "other": [],
}
KEPT = {
    FILE: """\
table ip stgw_nat
delete table ip stgw_nat
table ip stgw_nat {
	chain inbound {
		type nat hook prerouting priority -100; policy accept;
		iifname "out0" ip daddr 9.42.124.45 tcp dport 5062 dnat to 9.42.111.5:5060
	}
	chain outbound {
		type nat hook postrouting priority 100; policy accept;
		oifname "out0" ip saddr 9.42.111.5 snat to 9.42.124.46
	}
}
""",
    MAIN: 'include "/etc/nftables.d/*.nft"\n',
}
HEALTHY = """\
link=lo
link=in0
link=out0
address=9.42.124.45/24
address=9.42.124.46/24
forwarding4=1
forwarding6=0
boot=nftables enabled
conntrack=1
"""
WRITE = Answer("target_file_write")
CHANGE = Answer("nat_rules_change")
ABSENT = Answer("target_file_read", "type=absent\n")
OLD = Answer("target_file_read", "type=file\nmode=-rwxr-xr-x\nowner=root\ngroup=adm\n")
FOLDER = Answer("target_file_read", "type=directory\nmode=drwxr-xr-x\nowner=root\ngroup=root\n")


def read(
    ruleset: Sequence[Mapping[str, Any]] = (),
    files: Mapping[str, str] | None = None,
    saved: Mapping[str, Sequence[str]] | None = None,
    more: str = HEALTHY,
) -> Answer:
    """A router; nftables is missing without a `ruleset`."""
    fields = f"nft={json.dumps({'nftables': ruleset})}\n" if ruleset else ""
    for key, texts in (
        ("save", saved or {}),
        ("file", {name: text.splitlines() for name, text in (files or {}).items()}),
    ):
        for name, lines in texts.items():
            fields += f"{key}={name}\n" + "".join(f"text={line}\n" for line in lines)
    return Answer("nat_rules_read", fields + more)


def test_new_rules_are_given_in_one_text_and_kept(run_module: RunModule) -> None:
    run = run_module("nat_rules", OPTIONS, [
        read(WITHOUT, {MAIN: "flush ruleset\n"}),
        Answer("nat_rules_change", "forgotten=-f ipv4 -s 9.42.111.5\n"),
        ABSENT, ABSENT, WRITE, WRITE, OLD, FOLDER, WRITE,
        read(FOUR, {**KEPT, MAIN: f'flush ruleset\n\ninclude "{FILE}"\n'}),
    ])  # fmt: skip
    assert run.result["changed"] is True
    assert (run.result["before"], run.result["after"]) == ({}, AFTER)
    assert run.result["operations"] == [
        "nftables: give the kernel the rules",
        "forget connections -f ipv4 -s 9.42.111.5",
        f"write {FILE}",
        f"write {MAIN}",
    ]
    assert run.result["findings"] == run.result["warnings"] == []
    program, parameters = run.sent[1]
    assert program == "nat_rules_change"
    assert parameters == {
        "nft": KEPT[FILE], "ipv4": "", "ipv6": "",
        "flows": ["-f ipv4 -s 9.42.111.5", "-f ipv4 -p tcp -d 9.42.124.45 --dport 5062"],
    }  # fmt: skip
    written = [parameters for name, parameters in run.sent if name == "target_file_write"]
    assert [(each["path"], each["kind"], each["mode"], each["group"]) for each in written] == [
        ("/etc/nftables.d", "directory", "0755", None), (FILE, "file", "0644", None), (MAIN, "file", "0755", "adm"),
    ]  # fmt: skip


def test_rules_that_are_there_are_left_alone(run_module: RunModule) -> None:
    run = run_module("nat_rules", OPTIONS, [read(FOUR, KEPT)])
    assert run.result["changed"] is False
    assert run.result["before"] == run.result["after"] == AFTER


def test_a_check_shows_rules_and_files_and_changes_nothing(run_module: RunModule) -> None:
    run = run_module("nat_rules", OPTIONS, [read(WITHOUT)], check=True)
    rules, *files = run.result["diff"]
    assert (rules["before"], "- tcp 9.42.124.45:5062 -> 9.42.111.5:5060" in rules["after"]) == ("", True)
    assert [(file["after_header"], file["before"]) for file in files] == [(FILE, ""), (MAIN, "")]
    assert run.result["after"] == AFTER


def test_only_what_differs_on_the_disk_is_written_there(run_module: RunModule) -> None:
    answers = [read(FOUR, {**KEPT, FILE: "old\n"}), OLD, FOLDER, WRITE, read(FOUR, KEPT)]
    assert run_module("nat_rules", OPTIONS, answers).result["operations"] == [f"write {FILE}"]


def test_connections_of_rules_that_stay_are_not_forgotten(run_module: RunModule) -> None:
    more = OPTIONS | {"persist": False, "inbound": [INBOUND, INBOUND | {"public_port": 5063}]}
    changed = json.loads(json.dumps(FOUR))
    second = json.loads(json.dumps(next(item for item in FOUR if "rule" in item)).replace("5062", "5063"))
    run = run_module("nat_rules", more, [read(FOUR), CHANGE, read([*changed, second])])
    assert run.sent[1][1]["flows"] == ["-f ipv4 -p tcp -d 9.42.124.45 --dport 5063"]


def test_absent_takes_all_back_and_names_no_missing_file(run_module: RunModule) -> None:
    included = {**KEPT, MAIN: f'flush ruleset\n\ninclude "{FILE}"\n'}
    answers = [read(FOUR, included), CHANGE, OLD, FOLDER, WRITE, WRITE, read(WITHOUT, {MAIN: "flush ruleset\n"})]
    run = run_module("nat_rules", OPTIONS | {"state": "absent"}, answers)
    assert run.result["operations"] == ["nftables: take the rules away", f"write {MAIN}", f"remove {FILE}"]
    assert run.sent[1][1]["nft"] == "table ip stgw_nat\ndelete table ip stgw_nat\n"
    assert (run.result["before"], run.result["after"]) == (AFTER, {})


def test_absent_does_not_look_at_rules_nor_at_what_contradicts_them(run_module: RunModule) -> None:
    options = OPTIONS | {"state": "absent", "persist": False, "outbound": [OUTBOUND | {"overload": True}]}
    foreign = {"iptables-save": ["*nat", "-A POSTROUTING -j MASQUERADE"]}
    assert run_module("nat_rules", options, [read(WITHOUT, saved=foreign)]).result["changed"] is False


def test_iptables_gets_a_text_for_the_version_of_ip_that_differs(run_module: RunModule) -> None:
    options = OPTIONS | {
        "platform": "iptables", "persist": False, "inbound": [INBOUND, INBOUND6], "outbound": [OUTBOUND, OUTBOUND6],
    }  # fmt: skip
    before = read(WITHOUT, saved={"iptables-save": SAVED, "ip6tables-save": []})
    after = read(WITHOUT, saved={"iptables-save": SAVED, "ip6tables-save": SAVED6})
    run = run_module("nat_rules", options, [before, CHANGE, after])
    parameters = run.sent[1][1]
    assert (parameters["nft"], parameters["ipv4"]) == ("", "")
    assert str(parameters["ipv6"]).startswith("*nat\n:STGW_NAT_IN - [0:0]\n")
    assert run.result["after"]["ip_versions"] == [4, 6]


def test_a_change_without_effect_is_no_success(run_module: RunModule) -> None:
    with pytest.raises(AnsibleActionFail, match=r"did not take effect: .*inbound is None"):
        run_module("nat_rules", OPTIONS | {"persist": False}, [read(WITHOUT), CHANGE, read(WITHOUT)])


# -- refusals ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"outbound": [OUTBOUND | {"overload": True}]}, r"^outbound\[0\]\.overload: true is PAT"),
        ({"outbound": [OUTBOUND | {"public_address": "9.42.124.46,9.42.124.47"}]}, r"^outbound\[0\].*is a pool"),
        ({"inbound": [INBOUND, INBOUND]}, r"^inbound\[1\]: has the same"),
        ({"inbound": [], "outbound": []}, "^inbound: .*state: absent"),
        ({"nftables": {"file": "own.nft"}}, "^nftables: 'own.nft' is not an absolute path"),
    ],
)
def test_wrong_options_are_refused_before_the_router_is_asked(
    run_module: RunModule, options: dict[str, Any], said: str
) -> None:
    with pytest.raises(AnsibleActionFail, match=said):
        run_module("nat_rules", OPTIONS | options)


@pytest.mark.parametrize(
    ("router", "said"),
    [
        (read(WITHOUT, more=HEALTHY.replace("out0", "eth1")), "the router has no 'out0'; it has eth1, in0, lo"),
        (read(), "platform: nftables needs the command nft"),
        (read(WITHOUT, saved={"iptables-save": MASQUERADE}), "iptables-save, .* -j MASQUERADE: translates"),
        (read(WITHOUT, saved={"iptables-legacy-save": MASQUERADE}), "iptables-legacy-save, .*too"),
        (read(WITHOUT, saved={"iptables-save": SAVED}), "STGW_NAT_IN .*tcp 5062 too"),
        (read(WITHOUT, more=HEALTHY + "helper=1\nmodule=nf_nat_sip\n"), "nf_conntrack_helper is 1: .* set this to 0"),
        (read(WITHOUT, more=HEALTHY + "helper=1\nbuilt_in=nf_conntrack_sip\n"), "nf_conntrack_helper is 1"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("check", [True, False])
def test_a_router_that_contradicts_is_left_as_it_is(
    run_module: RunModule, router: Answer, said: str, *, check: bool
) -> None:
    with pytest.raises(AnsibleActionFail, match=said):
        run_module("nat_rules", OPTIONS, [router], check=check)


def test_the_other_form_of_our_rules_has_to_be_taken_back_first(run_module: RunModule) -> None:
    options = OPTIONS | {"platform": "iptables"}
    with pytest.raises(AnsibleActionFail, match="table ip stgw_nat, chain inbound"):
        run_module("nat_rules", options, [read(FOUR, saved={"iptables-save": []})])


def test_the_helper_may_be_allowed(run_module: RunModule) -> None:
    router = read(FOUR, KEPT, more=HEALTHY + "helper=1\nmodule=nf_nat_sip\n")
    assert run_module("nat_rules", OPTIONS | {"sip_alg": True}, [router]).result["findings"] == []


def test_what_iptables_keeps_in_nftables_is_judged_by_its_own_words(run_module: RunModule) -> None:
    """nft shows a rule of iptables without the conditions that it does not know itself."""
    table = [
        {"table": {"family": "ip", "name": "nat", "handle": 1}},
        {"chain": {"family": "ip", "table": "nat", "name": "POSTROUTING", "handle": 1, "hook": "postrouting"}},
        {"rule": {"family": "ip", "table": "nat", "chain": "POSTROUTING", "handle": 2, "expr": [
            {"xt": {"type": "match", "name": "iprange"}}, {"masquerade": None},
        ]}},
    ]  # fmt: skip
    line = "-A POSTROUTING -m iprange --src-range 9.42.111.6-9.42.111.9 -j MASQUERADE"
    said = {"iptables-save": ["*nat", ":POSTROUTING ACCEPT [0:0]", line, "COMMIT"]}
    assert run_module("nat_rules", OPTIONS, [read([*FOUR, *table], KEPT, said)]).result["changed"] is False
    with pytest.raises(AnsibleActionFail, match="table ip nat, chain POSTROUTING, handle 2"):
        run_module("nat_rules", OPTIONS, [read([*FOUR, *table], KEPT)])


# -- findings ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("more", "said"),
    [
        (HEALTHY.replace("forwarding4=1", "forwarding4=0"), "passes no packets on: set net.ipv4.ip_forward to 1"),
        (HEALTHY.replace("address=9.42.124.46/24\n", ""), "nobody answers for 9.42.124.46 on out0"),
        (HEALTHY.replace("nftables enabled", "nftables disabled"), "systemctl enable nftables"),
        (HEALTHY + "helper=0\nmodule=nf_nat_sip\nbuilt_in=nf_conntrack_sip\n", "module nf_nat_sip is loaded"),
    ],
)
def test_what_keeps_the_rules_from_working_is_told(run_module: RunModule, more: str, said: str) -> None:
    run = run_module("nat_rules", OPTIONS, [read(FOUR, KEPT, more=more)])
    (finding,) = run.result["findings"]
    assert said in finding
    assert run.result["warnings"] == [finding]


@pytest.mark.parametrize("more", ["proxy=9.42.124.46\n", "proxy_arp=1\n"])
def test_answering_as_a_proxy_will_do(run_module: RunModule, more: str) -> None:
    router = read(FOUR, KEPT, more=HEALTHY.replace("address=9.42.124.46/24\n", more))
    assert run_module("nat_rules", OPTIONS, [router]).result["findings"] == []


def test_a_change_on_a_router_without_conntrack_says_that_connections_go_on(run_module: RunModule) -> None:
    more = HEALTHY.replace("conntrack=1\n", "")
    options = OPTIONS | {"persist": False}
    run = run_module("nat_rules", options, [read(WITHOUT, more=more), CHANGE, read(FOUR, more=more)])
    assert run.sent[1][1]["flows"] == []
    assert "keep their old translation" in run.result["findings"][0]
    assert run_module("nat_rules", options, [read(FOUR, more=more)]).result["findings"] == []
