# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""The table for people: as Markdown, and as a page without anything from elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape
from itertools import groupby
from pathlib import Path

from ._firewall_flow import End, Flow
from ._firewall_input import Place, address_text
from ._firewall_table import GROUPS, Table

STYLE = Path(__file__).parent / "firewall_page.css"

HEAD = ("from", "to", "protocol", "port", "direction", "firewall", "purpose", "evidence")
_FIREWALLS = {"edge": "between site and partners", "inner": "inside the site, if there is one"}
_NOT_RENDERED = "addresses unknown: no rule is made"
_SIP = (
    "SIP inspection (fixup, ALG, helper) has to be off in every firewall: the gateway writes the public addresses into "
    "its messages itself."
)


def markdown(made: Table) -> str:
    """One document for all sites."""
    lines = ["# Ports", "", _SIP]
    for place in made.places:
        lines += ["", f"## {place.site.name}", "", *_about(place)]
        for title, flows in _groups(made, place):
            lines += ["", f"### {title}", "", f"| {' | '.join(HEAD)} |", f"|{'---|' * len(HEAD)}"]
            lines += [f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in _cells(flow))} |" for flow in flows]
    return "\n".join([*lines, ""])


def page(made: Table) -> str:
    """The same as HTML."""
    return "\n".join(
        [
            "<!doctype html>",
            '<html lang="en">',
            "<head>",
            '<meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            '<meta name="color-scheme" content="light dark">',
            "<title>Ports of the Sametime Gateway</title>",
            f"<style>\n{STYLE.read_text('utf-8')}</style>",
            "</head>",
            "<body>",
            "<h1>Ports of the Sametime Gateway</h1>",
            f'<p class="note">{escape(_SIP)}</p>',
            *(line for place in made.places for line in _site(made, place)),
            "</body>",
            "</html>",
            "",
        ]
    )


def _site(made: Table, place: Place) -> Iterator[str]:
    yield f"<h2>{escape(place.site.name)}</h2>"
    yield from (f"<p>{escape(line)}</p>" for line in _about(place))
    for title, flows in _groups(made, place):
        yield f"<h3>{escape(title)}</h3>"
        yield '<div class="table"><table><thead><tr>'
        yield "".join(f'<th scope="col">{name}</th>' for name in HEAD) + "</tr></thead><tbody>"
        for flow in flows:
            source, target, *others = (escape(cell) for cell in _cells(flow))
            yield f'<tr class="{flow.firewall}"><td>{_lines(source)}</td><td>{_lines(target)}</td>'
            yield "".join(f"<td>{cell}</td>" for cell in others) + "</tr>"
        yield "</tbody></table></div>"


def _lines(cell: str) -> str:
    label, colon, hosts = cell.partition(": ")
    return f"<b>{label}</b>{'<br>' + hosts.replace(', ', '<br>') if colon else ''}"


def _about(place: Place) -> Iterator[str]:
    site = place.site
    nat = "behind a static NAT" if site.behind_nat else "not behind a NAT"
    proxy = ", with a SIP NAT proxy" if site.nat_proxies else ""
    what = {"cluster": "A cluster", "standalone": "A standalone gateway"}[site.kind]
    yield f"{what} {nat}{proxy}; it speaks SIP over {site.transport.upper()}."


def _groups(made: Table, place: Place) -> Iterator[tuple[str, Iterable[Flow]]]:
    for group, flows in groupby(made.of(place.site.name), key=lambda flow: flow.group):
        yield GROUPS[group], flows


def _cells(flow: Flow) -> tuple[str, ...]:
    ports = ", ".join(map(str, flow.ports))
    if flow.outside_ports != flow.ports:
        ports = f"{flow.public_port} (inside {ports})"
    firewall = flow.why_none or _FIREWALLS[flow.firewall]
    return (
        _end_cell(flow.source, flow.sources),
        _end_cell(flow.target, flow.targets),
        flow.protocol.upper(),
        ports,
        flow.direction,
        f"{firewall}; {_NOT_RENDERED}" if flow.unknown else firewall,
        flow.purpose,
        flow.evidence,
    )


def _end_cell(label: str, side: Iterable[End]) -> str:
    hosts = ", ".join(_end(end) for end in side)
    return f"{label}: {hosts}" if hosts else label


def _end(end: End) -> str:
    """A host with its address, and behind a NAT with the one that partners see."""
    address = address_text(end.network)
    if end.public and str(end.public) != address:
        address = f"{end.public} (inside {address})"
    return f"{end.host} {address}".strip()
