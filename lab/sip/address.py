"""Where a message goes to and what it came over."""

from __future__ import annotations

import functools
import ipaddress
from typing import Literal, NamedTuple

from sipmessage import URI

Transport = Literal["udp", "tcp", "tls"]

DEFAULT_PORTS: dict[Transport, int] = {"udp": 5060, "tcp": 5060, "tls": 5061}


class Target(NamedTuple):
    """Where a message is sent to. `host` is an address, never a name: the product resolves names."""

    transport: Transport
    host: str
    port: int

    def __str__(self) -> str:
        return f"{self.host}:{self.port} ({self.transport})"


class Flow(NamedTuple):
    """What a message came over: a connection, or for UDP (`connection` 0) a socket and the sender's address."""

    transport: Transport
    local: tuple[str, int]
    remote: tuple[str, int]
    connection: int


@functools.lru_cache(maxsize=4096)
def is_literal(host: str) -> bool:
    """Whether it is an address."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def next_hop(uri: URI) -> tuple[Transport, str, int]:
    """Transport, host (address or name, without brackets) and port of a URI, RFC 3263 4.1 and 4.2 without DNS records.

    Raises ValueError for a transport that is none of ours.
    """
    named = (uri.parameters.get("transport") or "udp").lower()
    if uri.scheme == "sips" or named == "tls":
        transport: Transport = "tls"
    elif named == "tcp":
        transport = "tcp"
    elif named == "udp":
        transport = "udp"
    else:
        raise ValueError(f"transport {named} is not supported")
    host = (uri.parameters.get("maddr") or uri.host).strip("[]")
    return transport, host, uri.port or DEFAULT_PORTS[transport]
