# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Where a response goes: the Via below ours, and the token in ours (RFC 3261, 18.2.2; RFC 3581, 4)."""

from __future__ import annotations

import re
from typing import Dict, List, NamedTuple, Optional, Tuple

from ..model import TRANSPORTS
from ..outcome import Target
from .edits import Edit, apply
from .remembering import remember
from .rules import Form, Rules
from .syntax import TOKEN, BadToken, Dropped, canonical, is_literal, number
from .topmost import source, without_source
from .via import Via
from .vias import around, divided, parsed, recurs
from .view import View

_PORT = re.compile(rb"[0-9a-f]{1,4}")


class Next(NamedTuple):
    token: bytes  # of the flow that the request came by; empty: what stood in ours is all
    transport: str
    target: Optional[Target]  # None: only that connection leads there
    refused: bool  # the Via leads to where no response may go


class NextHops:
    """For one direction and the transport of the leg that responses leave by."""

    def __init__(self, rules: Rules, view: View) -> None:
        self._rules = rules
        self._view = view
        self._known: Dict[bytes, Tuple[bytes, bytes, Next]] = {}

    def rewritten(self, line: bytes, token: bytes) -> Tuple[Next, bytes]:
        """For the Via field below ours: where it leads, and as it leaves. `token` is what stood in ours."""
        # The token of a connection says nothing but its name; that of datagrams decides what is put back.
        prefix = token + b"~" if b"-" in token else b""
        before, _mark, branch = line.partition(b";branch=")
        found = self._known.get(prefix + before)
        if found and branch and not branch.translate(None, TOKEN):
            return found[2], found[0] + branch + found[1]
        parts = divided(line)
        key = prefix + parts[0] if parts else b""
        if parts:
            found = self._known.get(key)
            if found:
                return found[2], found[0] + parts[1] + found[1]
        hop, text, same = self._read(line, token)
        if parts and same:
            remember(self._known, key, (*around(text, parts[1]), hop))
        return hop, text

    def _read(self, line: bytes, token: bytes) -> Tuple[Next, bytes, bool]:
        flow, port, form = self._parts(token)
        vias = parsed(line)
        first = vias[0]
        edits: List[Edit] = [edit for via in vias for edit in self._view.vias.value(line, via)]
        if self._view.outward:
            known = first.parameter(b"received")
            if known and self._rules.inside.holds(canonical(known.value or b"")):
                edits = [edit for edit in edits if not known.start <= edit[0] < known.end] + without_source(first)
            text = apply(line, edits)
        else:
            text = apply(line, edits)
            first = parsed(text)[0]
            rport = first.parameter(b"rport")
            if port and rport and not rport.value:
                address = form.text if form and not first.parameter(b"received") else b""
                text = apply(text, source(first, address, port))
                first = parsed(text)[0]
        return self._hop(first, flow, form, b"-" in token), text, recurs(line, vias)

    def _parts(self, token: bytes) -> Tuple[bytes, bytes, Optional[Form]]:
        """Name of the flow, source port in decimal, inside host that is the source."""
        parts = token.split(b"-")
        form: Optional[Form] = None
        port = b""
        if len(parts) > 1:
            if not parts[0] or not _PORT.fullmatch(parts[1]):
                raise Dropped("token")
            port = b"%d" % int(parts[1], 16)
        if len(parts) > 2:
            form = self._rules.tokens.get(parts[2])
            if form is None or not is_literal(form.text):
                raise BadToken
        return parts[0], port, form

    def _hop(self, via: Via, flow: bytes, form: Optional[Form], datagrams: bool) -> Next:
        transport = via.transport.decode("ascii", "replace")
        maddr, received, rport = via.value(b"maddr"), via.value(b"received"), via.value(b"rport")
        address = canonical(maddr or (form.text if form else received or via.host))
        port = via.number
        if transport == "udp" and not maddr:
            port = number(rport, 65535) or port
        name = flow if datagrams else b""
        if transport not in TRANSPORTS:
            return Next(name, transport, None, True)
        target = self._rules.answerable(address, port, transport)
        refused = target is None or target.inside == self._view.outward
        if target is None and not datagrams and not self._view.outward:
            # The connection leads there, even if nothing else does.
            refused = is_literal(address) and not self._rules.inside.holds(address)
        return Next(name, transport, target, refused)
