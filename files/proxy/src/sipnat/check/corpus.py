# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Messages that a site of this configuration could see: for `check`, for examples, for tests.

A `Shape` is a choice among the ways to write a request; `compose` writes it. Nothing is random: the same configuration
gives the same messages.
"""

from __future__ import annotations

import ipaddress
import itertools
from typing import Dict, Iterator, List, NamedTuple, Tuple

from ..model import DEFAULT_PORT, Config, Host, Partner
from . import corpus_body

METHODS = (
    *("INVITE", "ACK", "BYE", "CANCEL", "OPTIONS", "REGISTER", "PRACK", "SUBSCRIBE", "NOTIFY"),
    *("PUBLISH", "INFO", "REFER", "MESSAGE", "UPDATE", "EXTENSION"),
)
STYLES = ("plain", "compact", "folded", "spaced", "shouted", "joined")
_SEVERAL = ("Via", "Route", "Record-Route", "Contact")  # RFC 3261 7.3.1: values on one line or on several
_COMPACT = {
    "Call-ID": "i",
    "Contact": "m",
    "Content-Length": "l",
    "Content-Type": "c",
    "From": "f",
    "Refer-To": "r",
    "Referred-By": "b",
    "To": "t",
    "Via": "v",
}
_SOURCE_PORT = 40061  # of a connection that was opened to us; RFC 3261 leaves it to the sender
_UNTOUCHED = "example.com"  # a domain of nobody here

Line = Tuple[str, str]


class Shape(NamedTuple):
    """How a request is written. Numbers choose from what the configuration has, whatever their size."""

    outward: bool
    method: str
    style: str = "plain"
    body: str = "none"
    sender: int = 0  # inside: a host with one of its forms; outside: a partner
    peer: int = 0  # whom it is for
    transport: int = 0
    port: int = 5060  # that the sender writes; 0: none
    routed: bool = False  # a Route value names us


class Message(NamedTuple):
    """A request as it arrives at the proxy, and where it comes from."""

    name: str
    outward: bool
    transport: str
    address: str
    port: int
    data: bytes


def forms(config: Config) -> List[Tuple[Host, str]]:
    """Every way to write a machine of the inside."""
    return [(host, form) for host in config.hosts for form in host.forms]


def bracketed(host: str) -> str:
    """A host as URIs have it."""
    return f"[{host}]" if ":" in host else host


def shapes(config: Config) -> Iterator[Shape]:
    """Every method with every body in every style, both ways, and every form of every host at least once."""
    every = list(itertools.product(METHODS, corpus_body.KINDS, STYLES))
    senders = len(forms(config))
    for outward in (True, False):
        for number in range(max(len(every), senders)):
            method, body, style = every[number % len(every)]
            port = (5060, 0, 15060)[number // senders % 3]
            turn = number // senders
            yield Shape(outward, method, style, body, number, number, turn, port, number % 4 == 0)


def messages(config: Config) -> Iterator[Message]:
    """The messages of all shapes."""
    return (compose(config, shape) for shape in shapes(config))


def compose(config: Config, shape: Shape) -> Message:
    """The request of one shape, valid by RFC 3261."""
    legs = ("inside", "both") if shape.outward else ("outside", "both")
    transports = sorted({one.transport for one in config.listeners if one.leg in legs})
    transport = transports[shape.transport % len(transports)]
    port = shape.port or DEFAULT_PORT[transport]
    source_port = port if transport == "udp" else _SOURCE_PORT
    if shape.outward:
        address, lines, body_address = _from_inside(config, shape, transport)
    else:
        address, lines, body_address = _from_outside(config, shape, transport)
    content_type, body = corpus_body.build(shape.body, body_address)
    if content_type:
        lines.append(("Content-Type", content_type))
    lines.append(("Content-Length", str(len(body))))
    start, *fields = _joined(lines) if shape.style == "joined" else lines
    head = "\r\n".join([start[1], *(_written(name, value, shape.style) for name, value in fields)])
    name = f"{'out' if shape.outward else 'in'} {transport} {shape.method} {shape.style} {shape.body} {shape.sender}"
    return Message(name, shape.outward, transport, address, source_port, head.encode() + b"\r\n\r\n" + body)


def _joined(lines: List[Line]) -> List[Line]:
    """All values of a name on the first line that has it."""
    values: Dict[str, List[str]] = {}
    for name, value in lines:
        values.setdefault(name, []).append(value)
    found: List[Line] = []
    for name, value in lines:
        if name not in _SEVERAL:
            found.append((name, value))
        elif name in values:
            found.append((name, ", ".join(values.pop(name))))
    return found


def _written(name: str, value: str, style: str) -> str:
    if style == "compact":
        return f"{_COMPACT.get(name, name)}:{value}"
    if style == "folded":
        return f"{name}:\r\n " + value.replace(", ", ",\r\n\t")
    if style == "spaced":
        return f"{name} \t:  {value} "
    return f"{name.upper() if style == 'shouted' else name}: {value}"


def _authority(host: str, port: int) -> str:
    return f"{bracketed(host)}:{port}" if port else bracketed(host)


def _not_ours(config: Config, host: str, port: int) -> int:
    """A port for a machine of the inside; this machine's own listeners are not another one's."""
    own = {one.port for one in config.listeners if one.address == host}
    while port in own or (port == 0 and own & set(DEFAULT_PORT.values())):
        port += 2
    return port


def _from_inside(config: Config, shape: Shape, transport: str) -> Tuple[str, List[Line], str]:
    """Source address, start line and header fields, and the address for media."""
    every = forms(config)
    host, form = every[shape.sender % len(every)]
    other_host, other = every[(shape.sender + 1) % len(every)]
    partner = config.partners[shape.peer % len(config.partners)]
    address = form if form in host.addresses else host.addresses[0]
    here, there = (
        _authority(form, _not_ours(config, form, shape.port)),
        _authority(other, _not_ours(config, other, 5060)),
    )
    identity = bracketed(form) if config.map_identities else _UNTOUCHED
    call_host = form if config.mask_call_id else _UNTOUCHED
    number = shape.sender + 1000
    via, method = f"SIP/2.0/{transport.upper()}", shape.method
    scheme = "sip"
    target = f"{scheme}:bob@{_partner_host(partner, shape.peer)}"
    uri = f"{scheme}:alice@{here}"
    named = f'"Alice" <{uri};transport={transport};ibmappid=a1>'
    lines = [
        ("", f"{method} {target} SIP/2.0"),
        ("Via", f"{via} {here};branch=z9hG4bK-{number};ibmsid=local.{number};rport;ibmdrr"),
        ("Via", f"{via} {there};branch=z9hG4bK+{number};received={other_host.addresses[0]};ibmrport=5060"),
        ("Max-Forwards", "70"),
        *([("Route", _own_route(config, "inside", transport)), ("Route", f"<{target};lr>")] if shape.routed else []),
        ("Record-Route", f"<sip:{there};lr;ibmsid=local.{number}>"),
        ("From", f'"Alice, \\"A\\"" <sip:alice@{identity}>;tag=local.{number}_2'),
        ("To", f"<sip:bob@{_partner_host(partner, shape.peer)}>"),
        ("Call-ID", f"{number}-{method}@{call_host}"),
        ("CSeq", f"{number} {method}"),
        ("Contact", f"{uri if shape.style == 'compact' else named};expires=60"),  # RFC 3261 20.10: both are a Contact
        ("P-Asserted-Identity", f"<sip:alice@{identity}>, <tel:+15550100>"),
        ("User-Agent", f"Gateway ({form})"),
        ("X-Node", f"address={host.addresses[0]};peer=[{other_host.addresses[-1]}]"),
        ("IBM-PO", f"{host.name}/{number}"),
        ("OutboundIfList", f"{host.addresses[0]}:5060"),
    ]
    lines += _by_method(method, uri, f"{number}@{call_host}", f"<sip:{there};lr>", identity)
    return address, lines, address


def _by_method(method: str, uri: str, call_id: str, route: str, identity: str) -> List[Line]:
    """Fields that only some methods have."""
    if method == "INVITE":
        return [
            ("Replaces", f"{call_id};to-tag=7;from-tag=8"),
            ("In-Reply-To", f"{call_id}, 70710@{_UNTOUCHED}"),
            ("Alert-Info", f"<{uri}>;appearance=1"),
            ("Remote-Party-ID", f"<sip:carol@{identity}>;party=calling;screen=yes"),
            ("Diversion", f"<sip:carol@{identity}>;reason=unconditional"),
            ("History-Info", f"<sip:carol@{identity}>;index=1, <sip:dave@{_UNTOUCHED}>;index=1.1"),
        ]
    if method == "REGISTER":
        return [("Path", f"{route}, <sip:edge.{_UNTOUCHED};lr>"), ("Contact", f"{uri}, <{uri};line=2>;q=0.5")]
    if method == "REFER":
        return [
            ("Refer-To", f"<{uri};method=INVITE?Replaces={call_id.replace('@', '%40')}%3Bto-tag%3D7>"),
            ("Referred-By", f"<sip:alice@{identity}>"),
            ("Target-Dialog", f"{call_id};local-tag=a;remote-tag=b"),
        ]
    if method in ("SUBSCRIBE", "NOTIFY"):
        return [("Event", "presence"), ("Subscription-State", "active;expires=600")]
    return []


def _partner_host(partner: Partner, number: int) -> str:
    """How the inside may name a partner: as host name, as address, by a domain."""
    domains = [domain for domain in partner.domains if domain != "*"]
    names = [*partner.hosts, partner.endpoint.address, *domains]
    return bracketed(names[number % len(names)])


def partner_address(partner: Partner) -> str:
    """An address that the partner may send from."""
    networks = [ipaddress.ip_network(one) for one in partner.networks]
    if any(ipaddress.ip_address(partner.endpoint.address) in network for network in networks):
        return partner.endpoint.address
    return str(next(iter(networks[0].hosts()), networks[0].network_address))


def _own_route(config: Config, leg: str, transport: str) -> str:
    """A Route value that names this proxy, as its own Record-Route gave it to the sender."""
    suffix = "" if transport == "udp" else f";transport={transport}"
    if leg == "outside":
        return f"<sip:{_authority(config.public.host, config.public.ports[transport])}{suffix};lr>"
    own = next(one for one in config.listeners if one.transport == transport and one.leg != "outside")
    return f"<sip:{_authority(own.address, own.port)}{suffix};lr>"


def _from_outside(config: Config, shape: Shape, transport: str) -> Tuple[str, List[Line], str]:
    partners = [one for one in config.partners if one.endpoint.transport == transport] or list(config.partners)
    partner = partners[shape.sender % len(partners)]
    transport = transport if transport in config.public.ports else partner.endpoint.transport
    address = partner_address(partner)
    here = _authority(partner.hosts[0] if partner.hosts else address, shape.port)
    public = _authority(config.public.host, config.public.ports[transport])
    domain = config.domains[shape.peer % len(config.domains)] if config.domains else config.public.host
    number = shape.sender + 5000
    via, method = f"SIP/2.0/{transport.upper()}", shape.method
    target = (f"sip:alice@{public}", f"sip:alice@{bracketed(domain)}")[shape.peer % 2]
    uri = f"sip:bob@{here}"
    lines = [
        ("", f"{method} {target} SIP/2.0"),
        ("Via", f"{via} {here};branch=z9hG4bK-{number};rport"),
        ("Via", f"{via} edge.{_UNTOUCHED}:5080;branch=z9hG4bK+{number};ibmrport=5080"),
        ("Max-Forwards", "69"),
        *([("Route", _own_route(config, "outside", transport))] if shape.routed else []),
        ("Record-Route", f"<sip:edge.{_UNTOUCHED};lr;ibmdrr>"),
        ("From", f"<sip:bob@{_UNTOUCHED}>;tag={number}"),
        ("To", f"<sip:alice@{bracketed(domain)}>"),
        ("Call-ID", f"{number}-{method}@{_UNTOUCHED}"),
        ("CSeq", f"{number} {method}"),
        ("Contact", f"<{uri};np=1-5060;transport={transport}>"),  # a parameter of its own: it is at its own host
        ("User-Agent", "Partner"),
    ]
    lines += _by_method(method, uri, f"{number}@{_UNTOUCHED}", f"<sip:edge.{_UNTOUCHED};lr>", _UNTOUCHED)
    return address, lines, address
