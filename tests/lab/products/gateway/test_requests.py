"""Requests of a foreign user agent, message by message, over UDP."""

from __future__ import annotations

import itertools
import re
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from lab.products.gateway.application import composing, pidf
from tests.lab.products.gateway.site import WITHIN_S, Site, until

ALICE, BOB = "alice@rtp.example", "bob@partner.example"
OFFER = "v=0\r\no=- 0 0 IN IP4 127.0.0.13\r\ns=session\r\nm=message 5060 sip null\r\n"


class Peer:
    """A user agent that writes what it is told."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.socket = socket.socket(type=socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.13", 0))
        self.socket.settimeout(WITHIN_S)
        self.port: int = self.socket.getsockname()[1]
        self._numbers = itertools.count(1)

    def ask(self, method: str, *, to: str = ALICE, sender: str = BOB, uri: str = "", fields: str = "", body: str = "",
            call: str = "", tag: str = "") -> str:  # fmt: skip
        """Send a request; its final answer."""
        number = next(self._numbers)
        text = (
            f"{method} {uri or f'sip:{to}'} SIP/2.0\r\n"
            f"Via: SIP/2.0/UDP 127.0.0.13:{self.port};branch=z9hG4bK{number}\r\n"
            f"From: <sip:{sender}>;tag=1\r\nTo: <sip:{to}>{f';tag={tag}' if tag else ''}\r\n"
            f"Call-ID: {call or number}\r\nCSeq: {number} {method}\r\nContact: <sip:127.0.0.13:{self.port}>\r\n"
            f"{fields}Content-Length: {len(body.encode())}\r\n\r\n{body}"
        )
        self.socket.sendto(text.encode(), (self.site.address, self.site.port))
        return self.receive(f"CSeq: {number} {method}")

    def receive(self, part: str) -> str:
        """The next message with that in it; requests of the other side are answered with 200."""
        while True:
            text = self.socket.recv(65536).decode()
            if not text.startswith("SIP/2.0"):
                kept = re.findall(r"^(?:Via|From|To|Call-ID|CSeq): .*\r\n", text, re.MULTILINE)
                answer = f"SIP/2.0 200 OK\r\n{''.join(kept)}Content-Length: 0\r\n\r\n"
                self.socket.sendto(answer.encode(), (self.site.address, self.site.port))
            if part in text:
                return text


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder: Path = tmp_path_factory.mktemp("site")
    made = Site(folder, "127.0.0.14", "rtp.example", {"alice": "away", "amy": "offline"})
    try:
        made.start(("127.0.0.13", 9), "partner.example", "udp")
        yield made
    finally:
        made.stop()


@pytest.fixture
def peer(site: Site) -> Iterator[Peer]:
    made = Peer(site)
    yield made
    made.socket.close()


EVENT = "Event: presence\r\n"
SDP = "Content-Type: application/sdp\r\n"
TEXT = "Content-Type: text/plain\r\n"


@pytest.mark.parametrize(
    ("request_of", "status", "log"),
    [
        ({"method": "OPTIONS"}, 200, ""),
        ({"method": "REGISTER"}, 405, ""),
        ({"method": "OPTIONS", "fields": "Require: 100rel\r\n"}, 420, "requires 100rel: not supported"),
        ({"method": "BYE", "tag": "nothing"}, 481, "no session or subscription of this server is meant"),
        ({"method": "NOTIFY", "fields": EVENT}, 481, "it belongs to no session or subscription"),
        ({"method": "SUBSCRIBE", "fields": "Event: dialog\r\n"}, 489, "the event 'dialog' is not presence"),
        ({"method": "SUBSCRIBE", "fields": f"{EVENT}Accept: text/plain\r\n"}, 406, "and not application/pidf+xml"),
        ({"method": "SUBSCRIBE", "fields": f"{EVENT}Expires: soon\r\n"}, 400, "Expires is soon"),
        ({"method": "SUBSCRIBE", "fields": EVENT, "to": "eve@rtp.example"}, 404, "there is no user eve@rtp.example"),
        (
            {"method": "SUBSCRIBE", "fields": EVENT, "sender": "eve@evil.example"},
            403,
            "belongs to no external community",
        ),
        ({"method": "INVITE"}, 488, "offers no text messages"),
        (
            {"method": "INVITE", "fields": SDP, "body": OFFER, "to": "amy@rtp.example"},
            480,
            "amy@rtp.example is offline",
        ),
        (
            {"method": "MESSAGE", "fields": TEXT, "body": "x", "to": "amy@rtp.example"},
            480,
            "amy@rtp.example is offline",
        ),
        ({"method": "MESSAGE", "fields": "Content-Type: text/html\r\n", "body": "x"}, 415, "of type 'text/html'"),
        (
            {"method": "MESSAGE", "fields": TEXT, "body": "x", "uri": "sip:alice@9.9.9.9"},
            403,
            "is neither this gateway",
        ),
        (
            {"method": "MESSAGE", "fields": f"Route: <sip:9.9.9.9;lr>\r\n{TEXT}", "body": "x"},
            403,
            "is not this gateway, which passes nothing on",
        ),
    ],
)
def test_answers(peer: Peer, request_of: dict[str, str], status: int, log: str) -> None:
    answer = peer.ask(**request_of)
    assert answer.startswith(f"SIP/2.0 {status} "), answer
    assert not log or peer.site.log.said(log), peer.site.log.lines


def test_presence_is_told_at_once_and_at_the_end(peer: Peer) -> None:
    answer = peer.ask("SUBSCRIBE", fields=f"{EVENT}Expires: 600\r\n", call="watch")
    assert answer.startswith("SIP/2.0 200 ")
    assert "Expires: 600\r\n" in answer
    notify = peer.receive("NOTIFY sip:127.0.0.13")
    assert f"Content-Type: {pidf.TYPE}\r\n" in notify
    assert "Subscription-State: active;expires=600\r\n" in notify
    assert pidf.parse(notify.partition("\r\n\r\n")[2].encode()) == "away"
    tag = re.findall(r"^To: .*;tag=(\S+)", answer, re.MULTILINE)[0]
    over = peer.ask("SUBSCRIBE", fields=f"{EVENT}Expires: 0\r\n", call="watch", tag=tag)
    assert over.startswith("SIP/2.0 200 ")
    last = peer.receive("Subscription-State: terminated;reason=timeout")
    assert pidf.parse(last.partition("\r\n\r\n")[2].encode()) == "away"
    assert peer.ask("SUBSCRIBE", fields=EVENT, call="watch", tag=tag).startswith("SIP/2.0 481 ")


def test_a_subscription_that_is_not_renewed_ends(peer: Peer) -> None:
    assert peer.ask("SUBSCRIBE", fields=f"{EVENT}Expires: 1\r\n").startswith("SIP/2.0 200 ")
    peer.receive("Subscription-State: active;expires=1")
    peer.receive("Subscription-State: terminated;reason=timeout")


def test_presence_is_fetched_once(peer: Peer) -> None:
    assert peer.ask("SUBSCRIBE", fields=f"{EVENT}Expires: 0\r\n").startswith("SIP/2.0 200 ")
    notify = peer.receive("Subscription-State: terminated")
    assert pidf.parse(notify.partition("\r\n\r\n")[2].encode()) == "away"


def test_a_session_outside_of_order(peer: Peer) -> None:
    answer = peer.ask("INVITE", fields=SDP, body=OFFER, call="chat")
    assert answer.startswith("SIP/2.0 200 ")
    assert "\r\na=accept-types:text/plain application/im-iscomposing+xml\r\n" in answer
    assert f"\r\nContact: <sip:127.0.0.14:{peer.site.port};transport=udp>\r\n" in answer
    tag = re.findall(r"^To: .*;tag=(\S+)", answer, re.MULTILINE)[0]
    ack = (
        f"ACK sip:127.0.0.14:{peer.site.port} SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.13:{peer.port};branch=z9hG4bKack\r\n"
        f"From: <sip:{BOB}>;tag=1\r\nTo: <sip:{ALICE}>;tag={tag}\r\nCall-ID: chat\r\nCSeq: 1 ACK\r\n\r\n"
    )
    peer.socket.sendto(ack.encode(), (peer.site.address, peer.site.port))
    typing = composing.build(active=True).decode()
    assert peer.ask(
        "MESSAGE", fields=f"Content-Type: {composing.TYPE}\r\n", body=typing, call="chat", tag=tag
    ).startswith("SIP/2.0 200 ")
    # Nobody waits for the local server to have heard that somebody is typing.
    until(lambda: peer.site.inbox(ALICE, BOB) == ([], True))
    assert peer.ask("MESSAGE", fields=TEXT, body="hello", call="chat", tag=tag).startswith("SIP/2.0 200 ")
    assert peer.site.inbox(ALICE, BOB) == (["hello"], False)
    peer._numbers = itertools.count(1)
    assert peer.ask("INFO", call="chat", tag=tag).startswith("SIP/2.0 500 ")
    peer._numbers = itertools.count(100)
    assert peer.ask("INFO", call="chat", tag=tag).startswith("SIP/2.0 405 ")
    assert peer.ask("BYE", call="chat", tag=tag).startswith("SIP/2.0 200 ")
    assert peer.ask("MESSAGE", fields=TEXT, body="late", call="chat", tag=tag).startswith("SIP/2.0 481 ")
