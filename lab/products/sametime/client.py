"""`stclient`: what a person does at a Sametime client, as a command.

    stclient USER presence CONTACT SECONDS [STATUS]
    stclient USER say CONTACT TEXT SECONDS
    stclient USER inbox CONTACT [SECONDS]
    stclient USER compose CONTACT
    stclient USER close CONTACT
    stclient USER forget CONTACT
    stclient USER set STATUS

It prints lines `key=value` and ends with 0 when it worked, 1 when it did not, 2 when it was not called so. `presence`
waits until the contact's status is known, or until it is STATUS; `inbox` until there is a message, or the contact is
typing.
"""

from __future__ import annotations

import json
import socket
import sys
from collections.abc import Sequence
from typing import Any

from lab.host import Host
from lab.products.sametime import layout
from lab.products.sametime.community import STATUSES

_WORDS = {
    "presence": ("contact", "seconds", "[status]"),
    "say": ("contact", "text", "seconds"),
    "inbox": ("contact", "[seconds]"),
    "compose": ("contact",),
    "close": ("contact",),
    "forget": ("contact",),
    "set": ("status",),
}
_MARGIN_S = 2.0
_LONGEST_S = 300.0


class UsageError(Exception):
    """It was not called as it should be; the words say how."""


def stclient(host: Host, arguments: Sequence[str]) -> int:
    """The program."""
    del host
    try:
        request = request_of(arguments)
    except UsageError as error:
        print(f"stclient: {error}", file=sys.stderr)
        return 2
    try:
        worked, said = _ask(request)
    except TimeoutError:
        worked, said = False, [("reason", "the Sametime server did not answer in time")]
    except OSError as error:
        worked, said = False, [("reason", f"the Sametime server does not answer: {error.strerror or error}")]
    for key, value in said:
        # A message may have several lines, its line here has one.
        print(f"{key}={' '.join(str(value).splitlines())}")
    return 0 if worked else 1


def request_of(arguments: Sequence[str]) -> dict[str, Any]:
    """The request that the words make. Raises `UsageError`."""
    usage = "USER " + " | ".join(f"{op} {' '.join(words).upper()}" for op, words in _WORDS.items())
    if len(arguments) < 2 or arguments[1] not in _WORDS:
        raise UsageError(usage)
    user, op, *values = arguments
    names = [name.strip("[]") for name in _WORDS[op]]
    needed = sum(not name.startswith("[") for name in _WORDS[op])
    if not needed <= len(values) <= len(names):
        raise UsageError(f"USER {op} {' '.join(_WORDS[op]).upper()}")
    request: dict[str, Any] = {
        "user": user,
        "op": op,
        **dict.fromkeys(names, ""),
        **dict(zip(names, values, strict=False)),
    }
    if request.get("status") and request["status"] not in STATUSES:
        raise UsageError(f"{request['status']} is no status; there are {', '.join(STATUSES)}")
    for name in ("user", "contact"):
        if "@" not in request.get(name, "@"):
            raise UsageError(f"{request[name]} is no address; wanted is name@domain")
    if "seconds" in request:
        request["seconds"] = _seconds(request["seconds"] or "0")
    return request


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds <= _LONGEST_S:
        raise UsageError(f"{text}: seconds from 0 to {_LONGEST_S:.0f} are wanted")
    return seconds


def _ask(request: dict[str, Any]) -> tuple[bool, list[tuple[str, str]]]:
    # The server waits as long as the request says; what its gateways do may take longer, and is not waited for.
    patience = float(request.get("seconds", _MARGIN_S)) + _MARGIN_S
    server = ("127.0.0.1", layout.CLIENT_PORT)
    with socket.create_connection(server, patience) as connection, connection.makefile("rwb") as stream:
        stream.write(json.dumps(request).encode() + b"\n")
        stream.flush()
        text = stream.readline()
    if not text:
        raise ConnectionResetError("it closed the connection")
    worked, said = json.loads(text)
    return worked, said
