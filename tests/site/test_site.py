"""The whole job on a fresh lab: a dry run, the first run, the second run; and what must not be left behind."""

from __future__ import annotations

import base64
import hashlib
import stat
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.site.conftest import Run, Site
from tests.site.watch import ArgumentWatch

SERVERS = {"db2srv1", "db2srv2", "ldapsrv1", "ldapsrv2"}
"""The hosts that the stages so far have work for."""

# What a look at a host leaves behind: login records, and the lab's own list of a Windows host's processes.
_TRACES = ("var/adm/sshd.log", "var/adm/wtmp", "etc/utmp", "var/adm/sulog", ".lock", "state/processes.json")


@dataclass(frozen=True)
class Runs:
    """The three runs in their order, and what was seen meanwhile."""

    before: dict[str, str]
    dry: Run
    after_dry: dict[str, str]
    first: Run
    second: Run
    watch: ArgumentWatch


@pytest.fixture(scope="module")
def runs(site: Site) -> Runs:
    before = _fingerprints(site.hosts)
    dry = site.play("--check", "--diff")
    after_dry = _fingerprints(site.hosts)
    with ArgumentWatch(site.secrets()) as watch:
        first = site.play("--diff")
        second = site.play("--diff")
    return Runs(before, dry, after_dry, first, second, watch)


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
    for product in ("DB2 9.1", "Tivoli Directory Server", "STGW", "o=rtp,c=us"):
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


def test_no_process_ever_had_a_secret_among_its_arguments(runs: Runs) -> None:
    assert runs.watch.seen > 100
    assert runs.watch.exposed == set()


def test_the_watch_sees_a_secret_that_is_an_argument() -> None:
    with ArgumentWatch({"vault_example": "plainly-visible"}) as watch:
        subprocess.run([sys.executable, "-c", "import time; time.sleep(0.2)", "plainly-visible"], check=True)
    assert len(watch.exposed) == 1
    assert "plainly-visible" not in watch.exposed.pop()


def test_no_output_of_ansible_holds_a_secret(site: Site, runs: Runs) -> None:
    output = runs.dry.output + runs.first.output + runs.second.output
    assert [name for name, secret in site.secrets().items() if secret in output] == []


def test_no_file_on_any_host_holds_a_secret(site: Site, runs: Runs) -> None:
    forms = {
        name: [
            form
            for text in (secret,)
            for form in (text.encode(), text.encode("utf-16-le"), base64.b64encode(text.encode()))
        ]
        for name, secret in site.secrets().items()
    }
    found = []
    for path in _files(site.hosts):
        content = path.read_bytes()
        found += [
            f"{name} in {path.relative_to(site.hosts)}"
            for name, all_of in forms.items()
            if any(form in content for form in all_of)
        ]
    assert found == []
