# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The sender's own Via: where the message really came from is written into it, and taken out again."""

from __future__ import annotations

from typing import List, Tuple

from ..flow import Flow
from .edits import Edit, apply
from .memory import REMEMBERED, Memory
from .remembering import remember
from .syntax import TOKEN, canonical
from .via import Via
from .vias import Vias, around, divided, parsed, recurs


def received(line: bytes, flow: Flow, memory: Memory, vias: Vias) -> Tuple[bytes, bytes]:
    """The topmost Via field of a request from outside as it goes inside, and its branch (RFC 3261, 18.2.1)."""
    before, _mark, branch = line.partition(b";branch=")
    found = memory.vias.get(before)
    if found and branch and not branch.translate(None, TOKEN):
        return found[0] + branch + found[1], branch
    parts = divided(line)
    if parts:
        found = memory.vias.get(parts[0])
        if found:
            return found[0] + parts[1] + found[1], parts[1]
    values = parsed(line)
    edits = source(values[0], flow.address.encode("ascii", "replace"), b"%d" % flow.port)
    text = apply(line, edits + [edit for via in values for edit in vias.value(line, via)])
    if parts and recurs(line, values):
        remember(memory.vias, parts[0], around(text, parts[1]), REMEMBERED)
    return text, values[0].value(b"branch")


def source(via: Via, address: bytes, port: bytes) -> List[Edit]:
    """What a server adds to the topmost Via (RFC 3261, 18.2.1; RFC 3581, 4). Empty strings: not known."""
    edits: List[Edit] = []
    rport = via.parameter(b"rport")
    if rport and not rport.value and port:
        edits.append((rport.named[1], rport.end, b"=" + port))
    known = via.parameter(b"received")
    if known and address:
        if canonical(known.value or b"") != address:
            edits.append((known.named[1], known.end, b"=" + address))
    elif address and (edits or via.host != address):
        edits.append((via.end, via.end, b";received=" + address))
    return edits


def without_source(via: Via) -> List[Edit]:
    """The inverse: what we added is of the inside and does not leave."""
    edits: List[Edit] = []
    known, rport = via.parameter(b"received"), via.parameter(b"rport")
    if known:
        edits.append((known.start, known.end, b""))
    if rport and rport.value:
        edits.append((rport.named[1], rport.end, b""))
    return edits
