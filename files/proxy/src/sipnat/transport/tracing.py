# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Message trace: stands in front of ``process`` while it is on, so that it costs nothing while it is off."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Tuple

from ..flow import Flow
from ..outcome import CLOSE, DROP, REPLY, RESPONSE, Outcome
from . import listeners

if TYPE_CHECKING:
    from .loop import Loop

Place = Tuple[str, int]


class Tracing:
    """Writes what comes, and what becomes of it, as seen on the wire."""

    def __init__(self, loop: Loop) -> None:
        self._loop = loop
        self._lost = loop.tracer.lost

    def process(self, data: bytes, flow: Flow) -> Outcome:
        """As the rewriter's."""
        loop = self._loop
        now = time.time()
        tracer = loop.tracer
        there = (flow.address, flow.port)
        tracer.write(data, there, self._here(flow.address, flow.outward, flow.transport), flow.transport, now)
        outcome = loop.rewriter.process(data, flow)
        kind, out, target, token = outcome
        if out is None or kind == DROP:
            return outcome
        transport, inside = flow.transport, flow.outward
        if kind not in (REPLY, CLOSE):
            connection = loop.connections.get(token or b"") if kind == RESPONSE else None
            if connection is not None:
                there, transport = (connection.flow.address, connection.flow.port), connection.flow.transport
                inside = connection.flow.outward
            elif target is not None:
                there, transport, inside = (target.address, target.port), target.transport, target.inside
        tracer.write(out, self._here(there[0], inside, transport), there, transport, now)
        if tracer.lost != self._lost:
            self._lost = tracer.lost
            loop.log.drop("trace", loop.now, error=tracer.error)
        return outcome

    def _here(self, address: str, inside: bool, transport: str) -> Place:
        """Our own end, as far as the configuration tells it."""
        listener = listeners.source(self._loop.config, address, inside, transport)
        return (listener.address, listener.port) if listener is not None else ("0.0.0.0", 0)  # noqa: S104
