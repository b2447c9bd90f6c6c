"""How a deployed scenario is connected to its partner, changed as an operator would: by the inventory."""

from __future__ import annotations

import shutil
from pathlib import Path

from certificates import Authority

from tests.lab import gateway_cell
from tests.lab.conftest import Lab

# As the inventory of TLS has it.
_FOLDER = "etc/sipnat-call"


def inventories(way: str) -> list[str]:
    """The inventories of a way to have the scenario: tcp, udp or tls, or was_only: UDP without the SIP NAT proxy."""
    return ["inventories/rtp"] if way == "tcp" else ["inventories/rtp", f"tests/inventories/{way}"]


def change(lab: Lab, way: str) -> None:
    """Have the NAT plan, the router, the SIP NAT proxy, the cell and the communities of both sites say so."""
    where = [word for inventory in (*inventories(way), str(lab.settings.overlay)) for word in ("-i", inventory)]
    stages = ["playbooks/nat.yml", "playbooks/communities.yml"]
    played = gateway_cell.ansible_playbook(lab, *stages, *where, "--limit", "!ldap_servers")
    assert played.rc == 0, played.shown


def partner_gateway(lab: Lab, state: str) -> None:
    """Have the gateway of the partner `stopped` or `started`."""
    playbook = str(Path(__file__).with_name("partner_gateway.yml"))
    where = ["-i", "inventories/rtp", "-i", str(lab.settings.overlay)]
    played = gateway_cell.ansible_playbook(lab, playbook, *where, "-e", f"test_state={state}")
    assert played.rc == 0, played.shown


def certify(folder: Path) -> Path:
    """Certificates of one authority for the SIP NAT proxy and for the partner: a folder."""
    authority = Authority(folder)
    authority.issue("rtp_nat.ibm.com", file="public")
    partner = authority.issue("stgw2.partner.example", "9.42.124.60")
    (folder / "partner.pem").write_text("".join(Path(file).read_text() for file in partner))
    return folder


def give_certificates(lab: Lab, folder: Path) -> None:
    """The SIP NAT proxy has its own of them."""
    place = lab.settings.hosts / "sipproxy1/disk" / _FOLDER
    place.mkdir(exist_ok=True)
    # The account of the proxy reads them.
    for source, name in (("public.crt", "public.crt"), ("public.key", "public.key"), ("authority.pem", "ca.crt")):
        shutil.copy(folder / source, place / name)
        (place / name).chmod(0o644)
