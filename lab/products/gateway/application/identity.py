"""What the gateway calls itself in SIP, and what it recognises as itself."""

from __future__ import annotations

import itertools
import time
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from lab.products.gateway.application.refusal import Refused
from lab.sip.address import Transport, is_literal

FQDN_PROPERTY = "com.ibm.sametime.gateway.fqdn"

Resolve = Callable[[str], str | None]


class Interface(Protocol):
    """Where others reach us with a transport."""

    @property
    def host(self) -> str: ...
    @property
    def port(self) -> int: ...


class Network(Protocol):
    """What of the container is used here."""

    @property
    def address(self) -> str: ...
    @property
    def host(self) -> str: ...
    def interface(self, transport: Transport) -> Interface | None: ...


class Identity:
    """Of one server. `fqdn` is the cell property, empty where it is not set or means nothing."""

    def __init__(self, network: Network, fqdn: str, resolve: Resolve) -> None:
        self._network, self._fqdn, self._resolve = network, fqdn, resolve
        self.public_address = resolve(fqdn) if fqdn else None
        """The address of the cell property's name, None without one."""
        self._calls = itertools.count(time.time_ns() // 1000)

    def interface(self, transport: Transport) -> Interface:
        """Where others reach us. Raises `Refused` while no SIP proxy has said so."""
        found = self._network.interface(transport)
        if found is None:
            raise Refused(503, f"no SIP proxy has told this server of an outbound interface for {transport}")
        return found

    def contact(self, transport: Transport) -> str:
        """The value of Contact. Raises `Refused`."""
        found = self.interface(transport)
        return f"<sip:{self._fqdn or found.host}:{found.port};transport={transport}>"

    @property
    def media_address(self) -> str:
        """What stands in session descriptions: an address, never a name."""
        return self.public_address or self._network.address

    def call_id(self) -> str:
        """A new Call-ID."""
        return f"{next(self._calls)}@{self._network.address}"

    def is_self(self, host: str, peer: str) -> bool:
        """Whether a host in a Request-URI or Route is this gateway: by its public name, by what the SIP proxy
        advertises, by its own address and name. `peer` is the address that the request came from: a SIP proxy's own."""
        name = host.lower().strip("[]")
        known = {self._fqdn.lower(), self._network.address, self._network.host.lower(), peer}
        transports: tuple[Transport, ...] = ("udp", "tcp", "tls")
        for transport in transports:
            found = self._network.interface(transport)
            known |= {found.host.lower()} if found else set()
        if name in known:
            return bool(name)
        return is_literal(name) and name in {self._resolve(each) for each in known if each and not is_literal(each)}


def cell_property(config: Path, cell: str) -> str:
    """The value of the cell's property in the copy of the repository that the server starts with."""
    root = ET.parse(config / "cells" / cell / "cell.xml").getroot()
    for each in root.iter("properties"):
        if each.get("name") == FQDN_PROPERTY:
            return (each.get("value") or "").strip()
    return ""
