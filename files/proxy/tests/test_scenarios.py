# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Calls by SIPp through a running proxy behind a NAT router, both ways; tshark judges what was outside."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any, Dict, Iterator, List, NamedTuple

import pytest
from sipp_acts import PLAYS
from sipp_arena import NODE, OUTBOUND, PARTNER, PROXY, PUBLIC, SECOND_NODE, Arena
from sipp_scenarios import LEARNT, Party, Scenario
from tshark_judge import judged

_HERE = Path(__file__).parent
_CALL_WITHIN_S = 20


class Stage(NamedTuple):
    """A running proxy, and over what it is talked to."""

    arena: Arena
    transport: str


def configuration(transport: str) -> Dict[str, Any]:
    """The proxy has 5062 and is known outside as 5060; of the nodes the first takes calls."""
    endpoint = {"port": 5060, "transport": transport}
    return {
        "inside": {
            "networks": ["9.42.111.0/24"],
            "hosts": [
                {"id": 1, "name": "node1", "addresses": [NODE], "media": "9.42.124.51"},
                {"id": 2, "name": "node2", "addresses": [SECOND_NODE]},
                {"id": 3, "name": "proxy", "addresses": [PROXY]},
            ],
            "upstreams": [{"host": "node1", **endpoint}],
        },
        "public": {"host": PUBLIC, "address": PUBLIC, "ports": {transport: 5060}},
        "outbound": {"host": OUTBOUND, "address": OUTBOUND, "ports": {transport: 5062}},
        "listen": [{"address": PROXY, "port": 5062, "transport": transport}],
        "partners": [{"name": "partner", "address": PARTNER, **endpoint}],
        # It asks the node once, at the start; SIPp is no node that would answer later.
        "health": {"interval": 3600},
        "admin": {"port": 0},
        "limits": {"drain": 0},
    }


@pytest.fixture(scope="module", params=["udp", "tcp"])
def stage(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """The networks with the proxy in them."""
    arena = Arena(tmp_path_factory.mktemp(str(request.param)))
    try:
        config = arena.folder / "sipnat.json"
        config.write_text(json.dumps(configuration(request.param)))
        words = [sys.executable, str(_HERE / "sipp_healthy.py"), request.param, NODE, "5060"]
        healthy = arena.start("inside", words, "healthy.log")
        arena.wait_for_listener("inside", request.param, NODE, 5060, healthy)
        proxy = arena.sipnat(config, [f"5062/{request.param}"])
        assert healthy.wait(10) == 0, (arena.folder / "healthy.log").read_text()
        yield Stage(arena, request.param)
        assert arena.stop(proxy) == 0
        log = (arena.folder / "sipnat.log").read_text()
        assert "Traceback" not in log, log
    finally:
        arena.close()


@pytest.mark.parametrize("outbound", [True, False], ids=["out", "in"])
@pytest.mark.parametrize("play", PLAYS)
def test_play(stage: Stage, play: str, outbound: bool) -> None:
    over = stage.transport
    alice = Party("alice", "rtp.example", NODE, over, f"sip:bob@{PARTNER}:5060", "9[.]42[.]124[.]60", outside=False)
    bob = Party("bob", "partner.example", PARTNER, over, f"sip:alice@{PUBLIC}:5060", "9[.]42[.]124[.]51", outside=True)
    acts, expected = PLAYS[play]
    name = f"{play}-{'out' if outbound else 'in'}"
    capture = _Capture(stage.arena, name)
    target, words = "", ["-cid_str", f"{name}@{NODE if outbound else PARTNER}"]
    for index, act in enumerate(acts(alice, bob) if outbound else acts(bob, alice)):
        _meet(stage, f"{name}-{index}", act.opens, act.waits, target, words)
        learnt = (stage.arena.folder / f"{name}-{index}-waits.log").read_text().split()
        if learnt:
            known = dict(zip(LEARNT, learnt))
            advertised = f"{PUBLIC}:5060" if outbound else f"{PROXY}:5062"
            target = f"{known['host']}:{known['port']}"
            assert target == advertised
            words = ["-cid_str", known["call_id"], "-key", "route", known["route"], "-key", "contact", known["contact"]]
    _judge(capture.end(), expected)


def _meet(stage: Stage, name: str, opens: Scenario, waits: Scenario, target: str, words: List[str]) -> None:
    """Play one act: SIPp on either side, both of which must come to their end."""
    waiting = _sipp(stage, f"{name}-waits", waits, [])
    opening = _sipp(stage, f"{name}-opens", opens, [*words, target or _door(stage, opens.me)])
    results = [opening.wait(2 * _CALL_WITHIN_S), waiting.wait(2 * _CALL_WITHIN_S)]
    if results != [0, 0]:
        files = [*sorted(stage.arena.folder.glob(f"{name}-*")), *stage.arena.folder.glob("sipnat.log")]
        raise AssertionError("\n".join(f"== {path.name}\n{path.read_text('utf-8', 'replace')}" for path in files))


def _door(stage: Stage, party: Party) -> str:
    return f"{PUBLIC}:5060" if party.outside else f"{PROXY}:5062"


def _sipp(stage: Stage, name: str, scenario: Scenario, words: List[str]) -> subprocess.Popen[bytes]:
    arena, me = stage.arena, scenario.me
    (arena.folder / f"{name}.xml").write_text(scenario.xml())
    (arena.folder / f"{name}.log").touch()
    argv = [
        "sipp",
        "-sf",
        f"{name}.xml",
        "-i",
        me.address,
        "-t",
        f"{stage.transport[0]}1",
        "-m",
        "1",
        "-nd",
        "-nostdin",
    ]
    argv += ["-timeout", str(_CALL_WITHIN_S), "-recv_timeout", str(1000 * _CALL_WITHIN_S), "-timeout_error"]
    argv += ["-trace_logs", "-log_file", f"{name}.log", "-trace_err", "-error_file", f"{name}.err"]
    # A connection is opened from any port, so that no old one is in the way.
    if not words or stage.transport == "udp":
        argv += ["-p", "5060"]
    program = arena.start("outside" if me.outside else "inside", [*argv, *words], f"{name}.out")
    if not words:
        arena.wait_for_listener("outside" if me.outside else "inside", stage.transport, me.address, 5060, program)
    return program


class _Capture:
    """What passes the partner's interface."""

    def __init__(self, arena: Arena, name: str) -> None:
        self._arena = arena
        self._file = arena.folder / f"{name}.pcap"
        words = [sys.executable, str(_HERE / "packet_capture.py"), "out0", str(self._file)]
        self._program = arena.start("outside", words, f"{name}.capture")
        arena.wait_for_output(f"{name}.capture", self._program)

    def end(self) -> Path:
        """The file with all of it."""
        assert self._arena.stop(self._program) == 0
        return self._file


def _judge(capture: Path, expected: Dict[str, int]) -> None:
    """Well-formed SIP, each message once, and neither in it nor around it an address of the inside."""
    seen = judged(capture)
    assert not [message for message in seen if message.faults], seen
    # A repetition, of a slow machine, is the same message.
    once = {(message.what, message.branch, message.cseq) for message in seen}
    assert Counter(what for what, _, _ in once) == Counter(expected)
    for message in seen:
        assert {message.source, message.destination} <= {PARTNER, PUBLIC, OUTBOUND}
    raw = capture.read_bytes()
    assert b"SIP/2.0" in raw
    assert not re.search(rb"9\.42\.111\.\d|IBM-PO", raw)
