# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""R12: the real rewriting, over the corpus, there and back.

A request goes through the proxy, what comes out is sent back as its answer (a peer copies most of it), and that has to
be what was sent, byte for byte but for what a proxy adds. A request to the Contact that came out has to arrive at the
Contact that was written.
"""

from __future__ import annotations

import re
from itertools import zip_longest
from typing import Dict, Iterator, List, Optional, Tuple

from ..flow import Flow
from ..kernel import rewriter
from ..model import Config, Partner, Upstream
from ..outcome import REQUEST, RESPONSE, Outcome, Target
from ..rewriting.body import Bodies
from ..rewriting.parts import Parts, parts
from ..rewriting.rules import Rules
from . import corpus_body
from .corpus import Message, bracketed, messages, partner_address
from .finding import ERROR, Finding

_CONTACT = re.compile(rb"\r\n(?:contact|m)\s*:\s*(?:[^<\r\n]*<([^>]*)>|([^;,\s]*))", re.IGNORECASE)
_FILLED = re.compile(rb";received=[^;,\s]*|;rport(?:=[0-9]*)?")  # what RFC 3261 18.2.1 and 3581 do to the top Via
_TEXT = b"text/"
_ANSWERED = frozenset((b"via", b"record-route", b"from", b"to", b"call-id", b"cseq"))  # RFC 3261 8.2.6.2, 12.1.1

# A peer does not copy them, we take them off, or they hold no value that anybody sends back.
_NOT_COPIED = frozenset((b"max-forwards", b"route", b"ibm-po", b"outboundiflist", b"user-agent", b"x-node"))


def findings(config: Config) -> List[Finding]:
    """One finding for each kind of failure, with its first message."""
    proof = _Proof(config)
    failures: Dict[str, List[str]] = {}
    tried = 0
    for message in messages(config):
        tried += 1
        of_message: Dict[str, str] = {}
        for kind, detail in proof.failures(message):
            of_message.setdefault(kind, detail)
        for kind, detail in of_message.items():
            failures.setdefault(kind, []).append(f"{message.name}: {detail}")
    return [
        Finding(
            "R12",
            ERROR,
            f"{kind}: {len(details)} of {tried} messages, the first is {details[0]}",
            "every message of the corpus comes back as it was, without an inside address on the way",
            "look for two parts of the configuration that claim the same; else this is a fault of sipnat: report it",
        )
        for kind, details in failures.items()
    ]


class _Proof:
    def __init__(self, config: Config) -> None:
        self._config = config
        self._rewriter = rewriter(Rules(config, self._choose))
        self._forms = {host.name: host.forms for host in config.hosts}
        self._bodies = Bodies(config)
        secret = {address for host in config.hosts for address in host.addresses} | set(config.firewall)
        secret |= {one.address for one in config.listeners if one.leg != "outside"}
        either = b"|".join(re.escape(one.encode()) for one in sorted(secret))
        self._secret = re.compile(rb"(?<![0-9A-Za-z.])(?:%b)(?![0-9A-Za-z]|\.[0-9]|:[0-9A-Fa-f]*:)" % either)

    def _choose(self, call_id: bytes) -> Optional[Upstream]:
        return self._config.upstreams[sum(call_id) % len(self._config.upstreams)]

    def _send(self, data: bytes, outward: bool, transport: str, address: str, port: int) -> Outcome:
        return self._rewriter.process(data, Flow(outward, transport, _flow(outward, transport), address, port))

    def failures(self, message: Message) -> Iterator[Tuple[str, str]]:
        """Kinds of failure and what was seen."""
        source = (message.outward, message.transport, message.address, message.port)
        kind, sent, target = self._send(message.data, *source)[:3]
        if kind != REQUEST or sent is None:
            yield "refused", str(target if sent is None else sent.partition(b"\r\n")[0])
            return
        if self._send(message.data, *source)[1] != sent:
            yield "changes when it is repeated", "a retransmission has other bytes"
        yield from self._faults(sent, message.outward)
        yield from self._answered(message, sent, target)
        if message.outward:
            partner = next((one for one in self._config.partners if one.name == target.peer), None)
            yield from self._called_back(_contact(message.data), _contact(sent), partner, target.transport)
        else:
            yield from self._answered_by_inside(message, sent, target)

    def _faults(self, data: bytes, outward: bool) -> Iterator[Tuple[str, str]]:
        """What is wrong with a message that leaves."""
        found = parts(data)
        lengths = [int(line.partition(b":")[2]) for line in found.values(b"content-length")]
        if lengths != [len(found.body)]:
            yield "Content-Length", f"{lengths} for {len(found.body)} bytes"
        if outward:
            is_text = any(_TEXT in line for line in found.values(b"content-type"))
            leak = self._secret.search(data[: len(data) - len(found.body)] if is_text else data)
            if leak:
                line = data[data.rfind(b"\n", 0, leak.start()) + 1 :].split(b"\r", 1)[0]
                yield "an inside address leaves", line.decode("utf-8", "replace")

    def _answered(self, message: Message, sent: bytes, target: Target) -> Iterator[Tuple[str, str]]:
        """The answer that copies the request has to arrive as the request was."""
        answer = b"SIP/2.0 200 OK" + sent[sent.index(b"\r\n") :]
        outcome = self._send(answer, not message.outward, target.transport, target.address, target.port)
        kind, back, reason, token = outcome
        if kind != RESPONSE or back is None:
            yield "the answer is lost", str(reason)
            return
        if token != _flow(message.outward, message.transport):
            yield "the answer goes astray", f"on the flow {token!r}"
        if message.transport == "udp" and reason[1:3] != (message.address, message.port):
            yield (
                "the answer goes astray",
                f"to {reason[1]} port {reason[2]}, not {message.address} port {message.port}",
            )
        yield from self._faults(back, not message.outward)
        wanted, found = parts(message.data), parts(back)
        added = len(parts(sent).values(b"record-route")) - len(wanted.values(b"record-route"))
        lines = _comparable(wanted, 0), _comparable(found, added)
        for before, after in zip_longest(*lines, fillvalue=b"(nothing)"):
            if before != after:
                yield "not what was sent", f"{before.decode()} came back as {after.decode('utf-8', 'replace')}"
                return
        if wanted.body != found.body:
            # several machines with one address for media: any of them stands for it
            content_type = b"".join(wanted.values(b"content-type")).partition(b":")[2]
            seen = [self._bodies.convert(content_type, body, message.outward) for body in (wanted.body, found.body)]
            if seen != [parts(sent).body] * 2:
                yield "not what was sent", "the body"

    def _answered_by_inside(self, message: Message, sent: bytes, target: Target) -> Iterator[Tuple[str, str]]:
        """An answer with a Contact and a session of its own: nothing of it leaves, and it can be called."""
        forms = self._forms[target.peer]
        form = forms[len(sent) % len(forms)]
        uri = f"sip:gateway@{bracketed(form)}:{target.port};transport={target.transport}".encode()
        content_type, body = corpus_body.build("sdp", target.address)
        asked = parts(sent)
        copied = [line for name, line in asked.fields if name in _ANSWERED]
        more = [b"Contact: <" + uri + b">", b"Content-Type: " + content_type.encode()]
        lines = [b"SIP/2.0 200 OK", *copied, *more, b"Content-Length: %d" % len(body), b"", body]
        kind, answer, reason = self._send(b"\r\n".join(lines), True, target.transport, target.address, target.port)[:3]
        if kind != RESPONSE or answer is None:
            yield "the answer is lost", str(reason)
            return
        yield from self._faults(answer, True)
        partner = next((one for one in self._config.partners if partner_address(one) == message.address), None)
        yield from self._called_back(uri, _contact(answer), partner, message.transport)

    def _called_back(
        self, written: bytes, shown: bytes, partner: Optional[Partner], transport: str
    ) -> Iterator[Tuple[str, str]]:
        """A request to the Contact that a partner was shown has to arrive at the Contact that was written."""
        if partner is None or not shown:
            yield "Contact", f"{written.decode()} is gone, or nobody outside was shown it"
            return
        request = b"\r\n".join(
            [
                b"BYE " + shown + b" SIP/2.0",
                b"Via: SIP/2.0/%b peer.example.com;branch=z9hG4bKback" % transport.upper().encode(),
                b"Max-Forwards: 70",
                b"From: <sip:bob@example.com>;tag=1",
                b"To: <sip:alice@example.com>;tag=2",
                b"Call-ID: back@example.com",
                b"CSeq: 1 BYE",
                b"Content-Length: 0",
                b"",
                b"",
            ]
        )
        kind, arrived, reason = self._send(request, False, transport, partner_address(partner), 5060)[:3]
        uri = arrived.split(b" ", 2)[1] if kind == REQUEST and arrived is not None else str(reason).encode()
        if uri != written:
            yield "Contact", f"{written.decode()} is called at {uri.decode('utf-8', 'replace')}"


def _flow(outward: bool, transport: str) -> bytes:
    """The name of a flow, of each side another one."""
    if transport == "udp":
        return b"u0" if outward else b"u1"
    return b"c1.1" if outward else b"c1.2"


def _contact(data: bytes) -> bytes:
    """The first URI of the first Contact, in brackets or without."""
    found = _CONTACT.search(data)
    return (found.group(1) or found.group(2)) if found else b""


def _comparable(message: Parts, own_routes: int) -> List[bytes]:
    """Lines that a peer copies, without what a proxy adds: its Record-Route values, received and rport at the top."""
    lines = []
    vias = routes = 0
    for name, line in message.fields:
        if name in _NOT_COPIED or name == b"content-length":
            continue
        if name == b"record-route":
            routes += 1
            if routes <= own_routes:
                continue
        if name == b"via":
            vias += 1
            if vias == 1:
                line = _FILLED.sub(b"", line)  # noqa: PLW2901 (the same line, without what may differ)
        lines.append(line)
    return lines
