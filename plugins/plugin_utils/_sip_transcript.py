# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""What a probe heard and said, out of the `event=` lines of the programs `sip_probe`."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from ._outcome import Outcome
from ._sip_message import Message, parse_message

_FIELDS = 7


@dataclass(frozen=True)
class Event:
    """One thing that happened. `at_ms` since the start, `local` and `peer` as `address:port` or `-`; `message` of what
    was sent, sent again, not sent or received, `text` of anything else."""

    kind: str
    at_ms: float
    connection: int
    transport: str
    local: str
    peer: str
    text: str
    message: Message | None

    def as_result(self) -> dict[str, Any]:
        """The message as module `sip_probe` documents it."""
        message = self.message or Message("", (), "")
        return {
            "direction": "received" if self.kind == "received" else "sent",
            "at_ms": self.at_ms,
            "transport": self.transport,
            "local": self.local,
            "peer": self.peer,
            "connection": self.connection,
            "start_line": message.start_line,
            "headers": [list(header) for header in message.headers],
            "body": message.body,
        }


@dataclass(frozen=True)
class Step:
    """One request of ours and what became of it; status 0 if nobody answered."""

    method: str
    status: int
    reason: str
    rtt_ms: float

    def as_result(self) -> dict[str, Any]:
        return {"method": self.method, "status": self.status, "reason": self.reason, "rtt_ms": self.rtt_ms}


class Transcript:
    """The events of one talk, in order."""

    def __init__(self, events: Sequence[Event], complaint: str = "") -> None:
        self.events = tuple(events)
        self._complaint = complaint

    @property
    def messages(self) -> list[Event]:
        return [event for event in self.events if event.message is not None and event.kind != "unsent"]

    def received(self) -> Iterator[tuple[int, Event, Message]]:
        """What came, with its place among all messages."""
        for place, event in enumerate(self.messages):
            if event.kind == "received" and event.message is not None:
                yield place, event, event.message

    def requests(self, method: str = "") -> list[tuple[Event, Message]]:
        """The requests that came, without repeated ones."""
        seen = set()
        found = []
        for _place, event, message in self.received():
            key = (message.transaction, message.get("Call-ID"))
            if message.status == 0 and message.method and (not method or message.method == method):
                if key not in seen:
                    found.append((event, message))
                seen.add(key)
        return found

    def notifications(self) -> list[Message]:
        """Every NOTIFY that came before the probe ended the subscription: the one after that tells nothing but this."""
        subscribed = [
            event.at_ms
            for event in self.events
            if event.kind == "sent" and event.message and event.message.start_line.startswith("SUBSCRIBE ")
        ]
        end = subscribed[1] if len(subscribed) > 1 else float("inf")
        return [message for event, message in self.requests("NOTIFY") if event.at_ms <= end]

    def accepted_connections(self) -> set[int]:
        """Connections that others opened to the probe."""
        return {event.connection for event in self.events if event.kind == "accepted"}

    def steps(self) -> list[Step]:
        """Every request of ours but ACK, sent or not."""
        return [
            self._step(place, event, event.message)
            for place, event in enumerate(self.events)
            if event.kind in ("sent", "unsent")
            and event.message
            and event.message.status == 0
            and event.message.method != "ACK"
        ]

    def _step(self, place: int, sent: Event, request: Message) -> Step:
        if sent.kind == "unsent":
            failures = [event for event in self.events[:place] if event.kind == "failed"]
            return Step(request.method, 0, f"{failures[-1].peer}: {failures[-1].text}", 0.0)
        answers = [
            (event.at_ms - sent.at_ms, message)
            for _place, event, message in self.received()
            if message.status and message.transaction == request.transaction
        ]
        for after, answer in answers:
            if answer.status >= 200:
                return Step(request.method, answer.status, answer.reason, round(after, 3))
        if answers:
            return Step(request.method, 0, f"nothing but {answers[-1][1].start_line}", 0.0)
        for event in self.events[place:]:
            if event.kind == "closed" and event.connection == sent.connection:
                why = event.text or self._complaint
                return Step(request.method, 0, f"{event.peer} closed the connection" + (f": {why}" if why else ""), 0.0)
        return Step(request.method, 0, "no answer", 0.0)


def read_transcript(outcome: Outcome) -> Transcript:
    """The events that a program printed."""
    events = [_event(line.split(" ")) for line in outcome.all("event") if line.count(" ") == _FIELDS - 1]
    said = outcome.stderr.strip().splitlines()
    return Transcript(events, said[-1] if said else "")


def _event(fields: list[str]) -> Event:
    kind, at_ms, connection, transport, local, peer, coded = fields
    raw = b"" if coded == "-" else base64.b64decode(coded)
    message = parse_message(raw) if kind in ("sent", "resent", "unsent", "received") else None
    text = "" if message else " ".join(raw.decode("utf-8", "replace").split())
    return Event(kind, float(at_ms), int(connection), transport, local, peer, text, message)
