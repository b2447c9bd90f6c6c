# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""Where on an IOS router the rules go, and what is there that stands against them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ._ios_config import IosConfig
from ._ios_nat import Static, dynamic_for, network_with, pool_with, statics
from ._nat_read import NatError


@dataclass(frozen=True)
class Place:
    """The names of two interfaces, and of the access list at the outside one (empty: none). UDP that comes from the
    source ports `udp_answers` counts as an answer. `sip_protocols` are those on which IOS may look into SIP."""

    inside: str
    outside: str
    access_list: str
    udp_answers: tuple[int, ...] = ()
    sip_alg: bool = False
    sip_protocols: tuple[str, ...] = ()


def place_of(options: Mapping[str, Any]) -> Place:
    """The place that a module's options describe; raises `NatError`."""
    wrong = [port for port in options["udp_answers"] if not 1 <= port <= 65535]
    if wrong:
        raise NatError(f"udp_answers: {wrong[0]} is no port; use 1 to 65535")
    if options["access_list"] and not options["access_list"][0].isalpha():
        raise NatError(f"access_list: '{options['access_list']}' is no name of a list; begin with a letter")
    return Place(
        options["inside_interface"],
        options["outside_interface"],
        options["access_list"],
        tuple(options["udp_answers"]),
        options["sip_alg"],
        tuple(options["sip_protocols"]),
    )


def refuse_contradictions(wanted: Sequence[Static], place: Place, config: IosConfig) -> None:
    """Raise `NatError` where something that is there would take packets from the rules, or them from it."""
    for name, other in ((place.inside, "outside"), (place.outside, "inside")):
        lines = config.interface(name)
        if lines is None:
            raise NatError(f"the router has no interface {name}; it has {', '.join(config.interfaces) or 'none'}")
        if f"ip nat {other}" in lines:
            raise NatError(f"interface {name} has `ip nat {other}`; correct the names of the two interfaces")
    groups = [line for line in config.interface(place.outside) or () if line.startswith("ip access-group ")]
    for line in groups:
        if place.access_list and line.endswith(" in") and line != f"ip access-group {place.access_list} in":
            raise NatError(
                f"interface {place.outside} has `{line}`, and there can be one list only; protect "
                f"{_addresses(wanted)} in that one, and set access_list to ''"
            )
    for new in wanted:
        _refuse_static(new, config)
        _refuse_dynamic(new, config)


def _addresses(wanted: Sequence[Static]) -> str:
    return ", ".join(sorted({static.public for static in wanted if not static.protocol}))


def _refuse_static(new: Static, config: IosConfig) -> None:
    for line, old in statics(config):
        meets = new.meets(old)
        if meets and old.local != new.local:
            raise NatError(
                f"the router has `{line}`, for another host; remove it, or give `{new}` another public address"
            )
        if old.keywords and (meets or new.replaces(old)):
            raise NatError(f"the router has `{line}`; remove it, so that `{new}` can take its place")
    for address in (new.local, new.public):
        line = network_with(config, address) or ""
        if line:
            raise NatError(f"the router has `{line}`, which translates {address} too; remove it, or narrow the network")


def _refuse_dynamic(new: Static, config: IosConfig) -> None:
    line = dynamic_for(config, new.local) or ""
    if line:
        raise NatError(
            f"the router has `{line}`, by which {new.local} gets an address or a port that changes: SIP needs a static "
            f"translation; deny {new.local} in that list before anything else, or remove the line"
        )
    line = pool_with(config, new.public) or ""
    if line:
        raise NatError(f"the router has `{line}`, which gives {new.public} to other hosts; take it out of the pool")
