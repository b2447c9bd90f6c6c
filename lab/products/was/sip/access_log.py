"""`sipproxy.log` of a SIP proxy server whose access log is enabled."""

from __future__ import annotations

import asyncio
from pathlib import Path

from sipmessage import Request

from lab.host import Host
from lab.products.was.servers import logs
from lab.sip.address import Flow, Target
from lab.sip.message import SipMessage

_WRITE_EVERY_S = 1.0
_MEGABYTE = 1 << 20


class AccessLog:
    """A line for every forwarded message; they are written together, once a second.

    A file that is as large as it may be becomes `sipproxy.log.1`.
    """

    def __init__(self, host: Host, folder: Path, largest_mb: int) -> None:
        self._host = host
        self._file = folder / "sipproxy.log"
        self._largest = largest_mb * _MEGABYTE
        self._lines: list[str] = []

    def note(self, message: SipMessage, came: Flow, goes: Target) -> None:
        """A message is forwarded."""
        if isinstance(message, Request):
            start = f"{message.method} {message.uri}"
        else:
            start = f"{message.code} {message.phrase}"
        self._lines.append(
            f"[{logs.stamp(self._host)}] {came.transport} {came.remote[0]}:{came.remote[1]} -> "
            f'{goes.transport} {goes.host}:{goes.port} "{start}" {message.headers["Call-ID"]}\n'
        )
        if len(self._lines) == 1:
            asyncio.get_running_loop().call_later(_WRITE_EVERY_S, self.write)

    def write(self) -> None:
        """Write what was noted."""
        text, self._lines = "".join(self._lines), []
        if not text:
            return
        if self._file.exists() and self._file.stat().st_size + len(text) > self._largest:
            self._file.replace(self._file.with_name("sipproxy.log.1"))
        with self._file.open("a", encoding="utf-8") as log:
            log.write(text)
