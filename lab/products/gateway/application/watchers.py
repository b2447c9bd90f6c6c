"""Subscriptions of external contacts to local users: we are the notifier (RFC 3265, RFC 3856)."""

from __future__ import annotations

import asyncio
import re
from collections import defaultdict

from sipmessage import Request

from lab.products.gateway.application import pidf
from lab.products.gateway.application.core import Body, Core
from lab.products.gateway.application.limits import PRESENCE
from lab.products.gateway.application.pidf import Status
from lab.products.gateway.application.refusal import Refused
from lab.products.gateway.application.usage import State, Usage
from lab.sip.dialog import Dialog
from lab.sip.server import ServerTransaction

KIND = "watcher"
LONGEST_S = 3600
_EVENT = ("Event", "presence")


class Watcher(Usage):
    """One of them. `told` is the status of the last NOTIFY that was taken."""

    def __init__(self, owner: Watchers, dialog: Dialog, user: str, contact: str, community: int) -> None:
        super().__init__(dialog, user, contact, community, PRESENCE)
        self._owner = owner
        self.told: Status | None = None
        self.expires_at = 0.0
        self.timer: asyncio.TimerHandle | None = None
        self.busy = False

    def serve(self, transaction: ServerTransaction) -> None:
        """See `Usage`."""
        self._owner.refreshed(self, transaction)

    def state(self) -> State:
        """See `Usage`."""
        return {
            "kind": KIND, "dialog": self.dialog.to_json(), "user": self.user, "contact": self.contact,
            "community": self.community, "told": self.told,
            "left_s": self.expires_at - asyncio.get_running_loop().time(),
        }  # fmt: skip


class Watchers:
    """All of them, by local user. For the loop's thread."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self._of: dict[str, set[Watcher]] = defaultdict(set)
        self._statuses: dict[str, Status] = {}

    async def subscribe(self, transaction: ServerTransaction) -> None:
        """A SUBSCRIBE outside of dialogs. Raises `Refused`."""
        request = transaction.request
        _check(request)
        user, contact, directory, community = await self._core.inbound(request)
        status = await self._core.local.status(user)
        if status == "unknown":
            raise Refused(404, f"there is no user {user} in the local community")
        expires = _expires(request)
        dialog = _dialog(request, self._core.container.tag())
        watcher = Watcher(self, dialog, user, contact, community.id)
        self._core.identity.interface(transaction.flow.transport)
        self._core.limits.take(directory, community, PRESENCE)
        self._statuses[user] = status
        self._add(watcher)
        self._core.accept(transaction, dialog, [("Expires", str(expires))])
        self._renewed(watcher, expires)

    def changed(self, user: str, status: Status) -> None:
        """A local user's status has changed."""
        if user in self._of:
            self._statuses[user] = status
            for watcher in self._of[user]:
                self._notify(watcher)

    def look_again(self) -> None:
        """The local community can be asked again: what changed in between was not told."""
        for user in self._of:
            self._core.spawn(self._look(user))

    def restore(self, state: State) -> tuple[str, str]:
        """Go on with another member's; its pair."""
        dialog = Dialog.from_json(state["dialog"])
        watcher = Watcher(self, dialog, state["user"], state["contact"], state["community"])
        watcher.told = state["told"]
        self._core.limits.restore(watcher.community, PRESENCE)
        self._add(watcher)
        left_s = max(1, int(state["left_s"]))
        watcher.expires_at = asyncio.get_running_loop().time() + left_s
        self._expire_after(watcher, left_s)
        self._core.usages.confirm(watcher)
        self._core.spawn(self._look(watcher.user))
        return watcher.user, watcher.contact

    # -- their life ----------------------------------------------------------------------------------------------------
    def refreshed(self, watcher: Watcher, transaction: ServerTransaction) -> None:
        """A request came in the dialog."""
        request = transaction.request
        if request.method != "SUBSCRIBE":
            transaction.respond(405, headers=[("Allow", "SUBSCRIBE")])
            return
        try:
            _check(request)
            expires = _expires(request)
            watcher.dialog.refresh(request)
            self._core.accept(transaction, watcher.dialog, [("Expires", str(expires))])
        except Refused as refused:
            self._core.refuse(transaction, refused)
            return
        watcher.told = None
        self._renewed(watcher, expires)

    def _renewed(self, watcher: Watcher, expires_s: int) -> None:
        watcher.expires_at = asyncio.get_running_loop().time() + expires_s
        if expires_s == 0:
            self._end(watcher, "timeout")
            return
        self._expire_after(watcher, expires_s)
        self._core.usages.confirm(watcher)
        self._notify(watcher)

    def _expire_after(self, watcher: Watcher, seconds: float) -> None:
        if watcher.timer:
            watcher.timer.cancel()
        watcher.timer = asyncio.get_running_loop().call_later(seconds, self._end, watcher, "timeout")

    async def _look(self, user: str) -> None:
        try:
            status = await self._core.local.status(user)
        except Refused as refused:
            self._core.failed(f"The status of {user}", refused)
        else:
            self.changed(user, status)

    def _add(self, watcher: Watcher) -> None:
        self._of[watcher.user].add(watcher)
        self._core.usages.add(watcher)
        self._core.local.watch(watcher.user)

    def _end(self, watcher: Watcher, reason: str) -> None:
        status = self._statuses.get(watcher.user, "unknown")
        if self._forget(watcher):
            self._core.spawn(self._last(watcher, status, reason))

    def _forget(self, watcher: Watcher) -> bool:
        if watcher.timer:
            watcher.timer.cancel()
        if not self._core.usages.remove(watcher):
            return False
        self._core.limits.release(watcher.community, PRESENCE)
        self._of[watcher.user].discard(watcher)
        if not self._of[watcher.user]:
            del self._of[watcher.user]
            self._statuses.pop(watcher.user, None)
        self._core.local.unwatch(watcher.user)
        return True

    # -- NOTIFY --------------------------------------------------------------------------------------------------------
    def _notify(self, watcher: Watcher) -> None:
        """Tell what is new; while a NOTIFY is under way the next one waits, and says what is true then."""
        if not watcher.busy:
            watcher.busy = True
            self._core.spawn(self._tell(watcher))

    async def _tell(self, watcher: Watcher) -> None:
        loop = asyncio.get_running_loop()
        try:
            while watcher in self._of.get(watcher.user, ()):
                status = self._statuses.get(watcher.user, "unknown")
                if status == watcher.told:
                    return
                left_s = max(0, round(watcher.expires_at - loop.time()))
                await self._send(watcher, status, f"active;expires={left_s}")
                watcher.told = status
                self._core.usages.confirm(watcher)
        except Refused as refused:
            self._core.failed(f"The notification of {watcher.contact} about {watcher.user}", refused)
            # RFC 3265 3.2.2: whoever does not take a NOTIFY is subscribed no longer.
            self._forget(watcher)
        finally:
            watcher.busy = False

    async def _last(self, watcher: Watcher, status: Status, reason: str) -> None:
        try:
            await self._send(watcher, status, f"terminated;reason={reason}")
        except Refused as refused:
            self._core.failed(f"The last notification of {watcher.contact} about {watcher.user}", refused)

    async def _send(self, watcher: Watcher, status: Status, state: str) -> None:
        body = Body(pidf.TYPE, pidf.build(watcher.user, status))
        await self._core.ask(watcher.dialog, "NOTIFY", [_EVENT, ("Subscription-State", state)], body)


def _check(request: Request) -> None:
    """Raises `Refused` for a subscription to something else than presence."""
    event = request.headers.get("Event", "") or ""
    if event.partition(";")[0].strip().lower() != "presence":
        raise Refused(489, f"the event '{event}' is not presence")
    accepted = [each.partition(";")[0].strip().lower() for value in request.headers.getlist("Accept")
                for each in value.split(",")]  # fmt: skip
    if accepted and pidf.TYPE not in accepted:
        raise Refused(406, f"{', '.join(accepted)} are accepted, and not {pidf.TYPE}")


def _expires(request: Request) -> int:
    text = request.headers.get("Expires") or str(LONGEST_S)
    if not re.fullmatch(r"\s*\d{1,10}\s*", text):
        raise Refused(400, f"Expires is {text}")
    return min(int(text), LONGEST_S)


def _dialog(request: Request, tag: str) -> Dialog:
    try:
        return Dialog.from_request(request, tag)
    except ValueError as error:
        raise Refused(400, str(error)) from None
