# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Calls between SIPp inside, over TCP, and baresip outside, over TLS; tshark reads them with the proxy's keys."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Iterator, NamedTuple, Sequence

import pytest
from baresip import CONTROL, settings
from certificates import Authority
from sipp_arena import NODE, PARTNER, PROXY, PUBLIC
from sipp_scenarios import Party, Scenario
from sipp_stage import Capture, Stage, configuration, stage
from tshark_judge import expect

_HERE = Path(__file__).parent
_SDP = (
    f"v=0\no=alice 1 1 IN IP4 {NODE}\ns=-\nc=IN IP4 {NODE}\nt=0 0\nm=audio 6000 RTP/AVP 0\na=rtcp:6001 IN IP4 {NODE}\n"
)
_KIND = "application/sdp"
_ALICE = Party("alice", "rtp.example", NODE, "tcp", f"sip:bob@{PARTNER}:5061;transport=tls", "9[.]42[.]124[.]60", False)
_BOB = Party("bob", "partner.example", PARTNER, "tls", "", "", True)


class Phone(NamedTuple):
    """baresip, as the test talks to it."""

    running: Stage
    program: subprocess.Popen[bytes]
    keys: Path

    def order(self, command: str, parameters: str = "", event: str = "") -> None:
        """Have it do something, and wait until it has."""
        words = [sys.executable, str(_HERE / "baresip.py"), command, parameters, event]
        control = self.running.arena.start("outside", words, "control.out")
        log = self.running.arena.folder / "control.out"
        assert control.wait(30) == 0, log.read_text() + (log.parent / "baresip.out").read_text()


@pytest.fixture
def phone(tmp_path: Path) -> Iterator[Phone]:
    """A proxy with TLS outside, and the phone of its partner. Of each connection tshark has to see the beginning."""
    authority = Authority(tmp_path)
    certificate, key = authority.issue(PUBLIC)
    config = configuration("tcp", "tls")
    config["tls"] = {"default": {"certificate": certificate, "key": key, "authorities": str(authority.file)}}
    (tmp_path / "phone").mkdir()
    settings(tmp_path / "phone", PARTNER, "sip:bob@partner.example", *authority.issue(PARTNER))
    keys = tmp_path / "keys"
    with stage(tmp_path, config, {"PYTHONPATH": str(_HERE / "tls_keylog"), "SSLKEYLOGFILE": str(keys)}) as running:
        program = running.arena.start("outside", ["baresip", "-4", "-s", "-f", "phone"], "baresip.out")
        for end_point in ((PARTNER, 5061), CONTROL):
            running.arena.wait_for_listener("outside", "tcp", *end_point, program)
        yield Phone(running, program, keys)


def test_the_phone_calls(phone: Phone) -> None:
    capture = Capture(phone.running.arena, "in")
    node = Scenario(_ALICE, _BOB)
    node.asked("INVITE", learns=True)
    _accept(node, tag=True)
    _held_and_ended(node)
    waits = phone.running.sipp("in-waits", node)
    phone.order("dial", f"sip:alice@{PUBLIC}:5061;transport=tls", "CALL_ESTABLISHED")
    _hold_and_end(phone, waits)
    phone.running.check("in", waits)
    expect(capture.end(), {"INVITE": 2, "180": 1, "200": 3, "ACK": 2, "BYE": 1}, phone.keys)


def test_the_phone_is_called(phone: Phone) -> None:
    capture = Capture(phone.running.arena, "out")
    calls, listens = Scenario(_ALICE, _BOB), Scenario(_ALICE, _BOB)
    calls.ask("INVITE", 1, body=_SDP, kind=_KIND)
    calls.answered(180, "INVITE")
    calls.answered(200, "INVITE")
    calls.ask("ACK", 1, again=True)
    _held_and_ended(listens)
    phone.running.check("out-calls", phone.running.sipp("out-calls", calls, [f"{PROXY}:5062"]))
    # Before ACK has come it changes nothing of a call.
    phone.running.arena.wait_for_text("baresip.out", "ACK sip:", phone.program)
    waits = phone.running.sipp("out-waits", listens)
    _hold_and_end(phone, waits)
    phone.running.check("out-waits", waits)
    expect(capture.end(), {"INVITE": 2, "180": 1, "200": 3, "ACK": 2, "BYE": 1}, phone.keys)


def _accept(node: Scenario, *, tag: bool = False) -> None:
    if tag:
        node.answer("180 Ringing", tag=True)
    node.answer("200 OK", body=_SDP, kind=_KIND, tag=tag)
    node.acknowledged()


def _held_and_ended(node: Scenario) -> None:
    node.asked("INVITE")
    _accept(node)
    node.note("held")
    node.asked("BYE")
    node.answer("200 OK")


def _hold_and_end(phone: Phone, waits: subprocess.Popen[bytes]) -> None:
    """The re-INVITE and BYE of the phone."""
    phone.order("hold")
    name = Path(str(_argument(waits.args, "-log_file"))).name
    phone.running.arena.wait_for_text(name, "held", waits)
    phone.order("hangup", "", "CALL_CLOSED")


def _argument(words: object, name: str) -> str:
    assert isinstance(words, Sequence)
    return str(words[list(words).index(name) + 1])
