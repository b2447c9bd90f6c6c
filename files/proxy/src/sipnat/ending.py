# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The end of every forwarded message: its length, its body, and the look over what leaves."""

from __future__ import annotations

from typing import List, Optional

from .body import Bodies
from .flow import Flow
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
        self._mask = guard.mask if outward else None
        self._outward = outward

    def joined(  # noqa: PLR0917 - called for every message: names of arguments cost
        self,
        out: List[bytes],
        data: bytes,
        body_at: int,
        length: Optional[Length],
        length_at: int,
        kind: bytes,
        stream: bool,
        to_stream: bool,
    ) -> bytes:
        """The message from its header fields `out` and the body in `data`.

        `length` is what Content-Length said, in the field `length_at` of `out`; `kind` the type of a body to convert.
        Refuses a body that is not all there (RFC 3261, 18.3).
        """
        body = data[body_at:]
        size = len(body)
        if length is None:
            if stream:
                raise Unframed(400, "Missing Content-Length")
        elif length.size != size:
            if stream:
                raise Unframed(400, "Wrong Content-Length")
            if length.size > size:
                raise Refusal(400, "Body Too Short")
            size = length.size
            body = body[:size]
        if kind and size:
            body = self._convert(kind, body, self._outward)
            if len(body) != size and length is not None:
                size = len(body)
                out[length_at] = length.before + b"%d" % size + length.after
        if length is None and to_stream:
            out.append(b"Content-Length: %d" % len(body))
        head = b"\r\n".join(out)
        if self._mask:
            head = self._mask(head)
        return head + b"\r\n\r\n" + body
