"""A gateway with its own local community and database rows, on an address of the loopback network."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

from lab.products.gateway.application.application import Gateway
from lab.products.gateway.application.identity import Identity
from lab.products.sametime import addin
from lab.products.sametime.community import Community, Contact, Status
from lab.products.sametime.server import Server
from lab.products.was.servers.runtime import Runtime
from lab.products.was.sip.container import Container
from lab.sip.address import Transport, is_literal
from lab.sip.reactor import Reactor
from tests.lab.products.gateway.log import Log, journal
from tests.lab.products.gateway.rows import FixedSource, rows

WITHIN_S = 8.0


class Site:
    """A standalone gateway of `domain` and its people; `partner` is where its external community's entry leads."""

    def __init__(self, folder: Path, address: str, domain: str, people: dict[str, Status]) -> None:
        self.address, self.domain, self.log = address, domain, Log()
        self.server = Server(
            Community({f"{name}@{domain}": status for name, status in people.items()}), addin.journal(folder / domain)
        )
        self._listener = socket.create_server((address, 0))
        threading.Thread(target=self.server.serve_gateways, args=(self._listener,), daemon=True).start()
        self._sockets: dict[Transport, socket.socket] = {"tcp": socket.create_server((address, 0))}
        self.port: int = self._sockets["tcp"].getsockname()[1]
        self._sockets["udp"] = socket.socket(type=socket.SOCK_DGRAM)
        self._sockets["udp"].bind((address, self.port))
        self.source = FixedSource({})
        self._reactor = Reactor()
        self.gateway: Gateway

    def start(
        self, partner: tuple[str, int], partner_domain: str, transport: Transport = "tcp", **changes: Any
    ) -> None:
        """Open the gateway, and wait for its local community."""
        self.source.content = rows(
            self._listener.getsockname(), partner, domains=(self.domain, partner_domain), transport=transport, **changes
        )
        self._reactor.start()
        self._reactor.call(self._open(), WITHIN_S)
        until(lambda: bool(self.server.board.gateways.names()))

    async def _open(self) -> None:
        server = SimpleNamespace(host=SimpleNamespace(now=time.time), node="node", name="RTCGWServer", log=self.log)
        container = Container(
            cast(Runtime, server), self._reactor, host=self.address, address=self.address,
            ports={"tcp": self.port, "udp": self.port}, clustered=False, replication=None, client_tls=None,
            open_application=self._application,
        )  # fmt: skip
        for transport, sock in self._sockets.items():
            container.transports.adopt(transport, sock)
        self._container = container

    def _application(self, container: Container) -> Gateway:
        self.gateway = Gateway(
            "node/RTCGWServer", container, Identity(container, "", literal), self.source, resolve=literal,
            journal=journal(self.log),
        )  # fmt: skip
        self.gateway.start()
        return self.gateway

    def stop(self) -> None:
        """End it all, if that has not been done."""
        self._listener.close()
        if not self._reactor.loop.is_closed():
            with suppress(TimeoutError):
                self._reactor.call(self._close(), WITHIN_S)
            self._reactor.stop()

    async def _close(self) -> None:
        self._container.stop()
        await self._container.transports.close()

    # -- what people do ------------------------------------------------------------------------------------------------
    def presence(self, user: str, contact: str, wanted: Status | None = None) -> Contact:
        return self.server.board.presence((user, contact), wanted, WITHIN_S)

    def say(self, user: str, contact: str, text: str) -> tuple[bool, str, int]:
        return self.server.board.send((user, contact), text)

    def inbox(self, user: str, contact: str) -> tuple[list[str], bool]:
        return self.server.board.community.empty_inbox((user, contact), 0.0)

    def set(self, user: str, status: Status) -> None:
        self.server.board.set_status(user, status)

    def change(self, **changes: Any) -> None:
        """Other rows from now on, and wait until they can have been read."""
        content = dict(self.source.content)
        content.update(changes)
        self.source.content = content
        self._reactor.call(self._forget_rows(), WITHIN_S)

    async def _forget_rows(self) -> None:
        self.gateway._reader._read_at = 0.0


def literal(host: str) -> str | None:
    return host if is_literal(host) else None


@contextmanager
def two_sites(folder: Path, transport: Transport = "tcp", **changes: Any) -> Iterator[tuple[Site, Site]]:
    """`rtp` and `partner`, whose gateways know each other; `changes` are made to the rows of `rtp`."""
    rtp = Site(folder, "127.0.0.11", "rtp.example", {"alice": "online", "ann": "online", "amy": "offline"})
    partner = Site(folder, "127.0.0.12", "partner.example", {"bob": "online", "ben": "away", "bea": "offline"})
    try:
        rtp.start((partner.address, partner.port), partner.domain, transport, **changes)
        partner.start((rtp.address, rtp.port), rtp.domain, transport)
        yield rtp, partner
    finally:
        rtp.stop()
        partner.stop()


def until(true: Callable[[], bool]) -> None:
    """Wait until it is true."""
    deadline = time.monotonic() + WITHIN_S
    while not true():
        assert time.monotonic() < deadline, "it did not come about"
        time.sleep(0.01)
