"""The API of the controller over HTTP on loopback: what is not known is answered with an error, and remembered."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.awx import rules
from tests.awx.controller import Controller
from tests.awx.rules import RefusedError
from tests.awx.schema import RESOURCES

TOKEN = "token-of-the-tests"
PAGE = re.compile(r"/api/v2/(?P<endpoint>\w+)/(?:(?P<number>\d+)/(?:(?P<sub>\w+)/)?)?")
Answer = tuple[int, Any]


class NotKnownError(Exception):
    """Something that the real API may answer and this one does not."""


class Handler(BaseHTTPRequestHandler):
    """One request; `server.controller` has the state, `server.strange` what was not known."""

    server: Server

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""

    def _answer(self) -> None:
        parts = urlsplit(self.path)
        body = json.loads(self.rfile.read(int(self.headers.get("Content-Length") or 0)) or "{}")
        if self.headers.get("Authorization") != f"Bearer {TOKEN}":
            self._send(401, {"detail": "Authentication credentials were not provided."})
            return
        try:
            code, answer = self._route(
                self.command, parts.path, dict(parse_qsl(parts.query, keep_blank_values=True)), body
            )
        except RefusedError as refused:
            self.server.strange.append(f"{self.command} {self.path}: {refused}")
            code, answer = 400, refused.body
        except (NotKnownError, KeyError, ValueError) as unknown:
            self.server.strange.append(f"{self.command} {self.path}: {unknown!r}")
            code, answer = 404, {"detail": "Not found."}
        self._send(code, answer)

    def __getattr__(self, name: str) -> Any:
        """Every method comes here, known or not."""
        if name.startswith("do_"):
            return self._answer
        raise AttributeError(name)

    def _send(self, code: int, answer: object) -> None:
        text = b"" if code == 204 else json.dumps(answer).encode()
        self.send_response(code)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.send_header("X-API-Product-Name", "AWX")
        self.send_header("X-API-Product-Version", "24.6.1")
        self.end_headers()
        self.wfile.write(text)

    def _route(self, method: str, path: str, query: dict[str, str], body: dict[str, Any]) -> Answer:
        page = PAGE.fullmatch(path)
        if page is None:
            raise NotKnownError(path)
        endpoint, sub = page["endpoint"], page["sub"]
        if page["number"] is None:
            return self._list(method, endpoint, query, body)
        number = int(page["number"])
        if query:
            raise NotKnownError(f"query of one item: {query}")
        if endpoint == "project_updates" and method == "GET" and sub is None:
            return 200, {"id": number, "status": "successful", "finished": "now", "failed": False}
        controller = self.server.controller
        if sub is not None:
            controller.shown(endpoint, number)
            return self._sub(method, endpoint, number, sub, body)
        if method == "GET":
            return 200, controller.shown(endpoint, number)
        if method == "PATCH":
            return 200, controller.change(endpoint, number, body)
        raise NotKnownError(method)

    def _list(self, method: str, endpoint: str, query: dict[str, str], body: dict[str, Any]) -> Answer:
        if method == "GET":
            found = self.server.controller.find(endpoint, query)
            return 200, {"count": len(found), "next": None, "previous": None, "results": found}
        if method == "POST" and endpoint in RESOURCES and not query:
            return 201, self.server.controller.create(endpoint, body)
        raise NotKnownError(method)

    def _sub(self, method: str, endpoint: str, number: int, sub: str, body: dict[str, Any]) -> Answer:
        controller = self.server.controller
        if sub == "survey_spec" and endpoint in {"job_templates", "workflow_job_templates"}:
            if method == "GET":
                return 200, controller.surveys.get(number, {})
            if method == "POST":
                rules.survey(body)
                controller.surveys[number] = body
                controller.writes += 1
                return 200, None
        elif sub == "create_approval_template" and endpoint == "workflow_job_template_nodes" and method == "POST":
            return 201, controller.approve(number, body)
        elif sub in RESOURCES[endpoint].associations:
            if method == "GET":
                target = RESOURCES[endpoint].associations[sub]
                found = [controller.shown(target, one) for one in controller.attached.get((endpoint, number, sub), [])]
                return 200, {"count": len(found), "next": None, "previous": None, "results": found}
            if method == "POST":
                controller.attach(endpoint, number, sub, body)
                return 204, None
        raise NotKnownError(f"{method} {sub}")


class Server(HTTPServer):
    """The API of one controller; `strange` lists every request that was refused or is not known."""

    def __init__(self, controller: Controller) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.controller = controller
        self.strange: list[str] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


@contextmanager
def serving(controller: Controller) -> Iterator[Server]:
    """Serve the API of a controller as long as the block runs."""
    with Server(controller) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join(timeout=10)
