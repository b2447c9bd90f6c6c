"""`nat_rules` on the lab's router: packets that are translated, by nftables and by iptables."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from lab.settings import REPOSITORY
from plugins.plugin_utils import _nat_rules_iptables as iptables
from plugins.plugin_utils import _nat_rules_nftables as nftables
from plugins.plugin_utils._nat_rules import rules_of
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
    "tail -n +1 /etc/iptables/* | grep -v '^#'; ls -R /etc; stat -c '%n %a %U %G' /etc/*.conf /etc/iptables/* 2>&1; :"
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


def _asked(platform: str = "nftables", **options: Any) -> dict[str, Any]:
    return {"platform": platform, "outside_interface": "out0", "inbound": [INBOUND], "outbound": [OUTBOUND]} | options


def _have(lab: Lab, platform: str = "nftables", *, check: bool = False, **options: Any) -> Played:
    return play(lab, PLAYBOOK, variables={"options": _asked(platform, **options)}, check=check)


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
        "iptables-legacy -t nat -A POSTROUTING -s 9.42.111.0/24 -j MASQUERADE",
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
@pytest.mark.parametrize("platform", ["nftables", "iptables"])
def test_rules_that_the_kernel_refuses_leave_the_old_ones(lab: Lab, platform: str) -> None:
    _have(lab, platform)
    before = _on_router(lab, ALL)
    rules = rules_of({"inbound": [INBOUND | {"private_port": 5060}]})
    wrong: dict[str, str | list[str]] = {"nft": "", "ipv4": "", "ipv6": "", "flows": []}
    if platform == "nftables":
        wrong["nft"] = nftables.render(rules, "out0", ["ip"]) + "add rule ip stgw_nat nosuch drop"
    else:
        told = iptables.render(rules, "out0", _on_router(lab, "iptables-save").splitlines())
        wrong["ipv4"] = told.replace("COMMIT", "-A STGW_NAT_IN -j NOSUCH\nCOMMIT")
    refused = lab.ssh("natrouter", "/bin/sh -s", stdin=render_sh("nat_rules_change", wrong).decode())
    assert refused.returncode == 1
    assert _on_router(lab, ALL) == before
    assert _talks(lab) == TRANSLATED


@pytest.mark.parametrize(
    ("platform", "command", "arguments", "is_new"),
    [
        ("nftables", "nft", "-f -", False),
        ("iptables", "iptables-restore", "--noflush --wait", False),
        ("nftables", "conntrack", "-D*", True),
    ],
)
def test_a_run_that_is_killed_leaves_the_old_rules_or_the_new_ones(
    lab: Lab, platform: str, command: str, arguments: str, *, is_new: bool
) -> None:
    before = INBOUND | {"private_port": 5060}
    _have(lab, platform, inbound=[before])
    old = _on_router(lab, ALL)
    with _stuck(lab, command, arguments) as reached:
        run = subprocess.Popen(
            [
                Path(sys.executable).with_name("ansible-playbook"), PLAYBOOK, "-i", "inventories/rtp",
                "-i", lab.settings.overlay, "-e", json.dumps({"options": _asked(platform)}),
            ],
            cwd=REPOSITORY,
            env={**os.environ, **lab.environment},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )  # fmt: skip
        try:
            reached()
        finally:
            os.killpg(run.pid, signal.SIGKILL)
            run.wait()
    if is_new:
        assert _talks(lab) == TRANSLATED
        # The disk has the old rules, all of them: the router has them when it starts.
        lab.ok("down")
        lab.ok("up")
        assert _have(lab, platform, inbound=[before], check=True).changed == 0
    else:
        assert _on_router(lab, ALL) == old
    done = _have(lab, platform)
    assert (done.rc, done.changed) == (0, 1), done.shown
    assert _talks(lab) == TRANSLATED


@contextmanager
def _stuck(lab: Lab, command: str, arguments: str) -> Iterator[Callable[[], None]]:
    """A command of the router that stops when it is called with such arguments; what is given waits until it has."""
    pattern = arguments.replace(" ", r"\ ")
    stuck = f'case "$*" in\n{pattern}) echo $$ >/tmp/reached; exec sleep 600 ;;\nesac\nexec /tmp/{command} "$@"\n'
    # Copied under its own name, by which it knows what it is.
    _on_router(lab, f"cp /usr/sbin/{command} /tmp; cat >/tmp/stuck; chmod 755 /tmp/stuck", f"#!/bin/sh\n{stuck}")
    lab.ok("exec", "natrouter", "/usr/bin/mount", "--bind", "/tmp/stuck", f"/usr/sbin/{command}")

    def reached() -> None:
        for _ in range(600):
            if lab.ssh("natrouter", "test -s /tmp/reached").returncode == 0:
                return
            time.sleep(0.1)
        raise AssertionError(f"{command} was not called")

    yield reached
    lab.ok("exec", "natrouter", "/usr/bin/umount", f"/usr/sbin/{command}")
    _on_router(lab, f"kill $(cat /tmp/reached); rm /tmp/reached /tmp/{command} /tmp/stuck")
