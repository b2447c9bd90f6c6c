"""`nat_rules` on the lab's router: packets that are translated, by nftables and by iptables."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from plugins.plugin_utils._nat_rules import rules_of
from plugins.plugin_utils._nat_rules_nftables import render
from plugins.plugin_utils._programs import render_sh
from tests.lab.conftest import Lab
from tests.lab.dialling import Talk, dial
from tests.lab.gateway_cell import Played, play

PLAYBOOK = Path(__file__).parent / "nat_rules/rules.yml"
IN, OUT, POOL, PARTNER = "9.42.111.5", "9.42.124.45", "9.42.124.46", "9.42.124.60"
INBOUND = {
    "name": "in", "protocol": "tcp", "public_address": OUT, "public_port": 5062,
    "private_address": IN, "private_port": 5062,
}  # fmt: skip
OUTBOUND = {"name": "out", "private_address": IN, "public_address": POOL}
FOREIGN = """\
nft add table inet theirs
nft add chain inet theirs forward '{ type filter hook forward priority 0; }'
nft add rule inet theirs forward tcp dport 25 drop
iptables -t nat -N THEIRS
iptables -t nat -A PREROUTING -p tcp --dport 8080 -j THEIRS
iptables -t nat -A THEIRS -j DNAT --to-destination 9.42.111.7
iptables -t nat -A POSTROUTING -s 9.42.111.7 -o out0 -j MASQUERADE
iptables-save >/etc/iptables/rules.v4
echo '# theirs' >>/etc/nftables.conf
"""
"""What somebody else has on the router, and does not want touched."""
ALL = (
    "nft list ruleset; iptables-save | grep -v '^#'; cat /etc/nftables.conf; "
    "tail -n +1 /etc/iptables/* | grep -v '^#'; ls -R /etc"
)
"""A command that shows all that rules may be in."""
IPV6 = {
    ("natrouter", "/usr/sbin/ip"): [
        "address replace fd42:111::fe/64 dev in0 nodad",
        "address replace fd42:124::45/64 dev out0 nodad",
    ],
    ("sipproxy1", "/.lab/usr/bin/ip"): [
        "address replace fd42:111::5/64 dev en0 nodad",
        "route replace fd42:124::/64 via fd42:111::fe",
    ],
    ("stgw2", "/usr/sbin/ip"): ["address replace fd42:124::60/64 dev en0 nodad"],
}


@pytest.fixture(autouse=True)
def _fresh_router(lab: Lab) -> Iterator[None]:
    lab.ok("reset", "natrouter")
    yield
    lab.ok("reset", "natrouter")


def _have(lab: Lab, platform: str = "nftables", *, check: bool = False, **options: Any) -> Played:
    asked = {"platform": platform, "outside_interface": "out0", "inbound": [INBOUND], "outbound": [OUTBOUND]} | options
    return play(lab, PLAYBOOK, variables={"options": asked}, check=check)


def _on_router(lab: Lab, command: str, stdin: str = "") -> str:
    done = lab.ssh("natrouter", command, stdin=stdin)
    assert done.returncode == 0, done.stderr
    return done.stdout


def _talks(lab: Lab) -> tuple[Talk, Talk]:
    """A call from inside and one from outside."""
    from_inside = dial(lab.environment, "sipproxy1", "stgw2", PARTNER, 5060)
    return from_inside, dial(lab.environment, "stgw2", "sipproxy1", OUT, 5062)


TRANSLATED = (Talk(caller=POOL, answerer=PARTNER), Talk(caller=PARTNER, answerer=OUT))


@pytest.mark.parametrize("platform", ["nftables", "iptables"])
def test_packets_are_translated_until_the_rules_are_taken_back(lab: Lab, platform: str) -> None:
    _on_router(lab, FOREIGN)
    before = _on_router(lab, ALL)

    checked = _have(lab, platform, check=True)
    assert (checked.rc, checked.changed) == (0, 1), checked.shown
    assert f"- tcp {OUT}:5062 -> {IN}:5062" in checked.said
    assert _on_router(lab, ALL) == before

    done = _have(lab, platform)
    assert (done.rc, done.changed) == (0, 1), done.shown
    assert _talks(lab) == TRANSLATED
    assert _have(lab, platform).changed == 0

    # As a machine that was switched off and on, in the middle of whatever it did.
    _on_router(lab, "iptables-save >/dev/null")
    lab.ok("down")
    lab.ok("up")
    assert _have(lab, platform).changed == 0
    assert _talks(lab) == TRANSLATED
    said = _on_router(lab, ALL)
    assert "-A THEIRS -j DNAT --to-destination 9.42.111.7" in said and "# theirs" in said

    assert _have(lab, platform, state="absent").changed == 1
    assert "STGW" not in _on_router(lab, ALL).upper()
    assert _have(lab, platform, state="absent").changed == 0


@pytest.mark.parametrize("platform", ["nftables", "iptables"])
def test_what_others_have_is_the_same_afterwards(lab: Lab, platform: str) -> None:
    _on_router(lab, FOREIGN)
    before = _on_router(lab, ALL)
    assert _have(lab, platform).changed == 1
    assert _have(lab, platform, inbound=[INBOUND | {"private_port": 5060}]).changed == 1
    assert _have(lab, platform, state="absent").changed == 1
    assert _without_folder(_on_router(lab, ALL)) == _without_folder(before)


def _without_folder(said: str) -> list[str]:
    """The folder of our own file stays: others may have begun to use it."""
    return [line for line in said.splitlines() if "nftables.d" not in line and line]


@pytest.mark.parametrize("platform", ["nftables", "iptables"])
def test_udp_and_ipv6_are_translated_too(lab: Lab, platform: str) -> None:
    for (machine, program), commands in IPV6.items():
        for command in commands:
            lab.ok("exec", machine, program, "-6", *command.split())
    six = {"name": "six", "private_address": "fd42:111::5", "public_address": "fd42:124::45"}
    inbound = [INBOUND | {"protocol": "udp"}, INBOUND | six | {"protocol": "udp"}]
    done = _have(lab, platform, inbound=inbound, outbound=[OUTBOUND, six])
    assert (done.rc, done.changed) == (0, 1), done.shown
    assert dial(lab.environment, "stgw2", "sipproxy1", OUT, 5062, "udp") == Talk(PARTNER, OUT)
    assert dial(lab.environment, "sipproxy1", "stgw2", PARTNER, 5060, "udp") == Talk(POOL, PARTNER)
    assert dial(lab.environment, "stgw2", "sipproxy1", "fd42:124::45", 5062, "udp") == Talk(
        "fd42:124::60", "fd42:124::45"
    )
    assert dial(lab.environment, "sipproxy1", "stgw2", "fd42:124::60", 5060) == Talk("fd42:124::45", "fd42:124::60")
    assert _have(lab, platform, inbound=inbound, outbound=[OUTBOUND, six]).changed == 0
    assert _have(lab, platform).changed == 1
    assert "fd42:" not in _on_router(lab, ALL)


def test_only_connections_of_changed_rules_are_forgotten(lab: Lab) -> None:
    second = INBOUND | {"public_port": 5063}
    _have(lab, inbound=[INBOUND, second])
    for port in (5062, 5063):
        dial(lab.environment, "stgw2", "sipproxy1", OUT, port, "tcp", listening=5062)
    assert _on_router(lab, f"conntrack -L -d {OUT} 2>/dev/null").count("dport=506") == 2
    done = _have(lab, inbound=[INBOUND | {"private_port": 5060}, second])
    assert f"forget connections -f ipv4 -p tcp -d {OUT} --dport 5062" in done.said
    left = _on_router(lab, f"conntrack -L -d {OUT} 2>/dev/null")
    assert "dport=5063" in left and "dport=5062 src=" not in left


@pytest.mark.parametrize(
    "foreign",
    [
        "iptables -t nat -A POSTROUTING -o out0 -j MASQUERADE",
        "iptables-legacy -t nat -A POSTROUTING -s 9.42.111.0/24 -j MASQUERADE",
        "iptables -t raw -A PREROUTING -p udp --dport 5060 -j CT --helper sip",
        "nft -f - <<'END'\ntable inet theirs {\n ct helper sip { type \"sip\" protocol udp; }\n chain pre {\n"
        "  type filter hook prerouting priority 0;\n  udp dport 5060 ct helper set \"sip\"\n }\n}\nEND",
        "nft -f - <<'END'\ntable ip theirs {\n chain pre {\n  type nat hook prerouting priority -100;\n"
        "  tcp dport 5000-5999 dnat to 9.42.111.9\n }\n}\nEND",
    ],
)  # fmt: skip
def test_a_router_that_contradicts_is_left_as_it_is(lab: Lab, foreign: str) -> None:
    _on_router(lab, foreign)
    before = _on_router(lab, ALL)
    refused = _have(lab)
    assert refused.rc == 2
    assert "what the router has already contradicts the rules" in refused.said
    assert _on_router(lab, ALL) == before


def test_a_public_address_that_nobody_answers_for_is_told(lab: Lab) -> None:
    _on_router(lab, f"ip address del {POOL}/24 dev out0")
    assert f"nobody answers for {POOL} on out0" in _have(lab).said
    _on_router(lab, f"ip neighbour add proxy {POOL} dev out0")
    assert "nobody answers" not in _have(lab).said
    assert _talks(lab) == TRANSLATED


# -- runs that break off -----------------------------------------------------------------------------------------------
def test_rules_that_the_kernel_refuses_leave_the_old_ones(lab: Lab) -> None:
    _have(lab)
    before = _on_router(lab, ALL)
    rules = rules_of({"inbound": [INBOUND | {"private_port": 5060}]})
    wrong = {
        "nft": render(rules, "out0", ["ip"]) + "add rule ip stgw_nat nosuch drop",
        "ipv4": "",
        "ipv6": "",
        "flows": [],
    }
    refused = lab.ssh("natrouter", "/bin/sh -s", stdin=render_sh("nat_rules_change", wrong).decode())
    assert refused.returncode == 1
    assert _on_router(lab, ALL) == before
    assert _talks(lab) == TRANSLATED


@pytest.mark.parametrize(("platform", "folder"), [("nftables", "/etc/nftables.d"), ("iptables", "/etc/iptables")])
def test_a_run_that_ends_before_the_disk_is_written_is_completed_by_the_next(
    lab: Lab, platform: str, folder: str
) -> None:
    _on_router(lab, f"rm -rf {folder} && touch {folder}")
    broken = _have(lab, platform)
    assert broken.rc == 2, broken.shown
    # The kernel has all of the new rules, the disk none of them.
    assert _talks(lab) == TRANSLATED
    assert "stgw" not in _on_router(lab, "cat /etc/nftables.conf")
    _on_router(lab, f"rm {folder}")
    done = _have(lab, platform)
    assert (done.rc, done.changed) == (0, 1), done.shown
    assert f"{platform}: give the kernel" not in done.said
    lab.ok("down")
    lab.ok("up")
    assert _talks(lab) == TRANSLATED
