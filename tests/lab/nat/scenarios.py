"""SIPp scenarios of both parties of a call, all made of the same few messages.

A call is INVITE, 200, ACK, and then the partner's MESSAGE and BYE inside the dialog, which follow what the SIP proxy
wrote into Record-Route and Contact. For a new connection a call is cut in two halves, each with a SIPp of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal
from xml.sax.saxutils import escape

from tests.lab.nat.cases import ADDRESSES, INBOUND, OUTBOUND, PROXY, Advertised

Part = Literal["whole", "set-up", "in-dialog"]
Transport = Literal["tcp", "udp"]

_CANARY = f"o=alice 1 1 IN IP4 {PROXY}"
"""A private address in the body, which the SIP helper of a router would translate."""
_SDP = f"\nv=0\n{_CANARY}\ns=-\nc=IN IP4 {ADDRESSES[INBOUND]}\nt=0 0\nm=audio 6000 RTP/AVP 0\n"
_ALICE, _BOB = "<sip:alice@rtp.example>", "<sip:bob@partner.example>"
_VARIABLES = "route_all,route,host,port,contact_all,contact,canary"


@dataclass(frozen=True)
class Messages:
    """The messages of one call; `said` is what the SIP proxy tells of itself."""

    transport: Transport
    part: Part
    said: Advertised

    # -- scenarios -----------------------------------------------------------------------------------------------------
    def partner_calls(self) -> str:
        """An inbound call, the partner's side."""
        target = f"sip:alice@{INBOUND}"
        invite = self._request("INVITE", target, 1, _BOB, _ALICE, [f"Contact: {self._contact_of_partner}"])
        set_up = [invite, f'<recv response="200"><action>{self._remember()}</action></recv>']
        return self._scenario(set_up, [*self._turn(), self._in_dialog("ACK", 1), *self._talk()])

    def proxy_is_called(self) -> str:
        """An inbound call, the side of the SIP proxy with a gateway behind it."""
        set_up = ['<recv request="INVITE"/>', self._answer("[last_To:];tag=alice", self._told, _SDP)]
        return self._scenario(set_up, ['<recv request="ACK"/>', *self._listen()])

    def proxy_calls(self, partner: str) -> str:
        """An outbound call to `partner` (host and port), the side of the SIP proxy."""
        target = f"sip:bob@{partner};transport={self.transport}"
        set_up = [
            self._request("INVITE", target, 1, _ALICE, _BOB, self._told, _SDP, via=self.said.via),
            '<recv response="200"><action><log message="answered"/></action></recv>',
            self._request("ACK", target, 1, _ALICE, f"{_BOB};tag=bob", [], via=self.said.via),
        ]
        return self._scenario(set_up, self._listen())

    def partner_is_called(self, *, strict: bool) -> str:
        """An outbound call, the partner's side; a `strict` one answers where RFC 3261, 18.2.2, wants it: at the address
        that the packet came from, and the port in Via."""
        actions, answer = self._remember(), [self._answer("[last_To:];tag=bob", self._routes_of_partner)]
        if strict:
            actions += self._find("SIP/2.0/UDP +[^:;]+:([0-9]+)", "Via:", "via_all,via_port")
            answer.insert(0, self._go_to(ADDRESSES[OUTBOUND], "[$via_port]"))
        set_up = [f'<recv request="INVITE"><action>{actions}</action></recv>', *answer, '<recv request="ACK"/>']
        return self._scenario(set_up, [*self._turn(), *self._talk()], ",via_all" if strict else "")

    # -- the partner inside the dialog ---------------------------------------------------------------------------------
    def _remember(self) -> str:
        """Where the SIP proxy wants requests inside the dialog; that nothing else was changed on the way."""
        return (
            self._find("<(sip:([^:;>]+):([0-9]+)[^>]*)>", "Record-Route:", "route_all,route,host,port")
            + self._find("<(sip:[^>]+)>", "Contact:", "contact_all,contact")
            + f'<ereg regexp="{_CANARY.replace(".", "[.]")}" search_in="body" check_it="true" assign_to="canary"/>'
            + '<log message="[$host] [$port] [$route] [$contact]"/>'
        )

    def _turn(self) -> list[str]:
        """From here on to where Record-Route says. A connection is chosen by who starts SIPp."""
        return [self._go_to("[$host]", "[$port]")] if self.transport == "udp" else []

    def _talk(self) -> list[str]:
        answered = '<recv response="200"/>'
        return [self._in_dialog("MESSAGE", 2), answered, self._in_dialog("BYE", 3), answered]

    def _in_dialog(self, method: str, number: int) -> str:
        # A second half is told by its command line what the first has read.
        route, contact = ("[route]", "[contact]") if self.part == "in-dialog" else ("[$route]", "[$contact]")
        sender, receiver = f"{_BOB};tag=bob", f"{_ALICE};tag=alice"
        return self._request(method, contact, number, sender, receiver, [f"Route: <{route}>"])

    # -- the SIP proxy -------------------------------------------------------------------------------------------------
    @property
    def _told(self) -> list[str]:
        return [
            f"Record-Route: <sip:{self.said.record_route};transport={self.transport};lr>",
            f"Contact: <sip:alice@{self.said.contact};transport={self.transport}>",
            "Content-Type: application/sdp",
        ]

    def _listen(self) -> list[str]:
        answer = self._answer("[last_To:]")
        return ['<recv request="MESSAGE"/>', answer, '<recv request="BYE"/>', answer]

    # -- messages ------------------------------------------------------------------------------------------------------
    @property
    def _contact_of_partner(self) -> str:
        return f"<sip:bob@[local_ip]:[local_port];transport={self.transport}>"

    @property
    def _routes_of_partner(self) -> list[str]:
        return ["[last_Record-Route:]", f"Contact: {self._contact_of_partner}"]

    def _request(
        self,
        method: str,
        target: str,
        number: int,
        sender: str,
        receiver: str,
        headers: Sequence[str],
        body: str = "",
        via: str = "[local_ip]:[local_port]",
    ) -> str:
        lines = [
            f"{method} {target} SIP/2.0",
            f"Via: SIP/2.0/[transport] {via};branch=[branch]",
            "Max-Forwards: 70",
            f"From: {sender}" if "tag=" in sender else f"From: {sender};tag={'bob' if sender == _BOB else 'alice'}",
            f"To: {receiver}",
            "Call-ID: [call_id]",
            f"CSeq: {number} {method}",
            *headers,
        ]
        return _send(lines, body, again=method != "ACK")

    @staticmethod
    def _answer(to: str, headers: Sequence[str] = (), body: str = "") -> str:
        return _send(
            ["SIP/2.0 200 OK", "[last_Via:]", "[last_From:]", to, "[last_Call-ID:]", "[last_CSeq:]", *headers], body
        )

    # -- SIPp ----------------------------------------------------------------------------------------------------------
    @staticmethod
    def _find(expression: str, header: str, variables: str) -> str:
        return (
            f'<ereg regexp="{escape(expression)}" search_in="hdr" header="{header}" check_it="true"'
            f' assign_to="{variables}"/>'
        )

    @staticmethod
    def _go_to(host: str, port: str) -> str:
        return f'<nop><action><setdest host="{host}" port="{port}" protocol="UDP"/></action></nop>'

    def _scenario(self, set_up: Sequence[str], in_dialog: Sequence[str], also: str = "") -> str:
        steps = {"whole": [*set_up, *in_dialog], "set-up": set_up, "in-dialog": in_dialog}[self.part]
        text = "\n".join(steps)
        used = f'<Reference variables="{_VARIABLES}{also}"/>\n' if "assign_to" in text else ""
        return f'<?xml version="1.0" encoding="ISO-8859-1"?>\n<scenario name="call">\n{text}\n{used}</scenario>\n'


def _send(lines: Sequence[str], body: str, *, again: bool = False) -> str:
    head = "\n".join([*lines, "Content-Length: [len]"])
    again_ms = ' retrans="500"' if again else ""
    return f"<send{again_ms}><![CDATA[\n{head}\n{body}\n]]></send>"
