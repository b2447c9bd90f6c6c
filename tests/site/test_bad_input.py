"""A value that a product would refuse stops the job before its first change, with the variable named."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.site.conftest import Site


@pytest.mark.parametrize(
    ("hosts", "variable", "value", "said"),
    [
        pytest.param(
            "db2srv1", "db2_response_keywords", {"NO_SUCH_KEYWORD": "1"}, "NO_SUCH_KEYWORD", id="unknown-keyword"
        ),
        pytest.param("db2srv1", "db2_licence", "", "ACCEPT", id="db2-licence-missing"),
        pytest.param("ldapsrv1", "itds_licence", "", "ACCEPT", id="itds-licence-missing"),
        pytest.param("db2srv1", "gateway_database_name", "SAMETIMEGW", "SAMETIMEGW", id="database-name-too-long"),
        pytest.param("db2srv1", "gateway_database_instance", "db2inst9", "db2inst9", id="wrong-instance-owner"),
        pytest.param("db2srv1", "db2_instance", "DB2Inst1", "DB2Inst1", id="db2-user-not-in-lower-case"),
        pytest.param("db2srv1", "db2_fenced_user", "db2fenced1", "db2fenced1", id="db2-user-too-long"),
        pytest.param("ldapsrv1", "itds_version", "5.2", "5.2", id="unknown-version-of-the-directory"),
        pytest.param("ldapsrv1", "itds_encryption_seed", "tooshort", "12", id="seed-too-short"),
        pytest.param("db2srv1", "vault_db2_instance_password", "", "vault_db2_instance_password", id="secret-missing"),
        pytest.param("stgw2", "gateway_licence", "", "ACCEPT", id="gateway-licence-missing"),
        pytest.param(
            "db2srv1",
            "stgw_communities",
            {"partner": {"port": 5060}},
            "contradicts the NAT plan",
            id="community-elsewhere",
        ),
        pytest.param(
            "natrouter,stgdm1", "nat_router_outside_interface", "", "not the name of an interface", id="no-interface"
        ),
    ],
)
def test_a_bad_value_is_refused_before_the_first_change(
    site: Site, hosts: str, variable: str, value: object, said: str
) -> None:
    run = site.play("--limit", hosts, variables={variable: value})
    assert run.rc == 2, run.output
    assert run.changed() == {}
    text = " ".join(run.output.split())
    assert variable in text
    assert said in text


def test_all_bad_values_are_told_at_once(site: Site) -> None:
    run = site.play(variables={"db2_licence": "", "gateway_database_name": "SAMETIMEGW", "itds_version": "5.2"})
    assert run.rc == 2, run.output
    for variable in ("db2_licence", "gateway_database_name", "itds_version"):
        assert variable in run.output


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
    run = site.play()
    assert run.rc == 2, run.output
    assert run.changed() == {}
    assert "PLAY [Databases]" not in run.output
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
    run = site.play("-i", str(tmp_path))
    assert run.rc == 2, run.output
    assert run.changed() == {}
    assert "PLAY [Databases]" not in run.output
    assert "error natrouter nat_router" in " ".join(run.output.split())
    assert said in run.output
