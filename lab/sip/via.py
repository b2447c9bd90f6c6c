"""Via: where answers go (RFC 3261 18.2, RFC 3581). Works on the text: it is done for every message of a proxy."""

from __future__ import annotations

import hashlib
import re
import secrets
from typing import NamedTuple

from sipmessage import Request

from lab.sip.address import DEFAULT_PORTS, Flow, Target, Transport
from lab.sip.message import SipMessage

COOKIE = "z9hG4bK"
_VIA = re.compile(r"\s*SIP\s*/\s*2\.0\s*/\s*(\w+)\s+(\[[^\]]+\]|[^\s;:]+)\s*(?::\s*(\d{1,5}))?\s*((?:;.*)?)\Z", re.S)
_PARAMETERS = {
    name: re.compile(rf";\s*{name}\s*(?:=\s*([^\s;]*))?(?=\s*(?:;|\Z))", re.I)
    for name in ("branch", "received", "rport")
}
_TRANSPORTS: dict[str, Transport] = {"UDP": "udp", "TCP": "tcp", "TLS": "tls"}


class Via(NamedTuple):
    """One value: `host` without brackets, `port` None if it has none, `parameters` with their semicolons."""

    transport: Transport
    host: str
    port: int | None
    parameters: str

    def parameter(self, name: str) -> str | None:
        """The value of `branch`, `received` or `rport`: "" if it has none, None if it is not there."""
        found = _PARAMETERS[name].search(self.parameters)
        return (found.group(1) or "") if found else None


def read(value: str) -> Via:
    """A value of the header. Raises ValueError."""
    found = _VIA.match(value)
    transport = _TRANSPORTS.get(found.group(1).upper()) if found else None
    if not found or not transport:
        raise ValueError(f"Via {value} is not valid")
    port = found.group(3)
    return Via(transport, found.group(2).strip("[]"), int(port) if port else None, found.group(4))


def top(message: SipMessage) -> Via:
    """The topmost one. Raises ValueError."""
    return read(message.headers["Via"])


def pop(message: SipMessage) -> Via:
    """Take the topmost one off. Raises ValueError."""
    first, *others = message.headers.getlist("Via")
    message.headers.setlist("Via", others) if others else message.headers.remove("Via")
    return read(first)


def push(message: SipMessage, transport: Transport, sent_by: tuple[str, int | None], branch: str) -> None:
    """Put ours on top; `branch` may be followed by `;parameters`. `sent_by` is host (address or name) and port."""
    host, port = sent_by
    literal = f"[{host}]" if ":" in host else host
    where = f"{literal}:{port}" if port else literal
    value = f"SIP/2.0/{transport.upper()} {where};branch={branch}"
    message.headers.setlist("Via", [value, *message.headers.getlist("Via")])


def new_branch() -> str:
    """The branch of a new transaction."""
    return COOKIE + secrets.token_hex(8)


def stateless_branch(request: Request) -> str:
    """The same branch for every retransmission, for the CANCEL and for the ACK of a refused INVITE (RFC 3261 16.11).

    Raises ValueError for a Via that is none.
    """
    before = top(request)
    branch = before.parameter("branch") or ""
    if branch.startswith(COOKIE):
        seen = f"{branch} {before.host}:{before.port}"
    else:
        number = request.headers["CSeq"].split()[:1]
        seen = f"{request.uri} {request.headers['Via']} {request.headers['Call-ID']} {number} {request.headers['From']}"
    return COOKIE + hashlib.blake2b(seen.encode(), digest_size=12).hexdigest()


def stamp(request: Request, flow: Flow) -> None:
    """Note in the topmost Via where the request came from. Raises ValueError."""
    values = request.headers.getlist("Via")
    via = read(values[0])
    address, port = flow.remote
    asked = via.parameter("rport") == ""
    if asked:
        values[0] = _PARAMETERS["rport"].sub(f";rport={port}", values[0], count=1)
    # What the sender claims itself about where it was seen is worth nothing.
    if via.parameter("received") is not None:
        values[0] = _PARAMETERS["received"].sub("", values[0])
    if asked or via.host != address:
        values[0] += f";received={address}"
    request.headers.setlist("Via", values)


def answer_target(via: Via) -> Target:
    """Where an answer goes when the connection of the request is gone, and always with UDP (RFC 3261 18.2.2)."""
    port = via.port or DEFAULT_PORTS[via.transport]
    if via.transport == "udp":
        port = int(via.parameter("rport") or port)
    return Target(via.transport, via.parameter("received") or via.host, port)
