"""Who is online, who wrote to whom, and what is known of people elsewhere. No input or output; any thread may call.

People are addresses without a scheme: `alice@rtp.example`. A status is `online`, `away`, `offline` or `unknown`.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

Status = Literal["online", "away", "offline", "unknown"]
STATUSES: tuple[Status, ...] = get_args(Status)

UNKNOWN: Status = "unknown"

_REMEMBERED = 1000
"""Contacts that nobody subscribes to are forgotten, the oldest first, when there are more."""


class NobodyError(Exception):
    """The address is nobody of this community."""


@dataclass
class Contact:
    """What a person here knows of a contact elsewhere. `gateway` is the member that carries the pair, empty when none
    does; `code` is the SIP status that a subscription was refused with, 0 for none."""

    gateway: str = ""
    subscribed: bool = False
    status: Status = UNKNOWN
    reason: str = ""
    code: int = 0
    messages: list[str] = field(default_factory=list)
    typing: bool = False


Pair = tuple[str, str]
"""A person here and a contact elsewhere."""


class Community:
    """The people of one server: those whom `knows` finds, offline unless `people` says otherwise. Without `knows` they
    are the people named."""

    def __init__(self, people: Mapping[str, Status], knows: Callable[[str], bool] | None = None) -> None:
        self._people = dict(people)
        self._knows = knows or frozenset(people).__contains__
        self._watchers: dict[str, set[str]] = {}
        self._contacts: dict[Pair, Contact] = {}
        self._changed = threading.Condition()

    @property
    def domains(self) -> list[str]:
        """The domains that the people belong to."""
        return sorted({person.rpartition("@")[2] for person in self._people})

    # -- people here ---------------------------------------------------------------------------------------------------
    def status(self, user: str) -> Status:
        """Of a person here; `unknown` is somebody who is not."""
        # Without the lock: a directory may take its time.
        if not self._knows(user):
            return UNKNOWN
        with self._changed:
            return self._people.get(user, "offline")

    def set_status(self, user: str, status: Status) -> list[str]:
        """A person changes it; the gateways that watch it, none when it was so before. Raises `NobodyError`."""
        if not self._knows(user):
            raise NobodyError(user)
        with self._changed:
            changed = self._people.get(user, "offline") != status
            self._people[user] = status
            return sorted(self._watchers.get(user, ())) if changed else []

    def watch(self, user: str, gateway: str) -> None:
        """A gateway wants to hear of every change."""
        with self._changed:
            self._watchers.setdefault(user, set()).add(gateway)

    def unwatch(self, user: str, gateway: str) -> None:
        with self._changed:
            self._watchers.get(user, set()).discard(gateway)

    # -- chats ---------------------------------------------------------------------------------------------------------
    def deliver(self, sender: str, to: str, text: str) -> str:
        """Put a message into an inbox; why it could not be, or nothing."""
        status = self.status(to)
        if status in ("offline", UNKNOWN):
            return status
        with self._changed:
            contact = self._contact((to, sender))
            contact.messages.append(text)
            self._forget_oldest()
            contact.typing = False
            self._changed.notify_all()
            return ""

    def note_typing(self, sender: str, to: str, *, active: bool) -> None:
        if not self._knows(to):
            return
        with self._changed:
            self._contact((to, sender)).typing = active
            self._changed.notify_all()

    def empty_inbox(self, pair: Pair, seconds: float) -> tuple[list[str], bool]:
        """The messages that came since the last time, and whether the contact is typing; waits for either."""
        with self._changed:
            self._wait(lambda: bool(self._contact(pair).messages or self._contact(pair).typing), seconds)
            found = self._contact(pair)
            messages, found.messages = found.messages, []
            return messages, found.typing

    # -- contacts elsewhere --------------------------------------------------------------------------------------------
    def contact(self, pair: Pair) -> Contact:
        """What is known of it now: a copy."""
        with self._changed:
            return self._copy(pair)

    def carry(self, pair: Pair, gateway: str) -> None:
        """From now on that member carries the pair."""
        with self._changed:
            self._contact(pair).gateway = gateway

    def note_subscription(self, pair: Pair, status: Status, reason: str, code: int, *, accepted: bool) -> None:
        """What became of a subscription. News of the contact may have come before this."""
        with self._changed:
            found = self._contact(pair)
            found.subscribed, found.code = accepted, code
            if status != UNKNOWN or not accepted:
                found.status, found.reason = status, reason
            self._changed.notify_all()

    def lose_track(self, pair: Pair, reason: str) -> None:
        """Nobody knows at present; the subscription, if there is one, is still wanted."""
        with self._changed:
            found = self._contact(pair)
            found.gateway, found.status, found.reason, found.code = "", UNKNOWN, reason, 0
            self._changed.notify_all()

    def note_presence(self, pair: Pair, status: Status, reason: str) -> None:
        """News of a contact that somebody here asked for; of others it is not kept."""
        with self._changed:
            found = self._contacts.get(pair)
            if found:
                found.status, found.reason = status, reason
                self._changed.notify_all()

    def forget(self, pair: Pair) -> Contact:
        """Know nothing of the contact any more; what was known."""
        with self._changed:
            return self._contacts.pop(pair, Contact())

    def await_status(self, pair: Pair, wanted: Status | None, seconds: float) -> Contact:
        """Wait until the contact's status is `wanted`, or known at all; what it is then, or after the time."""

        def known() -> bool:
            status = self._contact(pair).status
            return status == wanted if wanted else status != UNKNOWN

        with self._changed:
            self._wait(known, seconds)
            return self._copy(pair)

    def pairs_of(self, gateway: str) -> list[Pair]:
        """The pairs that a member carries; of an empty name those that none does."""
        with self._changed:
            return sorted(pair for pair, contact in self._contacts.items() if contact.gateway == gateway)

    def forget_gateway(self, gateway: str) -> None:
        """It is gone, and watches nobody any more."""
        with self._changed:
            for watchers in self._watchers.values():
                watchers.discard(gateway)

    def _forget_oldest(self) -> None:
        if len(self._contacts) > _REMEMBERED:
            oldest = next((pair for pair, contact in self._contacts.items() if not contact.subscribed), None)
            if oldest:
                del self._contacts[oldest]

    def _contact(self, pair: Pair) -> Contact:
        return self._contacts.setdefault(pair, Contact())

    def _copy(self, pair: Pair) -> Contact:
        found = self._contact(pair)
        return Contact(found.gateway, found.subscribed, found.status, found.reason, found.code)

    def _wait(self, ready: Callable[[], bool], seconds: float) -> None:
        """For the holder of the lock."""
        deadline = time.monotonic() + seconds
        while not ready() and (left := deadline - time.monotonic()) > 0:
            self._changed.wait(left)
