# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Rules that the configuration alone shows: R1 to R5, R8, R9 and, for Call-IDs, R12.

R10 (ids have one owner) and the greater part of R1 (each transport that is advertised ends at a listener) are kept by
the reader: a configuration that breaks them is not read at all.
"""

from __future__ import annotations

import ipaddress
from itertools import combinations
from typing import Dict, Iterator, List, Tuple

from ..model import Config, Endpoint
from .finding import ERROR, WARNING, Finding


def findings(config: Config) -> Iterator[Finding]:
    yield from _families(config)
    yield from _ports(config)
    yield from _media(config)
    yield from _networks(config)
    yield from _partners(config)
    yield from _call_ids(config)


def _families(config: Config) -> Iterator[Finding]:
    """R1: IPv4 and IPv6 do not reach each other."""
    public = config.public.address
    sides: List[Tuple[str, Endpoint, str]] = [
        *((f"partner {one.name}", one.endpoint, "inside") for one in config.partners),
        *((f"upstream {one.host}", one.endpoint, "outside") for one in config.upstreams),
    ]
    for who, endpoint, other_leg in sides:
        own = [one for one in config.listeners if one.transport == endpoint.transport and one.leg != other_leg]
        if not any(_same_family(one.address, endpoint.address) or one.address == "::" for one in own):
            yield Finding(
                "R1",
                ERROR if endpoint.transport == "udp" else WARNING,
                f"{who} is at {endpoint.address}, and no {endpoint.transport} listener on its side has such an address",
                "what is dialled can also reach us",
                "add a listener of the same address family to listen",
            )
        if other_leg == "inside" and not _same_family(public, endpoint.address):
            yield Finding(
                "R1",
                WARNING,
                f"{who} is at {endpoint.address}, and public.address is {public}",
                "partners can dial the public address",
                "nothing to do if public.host has an address of that family too",
            )


def _same_family(one: str, other: str) -> bool:
    return (":" in one) == (":" in other)


def _ports(config: Config) -> Iterator[Finding]:
    """R2, R5, R8: what the router does to ports."""
    public, outbound = config.public, config.outbound
    advertised = {(public.address, port, name) for name, port in public.ports.items()}
    for transport, port in sorted(outbound.ports.items()):
        sent_from = sorted({one.port for one in config.listeners if one.transport == transport and one.leg != "inside"})
        reached = (outbound.address, port, transport) in advertised
        if transport == "udp" and sent_from and port not in sent_from and not reached:
            yield Finding(
                "R2",
                WARNING,
                f"outbound.ports.udp is {port}, but datagrams leave from port {sent_from[0]}",
                "the port in Via is the one that packets come from after a translation that keeps ports",
                f"set outbound.ports.udp to {sent_from[0]}, or have the router map udp {outbound.address}:{port} to it",
            )
        if transport == "udp" and outbound.address != public.address:
            yield Finding(
                "R5",
                WARNING,
                f"UDP goes out at {outbound.address} and comes in at {public.address}",
                "an answer finds its way back after the router has forgotten the packet (Linux: 30 s)",
                f"use TCP, or have the router map udp {outbound.address}:{port} to the listener for good",
            )
        kept = transport == "udp" and port in sent_from  # R2 is what counts for datagrams
        if transport in public.ports and port != public.ports[transport] and not kept:
            yield Finding(
                "R8",
                WARNING,
                f"Via says port {port} for {transport}, Record-Route and Contact say {public.ports[transport]}",
                "one port for both, so that whoever dials either of them is answered",
                f"set outbound.ports.{transport} to {public.ports[transport]}, or have the router map both ports",
            )


def _media(config: Config) -> Iterator[Finding]:
    """R3: media come back by address alone, since ports are kept."""
    owners: Dict[str, List[str]] = {}
    for host in config.hosts:
        owners.setdefault(host.media or config.public.address, []).append(host.name)
    for address, names in sorted(owners.items()):
        if len(names) > 1:
            yield Finding(
                "R3",
                WARNING,
                f"{', '.join(names)} share {address} for media",
                "each machine that sends or receives media has a public address of its own",
                "name it in inside.hosts[].media; nothing to do where these machines carry no audio or video",
            )


def _networks(config: Config) -> Iterator[Finding]:
    """R4: the source address alone says which side a message comes from."""
    inside = [ipaddress.ip_network(one) for one in config.networks]

    def within(address: str) -> bool:
        return any(ipaddress.ip_address(address) in network for network in inside)

    disjoint = "inside, public addresses and partners have no address in common"
    public = [("public.address", config.public.address), ("outbound.address", config.outbound.address)]
    public += [(f"the media address of {host.name},", host.media) for host in config.hosts if host.media]
    for key, address in public:
        if within(address):
            cure = "narrow inside.networks to the machines behind the router"
            yield Finding("R4", ERROR, f"{key} {address} is in inside.networks", disjoint, cure)
    for partner in config.partners:
        for text in partner.networks:
            network = ipaddress.ip_network(text)
            clash = [str(one) for one in inside if one.version == network.version and one.overlaps(network)]
            clash += [
                address
                for address in sorted({*(address for _key, address in public), *config.firewall})
                if ipaddress.ip_address(address) in network
            ]
            if clash:
                found = f"the network {text} of partner {partner.name} overlaps {', '.join(clash)}"
                yield Finding("R4", ERROR, found, disjoint, "narrow partners[].networks to what the partner sends from")
        if not any(
            ipaddress.ip_address(partner.endpoint.address) in ipaddress.ip_network(one) for one in partner.networks
        ):
            yield Finding(
                "R4",
                WARNING,
                f"{partner.endpoint.address} of partner {partner.name} is in none of its networks",
                "the address that is dialled may also send",
                "add it to partners[].networks, unless the partner never sends from there",
            )
    for one, other in combinations(config.partners, 2):
        shared = [
            text
            for text in one.networks
            for more in map(ipaddress.ip_network, other.networks)
            if more.version == ipaddress.ip_network(text).version and more.overlaps(ipaddress.ip_network(text))
        ]
        if shared:
            found = f"{shared[0]} of partner {one.name} overlaps a network of partner {other.name}"
            yield Finding("R4", WARNING, found, "a sender belongs to one partner", "narrow partners[].networks")
    for listener in config.listeners:
        if listener.leg != "outside" and not within(listener.address):
            yield Finding(
                "R4",
                ERROR,
                f"the listener {listener.address}:{listener.port} is in none of inside.networks",
                "addresses of this machine that face the inside never leave",
                "add its network to inside.networks, or give the listener the leg outside",
            )
    for address in config.firewall:
        if not within(address):
            found = f"inside.firewall {address} is in none of inside.networks"
            yield Finding("R4", WARNING, found, "the router's inside address never leaves", "add it to inside.networks")


def _partners(config: Config) -> Iterator[Finding]:
    """R9: what TLS promises about a partner."""
    for partner in config.partners:
        profile = config.tls[partner.tls or "default"]
        if partner.endpoint.transport != "tls":
            continue
        who = f"partner {partner.name}"
        if profile.legacy:
            yield Finding(
                "R9",
                WARNING,
                f"{who} IS DIALLED WITH TLS {profile.minimum} AND WEAK KEYS (tls profile with legacy)",
                "TLS 1.2 or newer",
                "remove legacy as soon as the partner can do better, and keep the profile to this partner",
            )
        if not profile.verify:
            found = f"{who} is not asked who it is (tls profile with verify false)"
            yield Finding("R9", WARNING, found, "its certificate is verified", "name its authorities and remove verify")
        elif profile.name is None and not partner.hosts:
            yield Finding(
                "R9",
                WARNING,
                f"the certificate of {who} would have to be for {partner.endpoint.address}",
                "the name that its certificate is for is known",
                "add it to partners[].hosts, or as name to a tls profile of the partner's own",
            )
    for name, profile in sorted(config.tls.items()):
        if profile.client_certificate != "none" and profile.authorities is None:
            yield Finding(
                "R9",
                WARNING,
                f"tls profile {name} takes client certificates of every public authority",
                "only partners' authorities are believed",
                f"name the file with their certificates in tls.{name}.authorities",
            )


def _call_ids(config: Config) -> Iterator[Finding]:
    """R12: an address in a Call-ID that is not masked reversibly breaks the dialog."""
    if not config.mask_call_id:
        yield Finding(
            "R12",
            WARNING,
            "mask_call_id is off: an inside address in a Call-ID is replaced for good when it leaves",
            "answers have the Call-ID of their request",
            "turn it on, unless no machine of the inside writes its address into Call-IDs",
        )
