# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What RFC 5118, SIP Torture Test Messages for IPv6, says of addresses, on a message like those of it."""

from __future__ import annotations

import pytest
from generated import world
from sip_text import parse

from sipnat.flow import Flow
from sipnat.outcome import REPLY, REQUEST, Outcome
from sipnat.rewriting.rewrite import Rewriter
from sipnat.rewriting.rules import Rules

_CONFIG = world("udp", "udp")
_MESSAGE = b"""REGISTER %b SIP/2.0
To: sip:user@example.com
From: sip:user@example.com;tag=81x2
Via: SIP/2.0/UDP %b;branch=z9hG4bKas3-111
Call-ID: SSG9559905523997077@hlau_4100
Max-Forwards: 70
Contact: "Caller" <sip:caller@[2001:db8::1]>
CSeq: 98176 REGISTER
Content-Length: 0

""".replace(b"\n", b"\r\n")
_VIA = b"[2001:db8::9:1]"
_MAPPED = b"[::ffff:192.0.2.2]"
_RECEIVED = b";received=9.42.124.60"


def _process(uri: bytes, via: bytes) -> Outcome:
    rewriter = Rewriter(Rules(_CONFIG, lambda call_id: _CONFIG.upstreams[0]))
    return rewriter.process(_MESSAGE % (uri, via), Flow(False, "udp", b"u0", "9.42.124.60", 5060))


@pytest.mark.parametrize(
    ("uri", "via", "told"),
    [
        pytest.param(b"sip:[2001:db8::10]", _VIA, _VIA + _RECEIVED, id="4.1-valid"),
        pytest.param(b"sip:[2001:db8::10:5070]", _VIA, _VIA + _RECEIVED, id="4.3-port-ambiguous-yet-well-formed"),
        pytest.param(b"sip:[2001:db8::10]:5070", _VIA, _VIA + _RECEIVED, id="4.4-port"),
        # What the sender says of itself is replaced by what was seen (RFC 3261, 18.2.1).
        pytest.param(
            b"sip:[2001:db8::10]", _VIA + b";received=[2001:db8::9:255]", _VIA + _RECEIVED, id="4.5-with-brackets"
        ),
        pytest.param(
            b"sip:[2001:db8::10]", _VIA + b";received=2001:db8::9:255", _VIA + _RECEIVED, id="4.5-without-brackets"
        ),
        pytest.param(
            b"sip:user@example.com", b"[::ffff:192.0.2.2]", b"[::ffff:192.0.2.2]" + _RECEIVED, id="4.9-mapped"
        ),
    ],
)
def test_it_is_forwarded(uri: bytes, via: bytes, told: bytes) -> None:
    kind, sent, _, _ = _process(uri, via)
    assert kind == REQUEST
    message = parse(sent or b"")
    assert message.start == b"REGISTER %b SIP/2.0" % uri
    assert message.each(b"via")[1].replace(b";branch=z9hG4bKas3-111", b"") == b"SIP/2.0/UDP " + told
    assert message.values(b"contact") == [b'"Caller" <sip:caller@[2001:db8::1]>']


def test_an_address_without_brackets_is_refused() -> None:
    """4.2: "A SIP implementation receiving this request should respond with a 400 Bad Request error." """
    kind, sent, _, _ = _process(b"sip:2001:db8::10", _VIA)
    assert kind == REPLY
    assert (sent or b"").startswith(b"SIP/2.0 400 ")
