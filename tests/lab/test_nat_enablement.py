"""`playbooks/nat.yml` on a cell that somebody made by hand: what it changes, what it restarts, what it leaves alone."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType

import pytest

from tests.lab.conftest import Lab, new_lab
from tests.lab.gateway_cell import Played, ansible_playbook, launches, secrets

pytestmark = pytest.mark.long

Variables = Mapping[str, object]

PROFILE = "/usr/IBM/WebSphere/AppServer/profiles/Custom"
PROPERTY = "com.ibm.sametime.gateway.fqdn"
CELL = {
    "stgdm1": ["dmgr"],
    "stgpn1": ["nodeagent", "Member"],
    "stgsn1": ["nodeagent", "Member2"],
    "sipproxy1": ["nodeagent", "EdgeProxy"],
}
SERVERS = [(host, server) for host, servers in CELL.items() for server in servers]
TLS: Variables = {
    "stgw_nat_transport": "tls",
    "stgw_nat_proxy_ports": {"tls": 5062},
    "stgw_nat_sprayers": [{"transport": "tls", "host": "rtp_natpool1.ibm.com", "port": 5061}],
    "stgw_nat_certificate": {"common_name": "rtp_nat.ibm.com"},
}
PARTNER_TLS: Variables = {
    "stgw_nat_transport": "tls",
    "stgw_nat_certificate": {"common_name": "stgw2.partner.example"},
}
INBOUND = {
    "name": "rtp_nat.ibm.com", "protocol": "tcp", "public_address": "9.42.124.45", "public_port": 5062,
    "private_address": "9.42.111.5", "private_port": 5062,
}  # fmt: skip
OUTBOUND = {"name": "rtp_natpool1.ibm.com", "private_address": "9.42.111.5", "public_address": "9.42.124.46"}

# What a look at a host leaves behind, and what WebSphere itself writes while it works.
_TRACES = re.compile(
    r"var/adm/(sshd\.log|wtmp|sulog|stgw)|var/(log|run)/|etc/utmp|\.lock$|(^|/)state/|/disk/(tmp|\.lab)/|/profiles/Custom/(logs|temp|tranlog|wstemp)/"
)


def nat(
    lab: Lab,
    *arguments: str,
    playbook: str = "playbooks/nat.yml",
    cluster: Variables = MappingProxyType({}),
    partner: Variables = MappingProxyType({}),
    silent: str = "",
) -> Played:
    """A run of the stage on the cell that was made by hand, with other variables of the sites; `silent` is a host that
    does not answer."""
    sites = Path(lab.environment["LAB_STATE"]).with_name("sites")
    shutil.rmtree(sites, ignore_errors=True)
    for folder in ("group_vars", "host_vars"):
        (sites / folder).mkdir(parents=True)
    (sites / "hosts.yml").write_text("---\nrtp_cluster:\nrtp_partner:\n")
    for site, variables in (("rtp_cluster", cluster), ("rtp_partner", partner)):
        (sites / f"group_vars/{site}.json").write_text(json.dumps(dict(variables)))
    if silent:
        (sites / f"host_vars/{silent}.json").write_text('{"ansible_port": 1}')
    argv = [playbook, "--diff", *arguments]
    for inventory in ("inventories/rtp", "tests/inventories/hand_made_cell", str(lab.settings.overlay), str(sites)):
        argv += ["-i", inventory]
    return ansible_playbook(lab, *argv)


def well(played: Played) -> Played:
    assert played.rc == 0, played.shown
    return played


@pytest.fixture(scope="module")
def hand(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """A lab with such a cell, whose servers run."""
    lab = new_lab(tmp_path_factory.mktemp("hand"))
    lab.ok("up")
    well(nat(lab, playbook="tests/lab/nat_enablement/cell.yml"))
    yield lab
    lab("clean")


# -- looking at it -----------------------------------------------------------------------------------------------------
def fingerprints(lab: Lab) -> dict[str, str]:
    """Every file on the disks of all hosts, the router's too."""
    root = lab.settings.hosts
    files = [path for path in root.rglob("*") if not path.is_symlink() and path.is_file()]
    names = {path: str(path.relative_to(root)) for path in files}
    return {
        name: hashlib.sha256(path.read_bytes()).hexdigest() for path, name in names.items() if not _TRACES.search(name)
    }


def differing(before: Mapping[str, str], after: Mapping[str, str]) -> set[str]:
    return {name for name in {**before, **after} if before.get(name) != after.get(name)}


def documents(lab: Lab) -> tuple[str, str]:
    """Of the deployment manager: that of the cell, and that of the SIP proxy's settings."""
    cell = f"{PROFILE}/config/cells/handCell"
    settings = f"{cell}/nodes/sipproxy1Hand/servers/EdgeProxy/proxy-settings.xml"
    return lab.ok("exec", "stgdm1", "cat", f"{cell}/cell.xml"), lab.ok("exec", "stgdm1", "cat", settings)


def sprayers(lab: Lab) -> dict[str, tuple[str, str, str]]:
    """By transport: whether it is on, its host and its port."""
    found = {}
    for transport, attributes in re.findall(r"<(\w+)Sprayer ([^>]*)>", documents(lab)[1]):
        values = dict(re.findall(r'(\w+)="([^"]*)"', attributes))
        found[transport] = (values.get("isEnabled", "false"), values.get("host", ""), values.get("port", ""))
    return found


def logs(lab: Lab, host: str, server: str) -> Path:
    return lab.settings.hosts / f"{host}/disk{PROFILE}/logs/{server}"


def pids(lab: Lab) -> dict[tuple[str, str], str]:
    """Of the servers that run."""
    files = {(host, name): logs(lab, host, name) / f"{name}.pid" for host, name in SERVERS}
    return {server: file.read_text() for server, file in files.items() if file.exists()}


def restarts(lab: Lab, before: Mapping[tuple[str, str], str]) -> list[tuple[str, str]]:
    """The servers that were restarted since, in the order of their starts."""
    changed = [server for server, pid in pids(lab).items() if before[server] != pid]
    return sorted(changed, key=lambda server: moment(lab, server[0], server[1], "start"))


def stop(lab: Lab, host: str, server: str) -> None:
    """As a person, or a run that is broken off then, does."""
    credentials = ("-username", "wasadmin", "-password", secrets(lab)["vault_was_admin_password"])
    lab.ok("exec", host, f"{PROFILE}/bin/stopServer.sh", server, *credentials)


def moment(lab: Lab, host: str, server: str, what: str) -> datetime:
    """When the product's own program began to stop the server last, or had started it."""
    line = {"start": r"ADMU3000I", "stop": r"ADMU3100I"}[what]
    text = (logs(lab, host, server) / f"{what}Server.log").read_text("utf-8", "replace")
    stamp = re.findall(rf"^\[([^\]]*) UTC\] .*{line}", text, re.MULTILINE)[-1]
    return datetime.strptime(stamp, "%m/%d/%y %H:%M:%S:%f")


# -- the tests, in the order of a cell's life --------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("variables", "found"),
    [
        ({"stgw_nat_router": {"inbound": [{**INBOUND, "private_address": "9.42.111.9"}], "outbound": [OUTBOUND]}},
         ["error inbound-target at rtp_cluster"]),
        ({"stgw_nat_router": {"inbound": [INBOUND], "outbound": [OUTBOUND | {"overload": True}], "sip_alg": True}},
         ["error pat at rtp_cluster", "error sip-alg at rtp_cluster"]),
        ({"stgw_nat_router": {"inbound": [INBOUND | {"name": "unknown.rtp.example"}], "outbound": [OUTBOUND]},
          "stgw_nat_cell_fqdn": "unknown.rtp.example"}, ["error name-unresolved at rtp_cluster"]),
        ({"stgw_nat_transport": "sctp"}, ["transport: 'sctp' is unknown"]),
    ],
    ids=["inbound rule to nobody", "two errors at once", "name that nobody knows", "no plan at all"],
)  # fmt: skip
def test_a_wrong_plan_changes_nothing_on_any_host(hand: Lab, variables: Variables, found: list[str]) -> None:
    before = fingerprints(hand)
    played = nat(hand, cluster=variables)
    assert played.rc == 2, played.shown
    assert [each for each in found if each not in played.said] == [], played.shown
    assert "PLAY [NAT, router]" not in played.shown
    assert differing(before, fingerprints(hand)) == set()


def test_nothing_is_changed_when_a_host_of_the_cell_does_not_answer(hand: Lab) -> None:
    before = fingerprints(hand)
    played = nat(hand, silent="sipproxy1")
    assert played.rc != 0, played.shown
    assert "PLAY [NAT, router]" not in played.shown
    assert differing(before, fingerprints(hand)) == set()


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        pytest.param({"gateway_profile_path": "/usr/IBM/Other"}, "there is no profile in /usr/IBM/Other", id="profile"),
        pytest.param({"sip_proxy_server": "NoProxy"}, "NoProxy", id="server"),
    ],
)
def test_a_cell_that_is_another_changes_nothing_on_any_host(hand: Lab, variables: Variables, said: str) -> None:
    before = fingerprints(hand)
    broke = nat(hand, "-e", json.dumps(dict(variables)))
    assert broke.rc == 2, broke.shown
    assert said in broke.said, broke.shown
    assert "PLAY [NAT, router]" not in broke.shown
    assert differing(before, fingerprints(hand)) == set()


def test_a_dry_run_shows_both_changes_and_does_none(hand: Lab) -> None:
    before, running = fingerprints(hand), pids(hand)
    played = well(nat(hand, "--check"))
    sprayer = "/Cell:handCell/Node:sipproxy1Hand/Server:EdgeProxy/SIPProxySettings:/tcpSprayer"
    for lines in (
        f"--- before: {sprayer} +++ after: {sprayer}",
        "-isEnabled: 'false' -port: '' +host: rtp_natpool1.ibm.com +isEnabled: 'true' +port: '5060'",
        f"+++ after: /Cell:handCell/properties(name={PROPERTY})",
        f"+name: {PROPERTY} +value: rtp_nat.ibm.com",
    ):
        assert lines in played.said, played.shown
    assert differing(before, fingerprints(hand)) == set()
    assert pids(hand) == running


def test_the_first_run_changes_both_in_one_launch(hand: Lab) -> None:
    before, running, launched = fingerprints(hand), pids(hand), launches(hand)
    played = well(nat(hand))
    assert launches(hand) - launched == 1
    assert "wsadmin launches in all: 1" in played.said
    assert played.said.count("name-illegal") == 2, "warnings are told once"
    assert f'name="{PROPERTY}" value="rtp_nat.ibm.com"' in documents(hand)[0]
    assert sprayers(hand)["tcp"] == ("true", "rtp_natpool1.ibm.com", "5060")
    assert {name for name, entry in sprayers(hand).items() if entry[0] == "true"} == {"tcp"}

    config = r"profiles/Custom/config/(backup/base/)?cells/handCell/"
    allowed = [
        rf"(stgdm1|stgpn1|stgsn1|sipproxy1)/disk/.*/{config}cell\.xml",
        rf"(stgdm1|sipproxy1)/disk/.*/{config}nodes/sipproxy1Hand/servers/EdgeProxy/proxy-settings\.xml",
        r"natrouter/disk/etc/nftables(\.d/stgw_nat\.nft|\.conf)",
    ]
    changed = differing(before, fingerprints(hand))
    assert {name for name in changed if not any(re.fullmatch(each, name) for each in allowed)} == set()

    done = restarts(hand, running)
    assert sorted(done) == sorted(SERVERS), "all of them read the property"
    order = [{"dmgr": 0, "nodeagent": 1, "EdgeProxy": 3}.get(server, 2) for _, server in done]
    assert order == sorted(order), done
    for first, second in pairwise(done):
        assert moment(hand, *first, "start") <= moment(hand, *second, "stop"), "each once the one before works"


def test_the_second_run_changes_nothing(hand: Lab) -> None:
    """Nor does it need the partner, whose hosts need not be ours."""
    running, launched = pids(hand), launches(hand)
    played = well(nat(hand, silent="stgw2"))
    assert (played.changed, launches(hand) - launched) == (0, 0), played.shown
    assert pids(hand) == running


def test_a_server_does_not_come_back(hand: Lab) -> None:
    """A node agent does not start again: what comes behind it is left running. The next run does what is left, and no
    more, also for a member that a run had stopped when it was broken off."""
    other = INBOUND | {"name": "rtp_natpool1.ibm.com", "public_address": "9.42.124.46"}
    variables: Variables = {
        "stgw_nat_cell_fqdn": "rtp_natpool1.ibm.com",
        "stgw_nat_router": {"inbound": [other], "outbound": [OUTBOUND]},
    }
    running, launched = pids(hand), launches(hand)
    hand.ok("fail", "sipproxy1", "startServer", "start-fails")
    broken = nat(hand, cluster=variables)
    assert broken.rc == 2, broken.shown
    assert "startNode failed with exit code" in broken.said
    done = {server for server, pid in pids(hand).items() if running[server] != pid}
    assert ("stgdm1", "dmgr") in done
    assert {server for _, server in done} & {"Member", "Member2", "EdgeProxy"} == set()
    stop(hand, "stgpn1", "Member")

    resumed = well(nat(hand, cluster=variables))
    assert launches(hand) - launched == 1
    assert sorted(restarts(hand, running)) == sorted(SERVERS)
    assert resumed.changed == len(set(SERVERS) - done)
    assert well(nat(hand, cluster=variables)).changed == 0


def test_from_tcp_to_tls_in_one_launch(hand: Lab) -> None:
    well(nat(hand))
    running, launched = pids(hand), launches(hand)
    played = well(nat(hand, cluster=TLS, partner=PARTNER_TLS))
    assert launches(hand) - launched == 1
    assert {name: entry[0] for name, entry in sprayers(hand).items()} == {"tcp": "false", "tls": "true", "udp": "false"}
    assert sprayers(hand)["tls"] == ("true", "rtp_natpool1.ibm.com", "5061")
    assert re.search(r"/tcpSprayer @@ [^@]* @@ -isEnabled: 'true' \+isEnabled: 'false'", played.said), played.shown
    assert restarts(hand, running) == [("sipproxy1", "EdgeProxy")], "nobody else reads it"


def test_absent_takes_both_back_and_starts_nothing(hand: Lab) -> None:
    absent: Variables = {"nat_enablement_state": "absent", "nat_router_state": "absent"}
    running, launched = pids(hand), launches(hand)
    stop(hand, "stgsn1", "Member2")
    # Without the kinds that perhaps need no restart.
    working = {"cluster_start_kinds": ["APPLICATION_SERVER", "PROXY_SERVER"]}
    well(nat(hand, cluster={**absent, **working}))
    assert launches(hand) - launched == 1
    assert PROPERTY not in documents(hand)[0]
    assert {entry[0] for entry in sprayers(hand).values()} == {"false"}
    assert "9.42.124.45" not in hand.ok("exec", "natrouter", "nft", "list", "ruleset")
    assert restarts(hand, running) == [("stgpn1", "Member"), ("sipproxy1", "EdgeProxy")]

    well(nat(hand, cluster=absent))
    assert sorted(restarts(hand, running)) == sorted(set(SERVERS) - {("stgsn1", "Member2")})
    assert launches(hand) - launched == 1
