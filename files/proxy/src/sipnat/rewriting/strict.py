# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Strict routers, which put the next hop into the Request-URI (RFC 3261, 16.4 and 16.6 item 6; RFC 2543)."""

from __future__ import annotations

from typing import List, Tuple

from .headers import ROUTE, kind
from .rules import Rules
from .startline import pieces
from .syntax import values
from .uri import address_spec, parse


def undone(lines: List[bytes]) -> List[bytes]:
    """The strict router before us put our own URI into the Request-URI: the last Route value belongs there."""
    changed, routes = _without_routes(lines)
    method, _uri_text = pieces(lines[0])
    changed[0] = b"%b %b SIP/2.0" % (method, _uri(routes[-1]))
    return _with_routes(changed, lines, routes[:-1])


def done(lines: List[bytes], rules: Rules) -> List[bytes]:
    """The next hop is a strict router: its URI becomes the Request-URI, which becomes the last Route value."""
    changed, routes = _without_routes(lines)
    while routes and _is_own(routes[0], rules):
        del routes[0]
    method, uri = pieces(lines[0])
    changed[0] = b"%b %b SIP/2.0" % (method, _uri(routes[0]))
    return _with_routes(changed, lines, [*routes[1:], b"<" + uri + b">"])


def _without_routes(lines: List[bytes]) -> Tuple[List[bytes], List[bytes]]:
    """The lines without Route fields, and the values of those."""
    kept = [lines[0]]
    routes: List[bytes] = []
    for line in lines[1:]:
        name, _colon, _value = line.partition(b":")
        if kind(name) == ROUTE:
            routes += [line[begin:end] for begin, end in values(line, len(name) + 1)]
        else:
            kept.append(line)
    return kept, routes


def _with_routes(kept: List[bytes], lines: List[bytes], routes: List[bytes]) -> List[bytes]:
    """All values in one field where the first one was."""
    place = next(place for place, line in enumerate(lines) if place and kind(line.partition(b":")[0]) == ROUTE)
    return kept[:place] + ([b"Route: " + b", ".join(routes)] if routes else []) + kept[place:]


def _uri(value: bytes) -> bytes:
    start, end, _bracketed = address_spec(value, 0, len(value))
    uri = parse(value, start, end)
    return value[start : uri.end if uri else end]


def _is_own(value: bytes, rules: Rules) -> bool:
    start, end, _bracketed = address_spec(value, 0, len(value))
    uri = parse(value, start, end)
    return uri is not None and uri.parameter(b"np") is None and rules.is_self(uri)
