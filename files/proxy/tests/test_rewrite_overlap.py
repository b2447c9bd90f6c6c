# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A partner whose phones have the same private addresses as our machines, behind a proxy of its own."""

from __future__ import annotations

from configs import SCENARIO, loaded
from messages import data_of, fields, flow, lines, request, response, rewriter

from sipnat.outcome import REQUEST, RESPONSE

NODE_VIA = "SIP/2.0/TCP 9.42.111.2:5060;branch=z9hG4bKn1"
PROXY_VIA = "SIP/2.0/TCP stgw2.partner.example:5060;branch=z9hG4bKp1"
PHONE = "sip:bob@9.42.111.2:5070;transport=tcp"  # the first node has this address too
ROUTES = ["<sip:stgw2.partner.example;transport=tcp;lr>", "<sip:9.42.111.77;transport=tcp;lr>"]
OUT = flow(True, "9.42.111.2", token=b"c0.5")
IN = flow(False, "9.42.124.60", port=40123, token=b"c0.6")


def test_a_phone_that_is_called_is_found_again() -> None:
    proxy = rewriter(loaded(SCENARIO))
    invite = data_of(proxy.process(request("INVITE", "sip:bob@partner.example", [NODE_VIA]), OUT))
    routes = "Record-Route: " + ", ".join([*reversed(ROUTES), fields(invite, "Record-Route")[0]])
    kept = b"\r\n".join(line for line in lines(invite) if not line.startswith(b"Record-Route")) + b"\r\n\r\n"
    kind, answer, _target, _token = proxy.process(response(kept, "200 OK", routes, f"Contact: <{PHONE}>"), IN)
    assert kind == RESPONSE and answer
    assert b"bob@9.42.111.2" not in answer  # or the caller would call our own machine
    way = [value.strip() for value in fields(answer, "Record-Route")[0].split(",")][::-1]
    uri = fields(answer, "Contact")[0].strip("<>")
    kind, bye, target, _token = proxy.process(
        request("BYE", uri, [NODE_VIA], *("Route: " + value for value in way)), OUT
    )
    assert kind == REQUEST and bye and target[:3] == ("tcp", "9.42.124.60", 5060)
    assert lines(bye)[0].decode() == f"BYE {PHONE} SIP/2.0"
    assert fields(bye, "Route") == ROUTES


def test_a_phone_that_calls_gets_the_answer_that_it_wrote_and_can_be_called_back() -> None:
    proxy = rewriter(loaded(SCENARIO))
    caller = "<sip:carol@9.42.111.2>;tag=7"
    way = "Record-Route: " + ", ".join(ROUTES)
    call = request("INVITE", "sip:alice@rtp.example", [PROXY_VIA], way, "Contact: <sip:carol@9.42.111.3>", from_=caller)
    kind, invite, _target, _token = proxy.process(call, IN)
    assert kind == REQUEST and invite
    uri = fields(invite, "Contact")[0].strip("<>")
    answer = data_of(proxy.process(response(invite, "200 OK", "Contact: <sip:alice@9.42.111.2:5060>"), OUT))
    assert fields(answer, "From") == [caller]
    assert fields(answer, "Record-Route")[1:] == [", ".join(ROUTES)]
    back = [value.strip() for one in fields(invite, "Record-Route") for value in one.split(",")]
    bye = data_of(proxy.process(request("BYE", uri, [NODE_VIA], *("Route: " + value for value in back)), OUT))
    assert lines(bye)[0] == b"BYE sip:carol@9.42.111.3 SIP/2.0"
    assert fields(bye, "Route") == ROUTES
