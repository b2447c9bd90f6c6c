"""playbooks/nat_explain.yml works in a clone without any machine, and the documentation shows what it makes."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

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


def test_a_plan_with_errors_is_explained_and_fails_then(tmp_path: Path) -> None:
    behind = tmp_path / "inventory"
    (behind / "group_vars").mkdir(parents=True)
    (behind / "hosts.yml").write_text("rtp_cluster: {hosts: {stgdm1: {}}}\n")
    (behind / "group_vars/rtp_cluster.yml").write_text("stgw_nat_router: {inbound: [], outbound: []}\n")
    run = play(tmp_path, "-i", str(behind))
    assert run.returncode != 0
    assert "IT ENDS HERE: the router of rtp_cluster has no static outbound rule for 9.42.111.5." in run.stdout
    assert (tmp_path / "environment.svg").exists()
    assert "inbound-missing" in run.stdout[run.stdout.index("fatal: [localhost]") :]


def test_a_value_that_no_plan_can_have_is_named(tmp_path: Path) -> None:
    run = play(tmp_path, "-e", "stgw_nat_transport=sctp")
    assert run.returncode != 0
    assert "transport" in run.stdout
    assert "sctp" in run.stdout
