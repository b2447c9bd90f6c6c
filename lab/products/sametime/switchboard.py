"""Which member carries which pair of a person here and a contact elsewhere, and what becomes of it when one is lost."""

from __future__ import annotations

import time
from typing import Any

from lab.products.sametime.community import STATUSES, UNKNOWN, Community, Contact, Pair, Status
from lab.products.sametime.gateways import NO_GATEWAY, Gateway, Gateways, GoneError, Line

ADOPTION_S = 2.0
"""How long the other members get to say which pairs of a lost one they go on with."""

_CHATS_KEPT = 1000


class Switchboard:
    """Between the people of a community and its gateways."""

    def __init__(self, community: Community, gateways: Gateways) -> None:
        self.community = community
        self.gateways = gateways
        self._chats: dict[Pair, str] = {}

    # -- people here ---------------------------------------------------------------------------------------------------
    def presence(self, pair: Pair, wanted: Status | None, seconds: float) -> Contact:
        """Subscribe to the contact if that is not done, and wait for its status."""
        deadline = time.monotonic() + seconds
        if not self.community.contact(pair).subscribed:
            self.community.lose_track(pair, "")
            self._subscribe(pair)
        if not self.community.contact(pair).subscribed:
            return self.community.contact(pair)
        return self.community.await_status(pair, wanted, deadline - time.monotonic())

    def send(self, pair: Pair, text: str) -> tuple[bool, str, int]:
        """Send a message: whether it was taken, else the reason and the SIP status."""
        try:
            answer = self._chat(pair).ask({"op": "send", **_named(pair), "text": text})
        except GoneError as error:
            return False, str(error), 0
        return bool(answer.get("sent")), str(answer.get("reason", "")), int(answer.get("code", 0))

    def tell(self, pair: Pair, word: str) -> None:
        """`compose` or `close`. Raises `GoneError`."""
        self._chat(pair).tell({"op": word, **_named(pair)})
        if word == "close":
            self._chats.pop(pair, None)

    def forget(self, pair: Pair) -> None:
        """End the subscription."""
        before = self.community.forget(pair)
        gateway = self.gateways.get(before.gateway)
        if gateway and before.subscribed:
            gateway.tell({"op": "unsubscribe", **_named(pair)})

    def set_status(self, user: str, status: Status) -> None:
        """Raises `NobodyError`."""
        for name in self.community.set_status(user, status):
            gateway = self.gateways.get(name)
            if gateway:
                gateway.tell({"op": "status", "user": user, "status": status})

    def _chat(self, pair: Pair) -> Gateway:
        """The one that brought the contact's last message and has the session, else the one that carries the pair."""
        return self.gateways.get(self._chats.get(pair, "")) or self._gateway(pair)

    # -- gateways ------------------------------------------------------------------------------------------------------
    def adopted(self, gateway: str, pairs: list[list[str]]) -> None:
        """A member goes on with pairs of a lost one."""
        for user, contact in pairs:
            self.community.carry((user, contact), gateway)

    def delivered(self, gateway: str, pair: Pair) -> None:
        """A member has brought a message of the contact."""
        self._chats.pop(pair, None)
        self._chats[pair] = gateway
        if len(self._chats) > _CHATS_KEPT:
            del self._chats[next(iter(self._chats))]

    def came(self) -> None:
        """A member is there: what none carried is asked for again."""
        self._resubscribe("")

    def lost(self, gateway: str) -> None:
        """A member is gone: what no other adopted is asked for again, or waits for the next that comes."""
        self.community.forget_gateway(gateway)
        deadline = time.monotonic() + ADOPTION_S
        while self.gateways.names() and self.community.pairs_of(gateway) and time.monotonic() < deadline:
            time.sleep(0.05)
        if self.gateways.get(gateway) is None:
            self._resubscribe(gateway)

    def _resubscribe(self, gateway: str) -> None:
        for pair in self.community.pairs_of(gateway):
            if not self.community.contact(pair).subscribed:
                # Nobody waits for news of it; a chat finds its way when somebody writes.
                continue
            self.community.lose_track(pair, NO_GATEWAY)
            if self.gateways.names():
                self._subscribe(pair)

    # -- both ----------------------------------------------------------------------------------------------------------
    def _gateway(self, pair: Pair) -> Gateway:
        """The one that carries the pair; the pair goes to the one with the fewest when none does."""
        gateway = self.gateways.get(self.community.contact(pair).gateway)
        if gateway is None:
            carried = {name: len(self.community.pairs_of(name)) for name in self.gateways.names()}
            gateway = self.gateways.pick(carried)
            self.community.carry(pair, gateway.name)
        return gateway

    def _subscribe(self, pair: Pair) -> None:
        try:
            answer = self._gateway(pair).ask({"op": "subscribe", **_named(pair)})
        except GoneError as error:
            self.community.note_subscription(pair, UNKNOWN, str(error), 0, accepted=False)
            return
        self.community.note_subscription(
            pair,
            status_of(answer.get("status", UNKNOWN)),
            str(answer.get("reason", "")),
            int(answer.get("code", 0)),
            accepted=bool(answer.get("accepted")),
        )


def status_of(word: Any) -> Status:
    """Raises `ValueError` for what is no status."""
    if word not in STATUSES:
        raise ValueError(f"{word!r} is none of {', '.join(STATUSES)}")
    return word  # type: ignore[no-any-return]  # it is one of them


def _named(pair: Pair) -> Line:
    return {"user": pair[0], "contact": pair[1]}
