# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""TLS contexts, made from the profiles of a configuration.

They are made anew for every configuration that is loaded, certificates with it: connections keep the context they began
with, so a new certificate disturbs nobody.
"""

from __future__ import annotations

import socket
import ssl
import warnings
from typing import Dict, Iterator, Optional, Set, Tuple, Union

from ..model import Config, Endpoint, Listener, TlsProfile

DEFAULT = "default"
_VERSIONS = {"1.0": "TLSv1", "1.1": "TLSv1_1", "1.2": "TLSv1_2", "1.3": "TLSv1_3"}
_LEGACY_SERVER_CONNECT = 0x4  # SSL_OP_LEGACY_SERVER_CONNECT: servers without RFC 5746; ssl names it from 3.12 on


class TlsContext:
    """One side of a profile."""

    def __init__(self, name: str, profile: TlsProfile, server: bool) -> None:
        self.profile = profile
        self.server = server
        try:
            self._context = _context(profile, server)
        except (OSError, ValueError) as error:  # ssl.SSLError is an OSError; ciphers that do not exist too
            raise ValueError(f"tls profile {name}: {error}") from error

    def wrap(self, sock: socket.socket, name: Optional[str]) -> ssl.SSLSocket:
        """TLS on a connected non-blocking socket, before the handshake; `name`: whom the dialling side wants."""
        return self._context.wrap_socket(
            sock, server_side=self.server, do_handshake_on_connect=False, server_hostname=name
        )

    def stranger(self, sock: ssl.SSLSocket) -> bool:
        """Whether a client's certificate, good in itself, is for another name than the profile wants. The dialling side
        has that checked by OpenSSL."""
        if not self.server or self.profile.name is None or self.profile.client_certificate == "none":
            return False
        certificate = sock.getpeercert()
        return bool(certificate) and self.profile.name.lower() not in _names(certificate)


def _names(certificate: object) -> Tuple[str, ...]:
    """Whom a certificate is for: DNS names, addresses and the hosts of SIP URIs (RFC 5922 7.1); no wildcards (7.2)."""
    alternatives = certificate.get("subjectAltName", ()) if isinstance(certificate, dict) else ()
    names = []
    for kind, value in alternatives:
        if kind in ("DNS", "IP Address"):
            names.append(value.lower())
        elif kind == "URI" and value.lower().startswith(("sip:", "sips:")):
            names.append(value.lower().partition(":")[2])
    return tuple(names)


def _context(profile: TlsProfile, server: bool) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER if server else ssl.PROTOCOL_TLS_CLIENT)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of TLS 1.0 and 1.1: the profile says `legacy`
        context.minimum_version = ssl.TLSVersion[_VERSIONS[profile.minimum]]
    context.options |= ssl.OP_NO_RENEGOTIATION | ssl.OP_NO_COMPRESSION
    ciphers = profile.ciphers
    if profile.legacy:
        ciphers = (ciphers if ciphers is not None else "DEFAULT") + ":@SECLEVEL=0"
        context.options |= _LEGACY_SERVER_CONNECT
    if ciphers is not None:
        context.set_ciphers(ciphers)
    if profile.certificate is not None:
        # Without a password OpenSSL would ask for one at the terminal, and wait.
        context.load_cert_chain(profile.certificate, profile.key, password="")
    asks = profile.client_certificate != "none" if server else profile.verify
    if not asks:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        return context
    optional = server and profile.client_certificate == "optional"
    context.verify_mode = ssl.CERT_OPTIONAL if optional else ssl.CERT_REQUIRED
    if profile.authorities is not None:
        context.load_verify_locations(profile.authorities)
    else:
        context.load_default_certs(ssl.Purpose.CLIENT_AUTH if server else ssl.Purpose.SERVER_AUTH)
    return context


def _endpoints(config: Config) -> Iterator[Union[Endpoint, Listener]]:
    yield from config.listeners
    yield from (partner.endpoint for partner in config.partners)
    yield from (upstream.endpoint for upstream in config.upstreams)


def files(config: Config) -> Set[str]:
    """All that `Contexts` reads."""
    named = [(one.certificate, one.key, one.authorities) for one in config.tls.values()]
    return {file for group in named for file in group if file is not None}


class Contexts:
    """All that a configuration needs. Raises ValueError that names the profile."""

    def __init__(self, config: Config) -> None:
        self._servers: Dict[str, TlsContext] = {}
        self._clients: Dict[Tuple[bool, str], Tuple[TlsContext, str]] = {}
        if not any(one.transport == "tls" for one in _endpoints(config)):
            return
        clients: Dict[str, TlsContext] = {}
        for listener in config.listeners:
            name = listener.tls or DEFAULT
            if listener.transport == "tls" and name not in self._servers:
                self._servers[name] = TlsContext(name, config.tls[name], server=True)
        wanted = [
            (False, partner.name, partner.tls, partner.hosts[0] if partner.hosts else partner.endpoint.address)
            for partner in config.partners
        ]
        hosts = {host.name: (host.names + host.addresses)[0] for host in config.hosts}
        wanted += [(True, upstream.host, upstream.tls, hosts[upstream.host]) for upstream in config.upstreams]
        for inside, peer, chosen, host in wanted:
            name = chosen or DEFAULT
            if name not in config.tls:
                continue
            if name not in clients:
                clients[name] = TlsContext(name, config.tls[name], server=False)
            self._clients.setdefault((inside, peer), (clients[name], config.tls[name].name or host))

    def server(self, profile: Optional[str]) -> TlsContext:
        """For what a listener with this profile accepts."""
        return self._servers[profile or DEFAULT]

    def client(self, inside: bool, peer: str) -> Optional[Tuple[TlsContext, str]]:
        """For dialling a host of ours or a partner, and whom its certificate must name; None: it is neither."""
        return self._clients.get((inside, peer))
