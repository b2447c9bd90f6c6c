"""Send SIP through simulated NAT routers by what a plan says, and tell what gets lost.

Written from the rules alone, without the code that it judges: a router here is a table of rules and a table of flows, a
name is what the rules call an address, and a message arrives where the packet does.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from ipaddress import ip_address, ip_network
from typing import Any, NamedTuple

SiteData = Mapping[str, Any]

EPHEMERAL = 40000
"""The port that connections leave from."""

CALLERS = {4: "198.18.0.1", 6: "2001:db8:ca11::1"}
"""Somebody outside, where it does not matter who."""


class Lost(Exception):
    """A packet or message that does not arrive, and why."""


class End(NamedTuple):
    """Address and port."""

    address: str
    port: int


class Router:
    """A NAT router with state. Without rules nothing passes, which is what a site without a NAT needs no router for."""

    def __init__(self, site: SiteData) -> None:
        self._rules = site.get("router") or {}
        self._networks = [ip_network(network) for network in site.get("networks") or ()]
        self._flows: dict[tuple[str, End, End], End] = {}
        self._used: dict[End, End] = {}

    def inward(self, protocol: str, source: End, to: End) -> End:
        """Where a packet goes that arrives at the outer side: by its flow, else by the rules."""
        flow = self._flows.get((protocol, source, to))
        if flow:
            return flow
        found = [
            End(rule["private_address"], rule["private_port"])
            for rule in self._rules.get("inbound") or ()
            if (rule["protocol"], rule["public_address"], rule["public_port"]) == (protocol, *to)
        ]
        if len(found) != 1:
            raise Lost(f"{len(found)} rules for {protocol} {to}")
        self._flows[protocol, found[0], source] = to
        return found[0]

    def outward(self, protocol: str, source: End, to: End) -> End:
        """What a packet's source is outside: by its flow, else by the rules."""
        flow = self._flows.get((protocol, source, to))
        if flow:
            return flow
        if any(ip_address(to.address) in network for network in self._networks):
            raise Lost(f"{to} is an address of this side")
        if ip_address(source.address).version != ip_address(to.address).version:
            raise Lost(f"{source.address} cannot speak to {to.address}")
        rules = [rule for rule in self._rules.get("outbound") or () if rule["private_address"] == source.address]
        if len(rules) != 1:
            raise Lost(f"{len(rules)} outbound rules for {source.address}")
        public = rules[0]["public_address"]
        if rules[0].get("overload") or not isinstance(public, str):
            raise Lost(f"{source.address} has no fixed address outside")
        outside = End(public, source.port)
        if self._used.setdefault(outside, source) != source:
            raise Lost(f"{outside} is taken, so the port has to change")
        self._flows[protocol, to, outside] = source
        return outside


class Loop:
    """The world of a plan: `input_sites` as they were given, `plan` what was made of them."""

    def __init__(self, input_sites: Sequence[SiteData], plan: Mapping[str, Any]) -> None:
        self._sites = {site["name"]: site for site in input_sites}
        self._plan = plan["sites"]
        self._names: dict[str, set[str]] = {}
        self._owners: dict[str, set[str]] = {}
        for site in input_sites:
            rules = site.get("router") or {}
            public = [
                (rule["name"], rule["public_address"])
                for way in ("inbound", "outbound")
                for rule in rules.get(way) or ()
                if isinstance(rule["public_address"], str)
            ]
            if not _behind_nat(site):
                public = [(one["name"], one["address"]) for one in _entry_points(site)]
            for name, address in public:
                self._names.setdefault(name.lower(), set()).add(address)
                self._owners.setdefault(address, set()).add(site["name"])

    def faults(self) -> Iterator[tuple[str, str, str]]:
        """Site, step (`dial`, `dialog`, `send` or `answer`) and reason of each message that gets lost."""
        for name, site in self._sites.items():
            for partner in site.get("partners") or ():
                steps = {"dial": self._dial, "dialog": self._dialog, "send": self._send, "answer": self._answer}
                for step, act in steps.items():
                    try:
                        act(name, partner)
                    except Lost as reason:
                        yield name, step, str(reason)

    def _dial(self, name: str, partner: Mapping[str, Any]) -> None:
        """The partner's request, to what was entered there for us, and our answer to it."""
        other = partner.get("site")
        if other:
            entries = [one for one in self._plan[other]["partners"] if one["site"] == name]
            if not any(one.get("site") == name for one in self._sites[other].get("partners") or ()):
                return  # they do not call
            if len(entries) != 1:
                raise Lost(f"{len(entries)} entries for us at {other}")
            host, port, transport = (entries[0][key] for key in ("host", "port", "transport"))
            declared = next(one for one in self._sites[other]["partners"] if one.get("site") == name)
            host, port = declared.get("host") or host, declared.get("port") or port
            transport = declared.get("transport") or self._sites[other]["transport"]
        else:
            dialled = self._plan[name]["inbound"] or self._entry(name)
            host, port, transport = dialled["name"], dialled["port"], partner["transport"]
        for address in self._resolve(host):
            router, caller = Router(self._sites[name]), End(CALLERS[ip_address(address).version], EPHEMERAL)
            inside = self._arrive(name, End(address, port), transport, router, caller)
            if self._leave(router, name, inside, caller) != End(address, port):
                raise Lost("the answer has another source than what was dialled")

    def _dialog(self, name: str, partner: Mapping[str, Any]) -> None:
        """A request inside a dialog, on a connection of its own, to all that Record-Route and Contact say."""
        del partner  # everybody reads the same
        told = [one for one in self._plan[name]["advertised"] if "Contact" in one["header"]]
        if not told:
            raise Lost("nothing is advertised")
        for one in told:
            for address in self._resolve(one["host"]):
                caller = End(CALLERS[ip_address(address).version], EPHEMERAL)
                self._arrive(name, End(address, one["port"]), one["transport"], Router(self._sites[name]), caller)

    def _send(self, name: str, partner: Mapping[str, Any]) -> None:
        """Our own request reaches the partner, from one fixed address of ours."""
        router = Router(self._sites[name])
        for one, source in self._sources(name):
            for to in self._to(name, partner):
                outside = self._leave(router, name, source, to)
                if outside.port != source.port:
                    raise Lost("the port has changed")
                if _behind_nat(self._sites[name]) and self._owners.get(outside.address) != {name}:
                    raise Lost(f"{outside.address} is not ours alone")
                if partner.get("site"):
                    there = Router(self._sites[partner["site"]])
                    self._arrive(partner["site"], to, self._sites[name]["transport"], there, outside)
                elif partner["transport"] != self._sites[name]["transport"]:
                    raise Lost(f"{one} and the partner speak different transports")

    def _answer(self, name: str, partner: Mapping[str, Any]) -> None:
        """The partner's answer: on the connection, with UDP to the sender's address and the port in Via."""
        router = Router(self._sites[name])
        transport = self._sites[name]["transport"]
        vias = {one["entry_point"]: one["port"] for one in self._plan[name]["advertised"] if one["header"] == "Via"}
        for host, source in self._sources(name):
            if host not in vias:
                raise Lost(f"{host} has nothing to write into Via")
            for to in self._to(name, partner):
                outside = self._leave(router, name, source, to)
                back = End(outside.address, vias[host]) if transport == "udp" else outside
                if _behind_nat(self._sites[name]):
                    back = router.inward(_protocol(transport), to, back)
                if transport == "udp" and not self._listening(name, back, transport):
                    raise Lost(f"nothing listens at {back}")
                if transport != "udp" and back != source:
                    raise Lost("not on the connection")

    def _arrive(self, name: str, to: End, transport: str, router: Router, source: End) -> End:
        """Where a message to that address ends, which is something that listens for it."""
        site = self._sites[name]
        if _behind_nat(site):
            if self._owners.get(to.address, set()) - {name}:
                raise Lost(f"{to.address} is somebody else's too")
            to = router.inward(_protocol(transport), source, to)
        if not self._listening(name, to, transport):
            raise Lost(f"nothing listens for {transport} at {to}")
        return to

    def _leave(self, router: Router, name: str, source: End, to: End) -> End:
        site = self._sites[name]
        if _behind_nat(site):
            return router.outward(_protocol(site["transport"]), source, to)
        if ip_address(source.address).version != ip_address(to.address).version:
            raise Lost(f"{source.address} cannot speak to {to.address}")
        return source

    def _sources(self, name: str) -> Iterator[tuple[str, End]]:
        site = self._sites[name]
        for one in _entry_points(site):
            if site["transport"] not in one["ports"]:
                raise Lost(f"{one['host']} does not speak {site['transport']}")
            port = one["ports"]["udp"] if site["transport"] == "udp" else EPHEMERAL
            yield one["host"], End(one["address"], port)

    def _to(self, name: str, partner: Mapping[str, Any]) -> list[End]:
        """Where our requests go, by what is entered here."""
        if not partner.get("site"):
            return [End(partner["address"], partner["port"])]
        entries = [one for one in self._plan[name]["partners"] if one["name"] == partner["name"]]
        if len(entries) != 1:
            raise Lost(f"{len(entries)} entries for {partner['name']}")
        return [End(address, entries[0]["port"]) for address in self._resolve(entries[0]["host"])]

    def _listening(self, name: str, at: End, transport: str) -> bool:
        site = self._sites[name]
        return transport == site["transport"] and any(
            at == End(one["address"], one["ports"].get(transport)) for one in _entry_points(site)
        )

    def _entry(self, name: str) -> dict[str, Any]:
        if _behind_nat(self._sites[name]):
            raise Lost("no way in")
        one: dict[str, Any] = self._plan[name]["entry_points"][0]
        return one

    def _resolve(self, host: str) -> list[str]:
        try:
            return [str(ip_address(host))]
        except ValueError:
            found = self._names.get(host.lower())
        if not found:
            raise Lost(f"{host} is nobody's name")
        return sorted(found)


def _behind_nat(site: SiteData) -> bool:
    return bool(site.get("networks")) or bool(site.get("router"))


def _entry_points(site: SiteData) -> list[Mapping[str, Any]]:
    in_front = [one for one in site["entry_points"] if one["kind"] == "nat_proxy"]
    return in_front or list(site["entry_points"])


def _protocol(transport: str) -> str:
    return "udp" if transport == "udp" else "tcp"
