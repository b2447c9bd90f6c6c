"""Via: what a request notes on its way, and where its answer goes."""

from __future__ import annotations

import pytest

from lab.sip import via
from lab.sip.address import Flow, Target
from tests.lab.sip.parties import request

FLOW = Flow("udp", ("127.0.0.1", 5060), ("192.0.2.9", 4711), 0)


@pytest.mark.parametrize(
    ("value", "target"),
    [
        ("SIP/2.0/UDP 192.0.2.9:5070;branch=z9hG4bKa", ("udp", "192.0.2.9", 5070)),
        ("SIP/2.0/UDP 192.0.2.9;branch=z9hG4bKa", ("udp", "192.0.2.9", 5060)),
        ("SIP/2.0/TLS 192.0.2.9;branch=z9hG4bKa", ("tls", "192.0.2.9", 5061)),
        ("SIP/2.0/UDP 192.0.2.1:5070;branch=z9hG4bKa", ("udp", "192.0.2.9", 5070)),
        ("SIP/2.0/TCP name_of.ours:5070;branch=z9hG4bKa", ("tcp", "192.0.2.9", 5070)),
        ("SIP/2.0/UDP 192.0.2.1:5070;rport;branch=z9hG4bKa", ("udp", "192.0.2.9", 4711)),
        # Nobody tells us where he was seen.
        ("SIP/2.0/UDP 192.0.2.1:5070;received=192.0.2.66;branch=z9hG4bKa", ("udp", "192.0.2.9", 5070)),
        ("SIP/2.0/UDP [2001:db8::1]:5070;branch=z9hG4bKa", ("udp", "192.0.2.9", 5070)),
        ("SIP / 2.0 / UDP  192.0.2.9 : 5070 ; branch = z9hG4bKa", ("udp", "192.0.2.9", 5070)),
    ],
)
def test_an_answer_goes_to_where_the_request_was_seen(value: str, target: tuple[str, str, int]) -> None:
    message = request(via=value)
    via.stamp(message, FLOW)
    assert via.answer_target(via.top(message)) == target
    assert via.top(message).parameter("branch") == "z9hG4bKa"


def test_ours_lies_on_top_until_it_is_taken_off() -> None:
    message = request(via="SIP/2.0/UDP 192.0.2.9;branch=z9hG4bKa")
    via.push(message, "tcp", ("rtp_natpool1.ibm.com", 5060), "z9hG4bKb;x=1")
    via.push(message, "tls", ("2001:db8::1", None), "z9hG4bKc")
    assert message.headers.getlist("Via") == [
        "SIP/2.0/TLS [2001:db8::1];branch=z9hG4bKc",
        "SIP/2.0/TCP rtp_natpool1.ibm.com:5060;branch=z9hG4bKb;x=1",
        "SIP/2.0/UDP 192.0.2.9;branch=z9hG4bKa",
    ]
    assert via.pop(message).parameter("branch") == "z9hG4bKc"
    assert via.answer_target(via.pop(message)) == Target("tcp", "rtp_natpool1.ibm.com", 5060)
    via.pop(message)
    assert message.headers.get("Via") is None


@pytest.mark.parametrize("value", ["SIP/2.0/SCTP 192.0.2.9;branch=a", "SIP/2.0/UDP", "nothing", "SIP/2.0/UDP a b;c"])
def test_a_via_that_is_none(value: str) -> None:
    with pytest.raises(ValueError, match="not valid"):
        via.read(value)


def test_a_stateless_proxy_gives_one_transaction_one_branch() -> None:
    def branch(method: str, of: str, call: str = "call") -> str:
        return via.stateless_branch(request(method, via=f"SIP/2.0/UDP 192.0.2.9;branch={of}", call=call))

    invite = branch("INVITE", "z9hG4bKa")
    assert invite == branch("CANCEL", "z9hG4bKa") == branch("ACK", "z9hG4bKa")
    assert invite != branch("INVITE", "z9hG4bKb")
    # Clients of RFC 2543 use no branch, or always the same one.
    assert branch("INVITE", "1") == branch("INVITE", "1")
    assert branch("INVITE", "1") != branch("INVITE", "1", call="another")
