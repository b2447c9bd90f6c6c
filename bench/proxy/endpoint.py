"""A user agent of a few lines, for tests where requests are repeated and proxies die."""

from __future__ import annotations

import asyncio
import re
import socket
from typing import Any

from bench.proxy.scene import PORT

_SERIAL = re.compile(rb"\r\nCall-ID: gw-(\d+)")
_BODY = re.compile(rb"\r\nContent-Length: *(\d+)")
_COPIED = (b"via:", b"from:", b"call-id:", b"cseq:", b"record-route:")


def answer(request: bytes) -> bytes:
    """The 200 to a request."""
    lines = [b"SIP/2.0 200 OK"]
    for line in request.partition(b"\r\n\r\n")[0].split(b"\r\n")[1:]:
        if line.lower().startswith(_COPIED):
            lines.append(line)
        elif line.lower().startswith(b"to:"):
            lines.append(line + b";tag=sink")
    return b"\r\n".join((*lines, b"Content-Length: 0", b"", b""))


async def read_message(reader: asyncio.StreamReader) -> bytes:
    """The next message of a stream."""
    head = (await reader.readuntil(b"\r\n\r\n")).lstrip(b"\r\n")
    length = _BODY.search(head)
    return head + await reader.readexactly(int(length[1]) if length else 0)


class Sink:
    """The far side: answers every request."""

    def __init__(self, closed: asyncio.AbstractServer | asyncio.DatagramTransport) -> None:
        self._server = closed

    @classmethod
    async def opened(cls, transport: str, address: str, port: int) -> Sink:
        """Listens."""
        if transport == "tcp":
            return cls(await asyncio.start_server(cls._serve, address, port))
        loop = asyncio.get_running_loop()
        return cls((await loop.create_datagram_endpoint(_Answers, (address, port)))[0])

    @staticmethod
    async def _serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                writer.write(answer(await read_message(reader)))
                await writer.drain()
        except (OSError, asyncio.IncompleteReadError):
            writer.close()

    def close(self) -> None:
        """No more."""
        self._server.close()


class _Answers(asyncio.DatagramProtocol):
    def connection_made(self, transport: Any) -> None:
        self._transport: asyncio.DatagramTransport = transport

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        self._transport.sendto(answer(data), addr)


class Endpoint:
    """The near side: one request at a time, by datagrams from a port of its own or over one connection."""

    def __init__(self, transport: str, address: str) -> None:
        self._transport, self._address = transport, address
        self._socket: socket.socket | None = None
        self._streams: dict[str, tuple[asyncio.StreamReader, asyncio.StreamWriter]] = {}

    @classmethod
    async def opened(cls, transport: str, address: str) -> Endpoint:
        """Ready to ask."""
        self = cls(transport, address)
        if transport == "udp":
            self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            self._socket.setblocking(False)
            self._socket.bind((address, 0))
        return self

    async def ask(self, request: bytes, proxy: str, wait_s: float) -> bool:
        """Send it; whether its own 200 came in time. A broken connection counts as no answer and is opened anew."""
        try:
            async with asyncio.timeout(wait_s):
                await self._datagram(request, proxy) if self._socket else await self._stream(request, proxy)
        except (OSError, TimeoutError, asyncio.IncompleteReadError):
            if proxy in self._streams:
                self._streams.pop(proxy)[1].close()
            elif not self._socket:
                await asyncio.sleep(0.05)  # refused at once: no need to ask a thousand times
            return False
        return True

    async def _datagram(self, request: bytes, proxy: str) -> None:
        assert self._socket
        loop = asyncio.get_running_loop()
        # The answer goes to the port that Via names (RFC 3261 18.2.2).
        own = b"%s:%d" % (self._address.encode(), self._socket.getsockname()[1])
        request = request.replace(b"%s:%d;branch" % (self._address.encode(), PORT), own + b";branch", 1)
        await loop.sock_sendto(self._socket, request, (proxy, PORT))
        while not _matches(await loop.sock_recv(self._socket, 4096), request):
            pass  # the answer to an earlier repetition

    async def _stream(self, request: bytes, proxy: str) -> None:
        if proxy not in self._streams:
            self._streams[proxy] = await asyncio.open_connection(proxy, PORT, local_addr=(self._address, 0))
        reader, writer = self._streams[proxy]
        writer.write(request)
        await writer.drain()
        while not _matches(await read_message(reader), request):
            pass

    def close(self) -> None:
        """No more."""
        if self._socket:
            self._socket.close()
        for _, writer in self._streams.values():
            writer.close()


def _matches(response: bytes, request: bytes) -> bool:
    serial, wanted = _SERIAL.search(response), _SERIAL.search(request)
    return bool(serial and wanted and serial[1] == wanted[1] and response.startswith(b"SIP/2.0 200"))
