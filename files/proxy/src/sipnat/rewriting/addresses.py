# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Header fields that hold addresses: Contact, Record-Route, From and their like, on the way out and on the way in."""

from __future__ import annotations

from typing import List, Optional, Tuple

from . import internal, tokens
from .edits import Edit, apply
from .rules import Rules
from .syntax import BadToken, Refusal, canonical, values
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
                return self._elsewhere(line, uri) if bracketed else []
            name = form.named(line[uri.place : uri.stop])
            edits = self._hidden(line, uri, name) if bracketed or own else self._enclosed(uri, name, first)
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
            mark, maddr = uri.parameter(b"npm"), uri.parameter(b"maddr")
            if mark is None or maddr is None or canonical(maddr.value or b"") not in self._rules.fronts:
                return None
        token = tokens.read(mark.value or b"")
        if token is None or self._rules.form(token) is None:
            raise BadToken
        return token

    def _enclosed(self, uri: Uri, name: bytes, first: int) -> List[Edit]:
        """A URI without angle brackets gets some: what stands behind it are parameters of the field."""
        token = b";np=b" + tokens.write(name, uri.port)
        transport = b"" if self._transport == b"udp" else b";transport=" + self._transport
        return [(first, first, b"<"), (uri.place, uri.tail, self._own + token + transport + b">")]

    def _hidden(self, line: bytes, uri: Uri, name: bytes) -> List[Edit]:
        other, edits = self._other(line, uri)
        token = b";np=" + tokens.write(name, uri.port, self._former(uri)) + (b";npm=" + other if other else b"")
        return [(uri.place, uri.tail, self._own + token + self._added(uri)), *edits, *self._transport_edits(uri)]

    def _elsewhere(self, line: bytes, uri: Uri) -> List[Edit]:
        """A URI of any host that is to be found at an inside one (``maddr``; RFC 3261, 19.1.1)."""
        other, edits = self._other(line, uri)
        if not other:
            return []
        port = self._own[self._own.rfind(b":") :]
        token = b";npm=" + tokens.write(other, uri.port, self._former(uri))
        return [(uri.stop, uri.tail, port + token + self._added(uri)), *edits, *self._transport_edits(uri)]

    def _other(self, line: bytes, uri: Uri) -> Tuple[bytes, List[Edit]]:
        """The token of the inside host in ``maddr``, and the edit that hides it; empty: there is none."""
        maddr = uri.parameter(b"maddr")
        form = self._rules.forms.get(canonical(maddr.value)) if maddr and maddr.value else None
        if maddr is None or form is None:
            return b"", []
        front = self._own[: self._own.rfind(b":")]
        return form.named(line[maddr.at : maddr.end]), [(maddr.at, maddr.end, front)]

    def _former(self, uri: Uri) -> Optional[bytes]:
        """What the transport parameter says where it has to be changed; empty: there is none."""
        if uri.transport == self._transport:
            return None
        parameter = uri.parameter(b"transport")
        return (parameter.value or b"") if parameter else b""

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
        host = b":" + token.port if token.port else b""
        place = uri.stop
        edits: List[Edit] = []
        mark, other, maddr = (uri.parameter(name) for name in (b"np", b"npm", b"maddr"))
        if mark:
            place, host = uri.place, (self._rules.form(token) or b"") + host
            edits.append((mark.start, mark.end, b""))
        if other and maddr:
            further = tokens.read(other.value or b"")
            name = self._rules.form(further) if further else None
            edits += [(other.start, other.end, b""), (maddr.at, maddr.end, name or maddr.value or b"")]
        parameter = uri.parameter(b"transport")
        if token.transport is not None:
            if parameter is None:
                host += b";transport=" + token.transport if token.transport else b""
            elif token.transport:
                edits.append((parameter.at, parameter.end, token.transport))
            else:
                edits.append((parameter.start, parameter.end, b""))
        return [(place, uri.tail, host), *edits]
