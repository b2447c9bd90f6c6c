"""What a server's own documents say about SIP."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from lab.sip.address import Transport

_TYPE = "{http://www.omg.org/XMI}type"
_ID = "{http://www.omg.org/XMI}id"
TRANSPORTS: tuple[Transport, ...] = ("udp", "tcp", "tls")
_ACTED_ON = {"retryAfterValue", *(f"{each}.IPSprayer.{part}" for each in TRANSPORTS for part in ("host", "port"))}
_RETRY_AFTER_S = "5"
_ACCESS_LOG_MB = "20"


@dataclass(frozen=True)
class ProxySettings:
    """A `SIPProxySettings`. `sprayers` has host and port (0: none) of those that count, `without_effect` the names of
    custom properties that nothing here acts on."""

    default_cluster: str
    sprayers: Mapping[Transport, tuple[str, int]]
    retry_after_s: int
    access_log: bool
    access_log_mb: int
    without_effect: tuple[str, ...]


def proxy_settings(document: str) -> ProxySettings:
    """From the text of `proxy-settings.xml`. Raises ValueError when there are none in it, or wrong ones."""
    try:
        root = ET.fromstring(document)
    except ET.ParseError as error:
        raise ValueError(f"proxy-settings.xml: {error}") from None
    # The root is the object itself, or `xmi:XMI` around it where HTTP is served too.
    settings = next((each for each in root.iter() if each.tag.endswith("}SIPProxySettings")), None)
    if settings is None:
        raise ValueError("proxy-settings.xml has no SIPProxySettings")
    custom = {each.get("name", ""): each.get("value", "") for each in settings.findall("properties")}

    def number(name: str, otherwise: str) -> int:
        value = custom.get(name) or settings.get(name) or otherwise
        if not value.isdigit():
            raise ValueError(f"{name} of the SIP proxy settings is no number: {value}")
        return int(value)

    sprayers = {each: _sprayer(settings.find(f"{each}Sprayer"), custom, each) for each in TRANSPORTS}
    return ProxySettings(
        default_cluster=settings.get("defaultClusterName", ""),
        sprayers={transport: sprayer for transport, sprayer in sprayers.items() if sprayer},
        retry_after_s=number("retryAfterValue", _RETRY_AFTER_S),
        access_log=settings.get("enableAccessLog") == "true",
        access_log_mb=number("accessLogMaximumSize", _ACCESS_LOG_MB),
        without_effect=tuple(sorted(custom.keys() - _ACTED_ON)),
    )


def _sprayer(element: ET.Element | None, custom: Mapping[str, str], transport: Transport) -> tuple[str, int] | None:
    """Host and port; a custom property wins over what the console shows, whether that is enabled or not."""
    on = element is not None and element.get("isEnabled") == "true"
    shown = element.attrib if element is not None and on else {}
    host = custom.get(f"{transport}.IPSprayer.host") or shown.get("host", "")
    port = custom.get(f"{transport}.IPSprayer.port") or shown.get("port", "") or "0"
    if not port.isdigit() or int(port) > 65535:
        raise ValueError(f"the port of the {transport} sprayer is none: {port}")
    return (host, int(port)) if host else None


def chains(document: Path) -> dict[Transport, str]:
    """The end points of the enabled chains of `server.xml` that end at a SIP proxy or a SIP container."""
    root = ET.parse(document).getroot()
    channels = {each.get(_ID, ""): each for each in root.iter("transportChannels")}
    found: dict[Transport, str] = {}
    for chain in root.iter("chains"):
        parts = [channels[name] for name in chain.get("transportChannels", "").split() if name in channels]
        kinds = [part.get(_TYPE, "").rpartition(":")[2] for part in parts]
        if not kinds or chain.get("enable") == "false":
            continue
        if kinds[-1] in ("SIPProxyInboundChannel", "SIPContainerInboundChannel"):
            transport: Transport = "udp" if kinds[0] == "UDPInboundChannel" else "tcp"
            if "SSLInboundChannel" in kinds:
                transport = "tls"
            found.setdefault(transport, parts[0].get("endPointName", ""))
    return found


def cluster_name(document: Path) -> str:
    """The cluster that a server is a member of, by its `server.xml`; empty for none."""
    return ET.parse(document).getroot().get("clusterName", "")
