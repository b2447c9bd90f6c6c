# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""A NAT plan in words that a person can follow: what goes where, what happens to one call, and what is wrong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

from ._nat_entries import Entry, entries
from ._nat_read import Address, socket
from ._nat_site import sites_of
from ._nat_talk import Talk, talks
from ._nat_walk import ANY_PORT, Hop, Walk
from ._table import table

ENTRY_WIDTHS = (28, 52, 44)
WALK_WIDTHS = (2, 34, 12, 38, 38)
FINDING_WIDTHS = (7, 22, 14, 36, 30, 40)
"""At most, of the columns of the tables, in characters."""


def explanation(sites: Sequence[Mapping[str, Any]], plan: Mapping[str, Any]) -> str:
    """`sites` are the input of `_nat_plan.plan`, and `plan` is what it made of them. Text of several lines."""
    lines = [
        *_heading("WHAT GOES WHERE"),
        *chain.from_iterable(_place(name, found, plan["sites"].get(name)) for name, found in entries(plan).items()),
        *_heading("ONE CALL"),
        "A hop is what is on the wire between two stations; shown is what changes there. A port called any is one that",
        "the sender's system picks. Of Via the topmost is shown: by that the answer goes.",
        "",
        *chain.from_iterable(_talk(talk) for talk in talks(sites_of(sites))),
        *_heading("FINDINGS"),
        _findings(plan["findings"]),
    ]
    return "\n".join(lines) + "\n"


def _heading(text: str) -> list[str]:
    return [text, "=" * len(text), ""]


def _place(name: str, found: Sequence[Entry], site: Mapping[str, Any] | None) -> list[str]:
    title = f"At the {name}, who is not in this plan"
    if site:
        title = f"{name}: {site['kind']}, {'behind a NAT' if site['behind_nat'] else 'no NAT'}, {site['transport']}"
    return [title, "", table(("what", "value", "where to enter it"), found, ENTRY_WIDTHS), ""]


def _talk(talk: Talk) -> list[str]:
    through = f" through {talk.through}" if talk.through else ""
    title = f"{talk.caller} calls {talk.called}{through} (external community {talk.community})"
    lines = [title, "-" * len(title), ""]
    if not talk.walks:
        lines += [f"Nobody knows what {talk.caller} has to dial: see the findings.", ""]
    for walk in talk.walks:
        lines += [walk.title, ""]
        if walk.hops:
            lines += [table(("", "hop", "what", "before", "after"), _changes(walk.hops), WALK_WIDTHS), ""]
        lines += [_outcome(walk), ""]
    return lines


def _changes(hops: Sequence[Hop]) -> Iterator[tuple[str, ...]]:
    before: dict[str, str] = {}
    for number, hop in enumerate(hops, start=1):
        after = _fields(hop)
        first = (str(number), f"{hop.sender} to {hop.receiver}")
        for what in (what for what in after if after[what] != before.get(what, "")):
            yield (*first, what, before.get(what, ""), after[what])
            first = ("", "")
        before = after


def _fields(hop: Hop) -> dict[str, str]:
    packet, headers = hop.packet, hop.headers
    return {
        "packet from": _end(packet.source, packet.source_port),
        "packet to": _end(packet.destination, packet.destination_port),
        "Request-URI": headers.request_uri,
        "Route": ", ".join(headers.route),
        "Via": hop.via,
        "Record-Route": ", ".join(headers.record_route),
        "Contact": headers.contact,
        "SDP o=, c=": headers.sdp,
    }


def _end(address: Address, port: int) -> str:
    return socket(address, "any" if port == ANY_PORT else port)


def _outcome(walk: Walk) -> str:
    if walk.outcome == "arrives":
        return f"It arrives{f': {walk.why}' if walk.why else ''}."
    if walk.outcome == "only on the open connection":
        return f"IT ARRIVES ON THE OPEN CONNECTION ONLY, a new one ends here: {walk.why}."
    return f"IT ENDS HERE: {walk.why}."


def _findings(found: Sequence[Mapping[str, str]]) -> str:
    if not found:
        return "None."
    head = ("", "finding", "site", "found", "wanted", "cure")
    rows = ([one[key] for key in ("severity", "id", "site", "found", "wanted", "cure")] for one in found)
    return table(head, rows, FINDING_WIDTHS)
