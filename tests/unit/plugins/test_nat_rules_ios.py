"""The rules of a NAT on Cisco IOS: what is sent to a router, and what is refused before anything is."""

from __future__ import annotations

import importlib
from typing import Any

import pytest
import yaml
from ansible.errors import AnsibleActionFail
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from lab.ios import editor, pipes
from lab.settings import REPOSITORY
from tests.lab.ios.simulated import configured

INBOUND = {
    "name": "rtp_nat.ibm.com",
    "protocol": "tcp",
    "public_address": "9.42.124.45",
    "public_port": 5062,
    "private_address": "9.42.111.5",
    "private_port": 5062,
}
OUTBOUND = {"name": "rtp_natpool1.ibm.com", "private_address": "9.42.111.5", "public_address": "9.42.124.46"}
RULES: dict[str, Any] = {
    "inbound": [INBOUND],
    "outbound": [OUTBOUND],
    "inside_interface": "FastEthernet0/0",
    "outside_interface": "FastEthernet0/1",
}
SIP_OFF = ["no ip nat service sip tcp port 5060", "no ip nat service sip udp port 5060"]
LIST = [
    "ip access-list extended STGW-OUTBOUND",
    "permit tcp any host 9.42.124.46 established",
    "permit icmp any host 9.42.124.46",
    "deny ip any host 9.42.124.46",
    "permit ip any any",
]
STATICS = [
    "ip nat inside source static 9.42.111.5 9.42.124.46 extendable",
    "ip nat inside source static tcp 9.42.111.5 5062 9.42.124.45 5062 extendable",
]
ALL = [
    *SIP_OFF,
    *LIST,
    *("interface FastEthernet0/1", "ip access-group STGW-OUTBOUND in"),
    *STATICS,
    *("interface FastEthernet0/0", "ip nat inside", "interface FastEthernet0/1", "ip nat outside"),
]


def compare(config: str, **options: Any) -> dict[str, Any]:
    """The module's result."""
    action = importlib.import_module("plugins.action.nat_rules_ios").ActionModule
    validated = ArgumentSpecValidator(**action.SPEC).validate({**RULES, "running_config": config, **options})
    assert not validated.error_messages
    result: dict[str, Any] = action.__new__(action).compute(validated.validated_parameters)
    return result


def commands(result: dict[str, Any]) -> list[str]:
    """All that is sent."""
    found = []
    for block in result["blocks"]:
        first = block["lines"][0]
        found += [first["config_line"] if isinstance(first, dict) else first, *block["after"]]
    return found


def applied(before: str, **options: Any) -> str:
    """The configuration of a router that has done what was due, and then needs nothing more."""
    configuration = configured(before)
    changed = editor.Editor(configuration)
    for command in commands(compare(configuration.text(), **options)):
        changed.execute(command)
    after = configuration.text()
    assert compare(after, **options)["blocks"] == []
    assert compare(after, **options)["changed"] is False
    return after


def refused(before: str, **options: Any) -> str:
    with pytest.raises(AnsibleActionFail) as error:
        compare(configured(before).text(), **options)
    return str(error.value)


def test_a_router_that_has_nothing_gets_everything() -> None:
    result = compare(configured("").text())
    assert commands(result) == ALL
    assert result["changed"] is True
    assert result["diff"]["before"] == ""
    assert "+ip nat" not in result["diff"]["after"]
    assert result["diff"]["after"].splitlines() == [
        LIST[0],
        *(f" {entry}" for entry in LIST[1:]),
        *("interface FastEthernet0/1", " ip access-group STGW-OUTBOUND in"),
        *("interface FastEthernet0/0", " ip nat inside", "interface FastEthernet0/1", " ip nat outside"),
        *SIP_OFF,
        *STATICS,
    ]
    applied("")


def test_ios_config_sends_each_command_once() -> None:
    """It sends all commands once for every element of `lines`."""
    assert [len(block["lines"]) for block in compare(configured("").text())["blocks"]] == [1]


def test_the_lines_that_the_role_asks_for_are_enough_and_none_has_a_secret() -> None:
    tasks = yaml.safe_load((REPOSITORY / "roles/nat_router/tasks/ios.yml").read_text("utf-8"))
    text = configured("\n".join(["enable secret 5 $1$salt$digest", "access-list 10 permit any", *ALL])).text()
    shown = pipes.apply(text, tasks[0]["vars"]["__nat_router_lines"])
    assert compare(shown)["blocks"] == []
    assert "access-list 10 permit any" in shown
    assert "digest" in text
    assert "digest" not in shown


def test_the_sides_that_are_set_stay() -> None:
    before = "interface FastEthernet0/0\nip nat inside\ninterface FastEthernet0/1\nip nat outside"
    assert commands(compare(configured(before).text())) == ALL[:-4]


def test_entries_of_other_hosts_stay_and_other_entries_of_the_same_host() -> None:
    others = [
        "ip nat inside source static tcp 9.42.111.8 25 9.42.124.45 25 extendable",
        "ip nat inside source static tcp 9.42.111.5 22 9.42.124.47 2222 extendable",
        "ip nat inside source static 9.42.111.9 9.42.124.49",
        "ip nat pool OTHERS 9.42.124.50 9.42.124.50 netmask 255.255.255.0",
        "ip nat inside source list 10 pool OTHERS overload",
    ]
    lists = "access-list 10 deny 9.42.111.5\naccess-list 10 permit 9.42.111.0 0.0.0.255\n"
    after = applied(lists + "\n".join(others))
    assert all(line in after.splitlines() for line in [*others, *STATICS])
    gone = applied(after_commands(after), state="absent")
    assert all(line in gone.splitlines() for line in others)
    assert not any(line in gone.splitlines() for line in STATICS)


def after_commands(text: str) -> str:
    """A configuration as commands."""
    return "\n".join(line for line in editor.read(text).text().splitlines() if line.lstrip().startswith(KNOWN))


KNOWN = ("interface", "ip nat", "no ip nat", "access-list", "ip access", "permit", "deny")


def test_an_entry_that_a_rule_replaces_goes_and_ios_may_ask_about_it() -> None:
    old = [
        "ip nat inside source static 9.42.111.5 9.42.124.99 extendable",
        "ip nat inside source static tcp 9.42.111.5 5062 9.42.124.45 5060 extendable",
    ]
    result = compare(configured("\n".join(old)).text())
    assert commands(result)[:2] == SIP_OFF, "what a version may not know comes before anything is removed"
    asked = [block["lines"][0] for block in result["blocks"] if isinstance(block["lines"][0], dict)]
    assert [line["config_line"] for line in asked] == [f"no {line}" for line in reversed(old)]
    assert {(line["prompt"], line["answer"]) for line in asked} == {
        (r"do you want to delete child entries\? \[no\]:", "yes")
    }
    assert all(f"{line}\n" in result["diff"]["before"] for line in old)
    after = applied("\n".join(old)).splitlines()
    assert not set(old) & set(after)
    assert set(STATICS) <= set(after)


def test_keywords_that_change_nothing_do_not_matter() -> None:
    text = configured("\n".join(ALL)).text()
    assert compare(text.replace(" extendable", ""))["blocks"] == []
    assert compare(text.replace("5062 extendable", "5062 extendable no-payload"))["blocks"] == []


def test_a_list_that_differs_is_made_anew_while_it_is_not_at_the_interface() -> None:
    text = configured("\n".join(ALL)).text().replace(" deny   ip any host 9.42.124.46\n", "")
    assert commands(compare(text)) == [
        *("interface FastEthernet0/1", "no ip access-group STGW-OUTBOUND in"),
        "no ip access-list extended STGW-OUTBOUND",
        *LIST,
        *("interface FastEthernet0/1", "ip access-group STGW-OUTBOUND in"),
    ]


def test_a_list_that_nobody_uses_is_put_to_the_interface() -> None:
    text = configured("\n".join(ALL)).text().replace(" ip access-group STGW-OUTBOUND in\n", "")
    assert commands(compare(text)) == ["interface FastEthernet0/1", "ip access-group STGW-OUTBOUND in"]


def test_no_list() -> None:
    after = applied("interface FastEthernet0/1\nip access-group OTHERS in", access_list="")
    assert "ip access-list" not in after
    assert " ip access-group OTHERS in" in after


def test_udp_needs_the_ports_that_answers_come_from() -> None:
    udp = [INBOUND, {**INBOUND, "protocol": "udp"}]
    assert "udp_answers: with a rule for udp" in refused("", inbound=udp)
    assert compare(configured("").text(), inbound=udp, state="absent")["blocks"] == []
    after = applied("", inbound=udp, udp_answers=[5060, 53])
    assert " permit udp any eq domain host 9.42.124.46\n permit udp any eq 5060 host 9.42.124.46\n" in after
    assert "ip nat inside source static udp 9.42.111.5 5062 9.42.124.45 5062 extendable" in after


@pytest.mark.parametrize("port", [53, 69, 123, 161, 500, 514, 4500, 5060])
def test_ports_that_ios_shows_by_name(port: int) -> None:
    after = applied("", udp_answers=[port])
    assert (f" eq {port} " in after) is (port == 5060)


def test_one_public_address_for_both_directions() -> None:
    after = applied("", inbound=[{**INBOUND, "public_address": "9.42.124.46"}])
    assert "static tcp" not in after, "the entry of the whole address carries the port"
    assert " permit tcp any host 9.42.124.46 eq 5062\n deny   ip any host 9.42.124.46\n" in after
    after = applied("", inbound=[{**INBOUND, "public_address": "9.42.124.46", "public_port": 5060}])
    assert "ip nat inside source static tcp 9.42.111.5 5062 9.42.124.46 5060 extendable" in after


def test_the_router_may_look_into_sip_again_and_never_on_other_ports() -> None:
    assert "service sip" not in applied("\n".join(SIP_OFF), sip_alg=True)
    after = applied("ip nat service sip tcp port 5062")
    assert "\nip nat service sip" not in after
    assert SIP_OFF[0] in after


def test_a_version_that_knows_sip_by_udp_only() -> None:
    sent = commands(compare(configured("").text(), sip_protocols=["udp"]))
    assert [line for line in sent if "sip" in line] == SIP_OFF[1:]


def test_absent_leaves_what_is_the_whole_routers() -> None:
    result = compare(configured("\n".join(ALL)).text(), state="absent")
    assert commands(result) == [
        *(f"no {line}" for line in reversed(STATICS)),
        *("interface FastEthernet0/1", "no ip access-group STGW-OUTBOUND in"),
        "no ip access-list extended STGW-OUTBOUND",
    ]
    after = applied("\n".join(ALL), state="absent")
    assert " ip nat inside" in after
    assert SIP_OFF[0] in after
    assert compare(configured("").text(), state="absent")["blocks"] == []


@pytest.mark.parametrize(
    ("before", "named", "cure"),
    [
        (
            "access-list 10 permit 9.42.111.0 0.0.0.255\n"
            "ip nat inside source list 10 interface FastEthernet0/1 overload",
            "ip nat inside source list 10 interface FastEthernet0/1 overload",
            "deny 9.42.111.5 in that list",
        ),
        (
            "ip nat pool P 9.42.124.50 9.42.124.59 prefix-length 24\n"
            "access-list 101 permit ip any any\nip nat inside source list 101 pool P",
            "ip nat inside source list 101 pool P",
            "deny 9.42.111.5 in that list",
        ),
        (
            "ip nat pool P 9.42.124.40 9.42.124.59 prefix-length 24",
            "ip nat pool P 9.42.124.40 9.42.124.59 prefix-length 24",
            "take it out of the pool",
        ),
        (
            "ip nat inside source static 9.42.111.8 9.42.124.46",
            "ip nat inside source static 9.42.111.8 9.42.124.46",
            "give `ip nat inside source static 9.42.111.5 9.42.124.46 extendable` another public address",
        ),
        (
            "ip nat inside source static 9.42.111.8 9.42.124.45",
            "ip nat inside source static 9.42.111.8 9.42.124.45",
            "remove it",
        ),
        (
            "ip nat inside source static tcp 9.42.111.8 5062 9.42.124.45 5062 extendable",
            "ip nat inside source static tcp 9.42.111.8 5062 9.42.124.45 5062 extendable",
            "remove it",
        ),
        ("interface FastEthernet0/1\nip nat inside", "ip nat inside", "correct the names of the two interfaces"),
        (
            "interface FastEthernet0/1\nip access-group OTHERS in",
            "ip access-group OTHERS in",
            "protect 9.42.124.46 in that one, and set access_list to ''",
        ),
    ],
)
def test_what_stands_against_the_rules_is_named_with_a_cure(before: str, named: str, cure: str) -> None:
    message = refused(before)
    assert f"`{named}`" in message
    assert cure in message


def test_what_the_simulated_router_does_not_know_is_refused_too() -> None:
    for line, cure in (
        ("ip nat inside source static network 9.42.111.0 9.42.125.0 /24", "narrow the network"),
        ("ip nat inside source static 9.42.111.5 9.42.124.46 route-map X", "remove it"),
        ("ip nat inside source route-map X interface FastEthernet0/1 overload", "deny 9.42.111.5"),
    ):
        with pytest.raises(AnsibleActionFail) as error:
            compare(configured("").text() + line)
        assert f"`{line}`" in str(error.value)
        assert cure in str(error.value)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"outside_interface": "Serial0/0"}, "no interface Serial0/0; it has FastEthernet0/0, FastEthernet0/1"),
        ({"outbound": [{**OUTBOUND, "overload": True}]}, "outbound[0].overload: true is PAT"),
        ({"outbound": [{**OUTBOUND, "public_address": ["9.42.124.46", "9.42.124.47"]}]}, "is a pool"),
        ({"udp_answers": [0]}, "udp_answers: 0 is no port"),
        ({"access_list": "10"}, "access_list: '10' is no name of a list"),
        (
            {"outbound": [{**OUTBOUND, "private_address": "2001:db8::5", "public_address": "2001:db8::46"}]},
            "IOS translates IPv4 only",
        ),
    ],
)
def test_options_that_no_router_could_take(options: dict[str, Any], message: str) -> None:
    said = refused("", **options)
    assert message in said
    assert "options." not in said
