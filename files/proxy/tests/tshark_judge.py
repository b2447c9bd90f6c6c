# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""SIP messages of a capture, as Wireshark reads them."""

from __future__ import annotations

import re
import subprocess
import xml.etree.ElementTree as ET
from collections import Counter
from pathlib import Path
from typing import Dict, List, NamedTuple, Optional

from sipp_arena import OUTBOUND, PARTNER, PUBLIC

_WARNING = 0x0060_0000  # Wireshark's severities, below error
_MANDATORY = ("Via", "From", "To", "Call-ID", "CSeq")
_PRIVATE = re.compile(r"9\.42\.111\.\d|IBM-PO")


class Seen(NamedTuple):
    """One message; `faults` are what Wireshark finds wrong with it, `private` what of it may not be outside."""

    source: str
    destination: str
    what: str  # method or status code
    branch: str  # of the first Via
    cseq: str
    faults: List[str]
    private: List[str]


def expect(capture: Path, messages: Dict[str, int], keys: Optional[Path] = None) -> None:
    """Well-formed SIP, each message as often as said, and neither in it nor around it an address of the inside.

    `keys` is the key log of a capture of TLS.
    """
    seen = judged(capture, keys)
    assert not [message for message in seen if message.faults or message.private], seen
    # A repetition, of a slow machine, is the same message.
    once = {(message.what, message.branch, message.cseq) for message in seen}
    assert Counter(what for what, _, _ in once) == Counter(messages), seen
    for message in seen:
        assert {message.source, message.destination} <= {PARTNER, PUBLIC, OUTBOUND}
    raw = capture.read_bytes()
    assert (b"SIP/2.0" in raw) == (keys is None)
    assert not _PRIVATE.search(raw.decode("latin-1"))


def judged(capture: Path, keys: Optional[Path] = None) -> List[Seen]:
    """Every SIP message of a pcap file, of streams after reassembly."""
    # ICMP tells of a message that it could not deliver by quoting it.
    argv = ["tshark", "-n", "-r", str(capture), "-Y", "(sip or _ws.malformed) and not icmp", "-T", "pdml"]
    if keys is not None:
        argv += ["-o", f"tls.keylog_file:{keys}"]
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
            broken + _faults(proto) + _missing(proto),
            _private(proto),
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


def _missing(proto: ET.Element) -> List[str]:
    """What RFC 3261, 8.1.1, wants and Wireshark does not miss."""
    method = _first(proto, "sip.Method")
    wanted = [*_MANDATORY, "Max-Forwards"] if method else _MANDATORY
    faults = [f"no {name}" for name in wanted if not _first(proto, f"sip.{name}")]
    said = _first(proto, "sip.CSeq.method")
    return [*faults, f"CSeq says {said}"] if method and said != method else faults


def _private(proto: ET.Element) -> List[str]:
    texts = (field.get("show", "") for field in proto.iter("field"))
    return [text for text in texts if _PRIVATE.search(text)]


def _first(element: ET.Element, name: str) -> str:
    return next((field.get("show", "") for field in element.iter("field") if field.get("name") == name), "")
