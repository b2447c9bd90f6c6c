"""The role nat_router on a simulated Cisco, by network_cli over real ssh, with packets that it translates."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator

import pytest

from tests.lab.conftest import Lab, new_lab
from tests.lab.dialling import Talk, dial
from tests.lab.gateway_cell import Played, play, secrets, succeed

RULES = "tests/lab/nat_ios/rules.yml"
DIAL_OUTBOUND = 'import socket; socket.create_connection(("9.42.124.46", 5062), 3)'


@pytest.fixture(scope="module")
def cisco(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    lab = Lab({**new_lab(tmp_path_factory.mktemp("cisco")).environment, "LAB_ROUTER": "ios"})
    lab.ok("up")
    yield lab
    lab("clean")


def typed(lab: Lab, *commands: str) -> str:
    """What an administrator sees who types commands behind `enable`."""
    lines = ["enable", secrets(lab)["vault_router_enable_secret"], *commands, "exit", ""]
    done = lab.ssh("natrouter", "", stdin="\n".join(lines))
    assert done.returncode == 0, done.stderr
    return done.stdout


def configure(lab: Lab, *commands: str) -> None:
    typed(lab, "configure terminal", *commands, "end")


def running(lab: Lab) -> str:
    return typed(lab, "show running-config")


def apply(lab: Lab, **variables: object) -> Played:
    return succeed(lab, RULES, variables=variables)


def unchanged(lab: Lab, **variables: object) -> None:
    played = apply(lab, **variables)
    assert played.changed == 0, played.shown


def from_partner(lab: Lab) -> Talk:
    return dial(lab.environment, "stgw2", "sipproxy1", "9.42.124.45", 5062)


def to_partner(lab: Lab) -> Talk:
    return dial(lab.environment, "sipproxy1", "stgw2", "9.42.124.60", 5060)


def restart(lab: Lab) -> None:
    lab.ok("down")
    lab.ok("up")


def test_what_stands_against_the_rules_is_refused_before_a_change(cisco: Lab) -> None:
    overload = "ip nat inside source list 10 interface FastEthernet0/1 overload"
    others = "access-list 10 permit 9.42.111.0 0.0.0.255"
    configure(cisco, others, overload)
    before = running(cisco)
    refused = play(cisco, RULES)
    assert refused.rc == 2, refused.shown
    assert f"the router has `{overload}`, by which 9.42.111.5 gets an address or a port that changes" in refused.said
    assert running(cisco) == before
    # The cure that it names: the list, without the host of the rules.
    configure(cisco, "no access-list 10", "access-list 10 deny 9.42.111.5", others)
    assert apply(cisco).changed > 0
    assert overload in running(cisco)
    assert to_partner(cisco).caller == "9.42.124.46"
    assert dial(cisco.environment, "db2srv1", "stgw2", "9.42.124.60", 5060).caller == "9.42.124.1"


def test_rules_are_made_and_packets_translated_after_a_restart_too(cisco: Lab) -> None:
    cisco.ok("reset", "natrouter")
    before = running(cisco)
    dry = play(cisco, RULES, check=True)
    assert dry.rc == 0, dry.shown
    assert dry.changed > 0
    assert "+ip nat inside source static 9.42.111.5 9.42.124.46 extendable" in dry.shown
    assert running(cisco) == before
    made = apply(cisco, nat_router_persist=False)
    assert made.changed > 0
    assert not any(secret in made.shown for secret in secrets(cisco).values())
    assert from_partner(cisco) == Talk(caller="9.42.124.60", answerer="9.42.124.45")
    assert to_partner(cisco) == Talk(caller="9.42.124.46", answerer="9.42.124.60")
    refused = cisco("exec", "stgw2", "/usr/bin/python3", "-IS", "-c", DIAL_OUTBOUND)
    assert "timed out" in refused.stderr, "nobody begins a connection with the outbound address"
    shown = typed(cisco, "show ip nat translations")
    assert re.search(r"^tcp 9\.42\.124\.45:5062 +9\.42\.111\.5:5062 +9\.42\.124\.60:\d+", shown, re.MULTILINE)
    # What one run left unsaved, the next one saves. What somebody else does not save is gone.
    assert apply(cisco).changed == 1
    configure(cisco, "ip nat inside source static 9.42.111.9 9.42.124.49")
    restart(cisco)
    assert "9.42.124.49" not in running(cisco)
    unchanged(cisco)
    assert from_partner(cisco) == Talk(caller="9.42.124.60", answerer="9.42.124.45")


def test_what_the_router_does_not_take_and_a_connection_that_is_lost(cisco: Lab) -> None:
    cisco.ok("reset", "natrouter")
    # IOS says why, in words that ios_config takes for no error.
    cisco.ok("fail", "natrouter", "ios:static", "conflict")
    refused = play(cisco, RULES)
    assert refused.rc == 2, refused.shown
    assert (
        "It should have (ip nat inside source static 9.42.111.5 9.42.124.46 extendable) in place of ()" in refused.said
    )
    cisco.ok("fail", "natrouter", "ios:configure", "connection-lost")
    # It notices only when an answer has not come for so long.
    assert play(cisco, RULES, variables={"ansible_command_timeout": 10}).rc == 2
    assert apply(cisco).changed > 0
    assert to_partner(cisco).caller == "9.42.124.46"


def test_absent_removes_entries_that_packets_are_translated_by(cisco: Lab) -> None:
    apply(cisco)
    from_partner(cisco)
    gone = apply(cisco, nat_router_state="absent")
    assert gone.changed > 0
    assert not re.search("static|STGW-OUTBOUND", running(cisco))
    assert "9.42.111.5" not in typed(cisco, "show ip nat translations")
    with pytest.raises(subprocess.CalledProcessError):
        from_partner(cisco)
    unchanged(cisco, nat_router_state="absent")
