# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""SIP messages as a judge reads them: start line, headers by their full names, body, and every host they name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

COMPACT = {
    "a": "Accept-Contact", "b": "Referred-By", "c": "Content-Type", "e": "Content-Encoding", "f": "From",
    "i": "Call-ID", "k": "Supported", "l": "Content-Length", "m": "Contact", "o": "Event", "r": "Refer-To",
    "s": "Subject", "t": "To", "u": "Allow-Events", "v": "Via",
}  # fmt: skip

_SPELLED = {
    name.casefold(): name for name in [*COMPACT.values(), "Route", "Record-Route", "CSeq", "Subscription-State"]
}
_HOST = r"(\[[^\]]*\]|[A-Za-z0-9._-]+)"
_URI = re.compile(rf"\b(?:sips?|pres|im):(?:[^@\s<>;,\"]*@)?{_HOST}", re.I)
_SENT_BY = re.compile(rf"SIP\s*/\s*2\.0\s*/\s*\w+\s+{_HOST}", re.I)
_RECEIVED = re.compile(rf"\b(?:received|maddr)\s*=\s*{_HOST}", re.I)
_ADDRESS = re.compile(r"(?<![\w.])((?:\d{1,3}\.){3}\d{1,3})(?![\w]|\.\d)")
_SDP = re.compile(rf"\bIN IP[46] {_HOST}")


@dataclass(frozen=True)
class Message:
    """A request or an answer. `headers` in order, compact and folded ones written out."""

    start_line: str
    headers: tuple[tuple[str, str], ...]
    body: str

    def all(self, name: str) -> list[str]:
        """Every value of a header."""
        return [value for key, value in self.headers if key.casefold() == name.casefold()]

    def get(self, name: str) -> str:
        """The first value of a header, or an empty text."""
        values = self.all(name)
        return values[0] if values else ""

    @property
    def status(self) -> int:
        """The status of an answer, 0 of a request."""
        found = re.match(r"SIP/2\.0 +(\d{3})", self.start_line)
        return int(found[1]) if found else 0

    @property
    def reason(self) -> str:
        return self.start_line.split(" ", 2)[2] if self.status and self.start_line.count(" ") > 1 else ""

    @property
    def method(self) -> str:
        """The method of a request, or that of the request that this answers."""
        return self.get("CSeq").rpartition(" ")[2] if self.status else self.start_line.partition(" ")[0]

    @property
    def transaction(self) -> tuple[str, str]:
        """Branch of the topmost Via and method: the same in a request and its answers."""
        found = re.search(r";\s*branch\s*=\s*([^;,\s]+)", self.get("Via"), re.I)
        return (found[1] if found else "", self.method)

    def hosts(self) -> Iterator[tuple[str, str]]:
        """Names and addresses in the message, each with its place: a header's name, `Request-URI`, `SDP` or `body`."""
        if not self.status:
            yield from (("Request-URI", host) for host in _hosts(self.start_line))
        for name, value in self.headers:
            for host in _hosts(value):
                yield name, host
            if name == "Call-ID" and "@" in value:
                yield name, value.rpartition("@")[2]
        place = "SDP" if self.get("Content-Type").casefold().startswith("application/sdp") else "body"
        yield from ((place, host) for host in _hosts(self.body))


def parse_message(text: bytes) -> Message:
    """A message as it came; what is no SIP is a start line without headers."""
    head, _mark, body = text.partition(b"\r\n\r\n")
    lines = re.sub(r"\r?\n[ \t]+", " ", head.decode("utf-8", "replace")).splitlines() or [""]
    headers = []
    for line in lines[1:]:
        name, colon, value = line.partition(":")
        if colon:
            headers.append((_full(name.strip()), value.strip()))
    return Message(lines[0], tuple(headers), body.decode("utf-8", "replace"))


def _full(name: str) -> str:
    return COMPACT.get(name.casefold()) or _SPELLED.get(name.casefold(), name)


def _hosts(text: str) -> list[str]:
    found = [host for pattern in (_URI, _SENT_BY, _RECEIVED, _SDP, _ADDRESS) for host in pattern.findall(text)]
    return list(dict.fromkeys(found))
