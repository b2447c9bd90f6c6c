# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The end of every forwarded message: its length, its body, and the look over what leaves."""

from __future__ import annotations

from typing import List, Optional

from ..flow import Flow
from .body import Bodies
from .headers import LENGTH
from .leaks import Guard
from .syntax import Refusal
from .view import Length


class Unframed(Refusal):
    """Where a message ends on its stream is not to be known."""


def repeated(kind: int, flow: Flow) -> Refusal:
    """Why a message is refused that has a field twice that may be there once."""
    if kind == LENGTH and flow.transport != "udp":
        return Unframed(400, "Repeated Content-Length")
    return Refusal(400, "Repeated Header Field")


class Ending:
    def __init__(self, bodies: Bodies, guard: Guard, outward: bool) -> None:
        self._convert = bodies.convert
        self._mask = guard.mask
        self._outward = outward

    def joined(  # noqa: PLR0917 - called for every message: names of arguments cost
        self, out: List[bytes], body: bytes, length: Optional[Length], kind: bytes, stream: bool, to_stream: bool
    ) -> bytes:
        """The message from its header fields `out` and the body that came with it.

        `length` is what Content-Length said, `kind` the type of a body to convert. `stream`, `to_stream`: whether it
        came by one, and leaves by one. Refuses a body that is not all there (RFC 3261, 18.3).
        """
        if length is None or length.size != len(body):
            body = cut(body, length, stream)
        if kind and body:
            converted = self._convert(kind, body, self._outward)
            if length is not None and len(converted) != len(body):
                out[out.index(length.line)] = length.before + b"%d" % len(converted) + length.after
            body = converted
        if length is None and to_stream:
            out.append(b"Content-Length: %d" % len(body))
        if self._outward:
            return self._mask(b"\r\n".join(out)) + b"\r\n\r\n" + body
        out += (b"", body)
        return b"\r\n".join(out)


def cut(body: bytes, length: Optional[Length], stream: bool) -> bytes:
    """The body of a message whose length does not say the same as what has come."""
    if stream:
        raise Unframed(400, "Missing Content-Length" if length is None else "Wrong Content-Length")
    if length is None:
        return body
    if length.size > len(body):
        raise Refusal(400, "Body Too Short")
    return body[: length.size]
