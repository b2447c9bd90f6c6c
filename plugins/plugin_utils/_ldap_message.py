# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""Messages of LDAP version 3 (RFC 4511), as far as a bind and a search need them, in the encoding of ASN.1 (BER)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ._ber import Reader, boolean, enumerated, integer, octets, sequence, tagged
from ._ldap_filter import encoded_filter

SCOPES = {"base": 0, "one": 1, "sub": 2}
_BIND, _BIND_ANSWER, _UNBIND, _SEARCH, _ENTRY, _DONE = 0x60, 0x61, 0x42, 0x63, 0x64, 0x65
_SIMPLE = 0x80
_NEVER_DEREFERENCE = 0
NO_ATTRIBUTES = "1.1"

# RFC 4511, 4.1.9, and appendix A.
RESULTS = {
    0: "success", 1: "operationsError", 2: "protocolError", 3: "timeLimitExceeded", 4: "sizeLimitExceeded",
    7: "authMethodNotSupported", 8: "strongerAuthRequired", 10: "referral", 13: "confidentialityRequired",
    16: "noSuchAttribute", 18: "inappropriateMatching", 21: "invalidAttributeSyntax", 32: "noSuchObject",
    34: "invalidDNSyntax", 48: "inappropriateAuthentication", 49: "invalidCredentials",
    50: "insufficientAccessRights", 51: "busy", 52: "unavailable", 53: "unwillingToPerform",
}  # fmt: skip


@dataclass(frozen=True)
class Answer:
    """The last answer to a request: its result code and what the server says, and the entries in front of it."""

    code: int
    text: str
    entries: Sequence[Entry] = ()

    @property
    def reason(self) -> str:
        """Code and name, and the server's words."""
        named = f"{self.code} {RESULTS.get(self.code, 'of an unknown name')}"
        return f"{named}: {self.text}" if self.text else named


@dataclass(frozen=True)
class Entry:
    """An entry: its name, and values by attribute, which may hold anything."""

    dn: str
    attributes: Mapping[str, list[str]] = field(default_factory=dict)


def bind(number: int, name: str, password: str) -> bytes:
    """A simple bind, of nobody when both are empty."""
    secret = tagged(_SIMPLE, password.encode())
    return sequence(integer(number), tagged(_BIND, integer(3) + octets(name) + secret))


@dataclass(frozen=True)
class Search:
    """What is looked for: at most `limit` entries, within `seconds`; without attributes only names are given back."""

    base: str
    scope: str
    query: str
    attributes: Sequence[str]
    limit: int
    seconds: int


def search(number: int, wanted: Search) -> bytes:
    """A search. Raises `ValueError` for what is no filter."""
    body = (
        octets(wanted.base),
        enumerated(SCOPES[wanted.scope]),
        enumerated(_NEVER_DEREFERENCE),
        integer(wanted.limit),
        integer(wanted.seconds),
        boolean(False),
        encoded_filter(wanted.query),
        sequence(*(octets(each) for each in wanted.attributes or [NO_ATTRIBUTES])),
    )
    return sequence(integer(number), tagged(_SEARCH, b"".join(body)))


def unbind(number: int) -> bytes:
    """The end of a talk; it is not answered."""
    return sequence(integer(number), tagged(_UNBIND, b""))


def answers(messages: Sequence[bytes]) -> dict[int, Answer]:
    """The answers by the number of the request. Raises `ValueError` for what is no LDAP."""
    found: dict[int, Answer] = {}
    entries: dict[int, list[Entry]] = {}
    for message in messages:
        inside = Reader(message).nested()
        number = inside.integer()
        tag, body = inside.element()
        if tag == _ENTRY:
            entries.setdefault(number, []).append(_entry(Reader(body)))
        elif tag in (_BIND_ANSWER, _DONE):
            result = Reader(body)
            code = result.integer()
            # The name that was matched says nothing more.
            result.text()
            found[number] = Answer(code, result.text(), entries.get(number, []))
    return found


def _entry(body: Reader) -> Entry:
    name = body.text()
    attributes: dict[str, list[str]] = {}
    listed = body.nested()
    while not listed.empty:
        attribute = listed.nested()
        kind, values = attribute.text(), attribute.nested()
        attributes[kind] = []
        while not values.empty:
            attributes[kind].append(values.text())
    return Entry(name, attributes)
