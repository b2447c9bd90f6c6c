# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The results table of docs/nat.md, row by row: which calls work, and exactly what is seen outside."""

from __future__ import annotations

import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import Iterator, List, Tuple

import pytest
from result_acts import WELL
from result_cases import SETTINGS, Row, Setting, table
from sipp_arena import NODE, OUTBOUND, OUTBOUND_OF_NODE, PARTNER, PROXY, PUBLIC, SECOND_NODE, Arena
from sipp_scenarios import Party
from sipp_stage import CALL_WITHIN_S, MEDIA, Capture, Stage, stage
from tshark_judge import judged

_HERE = Path(__file__).parent
# Of a message that never comes.
_PATIENCE_S = 2


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)
def test_row(tmp_path: Path, setting: Setting) -> None:
    with _front(tmp_path, setting) as running:
        found = [_results(running, setting, row, f"row{index}") for index, row in enumerate(setting.rows)]
    assert found == [(row.well, row.packets, row.private) for row in setting.rows]


def test_the_documentation_has_the_table() -> None:
    page = (_HERE.parents[2] / "docs/nat.md").read_text("utf-8")
    assert "\n".join(table()) in page


@contextmanager
def _front(folder: Path, setting: Setting) -> Iterator[Stage]:
    """The networks, the router as it is to be, and what stands before the nodes."""
    if setting.front == "sipnat":
        with stage(folder, setting.configuration()) as running:
            running.arena.route(setting.router)
            yield running
        return
    arena = Arena(folder)
    try:
        arena.route(setting.router)
        if setting.front == "plain":
            words = [sys.executable, str(_HERE / "plain_proxy.py"), f"{PROXY}:5062", f"{NODE}:5060", f"{PARTNER}:5060"]
            proxy = arena.start("inside", words, "plain.log")
            arena.wait_for_listener("inside", "udp", PROXY, 5062, proxy)
        yield Stage(arena, setting.transport, setting.transport)
    finally:
        arena.close()


def _results(running: Stage, setting: Setting, row: Row, name: str) -> Tuple[int, int, int]:
    transport = setting.transport
    alice = Party("alice", "rtp.example", NODE, transport, f"sip:bob@{PARTNER}:5060", "", outside=False)
    media = MEDIA.replace(".", "[.]")
    bob = Party(
        "bob", "partner.example", PARTNER, transport, f"sip:alice@{PUBLIC}:5060", media, True, looks=not row.private
    )
    act = row.play(alice, bob)
    outbound = act.opens.me is alice
    capture = Capture(running.arena, name)
    patience_s = CALL_WITHIN_S if row.well else _PATIENCE_S
    waits: List[subprocess.Popen[bytes]] = []
    nodes = [NODE, SECOND_NODE] if "inside.upstreams.1" in setting.config and not outbound else [NODE]
    for address in [node for node in nodes if node not in setting.dead]:
        scenario = act.waits if outbound else row.play(Party(**{**vars(alice), "address": address}), bob).waits
        waits.append(running.sipp(f"{name}-{address}", scenario, calls=row.calls, patience_s=patience_s))
    port = setting.configuration()["listen"][0]["port"]
    target = f"{PUBLIC}:5060" if not outbound else f"{PARTNER}:5060" if setting.front == "none" else f"{PROXY}:{port}"
    opens = running.sipp(f"{name}-opens", act.opens, [target], calls=row.calls, patience_s=patience_s)
    opens.wait(2 * CALL_WITHIN_S)
    if row.well and outbound:
        # What it says last is no longer waited for by who opened.
        waits[0].wait(2 * CALL_WITHIN_S)
    for program in waits:
        running.arena.stop(program)
    seen = judged(capture.end())
    assert {address for message in seen for address in message[:2]} <= {PARTNER, PUBLIC, OUTBOUND, OUTBOUND_OF_NODE}
    assert not [message for message in seen if message.faults]
    well = (running.arena.folder / f"{name}-opens.log").read_text().split().count(WELL)
    return well, len(seen), sum(bool(message.private) for message in seen)
