# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Responses on their way back (RFC 3261, 16.7, 16.11 and 18.2.2)."""

from __future__ import annotations

from typing import Any, Dict, List, Optional, Tuple

from ..flow import Flow
from ..outcome import RESPONSE, Outcome
from .ending import Ending, repeated
from .headers import CALL_ID, CSEQ, ENCODING, FROM, INTERNAL, LENGTH, MAX_FORWARDS, TO, TYPE, VIA
from .memory import Memory
from .nexthop import Next, NextHops
from .remembering import remember
from .rules import Rules
from .startline import is_status
from .syntax import TOKEN, Dropped
from .vias import parsed
from .view import View

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
        self._ours: Dict[bytes, bytes] = {}  # Via fields of this proxy up to the end of the token, which is the value

    def forward(  # noqa: PLR0912 - one loop without a call per line: that is what makes it fast
        self, lines: List[bytes], body: bytes, flow: Flow, memory: Memory
    ) -> Outcome:
        """`lines` are those of the header block, `body` is what came behind it."""
        view = memory.view
        next_hops = self._next[view.transport]
        fields = iter(lines)
        first = next(fields)
        if first not in self._statuses:
            if not is_status(first):
                raise Dropped("malformed")
            remember(self._statuses, first, True)
        out = [first]
        found: Dict[int, Any] = {}
        token: Optional[bytes] = None
        hop: Optional[Next] = None
        encoded = False
        for kind, text, more in map(view.__getitem__, fields):
            if kind:
                if kind <= TYPE:
                    if kind in found:
                        raise repeated(kind, flow)
                    found[kind] = more
                elif kind == VIA:
                    if token is None:
                        token, rest = self._popped(text)
                        if rest is None:
                            continue
                        text = rest  # noqa: PLW2901 - what is left of it
                    if hop is None:
                        hop, text = next_hops.rewritten(text, token)  # noqa: PLW2901 - as it leaves
                    else:
                        text, _branch = view.vias.rewritten(text)  # noqa: PLW2901
                elif kind == ENCODING:
                    encoded = True
                elif kind == INTERNAL:
                    continue
            out.append(text)
        if token is None or FROM not in found or TO not in found or CALL_ID not in found or CSEQ not in found:
            raise Dropped("malformed")
        if hop is None:
            raise Dropped("own")
        if hop.refused:
            raise Dropped("target")
        if hop.transport != view.transport:
            memory.turn(self._views[hop.transport])
            return self.forward(lines, body, flow, memory)
        if MAX_FORWARDS in found:
            self._kept(out, lines, view)
        text = self._ending.joined(
            out,
            body,
            found.get(LENGTH),
            b"" if encoded else found.get(TYPE, b""),
            flow.transport != "udp",
            view.stream,
        )
        return RESPONSE, text, hop.target, hop.token or token

    @staticmethod
    def _kept(out: List[bytes], lines: List[bytes], view: View) -> None:
        """Max-Forwards means nothing in a response, and stays as it is."""
        for line in lines[1:]:
            kind, text, _more = view[line]
            if kind == MAX_FORWARDS:
                out[out.index(text)] = line

    def _popped(self, line: bytes) -> Tuple[bytes, Optional[bytes]]:
        """The token in our Via, and the field without it; None if nothing else is in it."""
        before, mark, rest = line.partition(b"~")
        token = self._ours.get(before)
        if token is not None and mark and not rest.translate(None, TOKEN):
            return token, None
        token, left = self.taken(line)
        if left is None and mark and before.endswith(b";branch=" + _OURS + token) and not rest.translate(None, TOKEN):
            remember(self._ours, before, token)
        return token, left

    def taken(self, line: bytes) -> Tuple[bytes, Optional[bytes]]:
        """The same, from the text itself. Drops what has another's Via on top."""
        vias = parsed(line)
        via = vias[0]
        branch = via.value(b"branch")
        end = branch.find(b"~")
        ours = (via.host, via.number) in self._rules.selves and via.parameter(b"np") is None
        if not ours or not branch.startswith(_OURS) or end <= len(_OURS):
            raise Dropped("foreign")
        token = branch[len(_OURS) : end]
        if len(vias) == 1:
            return token, None
        return token, line[: line.find(b":") + 1] + line[line.find(b",", via.end) + 1 :]
