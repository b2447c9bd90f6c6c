# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""The two forms in which a Linux router takes the rules, nftables and iptables: how each is read, told and kept."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from . import _nat_rules_iptables as iptables
from . import _nat_rules_nftables as nftables
from ._nat_foreign import Foreign
from ._nat_foreign_iptables import foreign as foreign_of_iptables
from ._nat_foreign_nftables import foreign as foreign_of_nftables
from ._nat_linux_read import Seen
from ._nat_persist import iptables_rules, nftables_main
from ._nat_rules import Rules, Shown

Files = Mapping[str, str | None]
"""Text by path, None for a file that is not there."""


class Form(ABC):
    """One of the two; `outside` is the interface that partners are behind, `options` are those of the module."""

    command: str
    """What shows the rules."""

    service: str
    """What loads the files when the machine starts."""

    def __init__(self, outside: str, options: Mapping[str, Any]) -> None:
        self._outside = outside
        self._options = options

    @property
    @abstractmethod
    def files(self) -> list[str]:
        """The files that keep the rules."""

    @abstractmethod
    def is_known(self, seen: Seen) -> bool:
        """Whether the router has the command."""

    @abstractmethod
    def shown(self, seen: Seen) -> Shown:
        """What is there of ours."""

    @abstractmethod
    def foreign(self, seen: Seen) -> Iterator[Foreign]:
        """The rules of others; ours in the other form are such too."""

    @abstractmethod
    def told(self, seen: Seen, rules: Rules) -> dict[str, str]:
        """Parameters of `nat_rules_change` that lead from there to `rules`."""

    @abstractmethod
    def kept(self, files: Files, rules: Rules) -> Files:
        """The files with `rules` in them instead of what they have of ours, in the order in which they are written."""


class Nftables(Form):
    command = "nft"
    service = "nftables"

    @property
    def files(self) -> list[str]:
        return [self._options["file"], self._options["main"]]

    def is_known(self, seen: Seen) -> bool:
        return bool(seen.ruleset)

    def shown(self, seen: Seen) -> Shown:
        return nftables.parse(seen.ruleset, self._outside)

    def foreign(self, seen: Seen) -> Iterator[Foreign]:
        yield from foreign_of_nftables(seen.ruleset, seen.of_iptables, nftables.TABLE)
        yield from _foreign_of_iptables(seen)

    def told(self, seen: Seen, rules: Rules) -> dict[str, str]:
        text = nftables.render(rules, self._outside, nftables.families(seen.ruleset))
        return {"nft": text, "ipv4": "", "ipv6": ""}

    def kept(self, files: Files, rules: Rules) -> Files:
        file, main = self.files
        text = nftables.render(rules, self._outside) if rules else None
        entry = {main: nftables_main(files[main], file, wanted=bool(rules))}
        # A file that is named and missing keeps all rules from being loaded.
        return {file: text, **entry} if rules else {**entry, file: text}


class Iptables(Form):
    command = "iptables-save"
    service = "netfilter-persistent"

    @property
    def files(self) -> list[str]:
        return [self._options["ipv4"], self._options["ipv6"]]

    def is_known(self, seen: Seen) -> bool:
        return self.command in seen.texts

    def shown(self, seen: Seen) -> Shown:
        ipv4, ipv6 = (iptables.parse(seen.saved[version], version, self._outside) for version in (4, 6))
        return Shown(
            Rules(ipv4.rules.inbound | ipv6.rules.inbound, ipv4.rules.outbound | ipv6.rules.outbound),
            ipv4.versions | ipv6.versions,
            ipv4.other + ipv6.other,
        )

    def foreign(self, seen: Seen) -> Iterator[Foreign]:
        yield from foreign_of_nftables(seen.ruleset, seen.of_iptables)
        yield from _foreign_of_iptables(seen, but=tuple(iptables.CHAINS.values()))

    def told(self, seen: Seen, rules: Rules) -> dict[str, str]:
        ipv4, ipv6 = (
            iptables.render(rules.of(version), self._outside, seen.saved[version])
            if iptables.parse(seen.saved[version], version, self._outside) != _as_wanted(rules.of(version))
            else ""
            for version in (4, 6)
        )
        return {"nft": "", "ipv4": ipv4, "ipv6": ipv6}

    def kept(self, files: Files, rules: Rules) -> Files:
        return {
            file: iptables_rules(files[file], rules.of(version), self._outside)
            for file, version in zip(self.files, (4, 6), strict=True)
        }


def _foreign_of_iptables(seen: Seen, but: Collection[str] = ()) -> Iterator[Foreign]:
    for command, lines in seen.texts.items():
        yield from foreign_of_iptables(lines, 6 if command.startswith("ip6") else 4, command, but)


def _as_wanted(rules: Rules) -> Shown:
    return Shown(rules, rules.versions)
