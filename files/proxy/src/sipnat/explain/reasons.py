# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Why a proxy of this kind changes what it changes: the rule and where it stands."""

from __future__ import annotations

from typing import Dict, NamedTuple

ADDED, CHANGED, REMOVED = "added", "changed", "removed"

_READABLE = "the other side has to reach it: inside host and port become the public ones, and back"
_MASKED = "the host of a Call-ID is masked, and comes back: RFC 3261 8.1.1.4 wants it unique, no more"

_REQUEST: Dict[str, str] = {
    "via added": "our own Via: answers come back to it. The branch is the same for a repetition, its CANCEL and its ACK"
    " (RFC 3261 16.6(8), 16.11; RFC 3581 3)",
    "record-route added": "requests inside the dialog have to come through here again (RFC 3261 16.6(4))",
    "route removed": "it named us (RFC 3261 16.4)",
    "route changed": "values that named us are taken off, others are translated (RFC 3261 16.4, 16.6(6))",
    "max-forwards changed": "one hop (RFC 3261 16.6(3))",
    "max-forwards added": "a request without it gets 70 (RFC 3261 16.6(3))",
}
_REQUEST_IN: Dict[str, str] = {
    "request-line changed": "the public form of the address becomes the one inside (RFC 3261 16.5, 16.6(2))",
    "via changed": "where the request came from (RFC 3261 18.2.1; RFC 3581 4)",
}
_REQUEST_OUT: Dict[str, str] = {
    "request-line changed": "a strict route (RFC 3261 16.4), or an address of the other side that is one of ours too",
    "via changed": "an inside host becomes the outbound one; the np token finds it again (RFC 3261 18.1.1)",
}
_RESPONSE: Dict[str, str] = {
    "via removed": "our own Via has done its work (RFC 3261 16.7(3))",
    "record-route changed": "our own value names the side that reads it; others are translated (RFC 3261 16.7(8))",
}
_RESPONSE_IN: Dict[str, str] = {
    "via changed": "as it was written: the sender compares it (RFC 3261 8.1.3.3, 18.1.2)",
}
_RESPONSE_OUT: Dict[str, str] = {
    "via changed": "where we saw the request come from is nobody's business outside (RFC 3261 18.2.1)",
}
_ALWAYS: Dict[str, str] = {
    "record-route changed": f"{_READABLE} (RFC 3261 20.30)",
    "contact changed": f"{_READABLE} (RFC 3261 8.1.1.8, 20.10)",
    "path changed": f"{_READABLE} (RFC 3327 4)",
    "service-route changed": f"{_READABLE} (RFC 3608 5)",
    "refer-to changed": f"{_READABLE} (RFC 3515 2.1)",
    "referred-by changed": f"{_READABLE} (RFC 3892 3)",
    "alert-info changed": f"{_READABLE} (RFC 3261 20.4)",
    "call-info changed": f"{_READABLE} (RFC 3261 20.9)",
    "error-info changed": f"{_READABLE} (RFC 3261 20.18)",
    "from changed": "map_identities: inside hosts are not shown; the tag identifies the dialog (RFC 3261 8.1.1.3, 12)",
    "to changed": "map_identities: inside hosts are not shown; the tag identifies the dialog (RFC 3261 8.1.1.2, 12)",
    "p-asserted-identity changed": "map_identities: inside hosts are not shown (RFC 3325 9.1)",
    "p-preferred-identity changed": "map_identities: inside hosts are not shown (RFC 3325 9.2)",
    "p-associated-uri changed": "map_identities: inside hosts are not shown (RFC 7315 4.1)",
    "diversion changed": "map_identities: inside hosts are not shown (RFC 5806)",
    "history-info changed": "map_identities: inside hosts are not shown (RFC 7044 5)",
    "remote-party-id changed": "map_identities: inside hosts are not shown (draft-ietf-sip-privacy-04)",
    "p-called-party-id changed": "map_identities: inside hosts are not shown (RFC 7315 4.2)",
    "p-served-user changed": "map_identities: inside hosts are not shown (RFC 5502)",
    "reply-to changed": "map_identities: inside hosts are not shown (RFC 3261 20.31)",
    "call-id changed": _MASKED,
    "replaces changed": f"{_MASKED} (RFC 3891 6.1)",
    "join changed": f"{_MASKED} (RFC 3911 7.1)",
    "target-dialog changed": f"{_MASKED} (RFC 4538 7)",
    "in-reply-to changed": f"{_MASKED} (RFC 3261 20.21)",
    "content-length changed": "the body has another length now (RFC 3261 18.3)",
    "content-length added": "a stream needs it (RFC 3261 18.3)",
    "ibm-po removed": "internal to WebSphere",
    "outboundiflist removed": "internal to WebSphere",
}
_GUARD = "an inside address was left in it: none may leave"
_UNKNOWN = "translated as the same address elsewhere in the message"

_BODY: Dict[str, str] = {
    "o=": "inside address becomes that for media, ports stay (RFC 4566 5.2)",
    "c=": "inside address becomes that for media, ports stay (RFC 4566 5.7)",
    "a=rtcp": "inside address becomes that for media, ports stay (RFC 3605 2.1)",
    "a=candidate": "inside address becomes that for media, ports stay (RFC 8839 5.1)",
    "a=remote-candidates": "inside address becomes that for media, ports stay (RFC 8839 5.2)",
    "a=path": "inside address becomes that for media, ports stay (RFC 4975 8.2)",
    "content-length": "the part has another length now (RFC 3261 18.3)",
}


class Direction(NamedTuple):
    request: bool
    outward: bool


def of_field(name: str, change: str, direction: Direction) -> str:
    """Why a field (long name in lower case, `request-line` for the first line) is added, changed or removed."""
    way = {
        Direction(True, True): _REQUEST_OUT,
        Direction(True, False): _REQUEST_IN,
        Direction(False, True): _RESPONSE_OUT,
        Direction(False, False): _RESPONSE_IN,
    }[direction]
    for table in (way, _REQUEST if direction.request else _RESPONSE, _ALWAYS):
        found = table.get(f"{name} {change}")
        if found:
            return found
    return _GUARD if direction.outward else _UNKNOWN


def of_body(line: str) -> str:
    """Why a line of a body is changed."""
    for beginning, reason in _BODY.items():
        if line.lower().startswith(beginning):
            return reason
    return _UNKNOWN
