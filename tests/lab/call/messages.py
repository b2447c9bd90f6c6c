"""SIP messages as SIPp writes them down, and those that a partner answers inside a dialog."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

_ENTRY = re.compile(r"^-{20,} [^\n]*\n\w+ message received [^\n]*:\n\n", re.MULTILINE)
_URI = re.compile(r"<([^>]+)>")


@dataclass(frozen=True)
class Message:
    """A message with its fields in their order."""

    start: str
    fields: Sequence[tuple[str, str]]
    body: str

    def all(self, name: str) -> list[str]:
        """The values of a field, one an entry."""
        found = [value for each, value in self.fields if each.lower() == name.lower()]
        return [value.strip() for line in found for value in re.split(r",(?=\s*(?:<|\"|SIP))", line)]

    def first(self, name: str) -> str:
        """Its first value; raises `AssertionError`."""
        values = self.all(name)
        assert values, f"no {name} in {self.start}"
        return values[0]

    @property
    def is_request(self) -> bool:
        """Else it is an answer."""
        return not self.start.startswith("SIP/2.0 ")

    @property
    def uri(self) -> str:
        """The request's."""
        return self.start.split()[1]

    @property
    def contact(self) -> str:
        """The URI in Contact."""
        found = _URI.search(self.first("Contact"))
        assert found, self.first("Contact")
        return found[1]

    @property
    def hosts(self) -> dict[str, list[str]]:
        """The hosts, with ports where they are told, of what says where this message's sender is reached."""
        return {
            "Via": [via.split()[1].partition(";")[0] for via in self.all("Via")],
            "Record-Route": [_host(value) for value in self.all("Record-Route")],
            "Contact": [_host(value) for value in self.all("Contact")],
            "SDP": re.findall(r"^[oc]=.*IN IP4 (\S+)", self.body, re.MULTILINE),
        }


def _host(value: str) -> str:
    found = re.search(r"sips?:(?:[^@>]*@)?([^;>]+)", value)
    assert found, value
    return found[1]


def received(file: Path) -> list[Message]:
    """The messages that SIPp received, in their order, of a file of its option `-message_file`."""
    if not file.exists():
        return []
    text = file.read_bytes().decode("utf-8", "replace").replace("\r\n", "\n")
    parts = _ENTRY.split(text)[1:]
    return [message(re.split(r"^-{20,} ", part, flags=re.MULTILINE)[0]) for part in parts]


def message(text: str) -> Message:
    """One from its text, whose lines end with LF."""
    head, _, body = text.partition("\n\n")
    start, *lines = head.strip("\n").split("\n")
    fields = [(name, value.strip()) for name, _, value in (line.partition(":") for line in lines)]
    return Message(start, fields, body.rstrip("\n"))


@dataclass
class Dialog:
    """The partner's side of a dialog: whom it talks to, which way, and under which names."""

    call_id: str
    own: str
    """Its From, with its tag."""
    other: str
    target: str
    routes: Sequence[str]
    number: int = 1

    @classmethod
    def called(cls, request: Message, tag: str) -> Dialog:
        """That a request has made which the partner answered with this tag."""
        own = f"{request.first('To')};tag={tag}"
        routes = request.all("Record-Route")
        return cls(request.first("Call-ID"), own, request.first("From"), request.contact, routes)

    @classmethod
    def calling(cls, answer: Message) -> Dialog:
        """That a 2xx of the other side has made."""
        routes = answer.all("Record-Route")[::-1]
        return cls(answer.first("Call-ID"), answer.first("From"), answer.first("To"), answer.contact, routes)

    @property
    def next_hop(self) -> str:
        """Host and port where its requests go."""
        return _host(self.routes[0] if self.routes else f"<{self.target}>")

    def request(self, method: str, *lines: str, body: str = "") -> str:
        """The next request, as a SIPp scenario has it; ACK with the number of its INVITE."""
        if method != "ACK":
            self.number += 1
        return request(
            method,
            self.target,
            [f"From: {self.own}", f"To: {self.other}", f"CSeq: {self.number} {method}"],
            [*(f"Route: {route}" for route in self.routes), *lines],
            body=body,
        )


def request(method: str, uri: str, identity: Sequence[str], lines: Sequence[str] = (), *, body: str = "") -> str:
    """A request of the partner; `[spoken]` and `[at]` are its transport and where it takes requests."""
    return "\n".join(
        [
            f"{method} {uri} SIP/2.0",
            "Via: SIP/2.0/[spoken] [sent_by];branch=[branch]",
            "Max-Forwards: 70",
            *identity,
            "Call-ID: [call_id]",
            "Contact: <[at]>",
            *lines,
            "Content-Length: [len]",
            "",
            body,
        ]
    )


def answer(status: str, *lines: str, tag: str = "", body: str = "") -> str:
    """An answer of the partner to the request that came last."""
    to = f"[last_To:];tag={tag}" if tag else "[last_To:]"
    head = [f"SIP/2.0 {status}", "[last_Via:]", "[last_Record-Route:]", "[last_From:]", to, "[last_Call-ID:]"]
    return "\n".join([*head, "[last_CSeq:]", "Contact: <[at]>", *lines, "Content-Length: [len]", "", body])
