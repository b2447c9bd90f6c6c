"""What stands in the way of a cell: one clear error that says what to do, and after the cure the job goes on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tests.site.conftest import Run, Site

pytestmark = pytest.mark.long

# A cell without proxies has all the trouble there is, but nobody to talk with.
HOSTS = "db2srv1,stgdm1,stgpn1,stgsn1"
# There is nothing but this cell: no proxies, no directory, nobody to connect to.
VARIABLES: dict[str, Any] = {
    "stgw_cell_proxies": [],
    "stgw_directory_host": "",
    "firewall_ports_connect": False,
    "stgw_verify_concerned": False,
}
# The checks before the first change report for all hosts on the first one.
ONE_FINDING = ("1 finding(s) on 1 host(s) have to be cured first; nothing was changed",)
WRONG = {"vault_was_admin_password": "wrong"}
BIN = "/usr/IBM/WebSphere/STgateway/profiles/RTCGW_Profile/bin"


def play(site: Site, stage: str = "", limit: str = HOSTS, **variables: Any) -> Run:
    playbook = f"playbooks/{stage}.yml" if stage else "site.yml"
    return site.play("--diff", "--limit", limit, playbook=playbook, variables={**VARIABLES, **variables})


def stopped(run: Run, host: str, *said: str) -> None:
    """The run ended with one error, on that host, which says all of that."""
    assert run.rc == 2, run.output
    assert {name: counts["failed"] for name, counts in run.recap.items() if counts["failed"]} == {host: 1}, run.output
    text = " ".join(run.output.split())
    for each in said:
        assert each in text, run.output


def well(run: Run) -> Run:
    assert run.rc == 0, run.output
    return run


@contextmanager
def nameless(site: Site, host: str, name: str) -> Iterator[None]:
    """The host does not find another one's name."""
    before = site.lab.ok("exec", host, "cat", "/etc/hosts")
    without = "\n".join(line for line in before.splitlines() if name not in line)

    def write(text: str) -> None:
        site.lab.ok("exec", host, "/bin/sh", "-c", f"printf '%s\\n' '{text}' > /etc/hosts")

    write(without)
    try:
        yield
    finally:
        write(before.rstrip("\n"))


@contextmanager
def off(site: Site, host: str) -> Iterator[None]:
    """The clock of the host is six minutes ahead."""
    site.lab.ok("clock", host, "360")
    try:
        yield
    finally:
        site.lab.ok("clock", host, "0")


@contextmanager
def manager_down(site: Site) -> Iterator[None]:
    """The deployment manager does not run."""
    password = site.secrets()["vault_was_admin_password"]
    credentials = ("-username", "wasadmin", "-password", password)
    site.lab.ok("exec", "stgdm1", f"{BIN}/stopManager.sh", *credentials)
    try:
        yield
    finally:
        site.lab.ok("exec", "stgdm1", f"{BIN}/startManager.sh")


def test_the_job_does_not_begin_where_a_name_is_not_known(site: Site) -> None:
    with nameless(site, "stgpn1", "stgdm1"):
        run = play(site)
    stopped(run, "stgdm1", *ONE_FINDING, "error stgpn1 name resolution unknown: stgdm1.rtp.example", "add them to DNS")
    assert run.changed() == {}


def test_the_job_does_not_begin_where_a_clock_is_off(site: Site) -> None:
    with off(site, "stgsn1"):
        run = play(site)
    stopped(
        run, "stgdm1", *ONE_FINDING, "error stgsn1 clock +3", "s against the others", "synchronise the clocks of all"
    )
    assert run.changed() == {}


def test_a_full_disk(site: Site) -> None:
    site.lab.ok("fail", "stgsn1", "gateway:install", "disk-full")
    stopped(play(site), "stgsn1", "not enough disk space")


def test_a_name_that_is_lost_after_the_checks(site: Site) -> None:
    with nameless(site, "stgsn1", "stgdm1"):
        run = play(site, "nodes", "stgsn1")
    stopped(
        run,
        "stgsn1",
        "dmgr_host, dmgr_port: no deployment manager answers at stgdm1.rtp.example:8879",
        "does this host find its name?",
    )


def test_a_clock_that_goes_off_after_the_checks(site: Site) -> None:
    with off(site, "stgsn1"):
        run = play(site, "nodes", "stgsn1")
    stopped(
        run, "stgsn1", "the clocks of this host and of stgdm1.rtp.example are more than five minutes apart; set them"
    )


def test_a_wrong_port(site: Site) -> None:
    run = play(site, "nodes", "stgsn1", gateway_dmgr_port=8888)
    stopped(
        run, "stgsn1", "dmgr_host, dmgr_port: no deployment manager answers at stgdm1.rtp.example:8888", "SOAP port"
    )


def test_a_wrong_password(site: Site) -> None:
    run = play(site, "nodes", "stgsn1", **WRONG)
    stopped(
        run, "stgsn1", "user, password: stgdm1.rtp.example:8879 refuses them; they must be those of an administrator"
    )


def test_a_deployment_manager_that_is_down(site: Site) -> None:
    with manager_down(site):
        run = play(site, "nodes", "stgsn1")
    stopped(run, "stgsn1", "no deployment manager answers at stgdm1.rtp.example:8879; is it started")


@pytest.fixture(scope="module")
def healed(site: Site) -> Site:
    """After the cure of all that, the same stage goes on."""
    assert set(well(play(site, "nodes", "stgpn1,stgsn1")).changed()) == {"stgpn1", "stgsn1"}
    return site


def test_the_cell_is_not_configured_with_a_wrong_password(healed: Site) -> None:
    run = play(healed, "cluster", "stgdm1", **WRONG)
    stopped(run, "stgdm1", "user, password: localhost:8879 refuses wasadmin; give an administrator of the cell")
    assert run.changed() == {}


def test_the_cell_is_not_configured_without_its_manager(healed: Site) -> None:
    with manager_down(healed):
        run = play(healed, "cluster", "stgdm1")
    stopped(run, "stgdm1", "no deployment manager answers at localhost:8879; start it (sametime.gateway.was_server)")
    assert run.changed() == {}


def test_the_job_goes_on_and_comes_to_its_end(healed: Site) -> None:
    run = well(play(healed))
    # The database gets the communities.
    assert set(run.changed()) == {"db2srv1", "stgdm1", "stgpn1", "stgsn1"}
    again = well(play(healed))
    assert again.changed() == {}
    password = healed.secrets()["vault_was_admin_password"]
    assert password not in run.output + again.output


def test_a_member_whose_agent_missed_a_change(healed: Site) -> None:
    healed.lab.ok("exec", "stgsn1", f"{BIN}/stopNode.sh", "-username", "wasadmin", "-password",
                  healed.secrets()["vault_was_admin_password"])  # fmt: skip
    variables: dict[str, Any] = {"gateway_cluster_cell_properties": {"stgw.test": "for all"}}
    well(play(healed, "cluster", "stgdm1", **variables))
    document = f"{BIN}/../config/cells/rtpCell/cell.xml"
    assert "for all" not in healed.lab.ok("exec", "stgsn1", "cat", document)
    well(play(healed, **variables))
    assert "for all" in healed.lab.ok("exec", "stgsn1", "cat", document)
    assert well(play(healed, **variables)).changed() == {}
