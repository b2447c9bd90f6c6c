# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""What the program `nat_rules_read` tells of a Linux router."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from ipaddress import ip_interface
from typing import Any

from ._nat_read import Address
from ._nat_rules import Rules
from ._outcome import Outcome

_SAVE = {4: "iptables-save", 6: "ip6tables-save"}


@dataclass(frozen=True)
class Seen:
    """All of it: `ruleset` is nft's list, `texts` are lines by the command that wrote them, `files` texts by path."""

    outcome: Outcome
    ruleset: Sequence[Mapping[str, Any]]
    texts: Mapping[str, Sequence[str]] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)

    @property
    def saved(self) -> Mapping[int, Sequence[str]]:
        """The lines of `iptables-save` and `ip6tables-save` by version of IP."""
        return {version: self.texts.get(command, ()) for version, command in _SAVE.items()}

    @property
    def of_iptables(self) -> set[tuple[str, str]]:
        """Family and name of the tables of nftables that iptables keeps its rules in, and can show."""
        shown = {
            (family, line.removeprefix("*").strip())
            for family, version in (("ip", 4), ("ip6", 6))
            for line in self.saved[version]
            if line.startswith("*")
        }
        chains = [item["chain"] for item in self.ruleset if "chain" in item]
        # Built-in chains of iptables are written in capitals.
        built_in = {(each["family"], each["table"]) for each in chains if "hook" in each and each["name"].isupper()}
        return shown & built_in

    def findings(self, rules: Rules, outside: str, *, sip_alg: bool) -> Iterator[str]:
        """What keeps the rules from working although they are there, each with its cure."""
        said = self.outcome
        for version, switch in ((4, "net.ipv4.ip_forward"), (6, "net.ipv6.conf.all.forwarding")):
            if version in rules.versions and said.get(f"forwarding{version}") != "1":
                yield f"the router passes no packets on: set {switch} to 1, in /etc/sysctl.d too"
        answered = {ip_interface(each).ip for each in (*said.all("address"), *said.all("proxy"))}
        for address in rules.public_addresses:
            if address not in answered and not (address.version == 4 and said.get("proxy_arp") == "1"):
                yield _not_answered(address, outside)
        if not sip_alg and said.get("module") and said.get("helper", "0") != "1":
            yield (
                f"module {said.get('module')} is loaded, though nothing hands SIP to it; unload it, so that nothing can"
            )

    @property
    def rewrites_sip(self) -> bool:
        """Whether the kernel hands every packet to port 5060 to its SIP helper, as kernels before 6.0 can be told."""
        has_helper = self.outcome.get("module") or self.outcome.get("built_in")
        return bool(has_helper) and self.outcome.get("helper") == "1"


def _not_answered(address: Address, outside: str) -> str:
    return (
        f"nobody answers for {address} on {outside}: give the router this address too (ip address add {address} dev "
        f"{outside}), or let it answer for it (ip neighbour add proxy {address} dev {outside}), after a restart too"
    )


def seen(outcome: Outcome) -> Seen:
    """Read what the program printed."""
    texts: dict[str, list[str]] = {}
    kinds: dict[str, str] = {}
    lines: list[str] = []
    for key, value in outcome.fields:
        if key in ("save", "file"):
            lines = texts[value] = []
            kinds[value] = key
        elif key == "text":
            lines.append(value)
    ruleset = json.loads(outcome.get("nft"))["nftables"] if outcome.get("nft") else []
    return Seen(
        outcome,
        ruleset,
        {name: text for name, text in texts.items() if kinds[name] == "save"},
        {name: "".join(f"{line}\n" for line in text) for name, text in texts.items() if kinds[name] == "file"},
    )
