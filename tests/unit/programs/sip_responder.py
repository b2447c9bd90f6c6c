"""The other side of a probe: listens on loopback, keeps what it heard, answers as a test says."""

from __future__ import annotations

import re
import socket
import ssl
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Literal, Protocol

Transport = Literal["udp", "tcp", "tls"]
Act = Callable[["Heard", "Responder"], None]

WAIT_S = 5.0


class Way(Protocol):
    """How to say something to whom one has heard."""

    def __call__(self, text: str, /) -> None: ...


@dataclass(frozen=True)
class Heard:
    """A message, as it came, and the way back."""

    text: str
    peer: tuple[str, int]
    say: Way

    @property
    def start(self) -> str:
        return self.text.partition("\r\n")[0]

    @property
    def method(self) -> str:
        return self.start.partition(" ")[0]

    @property
    def body(self) -> str:
        return self.text.partition("\r\n\r\n")[2]

    def all(self, name: str) -> list[str]:
        """Every value of a header that is written with its full name."""
        return re.findall(rf"(?m)^{name}: (.*?)\r$", self.text.partition("\r\n\r\n")[0] + "\r\n")

    def get(self, name: str) -> str:
        """The only value of a header."""
        (value,) = self.all(name)
        return value

    def answer(self, status: str, *lines: str, tag: str = "there", body: str = "") -> None:
        """Answer it; `lines` are more headers."""
        to = self.get("To") if "tag=" in self.get("To") else f"{self.get('To')};tag={tag}"
        head = [
            f"SIP/2.0 {status}",
            *(f"Via: {via}" for via in self.all("Via")),
            f"From: {self.get('From')}",
            f"To: {to}",
            f"Call-ID: {self.get('Call-ID')}",
            f"CSeq: {self.get('CSeq')}",
            *lines,
            f"Content-Length: {len(body)}",
        ]
        self.say("\r\n".join([*head, "", body]))

    def request(self, method: str, number: int, *lines: str, via: str = "", tag: str = "there", body: str = "") -> str:
        """A request of the dialog that this message began, to the Contact in it."""
        target = self.get("Contact").strip("<>")
        return "\r\n".join([
            f"{method} {target} SIP/2.0",
            f"Via: {via or f'SIP/2.0/TCP 127.0.0.1:9;branch=z9hG4bK{method}{number}'}",
            f"From: {self.get('To')};tag={tag}",
            f"To: {self.get('From')}",
            f"Call-ID: {self.get('Call-ID')}",
            f"CSeq: {number} {method}",
            *lines,
            f"Content-Length: {len(body)}",
            "",
            body,
        ])  # fmt: skip


@dataclass
class Responder:
    """One listening place; `act` is called with all that comes."""

    transport: Transport
    act: Act
    context: ssl.SSLContext | None = None
    heard: list[Heard] = field(default_factory=list)

    def __post_init__(self) -> None:
        kind = socket.SOCK_DGRAM if self.transport == "udp" else socket.SOCK_STREAM
        self.socket = socket.socket(socket.AF_INET, kind)
        self.socket.bind(("127.0.0.1", 0))
        self.port: int = self.socket.getsockname()[1]
        self.connections = 0
        if kind == socket.SOCK_STREAM:
            self.socket.listen()
        threading.Thread(target=self._datagrams if self.transport == "udp" else self._accept, daemon=True).start()

    def close(self) -> None:
        """Stop listening; connections end with the test."""
        # Closing alone would leave the thread in accept(), and the place open.
        with suppress(OSError):
            self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()

    def methods(self, count: int = 0) -> list[str]:
        """What came, by method or `SIP/2.0` for an answer; waits until there are so many."""
        deadline = time.monotonic() + WAIT_S
        while len(self.heard) < count and time.monotonic() < deadline:
            time.sleep(0.01)
        return [heard.method for heard in self.heard]

    def call(self, place: tuple[str, int], text: str) -> Heard:
        """Open a connection of one's own, say something, and hear the answer."""
        with socket.create_connection(place, timeout=WAIT_S) as connection:
            connection.sendall(text.encode())
            return Heard(connection.recv(65536).decode(), place, lambda _text: None)

    def _datagrams(self) -> None:
        while True:
            try:
                data, peer = self.socket.recvfrom(65536)
            except OSError:
                return
            if not data:
                return
            self._hear(data.decode(), peer, lambda text, peer=peer: self._send(text, peer))

    def _send(self, text: str, peer: tuple[str, int]) -> None:
        self.socket.sendto(text.encode(), peer)

    def _accept(self) -> None:
        while True:
            try:
                connection, peer = self.socket.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._stream, args=(connection, peer), daemon=True).start()

    def _stream(self, connection: socket.socket, peer: tuple[str, int]) -> None:
        try:
            if self.context is not None:
                connection = self.context.wrap_socket(connection, server_side=True)
            buffer = b""
            while data := connection.recv(65536):
                buffer += data
                while found := re.match(rb"(.*?\r\n\r\n)", buffer, re.DOTALL):
                    length = re.search(rb"Content-Length: (\d+)", found[1])
                    whole = len(found[1]) + int(length[1] if length else 0)
                    if len(buffer) < whole:
                        break
                    text, buffer = buffer[:whole], buffer[whole:]
                    self._hear(text.decode(), peer, lambda said: connection.sendall(said.encode()))
        except OSError:
            return
        finally:
            connection.close()

    def _hear(self, text: str, peer: tuple[str, int], say: Way) -> None:
        heard = Heard(text, peer, say)
        self.heard.append(heard)
        # The test may be over, and this side closed, while it answers.
        with suppress(OSError):
            self.act(heard, self)
