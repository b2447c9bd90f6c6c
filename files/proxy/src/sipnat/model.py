# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a configuration says, checked and in the types that the other modules work with.

Addresses are canonical text (``ipaddress`` wrote them), IPv6 without brackets. Names are lower case without a dot at
the end. Times are seconds, sizes bytes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Mapping, Optional, Tuple

TRANSPORTS = ("udp", "tcp", "tls")
PER_HOST = 8  # upstreams on one host
DEFAULT_PORT = {"udp": 5060, "tcp": 5060, "tls": 5061}  # RFC 3261 19.1.2


@dataclass(frozen=True)
class Host:
    """A machine of the inside that shows in messages: gateway node, WAS SIP proxy, this machine itself."""

    id: int  # 1 to 255, never given to another machine: it is written into messages
    name: str
    addresses: Tuple[str, ...]  # at least one
    names: Tuple[str, ...] = ()  # DNS names that it writes into messages instead of an address
    media: Optional[str] = None  # the public address for SDP; None: public.address

    @property
    def forms(self) -> Tuple[str, ...]:
        """Every way to write it, in the order that tokens count: addresses, then names."""
        return self.addresses + self.names


@dataclass(frozen=True)
class Endpoint:
    """Where to connect to."""

    address: str
    port: int
    transport: str


@dataclass(frozen=True)
class Upstream:
    """A gateway node or WAS SIP proxy that takes messages from the outside."""

    host: str  # name of a Host
    endpoint: Endpoint
    tls: Optional[str] = None  # name of a TLS profile; None: "default"


@dataclass(frozen=True)
class Public:
    """The inbound record of the router: what partners dial. Record-Route, Contact, Request-URI."""

    host: str  # name or address as it is written into messages
    address: str
    ports: Mapping[str, int]  # transport -> public port


@dataclass(frozen=True)
class Outbound:
    """The outbound record of the router: what our packets come from. Via."""

    host: str
    address: str
    ports: Mapping[str, int]  # transport -> port in Via


@dataclass(frozen=True)
class Listener:
    """A socket of our own."""

    address: str
    port: int
    transport: str
    leg: str = "both"  # inside | outside | both: who may talk to it; the side itself is decided by the source address
    tls: Optional[str] = None


@dataclass(frozen=True)
class Partner:
    """A community of the outside."""

    name: str
    endpoint: Endpoint  # where its requests go
    networks: Tuple[str, ...]  # CIDR: where it may send from, and the literal addresses that may be dialled
    hosts: Tuple[str, ...] = ()  # names under which it writes itself
    domains: Tuple[str, ...] = ("*",)  # of addresses of record; "*": whatever no other partner has
    reuse: bool = False  # requests may go out on a connection that the partner opened
    tls: Optional[str] = None
    rate: Optional[float] = None  # messages a second and address; None: limits.rate


@dataclass(frozen=True)
class TlsProfile:
    certificate: Optional[str] = None  # file; None: none is shown (only for the dialling side)
    key: Optional[str] = None
    authorities: Optional[str] = None  # file; None: those of the system
    verify: bool = True  # as client: name and chain of the other side; as server: see client_certificate
    client_certificate: str = "none"  # none | optional | required
    minimum: str = "1.2"  # 1.0 | 1.1 | 1.2 | 1.3; below 1.2 only with legacy
    ciphers: Optional[str] = None
    legacy: bool = False  # TLS 1.0 and small keys for peers that know nothing better
    name: Optional[str] = None  # what the other side's certificate must be for; None: the partner's host


@dataclass(frozen=True)
class Limits:
    message: int = 65536  # a whole message
    header: int = 65536  # its header block
    line: int = 8192  # one header field
    fields: int = 256  # header fields of a message
    connections: int = 1000
    connections_per_peer: int = 200
    rate: float = 200.0  # messages a second and source address outside; 0: no limit
    burst: float = 400.0
    idle: float = 0.0  # a connection without traffic is closed; 0: never
    partial: float = 30.0  # a message that has begun must be complete
    connect: float = 5.0
    handshake: float = 10.0
    write_buffer: int = 1048576  # waiting for one peer; above it the connection is closed
    flows: int = 10000  # UDP senders that are remembered
    drain: float = 5.0  # what is under way when the service is told to end is still served so long


@dataclass(frozen=True)
class Health:
    interval: float = 7.0
    timeout: float = 3.0
    down_after: int = 2  # answers missing in a row
    up_after: int = 1


@dataclass(frozen=True)
class Admin:
    address: str = "127.0.0.1"
    port: int = 9561  # 0: no administration port
    token: Optional[str] = None  # file with the secret that ctl has to show


@dataclass(frozen=True)
class Log:
    level: str = "info"
    format: str = "text"  # text | json
    file: Optional[str] = None  # None: standard error


@dataclass(frozen=True)
class Trace:
    file: Optional[str] = None  # pcap
    hep: Optional[Endpoint] = None
    capture_id: int = 2001


@dataclass(frozen=True)
class Config:
    hosts: Tuple[Host, ...]
    networks: Tuple[str, ...]  # of the inside; no address of them leaves
    upstreams: Tuple[Upstream, ...]
    public: Public
    outbound: Outbound
    listeners: Tuple[Listener, ...]
    partners: Tuple[Partner, ...]
    firewall: Tuple[str, ...] = ()  # inside addresses of the router: they count as outside
    domains: Tuple[str, ...] = ()  # of the inside; empty: every domain is taken
    tls: Mapping[str, TlsProfile] = field(default_factory=dict)
    limits: Limits = field(default_factory=Limits)
    health: Health = field(default_factory=Health)
    admin: Admin = field(default_factory=Admin)
    log: Log = field(default_factory=Log)
    trace: Trace = field(default_factory=Trace)
    mask_call_id: bool = True
    map_identities: bool = True  # inside hosts in From, To and their like
    processes: int = 1
    user: Optional[str] = None  # whom to become once the sockets are open
    group: Optional[str] = None
    checksum: str = field(default="", compare=False)  # SHA-256 of the file's bytes
