# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A loop that runs in a thread, on loopback sockets, with a rewriter that only forwards.

Inside is 127.71.1.0/24 with the nodes .2 and .3, the proxy listens at .5; outside is 127.71.2.0/24, the partner .60.
"""

from __future__ import annotations

import io
import itertools
import queue
import random
import socket
import threading
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, Callable, Dict, Iterator, List, Optional, Tuple, TypeVar

from sipnat.flow import Flow
from sipnat.model import Config, Endpoint, Host, Limits, Listener, Outbound, Partner, Public, Upstream
from sipnat.model import Log as LogSettings
from sipnat.neighbours.peers import Peers
from sipnat.neighbours.upstreams import Upstreams
from sipnat.operation.log import Log
from sipnat.operation.metrics import Metrics
from sipnat.operation.trace import Tracer
from sipnat.outcome import CLOSE, DROP, REPLY, REQUEST, RESPONSE, Outcome, Target
from sipnat.transport.connections import Parts, Rewriter
from sipnat.transport.loop import Loop

NODE, SECOND, PROXY, PARTNER, STRANGER = "127.71.1.2", "127.71.1.3", "127.71.1.5", "127.71.2.60", "127.71.3.9"
WAIT = 10.0  # seconds until a test gives up
_Result = TypeVar("_Result")


def free_port(address: str = PROXY) -> int:
    """A port that nobody has, for TCP and UDP, and that the system gives to nobody who asks for any."""
    while True:
        port = random.randrange(10000, 30000)
        with socket.socket() as stream, socket.socket(type=socket.SOCK_DGRAM) as datagram:
            try:
                for sock in (stream, datagram):
                    sock.bind((address, port))
            except OSError:
                continue
            return port


def listening(address: str, port: int = 0) -> socket.socket:
    """A TCP listener of a peer."""
    sock = socket.create_server((address, port), backlog=1024)
    sock.settimeout(WAIT)
    return sock


def bound(address: str) -> socket.socket:
    """A UDP socket of a peer."""
    sock = socket.socket(type=socket.SOCK_DGRAM)
    sock.settimeout(WAIT)
    sock.bind((address, 0))
    return sock


def endpoint(sock: socket.socket, transport: str) -> Endpoint:
    """Where a socket of a peer is."""
    address, port = sock.getsockname()[:2]
    return Endpoint(address, port, transport)


def connected(source: str, port: int, address: str = PROXY) -> socket.socket:
    """A TCP connection of a peer to the proxy."""
    sock = socket.create_connection((address, port), WAIT, (source, 0))
    sock.settimeout(WAIT)
    return sock


def configuration(
    transports: Tuple[str, ...] = ("tcp",),
    partner: Optional[Endpoint] = None,
    upstreams: Tuple[Endpoint, ...] = (),
    limits: Optional[Limits] = None,
    **other: Any,
) -> Config:
    """Listeners of these transports at ports of their own; where the sides listen is for the test to say."""
    names = {NODE: "node", SECOND: "second"}
    return replace(
        Config(
            hosts=(Host(1, "node", (NODE,)), Host(2, "second", (SECOND,)), Host(3, "proxy", (PROXY,))),
            networks=("127.71.1.0/24",),
            upstreams=tuple(Upstream(names[one.address], one) for one in upstreams),
            public=Public("nat.example.com", "203.0.113.45", dict.fromkeys(transports, 5060)),
            outbound=Outbound("nat.example.com", "203.0.113.46", dict.fromkeys(transports, 5060)),
            listeners=tuple(Listener(PROXY, free_port(), one) for one in transports),
            partners=(Partner("partner", partner or Endpoint(PARTNER, 5060, transports[0]), ("127.71.2.0/24",)),),
            limits=limits or Limits(rate=0),
            log=LogSettings(level="error"),
        ),
        **other,
    )


def message(
    start: str = "MESSAGE sip:a@example.com SIP/2.0", body: bytes = b"", call_id: str = "1", **fields: str
) -> bytes:
    """A message; `fields` as header fields."""
    lines = [start, f"Call-ID: {call_id}", *(f"{name}: {value}" for name, value in fields.items())]
    return "\r\n".join([*lines, f"Content-Length: {len(body)}", "", ""]).encode() + body


def sip_request(transport: str, sender: socket.socket, partner: socket.socket, call_id: str = "1") -> bytes:
    """A MESSAGE to a partner, as the real rewriter wants it."""
    address, port = sender.getsockname()
    there, their_port = partner.getsockname()
    return (
        f"MESSAGE sip:bob@{there}:{their_port} SIP/2.0\r\n"
        f"Via: SIP/2.0/{transport.upper()} {address}:{port};branch=z9hG4bK{call_id}\r\n"
        f"Max-Forwards: 70\r\nFrom: <sip:alice@home.example>;tag=1\r\nTo: <sip:bob@{there}>\r\n"
        f"Call-ID: {call_id}\r\nCSeq: 1 MESSAGE\r\nContent-Length: 0\r\n\r\n"
    ).encode()


def sip_response(to: bytes) -> bytes:
    """Its answer."""
    lines = to.partition(b"\r\n\r\n")[0].split(b"\r\n")
    kept = [one for one in lines[1:] if one.partition(b":")[0] in (b"Via", b"From", b"To", b"Call-ID", b"CSeq")]
    return b"\r\n".join([b"SIP/2.0 200 OK", *kept, b"Content-Length: 0", b"", b""])


def answer(request: bytes, status: str = "200 OK") -> bytes:
    """A response with the token that `Forwarder` put into the request."""
    token = header(request, b"Token")
    return message(f"SIP/2.0 {status}", Token=token.decode(), call_id=header(request, b"Call-ID").decode())


def header(data: bytes, name: bytes) -> bytes:
    for line in data.partition(b"\r\n\r\n")[0].split(b"\r\n"):
        if line.startswith(name + b": "):
            return line[len(name) + 2 :]
    return b""


def refused(source: str, port: int) -> bool:
    """Whether a connection is reset before it can be used; the system may tell that while it is made."""
    try:
        with connected(source, port) as sock:
            sock.recv(1)
    except ConnectionResetError:
        return True
    return False


class Forwarder:
    """Decides by the first line: a request goes to the partner, or to the upstream chosen for its Call-ID, with a field
    Token that finds the way back; a response goes that way, and without a Token nowhere."""

    def __init__(self, config: Config, upstreams: Upstreams) -> None:
        self.leaks: Dict[str, int] = {}
        self.refusals: Dict[int, int] = {}
        self.bad_tokens = 0
        self._config = config
        self._upstreams = upstreams

    def process(self, data: bytes, flow: Flow) -> Outcome:
        if data.startswith(b"SIP/2.0 "):
            token = header(data, b"Token")
            if not token:
                return (DROP, None, "own", None)
            port = int(header(data, b"Port") or 0)
            target = Target(header(data, b"Transport").decode() or "udp", NODE, port, "node", True) if port else None
            if token.startswith(b"u") and target is None:
                token, _dash, text = token.partition(b"-")
                address, port = text.decode().split("/")[0], int(text.decode().split("/")[1])
                target = Target("udp", address, port, "", address.startswith("127.71.1."))
            return (RESPONSE, data, target, token)
        if data.startswith(b"OPTIONS"):
            return (REPLY, message("SIP/2.0 200 OK"), None, None)
        if data.startswith(b"CLOSE"):
            return (CLOSE, message("SIP/2.0 400 Bad Request"), "closing", None)
        if data.startswith(b"FAULT"):
            raise ZeroDivisionError
        if not data.startswith((b"MESSAGE", b"INVITE")):
            return (DROP, None, "nonsense", None)
        token = flow.token
        if flow.transport == "udp":
            token += b"-%b/%d" % (flow.address.encode(), flow.port)
        out = data.replace(b"\r\n", b"\r\nToken: " + token + b"\r\n", 1)
        if flow.outward:
            partner = self._config.partners[0]
            where, name = partner.endpoint, partner.name
        else:
            upstream = self._upstreams.choose(header(data, b"Call-ID"))
            if upstream is None:
                return (REPLY, message("SIP/2.0 503 No Upstream"), None, None)
            where, name = upstream.endpoint, upstream.host
            named = header(data, b"Node")
            if named:
                where, name = Endpoint(NODE, int(named), where.transport), "node"
        return (REQUEST, out, Target(where.transport, where.address, where.port, name, not flow.outward), None)

    def refuse(self, data: bytes, flow: Flow, status: int, reason: str) -> Optional[bytes]:
        if data.startswith(b"ACK"):
            return None
        return message(f"SIP/2.0 {status} {reason}")


class Running:
    """A loop in another thread, with means to look into it between two wake-ups."""

    def __init__(self, config: Config, rewriter: Callable[[Config, Upstreams], Rewriter]) -> None:
        self.config = config
        upstreams = Upstreams(config)
        self.metrics = Metrics()
        self.lines = io.StringIO()
        log = Log(config.log)
        self.loop = Loop(
            Parts(
                config, rewriter(config, upstreams), upstreams, Peers(config), self.metrics, Tracer(config.trace), log
            )
        )
        self._calls: queue.Queue[Callable[[], None]] = queue.Queue()
        self._bell, self._ear = socket.socketpair()
        self.loop.watch(self._ear, self._called)
        self.thread = threading.Thread(target=self.loop.run, daemon=True)
        self.thread.start()

    def port(self, transport: str) -> int:
        return next(one.port for one in self.config.listeners if one.transport == transport)

    def call(self, function: Callable[[], _Result]) -> _Result:
        """The result of a function that the loop's thread calls."""
        results: queue.Queue[Tuple[bool, Any]] = queue.Queue()

        def work() -> None:
            try:
                results.put((True, function()))
            except Exception as error:
                results.put((False, error))

        self._calls.put(work)
        self._bell.send(b".")
        good, result = results.get(timeout=WAIT)
        if not good:
            raise result
        found: _Result = result
        return found

    def counted(self, kind: str, name: str) -> int:
        """How often something was dropped (`kind` drops), or happened (events)."""
        counters: Dict[str, int] = self.call(lambda: dict(getattr(self.metrics, "_" + kind)))
        return counters.get(name, 0)

    def until(self, condition: Callable[[], bool]) -> None:
        """Wait until something is true, looking after each wake-up that a test makes or that happens anyway."""
        for _attempt in range(int(WAIT / 0.005)):
            if self.call(condition):
                return
            threading.Event().wait(0.005)
        raise AssertionError("did not become true")

    def stop(self) -> None:
        if self.thread.is_alive():
            self.call(self.loop.quit)
            self.thread.join(WAIT)
        self.loop.close()
        self._bell.close()
        self._ear.close()

    def _called(self, events: int) -> None:
        self._ear.recv(4096)
        calls: List[Callable[[], None]] = []
        while not self._calls.empty():
            calls.append(self._calls.get())
        for call in calls:
            call()


@contextmanager
def running(
    config: Config,
    rewriter: Callable[[Config, Upstreams], Rewriter] = Forwarder,
) -> Iterator[Running]:
    """A loop for the time of a test."""
    one = Running(config, rewriter)
    try:
        yield one
    finally:
        one.stop()


def messages(sock: socket.socket) -> Iterator[bytes]:
    """What comes by a stream, until it ends."""
    buffer = b""
    while True:
        end = buffer.find(b"\r\n\r\n")
        size = end + 4 + int(header(buffer, b"Content-Length")) if end >= 0 else 0
        if size and len(buffer) >= size:
            yield buffer[:size]
            buffer = buffer[size:]
            continue
        data = sock.recv(65536)
        if not data:
            return
        buffer += data


def receive(sock: socket.socket, number: int = 1) -> List[bytes]:
    """So many messages from a stream, fewer if it ends before; what comes behind them in the same packet is lost."""
    return list(itertools.islice(messages(sock), number))


def tcp(sock: socket.socket) -> Endpoint:
    return endpoint(sock, "tcp")


def accepted(listener: socket.socket) -> socket.socket:
    sock, _address = listener.accept()
    sock.settimeout(10)
    return sock


def outward(limits: Optional[Limits] = None) -> Tuple[Config, socket.socket]:
    """A configuration with a partner that listens."""
    partner = listening(PARTNER)
    return configuration(("tcp",), tcp(partner), limits=limits), partner


def reload(proxy: Running, config: Config) -> None:
    """With a rewriter of the new configuration."""
    rewriter = type(proxy.loop.rewriter)(config, proxy.loop.upstreams)  # type: ignore[call-arg]
    proxy.call(lambda: proxy.loop.reload(config, rewriter))


OPTIONS = message("OPTIONS sip:proxy SIP/2.0")
