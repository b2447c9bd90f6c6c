"""The whole job on a fresh lab: a dry run, the first, the second, one with a value changed; what must not be left."""

from __future__ import annotations

import base64
import hashlib
import re
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.site.conftest import CELL_ROW, Run, Site
from tests.site.watch import ArgumentWatch

CELL = {"stgdm1", "stgpn1", "stgsn1", "sipproxy1"}
STANDALONE = "stgw2"
SERVERS = {"db2srv1", "db2srv2", "ldapsrv1", "ldapsrv2", "stsrv1", "stsrv2", "natrouter", STANDALONE} | CELL
"""The hosts that the stages have work for."""

RUNNING = {
    ("stgdm1", "dmgr"): {8879, 9060},
    ("stgpn1", "nodeagent"): {8878},
    ("stgpn1", "RTCGWServer"): {8880, 5060, 5061},
    ("stgsn1", "nodeagent"): {8878},
    ("stgsn1", "RTCGWServer"): {8880, 5060, 5061},
    ("sipproxy1", "nodeagent"): {8878},
    ("sipproxy1", "SIPProxyServer"): {8880, 5060, 5061},
    ("sipproxy1", "XMPPProxyServer"): {8881},
}
"""The servers of the cell, and ports on which each of them must answer."""

# `SIP proxies, configuration  0:00:06  wsadmin launches: 1` of the summary.
_LAUNCHES = re.compile(r"^  (?P<stage>\S.*?) +\d+:\d\d:\d\d  wsadmin launches: (?P<count>\d+)$", re.MULTILINE)
_IN_ALL = re.compile(r"^  wsadmin launches in all: (\d+)$", re.MULTILINE)
_START_WITHIN_S = 60
# What a look at a host leaves behind: login records, and the lab's own list of a Windows host's processes.
_TRACES = ("/sshd.log", "var/adm/wtmp", "etc/utmp", "var/adm/sulog", ".lock", "state/processes.json")


@dataclass(frozen=True)
class Runs:
    """The runs in their order, and what was seen meanwhile."""

    before: dict[str, str]
    dry: Run
    after_dry: dict[str, str]
    first: Run
    second: Run
    changed: Run
    again: Run
    launches: dict[str, int]
    """Of wsadmin, by run, as the lab counts them."""
    watch: ArgumentWatch

    @property
    def output(self) -> str:
        """All that was printed."""
        return "".join(run.output for run in (self.dry, self.first, self.second, self.changed, self.again))


@pytest.fixture(scope="module")
def runs(site: Site) -> Runs:
    before = _fingerprints(site.hosts)
    dry = site.play("--check", "--diff")
    after_dry = _fingerprints(site.hosts)
    launches = {"dry": site.launches()}

    def counted(name: str, run: Run) -> Run:
        launches[name] = site.launches() - sum(launches.values())
        return run

    cell_only = ("--diff", "--limit", ",".join(sorted(CELL)))
    value = {"tuning_values": {"gateway.maximum_heap_mb": 1284}}
    with ArgumentWatch(site.secrets()) as watch:
        first = counted("first", site.play("--diff"))
        second = counted("second", site.play("--diff"))
        changed = counted("changed", site.play(*cell_only, variables=value))
        again = counted("again", site.play(*cell_only, variables=value))
    return Runs(before, dry, after_dry, first, second, changed, again, launches, watch)


def _files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        if not path.is_symlink() and path.is_file() and not str(path).endswith(_TRACES):
            yield path


def _fingerprints(folder: Path) -> dict[str, str]:
    """Every file of every host: owner, mode and content."""
    found = {}
    for path in _files(folder):
        about = path.stat()
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        found[str(path.relative_to(folder))] = f"{about.st_uid}:{about.st_gid} {stat.filemode(about.st_mode)} {content}"
    return found


def test_a_dry_run_on_fresh_hosts_runs_to_the_end_and_lists_the_changes(runs: Runs) -> None:
    assert runs.dry.rc == 0, runs.dry.output
    assert set(runs.dry.changed()) == SERVERS
    products = ("DB2 9.1", "Tivoli Directory Server", "STGW", "o=rtp,c=us", "SametimeGatewayCluster", "partner.example")
    for product in products:
        assert product in runs.dry.output


def test_a_dry_run_changes_no_file_on_any_host(runs: Runs) -> None:
    differing = {
        name for name in {**runs.before, **runs.after_dry} if runs.before.get(name) != runs.after_dry.get(name)
    }
    assert differing == set()


def test_the_first_run_does_what_the_dry_run_announced(runs: Runs) -> None:
    assert runs.first.rc == 0, runs.first.output
    assert set(runs.first.changed()) == SERVERS
    for host in SERVERS:
        # An installer may do a later step in passing, which a dry run cannot know.
        assert runs.dry.changed()[host] >= runs.first.changed()[host], host


def test_the_summary_tells_what_each_host_got(runs: Runs) -> None:
    summary = runs.first.output.partition("SUMMARY")[2]
    for host, counts in runs.first.recap.items():
        changed = counts["changed"]
        assert f"  {host}: {f'{changed} changed' if changed else 'nothing changed'}" in summary


def test_the_second_run_changes_nothing(runs: Runs) -> None:
    assert runs.second.rc == 0, runs.second.output
    assert runs.second.changed() == {}


def test_wsadmin_is_launched_once_in_each_stage_that_changes_the_cell(runs: Runs) -> None:
    stages = {found["stage"]: int(found["count"]) for found in _LAUNCHES.finditer(runs.first.output)}
    changing = ("Cluster", "SIP proxies, configuration", "XMPP proxy", "NAT, enablement", "Security, certificates")
    # The others only look.
    looking = ("NAT, values", "Tuning", "Start", "Communities", "Handshake")
    # A change of the user registry is proven by a login, which is a launch of its own. A standalone gateway has its
    # tuning, its certificates and its registry in one stage.
    proven = {"Security, user registry": 2, "Standalone gateways": 4}
    assert stages == {**dict.fromkeys(changing, 1), **dict.fromkeys(looking, 0), **proven}
    assert _IN_ALL.findall(runs.first.output) == [str(sum(stages.values()))]
    assert runs.launches["first"] == sum(stages.values())


def test_wsadmin_is_not_launched_when_nothing_differs(runs: Runs) -> None:
    assert (runs.launches["dry"], runs.launches["second"], runs.launches["again"]) == (0, 0, 0)
    assert _IN_ALL.findall(runs.second.output + runs.again.output) == ["0", "0"]


def test_one_changed_value_costs_one_launch(runs: Runs) -> None:
    assert runs.changed.rc == 0, runs.changed.output
    assert runs.launches["changed"] == 1
    assert _IN_ALL.findall(runs.changed.output) == ["1"]
    # The configuration of both members, and then both members themselves, which read it when they start.
    assert runs.changed.changed() == {"stgdm1": 1, "stgpn1": 1, "stgsn1": 1}
    assert "1284" in runs.changed.output
    assert (runs.again.rc, runs.again.changed()) == (0, {}), runs.again.output


def test_the_run_ends_with_the_state_of_the_cell(site: Site, runs: Runs) -> None:
    for run in (runs.first, runs.second, runs.changed):
        rows = {(found["host"], found["server"]): found for found in CELL_ROW.finditer(run.output)}
        assert {(found["cell"], found["state"]) for found in rows.values()} == {("rtpCell", "started")}
        assert rows.keys() == RUNNING.keys()
        for server, ports in RUNNING.items():
            assert ports <= {int(port) for port in rows[server]["ports"].split()}, server
    for (host, name), ports in RUNNING.items():
        listening = site.lab.ok("exec", host, "netstat", "-an")
        assert [port for port in ports if not re.search(rf"\.{port} .*LISTEN", listening)] == [], name


def _of_standalone(site: Site) -> str:
    """What its host says of its ports and of its service."""
    command = "netstat -an; sc.exe query 'IBMWAS61Service - rtcgw'"
    return site.ansible("ansible", STANDALONE, "-m", "ansible.builtin.raw", "-a", command)


@pytest.mark.usefixtures("runs")
def test_the_standalone_gateway_runs_as_a_service(site: Site) -> None:
    said = _of_standalone(site)
    assert [port for port in (5060, 5061, 8880, 9060) if not re.search(rf":{port} .*LISTENING", said)] == []
    assert re.search(r"STATE +: 4 +RUNNING", said)


def test_the_communities_say_what_the_plan_says(runs: Runs) -> None:
    changes = runs.first.output.partition("PLAY [Communities]")[2].partition("PLAY [")[0]
    # Behind its SIP NAT proxy the cluster names the inside of that, the partner the cluster's public side.
    assert set(re.findall(r"^\+    host: (\S+)\n\+    port: (\d+)$", changes, re.MULTILINE)) == {
        ("stsrv1.rtp.example", "1516"),
        ("sipproxy1.rtp.example", "5062"),
        ("stsrv2.partner.example", "1516"),
        ("rtp_nat.ibm.com", "5062"),
    }


def test_no_process_ever_had_a_secret_among_its_arguments(runs: Runs) -> None:
    assert runs.watch.seen > 100
    assert runs.watch.exposed == set()


def test_the_watch_sees_a_secret_that_is_an_argument() -> None:
    with ArgumentWatch({"vault_example": "plainly-visible"}) as watch:
        subprocess.run([sys.executable, "-c", "import time; time.sleep(0.2)", "plainly-visible"], check=True)
    assert len(watch.exposed) == 1
    assert "plainly-visible" not in watch.exposed.pop()


def test_no_output_of_ansible_holds_a_secret(site: Site, runs: Runs) -> None:
    forms = {(name, form) for name, secret in site.secrets().items() for form in (secret, _xor(secret))}
    assert [name for name, form in forms if form in runs.output] == []


@pytest.mark.usefixtures("runs")
def test_no_file_on_any_host_holds_a_secret(site: Site) -> None:
    forms = {
        name: [secret.encode(), secret.encode("utf-16-le"), base64.b64encode(secret.encode())]
        for name, secret in site.secrets().items()
    }
    assert _holders(site, forms) == set()


@pytest.mark.usefixtures("runs")
def test_websphere_keeps_the_password_that_it_needs_itself(site: Site) -> None:
    """With what it logs in itself, at the database and at the directory, and the password of its key stores stand in
    documents that every node of the cell gets, in a form that only looks unreadable: so WebSphere 6.1 keeps them.
    Nothing else may be kept like that."""
    found = _holders(site, {name: [_xor(secret).encode()] for name, secret in site.secrets().items()})
    kept = re.compile(r".*/config/(?:backup/base/)?cells/\w+/(security|wim/config/wimconfig)\.xml")
    where = {(name, host, kept.fullmatch(path)) for name, path in found for host in [path.partition("/")[0]]}
    cell = {"vault_db2_instance_password": "security", "vault_ssl_key_store_password": "security"}
    standalone = {"vault_db2_windows_password": "security", "vault_ssl_key_store_password": "security"}
    directory = {"vault_ldap_bind_password": "wim/config/wimconfig"}
    wanted = {(name, host, file) for host in CELL for name, file in {**cell, **directory}.items()}
    wanted |= {(name, STANDALONE, file) for name, file in {**standalone, **directory}.items()}
    assert {(name, host, match and match[1]) for name, host, match in where} == wanted


def _xor(secret: str) -> str:
    """As WebSphere writes it behind `{xor}`."""
    return base64.b64encode(bytes(byte ^ 0x5F for byte in secret.encode())).decode()


def _holders(site: Site, forms: dict[str, list[bytes]]) -> set[tuple[str, str]]:
    """Which of the secrets, and the files that hold one of its forms."""
    found = set()
    for path in _files(site.hosts):
        content = path.read_bytes()
        for name, all_of in forms.items():
            if any(form in content for form in all_of):
                found.add((name, str(path.relative_to(site.hosts))))
    return found


@pytest.mark.usefixtures("runs")
def test_what_starts_with_the_machine(site: Site) -> None:
    """The last one: of the cell nothing runs any more."""
    site.lab.ok("down")
    site.lab.ok("up")
    deadline = time.monotonic() + _START_WITHIN_S
    missing = {"standalone gateway", "SIP NAT proxy", "Sametime server"}
    while missing and time.monotonic() < deadline:
        if re.search(r":5060 .*LISTENING", _of_standalone(site)):
            missing.discard("standalone gateway")
        if re.search(r"\.5062 .*LISTEN", site.lab.ok("exec", "sipproxy1", "netstat", "-an")):
            missing.discard("SIP NAT proxy")
        if re.search(r"\.1516 .*LISTEN", site.lab.ok("exec", "stsrv1", "netstat", "-an")):
            missing.discard("Sametime server")
    assert missing == set()
