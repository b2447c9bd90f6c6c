"""A value that a product would refuse stops the job before its first change, with the variable named."""

from __future__ import annotations

import pytest

from tests.site.conftest import Site


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        pytest.param("db2_response_keywords", {"NO_SUCH_KEYWORD": "1"}, "NO_SUCH_KEYWORD", id="unknown-keyword"),
        pytest.param("db2_licence", "", "ACCEPT", id="db2-licence-missing"),
        pytest.param("itds_licence", "", "ACCEPT", id="itds-licence-missing"),
        pytest.param("gateway_database_name", "SAMETIMEGW", "SAMETIMEGW", id="database-name-too-long"),
        pytest.param("gateway_database_instance", "db2inst9", "db2inst9", id="wrong-instance-owner"),
        pytest.param("db2_instance", "DB2Inst1", "DB2Inst1", id="db2-user-not-in-lower-case"),
        pytest.param("db2_fenced_user", "db2fenced1", "db2fenced1", id="db2-user-too-long"),
        pytest.param("itds_version", "5.2", "5.2", id="unknown-version-of-the-directory"),
        pytest.param("itds_encryption_seed", "tooshort", "12", id="seed-too-short"),
        pytest.param("vault_db2_instance_password", "", "vault_db2_instance_password", id="secret-missing"),
    ],
)
def test_a_bad_value_is_refused_before_the_first_change(site: Site, variable: str, value: object, said: str) -> None:
    run = site.play(variables={variable: value})
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
