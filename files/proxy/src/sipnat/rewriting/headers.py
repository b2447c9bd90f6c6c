# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Names of header fields, and what each means to a proxy that rewrites."""

from __future__ import annotations

from typing import Dict, List

from .syntax import LWS, is_token

# Kinds that matter beyond their own line. Up to TYPE a message may have one field of each.
PLAIN = 0
FROM = 1
TO = 2
CALL_ID = 3
CSEQ = 4
MAX_FORWARDS = 5
LENGTH = 6
TYPE = 7
VIA = 8
ROUTE = 9
RECORD_ROUTE = 10
PROXY_REQUIRE = 11
ENCODING = 12
INTERNAL = 13  # not for the outside

# Kinds that concern their own line only.
CONTACT = -1  # addresses that must be readable
ADDRESSES = -2  # addresses; what cannot be read stays
ADDRESS = -3  # one address; what cannot be read stays
IDENTITIES = -4  # the same, only where identities are mapped
REFERENCES = -5  # Call-IDs

KINDS: Dict[bytes, int] = {
    b"via": VIA,
    b"v": VIA,
    b"from": FROM,
    b"f": FROM,
    b"to": TO,
    b"t": TO,
    b"call-id": CALL_ID,
    b"i": CALL_ID,
    b"cseq": CSEQ,
    b"max-forwards": MAX_FORWARDS,
    b"content-length": LENGTH,
    b"l": LENGTH,
    b"content-type": TYPE,
    b"c": TYPE,
    b"content-encoding": ENCODING,
    b"e": ENCODING,
    b"route": ROUTE,
    b"record-route": RECORD_ROUTE,
    b"proxy-require": PROXY_REQUIRE,
    b"ibm-po": INTERNAL,
    b"outboundiflist": INTERNAL,
    b"contact": CONTACT,
    b"m": CONTACT,
    b"path": ADDRESSES,
    b"service-route": ADDRESSES,
    b"alert-info": ADDRESSES,
    b"call-info": ADDRESSES,
    b"error-info": ADDRESSES,
    b"refer-to": ADDRESS,
    b"r": ADDRESS,
    b"referred-by": ADDRESS,
    b"b": ADDRESS,
    b"p-asserted-identity": IDENTITIES,
    b"p-preferred-identity": IDENTITIES,
    b"p-associated-uri": IDENTITIES,
    b"diversion": IDENTITIES,
    b"history-info": IDENTITIES,
    b"remote-party-id": IDENTITIES,
    b"p-called-party-id": IDENTITIES,
    b"p-served-user": IDENTITIES,
    b"reply-to": IDENTITIES,
    b"replaces": REFERENCES,
    b"join": REFERENCES,
    b"target-dialog": REFERENCES,
    b"in-reply-to": REFERENCES,
}


def kind(name: bytes) -> int:
    """Of a header field, by its name as written (blanks behind it are allowed); ValueError if that is no name."""
    name = name.rstrip(LWS)
    if not is_token(name):
        raise ValueError(name)
    return KINDS.get(name.lower(), PLAIN)


def unfolded(lines: List[bytes]) -> List[bytes]:
    """Lines of a header block with each continuation (RFC 3261, 7.3.1) put behind its line, line break included."""
    joined: List[List[bytes]] = []
    for line in lines:
        if joined and line[:1] in (b" ", b"\t"):
            joined[-1].append(line)
        else:
            joined.append([line])
    return [b"\r\n".join(pieces) for pieces in joined]
