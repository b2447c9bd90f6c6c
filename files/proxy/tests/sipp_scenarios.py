# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""SIPp scenarios of two parties, one on either side of the proxy, all made of the same few messages.

A scenario has one or two acts. In the first the caller speaks; in the second the called party, over a connection of
its own to where Record-Route and Contact said, so that it reaches nobody if they said something wrong. A party outside
fails when it sees an inside address anywhere, a party inside when it sees one of the proxy's tokens or a Request-URI
that is not its own address.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import List
from xml.sax.saxutils import escape

_REQUEST = '<send retrans="2000"><![CDATA[\n{}\n]]></send>'
_ONCE = "<send><![CDATA[\n{}\n]]></send>"
# What the second act has to know of the first.
LEARNT = ("host", "port", "route", "contact", "call_id")


@dataclass(frozen=True)
class Party:
    """Who speaks: alice inside or bob outside."""

    user: str
    domain: str
    address: str
    transport: str
    dials: str  # the Request-URI of a request outside a dialog
    sees: str  # pattern of the other one's media address
    outside: bool
    looks: bool = True  # outside: it fails when it sees an inside address

    @property
    def contact(self) -> str:
        """Where it is reached inside a dialog."""
        parameter = "" if self.transport == "udp" else f";transport={self.transport}"
        return f"sip:{self.user}@{self.address}:5060{parameter}"

    @property
    def identity(self) -> str:
        """What stands in From or To."""
        return f"<sip:{self.user}@{self.domain}>"

    def extras(self) -> List[str]:
        """What a gateway tells of itself that nobody outside may see."""
        if self.outside:
            return []
        inside = f"{self.user}@{self.address}"
        return [
            f"P-Asserted-Identity: <sip:{inside}>",
            f"User-Agent: gateway/1 ({self.address})",
            f"IBM-PO: {self.address}",
        ]


class Scenario:
    """The steps of one party in one act, in their order."""

    def __init__(self, me: Party, other: Party) -> None:
        self.me = me
        self.other = other
        self._steps: List[str] = []
        self._variables: List[str] = []

    def xml(self) -> str:
        """What SIPp reads."""
        names = ",".join(self._variables)
        reference = f'<Reference variables="{names}"/>' if names else ""
        head = '<?xml version="1.0" encoding="UTF-8"?>\n<scenario name="x">'
        return "\n".join([head, *self._steps, reference, "</scenario>\n"])

    # -- sending -------------------------------------------------------------------------------------------------------
    def ask(self, method: str, number: int, *lines: str, body: str = "", kind: str = "", again: bool = False) -> None:
        """A request outside a dialog, or (`again`) inside the dialog that an answer just made."""
        if again:
            uri, route, to = "[next_url]", ["[routes]"], ["[last_To:]"]
        else:
            uri, route, to = self.me.dials, [], [f"To: {self.other.identity}"]
        self._request(method, uri, number, [*route, *to, *lines], body, kind)

    def ask_as_called(self, method: str, number: int, *lines: str, body: str = "", kind: str = "") -> None:
        """A request inside the dialog of the first act, of whom was called there."""
        to = f"To: {self.other.identity};tag={self.other.user}"
        self._request(method, "[contact]", number, ["Route: <[route]>", to, *lines], body, kind)

    def turn(self) -> None:
        """Send to where the message said from which this party has learnt."""
        protocol = self.me.transport.upper()
        self._steps.append(
            f'<nop><action><setdest host="[$host]" port="[$port]" protocol="{protocol}"/></action></nop>'
        )

    def ask_as_learnt(self, method: str, number: int, *lines: str, routed: bool = True) -> None:
        """A request inside the dialog of this very act."""
        to = f"To: {self.other.identity};tag={self.other.user}"
        route = ["Route: <[$route]>"] if routed else []
        self._request(method, "[$contact]", number, [*route, to, *lines], "", "")

    def _request(self, method: str, uri: str, number: int, lines: List[str], body: str, kind: str) -> None:
        text = [
            f"{method} {uri} SIP/2.0",
            "Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch];rport",
            f"From: {self.me.identity};tag={self.me.user}",
            *lines,
            "Call-ID: [call_id]",
            f"CSeq: {number} {method}",
            "Max-Forwards: 70",
            f"Contact: <{self.me.contact}>",
            *self.me.extras(),
        ]
        once = method == "ACK" or self.me.transport != "udp"
        self._steps.append((_ONCE if once else _REQUEST).format(_with_body(text, body, kind)))

    def follow_up(self, method: str) -> None:
        """CANCEL or the ACK of a refusal: with the Via of the INVITE, which is the first message of its scenario."""
        to = "[last_To:]" if method == "ACK" else f"To: {self.other.identity}"
        text = [
            f"{method} {self.me.dials} SIP/2.0",
            f"Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch-{len(self._steps)}];rport",
            f"From: {self.me.identity};tag={self.me.user}",
            to,
            "Call-ID: [call_id]",
            f"CSeq: 1 {method}",
            "Max-Forwards: 70",
        ]
        self._steps.append(_ONCE.format(_with_body(text, "", "")))

    def refuse_the_invite(self) -> None:
        """487 to the INVITE whose CANCEL came last: all that differs is the method in CSeq."""
        text = ["SIP/2.0 487 Request Terminated", "[last_Via:]", "[last_From:]", f"[last_To:];tag={self.me.user}"]
        text += ["[last_Call-ID:]", "CSeq: 1 INVITE"]
        self._steps.append(_ONCE.format(_with_body(text, "", "")))

    def answer(self, status: str, *lines: str, body: str = "", kind: str = "", tag: bool = False) -> None:
        """The answer to the request that came last; with the tag of a new dialog or without."""
        to = f"[last_To:];tag={self.me.user}" if tag else "[last_To:]"
        text = [f"SIP/2.0 {status}", "[last_Via:]", "[last_Record-Route:]", "[last_From:]", to, "[last_Call-ID:]"]
        text += ["[last_CSeq:]", f"Contact: <{self.me.contact}>", *lines, *self.me.extras()]
        self._steps.append(_ONCE.format(_with_body(text, body, kind)))

    # -- receiving -----------------------------------------------------------------------------------------------------
    def asked(self, method: str, *, learns: bool = False, session: bool = False) -> None:
        """A request comes; its Request-URI is what this party called itself, or was dialled as."""
        actions = self._common(session) + self._check(
            f"^{method} sip:{self.me.user}@{self.me.address}:5060".replace(".", "[.]")
        )
        if learns:
            actions += self._learn()
        self._steps.append(f'<recv request="{method}" rrs="true"><action>{actions}</action></recv>')

    def note(self, text: str) -> None:
        """Write into the log that it came this far."""
        self._steps.append(f'<nop><action><log message="{text}"/></action></nop>')

    def acknowledged(self) -> None:
        """ACK comes."""
        self._steps.append(f'<recv request="ACK"><action>{self._common(False)}</action></recv>')

    def asked_without_proxy(self, method: str) -> None:
        """A request comes without Record-Route, so that Contact alone says where later ones go."""
        actions = self._common(False) + self._find(
            "Contact: *<(sip:[^@>]+@([^:;>]+):([0-9]+)[^>]*)>", "msg", "contact_all,contact,host,port"
        )
        self._steps.append(f'<recv request="{method}" rrs="true"><action>{actions}</action></recv>')

    def asked_by_via(self, method: str) -> None:
        """A request comes, whose first Via says where the answer goes."""
        actions = self._common(False) + self._find("Via: *[^ ]+ +([^:;]+):([0-9]+)", "msg", "via_all,host,port")
        self._steps.append(f'<recv request="{method}" rrs="true"><action>{actions}</action></recv>')

    def answered(self, status: int, method: str, *, session: bool = False, learns: bool = False) -> None:
        """An answer to that method comes."""
        actions = self._common(session) + self._check(f"CSeq: *[0-9]+ {method}")
        if learns:
            actions += self._learn()
        self._steps.append(f'<recv response="{status}" rrs="true"><action>{actions}</action></recv>')

    def _learn(self) -> str:
        return (
            self._find("Record-Route: *<(sip:([^:;>]+):([0-9]+)[^>]*)>", "msg", "route_all,route,host,port")
            + self._find("Contact: *<(sip:[^>]+)>", "msg", "contact_all,contact")
            + self._find("Call-ID: *([^[:space:]]+)", "msg", "call_all,call_id")
            + f'<log message="{" ".join(f"[${name}]" for name in LEARNT)}"/>'
        )

    def _common(self, session: bool) -> str:
        actions = ""
        if self.me.looks:
            unwanted = "9[.]42[.]111[.]" if self.me.outside else ";np[a-z]?="
            actions = self._ereg(unwanted, "msg", self._new("unwanted"), "check_it_inverse")
        if session:
            actions += self._check(f"c=IN IP4 {self.me.sees}") + self._check(f"o=[a-z]+ 1 1 IN IP4 {self.me.sees}")
        return actions

    def _check(self, pattern: str) -> str:
        return self._ereg(pattern, "msg", self._new("check"), "check_it")

    def _find(self, pattern: str, where: str, names: str) -> str:
        self._variables += names.split(",")
        return self._ereg(pattern, where, names, "check_it")

    def _new(self, name: str) -> str:
        self._variables.append(f"{name}{len(self._variables)}")
        return self._variables[-1]

    @staticmethod
    def _ereg(pattern: str, where: str, names: str, how: str) -> str:
        # SIPp reads the five names of XML only, no numbers.
        assert pattern.isprintable(), pattern
        quoted = escape(pattern, {'"': "&quot;"})
        return f'<ereg regexp="{quoted}" search_in="{where}" {how}="true" assign_to="{names}"/>'


def _with_body(text: List[str], body: str, kind: str) -> str:
    if not body:
        return "\n".join([*text, "Content-Length: 0", "", ""])
    return "\n".join([*text, f"Content-Type: {kind}", "Content-Length: [len]", "", body])


def session(party: Party) -> str:
    """The session description of a party, whose address stands in each of its places."""
    host = party.address
    return (
        f"v=0\no={party.user} 1 1 IN IP4 {host}\ns=-\nc=IN IP4 {host}\nt=0 0\nm=message 7394 TCP/MSRP *\n"
        f"a=path:msrp://{host}:7394/x1;tcp\nm=audio 6000 RTP/AVP 0\nc=IN IP4 {host}\na=rtcp:6001 IN IP4 {host}\n"
    )
