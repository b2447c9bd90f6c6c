# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""The rules of a NAT router on Cisco IOS: what has to be told to it, so that its running configuration has them.

IOS has no place for a mark of ours. An entry belongs to a rule when it translates the same port of the same host, or,
without ports, the same host; every other entry is somebody else's, and stays.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from ._ios_config import IosConfig
from ._ios_nat import Static, statics
from ._ios_place import Place, refuse_contradictions
from ._ios_ports import by_number
from ._nat_read import NatError
from ._nat_rules import Rules

_SIP_PORT = 5060
_IN_USE = {"prompt": r"do you want to delete child entries\? \[no\]:", "answer": "yes"}
"""What IOS asks before it removes an entry that packets are translated by."""


@dataclass
class Change:
    """`blocks` are what ios_config takes, in order; `before` and `after` are the lines that differ."""

    blocks: list[dict[str, list[Any]]] = field(default_factory=list)
    before: list[str] = field(default_factory=list)
    after: list[str] = field(default_factory=list)

    def add(self, lines: Iterable[str], *parents: str) -> None:
        """Send commands, in the section that `parents` enter. IOS leaves it by itself at the next command of none."""
        commands = list(lines)
        if not commands:
            return
        commands = [*parents, *commands]
        # One command in `lines`, the others in `after`: ios_config 11.1 sends all of them once for each of `lines`.
        if self.blocks and isinstance(self.blocks[-1]["lines"][0], str):
            self.blocks[-1]["after"] += commands
        else:
            self.blocks.append({"lines": commands[:1], "after": commands[1:]})

    def remove(self, lines: Iterable[str]) -> None:
        """Remove entries that packets may be translated by."""
        for line in lines:
            self.blocks.append({"lines": [{"config_line": f"no {line}", **_IN_USE}], "after": []})
            self.before.append(line)


def present(rules: Rules, place: Place, shown: str) -> Change:
    """What makes a router have the rules, whose running configuration is `shown`; raises `NatError` where something
    that is there stands against them."""
    config = IosConfig.read(shown)
    wanted = _wanted(rules)
    _refuse_unknown_answers(rules, place)
    refuse_contradictions(wanted, place, config)
    known = dict(statics(config))
    stale = [line for line, static in known.items() if _is_stale(static, wanted)]
    missing = [str(static) for static in wanted if static not in known.values()]
    sip = list(_sip(place, config))
    change = Change()
    # First what a version may not know, then nothing else has been touched.
    change.add(sip)
    _drop_list(change, place, config, keep=_entries(rules, place))
    change.remove(stale)
    _set_list(change, place, config, _entries(rules, place))
    change.add(missing)
    for name, side in ((place.inside, "inside"), (place.outside, "outside")):
        if f"ip nat {side}" not in (config.interface(name) or ()):
            change.add([f"ip nat {side}"], f"interface {name}")
            change.after += [f"interface {name}", f" ip nat {side}"]
    change.after += [*sip, *missing]
    return change


def absent(rules: Rules, place: Place, shown: str) -> Change:
    """What takes the rules and the access list away again. What is for the whole router stays: the sides of interfaces,
    and whether it looks into SIP."""
    config = IosConfig.read(shown)
    wanted = _wanted(rules)
    ours = [line for line, static in statics(config) if static in wanted]
    change = Change()
    change.remove(ours)
    _drop_list(change, place, config, keep=())
    return change


def _refuse_unknown_answers(rules: Rules, place: Place) -> None:
    if any(rule.protocol == "udp" for rule in rules.inbound) and place.access_list and not place.udp_answers:
        raise NatError(
            "udp_answers: with a rule for udp, answers to our own requests come by udp too, and an access list tells "
            "them from requests by the source port only; name the ports that partners answer from, such as [5060]"
        )


def _wanted(rules: Rules) -> list[Static]:
    if rules.versions - {4}:
        raise NatError("IOS translates IPv4 only this way; leave rules with IPv6 addresses out of this router")
    entries = [
        Static(str(rule.private_address), str(rule.public_address), rule.protocol, rule.private_port, rule.public_port)
        for rule in rules.inbound
    ]
    whole = [Static(str(rule.private_address), str(rule.public_address)) for rule in rules.outbound]
    # Where both directions share an address, the entry of the whole address carries equal ports by itself.
    carried = {(static.local, static.public) for static in whole}
    entries = [
        each for each in entries if (each.local, each.public) not in carried or each.local_port != each.public_port
    ]
    return sorted(entries + whole, key=str)


def _is_stale(static: Static, wanted: Sequence[Static]) -> bool:
    return static not in wanted and any(new.replaces(static) or new.meets(static) for new in wanted)


def _sip(place: Place, config: IosConfig) -> Iterator[str]:
    """What turns looking into SIP off or on. Both are shown where they differ from how the router was delivered."""
    shown = set(config.starting("ip nat service sip ", "no ip nat service sip "))
    for protocol in place.sip_protocols:
        service = f"ip nat service sip {protocol} port {_SIP_PORT}"
        if (f"no {service}" in shown) == place.sip_alg:
            yield service if place.sip_alg else f"no {service}"
    if not place.sip_alg:
        yield from (f"no {line}" for line in sorted(shown) if line.startswith("ip "))


def _entries(rules: Rules, place: Place) -> list[str]:
    """From outside nobody begins a connection with an outbound address. Answers come in, and reports of the network."""
    entries = []
    for address in sorted({str(rule.public_address) for rule in rules.outbound}):
        entries += [f"permit tcp any host {address} established", f"permit icmp any host {address}"]
        for port in sorted(place.udp_answers):
            entries.append(f"permit udp any eq {port} host {address}")
        for rule in sorted(rules.inbound, key=str):
            if str(rule.public_address) == address:
                entries.append(f"permit {rule.protocol} any host {address} eq {rule.public_port}")
        entries.append(f"deny ip any host {address}")
    return [*entries, "permit ip any any"] if entries and place.access_list else []


def _drop_list(change: Change, place: Place, config: IosConfig, *, keep: Sequence[str]) -> None:
    """Take the list off the interface and remove it, unless it is as wanted. In this order: a list without entries lets
    everything through, one that has only its first lets nothing else through."""
    if not place.access_list:
        return
    applied = f"ip access-group {place.access_list} in"
    there = config.access_list(place.access_list)
    if _same(there, keep):
        return
    if applied in (config.interface(place.outside) or ()):
        change.add([f"no {applied}"], f"interface {place.outside}")
        change.before += [f"interface {place.outside}", f" {applied}"]
    if there is not None:
        change.add([f"no ip access-list extended {place.access_list}"])
        change.before += [f"ip access-list extended {place.access_list}", *(f" {entry}" for entry in there)]


def _set_list(change: Change, place: Place, config: IosConfig, entries: Sequence[str]) -> None:
    if not entries:
        return
    applied = f"ip access-group {place.access_list} in"
    differs = not _same(config.access_list(place.access_list), entries)
    if differs:
        change.add(entries, f"ip access-list extended {place.access_list}")
        change.after += [f"ip access-list extended {place.access_list}", *(f" {entry}" for entry in entries)]
    if differs or applied not in (config.interface(place.outside) or ()):
        change.add([applied], f"interface {place.outside}")
        change.after += [f"interface {place.outside}", f" {applied}"]


def _same(there: Sequence[str] | None, wanted: Sequence[str]) -> bool:
    return there is not None and list(map(by_number, there)) == list(wanted)
