"""Subscriptions of local users to contacts in external communities: we are the subscriber (RFC 3265, RFC 3856)."""

from __future__ import annotations

import asyncio
import re
from typing import Any

from sipmessage import Response

from lab.products.gateway.application import access, pidf
from lab.products.gateway.application.communities import Community
from lab.products.gateway.application.core import Core
from lab.products.gateway.application.limits import PRESENCE
from lab.products.gateway.application.pidf import Status
from lab.products.gateway.application.refusal import Refused
from lab.products.gateway.application.usage import State, Usage
from lab.sip.dialog import Dialog
from lab.sip.server import ServerTransaction

KIND = "subscription"
EXPIRES_S = 3600
_RETRY_S = 10.0
# How long the last NOTIFY may take behind an unsubscription: 64*T1 (RFC 3265 3.2.2 ends a notifier's tries with that).
_LAST_NOTIFY_S = 32.0
_EVENT = ("Event", "presence")
_ACCEPT = ("Accept", pidf.TYPE)
# A subscription that ends for one of these reasons is not asked for again (RFC 3265 3.2.4).
_FINAL = ("rejected", "noresource")

Answer = dict[str, Any]


class Subscription(Usage):
    """One of them. `status` is what the last NOTIFY said; `ending` when nobody wants it any more, and only the last
    NOTIFY is waited for."""

    def __init__(self, owner: Subscriptions, dialog: Dialog, user: str, contact: str, community: int) -> None:
        super().__init__(dialog, user, contact, community, PRESENCE)
        self._owner = owner
        self.status: Status = "unknown"
        self.ending = False
        self.expires_at = 0.0
        self.timer: asyncio.TimerHandle | None = None

    @property
    def pair(self) -> tuple[str, str]:
        """User and contact."""
        return self.user, self.contact

    def serve(self, transaction: ServerTransaction) -> None:
        """See `Usage`."""
        self._owner.notified(self, transaction)

    def state(self) -> State:
        """See `Usage`."""
        return {
            "kind": KIND, "dialog": self.dialog.to_json(), "user": self.user, "contact": self.contact,
            "community": self.community, "status": self.status,
            "left_s": self.expires_at - asyncio.get_running_loop().time(),
        }  # fmt: skip


class Subscriptions:
    """All of them, by user and contact. For the loop's thread."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self._pairs: dict[tuple[str, str], Subscription] = {}
        self._wanted: set[tuple[str, str]] = set()

    async def subscribe(self, user: str, contact: str) -> Answer:
        """Subscribe, unless that is done already; what the local community server is told."""
        self._wanted.add((user, contact))
        known = self._pairs.get((user, contact))
        if known:
            return {"accepted": True, "status": known.status, "reason": "", "code": 0}
        try:
            subscription = await self._subscribe(user, contact)
        except Refused as refused:
            self._core.failed(f"The subscription of {user} to {contact}", refused)
            return {"accepted": False, "status": "unknown", "reason": refused.reason, "code": refused.status}
        return {"accepted": True, "status": subscription.status, "reason": "", "code": 0}

    async def unsubscribe(self, user: str, contact: str) -> None:
        """End the subscription, if there is one."""
        self._wanted.discard((user, contact))
        subscription = self._pairs.get((user, contact))
        if subscription:
            subscription.ending = True
            del self._pairs[subscription.pair]
            if subscription.timer:
                subscription.timer.cancel()
            self._core.usages.retire(subscription)
            # One whose SUBSCRIBE is still under way is ended by whoever waits for the answer.
            if subscription.expires_at:
                await self._end(subscription)

    def restore(self, state: State) -> tuple[str, str] | None:
        """Go on with another member's; its pair, None when there is a newer one."""
        dialog = Dialog.from_json(state["dialog"])
        subscription = Subscription(self, dialog, state["user"], state["contact"], state["community"])
        subscription.status = state["status"]
        if subscription.pair in self._pairs:
            return None
        self._wanted.add(subscription.pair)
        self._core.limits.restore(subscription.community, PRESENCE)
        self._add(subscription)
        self._established(subscription, max(0, int(state["left_s"])))
        return subscription.pair

    # -- their life ----------------------------------------------------------------------------------------------------
    async def _subscribe(self, user: str, contact: str) -> Subscription:
        directory = await self._core.directory()
        community = access.outbound(directory, user, contact)
        self._core.limits.take(directory, community, PRESENCE)
        subscription = Subscription(self, self._core.new_dialog(user, contact), user, contact, community.id)
        self._add(subscription)
        try:
            await self._first(subscription, community)
        except Refused:
            self._forget(subscription)
            raise
        return subscription

    async def _first(self, subscription: Subscription, community: Community) -> None:
        fields = [_EVENT, _ACCEPT, ("Expires", str(EXPIRES_S))]
        request, response = await self._core.first(subscription.dialog, "SUBSCRIBE", community, fields)
        seen = subscription.dialog.remote_cseq
        try:
            subscription.dialog = Dialog.from_response(request, response)
        except ValueError as error:
            raise Refused(502, f"the answer of community {community.name} cannot be used: {error}") from None
        subscription.dialog.remote_cseq = seen
        if subscription.ending:
            await self._end(subscription)
        elif self._pairs.get(subscription.pair) is subscription:
            self._established(subscription, _expires(response))

    def _established(self, subscription: Subscription, expires_s: int) -> None:
        loop = asyncio.get_running_loop()
        subscription.expires_at = loop.time() + expires_s
        self._core.usages.confirm(subscription)
        self._at(subscription, expires_s - min(60.0, expires_s * 0.2))

    def _at(self, subscription: Subscription, seconds: float) -> None:
        if subscription.timer:
            subscription.timer.cancel()
        subscription.timer = asyncio.get_running_loop().call_later(
            seconds, lambda: self._core.spawn(self._refresh(subscription))
        )

    async def _refresh(self, subscription: Subscription) -> None:
        fields = [_EVENT, _ACCEPT, ("Expires", str(EXPIRES_S))]
        try:
            response = await self._core.ask(subscription.dialog, "SUBSCRIBE", fields)
        except Refused as refused:
            self._core.failed(
                f"The refresh of the subscription of {subscription.user} to {subscription.contact}", refused
            )
            if self._pairs.get(subscription.pair) is not subscription:
                return
            expired = asyncio.get_running_loop().time() >= subscription.expires_at
            if refused.status in (408, 503) and not expired:
                self._at(subscription, _RETRY_S)
            else:
                await self._again(subscription, 0.0, refused.reason)
            return
        if self._pairs.get(subscription.pair) is subscription:
            subscription.dialog.refresh(response)
            self._established(subscription, _expires(response))

    async def _again(self, subscription: Subscription, after_s: float, reason: str) -> None:
        """The subscription has ended; nobody asked for that, so there is to be another."""
        self._forget(subscription)
        self._tell(subscription, "unknown", reason)
        await asyncio.sleep(after_s)
        if subscription.pair not in self._wanted:
            return
        answer = await self.subscribe(subscription.user, subscription.contact)
        if not answer["accepted"]:
            self._tell(subscription, "unknown", answer["reason"])

    async def _end(self, subscription: Subscription) -> None:
        """Unsubscribe. The usage lives until the last NOTIFY, so that this finds it."""
        try:
            await self._core.ask(subscription.dialog, "SUBSCRIBE", [_EVENT, _ACCEPT, ("Expires", "0")])
        except Refused as refused:
            self._core.failed(f"The end of the subscription of {subscription.user} to {subscription.contact}", refused)
            self._forget(subscription)
            return
        loop = asyncio.get_running_loop()
        subscription.timer = loop.call_later(_LAST_NOTIFY_S, self._forget, subscription)

    def _add(self, subscription: Subscription) -> None:
        self._pairs[subscription.pair] = subscription
        self._core.usages.add(subscription)

    def _forget(self, subscription: Subscription) -> None:
        if subscription.timer:
            subscription.timer.cancel()
        if self._core.usages.remove(subscription):
            self._core.limits.release(subscription.community, PRESENCE)
        if self._pairs.get(subscription.pair) is subscription:
            del self._pairs[subscription.pair]

    # -- NOTIFY --------------------------------------------------------------------------------------------------------
    def notified(self, subscription: Subscription, transaction: ServerTransaction) -> None:
        """A request came in the dialog."""
        request = transaction.request
        if request.method != "NOTIFY":
            transaction.respond(405, headers=[("Allow", "NOTIFY")])
            return
        if (request.headers.get("Event") or "").partition(";")[0].strip().lower() != "presence":
            transaction.respond(489, headers=[("Allow-Events", "presence")])
            return
        state, reason = _subscription_state(request.headers.get("Subscription-State") or "")
        if subscription.ending:
            transaction.respond(200)
            if state == "terminated":
                self._forget(subscription)
            return
        if request.body:
            try:
                status = pidf.parse(request.body)
            except ValueError as error:
                self._core.refuse(transaction, Refused(400, str(error)))
                return
            if status != subscription.status:
                subscription.status = status
                # One whose SUBSCRIBE is still under way is confirmed by its answer.
                if subscription.expires_at:
                    self._core.usages.confirm(subscription)
            self._tell(subscription, status, "")
        transaction.respond(200)
        if state == "terminated":
            self._terminated(subscription, reason)

    def _terminated(self, subscription: Subscription, reason: str) -> None:
        self._core.journal.tell(
            310, "W", f"The subscription of {subscription.user} to {subscription.contact} was ended by the other side: "
            f"{reason or 'no reason given'}",
        )  # fmt: skip
        if reason in _FINAL:
            self._forget(subscription)
            self._tell(subscription, "unknown", reason)
        else:
            self._core.spawn(self._again(subscription, _RETRY_S, reason or "terminated"))

    def _tell(self, subscription: Subscription, status: Status, reason: str) -> None:
        self._core.local.tell({
            "op": "presence", "user": subscription.user, "contact": subscription.contact, "status": status,
            "reason": reason,
        })  # fmt: skip


def _expires(response: Response) -> int:
    text = response.headers.get("Expires") or ""
    return min(int(text), EXPIRES_S) if text.isdigit() else EXPIRES_S


def _subscription_state(text: str) -> tuple[str, str]:
    """State and reason."""
    reason = re.search(r";\s*reason\s*=\s*([^\s;]+)", text, re.IGNORECASE)
    return text.partition(";")[0].strip().lower(), reason[1].lower() if reason else ""
