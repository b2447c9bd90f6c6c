"""The Sametime server between its two ports, for gateways and for clients."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

from lab.products.sametime import clients
from lab.products.sametime.community import Community
from lab.products.sametime.gateways import Gateway, Gateways, Line
from lab.products.sametime.switchboard import Switchboard, status_of

# A gateway whose machine is switched off says nothing any more: noticed after idle + interval * count seconds.
_KEEPALIVE = ((socket.TCP_KEEPIDLE, 2), (socket.TCP_KEEPINTVL, 1), (socket.TCP_KEEPCNT, 3))
_HELLO_S = 5.0
_LONGEST_LINE = 65536


class Server:
    """What happens at both ports; `say` is told who came and went. Gateways may connect from the addresses `trusted`;
    None: from any."""

    def __init__(self, community: Community, say: Callable[[str], None], trusted: frozenset[str] | None = None) -> None:
        self.board = Switchboard(community, Gateways())
        self._say = say
        self._trusted = trusted

    def serve_gateways(self, listener: socket.socket) -> None:
        """Until the listener is closed."""
        for connection in _accepted(listener):
            threading.Thread(target=self._gateway, args=(connection,), daemon=True).start()

    def serve_clients(self, listener: socket.socket) -> None:
        """Until the listener is closed."""
        for connection in _accepted(listener):
            threading.Thread(target=clients.serve, args=(self.board, connection), daemon=True).start()

    def _gateway(self, connection: socket.socket) -> None:
        with connection:
            address = connection.getpeername()[0]
            if self._trusted is not None and address not in self._trusted:
                self._say(f"refused {address}: it is not one of the trusted IP addresses")
                return
            lines = _lines(connection)
            connection.settimeout(_HELLO_S)
            hello = next(lines, {})
            name = hello.get("gateway")
            if hello.get("op") != "hello" or not isinstance(name, str) or not name:
                self._say(f"refused {address}: it did not say hello as a gateway")
                return
            connection.settimeout(None)
            for option, seconds in _KEEPALIVE:
                connection.setsockopt(socket.IPPROTO_TCP, option, seconds)
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
            gateway = Gateway(name, connection)
            with self.board.gateways.connected(gateway):
                self._say(f"gateway {name} connected")
                gateway.tell({"op": "welcome", "domains": self.board.community.domains})
                threading.Thread(target=self.board.came, daemon=True).start()
                for line in lines:
                    self._take(gateway, line)
            self._say(f"gateway {name} lost")
        self.board.lost(name)

    def _take(self, gateway: Gateway, line: Line) -> None:
        if "op" not in line:
            gateway.answered(line)
            return
        try:
            answer = answer_to(self.board, gateway.name, line)
        except (KeyError, TypeError, ValueError) as error:
            self._say(f"gateway {gateway.name} sent {json.dumps(line)}: {error!r}")
            answer = {"error": repr(error)}
        if "id" in line:
            gateway.tell({"id": line["id"], **answer})


def answer_to(board: Switchboard, gateway: str, line: Line) -> Line:
    """What a request of a gateway gets, without its id. Raises `KeyError`, `TypeError` or `ValueError` for one that is
    not as agreed."""
    community = board.community
    match line["op"]:
        case "status":
            return {"status": community.status(line["user"])}
        case "watch":
            community.watch(line["user"], gateway)
        case "unwatch":
            community.unwatch(line["user"], gateway)
        case "deliver":
            reason = community.deliver(line["from"], line["to"], line["text"])
            if reason:
                return {"delivered": False, "reason": reason}
            board.delivered(gateway, (line["to"], line["from"]))
            return {"delivered": True}
        case "typing":
            community.note_typing(line["from"], line["to"], active=bool(line["active"]))
        case "presence":
            status = status_of(line["status"])
            community.note_presence((line["user"], line["contact"]), status, str(line.get("reason", "")))
        case "adopted":
            board.adopted(gateway, line["pairs"])
        case word:
            raise ValueError(f"no such op: {word}")
    return {}


def _accepted(listener: socket.socket) -> Iterator[socket.socket]:
    with suppress(OSError):
        while True:
            yield listener.accept()[0]


def _lines(connection: socket.socket) -> Iterator[dict[str, Any]]:
    """The objects that come, until the connection ends or what comes is none."""
    with connection.makefile("rb") as stream, suppress(OSError, ValueError):
        while text := stream.readline(_LONGEST_LINE):
            line = json.loads(text)
            if not isinstance(line, dict):
                return
            yield line
