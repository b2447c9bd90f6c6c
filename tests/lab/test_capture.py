"""Captures of a running lab, and the judge of what is seen outside."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.lab.captures import captured, counts, messages, outside_is_clean
from tests.lab.conftest import Lab

_SEND = """
import socket, sys
host, port, number, text = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
    sock.bind(("", 5060))
    for each in range(number):
        sock.sendto(text.replace("#", str(each)).replace("|", "\\r\\n").encode(), (host, port))
"""
_PARTNER, _NEIGHBOUR, _PUBLIC, _PROXY = "9.42.124.62", "9.42.124.61", "9.42.124.45", "9.42.111.5"
_MESSAGE = (
    "MESSAGE sip:alice@rtp.example SIP/2.0|Via: SIP/2.0/UDP 9.42.124.62:5060;branch=z9hG4bK#|Max-Forwards: 70|"
    "From: <sip:bob@partner.example>;tag=b|To: <sip:alice@rtp.example>|Call-ID: #@9.42.124.62|CSeq: 1 MESSAGE|"
    "Contact: <sip:bob@9.42.124.62>|Content-Type: text/plain|Content-Length: 2||hi"
)
_TABLE = f"""table ip try {{
  chain in {{
    type nat hook prerouting priority -100
    ip daddr {_PUBLIC} udp dport 5060 dnat to {_PROXY}:5062
  }}
}}
"""


def _send(lab: Lab, host: str, text: str, *, port: int = 5060, number: int = 1) -> None:
    """Datagrams of db2srv2; nobody is there who would answer."""
    lab.ok("exec", "db2srv2", "/usr/bin/python3", "-c", _SEND, host, str(port), str(number), text)


def test_every_packet_is_there(lab: Lab) -> None:
    """More of them at once than a socket's buffer holds."""
    with captured(lab, "flood") as folder:
        _send(lab, _NEIGHBOUR, "datagram #.", port=9, number=20000)
    raw = (folder / "outside.pcap").read_bytes()
    assert {int(number) for number in re.findall(rb"datagram ([0-9]+)[.]", raw)} == set(range(20000))
    assert b"datagram" not in (folder / "inside.pcap").read_bytes()
    assert json.loads((folder / "counts.json").read_text())["outside"]["packets"] >= 20000


def test_both_sides_of_the_router(lab: Lab) -> None:
    """The same messages are seen where they come from and, translated, where they go to."""
    lab.ok("exec", "natrouter", "/usr/sbin/nft", _TABLE)
    try:
        with captured(lab, "both-sides") as folder:
            _send(lab, _PUBLIC, _MESSAGE, number=3)
    finally:
        lab.ok("exec", "natrouter", "/usr/sbin/nft", "delete table ip try")
    assert counts(outside_is_clean(folder)) == {f"{_PARTNER} > {_PUBLIC} MESSAGE": 3}
    assert counts(messages(folder, "inside")) == {f"{_PARTNER} > {_PROXY} MESSAGE": 3}
    assert (folder / "summary-inside.txt").read_text() == f"     3 {_PARTNER} > {_PROXY} MESSAGE\n"


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (_MESSAGE.replace("#@9.42.124.62", "#@9.42.111.2"), "sip.Call-ID|9.42.111.2"),
        (_MESSAGE.replace("Length: 2||hi", "Length: 23||the host is 9.42.111.30"), "9.42.111.30"),
        (_MESSAGE.replace("CSeq: 1 MESSAGE", "CSeq: 1 INVITE"), "CSeq says INVITE"),
        (_MESSAGE.replace("Max-Forwards: 70|", ""), "no Max-Forwards"),
        (_MESSAGE.replace("CSeq: 1 MESSAGE", "CSeq: first"), "CSeq"),
        ("no SIP at all, of 9.42.111.2", "shows an inside address"),
    ],
    ids=["header", "body", "CSeq", "Max-Forwards", "malformed", "other packets"],
)
def test_the_judge_complains(lab: Lab, text: str, complaint: str) -> None:
    with captured(lab, "judge") as folder:
        _send(lab, _NEIGHBOUR, text)
    with pytest.raises(AssertionError, match=complaint):
        outside_is_clean(folder)


def test_the_judge_reads_packet_headers(lab: Lab) -> None:
    with captured(lab, "judge") as folder:
        # The router answers for its own addresses, and its neighbours ask who has this one.
        lab("exec", "natrouter", "/usr/sbin/ip", "neigh", "flush", "dev", "out0")
        lab.ok("exec", "natrouter", "/usr/sbin/ip", "address", "add", "9.42.111.77/32", "dev", "out0")
        lab.ok(
            "exec", "natrouter", "/usr/sbin/ip", "route", "add", "9.42.124.99/32", "dev", "out0", "src", "9.42.111.77"
        )
        lab("exec", "natrouter", "/usr/bin/bash", "-c", "echo x >/dev/udp/9.42.124.99/9")
    lab.ok("exec", "natrouter", "/usr/sbin/ip", "route", "del", "9.42.124.99/32")
    lab.ok("exec", "natrouter", "/usr/sbin/ip", "address", "del", "9.42.111.77/32", "dev", "out0")
    with pytest.raises(AssertionError, match="packet headers"):
        outside_is_clean(folder)


def test_the_size_is_bounded(lab: Lab, tmp_path: Path) -> None:
    lab.ok("capture", "start", str(tmp_path / "small"), "--megabytes", "1")
    _send(lab, _NEIGHBOUR, "#" + "x" * 1000, port=9, number=2000)
    ended = lab("capture", "stop")
    assert ended.returncode == 1
    assert "0 lost" in ended.stdout
    assert "over the limit" in ended.stdout
    assert (tmp_path / "small/outside.pcap").stat().st_size <= 1 << 20


def test_one_at_a_time(lab: Lab, tmp_path: Path) -> None:
    assert "there is no capture" in lab("capture", "stop").stderr
    lab.ok("capture", "start", str(tmp_path / "first"))
    assert "lab capture stop ends it" in lab("capture", "start", str(tmp_path / "second")).stderr
    lab.ok("capture", "stop")
    assert "start FOLDER or stop" in lab("capture", "start").stderr


def test_it_ends_with_the_lab(lab: Lab, tmp_path: Path) -> None:
    lab.ok("capture", "start", str(tmp_path / "last"))
    _send(lab, _NEIGHBOUR, "the last words", port=9)
    lab.ok("down")
    assert "all" in lab.ok("capture", "stop")
    assert b"the last words" in (tmp_path / "last/outside.pcap").read_bytes()
    assert "the lab is down" in lab("capture", "start", str(tmp_path / "after")).stderr
