"""What a configuration does to packets, as rules for nftables.

The order is that of IOS. A packet that comes in by an outside interface meets the list of that interface before its
address is translated, one that goes out there meets it after. An entry of a port wins over one of a whole address, and
both win over lists with pools.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from ipaddress import IPv4Address

from lab.ios.access_lists import Entry
from lab.ios.configuration import Configuration
from lab.ios.nat import Dynamic, Static

TABLE = "ios"


def rules(configuration: Configuration, devices: Mapping[str, str]) -> str:
    """A text for `nft -f`, which replaces what is there; `devices` maps interfaces to devices."""
    sides = {
        side: ", ".join(
            f'"{devices[name]}"' for name, each in sorted(configuration.interfaces.items()) if each.nat == side
        )
        for side in ("inside", "outside")
    }
    # Packets are translated between the two kinds of interfaces, so without either there is nothing to do.
    translated = configuration if all(sides.values()) else Configuration()
    chains = [
        *_filters(configuration, devices, "in", "prerouting", -150),
        *_filters(configuration, devices, "out", "postrouting", 150),
        *_chain(
            "inbound",
            "type nat hook prerouting priority dstnat",
            [f"iifname {{ {sides['outside']} }} {_to_local(static)}" for static in translated.nat.statics],
        ),
        *_chain(
            "outbound",
            "type nat hook postrouting priority srcnat",
            [
                f"iifname {{ {sides['inside']} }} oifname {{ {sides['outside']} }} {action}"
                for action in _to_public(translated)
            ],
        ),
    ]
    for number, dynamic in enumerate(translated.nat.dynamics):
        chains += _chain(f"list{number}", "", [*_by_list(translated, dynamic)])
    return "\n".join([f"table ip {TABLE} {{}}", f"delete table ip {TABLE}", f"table ip {TABLE} {{", *chains, "}", ""])


def _chain(name: str, hook: str, lines: Sequence[str]) -> list[str]:
    head = [f"    {hook}; policy accept;"] if hook else []
    return [f"  chain {name} {{", *head, *(f"    {line}" for line in lines), "  }"]


def _filters(
    configuration: Configuration, devices: Mapping[str, str], way: str, hook: str, priority: int
) -> Iterator[str]:
    """The lists of all interfaces in one direction."""
    which = "iifname" if way == "in" else "oifname"
    jumps = []
    for name, interface in sorted(configuration.interfaces.items()):
        # A list that is not there, or has no entry, lets everything through.
        entries = configuration.access_lists.get(interface.filters.get(way, ""))
        if entries:
            chain = f"{way}_{devices[name]}"
            yield from _chain(chain, "", [*map(_verdict, entries), "drop"])
            jumps.append(f'{which} "{devices[name]}" jump {chain}')
    yield from _chain(f"filter_{way}", f"type filter hook {hook} priority {priority}", jumps)


def _verdict(entry: Entry) -> str:
    return f"{entry.nft()}{'accept' if entry.action == 'permit' else 'drop'}"


def _to_local(static: Static) -> str:
    if static.protocol:
        port = f"{static.protocol} dport {static.public_port}"
        return f"ip daddr {static.public} {port} dnat to {static.local}:{static.local_port}"
    return f"ip daddr {static.public} dnat to {static.local}"


def _to_public(configuration: Configuration) -> Iterator[str]:
    for static in configuration.nat.statics:
        if static.protocol:
            port = f"{static.protocol} sport {static.local_port}"
            yield f"ip saddr {static.local} {port} snat to {static.public}:{static.public_port}"
        else:
            yield f"ip saddr {static.local} snat to {static.public}"
    for number, _ in enumerate(configuration.nat.dynamics):
        yield f"jump list{number}"


def _by_list(configuration: Configuration, dynamic: Dynamic) -> Iterator[str]:
    kind, _, name = dynamic.target.partition(" ")
    if kind == "interface":
        target = configuration.interfaces[name].address
    else:
        pool = configuration.nat.pools[name]
        target = pool.start if pool.start == pool.end else f"{IPv4Address(pool.start)}-{pool.end}"
    for entry in configuration.access_lists.get(dynamic.access_list, []):
        yield f"{entry.nft()}{f'snat to {target}' if entry.action == 'permit' else 'return'}"
