# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Header fields that hold addresses: Contact, Record-Route, From and their like, on the way out and on the way in."""

from __future__ import annotations

from typing import List, Optional

from . import internal, tokens
from .edits import Edit, apply
from .rules import Form, Rules
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
        if own and uri.parameter(b"np") is None and self._rules.is_self(uri):
            return self.own(uri)
        if self._outward:
            form = self._rules.forms.get(uri.host)
            if form is None:
                return []
            edits = self._hidden(uri, form) if bracketed or own else self._enclosed(uri, form, first)
            return edits + internal.hide(line, uri.tail, end)
        token = self.token(uri)
        if token is None:
            return []
        edits = self.shown(uri, token)
        if token.bare and first - begin == 1 and uri.end == last and len(uri.parameters) == len(edits) - 1:
            edits += [(begin, first, b""), (last, last + 1, b"")]  # nothing is left that needs the brackets
        return edits + internal.show(line, uri.tail, end)

    def own(self, uri: Uri) -> List[Edit]:
        """What is to be changed in a URI that means this proxy: it does so on each leg in another way."""
        return [(uri.place, uri.tail, self._own + self._added(uri)), *self._transport_edits(uri, True)]

    def token(self, uri: Uri) -> Optional[tokens.Token]:
        """What the token of ours in a URI says; None if there is none."""
        mark = uri.parameter(b"np")
        if mark is None or uri.host not in self._rules.fronts:
            return None
        token = tokens.read(mark.value or b"")
        if token is None or token.form not in self._rules.tokens:
            raise BadToken
        return token

    def _enclosed(self, uri: Uri, form: Form, first: int) -> List[Edit]:
        """A URI without angle brackets gets some: what stands behind it are parameters of the field."""
        token = b";np=b" + tokens.write(form.token, uri.port)
        transport = b"" if self._transport == b"udp" else b";transport=" + self._transport
        return [(first, first, b"<"), (uri.place, uri.tail, self._own + token + transport + b">")]

    def _hidden(self, uri: Uri, form: Form) -> List[Edit]:
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

    def shown(self, uri: Uri, token: tokens.Token) -> List[Edit]:
        """The inside form of a URI that carries a token of ours."""
        form = self._rules.tokens[token.form]
        host = written(form.text) + (b":" + token.port if token.port else b"")
        edits: List[Edit] = [(one.start, one.end, b"") for one in uri.parameters if one.name == b"np"][:1]
        parameter = uri.parameter(b"transport")
        if token.transport is not None:
            if parameter is None:
                host += b";transport=" + token.transport if token.transport else b""
            elif token.transport:
                edits.append((parameter.at, parameter.end, token.transport))
            else:
                edits.append((parameter.start, parameter.end, b""))
        return [(uri.place, uri.tail, host), *edits]
