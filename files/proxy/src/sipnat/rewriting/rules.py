# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The configuration as tables: what is ours, what stands for what, and where a URI leads."""

from __future__ import annotations

import ipaddress
from typing import Callable, Dict, List, Mapping, NamedTuple, Optional, Set, Tuple

from ..model import Config, Host, Listener, Partner, Upstream
from ..outcome import Target
from . import spelling, tokens
from .inside import Inside
from .syntax import canonical, is_literal, written
from .uri import Uri


class Form(NamedTuple):
    """One way to write an inside host."""

    token: bytes  # ID[.K]
    host: Host
    text: bytes  # canonical

    def named(self, text: bytes) -> bytes:
        """Its token, which also says how it is spelled in `text`."""
        if text == self.text:
            return self.token
        code = spelling.code(text, self.text)
        return self.token + b"~" + code if code else self.token


def _bytes(text: str) -> bytes:
    return text.encode("utf-8")


class Rules:
    """`choose` picks the upstream for a Call-ID (in its inside form); None: there is none to pick."""

    def __init__(self, config: Config, choose: Callable[[bytes], Optional[Upstream]]) -> None:
        self.config = config
        self.limits = config.limits
        self.choose = choose
        self.inside = Inside(config)
        self.forms: Dict[bytes, Form] = {}  # by what is written
        self.tokens: Dict[bytes, Form] = {}  # by ID[.K]
        self.swap: Dict[bytes, bytes] = {}  # host parts of Call-IDs
        for host in config.hosts:
            for index, form in enumerate(host.forms):
                text = canonical(_bytes(form))
                token = b"%d" % host.id if index == 0 else b"%d.%d" % (host.id, index)
                self.tokens[token] = Form(token, host, text)
                self.forms.setdefault(text, self.tokens[token])
                if config.mask_call_id:
                    self._mask(text, b"np" + token)
        # The names that a token may stand behind, and all that means this proxy when there is none.
        public, outbound = config.public, config.outbound
        self.dialled = frozenset(canonical(_bytes(one)) for one in (public.host, public.address))
        self.fronts = self.dialled | {canonical(_bytes(one)) for one in (outbound.host, outbound.address)}
        self.selves: Set[Tuple[bytes, int]] = {(canonical(_bytes(one.address)), one.port) for one in config.listeners}
        for record in (public, outbound):
            for port in record.ports.values():
                self.selves |= {(canonical(_bytes(record.host)), port), (canonical(_bytes(record.address)), port)}
        self.domains = frozenset(canonical(_bytes(domain)) for domain in config.domains)
        self.upstreams: Dict[Tuple[bytes, int], List[Upstream]] = {}
        self._machines: Dict[bytes, List[Upstream]] = {}
        for upstream in config.upstreams:
            forms = [form for host in config.hosts if host.name == upstream.host for form in host.forms]
            for one in dict.fromkeys([upstream.endpoint.address, *forms]):
                self._machines.setdefault(canonical(_bytes(one)), []).append(upstream)
            names = [name for host in config.hosts if host.name == upstream.host for name in host.names]
            for one in [upstream.endpoint.address, *names]:
                self.upstreams.setdefault((canonical(_bytes(one)), upstream.endpoint.port), []).append(upstream)
        self._networks = [(ipaddress.ip_network(text), one) for one in config.partners for text in one.networks]
        self._names: Dict[bytes, Partner] = {}
        self._domains: Dict[bytes, Partner] = {}
        for partner in config.partners:
            for name in partner.hosts:
                self._names.setdefault(canonical(_bytes(name)), partner)
            for name in partner.domains:
                self._domains.setdefault(canonical(_bytes(name)), partner)
        self._inside = {canonical(_bytes(one.endpoint.address)): one.host for one in config.upstreams}
        for host in config.hosts:
            self._inside.update((canonical(_bytes(one)), host.name) for one in host.addresses)

    def _mask(self, text: bytes, token: bytes) -> None:
        pairs = [(text, token)] if b":" not in text else [(text, token), (b"[" + text + b"]", b"[" + token + b"]")]
        for one, other in pairs:
            if one not in self.swap and other not in self.swap:
                self.swap[one] = other
                self.swap[other] = one

    def form(self, token: tokens.Token) -> Optional[bytes]:
        """The host that a token means, as it was written; None: none that we know."""
        form = self.tokens.get(token.form)
        if form is None:
            return None
        host = spelling.spelled(form.text, token.spelling) if token.spelling else form.text
        return written(host) if host else None

    # -- our own names

    def public(self, transport: str) -> bytes:
        """Host and port that partners dial."""
        return written(_bytes(self.config.public.host)) + b":%d" % _port(self.config.public.ports, transport)

    def outbound(self, transport: str, other: str) -> bytes:
        """Host and port that our packets come from, for a transport; `other` if that one is not used outside."""
        ports = self.config.outbound.ports
        port = _port(ports, transport if transport in ports else other)
        return written(_bytes(self.config.outbound.host)) + b":%d" % port

    def listener(self, transport: str) -> bytes:
        """Host and port that inside hosts dial."""
        listeners: Tuple[Listener, ...] = self.config.listeners
        fitting = [one for one in listeners if one.leg != "outside" and one.transport == transport] or list(listeners)
        return written(_bytes(fitting[0].address)) + b":%d" % fitting[0].port

    def is_self(self, uri: Uri) -> bool:
        """Does a URI without token mean this proxy?"""
        return (uri.host, uri.number) in self.selves

    # -- where messages go

    def outside(self, uri: Uri) -> Optional[Target]:
        """Where a URI leads outside (RFC 3261, 16.5 and 16.6); None: to nobody that we know."""
        maddr = uri.parameter(b"maddr")
        host = canonical(maddr.value) if maddr and maddr.value else uri.host
        if host in self.forms or self.inside.holds(host) or (host, uri.number) in self.selves:
            return None
        said = uri.transport.decode("ascii", "replace")
        if said not in self.config.public.ports or not (uri.secure or uri.parameter(b"transport")):
            said = ""  # nothing, or what is not spoken outside
        partner = self.partner(host)
        if partner:
            transport = said or partner.endpoint.transport
            port = int(uri.port) if uri.port else (5061 if transport == "tls" else 5060)
            return Target(transport, host.decode("ascii"), port, partner.name, False)
        partner = self._names.get(host)
        if partner:
            end = partner.endpoint
            port = int(uri.port) if uri.port else end.port
            return Target(said or end.transport, end.address, port, partner.name, False)
        return self.domain(host)

    def domain(self, name: bytes) -> Optional[Target]:
        """Who has a domain outside; for want of one, who has all others."""
        partner = self._domains.get(name) or self._domains.get(b"*")
        if partner is None:
            return None
        end = partner.endpoint
        return Target(end.transport, end.address, end.port, partner.name, False)

    def upstream(self, uri: Uri) -> Optional[Upstream]:
        """The upstream that a URI names, or else one on the machine that it names: dialogs stay there."""
        maddr = uri.parameter(b"maddr")
        host = canonical(maddr.value) if maddr and maddr.value else uri.host
        found = self.upstreams.get((host, uri.number)) or self._machines.get(host, [])
        transport = uri.transport.decode("ascii", "replace")
        return next((one for one in found if one.endpoint.transport == transport), found[0] if found else None)

    def target(self, upstream: Upstream) -> Target:
        end = upstream.endpoint
        return Target(end.transport, end.address, end.port, upstream.host, True)

    def partner(self, address: bytes) -> Optional[Partner]:
        """Whose address (canonical) it is; nobody's if it is a group's or everybody's."""
        if not is_literal(address):
            return None
        found = ipaddress.ip_address(address.decode("ascii"))
        if found.is_multicast or found.is_unspecified or address == b"255.255.255.255":
            return None
        for network, partner in self._networks:
            if found in network:
                broadcast = network.version == 4 and network.prefixlen < 31 and found == network.broadcast_address
                return None if broadcast else partner
        return None

    def answerable(self, address: bytes, port: int, transport: str) -> Optional[Target]:
        """Where a response may go: an inside host, an upstream, a partner, the firewall; never a group's address."""
        text = address.decode("ascii", "replace")
        form = self.forms.get(address)
        if form and not is_literal(address):
            text = form.host.addresses[0]
        name = self._inside.get(canonical(text.encode("utf-8")))
        if name:
            return Target(transport, text, port, name, True)
        named = self._names.get(address)
        if named:
            return Target(transport, named.endpoint.address, port, named.name, False)
        partner = self.partner(address)
        if partner is None and text in self.config.firewall and self.config.partners:
            partner = self.config.partners[0]  # whoever it is: the router wrote its own address into the packets
        return Target(transport, text, port, partner.name, False) if partner else None


def _port(ports: Mapping[str, int], transport: str) -> int:
    return ports[transport] if transport in ports else next(iter(ports.values()))
