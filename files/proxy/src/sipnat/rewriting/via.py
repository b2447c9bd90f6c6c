# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Via values (RFC 3261, 20.42): where their parts are."""

from __future__ import annotations

import re
from typing import List, Optional

from .syntax import LWS, Parameter, Refusal, canonical, parameters
from .uri import end_of_host, port_behind

_PROTOCOL = re.compile(rb"[A-Za-z]+[ \t\r\n]*/[ \t\r\n]*[0-9.]+[ \t\r\n]*/[ \t\r\n]*([^\s/;,]+)[ \t\r\n]+")
_PORT = re.compile(rb"[ \t\r\n]*:[ \t\r\n]*")
_SEMICOLON = re.compile(rb';|"(?:[^"\\]|\\.)*"', re.DOTALL)


class Via:
    """Places in the text it was found in. `stop` is the end of the host, `tail` that of the port, where parameters may
    follow."""

    __slots__ = ("end", "host", "parameters", "place", "port", "start", "stop", "tail", "transport")

    def __init__(self, text: bytes, start: int, end: int) -> None:
        """Refuses what is no Via value."""
        found = _PROTOCOL.match(text, start, end)
        if not found:
            raise Refusal(400, "Malformed Via")
        self.start = start
        self.end = end
        self.transport = found.group(1).lower()
        self.place = found.end()
        self.tail = self.stop = end_of_host(text, self.place, end)
        self.host = canonical(text[self.place : self.tail])
        self.port: Optional[bytes] = None
        colon = _PORT.match(text, self.tail, end)
        if colon:
            self.port, self.tail = port_behind(text, colon.end(), end)
        self.parameters: List[Parameter] = list(parameters(text, self.tail, end))
        rest = text[self.tail : end].lstrip(LWS)
        semicolons = sum(found.group() == b";" for found in _SEMICOLON.finditer(rest))
        if rest and (rest[:1] != b";" or len(self.parameters) != semicolons):
            raise Refusal(400, "Malformed Via")

    def parameter(self, name: bytes) -> Optional[Parameter]:
        for parameter in self.parameters:
            if parameter.name == name:
                return parameter
        return None

    def value(self, name: bytes) -> bytes:
        """Of a parameter; empty if there is none or it has none."""
        parameter = self.parameter(name)
        return (parameter.value or b"") if parameter else b""

    @property
    def number(self) -> int:
        """The port that is meant."""
        return int(self.port) if self.port else (5061 if self.transport == b"tls" else 5060)
