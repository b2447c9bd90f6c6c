"""Established dialogs are copied to exactly one other member of the replication domain, which goes on with them when
this one is lost. Lines of JSON between the members' `DCS_UNICAST_ADDRESS` end points; the product's own protocol is not
public.

The copying side says `{"op": "hello", "member", "started", "domain", "token"}` and gets `{"op": "welcome"}`, or
`{"op": "refused", "why"}`; then it says `put` (key, state), `drop` (key), and `alive` every second.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import socket
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

from lab.products.gateway.application.identity import Resolve
from lab.products.gateway.application.journal import Journal
from lab.products.gateway.application.replication_domain import Peer
from lab.products.gateway.application.usage import State

_FLUSH_S = 0.02
_ALIVE_S = 1.0
_SILENT_S = 5.0
_RETRY_S = 1.0
_CONNECT_S = 1.0
_BACK_S = 1.5
_LOOK_S = 0.05
_LONGEST = 1 << 20

Adopt = Callable[[str, list[State]], None]
Spawn = Callable[[Coroutine[Any, Any, None]], None]


class Replication:
    """Of one member; for the loop's thread. `confirmed` gives all dialogs to copy; `adopt` is called with a lost member
    and what it had; `token` is what members of the cell know."""

    def __init__(
        self,
        member: str,
        started: int,
        domain: str,
        token: str,
        *,
        resolve: Resolve,
        journal: Journal,
        confirmed: Callable[[], list[tuple[str, State]]],
        adopt: Adopt,
        spawn: Spawn,
    ) -> None:
        self._hello = {"op": "hello", "member": member, "started": started, "domain": domain, "token": token}
        self._domain, self._token = domain, token
        self._resolve, self._journal, self._confirmed, self._adopt = resolve, journal, confirmed, adopt
        self._spawn = spawn
        self._pending: dict[str, State | None] = {}
        self._partner: asyncio.StreamWriter | None = None
        self._held: dict[str, _Held] = {}
        self._peers: Sequence[Peer] = ()
        self._server: asyncio.Server | None = None

    async def start(self, sock: socket.socket, peers: Sequence[Peer]) -> None:
        """Take copies on a listening socket, and begin to give some."""
        self._peers = peers
        sock.setblocking(False)
        self._server = await asyncio.start_server(self._taken, sock=sock, limit=_LONGEST)
        self._spawn(self._give())

    # -- giving --------------------------------------------------------------------------------------------------------
    def put(self, key: str, state: State) -> None:
        """See `usage.Replica`."""
        self._note(key, state)

    def drop(self, key: str) -> None:
        """See `usage.Replica`."""
        self._note(key, None)

    def _note(self, key: str, state: State | None) -> None:
        if self._partner is None:
            return
        if not self._pending:
            asyncio.get_running_loop().call_later(_FLUSH_S, self._flush)
        self._pending[key] = state

    def _flush(self) -> None:
        pending, self._pending = self._pending, {}
        if self._partner:
            lines = (
                {"op": "drop", "key": key} if state is None else {"op": "put", "key": key, "state": state}
                for key, state in pending.items()
            )
            self._partner.write(b"".join(json.dumps(line).encode() + b"\n" for line in lines))

    async def _give(self) -> None:
        while True:
            for peer in self._peers:
                if await self._give_to(peer):
                    break
            await asyncio.sleep(_RETRY_S)

    async def _give_to(self, peer: Peer) -> bool:
        """Copy to a peer until the connection is lost; whether it was the right one."""
        address = self._resolve(peer.host)
        if address is None:
            self._journal.tell(402, "E", f"The host name {peer.host} of member {peer.name} cannot be resolved")
            return False
        try:
            async with asyncio.timeout(_CONNECT_S):
                reader, writer = await asyncio.open_connection(address, peer.port, limit=_LONGEST)
        except (OSError, TimeoutError):
            return False
        try:
            return await self._copy(peer, reader, writer)
        except (OSError, ValueError, TimeoutError, asyncio.IncompleteReadError):
            return False
        finally:
            writer.close()

    async def _copy(self, peer: Peer, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        writer.write(json.dumps(self._hello).encode() + b"\n")
        async with asyncio.timeout(_SILENT_S):
            answer = json.loads(await reader.readuntil(b"\n"))
        if answer.get("op") != "welcome":
            return False
        self._journal.tell(400, "I", f"Dialogs are replicated to {peer.name} (replication domain {self._domain})")
        self._partner, self._pending = writer, {}
        for key, state in self._confirmed():
            self._note(key, state)
        # The partner says nothing more: reading finds the end of the connection.
        ended = asyncio.ensure_future(reader.read(1))
        try:
            while not ended.done():
                writer.write(b'{"op": "alive"}\n')
                await asyncio.wait([ended], timeout=_ALIVE_S)
        finally:
            self._partner = None
            ended.cancel()
        self._journal.tell(401, "W", f"Dialogs are not replicated any more: the connection to {peer.name} was lost")
        return True

    # -- taking --------------------------------------------------------------------------------------------------------
    async def _taken(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(_SILENT_S):
                hello = json.loads(await reader.readuntil(b"\n"))
            why = self._objection(hello)
            answer = {"op": "refused", "why": why} if why else {"op": "welcome"}
            writer.write(json.dumps(answer).encode() + b"\n")
            if not why:
                await self._keep(hello["member"], int(hello["started"]), reader)
        except (OSError, ValueError, KeyError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            # Whoever does not speak this protocol, or stopped to: what it had is dealt with in `_keep`.
            pass
        finally:
            writer.close()

    def _objection(self, hello: dict[str, Any]) -> str:
        if hello.get("op") != "hello" or not hmac.compare_digest(str(hello.get("token", "")), self._token):
            return "not a member of this cell"
        if hello.get("domain") != self._domain:
            return f"this member belongs to the replication domain {self._domain}"
        return ""

    async def _keep(self, member: str, started: int, reader: asyncio.StreamReader) -> None:
        before = self._held.get(member)
        if before and before.started != started:
            # It was restarted faster than its loss was noticed.
            self._take_over(member, before)
        held = self._held[member] = _Held(started)
        try:
            while True:
                async with asyncio.timeout(_SILENT_S):
                    line = json.loads(await reader.readuntil(b"\n"))
                if line["op"] == "put":
                    held.states[line["key"]] = line["state"]
                elif line["op"] == "drop":
                    held.states.pop(line["key"], None)
        finally:
            held.lost = True
            self._spawn(self._lost(member, held))

    async def _lost(self, member: str, held: _Held) -> None:
        """The connection of a member ended: it is gone, unless it listens on and comes back."""
        peer = next((each for each in self._peers if each.name == member), None)
        loop = asyncio.get_running_loop()
        until = loop.time() + _BACK_S
        # Of a process that ends, end points may be open a moment longer than connections.
        while peer and self._held.get(member) is held and loop.time() < until and await self._listens(peer):
            await asyncio.sleep(_LOOK_S)
        if self._held.get(member) is held:
            self._take_over(member, held)

    def claim(self, key: str) -> bool:
        """See `usage.Replica`: the SIP proxy has noticed the loss of a member first, and sends its requests here."""
        for member, held in list(self._held.items()):
            if held.lost and key in held.states:
                self._take_over(member, held)
                return True
        return False

    async def _listens(self, peer: Peer) -> bool:
        try:
            async with asyncio.timeout(_CONNECT_S):
                _, writer = await asyncio.open_connection(self._resolve(peer.host), peer.port)
        except (OSError, TimeoutError):
            return False
        writer.close()
        return True

    def _take_over(self, member: str, held: _Held) -> None:
        del self._held[member]
        if held.states:
            self._adopt(member, list(held.states.values()))


class _Held:
    """What a member, as it was started last, has here."""

    def __init__(self, started: int) -> None:
        self.started = started
        self.lost = False
        self.states: dict[str, State] = {}
