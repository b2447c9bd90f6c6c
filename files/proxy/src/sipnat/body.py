# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Which bodies are converted, and between which addresses: session descriptions, alone and as parts of others."""

from __future__ import annotations

from ipaddress import ip_network
from typing import Dict, Tuple

from . import multipart
from .inside import Inside, needles
from .model import Config
from .sdp import Sdp
from .translation import Translation, media

_REMEMBERED = 1024
_DEEPEST = 8  # parts within parts: what is below stays as it is, so that the cost stays linear

Kind = Tuple[bytes, bytes]  # media type, boundary


class Bodies:
    """The conversion of bodies for one configuration. Whatever is in a body, nothing is raised."""

    def __init__(self, config: Config) -> None:
        self._kinds: Dict[bytes, Kind] = {}
        inside = Inside(config)
        outward, inward = media(config)
        names = tuple(name.lower().encode("utf-8") for host in config.hosts for name in host.names)
        public = config.public.address.encode("utf-8")
        self._outward = Sdp(inside.needles + names, Translation(outward, inside, public))
        self._inward = Sdp(needles(ip_network(one.decode()) for one in inward), Translation(inward))

    def convert(self, content_type: bytes, body: bytes, outward: bool) -> bytes:
        """The body as the other side may see it; the same object when nothing in it is to be changed.

        `content_type` is the value of the header field as it stands in the message, folds and parameters included.
        """
        kind = self._kinds.get(content_type) or self._kind(content_type)
        if kind[0] == b"application/sdp":
            return (self._outward if outward else self._inward).convert(body)
        if kind[1]:
            return self._parts(kind[1], body, self._outward if outward else self._inward, 1)
        return body

    def _kind(self, content_type: bytes) -> Kind:
        media_type, boundary = multipart.media_type(content_type)
        kind = (media_type, boundary if media_type.startswith(b"multipart/") else b"")
        if len(self._kinds) >= _REMEMBERED:
            self._kinds.clear()
        if len(content_type) <= 256:
            self._kinds[content_type] = kind
        return kind

    def _parts(self, boundary: bytes, body: bytes, sdp: Sdp, depth: int) -> bytes:
        if depth > _DEEPEST or not sdp.concerns(body):
            return body

        def part(content_type: bytes, content: bytes) -> bytes:
            kind = self._kinds.get(content_type) or self._kind(content_type)
            if kind[0] == b"application/sdp":
                return sdp.convert(content)
            return self._parts(kind[1], content, sdp, depth + 1) if kind[1] else content

        return multipart.convert(body, boundary, part)
