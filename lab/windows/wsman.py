"""The HTTP side of WinRM: `POST /wsman`."""

from __future__ import annotations

import http.server
import socket
import threading
from contextlib import suppress

from lab.windows import soap
from lab.windows.auth import PROTECTED, Connection, Passwords
from lab.windows.shells import Shells

MAX_BODY = 4 * 1024 * 1024


class Handler(http.server.BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    server_version = "Microsoft-HTTPAPI/2.0"
    sys_version = ""
    server: Server

    def setup(self) -> None:
        super().setup()
        self._connection = Connection(self.server.passwords)
        self.server.opened(self.connection)

    def finish(self) -> None:
        self.server.closed(self.connection)
        with suppress(OSError):
            super().finish()

    def log_message(self, format: str, *args: object) -> None:
        """No log: WinRM keeps none either."""

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        if length > MAX_BODY:
            self._send(413)
            return
        body = self.rfile.read(length)
        if self.path.partition("?")[0] != "/wsman":
            self._send(404)
            return
        reply = self._connection.authenticate(self.headers.get("Authorization", ""))
        if reply.user is None:
            self._send(401, challenges=reply.challenges)
            return
        try:
            message = self._connection.unprotect(self.headers.get("Content-Type", ""), body)
        except ValueError:
            self._send(400)
            return
        if not message:
            # The last leg of the NTLM handshake carries no request.
            self._send(200)
            return
        try:
            request = soap.parse(message)
            self._send(200, soap.answer(request, self.server.shells.serve(request, reply.user)))
        except soap.Fault as fault:
            self._send(500, soap.fault(fault))

    def _send(self, code: int, body: bytes = b"", challenges: tuple[str, ...] = ()) -> None:
        kind = "application/soap+xml;charset=UTF-8"
        if body and self._connection.protected:
            body, kind = self._connection.protect(body), PROTECTED
        self.send_response(code)
        for challenge in challenges:
            self.send_header("WWW-Authenticate", challenge)
        if body:
            self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        with suppress(BrokenPipeError, ConnectionResetError):
            self.wfile.write(body)


class Server(http.server.ThreadingHTTPServer):
    """WinRM on a socket that listens already."""

    daemon_threads = True

    def __init__(self, listener: socket.socket, passwords: Passwords, shells: Shells) -> None:
        super().__init__(listener.getsockname()[:2], Handler, bind_and_activate=False)
        self.socket.close()
        self.socket = listener
        self.passwords = passwords
        self.shells = shells
        self._connections: set[socket.socket] = set()
        self._lock = threading.Lock()

    def opened(self, connection: socket.socket) -> None:
        """A client has connected."""
        with self._lock:
            self._connections.add(connection)

    def closed(self, connection: socket.socket) -> None:
        """A client has gone."""
        with self._lock:
            self._connections.discard(connection)

    def cut(self) -> None:
        """Drop every client, with its shells."""
        self.shells.close_all()
        with self._lock:
            for connection in self._connections:
                with suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that went away in the middle is no news."""
