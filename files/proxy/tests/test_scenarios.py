# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Calls by SIPp through a running proxy behind a NAT router, both ways; tshark judges what was outside."""

from __future__ import annotations

from pathlib import Path
from typing import Dict, Iterator

import pytest
from sipp_acts import PLAYS
from sipp_arena import NODE, PARTNER, PROXY, PUBLIC, SECOND_NODE
from sipp_scenarios import LEARNT, Party
from sipp_stage import MEDIA, Capture, Stage, configuration, stage
from tshark_judge import expect


@pytest.fixture(scope="module", params=["udp-udp", "tcp-tcp", "tcp-udp"])
def running(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """A proxy with these transports inside and outside."""
    with stage(tmp_path_factory.mktemp(request.param), configuration(*request.param.split("-"))) as running:
        yield running


@pytest.mark.parametrize("outbound", [True, False], ids=["out", "in"])
@pytest.mark.parametrize("play", PLAYS)
def test_play(running: Stage, play: str, outbound: bool) -> None:
    name = f"{play}-{'out' if outbound else 'in'}"
    capture = Capture(running.arena, name)
    learnt = _perform(running, play, name, outbound=outbound)
    expect(capture.end(), PLAYS[play][1])
    if learnt:
        assert (learnt["host"], learnt["port"]) == ((PUBLIC, "5060") if outbound else (PROXY, "5062"))


@pytest.mark.parametrize("node", [NODE, SECOND_NODE])
def test_a_dialog_stays_on_its_node(tmp_path: Path, node: str) -> None:
    """Of two nodes that take calls, the partner's requests inside a dialog come to the one that began it."""
    config = configuration("tcp", "tcp")
    config["inside"]["upstreams"].append({**config["inside"]["upstreams"][0], "host": "node2"})
    with stage(tmp_path, config) as running:
        _perform(running, "subscription", "both", outbound=True, node=node)


def test_a_port_that_the_router_does_not_map_is_noticed(tmp_path: Path) -> None:
    """The trial of the trials: where the proxy tells a wrong port, the second act reaches nobody."""
    config = configuration("tcp", "tcp")
    config["public"]["ports"] = {"tcp": 5062}
    with stage(tmp_path, config) as running:
        _perform(running, "message", "right", outbound=True)
        with pytest.raises(AssertionError, match="subscription-1"):
            _perform(running, "subscription", "subscription", outbound=True)


def _perform(running: Stage, play: str, name: str, *, outbound: bool, node: str = NODE) -> Dict[str, str]:
    """Play all acts; what the called party learnt in the first of two."""
    dials, media = f"sip:bob@{PARTNER}:5060", PARTNER.replace(".", "[.]")
    alice = Party("alice", "rtp.example", node, running.inner, dials, media, outside=False)
    dials, media = f"sip:alice@{PUBLIC}:5060", MEDIA.replace(".", "[.]")
    bob = Party("bob", "partner.example", PARTNER, running.outer, dials, media, outside=True)
    acts = PLAYS[play][0](alice, bob) if outbound else PLAYS[play][0](bob, alice)
    words = ["-cid_str", f"{name}@{node if outbound else PARTNER}"]
    target = f"{PROXY}:5062" if outbound else f"{PUBLIC}:5060"
    learnt: Dict[str, str] = {}
    for index, act in enumerate(acts):
        if index:
            words = ["-cid_str", learnt["call_id"]]
            words += ["-key", "route", learnt["route"], "-key", "contact", learnt["contact"]]
            target = f"{learnt['host']}:{learnt['port']}"
        waits = running.sipp(f"{name}-{index}-waits", act.waits)
        opens = running.sipp(f"{name}-{index}-opens", act.opens, [*words, target])
        running.check(f"{name}-{index}", opens, waits)
        log = (running.arena.folder / f"{name}-{index}-waits.log").read_text()
        learnt = learnt or dict(zip(LEARNT, log.split()))
    return learnt
