"""Dialogs (RFC 3261 12)."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import asdict, dataclass, field
from typing import Any

from sipmessage import URI, Request, Response

from lab.sip import headers
from lab.sip.message import SipMessage

MAX_FORWARDS = 70
Key = tuple[str, str, str]
"""Call-ID, local tag, remote tag."""


@dataclass
class Dialog:
    """What two user agents know of each other. URIs and routes are the text of the messages."""

    call_id: str
    local_tag: str
    remote_tag: str
    local_uri: str
    remote_uri: str
    remote_target: str
    route_set: list[str] = field(default_factory=list)
    local_cseq: int = 0
    remote_cseq: int = -1

    @property
    def key(self) -> Key:
        """What it is found by."""
        return self.call_id, self.local_tag, self.remote_tag

    @staticmethod
    def key_of(request: Request) -> Key:
        """The dialog that a request came in; its local tag is "" for a request outside of dialogs."""
        fields = request.headers
        return fields["Call-ID"], headers.tag(fields["To"]) or "", headers.tag(fields["From"]) or ""

    @classmethod
    def from_request(cls, request: Request, local_tag: str) -> Dialog:
        """Of whoever answers `request` with a 2xx that has `local_tag`. Raises ValueError without a usable Contact."""
        fields = request.headers
        return cls(
            call_id=fields["Call-ID"],
            local_tag=local_tag,
            remote_tag=headers.tag(fields["From"]) or "",
            local_uri=headers.uri(fields["To"]),
            remote_uri=headers.uri(fields["From"]),
            remote_target=_contact(request),
            route_set=list(fields.getlist("Record-Route")),
            remote_cseq=_number(request),
        )

    @classmethod
    def from_response(cls, request: Request, response: Response) -> Dialog:
        """Of whoever sent `request` and got this 2xx. Raises ValueError without a usable Contact."""
        fields = response.headers
        return cls(
            call_id=fields["Call-ID"],
            local_tag=headers.tag(fields["From"]) or "",
            remote_tag=headers.tag(fields["To"]) or "",
            local_uri=headers.uri(fields["From"]),
            remote_uri=headers.uri(fields["To"]),
            remote_target=_contact(response),
            route_set=list(reversed(fields.getlist("Record-Route"))),
            local_cseq=_number(request),
        )

    def request(self, method: str) -> Request:
        """The next request in it, without Via and Contact."""
        self.local_cseq += 1
        return self._request(method, self.local_cseq)

    def ack(self, response: Response) -> Request:
        """The ACK of a 2xx to our INVITE, without Via."""
        return self._request("ACK", _number(response))

    def _request(self, method: str, number: int) -> Request:
        request = Request(method, URI.parse(self.remote_target))
        fields = request.headers
        for route in self.route_set:
            fields.add("Route", route)
        fields.set("Max-Forwards", str(MAX_FORWARDS))
        fields.set("From", f"<{self.local_uri}>;tag={self.local_tag}")
        fields.set("To", f"<{self.remote_uri}>" + (f";tag={self.remote_tag}" if self.remote_tag else ""))
        fields.set("Call-ID", self.call_id)
        fields.set("CSeq", f"{number} {method}")
        return request

    def next_uri(self) -> str:
        """Where its requests go first: the first route, else the remote target."""
        return headers.uri(self.route_set[0]) if self.route_set else self.remote_target

    def accept(self, request: Request) -> bool:
        """Take note of a request that came in it; False: out of order, to be refused with 500 (12.2.2)."""
        number = _number(request)
        if number < self.remote_cseq or (number == self.remote_cseq and request.method != "ACK"):
            return False
        self.remote_cseq = number
        return True

    def refresh(self, message: SipMessage) -> None:
        """Take the Contact of a target refresh (re-INVITE, SUBSCRIBE, NOTIFY and their 2xx), if it has one for use."""
        with suppress(ValueError):
            self.remote_target = _contact(message)

    def to_json(self) -> dict[str, Any]:
        """Itself as JSON's types."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Dialog:
        """What `to_json` gave."""
        return cls(**data)


def _contact(message: SipMessage) -> str:
    value = message.headers.get("Contact")
    if not value:
        raise ValueError("no Contact in a message that establishes a dialog")
    target = headers.uri(value)
    try:
        URI.parse(target)
    # TypeError: a parameter that is called "self".
    except (ValueError, TypeError):
        raise ValueError(f"Contact {value} is no place to send to") from None
    return target


def _number(message: SipMessage) -> int:
    return int(message.headers["CSeq"].split()[0])
