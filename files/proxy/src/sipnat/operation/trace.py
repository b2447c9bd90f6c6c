# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The trace of messages, for a file (pcap) and for a collector (HEP3). What people write to each other is not in it."""

from __future__ import annotations

import re
from typing import List, Match, Optional, Union

from ..model import Trace
from ..rewriting.multipart import media_type
from .hep import Collector
from .log import readable
from .pcap import Capture
from .traced import Place, Traced

_HEAD_END = re.compile(rb"\n\r?\n")
_CONTENT_TYPE = re.compile(rb"^(?:content-type|c)[ \t]*:([^\n]*(?:\n[ \t][^\n]*)*)", re.IGNORECASE | re.MULTILINE)
# Keys of the media: RFC 4568, RFC 8866 5.12, RFC 8839.
_KEYS = re.compile(rb"(?<=\n)(a=crypto:|k=|a=ice-pwd:)([^\r\n]+)")


def obstacle(config: Trace) -> str:
    """Why a trace cannot be written as configured, "" if it can. Makes its file."""
    if not config.file and not config.hep:
        return "neither trace.file nor trace.hep is configured"
    if config.file:
        capture = Capture(config.file)
        try:
            capture.open()
        except OSError as error:
            return f"trace.file: {readable(error)}"
        capture.close()
    return ""


class Tracer:
    """Writes messages as long as `on` is true. It never raises and never waits; what cannot be written is counted.

    It is off until somebody asks for it. `error`: why something could not be written, the last time.
    """

    def __init__(self, config: Trace) -> None:
        self.on = False
        self.lost = 0
        self.error: Optional[str] = None
        self._sinks: List[Union[Capture, Collector]] = []
        if config.file:
            self._sinks.append(Capture(config.file))
        if config.hep:
            self._sinks.append(Collector(config.hep, config.capture_id))

    def write(self, data: bytes, source: Place, destination: Place, transport: str, when: float) -> None:
        """A message, whole or broken, as it came or went. `when`: seconds since 1970."""
        message = Traced(masked(data), source, destination, transport, when)
        for sink in self._sinks:
            self._write(sink, message)

    def _write(self, sink: Union[Capture, Collector], message: Traced) -> None:
        try:
            sink.write(message)
        except (OSError, ValueError) as error:  # ValueError: a peer without address
            self.lost += 1
            self.error = readable(error)

    def close(self) -> None:
        """Give back the file and the connection; the next message opens them again."""
        for sink in self._sinks:
            sink.close()


def masked(data: bytes) -> bytes:
    """The message with its body as so many ``x``. A session description is shown, but for keys."""
    end = _HEAD_END.search(data)
    if end is None:
        return data
    head, body = data[: end.end()], data[end.end() :]
    types = _CONTENT_TYPE.findall(head)
    if len(types) == 1 and media_type(types[0])[0] == b"application/sdp":
        return head + _KEYS.sub(_without_key, body)
    return head + b"x" * len(body)


def _without_key(match: Match[bytes]) -> bytes:
    return match.group(1) + b"x" * len(match.group(2))
