"""The gateway application of a server: who serves which request, and what begins and ends with it."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

from sipmessage import URI

from lab.products.gateway.application import blacklist, limits
from lab.products.gateway.application.chats import Chats
from lab.products.gateway.application.communities import Directory
from lab.products.gateway.application.core import Container, Core
from lab.products.gateway.application.database import Reader, Source
from lab.products.gateway.application.identity import Identity, Resolve
from lab.products.gateway.application.journal import Journal
from lab.products.gateway.application.limits import Limits
from lab.products.gateway.application.local import Line, LocalCommunity
from lab.products.gateway.application.refusal import Refused
from lab.products.gateway.application.subscriptions import Subscriptions
from lab.products.gateway.application.usage import State, Usages
from lab.products.gateway.application.watchers import Watchers
from lab.sip.address import next_hop
from lab.sip.headers import tag, uri
from lab.sip.server import ServerTransaction

_UNKNOWN_REQUESTS = 10
ALLOW = "INVITE, ACK, BYE, CANCEL, MESSAGE, SUBSCRIBE, NOTIFY, OPTIONS"


class Gateway:
    """See the module; for the loop's thread. `name` is how the local community server knows this member."""

    def __init__(
        self, name: str, container: Container, identity: Identity, source: Source, *, resolve: Resolve, journal: Journal
    ) -> None:
        self._journal, self._resolve, self._identity = journal, resolve, identity
        self._reader = Reader(source, journal, self._directory_changed)
        self._place: tuple[str, int] | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self.usages = Usages()
        self._core = Core(
            container, identity, resolve, journal=journal, limits=Limits(), usages=self.usages,
            directory=self._reader.current, spawn=self.spawn,
        )  # fmt: skip
        self._subscriptions, self._watchers = Subscriptions(self._core), Watchers(self._core)
        self._chats = Chats(self._core)
        self._local = LocalCommunity(
            name, journal, serve=self._from_local, changed=self._watchers.changed, connected=self._reachable
        )  # fmt: skip
        self._core.local = self._local
        self._adopted: list[tuple[str, str]] = []

    def start(self) -> None:
        """Connect to the local community, and stay so."""
        self.spawn(self._local.run(self._local_place))
        self.spawn(self._chats.sweep())

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Run it in the background."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception():
            self._journal.tell(900, "E", f"An error of the gateway itself: {task.exception()!r}")

    def stop(self) -> None:
        """End everything; what is replicated lives on elsewhere."""
        for task in list(self._tasks):
            task.cancel()

    # -- requests from the network -------------------------------------------------------------------------------------
    def serve(self, transaction: ServerTransaction) -> None:
        """Answer a request."""
        required = transaction.request.headers.getlist("Require")
        if required and transaction.request.method != "ACK":
            self._refuse_extensions(transaction, ", ".join(required))
            return
        try:
            self._check_place(transaction)
            if tag(transaction.request.headers["To"]):
                self._in_dialog(transaction)
            else:
                self._outside(transaction)
        except Refused as refused:
            self._core.refuse(transaction, refused)

    def _refuse_extensions(self, transaction: ServerTransaction, required: str) -> None:
        """RFC 3261 8.2.2.3: it supports none."""
        peer = transaction.flow.remote[0]
        self._journal.tell(420, "W", f"{transaction.request.method} from {peer} requires {required}: not supported")
        transaction.respond(420, headers=[("Unsupported", required)])

    def _in_dialog(self, transaction: ServerTransaction) -> None:
        request = transaction.request
        usage = self.usages.find(request)
        if usage is None:
            if request.method != "ACK":
                raise Refused(481, "no session or subscription of this server is meant")
        elif usage.dialog.accept(request) or request.method == "ACK":
            usage.serve(transaction)
        else:
            raise Refused(500, f"CSeq {request.headers['CSeq']} is out of order")

    def _outside(self, transaction: ServerTransaction) -> None:
        method = transaction.request.method
        if method == "INVITE":
            self._serve(transaction, self._chats.invited(transaction))
        elif method == "SUBSCRIBE":
            self._serve(transaction, self._watchers.subscribe(transaction))
        elif method == "MESSAGE":
            self._serve(transaction, self._chats.message(transaction))
        elif method == "OPTIONS":
            transaction.respond(200, headers=[("Allow", ALLOW)])
        elif method in ("NOTIFY", "BYE"):
            raise Refused(481, "it belongs to no session or subscription")
        elif method != "ACK":
            transaction.respond(405, headers=[("Allow", ALLOW)])

    def _serve(self, transaction: ServerTransaction, work: Coroutine[Any, Any, None]) -> None:
        async def answer() -> None:
            try:
                await work
            except Refused as refused:
                self._core.refuse(transaction, refused)

        self.spawn(answer())

    def _check_place(self, transaction: ServerTransaction) -> None:
        """Raises `Refused` for a request whose Route or Request-URI leads elsewhere: this is no proxy."""
        request, peer = transaction.request, transaction.flow.remote[0]
        for route in request.headers.getlist("Route"):
            try:
                host = next_hop(URI.parse(uri(route)))[1]
            except ValueError as error:
                raise Refused(400, f"Route {route} cannot be used: {error}") from None
            if not self._identity.is_self(host, peer):
                raise Refused(403, f"Route {route} is not this gateway, which passes nothing on")
        host = request.uri.host
        if not self._identity.is_self(host, peer) and not self._serves(host):
            raise Refused(403, f"Request-URI {request.uri} is neither this gateway nor a local user")

    def _serves(self, host: str) -> bool:
        directory = self._reader.last
        return directory is None or directory.is_local(host)

    # -- requests from the local community -----------------------------------------------------------------------------
    async def _from_local(self, line: Line) -> Line | None:
        try:
            op, user, contact = line["op"], str(line["user"]), str(line["contact"])
            if op == "subscribe":
                return await self._subscriptions.subscribe(user, contact)
            if op == "send":
                return await self._chats.send(user, contact, str(line["text"]))
            if op == "unsubscribe":
                await self._subscriptions.unsubscribe(user, contact)
            elif op == "compose":
                await self._chats.compose(user, contact)
            elif op == "close":
                await self._chats.close(user, contact)
            else:
                raise KeyError(op)
        except KeyError as error:
            self._journal.tell(202, "W", f"The local community server said {line}, in which {error} is wrong")
            return {"error": f"{error} is missing or not known"}
        return None

    # -- communities ---------------------------------------------------------------------------------------------------
    async def _local_place(self) -> tuple[str, int] | None:
        try:
            await self._reader.current()
        except Refused:
            return None
        return self._place

    def _directory_changed(self, directory: Directory) -> None:
        names = ", ".join(f"{each.name} ({each.host}:{each.port} {each.transport})" for each in directory.external)
        self._journal.tell(100, "I", f"External communities: {names or 'none'}")
        for problem in directory.problems:
            self._journal.tell(102, "E", problem)
        listed = directory.properties.get(blacklist.PROPERTY, "")
        for entry in blacklist.wrong(listed):
            self._journal.tell(
                103, "W", f"The entry {entry} of the blacklist matches nothing: * stands for a first label"
            )
        for owner in (directory.properties, *(each.properties for each in directory.external)):
            for each in limits.wrong(owner):
                self._journal.tell(104, "W", f"{each} is no limit: {limits.DEFAULT} counts; give -1, 0 or more")
        place = self._find(directory)
        if place != self._place:
            self._place = place
            self._local.move()

    def _find(self, directory: Directory) -> tuple[str, int] | None:
        local = directory.local
        address = self._resolve(local.host) if local else None
        if local and address is None:
            self._journal.tell(
                203, "E", f"The host name {local.host} of the local community {local.name} cannot be resolved"
            )  # fmt: skip
        return (address, local.port) if local and address else None

    # -- what another member had ---------------------------------------------------------------------------------------
    def adopt(self, member: str, states: list[State]) -> None:
        """Go on with the dialogs of a lost member."""
        pairs = [pair for state in states if (pair := self._restore(state))]
        self._journal.tell(403, "A", f"Member {member} is gone; {len(pairs)} of its dialogs are continued here")
        self._adopted += pairs
        self._say_adopted()

    def _restore(self, state: State) -> tuple[str, str] | None:
        # What the lost member said last may not have got here: its number is not to be used twice.
        state["dialog"]["local_cseq"] += _UNKNOWN_REQUESTS
        kinds = {
            "subscription": self._subscriptions.restore,
            "watcher": self._watchers.restore,
            "chat": self._chats.restore,
        }
        return kinds[state["kind"]](state)

    def _reachable(self) -> None:
        """The local community server is there, perhaps again."""
        self._watchers.look_again()
        self._say_adopted()

    def _say_adopted(self) -> None:
        if self._adopted and self._local.is_connected:
            self._local.tell({"op": "adopted", "pairs": sorted({tuple(pair) for pair in self._adopted})})
            self._adopted = []
