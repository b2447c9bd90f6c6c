# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Header fields that hold addresses: Contact, Record-Route, From and their like, on the way out and on the way in."""

from __future__ import annotations

from typing import List, Optional

from . import internal, tokens
from .edits import Edit, apply
from .rules import Rules
from .syntax import BadToken, Refusal, values, written
from .uri import Uri, address_spec, parse


class Addresses:
    """For one direction and the transport of the leg that a message leaves by."""

    def __init__(self, rules: Rules, outward: bool, transport: str) -> None:
        self._rules = rules
        self._outward = outward
        self._transport = transport.encode("ascii")
        self._own = rules.public(transport) if outward else rules.listener(transport)

    def line(self, line: bytes, start: int, several: bool = True, own: bool = False) -> bytes:
        """A field whose value begins at `start`: comma separated addresses, or one. `own`: this proxy is among them.

        Refuses what cannot be read.
        """
        spans = values(line, start)
        if not several:
            spans = [(spans[0][0], spans[-1][1])]
        edits: List[Edit] = []
        for begin, end in spans:
            if line[begin:end] != b"*":
                edits += self.value(line, begin, end, own)
        return apply(line, edits)

    def value(self, line: bytes, begin: int, end: int, own: bool) -> List[Edit]:
        """What is to be changed in one address."""
        first, last, bracketed = address_spec(line, begin, end)
        uri = parse(line, first, last)
        if uri is None:
            return []
        if not bracketed and uri.end < last:
            raise Refusal(400, "URI with Headers outside Angle Brackets")
        edits = self.uri(uri, own)
        if self._outward and uri.host in self._rules.forms:
            edits += internal.hide(line, uri.tail, end)
        elif not self._outward and self._carries(uri):
            edits += internal.show(line, uri.tail, end)
        return edits

    def uri(self, uri: Uri, own: bool) -> List[Edit]:
        """What is to be changed in a URI."""
        if own and uri.parameter(b"np") is None and self._rules.is_self(uri):
            return [(uri.place, uri.tail, self._own + self._added(uri)), *self._transport_edits(uri, True)]
        return self._hidden(uri) if self._outward else self.shown(uri)

    def _hidden(self, uri: Uri) -> List[Edit]:
        form = self._rules.forms.get(uri.host)
        if form is None:
            return []
        former: Optional[bytes] = None
        if uri.transport != self._transport:
            parameter = uri.parameter(b"transport")
            former = (parameter.value or b"") if parameter else b""
        token = b";np=" + tokens.write(form.token, uri.port, former)
        return [(uri.place, uri.tail, self._own + token + self._added(uri)), *self._transport_edits(uri)]

    def _added(self, uri: Uri) -> bytes:
        """A transport parameter where there was none and one is needed."""
        if self._transport in (uri.transport, b"udp") or uri.parameter(b"transport"):
            return b""
        return b";transport=" + self._transport

    def _transport_edits(self, uri: Uri, removed: bool = False) -> List[Edit]:
        """A transport parameter that says another one. `removed`: UDP goes without saying."""
        parameter = uri.parameter(b"transport")
        if parameter is None or uri.transport == self._transport:
            return []
        if removed and self._transport == b"udp":
            return [(parameter.start, parameter.end, b"")]
        equals = b"=" if parameter.value is None else b""
        return [(parameter.at, parameter.end, equals + self._transport)]

    def _carries(self, uri: Uri) -> bool:
        return uri.host in self._rules.fronts and uri.parameter(b"np") is not None

    def shown(self, uri: Uri) -> List[Edit]:
        """The inside form of a URI that carries a token of ours."""
        mark = uri.parameter(b"np")
        if mark is None or uri.host not in self._rules.fronts:
            return []
        token = tokens.read(mark.value or b"")
        form = self._rules.tokens.get(token.form) if token else None
        if token is None or form is None:
            raise BadToken
        host = written(form.text) + (b":" + token.port if token.port else b"")
        edits: List[Edit] = [(mark.start, mark.end, b"")]
        parameter = uri.parameter(b"transport")
        if token.transport is not None:
            if parameter is None:
                host += b";transport=" + token.transport if token.transport else b""
            elif token.transport:
                edits.append((parameter.at, parameter.end, token.transport))
            else:
                edits.append((parameter.start, parameter.end, b""))
        return [(uri.place, uri.tail, host), *edits]
