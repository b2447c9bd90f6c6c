"""Presence documents, session descriptions, and who is typing."""

from __future__ import annotations

import pytest

from lab.products.gateway.application import composing, description, pidf
from lab.products.gateway.application.pidf import Status


@pytest.mark.parametrize(("status", "read"), [("online", "online"), ("away", "away"), ("offline", "offline"),
                                              ("unknown", "offline")])  # fmt: skip
def test_presence_there_and_back(status: Status, read: Status) -> None:
    body = pidf.build('a"<&@rtp.example', status)
    assert b'entity="pres:' in body or b"entity='pres:" in body
    assert pidf.parse(body) == read


def test_presence_of_several_tuples_and_of_none() -> None:
    head = '<presence xmlns="urn:ietf:params:xml:ns:pidf" entity="pres:bob@partner.example">'
    both = "".join(
        f'<tuple id="{n}"><status><basic>{b}</basic></status></tuple>' for n, b in enumerate(("closed", "open"))
    )
    assert pidf.parse(f"{head}{both}</presence>".encode()) == "online"
    assert pidf.parse(f"{head}</presence>".encode()) == "unknown"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"no XML",
        b'<presence entity="pres:a@b"/>',
        b'<presence xmlns="urn:ietf:params:xml:ns:pidf"/>',
        b'<!DOCTYPE a [<!ENTITY b "c">]><presence xmlns="urn:ietf:params:xml:ns:pidf" entity="&b;"/>',
        b" " * 20000,
    ],
)
def test_no_presence_document(body: bytes) -> None:
    with pytest.raises(ValueError, match="document"):
        pidf.parse(body)


@pytest.mark.parametrize("active", [True, False])
def test_typing_there_and_back(active: bool) -> None:
    assert composing.parse(composing.build(active)) is active


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<isComposing/>",
        b'<isComposing xmlns="urn:ietf:params:xml:ns:im-iscomposing"><state>x</state></isComposing>',
    ],
)
def test_not_typing(body: bytes) -> None:
    with pytest.raises(ValueError, match="document"):
        composing.parse(body)


def test_session_description() -> None:
    body = description.build("9.42.124.45", 5060, "text/plain", "application/im-iscomposing+xml")
    assert body.decode().split("\r\n") == [
        "v=0",
        "o=- 0 0 IN IP4 9.42.124.45",
        "s=session",
        "c=IN IP4 9.42.124.45",
        "t=0 0",
        "m=message 5060 sip null",
        "a=accept-types:text/plain application/im-iscomposing+xml",
        "",
    ]
    assert description.accepts_text(body)


@pytest.mark.parametrize(
    ("media", "accepts"),
    [
        ("m=message 5060 sip null", True),
        ("m=message 5060 sip null\r\na=accept-types:*", True),
        ("m=message 5060 sip null\r\na=accept-types:text/html", False),
        ("m=message 5060 TCP/MSRP *", False),
        ("m=audio 4000 RTP/AVP 0", False),
        ("", False),
    ],
)
def test_what_a_description_offers(media: str, accepts: bool) -> None:
    assert description.accepts_text(f"v=0\r\ns=-\r\n{media}\r\n".encode()) is accepts
