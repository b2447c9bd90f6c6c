"""What the server does for its people: one request a connection, a line of JSON, with a list of words as its answer.

The answer is `[worked, [[key, value], ...]]`; the client prints the pairs and ends with 0 or 1.
"""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from lab.products.sametime.community import UNKNOWN, Pair
from lab.products.sametime.gateways import GoneError
from lab.products.sametime.switchboard import Switchboard, status_of

_REQUEST_S = 5.0

Said = list[tuple[str, str]]
Answer = tuple[bool, Said]


def serve(board: Switchboard, connection: socket.socket) -> None:
    """Answer one client."""
    connection.settimeout(_REQUEST_S)
    with connection, connection.makefile("rwb") as stream, suppress(OSError, ValueError):
        request = json.loads(stream.readline())
        connection.settimeout(None)
        stream.write(json.dumps(answer_to(board, request)).encode() + b"\n")


def answer_to(board: Switchboard, request: Mapping[str, Any]) -> Answer:
    """What a person's request gets. Raises `ValueError` for a status that is none."""
    user, op = request["user"], request["op"]
    status = board.community.status(user)
    if status == UNKNOWN:
        return False, [("reason", f"{user} is nobody of this server")]
    if op == "set":
        board.set_status(user, status_of(request["status"]))
        return True, [("status", request["status"])]
    if status == "offline":
        return False, [("reason", f"{user} is offline: set {user} online first")]
    return _REQUESTS[op](board, (user, request["contact"]), request)


def _presence(board: Switchboard, pair: Pair, request: Mapping[str, Any]) -> Answer:
    wanted = status_of(request["status"]) if request["status"] else None
    found = board.presence(pair, wanted, float(request["seconds"]))
    said: Said = [("status", found.status)]
    if found.status == UNKNOWN:
        said += [("reason", found.reason), ("code", str(found.code))]
    if found.gateway:
        said.append(("gateway", found.gateway))
    return found.status == (wanted or found.status) != UNKNOWN, said


def _say(board: Switchboard, pair: Pair, request: Mapping[str, Any]) -> Answer:
    sent, reason, code = board.send(pair, request["text"])
    said = [("sent", "yes" if sent else "no")]
    if not sent:
        said += [("reason", reason), ("code", str(code))]
    return sent, said


def _inbox(board: Switchboard, pair: Pair, request: Mapping[str, Any]) -> Answer:
    messages, typing = board.community.empty_inbox(pair, request["seconds"])
    return True, [*(("message", text) for text in messages), *([("typing", "yes")] if typing else [])]


def _tell(board: Switchboard, pair: Pair, request: Mapping[str, Any]) -> Answer:
    try:
        board.tell(pair, request["op"])
    except GoneError as error:
        return False, [("reason", str(error))]
    return True, []


def _forget(board: Switchboard, pair: Pair, _request: Mapping[str, Any]) -> Answer:
    board.forget(pair)
    return True, []


_REQUESTS: dict[str, Callable[[Switchboard, Pair, Mapping[str, Any]], Answer]] = {
    "presence": _presence,
    "say": _say,
    "inbox": _inbox,
    "compose": _tell,
    "close": _tell,
    "forget": _forget,
}
