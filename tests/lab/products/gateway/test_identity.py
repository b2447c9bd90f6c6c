"""What a gateway calls itself, and what it takes for itself."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from lab.products.gateway.application.identity import Identity, cell_property
from lab.products.gateway.application.refusal import Refused
from lab.products.was.sip.interfaces import Interface
from lab.sip.address import Transport

NAMES = {"rtp_nat.ibm.com": "9.42.124.45", "rtp_natpool1.ibm.com": "9.42.124.46", "stgpn1.rtp.example": "9.42.111.2"}
SPRAYER = Interface("tcp", "rtp_natpool1.ibm.com", 5060)
OWN = Interface("tcp", "stgpn1.rtp.example", 5060)


@dataclass
class Network:
    """A container; `tcp` is where others reach it."""

    tcp: Interface | None
    address: str = "9.42.111.2"
    host: str = "stgpn1.rtp.example"

    def interface(self, transport: Transport) -> Interface | None:
        return self.tcp if transport == "tcp" else None


def identity(interface: Interface | None, fqdn: str = "") -> Identity:
    return Identity(Network(interface), fqdn, NAMES.get)


@pytest.mark.parametrize(
    ("interface", "fqdn", "contact", "media"),
    [
        (SPRAYER, "rtp_nat.ibm.com", "<sip:rtp_nat.ibm.com:5060;transport=tcp>", "9.42.124.45"),
        (SPRAYER, "", "<sip:rtp_natpool1.ibm.com:5060;transport=tcp>", "9.42.111.2"),
        (OWN, "", "<sip:stgpn1.rtp.example:5060;transport=tcp>", "9.42.111.2"),
        # A name that nobody knows still goes into Contact; a session description has addresses only.
        (SPRAYER, "nowhere.ibm.com", "<sip:nowhere.ibm.com:5060;transport=tcp>", "9.42.111.2"),
    ],
)
def test_contact_and_media_address(interface: Interface, fqdn: str, contact: str, media: str) -> None:
    found = identity(interface, fqdn)
    assert found.contact("tcp") == contact
    assert found.media_address == media


def test_without_a_sip_proxy_nobody_can_be_told_where_to_answer() -> None:
    with pytest.raises(Refused, match="no SIP proxy has told this server of an outbound interface for tcp") as refused:
        identity(None).contact("tcp")
    assert refused.value.status == 503
    with pytest.raises(Refused, match="for tls"):
        identity(SPRAYER).contact("tls")


@pytest.mark.parametrize(
    ("host", "own"),
    [
        ("rtp_nat.ibm.com", True),
        ("RTP_NAT.ibm.com", True),
        ("9.42.124.45", True),
        ("rtp_natpool1.ibm.com", True),
        ("9.42.124.46", True),
        ("9.42.111.2", True),
        ("stgpn1.rtp.example", True),
        ("9.42.111.5", True),
        ("9.42.111.3", False),
        ("stgw2.partner.example", False),
        ("", False),
    ],
)
def test_what_is_the_gateway_itself(host: str, own: bool) -> None:
    assert identity(SPRAYER, "rtp_nat.ibm.com").is_self(host, peer="9.42.111.5") is own


def test_the_public_name_means_nothing_without_the_property() -> None:
    assert not identity(SPRAYER).is_self("rtp_nat.ibm.com", peer="9.42.111.5")


def test_call_ids_differ() -> None:
    found = identity(OWN)
    first, second = found.call_id(), found.call_id()
    assert first != second
    assert first.endswith("@9.42.111.2")


def test_the_cells_property(tmp_path: Path) -> None:
    cell = tmp_path / "cells/C/cell.xml"
    cell.parent.mkdir(parents=True)
    cell.write_text(
        '<topology.cell:Cell xmlns:topology.cell="x" name="C"><properties name="other" value="1"/>'
        '<properties name="com.ibm.sametime.gateway.fqdn" value="rtp_nat.ibm.com "/></topology.cell:Cell>'
    )
    assert cell_property(tmp_path, "C") == "rtp_nat.ibm.com"
    cell.write_text('<Cell name="C"/>')
    assert cell_property(tmp_path, "C") == ""
