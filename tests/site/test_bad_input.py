"""A value that a product would refuse stops the job before its first change, with the variable named."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.site.conftest import Run, Site

BAD: dict[str, tuple[object, str]] = {
    "db2_response_keywords": ({"NO_SUCH_KEYWORD": "1"}, "NO_SUCH_KEYWORD"),
    "db2_licence": ("", "response file needs LIC_AGREEMENT = ACCEPT"),
    "itds_licence": ("", "does not accept the licence of IBM Tivoli Directory Server"),
    "gateway_database_name": ("SAMETIMEGW", "SAMETIMEGW"),
    "gateway_database_instance": ("db2inst9", "db2inst9"),
    "db2_instance": ("DB2Inst1", "DB2Inst1"),
    "db2_fenced_user": ("db2fenced1", "db2fenced1"),
    "itds_encryption_seed": ("tooshort", "12"),
    "vault_db2_instance_password": ("", "vault_db2_instance_password"),
    "gateway_licence": ("", "does not accept the licence of the Sametime Gateway"),
    "stgw_communities": ({"partner": {"port": 5060}}, "contradicts the NAT plan"),
    "domino_profile": ("no-such-file.pds", "no-such-file.pds is no file of the controller"),
    "stgw_firewall_zones": ({"inside": ["9.42.111.0/33"]}, "'9.42.111.0/33' is not a network"),
    "nat_router_outside_interface": ("", "not the name of an interface"),
}
"""What is wrong by variable, and what is said of it."""


# What the checks before the first change say of the router does not depend on the other hosts; one has to be there.
ROUTER = ("--limit", "natrouter,stgdm1")


@pytest.fixture(scope="module")
def refused(site: Site) -> Run:
    """The job with all of it at once."""
    return site.play(variables={variable: value for variable, (value, _) in BAD.items()})


def test_bad_values_stop_the_job_before_the_first_change(refused: Run) -> None:
    assert refused.rc == 2, refused.output
    assert refused.changed() == {}
    assert "PLAY [Databases]" not in refused.output


@pytest.mark.parametrize("variable", BAD)
def test_each_bad_value_is_told(refused: Run, variable: str) -> None:
    text = " ".join(refused.output.split())
    # The table of ports names what it was made of.
    assert variable.removeprefix("stgw_firewall_") in text
    assert BAD[variable][1] in text


def test_a_plan_that_does_not_work_stops_the_job(site: Site) -> None:
    run = site.play(variables={"stgw_nat_cell_fqdn": "other.rtp.example"})
    assert run.rc == 2, run.output
    assert run.changed() == {}
    assert "PLAY [Databases]" not in run.output
    text = " ".join(run.output.split())
    assert "error rtp_cluster NAT plan: property-name" in text, run.output
    assert "warning rtp_cluster NAT plan: name-illegal" in text, "all findings are told"


@pytest.fixture
def masquerade(site: Site) -> Iterator[None]:
    """A router that hides everybody behind its own address, as most do."""
    rules = "table ip others { chain post { type nat hook postrouting priority 100; oifname out0 masquerade; }; }"
    site.lab.ok("exec", "natrouter", "/bin/sh", "-c", f"echo '{rules}' | nft -f -")
    yield
    site.lab.ok("exec", "natrouter", "nft", "delete", "table", "ip", "others")


@pytest.mark.usefixtures("masquerade")
def test_a_router_with_a_rule_against_the_plan_stops_the_job(site: Site) -> None:
    run = site.play(*ROUTER)
    assert run.rc == 2, run.output
    assert run.changed() == {}
    assert "PLAY [Deployment managers]" not in run.output
    text = " ".join(run.output.split())
    assert "error natrouter nat_router" in text
    assert "masquerade" in text


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        pytest.param("ansible_port", "1", "Connection refused", id="no-answer"),
        pytest.param("ansible_connection", "no.such.plugin", "'no.such.plugin' was not", id="no-plugin"),
    ],
)
def test_a_router_that_cannot_be_asked_stops_the_job(
    site: Site, tmp_path: Path, variable: str, value: str, said: str
) -> None:
    """Without the collection that a Cisco needs on the controller, too."""
    (tmp_path / "host_vars").mkdir()
    (tmp_path / "host_vars/natrouter.yml").write_text(f"{variable}: {value}\n")
    (tmp_path / "hosts.yml").write_text("all: {hosts: {natrouter: {}}}\n")
    run = site.play("-i", str(tmp_path), *ROUTER)
    assert run.rc == 2, run.output
    assert run.changed() == {}
    assert "PLAY [Deployment managers]" not in run.output
    assert "error natrouter nat_router" in " ".join(run.output.split())
    assert said in run.output
