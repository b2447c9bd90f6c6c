"""Parties of a conversation over loopback."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from sipmessage import URI, Request, Response

from lab.sip.address import Flow, Target, Transport
from lab.sip.message import SipMessage
from lab.sip.transports import Transports

WITHIN_S = 10.0
LOOPBACK = "127.0.0.1"
_Result = TypeVar("_Result")


def run(work: Coroutine[Any, Any, _Result]) -> _Result:
    """Do it in a loop of its own, within bounds."""

    async def bounded() -> _Result:
        async with asyncio.timeout(WITHIN_S):
            return await work

    return asyncio.run(bounded())


async def until(condition: Callable[[], object]) -> None:
    """Wait for it."""
    while not condition():
        await asyncio.sleep(0.005)


class Party:
    """Somebody with transports who only notes what comes."""

    def __init__(self, client_tls: ssl.SSLContext | None = None) -> None:
        self.messages: list[tuple[SipMessage, Flow]] = []
        self.malformed: list[tuple[bytes, str]] = []
        self.lost: list[Flow] = []
        self.transports = Transports(
            lambda message, flow: self.messages.append((message, flow)),
            lambda data, _, reason: self.malformed.append((data, reason)),
            lost=self.lost.append,
            client_tls=client_tls,
        )

    async def listen(self, transport: Transport) -> Target:
        """Open an end point: how others reach it."""
        return Target(transport, *await self.transports.listen(transport, LOOPBACK, 0))

    async def next(self, number: int = 1) -> tuple[SipMessage, Flow]:
        """The message of that number, once it is here."""
        await until(lambda: len(self.messages) >= number)
        return self.messages[number - 1]


def request(method: str = "MESSAGE", number: int = 1, *, via: str | None = None, call: str = "call") -> Request:
    """A request of Alice to Bob, with a Via if one is given."""
    made = Request(method, URI.parse("sip:bob@partner.example"))
    if via:
        made.headers.set("Via", via)
    made.headers.set("Max-Forwards", "70")
    made.headers.set("From", "<sip:alice@rtp.example>;tag=of-alice")
    made.headers.set("To", "<sip:bob@partner.example>")
    made.headers.set("Call-ID", call)
    made.headers.set("CSeq", f"{number} {method}")
    made.headers.set("Contact", "<sip:alice@192.0.2.1:5070>")
    return made


def code(message: SipMessage) -> int:
    """The status of an answer."""
    assert isinstance(message, Response)
    return message.code
