# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""SIP messages of a capture, as Wireshark reads them."""

from __future__ import annotations

import subprocess
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import List, NamedTuple

_WARNING = 0x0060_0000  # Wireshark's severities, below error


class Seen(NamedTuple):
    """One message; `faults` are what Wireshark finds wrong with it."""

    source: str
    destination: str
    what: str  # method or status code
    branch: str  # of the first Via
    cseq: str
    faults: List[str]


def judged(capture: Path) -> List[Seen]:
    """Every SIP message of a pcap file, of TCP after reassembly."""
    argv = ["tshark", "-n", "-r", str(capture), "-Y", "sip or _ws.malformed", "-T", "pdml"]
    text = subprocess.run(argv, capture_output=True, check=True).stdout
    return [seen for packet in ET.fromstring(text).iter("packet") for seen in _messages(packet)]


def _messages(packet: ET.Element) -> List[Seen]:
    source, destination = _first(packet, "ip.src"), _first(packet, "ip.dst")
    broken = ["malformed" for proto in packet.iter("proto") if proto.get("name") == "_ws.malformed"]
    return [
        Seen(
            source,
            destination,
            _first(proto, "sip.Method") or _first(proto, "sip.Status-Code"),
            _first(proto, "sip.Via.branch"),
            _first(proto, "sip.CSeq"),
            broken + _faults(proto),
        )
        for proto in packet.findall("proto")
        if proto.get("name") == "sip"
    ]


def _faults(proto: ET.Element) -> List[str]:
    return [
        field.get("showname", "")
        for field in proto.iter("field")
        if field.get("name") == "_ws.expert" and int(_first(field, "_ws.expert.severity") or "0", 0) >= _WARNING
    ]


def _first(element: ET.Element, name: str) -> str:
    return next((field.get("show", "") for field in element.iter("field") if field.get("name") == name), "")
