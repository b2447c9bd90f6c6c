# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The compiled kernel does ordinary messages, leaves the others, and takes nothing that it does not give back."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import List

import pytest
from messages import CRLF, ODD_BRANCHES, body, data_of, request, response
from pairs import CONFIGS, Pair

from sipnat import kernel
from sipnat.flow import Flow
from sipnat.kernel import _kernel
from sipnat.outcome import DROP, REPLY, REQUEST, RESPONSE
from sipnat.rewriting.rewrite import Rewriter
from sipnat.rewriting.rules import Rules

METHODS = ("INVITE", "ACK", "BYE", "CANCEL", "MESSAGE", "SUBSCRIBE", "NOTIFY", "REFER", "UPDATE", "INFO", "UNHEARD")
PACKAGE = Path(__file__).parents[1]


def sdp(address: str) -> bytes:
    return (
        f"v=0\r\no=- 34 34 IN IP4 {address}\r\ns=-\r\nc=IN IP4 {address}\r\nt=0 0\r\n"
        "m=audio 40000 RTP/AVP 0\r\na=rtpmap:0 PCMU/8000\r\na=sendrecv\r\n"
    ).encode()


@pytest.fixture(params=["tcp", "udp"])
def pair(request: pytest.FixtureRequest) -> Pair:
    return Pair(CONFIGS[str(request.param)])


def sides(pair: Pair) -> List[Flow]:
    inside, outside = pair.flows()
    return [inside, outside]


def outward(pair: Pair, method: str, *more: str, body: bytes = b"") -> bytes:
    """A request as WebSphere's container writes it."""
    transport = pair.config.listeners[0].transport
    fields = [
        "Record-Route: <sip:9.42.111.5:5060;transport=tcp;ibmsid=local.1_2_3;lr;ibmdrr>",
        f'Contact: "Alice A." <sip:alice@9.42.111.2:5060;transport={transport}>',
        "P-Asserted-Identity: <sip:alice@stgpn1.rtp.example>",
        "IBM-PO: 2",
        "User-Agent: Lotus Sametime Gateway 8.0.1",
    ]
    via = [
        f"SIP/2.0/{transport.upper()} 9.42.111.2:5060;ibmsid=local.1_2;branch=z9hG4bK-7f3a;ibmrport",
        f"SIP/2.0/{transport.upper()} 9.42.111.3;received=9.42.111.3;branch=z9hG4bK-8",
    ]
    route = f"Route: <sip:9.42.111.5:5062;transport={transport};lr>, <sip:stgw2.partner.example;lr>"
    return request(method, "sip:bob@partner.example", via, route, *fields, *more, body=body)


def inward(pair: Pair, method: str, *more: str, body: bytes = b"") -> bytes:
    transport = pair.config.listeners[0].transport
    port = pair.config.public.ports[transport]
    via = [f"SIP/2.0/{transport.upper()} 9.42.124.60:5060;rport;branch=z9hG4bK-99"]
    fields = ["Contact: <sip:bob@9.42.124.60>", f"Record-Route: <sip:9.42.124.61;transport={transport};lr>"]
    uri = f"sip:alice@rtp_nat.ibm.com:{port}"
    return request(method, uri, via, *fields, *more, call_id="77@partner.example", body=body)


@pytest.mark.parametrize("method", METHODS)
def test_requests_and_their_answers_are_done_by_the_kernel(pair: Pair, method: str) -> None:
    inside, outside = sides(pair)
    for message, there, back in ((outward(pair, method), inside, outside), (inward(pair, method), outside, inside)):
        (kind, data, _target, _token), done = pair.process(message, there)
        assert (kind, done) == (REQUEST, True)
        assert data is not None
        (kind, data, _target, token), done = pair.process(response(data, "180 Ringing", "Allow: ACK"), back)
        assert (kind, done, token) == (RESPONSE, True, there.token)


def test_requests_within_a_dialog_are_done_by_the_kernel(pair: Pair) -> None:
    inside, outside = sides(pair)
    invited = data_of(pair.process(outward(pair, "INVITE"), inside)[0])
    contact = next(line for line in invited.split(CRLF) if line.startswith(b"Contact:")).split(b"<")[1].split(b">")[0]
    route = next(line for line in invited.split(CRLF) if line.startswith(b"Record-Route:")).partition(b": ")[2]
    via = ["SIP/2.0/UDP 9.42.124.60;branch=z9hG4bK1"]
    bye = request("BYE", contact.decode(), via, "Route: " + route.decode(), call_id="c1@np1")
    (kind, data, target, _token), done = pair.process(bye, outside)
    assert (kind, done) == (REQUEST, True)
    assert data is not None
    assert data.startswith(b"BYE sip:alice@9.42.111.2:5060;transport=")
    assert b"Call-ID: c1@9.42.111.2\r\n" in data
    assert target.peer == "sipproxy1"


@pytest.mark.parametrize("address", ["9.42.111.2", "9.42.111.77", "9.42.124.60", "0.0.0.0", "stgpn1.rtp.example"])
@pytest.mark.parametrize("lines", [60, 100, 1000])
def test_a_session_description_of_another_length(pair: Pair, address: str, lines: int) -> None:
    """The number of digits of Content-Length changes too, in both directions."""
    inside = sides(pair)[0]
    for padding in range(lines - 30, lines + 1):
        text = sdp(address) + b"a=" + b"x" * (padding % 30 + 1) + b"\r\n"
        text += b"a=y\r\n" * ((lines - len(text)) // 5)
        message = outward(pair, "INVITE", "Content-Type: application/sdp", body=text)
        outcome, done = pair.process(message, inside)
        assert done
        assert b"9.42.111" not in data_of(outcome)


def test_a_body_from_outside_gets_the_inside_address(pair: Pair) -> None:
    message = inward(pair, "INVITE", "Content-Type: application/sdp", body=sdp("9.42.124.45"))
    outcome, done = pair.process(message, sides(pair)[1])
    assert done
    assert body(data_of(outcome)) == sdp("9.42.111.2")


@pytest.mark.parametrize(
    "line", [b"a=rtcp:40001 IN IP4 9.42.111.2", b"a=path:msrp://9.42.111.2:2855/x;tcp", b"c=IN IP6 ::1"]
)
def test_other_places_of_addresses_in_session_descriptions_are_left(pair: Pair, line: bytes) -> None:
    message = outward(pair, "INVITE", "Content-Type: application/sdp", body=sdp("9.42.111.2") + line + CRLF)
    outcome, done = pair.process(message, sides(pair)[0])
    assert not done
    assert b"9.42.111" not in data_of(outcome)


def test_datagrams_of_another_length_are_left() -> None:
    pair = Pair(CONFIGS["udp"])
    message = outward(pair, "MESSAGE", body=b"hello")
    outcome, done = pair.process(message + b"more", sides(pair)[0])
    assert (data_of(outcome)[-7:], done) == (CRLF + b"hello", False)
    outcome, done = pair.process(message[:-1], sides(pair)[0])
    assert (outcome[0], done) == (REPLY, False)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"Max-Forwards: 70", b"Max-Forwards: 0"),
        (b"Max-Forwards: 70", b"Max-Forwards: 256"),
        (b"CSeq: 1 INVITE", b"CSeq: 1 BYE"),
        (b"CSeq: 1 INVITE", b"CSeq: 1 INVITE\r\nCSeq: 1 INVITE"),
        (b"SIP/2.0\r\nVia", b"SIP/2.1\r\nVia"),
        (b"sip:bob@partner.example SIP", b"mailto:1 SIP"),
        (b"sip:bob@partner.example SIP", b"sip:bob@9.42.111.3 SIP"),
        (b"z9hG4bK-7f3a", b"7f3a"),
        (b"Content-Length: 0", b"Content-Length: 1"),
        (b"User-Agent:", b"Proxy-Require: x\r\nUser-Agent:"),
        (b"Gateway 8.0.1", b"Gateway 9.42.111.9"),
        (b"Gateway 8.0.1", b"Gateway\r\n 8.0.1"),
        (b"Gateway 8.0.1", b"Gateway\n8.0.1"),
        (b";lr>, <sip", b">, <sip"),
        (b"stgw2.partner.example;lr", b"stgw2.partner.example"),
    ],
)
def test_what_is_refused_counted_or_folded_is_left(pair: Pair, old: bytes, new: bytes) -> None:
    message = outward(pair, "INVITE")
    assert old in message
    inside = sides(pair)[0]
    if b"Route: <sip:9.42" in message and b";lr>, <sip" in old:
        message = message.replace(b", <sip:stgw2.partner.example;lr>", b"")
        old, new = b"sip:bob@partner.example SIP", b"sip:bob@9.42.111.3 SIP"
    assert pair.process(message.replace(old, new, 1), inside)[1] is False


def test_what_is_no_answer_to_us_is_left(pair: Pair) -> None:
    inside, outside = sides(pair)
    sent = data_of(pair.process(outward(pair, "INVITE"), inside)[0])
    for old, new in ((b"z9hG4bKnp", b"z9hG4bK"), (b"rtp_natpool1.ibm.com", b"elsewhere.example")):
        outcome, done = pair.process(response(sent.replace(old, new, 1)), outside)
        assert (outcome[0], done) == (DROP, False)


@pytest.mark.parametrize("parameters", ODD_BRANCHES)
def test_a_branch_that_is_not_the_one_it_seems_is_left(pair: Pair, parameters: str) -> None:
    for message, side in ((outward(pair, "BYE"), 0), (inward(pair, "BYE"), 1)):
        end = message.index(CRLF, message.index(b";branch="))
        start = message.index(b";", message.index(b"Via:"))
        odd = message[:start] + parameters.encode() + message[end:]
        assert pair.process(odd, sides(pair)[side])[1] is (parameters.startswith(";branch=z"))


def test_our_via_with_another_branch_than_it_seems_is_left(pair: Pair) -> None:
    """Which token is meant decides who gets the answer."""
    inside, outside = sides(pair)
    answer = response(data_of(pair.process(outward(pair, "BYE"), inside)[0]))
    odd = answer.replace(b";branch=z9hG4bKnp", b";Branch=z9hG4bKnpc0.77~1;branch=z9hG4bKnp", 1)
    assert pair.process(answer, outside)[1]
    outcome, done = pair.process(odd, outside)
    assert (outcome[0], outcome[3], done) == (RESPONSE, b"c0.77", False)


def test_what_a_partner_with_our_addresses_gets_is_left(pair: Pair) -> None:
    """Its addresses came in as tokens, and have to be addresses again."""
    inside, outside = sides(pair)
    via = f"SIP/2.0/{outside.transport.upper()} 9.42.111.2:5060;branch=z9hG4bK-7"
    sent = data_of(pair.process(request("MESSAGE", "sip:alice@rtp.example", [via]), outside)[0])
    assert b"9.42.111.2" not in sent
    outcome, done = pair.process(response(sent), inside)
    assert not done
    assert via.encode() in data_of(outcome)


def test_ever_new_names_do_not_fill_the_memory(pair: Pair) -> None:
    """The table is emptied when it is full, and no message is spoiled by that."""
    inside = sides(pair)[0]
    for number in range(9000):
        message = outward(pair, "INVITE", f"Refer-To: <sip:carol@host{number}.example>")
        if number % 97 == 0:
            assert pair.process(message, inside)[1] or pair.process(message, inside)[1]
        else:
            pair.answer(message, inside)
    assert pair.process(outward(pair, "INVITE"), inside)[0][0] == REQUEST


def test_no_object_is_lost(pair: Pair) -> None:
    inside, outside = sides(pair)
    process = kernel.kernel(_kernel, pair.pure, pair.pure.process)[0]
    request_out = outward(pair, "INVITE", "Content-Type: application/sdp", body=sdp("9.42.111.2"))
    answer = response(data_of(process(request_out, inside)))
    odd = request_out.replace(b"INVITE sip:", b"INVITE sips:")

    def rounds(count: int) -> int:
        for _ in range(count):
            process(request_out, inside)
            process(inward(pair, "BYE"), outside)
            process(answer, outside)
            process(odd, inside)
        return sys.getallocatedblocks()

    before = rounds(200)
    assert rounds(2000) - before < 200


def test_a_kernel_that_is_gone_leaves_no_memory(pair: Pair) -> None:
    inside = sides(pair)[0]
    message = outward(pair, "INVITE")

    def lives(count: int) -> int:
        for _ in range(count):
            kernel.kernel(_kernel, pair.pure, pair.pure.process)[0](message, inside)
        gc.collect()
        return sys.getallocatedblocks()

    before = lives(5)
    assert lives(50) - before < 500


def test_limits_of_the_configuration_hold(pair: Pair) -> None:
    config = replace(pair.config, limits=replace(pair.config.limits, line=200, fields=20))
    narrow = Pair(config)
    inside = sides(narrow)[0]
    assert narrow.process(outward(pair, "INVITE", "X-Long: " + "x" * 200), inside)[0][0] == REPLY
    assert narrow.process(outward(pair, "INVITE", *["X: y"] * 20), inside)[0][0] == REPLY


def test_an_error_of_the_choice_is_not_hidden(pair: Pair) -> None:
    def choose(call_id: bytes) -> None:
        raise OSError(call_id)

    rewriter = kernel.rewriter(Rules(pair.config, choose))
    with pytest.raises(OSError, match="77@partner"):
        rewriter.process(inward(pair, "MESSAGE"), sides(pair)[1])


def test_only_messages_on_flows_are_taken(pair: Pair) -> None:
    process = kernel.kernel(_kernel, pair.pure, lambda _data, _flow: "left")[0]
    with pytest.raises(TypeError):
        process(bytearray(outward(pair, "INVITE")), sides(pair)[0])  # type: ignore[arg-type]
    with pytest.raises(AttributeError):
        process(outward(pair, "INVITE"), object())  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        process(b"")  # type: ignore[call-arg]


def test_the_environment_leaves_the_kernel_unused(monkeypatch: pytest.MonkeyPatch) -> None:
    rules = Pair(CONFIGS["tcp"]).pure.rules
    assert kernel.name() == "compiled"
    assert isinstance(kernel.rewriter(rules), kernel.Compiled)
    monkeypatch.setenv("SIPNAT_PURE", "1")
    assert kernel.name() == "pure"
    assert isinstance(kernel.rewriter(rules), Rewriter)


def test_an_installation_without_kernel_is_pure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sipnat.kernel._kernel", None)
    assert kernel.name() == "pure"


def test_no_compiler_does_not_break_the_installation(tmp_path: Path) -> None:
    built = tmp_path / "built"
    command = [sys.executable, "setup.py", "--quiet", "build", "--build-base", str(tmp_path), "--build-lib", str(built)]
    environment = {**os.environ, "CC": "/bin/false"}
    subprocess.run(command, cwd=PACKAGE, env=environment, check=True, capture_output=True)
    assert (built / "sipnat" / "kernel" / "__init__.py").exists()
    assert not list(built.glob("sipnat/kernel/_kernel*.so"))


def test_messages_in_a_stream_are_taken_one_by_one() -> None:
    pair = Pair(CONFIGS["tcp"])
    inside = sides(pair)[0]
    messages = [
        outward(pair, "INVITE", "Content-Type: application/sdp", body=sdp("9.42.111.2")),
        outward(pair, "MESSAGE", body=b"hello"),
        outward(pair, "BYE"),
    ]
    stream = b"".join(messages)
    take = kernel.Compiled(_kernel, pair.pure).take
    start = 0
    for message in messages:
        taken = take(stream, inside, start)
        assert taken is not None
        assert taken[:4] == pair.process(message, inside)[0]
        assert taken[4] == start + len(message)
        start = taken[4]
    assert take(stream, inside, start) is None


def test_what_is_not_complete_in_a_stream_is_not_taken() -> None:
    pair = Pair(CONFIGS["tcp"])
    inside = sides(pair)[0]
    message = outward(pair, "MESSAGE", body=b"hello")
    take = kernel.Compiled(_kernel, pair.pure).take
    assert [take(message[:size], inside, 0) for size in range(len(message))] == [None] * len(message)
    assert take(message, inside, 0) is not None
    for start in (-1, len(message) + 1):
        with pytest.raises(TypeError):
            take(message, inside, start)
    assert take(message, inside, len(message)) is None


def test_a_stream_may_hold_more_than_the_kernel_looks_at() -> None:
    pair = Pair(CONFIGS["tcp"])
    inside = sides(pair)[0]
    message = outward(pair, "MESSAGE", body=b"hello")
    take = kernel.Compiled(_kernel, pair.pure).take
    taken = take(message + b"x" * 60000, inside, 0)
    assert taken is not None
    assert taken[4] == len(message)
    large = outward(pair, "MESSAGE", body=b"x" * 20000)
    assert take(large, inside, 0) is None
