# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Which bodies are converted, and between which addresses: session descriptions, alone and as parts of others."""

from __future__ import annotations

from ipaddress import ip_network
from typing import Callable, Dict, Tuple

from ..model import Config
from . import multipart
from .inside import Inside, needles
from .sdp import Sdp
from .translation import Translation, media

_REMEMBERED = 1024
_DEEPEST = 8  # parts within parts: what is below stays as it is, so that the cost stays linear

Convert = Callable[[bytes], bytes]


class Bodies:
    """The conversion of bodies for one configuration. Whatever is in a body, nothing is raised."""

    def __init__(self, config: Config) -> None:
        inside = Inside(config)
        outward, inward = media(config)
        # To find names their domains are enough, which are fewer.
        names = [name.lower() for host in config.hosts for name in host.names]
        domains = dict.fromkeys(name[max(0, name.find(".")) :].encode("utf-8") for name in names)
        public = config.public.address.encode("utf-8")
        self._outward = Sdp((*inside.needles, *domains), Translation(outward, inside, public))
        self._inward = Sdp(needles(ip_network(one.decode()) for one in inward), Translation(inward))
        # By content type as it was written: what to do inward and outward.
        self._known: Dict[bytes, Tuple[Convert, Convert]] = {}

    def convert(self, content_type: bytes, body: bytes, outward: bool) -> bytes:
        """The body as the other side may see it; the same object when nothing in it is to be changed.

        `content_type` is the value of the header field as it stands in the message, folds and parameters included.
        """
        return (self._known.get(content_type) or self._both(content_type))[outward](body)

    def _both(self, content_type: bytes) -> Tuple[Convert, Convert]:
        both = self._for(content_type, self._inward, 0), self._for(content_type, self._outward, 0)
        if len(self._known) >= _REMEMBERED:
            self._known.clear()
        if len(content_type) <= 256:
            self._known[content_type] = both
        return both

    def _for(self, content_type: bytes, sdp: Sdp, depth: int) -> Convert:
        """What to do with a body that is `depth` multipart bodies deep."""
        kind, boundary = multipart.media_type(content_type)
        if kind == b"application/sdp":
            return sdp.convert
        if boundary and kind.startswith(b"multipart/") and depth < _DEEPEST:
            return lambda body: self._parts(body, boundary, sdp, depth)
        return _unchanged

    def _parts(self, body: bytes, boundary: bytes, sdp: Sdp, depth: int) -> bytes:
        if not sdp.concerns(body):
            return body
        return multipart.convert(body, boundary, lambda kind, part: self._for(kind, sdp, depth + 1)(part))


def _unchanged(body: bytes) -> bytes:
    return body
