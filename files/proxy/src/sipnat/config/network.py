# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The configuration's parts that name machines: the inside, the two public records, listeners, partners."""

from __future__ import annotations

from typing import Dict, Mapping, Optional, Tuple

from ..model import DEFAULT_PORT, TRANSPORTS, Endpoint, Host, Listener, Outbound, Partner, Public, Upstream
from . import values
from .reader import Section

LEGS = ("inside", "outside", "both")
DEFAULT_TRANSPORT = "tcp"


def hosts(inside: Section) -> Tuple[Host, ...]:
    """Machines of the inside."""
    found = []
    for one in inside.sections("hosts"):
        host = Host(
            id=one.need("id", values.integer(1, 255), 0),
            name=one.need("name", values.text, ""),
            addresses=one.items("addresses", values.peer_address),
            names=one.items("names", values.name),
            media=one.take("media", values.peer_address, None),
        )
        if not host.addresses:
            one.wrong("addresses", None, "name at least one address of the machine")
        one.close()
        found.append(host)
    return tuple(found)


def upstreams(inside: Section, known: Tuple[Host, ...]) -> Tuple[Upstream, ...]:
    """Those of the machines that take messages from the outside."""
    addresses: Dict[str, str] = {host.name: host.addresses[0] for host in known if host.addresses}
    found = []
    for one in inside.sections("upstreams"):
        name = one.need("host", values.text, "")
        transport, port = _transport_and_port(one)
        endpoint = Endpoint(one.take("address", values.peer_address, addresses.get(name, "")), port, transport)
        found.append(Upstream(name, endpoint, one.take("tls", values.text, None)))
        one.close()
    return tuple(found)


def public(one: Section) -> Public:
    """The inbound record."""
    address = one.need("address", values.peer_address, "")
    ports = _ports(one, {})
    if not ports:
        one.wrong("ports", None, 'name the public port of each transport: {"tcp": 5060}')
    found = Public(one.take("host", values.host, address), address, ports)
    one.close()
    return found


def outbound(one: Section, same: Public) -> Outbound:
    """The outbound record; what is not said is as in the inbound one."""
    given = one.take("address", values.peer_address, None)
    # a name of its own without an address of its own is possible, an address without its name is written as it is
    found = Outbound(one.take("host", values.host, given or same.host), given or same.address, _ports(one, same.ports))
    one.close()
    return found


def listeners(top: Section) -> Tuple[Listener, ...]:
    """Our own sockets."""
    found = []
    for one in top.sections("listen"):
        address = one.need("address", values.address, "")
        transport, port = _transport_and_port(one)
        leg = one.take("leg", values.choice(LEGS), "both")
        found.append(Listener(address, port, transport, leg, one.take("tls", values.text, None)))
        one.close()
    return tuple(found)


def partners(top: Section) -> Tuple[Partner, ...]:
    """The communities outside."""
    found = []
    for one in top.sections("partners"):
        address = one.need("address", values.peer_address, "")
        transport, port = _transport_and_port(one)
        found.append(
            Partner(
                name=one.need("name", values.text, ""),
                endpoint=Endpoint(address, port, transport),
                networks=one.items("networks", values.network, (values.network(address),) if address else ()),
                hosts=one.items("hosts", values.host),
                domains=one.items("domains", values.domain, ("*",)),
                reuse=one.take("reuse", values.flag, False),
                tls=one.take("tls", values.text, None),
                rate=one.take("rate", values.number(0), None),
            )
        )
        one.close()
    return tuple(found)


def _transport_and_port(one: Section) -> Tuple[str, int]:
    """A port that is wrong becomes 0, which is nobody else's."""
    transport = one.take("transport", values.transport, DEFAULT_TRANSPORT)
    return transport, one.take("port", values.port, 0 if one.has("port") else DEFAULT_PORT[transport])


def _ports(one: Section, default: Mapping[str, int]) -> Mapping[str, int]:
    below = one.section("ports")
    read: Dict[str, Optional[int]] = {name: below.take(name, values.port, None) for name in TRANSPORTS}
    below.close()
    return {name: port for name, port in read.items() if port is not None} or default
