# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""The table as a table of nftables.

It sees packets where they are passed on: public addresses are translated back already, those of packets that leave not
yet, so both sides have the addresses of the site's own network. Answers pass because their connections are known.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from ._firewall_flow import End, Flow, left_out
from ._firewall_input import Place, address_text

_VERSIONS = ((4, "ip"), (6, "ip6"))


def render(place: Place, flows: Sequence[Flow]) -> str:
    """What `nft -f` takes; the table is made anew in one transaction."""
    name = "stgw_firewall_" + re.sub(r"[^a-z0-9]+", "_", place.site.name.lower())
    return "\n".join(
        [
            f"# Ports of {place.site.name}: what the table lists passes, everything else of its hosts does not.",
            *(f"# No rule: {line}" for line in left_out(flows)),
            f"table inet {name}",
            f"delete table inet {name}",
            f"table inet {name} {{",
            "\tchain forward {",
            # Packets of others are none of its business: no drop for all.
            "\t\ttype filter hook forward priority 0; policy accept;",
            "\t\tct state established,related accept",
            *(f"\t\t{line}" for line in _permits(flow for flow in flows if flow.firewall != "none")),
            *(f"\t\t{line}" for line in _rest(place)),
            "\t}",
            "}",
            "",
        ]
    )


def _permits(flows: Iterable[Flow]) -> Iterator[str]:
    said = set()
    for flow in flows:
        for version, family in _VERSIONS:
            sources, targets = (_of(version, side) for side in (flow.sources, flow.targets))
            if sources and targets:
                rule = (
                    f"{family} saddr {_set(sources)} {family} daddr {_set(targets)} "
                    f"{flow.protocol} dport {_set([str(port) for port in flow.ports])} accept"
                )
                if rule not in said:
                    said.add(rule)
                    yield f"# {flow.purpose}: {flow.source} to {flow.target}"
                    yield rule


def _rest(place: Place) -> Iterator[str]:
    """What concerns the site's hosts and is none of these."""
    machines = sorted({one.address for one in place.machines}, key=lambda each: (each.version, int(each)))
    for version, group in groupby(machines, key=lambda each: each.version):
        hosts, family = _set([str(each) for each in group]), dict(_VERSIONS)[version]
        yield f"{family} daddr {hosts} counter drop"
        yield f"{family} saddr {hosts} counter drop"


def _of(version: int, side: Iterable[End]) -> list[str]:
    return list(dict.fromkeys(address_text(end.network) for end in side if end.network.version == version))


def _set(values: list[str]) -> str:
    return values[0] if len(values) == 1 else f"{{ {', '.join(values)} }}"
