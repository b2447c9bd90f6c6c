"""The way from one process of WAS to another, in place of SOAP: lines of JSON over TCP.

A client says who it is in its first line (`user` and `password`, or the `token` of another server of the cell), is told
which process it reached, and then sends one request a line. Whatever else listens on a port is no process of WAS.
"""

from __future__ import annotations

import json
import socket
import threading
import traceback
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any

from lab.products.was.admin import Admin, Argument, Process, Reply
from lab.products.was.errors import NotAuthorized, NotReachable, ScriptingError

PROTOCOL = "was61"
CONNECT_WITHIN_S = 5.0
ANSWER_WITHIN_S = 600.0


class Connection(Admin):
    """A client of a server. Raises `NotReachable` and `NotAuthorized`; any call may raise `NotReachable` later."""

    process: Process

    def __init__(
        self, host_name: str, port: int, user: str | None = None, password: str | None = None, *, token: str = ""
    ) -> None:
        self._where = f"{host_name}:{port}"
        try:
            self._socket = socket.create_connection((host_name, port), CONNECT_WITHIN_S)
        except OSError as error:
            raise NotReachable(f"{self._where}: {error.strerror or error}") from None
        self._lines = self._socket.makefile("r", encoding="utf-8", newline="\n")
        answer = self._exchange({"protocol": PROTOCOL, "user": user or "", "password": password or "", "token": token})
        self._socket.settimeout(ANSWER_WITHIN_S)
        if "denied" in answer:
            self.close()
            raise NotAuthorized(answer["denied"])
        self.process = Process(**answer["process"])

    def names(self, target: str) -> Sequence[str]:
        names: Sequence[str] = self._exchange({"names": target})["names"]
        return names

    def call(self, target: str, method: str, arguments: Sequence[Argument]) -> Reply:
        answer = self._exchange({"call": [target, method, arguments]})
        if "error" in answer:
            raise ScriptingError(answer["error"])
        return Reply(answer["value"], answer["printed"])

    def close(self) -> None:
        # Both: a socket stays open as long as a file on it is.
        self._lines.close()
        self._socket.close()

    def _exchange(self, request: Mapping[str, Any]) -> Any:
        try:
            self._socket.sendall(json.dumps(request).encode() + b"\n")
            return json.loads(self._lines.readline())
        except (OSError, ValueError):
            # A server that went away, or something else that listens there and says nothing, or nothing of ours.
            self.close()
            raise NotReachable(f"{self._where} does not answer") from None


def serve(
    connection: socket.socket,
    process: Process,
    admit: Callable[[str, str, str], str | None],
    open_session: Callable[[str], Admin],
) -> None:
    """Serve one client to its end, in a thread of its own. `admit(user, password, token)` gives the user's name, None
    to refuse; `open_session(user)` what the client then works with."""
    threading.Thread(target=_serve, args=(connection, process, admit, open_session), daemon=True).start()


def _serve(
    connection: socket.socket,
    process: Process,
    admit: Callable[[str, str, str], str | None],
    open_session: Callable[[str], Admin],
) -> None:
    # A client that goes away concerns nobody else.
    with suppress(OSError), connection:
        lines = connection.makefile("r", encoding="utf-8", newline="\n", errors="replace")
        hello = _hello(lines.readline())
        if hello is None:
            return
        user = admit(hello["user"], hello["password"], hello["token"])
        if user is None:
            _send(connection, {"denied": "insufficient or empty credentials"})
            return
        _send(connection, {"process": vars(process)})
        session = open_session(user)
        try:
            for line in lines:
                _send(connection, _answer(session, json.loads(line)))
        finally:
            session.close()


def _hello(line: str) -> Mapping[str, str] | None:
    """Who the client is; None for a client that speaks something else."""
    try:
        hello: Mapping[str, str] = json.loads(line)
        return hello if hello["protocol"] == PROTOCOL else None
    except (ValueError, KeyError, TypeError):
        return None


def _answer(session: Admin, request: Mapping[str, Any]) -> Mapping[str, Any]:
    if "names" in request:
        return {"names": list(session.names(request["names"]))}
    target, method, arguments = request["call"]
    try:
        reply = session.call(target, method, arguments)
    except ScriptingError as error:
        return {"error": str(error)}
    except Exception as error:  # a fault of the server must reach its log and its client
        traceback.print_exc()
        return {"error": f"java.lang.RuntimeException: {type(error).__name__}: {error}"}
    return {"value": reply.value, "printed": reply.printed}


def _send(connection: socket.socket, answer: Mapping[str, Any]) -> None:
    connection.sendall(json.dumps(answer).encode() + b"\n")
