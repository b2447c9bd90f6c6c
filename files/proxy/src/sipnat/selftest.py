# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Tries on this machine what the configuration needs: sockets, each upstream by OPTIONS, TLS with whoever speaks it."""

from __future__ import annotations

import errno
import http.client
import secrets
import socket
import time
from dataclasses import replace
from typing import List, NamedTuple, Optional

from .model import Admin, Config, Endpoint, Listener, Partner, Upstream
from .neighbours.health import bracketed, options
from .transport import listeners
from .transport.tls import Contexts

LONGEST = 65536  # bytes of an answer


class Result(NamedTuple):
    """One thing that was tried."""

    good: bool
    what: str
    found: str

    def text(self) -> str:
        """One line."""
        return f"{'ok    ' if self.good else 'FAILED'} {self.what}: {self.found}"


def self_test(config: Config, timeout: float) -> List[Result]:
    """Everything, in the order of the configuration; `timeout` seconds for each answer."""
    results = [_listener(config, listener) for listener in config.listeners]
    try:
        caller = _Caller(config, timeout)
    except ValueError as error:
        return [*results, Result(False, "TLS", str(error))]
    results.extend(caller.ask(upstream) for upstream in config.upstreams)
    results.extend(caller.greet(partner) for partner in config.partners if partner.endpoint.transport == "tls")
    return results


def _listener(config: Config, listener: Listener) -> Result:
    what = f"listen at {bracketed(listener.address)}:{listener.port}/{listener.transport}"
    try:
        sockets = listeners.open_all(replace(config, listeners=(listener,)))
    except OSError as error:
        if error.errno == errno.EADDRINUSE and _runs(config.admin):
            return Result(True, what, "in use, and the proxy runs")
        return Result(False, what, error.strerror or str(error))
    for sock in sockets.values():
        sock.close()
    return Result(True, what, "free")


def _runs(admin: Admin) -> bool:
    """Whether something answers at our administration port."""
    if not admin.port:
        return False
    connection = http.client.HTTPConnection(admin.address, admin.port, timeout=2)
    try:
        connection.request("GET", "/health")
        return connection.getresponse().status in (http.client.OK, http.client.SERVICE_UNAVAILABLE)
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


class _Caller:
    """Calls others as the proxy would."""

    def __init__(self, config: Config, timeout: float) -> None:
        self._config = config
        self._contexts = Contexts(config)
        self._timeout = timeout

    def ask(self, upstream: Upstream) -> Result:
        """Send OPTIONS to an upstream, and wait for the answer."""
        endpoint = upstream.endpoint
        what = f"OPTIONS to {upstream.host} at {_written(endpoint)}"
        started = time.monotonic()
        try:
            with self._connected(upstream.host, endpoint, True) as sock:
                address, port = sock.getsockname()[:2]
                sock.send(options(endpoint, address, port, secrets.token_hex(8)))
                status = _status(sock, started + self._timeout)
        except (OSError, ValueError) as error:
            return Result(False, what, _reason(error))
        took = f"{(time.monotonic() - started) * 1000:.1f} ms"
        return Result(not status.startswith("503"), what, f"{status} ({took})")

    def greet(self, partner: Partner) -> Result:
        """A TLS handshake with a partner: no request, which it might count against us."""
        what = f"TLS with {partner.name} at {_written(partner.endpoint)}"
        try:
            with self._connected(partner.name, partner.endpoint, False):
                return Result(True, what, "handshake done")
        except (OSError, ValueError) as error:
            return Result(False, what, _reason(error))

    def _connected(self, peer: str, endpoint: Endpoint, inside: bool) -> socket.socket:
        """A socket to `endpoint`, from the address that the proxy would use, the handshake done."""
        kind = socket.SOCK_DGRAM if endpoint.transport == "udp" else socket.SOCK_STREAM
        sock = socket.socket(listeners.family(endpoint.address), kind)
        try:
            sock.settimeout(self._timeout)
            source = listeners.source(self._config, endpoint.address, inside, endpoint.transport)
            if source is not None:
                sock.bind((source.address, 0))
            sock.connect((endpoint.address, endpoint.port))
            if endpoint.transport == "tls":
                client = self._contexts.client(inside, peer)
                if client is None:
                    raise ValueError("there is no TLS profile for it")
                context, name = client
                secured = context.wrap(sock, name)
                sock = secured
                secured.do_handshake()
        except (OSError, ValueError):
            sock.close()
            raise
        return sock


def _status(sock: socket.socket, deadline: float) -> str:
    """Code and reason of the final answer. Raises OSError, ValueError if what comes is no SIP."""
    data = b""
    while time.monotonic() < deadline:
        part = sock.recv(LONGEST)
        if not part:
            raise ValueError("the connection was closed instead of an answer")
        data = (part if sock.type == socket.SOCK_DGRAM else data + part).lstrip(b"\r\n")
        while b"\r\n\r\n" in data:
            head, _blank, rest = data.partition(b"\r\n\r\n")
            status = _status_line(head)
            if status is None:
                raise ValueError("what answers speaks no SIP")
            if not status.startswith("1"):
                return status
            data = rest
        if len(data) > LONGEST:
            raise ValueError("the answer does not end")
    raise socket.timeout("timed out")


def _status_line(head: bytes) -> Optional[str]:
    words = head.split(b"\r\n", 1)[0].split(b" ", 1)
    if len(words) != 2 or words[0] != b"SIP/2.0":
        return None
    return words[1][:100].strip().decode("latin-1").encode("unicode_escape").decode("ascii")  # nothing for the terminal


def _reason(error: Exception) -> str:
    if isinstance(error, socket.timeout):
        return "no answer"
    return str(getattr(error, "strerror", None) or error)


def _written(endpoint: Endpoint) -> str:
    return f"{bracketed(endpoint.address)}:{endpoint.port}/{endpoint.transport}"
