# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""An explanation names every line that changes, once, with a reason that fits, and where the message goes."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Tuple

import pytest
from configs import EVERYTHING, SCENARIO, changed, loaded

from sipnat.check import corpus
from sipnat.explain import explain
from sipnat.flow import Flow
from sipnat.neighbours.upstreams import Upstreams
from sipnat.rewriting.parts import parts
from sipnat.rewriting.rewrite import Rewriter
from sipnat.rewriting.rules import Rules

CONFIG = loaded(SCENARIO)
MASKED = loaded(changed(changed(EVERYTHING, "mask_call_id", True), "map_identities", True))
TORTURE = sorted((Path(__file__).parent / "torture").rglob("*.dat"))


def composed(outward: bool, method: str = "INVITE", **more: Any) -> Tuple[bytes, str]:
    message = corpus.compose(CONFIG, corpus.Shape(outward, method, **more))
    return message.data, message.address


def block(text: str, line: str) -> str:
    """The lines around one that starts with `line`, up to the blank lines around them."""
    return next(one for one in text.split("\n\n") if any(part.startswith(line) for part in one.splitlines()))


def test_a_request_to_the_outside() -> None:
    text = explain(CONFIG, *composed(True, body="sdp", routed=True), port=40061)
    assert text.startswith("INVITE sip:bob@stgw2.partner.example SIP/2.0\nfrom stgpn1 9.42.111.2:40061/tcp, inside\n")
    for line, reason in (
        ("  + Via: SIP/2.0/TCP rtp_natpool1.ibm.com:5062;rport;branch=", "RFC 3261 16.6(8)"),
        ("  + Record-Route: <sip:rtp_nat.ibm.com:5062;transport=tcp;lr>", "RFC 3261 16.6(4)"),
        ("  - Contact: ", "RFC 3261 8.1.1.8"),
        ("  - Max-Forwards: 70", "RFC 3261 16.6(3)"),
        ("  - Route: ", "RFC 3261 16.4"),
        ("  - Call-ID: 1000-INVITE@9.42.111.2", "RFC 3261 8.1.1.4"),
        ("  - X-Node: ", "none may leave"),
        ("  - IBM-PO: ", "internal to WebSphere"),
        ("  - c=IN IP4 9.42.111.2", "RFC 4566 5.7"),
        ("  - a=path:", "RFC 4975"),
        ("  - Content-Length: ", "another length"),
    ):
        assert reason in block(text, line)
    assert "\ngoes outside, to partner 9.42.124.60:5060/tcp\n" in text


def test_what_does_not_come_back_is_shown_and_nothing_else() -> None:
    text = explain(CONFIG, *composed(True, body="sdp"))
    way_back = text.partition("An answer that copies it comes back")[2]
    shown = [line.split(":")[0] for line in way_back.splitlines()[1:]]
    assert shown == ["  - User-Agent", "  + User-Agent", "  - X-Node", "  + X-Node"]


def test_a_request_to_the_inside() -> None:
    text = explain(CONFIG, *composed(False, routed=True), port=40061)
    assert "from partner 9.42.124.60:40061/tcp, outside" in text
    assert "the public form" in block(text, "  + INVITE sip:alice@9.42.111.5:5060 SIP/2.0")
    assert "RFC 3581 4" in block(
        text, "  + Via: SIP/2.0/TCP stgw2.partner.example:5060;branch=z9hG4bK-5000;rport=40061"
    )
    assert "goes inside, to sipproxy1 9.42.111.5:5060/tcp" in text


def answer(outward: bool) -> Tuple[bytes, str]:
    """The answer to a request, from the side that it went to."""
    message = corpus.compose(CONFIG, corpus.Shape(outward, "INVITE"))
    flow = Flow(outward, message.transport, b"c1.1", message.address, message.port)
    _kind, sent, target, _token = Rewriter(Rules(CONFIG, Upstreams(CONFIG).choose)).process(message.data, flow)
    return b"SIP/2.0 200 OK" + (sent or b"")[(sent or b"").index(b"\r\n") :], target.address


def test_an_answer_to_the_inside() -> None:
    text = explain(CONFIG, *answer(outward=True))
    assert "16.7(3)" in block(text, "  - Via: SIP/2.0/TCP rtp_natpool1.ibm.com:5062;rport;branch=z9hG4bKnpc1.1~")
    assert "as it was written" in block(text, "  + Via: SIP/2.0/TCP 9.42.111.2:5060;branch=z9hG4bK-1000")
    assert "16.7(8)" in block(text, "  + Record-Route: <sip:9.42.111.5:5062;transport=tcp;lr>")
    assert "on the flow c1.1 that the request came by; if that is gone, to stgpn1 9.42.111.2:" in text
    assert "An answer that copies" not in text


def test_an_answer_to_the_outside() -> None:
    text = explain(CONFIG, *answer(outward=False))
    assert "16.7(8)" in block(text, "  + Record-Route: <sip:rtp_nat.ibm.com:5062;transport=tcp;lr>")
    assert "on the flow c1.1" in text and "to partner 9.42.124.60:" in text


def test_a_request_that_is_answered_here() -> None:
    data, source = composed(True)
    text = explain(CONFIG, data.replace(b"Max-Forwards: 70", b"Max-Forwards: 0"), source)
    assert "is not passed on. Its sender gets:\n    SIP/2.0 483 " in text
    assert "goes" not in text


def test_bytes_behind_the_message() -> None:
    """An editor adds a line end; on a stream it belongs to what comes next."""
    data, source = composed(True, body="text")
    text = explain(CONFIG, data + b"\r\n", source)
    assert text.startswith("(2 bytes behind it belong to the next message of the stream)\nINVITE ")
    assert "goes outside" in text


def test_a_message_that_is_cut() -> None:
    data, source = composed(True, body="text")
    assert explain(CONFIG, data[:-3], source).startswith("(the message is not complete: ")


def test_a_message_after_which_a_stream_cannot_be_read_on() -> None:
    data, source = composed(True)
    text = explain(CONFIG, data.replace(b"Content-Length: 0\r\n", b""), source)
    assert "is not passed on. Its sender gets:\n    SIP/2.0 400 " in text
    assert text.endswith("Then the connection is closed: unframed")


def test_a_message_that_is_dropped() -> None:
    text = explain(CONFIG, b"SIP/2.0 200 OK\r\nVia: SIP/2.0/TCP 192.0.2.1\r\n\r\n", "9.42.124.60")
    assert "is dropped, without an answer: " in text


@pytest.mark.parametrize("source", ["9.42.111.9", "198.51.100.1", "::1"])
def test_a_stranger(source: str) -> None:
    with pytest.raises(ValueError, match="it may not send"):
        explain(CONFIG, composed(True)[0], source)


def test_a_file_with_unix_line_ends() -> None:
    data, source = composed(True)
    text = explain(CONFIG, data.replace(b"\r\n", b"\n"), source)
    assert text.startswith("(line ends were LF; read as CRLF)\nINVITE ") and "goes outside" in text


def test_the_transport_is_that_of_the_top_via() -> None:
    message = corpus.compose(MASKED, corpus.Shape(True, "INVITE", transport=2))
    assert message.transport == "udp"
    assert f"{message.address}:5060/udp" in explain(MASKED, message.data, message.address)
    assert f"{message.address}:5061/tls" in explain(MASKED, message.data, message.address, transport="tls")


def test_a_transport_without_a_listener() -> None:
    with pytest.raises(ValueError, match="no listener for udp on that side: there are tcp"):
        explain(CONFIG, *composed(True), transport="udp")


def test_every_line_that_leaves_otherwise_than_it_came_is_explained() -> None:
    rewriter = Rewriter(Rules(MASKED, Upstreams(MASKED).choose))
    for message in corpus.messages(MASKED):
        if message.name.split()[3] in ("folded", "spaced") or "multipart" in message.name:
            continue  # shown with tabs, line breaks and other bytes escaped
        token = b"u0" if message.transport == "udp" else b"c1.1"
        flow = Flow(message.outward, message.transport, token, message.address, message.port)
        sent = rewriter.process(message.data, flow)[1]
        text = explain(MASKED, message.data, message.address, message.port, message.transport)
        there = text.partition("\ngoes ")[0].splitlines()
        before, after = message.data.decode().split("\r\n"), (sent or b"").decode().split("\r\n")
        assert {line for line in after if line not in before} == {line[4:] for line in there if line.startswith("  + ")}
        removed = {line[4:] for line in there if line.startswith("  - ")}
        assert {line for line in before if line not in after} == removed


@pytest.mark.parametrize("path", TORTURE, ids=lambda path: str(path.stem))
def test_any_message_can_be_explained(path: Path) -> None:
    for source in ("9.42.111.2", "9.42.124.60"):
        text = explain(CONFIG, path.read_bytes(), source)
        assert text.isprintable() or all(line.isprintable() for line in text.splitlines())


def test_a_message_is_taken_apart() -> None:
    found = parts(b"INVITE sip:a SIP/2.0\r\nv : one,\r\n two\r\nVIA: three\r\n\r\nbody\r\n\r\nmore")
    assert found.start == b"INVITE sip:a SIP/2.0"
    assert found.values(b"via") == [b"v : one,\r\n two", b"VIA: three"]
    assert found.body == b"body\r\n\r\nmore"
