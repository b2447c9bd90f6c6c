"""The messages of RFC 4475, as they lie with the tests of the SIP NAT proxy."""

from __future__ import annotations

from pathlib import Path

import pytest
from sipmessage import Request

from lab.settings import REPOSITORY
from lab.sip import via
from lab.sip.address import Flow
from lab.sip.message import encode, parse, parse_datagram

MESSAGES = {file.stem: file for file in (REPOSITORY / "files/proxy/tests/torture").glob("*.dat")}
VALID = [
    "wsinv",
    "intmeth",
    "esc01",
    "escnull",
    "esc02",
    "lwsdisp",
    "longreq",
    "dblreq",
    "semiuri",
    "transports",
    "mpart01",
    "unreason",
    "noreason",
    "inv2543",
]
FLOW = Flow("udp", ("192.0.2.1", 5060), ("192.0.2.2", 5060), 0)


@pytest.mark.parametrize("name", VALID)
def test_a_strange_but_valid_message_is_read_and_written(name: str) -> None:
    message = parse_datagram(MESSAGES[name].read_bytes())
    again = parse(encode(message))
    assert again.headers.keys() == message.headers.keys()
    assert again.body == message.body


@pytest.mark.parametrize("file", MESSAGES.values(), ids=MESSAGES)
def test_whatever_is_wrong_is_told_in_one_way(file: Path) -> None:
    try:
        message = parse_datagram(file.read_bytes())
        if isinstance(message, Request):
            via.stamp(message, FLOW)
        via.answer_target(via.top(message))
    except ValueError as error:
        assert str(error)
        assert file.stem not in VALID
