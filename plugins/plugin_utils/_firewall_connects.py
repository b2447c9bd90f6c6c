# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""Which connections prove the table, and what came of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ._firewall_flow import Flow
from ._firewall_table import Table
from ._nat_site import Site


@dataclass(frozen=True)
class Connect:
    """A connection that a host of the inventory tries. `wanted` is what has to come of it: it is taken (`open`), it
    gets through, taken or not (`passed`), or it is not taken (`closed`)."""

    host: str
    address: str
    port: int
    wanted: str
    why: str


def connects(made: Table) -> list[Connect]:
    """All of them, each once: for every TCP flow from hosts of the inventory, and from partners in it to what their
    firewall must not let them reach."""
    found: dict[tuple[str, str, int], Connect] = {}
    for one in (*_listed(made.flows), *_unlisted(made)):
        found.setdefault((one.host, one.address, one.port), one)
    return list(found.values())


def _listed(flows: Iterable[Flow]) -> Iterator[Connect]:
    for flow in flows:
        if flow.protocol != "tcp":
            continue
        # Whether every port of a cell is in use is WebSphere's choice: there it counts that nothing filters.
        wanted = "passed" if flow.group in ("cell", "own") else "open"
        for source, target in flow.pairs():
            # Who is outside dials the public address; everybody else the host itself.
            ports = flow.outside_ports if flow.direction == "in" else flow.ports
            where = target.outside if flow.direction == "in" else target.network
            for port in ports:
                if source.host and where.version == 4 and where.num_addresses == 1:
                    why = f"{flow.purpose}: {flow.source} to {flow.target}"
                    yield Connect(source.host, str(where.network_address), port, wanted, why)


def _unlisted(made: Table) -> Iterator[Connect]:
    """What is listened at inside a site, tried at its public addresses from outside."""
    for place in made.places:
        rows = made.of(place.site.name)
        inner = sorted({port for flow in rows if flow.group != "partners" for port in flow.ports})
        let_in = {
            (str(target.outside.network_address), port)
            for flow in rows
            if flow.direction == "in"
            for target in flow.targets
            for port in flow.outside_ports
        }
        callers = dict.fromkeys(
            source.host for flow in rows if flow.direction == "in" for source in flow.sources if source.host
        )
        for caller in callers:
            for address in _public(place.site):
                for port in inner:
                    if (address, port) not in let_in:
                        yield Connect(caller, address, port, "closed", "not in the table, tried from outside")


def _public(site: Site) -> list[str]:
    """Of a site behind a NAT only: what protects the hosts of another one may stand on the hosts themselves."""
    rules = site.rules
    public = [rule.public_address for rule in rules.inbound]
    public += [each for rule in rules.outbound for each in rule.public_addresses]
    return list(dict.fromkeys(map(str, public)))


def problems(wanted: Sequence[Mapping[str, Any]], results: Sequence[Mapping[str, Any]]) -> list[str]:
    """What is not as the table says, with the cure. `results` are those of the module port_probe, in the order of
    `wanted`, connections in JSON's types."""
    found = []
    for one, result in zip(wanted, results, strict=True):
        came, place = result["result"], f"{one['host']} to {one['address']}:{one['port']} ({one['why']})"
        if one["wanted"] == "closed" and came == "open":
            found.append(f"{place}: it is taken, and must not be; let the firewall refuse it")
        elif one["wanted"] != "closed" and came not in ("open", "refused"):
            found.append(
                f"{place}: {result['reason'] or 'no answer'}; let the firewall between them pass it, and see that the "
                "target is up"
            )
        elif one["wanted"] == "open" and came == "refused":
            found.append(f"{place}: nobody listens there; start the target, or correct its port in the inventory")
    return found
