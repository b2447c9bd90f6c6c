"""`awx_configure.yml` as a user runs it, against a controller on loopback that refuses what the real one refuses."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.awx.controller import Controller
from tests.awx.server import TOKEN, Server, serving

ROOT = Path(__file__).parents[2]
SECRET = "secret-of-the-tests"
VALUES = """
awx_scm_url: https://git.example/sametime/gateway.git
awx_execution_environment_image: registry.example/sametime/gateway:1
awx_mail_host: mail.rtp.example
awx_mail_sender: awx@rtp.example
awx_mail_recipients: [operators@rtp.example]
"""
_RUN_WITHIN_S = 600


@pytest.fixture
def server() -> Iterator[Server]:
    with serving(Controller({f"playbooks/{path.name}" for path in (ROOT / "playbooks").glob("*.yml")})) as served:
        yield served


@pytest.fixture
def values(tmp_path: Path) -> Path:
    """A file with all that the data asks for, secrets as in the inventory's vault file."""
    secrets = re.findall(
        r"^  - (vault_\w+)$", (ROOT / "playbooks/vars/awx/credentials.yml").read_text("utf-8"), re.MULTILINE
    )
    path = tmp_path / "values.yml"
    path.write_text(VALUES + "".join(f"{name}: {SECRET}\n" for name in secrets))
    return path


def configure(server: Server, *arguments: str) -> tuple[int, dict[str, int], str]:
    """Exit code, counts of the recap and everything that was printed."""
    done = subprocess.run(
        ["ansible-playbook", "playbooks/awx_configure.yml", "-vv", *arguments],
        cwd=ROOT,
        env=os.environ | {"CONTROLLER_HOST": server.url, "CONTROLLER_OAUTH_TOKEN": TOKEN},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=_RUN_WITHIN_S,
        check=False,
    )
    recap = dict(re.findall(r"(\w+)=(\d+)", done.stdout.partition("PLAY RECAP")[2]))
    assert SECRET not in done.stdout
    return done.returncode, {name: int(count) for name, count in recap.items()}, done.stdout


def test_a_second_run_changes_nothing(server: Server, values: Path) -> None:
    rc, recap, output = configure(server, "-e", f"@{values}")
    assert (rc, server.strange) == (0, []), output
    assert recap["changed"] > 0
    controller = server.controller
    nodes = controller.items["workflow_job_template_nodes"]
    approvals = controller.items["workflow_approval_templates"]
    assert [node["identifier"] for node in nodes.values() if node["unified_job_template"] in approvals] == ["approval"]
    kept = next(one for one in controller.items["credentials"].values() if one["name"] == "Sametime WebSphere")
    assert set(kept["inputs"].values()) == {SECRET}

    written = controller.writes
    rc, recap, output = configure(server, "-e", f"@{values}")
    assert (rc, server.strange) == (0, []), output
    assert (recap["changed"], controller.writes) == (0, written), output


def test_a_dry_run_on_a_new_controller_tells_what_it_would_make(server: Server, values: Path) -> None:
    before = server.controller.writes
    rc, recap, output = configure(server, "-e", f"@{values}", "--check")
    assert (rc, server.strange, server.controller.writes) == (0, [], before), output
    assert recap["changed"] > 0
    assert "controller_workflows: stgw install, stgw install every site" in output


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["-e", '{"awx_existing": {}}'], "'Machine' is not in controller_credential_types; correct the name"),
        (["-e", '{"awx_workflow_stages": ["databases", "verfy"]}'], "'stgw verfy' is not in controller_templates"),
    ],
)
def test_data_that_does_not_fit_is_refused_before_the_first_request(
    server: Server, values: Path, arguments: list[str], told: str
) -> None:
    before = server.controller.writes
    rc, _, output = configure(server, "-e", f"@{values}", *arguments)
    assert rc == 2
    assert re.search(told, output), output
    assert server.controller.writes == before


def test_a_value_that_nobody_gave_is_asked_for_by_name(server: Server) -> None:
    rc, _, output = configure(server, "-e", "awx_scm_url=https://git.example/x.git")
    assert rc == 2
    told = re.search(r"No value for ([\w, ]+): give each as a variable", output)
    assert told
    assert {"awx_mail_host", "vault_was_admin_password"} <= set(told[1].split(", "))
    assert "awx_scm_url" not in told[1].split(", ")
