"""Instant messages: sessions of either direction (INVITE, MESSAGE, BYE), and messages outside of sessions."""

from __future__ import annotations

import asyncio
from typing import Any

from sipmessage import Request, Response

from lab.products.gateway.application import access, composing, description, messages
from lab.products.gateway.application.core import TRANSPORTS, Body, Core
from lab.products.gateway.application.limits import IM
from lab.products.gateway.application.refusal import Refused
from lab.products.gateway.application.usage import State, Usage
from lab.sip.address import Transport
from lab.sip.dialog import Dialog
from lab.sip.server import ServerTransaction

KIND = "chat"
IDLE_S = 1800.0
_SWEEP_S = 60.0
_PLAIN = "text/plain;charset=UTF-8"

Answer = dict[str, Any]


class Chat(Usage):
    """One session. `settled` is set once the INVITE has succeeded, or failed for the reason `failure`; `used_at` is
    when the last message passed."""

    def __init__(self, owner: Chats, dialog: Dialog, user: str, contact: str, community: int) -> None:
        super().__init__(dialog, user, contact, community, IM)
        self._owner = owner
        self.settled = asyncio.Event()
        self.failure: Refused | None = None
        self.used_at = asyncio.get_running_loop().time()

    @property
    def pair(self) -> tuple[str, str]:
        """User and contact."""
        return self.user, self.contact

    def serve(self, transaction: ServerTransaction) -> None:
        """See `Usage`."""
        self.used_at = asyncio.get_running_loop().time()
        self._owner.received(self, transaction)

    def state(self) -> State:
        """See `Usage`."""
        return {
            "kind": KIND, "dialog": self.dialog.to_json(), "user": self.user, "contact": self.contact,
            "community": self.community,
        }  # fmt: skip


class Chats:
    """All of them. Of the sessions of a user and a contact the latest carries what the user says."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self._pairs: dict[tuple[str, str], Chat] = {}
        self._all: set[Chat] = set()

    # -- what local users do -------------------------------------------------------------------------------------------
    async def send(self, user: str, contact: str, text: str) -> Answer:
        """Send a message, in a new session when there is none; what the local community server is told."""
        try:
            chat = await self._chat(user, contact)
            await self._say(chat, Body(_PLAIN, text.encode()))
        except Refused as refused:
            self._core.failed(f"A message of {user} to {contact}", refused)
            return {"sent": False, "reason": refused.reason, "code": refused.status}
        return {"sent": True, "reason": "", "code": 0}

    async def compose(self, user: str, contact: str) -> None:
        """The user is typing."""
        try:
            chat = await self._chat(user, contact)
            await self._say(chat, Body(composing.TYPE, composing.build(active=True)))
        except Refused as refused:
            self._core.failed(f"Telling {contact} that {user} is typing", refused)

    async def close(self, user: str, contact: str) -> None:
        """The user closes the chat."""
        chat = self._pairs.get((user, contact))
        if chat:
            await self._bye(chat)

    async def sweep(self) -> None:
        """End sessions in which nothing has been said for long, for ever."""
        while True:
            await asyncio.sleep(_SWEEP_S)
            before = asyncio.get_running_loop().time() - IDLE_S
            for chat in [each for each in self._all if each.used_at < before]:
                await self._bye(chat)

    def restore(self, state: State) -> tuple[str, str]:
        """Go on with another member's; its pair."""
        chat = Chat(self, Dialog.from_json(state["dialog"]), state["user"], state["contact"], state["community"])
        self._core.limits.restore(chat.community, IM)
        self._add(chat)
        self._opened(chat)
        return chat.pair

    async def _chat(self, user: str, contact: str) -> Chat:
        chat = self._pairs.get((user, contact)) or await self._invite(user, contact)
        # Whoever comes while the INVITE is under way shares its outcome.
        await chat.settled.wait()
        if chat.failure:
            raise chat.failure
        return chat

    async def _invite(self, user: str, contact: str) -> Chat:
        directory = await self._core.directory()
        if known := self._pairs.get((user, contact)):
            return known
        community = access.outbound(directory, user, contact)
        self._core.limits.take(directory, community, IM)
        chat = Chat(self, self._core.new_dialog(user, contact), user, contact, community.id)
        self._add(chat)
        try:
            offer = self._offer(TRANSPORTS[community.transport])
            request, response = await self._core.first(chat.dialog, "INVITE", community, [], offer)
            chat.dialog = _dialog_of(request, response, community.name)
            self._core.container.send_ack(chat.dialog.ack(response), self._core.hop(chat.dialog))
            if not description.accepts_text(response.body):
                self._core.spawn(self._hang_up(chat))
                raise Refused(488, f"community {community.name} answered without a text session")
        except Refused as refused:
            chat.failure = refused
            self._forget(chat)
            return chat
        self._opened(chat)
        return chat

    async def _say(self, chat: Chat, body: Body) -> None:
        try:
            chat.used_at = asyncio.get_running_loop().time()
            await self._core.ask(chat.dialog, "MESSAGE", [], body)
        except Refused as refused:
            if refused.status in (408, 481):
                # RFC 3261 12.2.1.2: the other side knows nothing of the session.
                self._forget(chat)
            raise
        self._core.usages.confirm(chat)

    async def _bye(self, chat: Chat) -> None:
        if self._forget(chat):
            await self._hang_up(chat)

    async def _hang_up(self, chat: Chat) -> None:
        try:
            await self._core.ask(chat.dialog, "BYE", [])
        except Refused as refused:
            self._core.failed(f"The end of the session of {chat.user} and {chat.contact}", refused)

    def _offer(self, transport: Transport) -> Body:
        identity = self._core.identity
        port = identity.interface(transport).port
        return Body(description.TYPE, description.build(identity.media_address, port, *messages.TYPES))

    def _add(self, chat: Chat) -> None:
        self._pairs[chat.pair] = chat
        self._all.add(chat)
        self._core.usages.add(chat)

    def _opened(self, chat: Chat) -> None:
        chat.settled.set()
        self._core.usages.confirm(chat)

    def _forget(self, chat: Chat) -> bool:
        if not self._core.usages.remove(chat):
            return False
        if not chat.settled.is_set():
            chat.failure = chat.failure or Refused(487, "the session has ended before it began")
            chat.settled.set()
        self._core.limits.release(chat.community, IM)
        self._all.discard(chat)
        if self._pairs.get(chat.pair) is chat:
            del self._pairs[chat.pair]
        return True

    # -- what contacts do ----------------------------------------------------------------------------------------------
    async def invited(self, transaction: ServerTransaction) -> None:
        """An INVITE outside of dialogs. Raises `Refused`."""
        request = transaction.request
        if not description.accepts_text(request.body):
            raise Refused(488, "the session description offers no text messages over SIP")
        user, contact, directory, community = await self._core.inbound(request)
        await messages.reach(self._core, user)
        try:
            dialog = Dialog.from_request(request, self._core.container.tag())
        except ValueError as error:
            raise Refused(400, str(error)) from None
        answer = self._offer(transaction.flow.transport)
        self._core.limits.take(directory, community, IM)
        chat = Chat(self, dialog, user, contact, community.id)
        self._add(chat)
        transaction.unacknowledged = lambda: self._core.spawn(self._bye(chat))
        self._core.accept(transaction, dialog, [], answer)

    async def message(self, transaction: ServerTransaction) -> None:
        """A MESSAGE outside of dialogs. Raises `Refused`."""
        user, contact, _, _ = await self._core.inbound(transaction.request)
        await messages.take(self._core, transaction, user, contact)

    def received(self, chat: Chat, transaction: ServerTransaction) -> None:
        """A request came in a session."""
        method = transaction.request.method
        if method == "MESSAGE":
            self._core.spawn(self._in_session(chat, transaction))
        elif method == "ACK":
            self._opened(chat)
        elif method == "BYE":
            self._forget(chat)
            transaction.respond(200)
        elif method == "INVITE":
            self._again(chat, transaction)
        else:
            transaction.respond(405, headers=[("Allow", "INVITE, ACK, MESSAGE, BYE")])

    def _again(self, chat: Chat, transaction: ServerTransaction) -> None:
        """A re-INVITE: a new target, the same description."""
        try:
            chat.dialog.refresh(transaction.request)
            self._core.accept(transaction, chat.dialog, [], self._offer(transaction.flow.transport))
        except Refused as refused:
            self._core.refuse(transaction, refused)

    async def _in_session(self, chat: Chat, transaction: ServerTransaction) -> None:
        try:
            await messages.take(self._core, transaction, chat.user, chat.contact)
        except Refused as refused:
            self._core.refuse(transaction, refused)


def _dialog_of(request: Request, response: Response, community: str) -> Dialog:
    try:
        return Dialog.from_response(request, response)
    except ValueError as error:
        raise Refused(502, f"the answer of community {community} cannot be used: {error}") from None
