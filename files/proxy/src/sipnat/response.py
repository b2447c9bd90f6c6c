# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Responses on their way back (RFC 3261, 16.7, 16.11 and 18.2.2)."""

from __future__ import annotations

from typing import Dict, List, Optional, Tuple

from .ending import Ending, repeated
from .flow import Flow
from .headers import ENCODING, INTERNAL, LENGTH, MAX_FORWARDS, NEEDED, ONCE, TYPE, VIA
from .memory import Memory
from .nexthop import Next, NextHops
from .outcome import RESPONSE, Outcome
from .remembering import remember
from .rules import Rules
from .startline import is_status
from .syntax import Dropped
from .vias import divided, parsed
from .view import Length, View

_OURS = b"z9hG4bKnp"


class Responses:
    """Those of one direction."""

    def __init__(self, rules: Rules, views: Dict[str, View], ending: Ending, outward: bool) -> None:
        self._rules = rules
        self._views = views
        self._ending = ending
        self._outward = outward
        self._next = {view.transport: NextHops(rules, view) for view in views.values()}
        self._statuses: Dict[bytes, bool] = {}
        self._ours: Dict[bytes, bool] = {}  # Via fields of this proxy up to the branch

    def forward(  # noqa: PLR0912, PLR0915 - one loop without a call per line: that is what makes it fast
        self, data: bytes, body_at: int, lines: List[bytes], flow: Flow, memory: Memory
    ) -> Outcome:
        """`lines` are those of the header block, the body begins at `body_at`."""
        view = memory.view
        fields = iter(lines)
        first = next(fields)
        if first not in self._statuses:
            if not is_status(first):
                raise Dropped("malformed")
            remember(self._statuses, first, True)
        known = view.lines.get
        kinds = view.kinds
        out = [first]
        append = out.append
        seen = length_at = 0
        token: Optional[bytes] = None
        hop: Optional[Next] = None
        length: Optional[Length] = None
        kind_of_body = b""
        for line in fields:
            entry = known(line)
            if entry is None:
                kind = kinds.get(line[: line.find(b":")])
                if kind is None:
                    kind = view.kind(line)
                if kind == VIA:
                    seen |= VIA
                    if hop is not None:
                        append(view.vias.rewritten(line)[0])
                        continue
                    if token is None:
                        token, rest = self._popped(line)
                        if rest is None:
                            continue
                        line = rest  # noqa: PLW2901 - what is left of it
                    hop, text = self._next[view.transport].rewritten(line, token)
                    append(text)
                    continue
                entry = view.entry(line, kind)
            kind, text, more = entry
            if kind:
                if seen & kind & ONCE:
                    raise repeated(kind, flow)
                seen |= kind
                if kind == LENGTH:
                    length = more
                    length_at = len(out)
                elif kind == TYPE:
                    kind_of_body = more
                elif kind == MAX_FORWARDS:
                    text = line
                elif kind == INTERNAL:
                    continue
            append(text)
        if seen & NEEDED != NEEDED:
            raise Dropped("malformed")
        if hop is None:
            raise Dropped("own")
        if hop.refused:
            raise Dropped("target")
        if hop.transport != view.transport:
            memory.view = self._views[hop.transport]
            return self.forward(data, body_at, lines, flow, memory)
        if seen & ENCODING:
            kind_of_body = b""
        text = self._ending.joined(
            out, data, body_at, length, length_at, kind_of_body, flow.transport != "udp", hop.transport != "udp"
        )
        return RESPONSE, text, hop.target, hop.token

    def _popped(self, line: bytes) -> Tuple[bytes, Optional[bytes]]:
        """The token in our Via, and the field without it; None if nothing else is in it."""
        parts = divided(line)
        if parts and parts[0] in self._ours and parts[1].startswith(_OURS):
            end = parts[1].find(b"~")
            if end > 0:
                return parts[1][len(_OURS) : end], None
        token, rest = self.taken(line)
        if parts and rest is None:
            remember(self._ours, parts[0], True)
        return token, rest

    def taken(self, line: bytes) -> Tuple[bytes, Optional[bytes]]:
        """The same, from the text itself. Drops what has another's Via on top."""
        vias = parsed(line)
        via = vias[0]
        branch = via.value(b"branch")
        end = branch.find(b"~")
        ours = (via.host, via.number) in self._rules.selves and via.parameter(b"np") is None
        if not ours or not branch.startswith(_OURS) or end < 0:
            raise Dropped("foreign")
        token = branch[len(_OURS) : end]
        if len(vias) == 1:
            return token, None
        return token, line[: line.find(b":") + 1] + line[line.find(b",", via.end) + 1 :]
