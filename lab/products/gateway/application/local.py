"""The link to the local community's server: lines of JSON on port 1516. The real protocol (VP) is not public."""

from __future__ import annotations

import asyncio
import itertools
import json
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from typing import Any, cast

from lab.products.gateway.application.journal import Journal
from lab.products.gateway.application.pidf import STATUSES, Status
from lab.products.gateway.application.refusal import Refused

Line = dict[str, Any]
Serve = Callable[[Line], Awaitable[Line | None]]
Changed = Callable[[str, Status], None]

_ANSWER_S = 5.0
_RETRY_S = 1.0
_CONNECT_S = 3.0
_FRESH_S = 2.0
_WELCOME_S = 2.0
_LONGEST = 65536


class LocalCommunity:
    """A client of the server, connected for as long as `run` runs. For the loop's thread.

    `serve` answers what the server asks; `changed` is called with a watched user and the new status; `connected` once
    the server has said welcome.
    """

    def __init__(
        self, gateway: str, journal: Journal, *, serve: Serve, changed: Changed, connected: Callable[[], None]
    ) -> None:
        self._gateway, self._journal = gateway, journal
        self._serve, self._changed, self._connected = serve, changed, connected
        self._writer: asyncio.StreamWriter | None = None
        self._is_there = asyncio.Event()
        self._away_since = asyncio.get_running_loop().time()
        self._numbers = itertools.count(1)
        self._waiting: dict[int, asyncio.Future[Line]] = {}
        self._watched: Counter[str] = Counter()
        self._known: dict[str, tuple[float, Status]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def run(self, place: Callable[[], Awaitable[tuple[str, int] | None]]) -> None:
        """Connect, and again whenever the connection is lost. `place` gives address and port; None: not known yet."""
        while True:
            where = await place()
            if where:
                try:
                    await self._connection(*where)
                except asyncio.IncompleteReadError:
                    self._unusable(where, "the connection was closed")
                except TimeoutError:
                    self._unusable(where, f"no answer within {_CONNECT_S:.0f} s")
                except (OSError, ValueError, asyncio.LimitOverrunError) as error:
                    self._unusable(where, str(error))
            await asyncio.sleep(_RETRY_S)

    def _unusable(self, where: tuple[str, int], why: str) -> None:
        self._journal.tell(
            201, "E", f"The local community server at {where[0]}, port {where[1]}, cannot be used: {why}"
        )  # fmt: skip

    @property
    def is_connected(self) -> bool:
        """Whether the server has said welcome."""
        return self._writer is not None

    def move(self) -> None:
        """Connect anew: the server's place has changed."""
        if self._writer:
            self._writer.close()

    # -- what is asked and told ----------------------------------------------------------------------------------------
    async def status(self, user: str) -> Status:
        """Of a local user, at most two seconds old; `unknown` is nobody. Raises `Refused` without a connection."""
        now = asyncio.get_running_loop().time()
        at, status = self._known.get(user, (0.0, "unknown"))
        if at and (self._watched[user] or now - at < _FRESH_S):
            return status
        status = _status(await self._ask({"op": "status", "user": user}))
        self._known[user] = (now, status)
        return status

    def watch(self, user: str) -> None:
        """Hear of every change of the user's status from now on; as often as `unwatch`."""
        self._watched[user] += 1
        if self._watched[user] == 1:
            self._known.pop(user, None)
            self.tell({"op": "watch", "user": user})

    def unwatch(self, user: str) -> None:
        """One watches less."""
        self._watched[user] -= 1
        if self._watched[user] <= 0:
            del self._watched[user]
            self._known.pop(user, None)
            self.tell({"op": "unwatch", "user": user})

    async def deliver(self, sender: str, to: str, text: str) -> str:
        """Give a message to a local user: why it could not be delivered, empty when it was. Raises `Refused`."""
        answer = await self._ask({"op": "deliver", "from": sender, "to": to, "text": text})
        return "" if answer.get("delivered") else str(answer.get("reason") or "unknown")

    def tell(self, line: Mapping[str, Any]) -> None:
        """Send a line that has no answer; nobody hears it without a connection."""
        if self._writer:
            self._writer.write(json.dumps(line).encode() + b"\n")

    async def _ask(self, line: Line) -> Line:
        if self._writer is None:
            await self._await_it()
        if self._writer is None:
            raise Refused(503, "the local community server is not connected")
        number = next(self._numbers)
        answer = self._waiting[number] = asyncio.get_running_loop().create_future()
        self.tell({"id": number, **line})
        try:
            async with asyncio.timeout(_ANSWER_S):
                said: Line = await answer
        except TimeoutError:
            why = f"the local community server did not answer '{line['op']}' within {_ANSWER_S:.0f} s"
            raise Refused(503, why) from None
        finally:
            del self._waiting[number]
        if "error" in said:
            why = f"the local community server refused '{line['op']}': {said['error']}"
            raise Refused(503, why)
        return said

    async def _await_it(self) -> None:
        """Of what comes while the connection is being made nothing is refused."""
        left_s = self._away_since + _WELCOME_S - asyncio.get_running_loop().time()
        if left_s > 0:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._is_there.wait(), left_s)

    # -- the connection ------------------------------------------------------------------------------------------------
    async def _connection(self, address: str, port: int) -> None:
        async with asyncio.timeout(_CONNECT_S):
            reader, writer = await asyncio.open_connection(address, port, limit=_LONGEST)
        try:
            writer.write(json.dumps({"op": "hello", "gateway": self._gateway}).encode() + b"\n")
            async with asyncio.timeout(_CONNECT_S):
                welcome = _line(await reader.readuntil(b"\n"))
            if welcome.get("op") != "welcome":
                raise ValueError(f"it said {welcome} instead of welcome")
            self._writer = writer
            self._is_there.set()
            for user in self._watched:
                self.tell({"op": "watch", "user": user})
            domains = ", ".join(welcome.get("domains", ()))
            self._journal.tell(
                200, "I", f"Connected to the local community server at {address}, port {port}: {domains}"
            )
            self._connected()
            while True:
                self._take(_line(await reader.readuntil(b"\n")))
        finally:
            if self._writer:
                self._away_since = asyncio.get_running_loop().time()
            self._writer = None
            self._is_there.clear()
            writer.close()
            self._lost()

    def _lost(self) -> None:
        for answer in self._waiting.values():
            if not answer.done():
                answer.set_exception(Refused(503, "the connection to the local community server was lost"))
        self._known.clear()
        for user in self._watched:
            self._changed(user, "unknown")

    def _take(self, line: Line) -> None:
        if "op" not in line:
            answer = self._waiting.get(line.get("id", 0))
            if answer and not answer.done():
                answer.set_result(line)
        elif line["op"] == "status":
            user, status = str(line.get("user", "")), _status(line)
            self._known[user] = (asyncio.get_running_loop().time(), status)
            self._changed(user, status)
        else:
            task = asyncio.get_running_loop().create_task(self._answer(line))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _answer(self, line: Line) -> None:
        answer = await self._serve(line)
        if answer is not None and "id" in line:
            self.tell({"id": line["id"], **answer})


def _line(text: bytes) -> Line:
    """Raises `ValueError` for what is no object."""
    line = json.loads(text)
    if not isinstance(line, dict):
        raise ValueError(f"the local community server said {line!r}, which is no object")
    return line


def _status(line: Line) -> Status:
    word = line.get("status")
    if word not in STATUSES:
        raise ValueError(f"the local community server said {line}, which has no status")
    return cast(Status, word)
