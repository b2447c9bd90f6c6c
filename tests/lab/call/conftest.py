"""The scenario, deployed on a lab of its own, for all tests of this folder."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.lab import gateway_cell
from tests.lab.call.community import BOB
from tests.lab.call.people import Person
from tests.lab.call.transports import certify, change, give_certificates, inventories, partner_gateway
from tests.lab.conftest import Lab, new_lab

_CHANGED = pytest.StashKey[bool]()

# The scenario is installed over UDP, which most of the tests need.
_FIRST = "udp"
_STAGES = [
    "playbooks/databases.yml",
    "playbooks/directories.yml",
    "playbooks/community_servers.yml",
    "playbooks/deployment_manager.yml",
    "playbooks/nodes.yml",
    "playbooks/cluster.yml",
    "playbooks/sip_proxy.yml",
    "playbooks/xmpp_proxy.yml",
    "playbooks/nat.yml",
    str(Path(__file__).with_name("certificates.yml")),
    "playbooks/start.yml",
    "playbooks/communities.yml",
    "playbooks/standalone.yml",
]


@pytest.fixture(scope="package")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of `certify`."""
    return certify(tmp_path_factory.mktemp("certificates"))


@pytest.fixture(scope="package")
def scenario(certificates: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """The lab, up, with everything that two communities need to talk."""
    lab = new_lab(tmp_path_factory.mktemp("call"))
    lab.ok("up")
    where = [word for inventory in (*inventories(_FIRST), str(lab.settings.overlay)) for word in ("-i", inventory)]
    trusted = {"alias": "authority", "certificate": (certificates / "authority.pem").read_text()}
    # Whom WebSphere asks for its administrators makes no difference to a call.
    known = ["-e", json.dumps({"ssl_partner_signers": [trusted], "ldap_security_host": ""})]
    played = gateway_cell.ansible_playbook(lab, *_STAGES, *where, *known, within_s=1200)
    assert played.rc == 0, played.shown
    give_certificates(lab, certificates)
    yield lab
    lab("clean")


@pytest.fixture(scope="package")
def deployed(request: pytest.FixtureRequest, scenario: Lab) -> str:
    """The way (`inventories`) in which the scenario is connected; pytest puts the tests of one way together."""
    way: str = request.param
    if way != _FIRST or request.config.stash.get(_CHANGED, False):
        request.config.stash[_CHANGED] = True
        change(scenario, way)
    return way


@pytest.fixture(scope="module")
def place(scenario: Lab) -> Iterator[None]:
    """The partner's gateway is away."""
    partner_gateway(scenario, "stopped")
    yield
    partner_gateway(scenario, "started")


@pytest.fixture
def alice(scenario: Lab) -> Person:
    """Of rtp.example, online and without a chat when a test begins."""
    person = Person(scenario, "alice@rtp.example")
    assert person.does("set", "online").worked
    for ended in ("close", "forget"):
        person.does(ended, BOB)
    return person
