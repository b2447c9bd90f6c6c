# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A probe through a real router: the kernel's own translation between closed networks."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Iterator

import pytest
from sipp_arena import OUTBOUND, PARTNER, PROXY, PUBLIC, SOURCES, Arena

_ENV = {"PYTHONPATH": str(SOURCES), "PYTHONUNBUFFERED": "1"}
STREAMS = pytest.mark.parametrize("transport", ["udp", "tcp"])


@pytest.fixture
def arena(tmp_path: Path) -> Iterator[Arena]:
    found = Arena(tmp_path)
    yield found
    found.close()


def report(arena: Arena, side: str, server: str, served: str, dialled: str) -> str:
    """What `sipnat probe` on one side says when it dials the one on the other side."""
    sipnat = [sys.executable, "-m", "sipnat", "probe"]
    address, port = served.partition("/")[0].split(":")
    program = arena.start(server, [*sipnat, "--serve", served], "serve.log", _ENV)
    arena.wait_for_listener(server, served.partition("/")[2], address, int(port), program)
    asking = arena.start(side, [*sipnat, dialled], "probe.log", _ENV)
    asking.wait(30)
    return (arena.folder / "probe.log").read_text("utf-8")


@STREAMS
def test_a_static_router_seen_from_inside(arena: Arena, transport: str) -> None:
    text = report(arena, "inside", "outside", f"{PARTNER}:5060/{transport}", f"{PARTNER}:5060/{transport}")
    assert "BAD" not in text and "unknown" not in text
    assert f"{PROXY} leaves as {OUTBOUND}" in text and "kept for two flows" in text


@STREAMS
def test_a_router_that_translates_ports_seen_from_inside(arena: Arena, transport: str) -> None:
    rule = f"ip nat outgoing oifname out1 ip saddr {PROXY} meta l4proto {transport} snat to {OUTBOUND}:20000-20999"
    changed = arena.start("router", ["nft", f"flush chain ip nat outgoing; add rule {rule}"], "nft.log")
    assert changed.wait(10) == 0, (arena.folder / "nft.log").read_text("utf-8")
    text = report(arena, "inside", "outside", f"{PARTNER}:5060/{transport}", f"{PARTNER}:5060/{transport}")
    assert "BAD     source port" in text and "PAT" in text


@STREAMS
def test_the_way_in_seen_from_outside(arena: Arena, transport: str) -> None:
    text = report(arena, "outside", "inside", f"{PROXY}:5062/{transport}", f"{PUBLIC}:5060/{transport}")
    assert f"{PUBLIC}:5060 leads to {PROXY}:5062: advertise 5060 (public.ports), listen on 5062" in text
    assert "BAD" not in text
    assert "a second flow was not answered" in text


def test_a_port_that_the_router_does_not_let_in(arena: Arena) -> None:
    text = report(arena, "outside", "inside", f"{PROXY}:5063/udp", f"{PUBLIC}:5061/udp")
    assert "BAD     answer" in text
