# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What the administration port answers to one request of HTTP/1.1.

GET /metrics and /health are open to all who can connect. POST /ctl/... needs the token as ``Authorization: Bearer``.
"""

from __future__ import annotations

import hmac
import json
import time
from http import HTTPStatus
from typing import Dict, List, Optional, Protocol
from urllib.parse import parse_qs, urlsplit

from . import exposition
from .log import Log
from .metrics import Metrics


class Control(Protocol):
    """What takes the orders: the loop, or the parent of several."""

    def status(self) -> Dict[str, object]: ...  # JSON's types; "ok": whether it can forward messages

    def reload(self) -> str: ...  # why the new configuration is refused and the old one stays; "": done

    def drain(self, host: Optional[str]) -> bool: ...  # an upstream, None: this proxy; false: there is no such host

    def undrain(self, host: Optional[str]) -> bool: ...

    def trace(self, on: bool) -> str: ...  # why it cannot be written; "": done

    def stop(self) -> object: ...


class _Refusal(Exception):
    def __init__(self, status: HTTPStatus, why: str) -> None:
        super().__init__(why)
        self.status = status


class Orders:
    """Answers requests; `token` None: no orders are taken."""

    def __init__(self, control: Control, metrics: Metrics, log: Log, token: Optional[bytes]) -> None:
        self._control = control
        self._metrics = metrics
        self._log = log
        self._token = token

    def answer(self, request: bytes) -> bytes:
        """The whole response to a request whose header block is complete."""
        lines = request.partition(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")
        try:
            return self._answer(lines[0].split(" "), lines[1:])
        except _Refusal as refusal:
            return _json(refusal.status, {"error": str(refusal)})

    def _answer(self, words: List[str], fields: List[str]) -> bytes:
        if len(words) != 3 or not words[2].startswith("HTTP/1."):
            raise _Refusal(HTTPStatus.BAD_REQUEST, "this is HTTP/1.1")
        method = words[0]
        try:
            target = urlsplit(words[1])
        except ValueError:
            raise _Refusal(HTTPStatus.BAD_REQUEST, "this is no path") from None
        if target.path == "/metrics" and method == "GET":
            self._metrics.publish()
            return _response(HTTPStatus.OK, exposition.CONTENT_TYPE, self._metrics.text())
        if target.path == "/health" and method == "GET":
            status = self._control.status()
            return _json(HTTPStatus.OK if status.get("ok") else HTTPStatus.SERVICE_UNAVAILABLE, status)
        if not target.path.startswith("/ctl/"):
            raise _Refusal(HTTPStatus.NOT_FOUND, "GET /metrics, GET /health, POST /ctl/...")
        if method != "POST":
            raise _Refusal(HTTPStatus.METHOD_NOT_ALLOWED, "orders are POSTed")
        if not self._authorised(fields):
            self._log.drop("unauthorised", time.monotonic(), order=target.path)
            raise _Refusal(HTTPStatus.UNAUTHORIZED, "the token is missing or wrong: see admin.token")
        host = parse_qs(target.query).get("host", [""])[0] or None
        return _json(HTTPStatus.OK, self._obey(target.path[len("/ctl/") :], host))

    def _authorised(self, fields: List[str]) -> bool:
        if self._token is None:
            return False
        for field in fields:
            name, _colon, value = field.partition(":")
            if name.lower() == "authorization":
                return hmac.compare_digest(value.strip().encode("latin-1"), b"Bearer " + self._token)
        return False

    def _obey(self, order: str, host: Optional[str]) -> Dict[str, object]:
        if order == "status":
            return self._control.status()
        done: Dict[str, object] = {"done": order}
        if order == "reload":
            problem = self._control.reload()
            if problem:
                raise _Refusal(HTTPStatus.CONFLICT, problem)
        elif order in ("drain", "undrain"):
            known = self._control.drain(host) if order == "drain" else self._control.undrain(host)
            if not known:
                raise _Refusal(HTTPStatus.NOT_FOUND, f"no upstream is on a host {host}")
            if host is not None:
                done["host"] = host
        elif order in ("trace/on", "trace/off"):
            problem = self._control.trace(order == "trace/on")
            if problem:
                raise _Refusal(HTTPStatus.CONFLICT, problem)
        elif order == "stop":
            self._control.stop()
        else:
            raise _Refusal(HTTPStatus.NOT_FOUND, f"there is no order {order}")
        self._log.info("order", order=order, host=host)
        return done


def _json(status: HTTPStatus, answer: Dict[str, object]) -> bytes:
    return _response(status, "application/json", json.dumps(answer) + "\n")


def _response(status: HTTPStatus, content_type: str, text: str) -> bytes:
    body = text.encode()
    head = (
        f"HTTP/1.1 {status.value} {status.phrase}\r\n"
        f"Content-Type: {content_type}\r\nContent-Length: {len(body)}\r\n"
        "Cache-Control: no-store\r\nConnection: close\r\n\r\n"
    )
    return head.encode() + body
