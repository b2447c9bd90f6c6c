# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""The rules as chains of iptables and ip6tables: two of our own, to which the built-in ones lead first.

One text is for one version of IP: what `iptables-save` writes, and what `iptables-restore --noflush` takes in one step.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from ipaddress import ip_address, ip_network

from ._iptables_line import Line, lines
from ._nat_read import Address, socket
from ._nat_rules import Inbound, Outbound, Rules, Shown

# Our chain behind each built-in one.
CHAINS = {"PREROUTING": "STGW_NAT_IN", "POSTROUTING": "STGW_NAT_OUT"}
_INBOUND, _OUTBOUND = CHAINS.values()


def nat_table(saved: Sequence[str]) -> list[str]:
    """The chains and rules of the nat table in what `iptables-save` wrote."""
    found: list[str] = []
    inside = False
    for line in saved:
        if line.startswith("*"):
            inside = line.strip() == "*nat"
        elif inside and line.startswith((":", "-")):
            found.append(line.strip())
    return found


def render(rules: Rules, outside: str, saved: Sequence[str]) -> str:
    """What `iptables-restore --noflush` takes; empty when nothing is there and nothing is wanted.

    `rules` are of one version of IP; `outside` is the interface that partners are behind; `saved` are the lines of
    `iptables-save`. Foreign rules are not mentioned, so they stay as they are.
    """
    present = nat_table(saved)
    declared = _declared(present)
    if not rules and not declared:
        return ""
    # A chain that is declared is emptied when it is there, and made when it is not.
    told = [f":{chain} - [0:0]" for chain in (CHAINS.values() if rules else declared)]
    for builtin, chain in CHAINS.items():
        jump = f"{builtin} -j {chain}"
        if not rules or not _leads_first(present, builtin):
            told += [f"-D {jump}"] * present.count(f"-A {jump}")
            told += [f"-I {builtin} 1 -j {chain}"] if rules else []
    told += list(rule_lines(rules, outside)) if rules else [f"-X {chain}" for chain in declared]
    return "".join(f"{line}\n" for line in ["*nat", *told, "COMMIT"])


def rule_lines(rules: Rules, outside: str) -> Iterator[str]:
    """The rules of our chains, as `iptables-save` writes them."""
    for inbound in sorted(rules.inbound, key=str):
        yield (
            f"-A {_INBOUND} -d {_host(inbound.public_address)} -i {outside} -p {inbound.protocol} "
            f"-m {inbound.protocol} --dport {inbound.public_port} "
            f"-j DNAT --to-destination {socket(inbound.private_address, inbound.private_port)}"
        )
    for outbound in sorted(rules.outbound, key=str):
        yield (
            f"-A {_OUTBOUND} -s {_host(outbound.private_address)} -o {outside} "
            f"-j SNAT --to-source {outbound.public_address}"
        )


def parse(saved: Sequence[str], version: int, outside: str) -> Shown:
    """What our chains hold in the lines of `iptables-save` (version 4) or `ip6tables-save` (6)."""
    present = nat_table(saved)
    declared = _declared(present)
    if not declared:
        return Shown()
    inbound: set[Inbound] = set()
    outbound: set[Outbound] = set()
    other = [f"IPv{version}: no chain {chain}" for chain in CHAINS.values() if chain not in declared]
    other += [
        f"IPv{version}: {builtin} does not lead to {chain} first, and once"
        for builtin, chain in CHAINS.items()
        if not _leads_first(present, builtin)
    ]
    for line in lines(saved):
        if line.table != "nat" or line.chain not in declared:
            continue
        rule = _rule(line, outside)
        if isinstance(rule, Inbound):
            inbound.add(rule)
        elif isinstance(rule, Outbound):
            outbound.add(rule)
        else:
            other.append(f"IPv{version}: {line.text} is none of ours")
    return Shown(Rules(frozenset(inbound), frozenset(outbound)), frozenset([version]), tuple(other))


def _declared(present: Sequence[str]) -> list[str]:
    return [chain for chain in CHAINS.values() if any(line.startswith(f":{chain} ") for line in present)]


def _leads_first(present: Sequence[str], builtin: str) -> bool:
    jump = f"-A {builtin} -j {CHAINS[builtin]}"
    of_builtin = [line for line in present if line.startswith(f"-A {builtin} ")]
    return of_builtin[:1] == [jump] and of_builtin.count(jump) == 1


def _rule(line: Line, outside: str) -> Inbound | Outbound | None:
    """The rule, if it is written as `render` does it."""
    if any(value.negated for value in line.options.values()):
        return None
    said = {option: value.text for option, value in line.options.items()}
    try:
        if line.chain == _INBOUND and set(said) == {"-d", "-i", "-p", "-m", "--dport", "-j", "--to-destination"}:
            host, port = said["--to-destination"].rpartition(":")[::2]
            if (said["-i"], said["-j"], said["-m"]) == (outside, "DNAT", said["-p"]):
                private = ip_address(host.removeprefix("[").removesuffix("]"))
                return Inbound(said["-p"], _address(said["-d"]), int(said["--dport"]), private, int(port))
        wanted = (outside, "SNAT", {"-s", "-o", "-j", "--to-source"})
        if line.chain == _OUTBOUND and (said.get("-o"), said.get("-j"), set(said)) == wanted:
            return Outbound(_address(said["-s"]), ip_address(said["--to-source"]))
    except ValueError:
        return None
    return None


def _host(address: Address) -> str:
    return str(ip_network(str(address)))


def _address(host: str) -> Address:
    """The one address of a network that holds no other; raises `ValueError`."""
    network = ip_network(host)
    if network.num_addresses != 1:
        raise ValueError(host)
    return network.network_address
