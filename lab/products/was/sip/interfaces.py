"""Where others reach a server: what it calls itself in Via, Record-Route and Contact."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sipmessage import URI

from lab.sip.address import Transport, next_hop
from lab.sip.headers import uri as uri_of


@dataclass(frozen=True)
class Interface:
    """`host` is a name or an address without brackets."""

    transport: Transport
    host: str
    port: int

    def uri(self, parameters: str = "") -> str:
        """As a URI; `parameters` with their semicolons."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"sip:{host}:{self.port};transport={self.transport}{parameters}"


def advertised(
    own: str, ports: Mapping[Transport, int], sprayers: Mapping[Transport, tuple[str, int]]
) -> dict[Transport, Interface]:
    """The interface of a SIP proxy for each transport that it listens on: the enabled sprayer, or its `own` address.

    A sprayer without a port (0) stands for the port that is listened on.
    """
    found = {}
    for transport, port in ports.items():
        host, number = sprayers.get(transport, (own, port))
        found[transport] = Interface(transport, host, number or port)
    return found


class Identity:
    """What a SIP proxy recognises as itself, in Route, in the Request-URI and in the Via of an answer."""

    def __init__(self, names: Iterable[str], ports: Iterable[int], interfaces: Iterable[Interface]) -> None:
        self._places = {(name.lower(), port) for name in names for port in ports}
        self._places |= {(each.host.lower(), each.port) for each in interfaces}

    def has(self, host: str, port: int) -> bool:
        """Whether a host (name or address) and port are its own."""
        return (host.lower(), port) in self._places

    def is_named(self, value: str) -> bool:
        """Whether a value of Route, or a URI, leads to it. Raises ValueError for one that leads nowhere."""
        _, host, port = next_hop(URI.parse(uri_of(value)))
        return self.has(host, port)


def listed(interfaces: Iterable[Interface]) -> list[str]:
    """As values of the header `OutboundIfList`."""
    return [f"<{each.uri()}>" for each in interfaces]


def read_list(values: Iterable[str]) -> list[Interface]:
    """The values of the header `OutboundIfList`. Raises ValueError."""
    hops = [next_hop(URI.parse(uri_of(value.strip()))) for text in values for value in text.split(",")]
    return [Interface(*hop) for hop in hops]
