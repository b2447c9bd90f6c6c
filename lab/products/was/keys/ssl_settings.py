"""Which SSL configuration a server uses for what, by its node's copy of the repository."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lab.products.was import xor

_ID = "{http://www.omg.org/XMI}id"
_TYPE = "{http://www.omg.org/XMI}type"


@dataclass(frozen=True)
class StorePlace:
    """A key store: its name, where its file is, with variables of the product, and its password."""

    name: str
    location: str
    password: str


@dataclass(frozen=True)
class SslSettings:
    """An SSL configuration; aliases are empty where the product chooses."""

    alias: str
    keys: StorePlace
    trust: StorePlace
    server_alias: str
    client_alias: str
    asks_client: bool
    requires_client: bool


@dataclass(frozen=True)
class Selection:
    """An SSL configuration for connections to a host and a port, either of which may be `*`."""

    host: str
    port: str
    settings: SslSettings

    def fits(self, host: str, port: int) -> bool:
        """Whether it is for connections to there."""
        return self.host in ("*", host) and self.port in ("*", str(port))


class Security:
    """What `security.xml` says to the servers of a node. Raises ValueError for what is not there."""

    def __init__(self, config: Path, cell: str, node: str) -> None:
        self._root = ET.parse(config / "cells" / cell / "security.xml").getroot()
        by_id = {each.get(_ID, ""): each.get("scopeName", "") for each in self._root.iter("managementScopes")}
        # The closest first.
        self._wanted = (f"(cell):{cell}:(node):{node}", f"(cell):{cell}")
        self._scopes = {number: name for number, name in by_id.items() if name in self._wanted}

    def of_channel(self, server: Path) -> SslSettings:
        """For the TLS end point of a server's SIP, by its `server.xml`."""
        alias = sip_ssl_alias(server)
        return self.named(alias) if alias else self.of_group("inbound")

    def of_group(self, direction: str) -> SslSettings:
        """What the closest scope says of connections that come or go."""
        for each in self._closest("sslConfigGroups"):
            if each.get("direction") == direction:
                return self._by_id(each.get("sslConfig", ""))
        raise ValueError(f"no SSL configuration is set for {direction} connections")

    def named(self, alias: str) -> SslSettings:
        """An SSL configuration by its alias."""
        for each in self._closest("repertoire"):
            if each.get("alias") == alias:
                return self._settings(each)
        raise ValueError(f"there is no SSL configuration {alias}")

    def selections(self) -> Iterator[Selection]:
        """The SSL configurations that are chosen by where a connection goes to."""
        for each in self._closest("dynamicSSLConfigSelections"):
            for rule in each.get("dynamicSelectionInfo", "").split("|"):
                _protocol, host, port = [part.strip() for part in rule.split(",")]
                yield Selection(host, port, self._by_id(each.get("sslConfig", "")))

    def _closest(self, feature: str) -> list[ET.Element]:
        found = [each for each in self._root.iter(feature) if each.get("managementScope", "") in self._scopes]
        return sorted(found, key=lambda each: self._wanted.index(self._scopes[each.get("managementScope", "")]))

    def _by_id(self, number: str) -> SslSettings:
        for each in self._root.iter("repertoire"):
            if each.get(_ID) == number:
                return self._settings(each)
        raise ValueError(f"there is no SSL configuration with the id {number}")

    def _settings(self, config: ET.Element) -> SslSettings:
        inner = config.find("setting")
        if inner is None:
            raise ValueError(f"the SSL configuration {config.get('alias')} has no settings")
        return SslSettings(
            alias=config.get("alias", ""),
            keys=self._store(inner.get("keyStore", "")),
            trust=self._store(inner.get("trustStore", "")),
            server_alias=inner.get("serverKeyAlias", ""),
            client_alias=inner.get("clientKeyAlias", ""),
            asks_client=inner.get("clientAuthenticationSupported") == "true",
            requires_client=inner.get("clientAuthentication") == "true",
        )

    def _store(self, number: str) -> StorePlace:
        for each in self._root.iter("keyStores"):
            if each.get(_ID) == number:
                password = xor.decode(each.get("password", ""))
                return StorePlace(each.get("name", ""), each.get("location", ""), password)
        raise ValueError(f"there is no key store with the id {number}")


def sip_ssl_alias(server: Path) -> str:
    """The alias that the SSL channel of a server's SIP names; empty where the cell decides."""
    root = ET.parse(server).getroot()
    channels = {each.get(_ID, ""): each for each in root.iter("transportChannels")}
    for chain in root.iter("chains"):
        parts = [channels[name] for name in chain.get("transportChannels", "").split() if name in channels]
        kinds = [part.get(_TYPE, "").rpartition(":")[2] for part in parts]
        if "SSLInboundChannel" in kinds and kinds[-1] in ("SIPProxyInboundChannel", "SIPContainerInboundChannel"):
            return parts[kinds.index("SSLInboundChannel")].get("sslConfigAlias", "")
    return ""
