# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What becomes of Via values on the way out and on the way in."""

from __future__ import annotations

from typing import Dict, List, Optional, Tuple

from . import internal, tokens
from .edits import Edit, apply
from .remembering import remember
from .rules import Rules
from .syntax import TOKEN, BadToken, canonical, clean, is_literal, values
from .via import Via

_HIDE = ((b"received", b"npr"), (b"maddr", b"npm"))


class Vias:
    """For one direction and the transport of the leg that a message leaves by."""

    def __init__(self, rules: Rules, outward: bool, transport: str) -> None:
        self._rules = rules
        self._outward = outward
        self._transport = transport
        self._known: Dict[bytes, Tuple[bytes, bytes]] = {}  # by what is around the branch, what is around it then

    def rewritten(self, line: bytes) -> Tuple[bytes, bytes]:
        """A Via field, and the branch of its first value as received (empty: none). Refuses what cannot be read."""
        before, _mark, branch = line.partition(b";branch=")
        found = self._known.get(before)
        if found and branch and not branch.translate(None, TOKEN):
            return found[0] + branch + found[1], branch
        parts = divided(line)
        if parts:
            found = self._known.get(parts[0])
            if found:
                return found[0] + parts[1] + found[1], parts[1]
        vias = parsed(line)
        text = apply(line, [edit for via in vias for edit in self.value(line, via)])
        if parts and recurs(line, vias):
            remember(self._known, parts[0], around(text, parts[1]))
        return text, vias[0].value(b"branch")

    def value(self, text: bytes, via: Via) -> List[Edit]:
        """What is to be changed in one value."""
        return self._hidden(text, via) if self._outward else self._shown(text, via)

    def _hidden(self, text: bytes, via: Via) -> List[Edit]:
        edits: List[Edit] = []
        form = self._rules.forms.get(via.host)
        if form:
            sent_by = self._rules.outbound(via.transport.decode("ascii", "replace"), self._transport)
            token = tokens.write(form.named(text[via.place : via.stop]), via.port)
            edits.append((via.place, via.tail, sent_by + b";np=" + token))
            edits += internal.hide(text, via.tail, via.end)
        for shown, hidden in _HIDE:
            parameter = via.parameter(shown)
            form = self._rules.forms.get(canonical(parameter.value or b"")) if parameter else None
            if parameter and form and is_literal(form.text):
                edits += [(*parameter.named, hidden), (parameter.at, parameter.end, form.token)]
        return edits

    def _shown(self, text: bytes, via: Via) -> List[Edit]:
        edits: List[Edit] = []
        mark = via.parameter(b"np") if via.host in self._rules.fronts else None
        if mark:
            token = tokens.read(mark.value or b"")
            host = self._rules.form(token) if token else None
            if token is None or host is None:
                raise BadToken
            sent_by = host + (b":" + token.port if token.port else b"")
            edits += [(via.place, via.tail, sent_by), (mark.start, mark.end, b"")]
            edits += internal.show(text, via.tail, via.end)
        for shown, hidden in _HIDE:
            parameter = via.parameter(hidden)
            form = self._rules.tokens.get(parameter.value or b"") if parameter else None
            if parameter and form:
                edits += [(*parameter.named, shown), (parameter.at, parameter.end, form.text)]
            elif parameter and mark:
                raise BadToken
        return edits


def parsed(line: bytes) -> List[Via]:
    """The values of a Via field."""
    clean(line)
    return [Via(line, begin, end) for begin, end in values(line, line.find(b":") + 1)]


def divided(line: bytes) -> Optional[Tuple[bytes, bytes]]:
    """What is around the branch, and the branch: the one recurs in every message of a sender, the other does not.

    None if that cannot be told at a glance. Lines that are taken apart in the same way are the same but for the branch
    if one of them `recurs`.
    """
    before, _mark, rest = line.partition(b";branch=")
    branch, semicolon, after = rest.partition(b";")
    if not branch or branch.translate(None, TOKEN):
        return None
    return (before + b";branch=;" + after if semicolon else before), branch


def recurs(line: bytes, vias: List[Via]) -> bool:
    """Whether a field has one value, whose branch is what `divided` takes for it.

    It may be a second branch instead, behind one that is written in another way or has no value, or part of a quoted
    string.
    """
    branch = vias[0].parameter(b"branch")
    return len(vias) == 1 and branch is not None and branch.start == line.find(b";branch=")


def around(text: bytes, branch: bytes) -> Tuple[bytes, bytes]:
    """What stands before and behind the branch of a line that `divided` takes apart."""
    before, mark, rest = text.partition(b";branch=")
    return before + mark, rest[len(branch) :]
