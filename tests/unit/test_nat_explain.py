"""playbooks/nat_explain.yml works in a clone without any machine, and the documentation shows what it makes."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from sipnat import config

REPOSITORY = Path(__file__).resolve().parents[2]
PAGE = (REPOSITORY / "docs/nat.md").read_text("utf-8")


def play(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [
            *(sys.executable, "-m", "ansible", "playbook", "playbooks/nat_explain.yml", "-i", "inventories/rtp"),
            *("-e", f"stgw_nat_explain_folder={folder}"),
            *arguments,
        ],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def explained(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, subprocess.CompletedProcess[str]]:
    folder = tmp_path_factory.mktemp("nat") / "explained"
    dry = play(folder, "--check")
    assert dry.returncode == 0, dry.stdout
    assert not folder.exists()
    return folder, play(folder)


def test_it_prints_and_writes_the_same(explained: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    folder, run = explained
    assert run.returncode == 0, run.stdout
    printed = [line.strip() for line in run.stdout.splitlines()]
    written = (folder / "explanation.txt").read_text("utf-8").splitlines()
    start = printed.index("WHAT GOES WHERE")
    assert printed[start : start + len(written)] == [line.strip() for line in written]


def test_the_second_run_changes_nothing(explained: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    again = play(explained[0])
    assert re.search(r"localhost +: ok=\d+ +changed=0 .* failed=0", again.stdout), again.stdout


def test_the_picture_in_the_documentation_is_what_is_drawn_today(
    explained: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    drawn = (explained[0] / "environment.svg").read_text("utf-8")
    cure = "ansible-playbook playbooks/nat_explain.yml -i inventories/rtp; cp build/nat/environment.svg docs/"
    assert drawn == (REPOSITORY / "docs/environment.svg").read_text("utf-8"), cure


def test_the_documentation_quotes_what_is_printed_today(
    explained: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    written = (explained[0] / "explanation.txt").read_text("utf-8").splitlines()
    sections = PAGE[PAGE.index("## What goes where") : PAGE.index("## Findings")]
    quoted = re.findall(r"^```text\n(.*?)^```", sections, re.MULTILINE | re.DOTALL)
    assert len(quoted) >= 3
    assert [line for block in quoted for line in block.splitlines() if line not in written] == []


def test_the_proxys_configuration_is_the_one_in_its_documentation(
    explained: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    assert [path.name for path in explained[0].glob("sipnat-*")] == ["sipnat-sipproxy1.json"]
    example = re.search(
        r"^```json\n(.*?)^```", (REPOSITORY / "docs/proxy.md").read_text("utf-8"), re.MULTILINE | re.DOTALL
    )
    assert example is not None
    assert config.load(str(explained[0] / "sipnat-sipproxy1.json")) == config.read(example.group(1))


def test_what_the_plan_does_not_know_comes_from_the_inventory(tmp_path: Path) -> None:
    told = {
        "stgw_nat_proxy_settings": {"limits": {"rate": 7}},
        "stgw_nat_proxy_ids": {"stgsn1": 9},
        "stgw_nat_proxy_media": {"stgpn1": "9.42.124.51"},
        "stgw_nat_proxy_domains": {"partner": ["partner.example"]},
    }
    run = play(tmp_path, "-e", json.dumps(told))
    assert run.returncode == 0, run.stdout
    found = config.load(str(tmp_path / "sipnat-sipproxy1.json"))
    assert (found.limits.rate, found.hosts[1].id, found.hosts[0].media) == (7, 9, "9.42.124.51")
    assert found.partners[0].domains == ("partner.example",)


def test_a_plan_with_errors_is_explained_and_fails_then(tmp_path: Path) -> None:
    behind = tmp_path / "inventory"
    (behind / "group_vars").mkdir(parents=True)
    (behind / "hosts.yml").write_text("rtp_cluster: {hosts: {stgdm1: {}}}\n")
    (behind / "group_vars/rtp_cluster.yml").write_text("stgw_nat_router: {inbound: [], outbound: []}\n")
    run = play(tmp_path, "-i", str(behind))
    assert run.returncode != 0
    assert "IT ENDS HERE: the router of rtp_cluster has no static outbound rule for 9.42.111.5." in run.stdout
    assert (tmp_path / "environment.svg").exists()
    assert not list(tmp_path.glob("sipnat-*"))
    assert "inbound-missing" in run.stdout[run.stdout.index("fatal: [localhost]") :]


def test_a_value_that_no_plan_can_have_is_named(tmp_path: Path) -> None:
    run = play(tmp_path, "-e", "stgw_nat_transport=sctp")
    assert run.returncode != 0
    assert "transport" in run.stdout
    assert "sctp" in run.stdout
