"""The modules that configure WebSphere on simulated machines: made, changed, taken away, each time once, and never by a
check; and what stands in the way of wsadmin."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from lab.settings import REPOSITORY
from tests.lab.conftest import Lab

PLAYBOOKS = Path(__file__).parent
PROFILE = "/usr/IBM/WebSphere/STgateway/profiles/Test"
HOSTS = ("stgdm1", "stgpn1", "stgw2")
CELL = {"test_dmgr": "stgdm1", "test_node": "stgpn1", "test_root": "/usr/IBM/WebSphere/STgateway"}
PASSWORD = "Db2's pa$s"


def play(lab: Lab, name: str, *arguments: str, **variables: str) -> tuple[int, str]:
    """Play a playbook of this folder: exit code and all that was printed."""
    done = subprocess.run(
        [
            Path(sys.executable).parent / "ansible-playbook", PLAYBOOKS / f"{name}.yml",
            "-i", "inventories/rtp", "-i", lab.settings.overlay, "--diff",
            "-e", json.dumps({"test_db_password": PASSWORD, **variables}), *arguments,
        ],
        cwd=REPOSITORY,
        env={**os.environ, **lab.environment, "ANSIBLE_NOCOLOR": "1", "COLUMNS": "2000"},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr


def succeed(lab: Lab, name: str, *arguments: str, **variables: str) -> tuple[int, int, int, str]:
    """Of a run that must go well: tasks that went well, tasks that changed something, launches of wsadmin, and all that
    was printed."""
    code, shown = play(lab, name, *arguments, **variables)
    assert code == 0, shown
    recap = re.search(r"ok=(\d+)\s+changed=(\d+)", shown)
    launches = re.search(r"wsadmin launches in all: (\d+)", shown)
    assert recap and launches, shown
    assert PASSWORD not in shown
    return int(recap[1]), int(recap[2]), int(launches[1]), shown


@pytest.fixture(scope="module")
def cell(empty_lab: Lab) -> Lab:
    """A lab with a deployment manager, a federated node on another host, and a server by itself on Windows."""
    if empty_lab("status").returncode:
        empty_lab.ok("up")
    for host in HOSTS:
        empty_lab.ok("reset", host)
    for name, variables in (("was/install", {}), ("was/cell", CELL), ("was/windows", {"test_state": "started"})):
        code, shown = play(empty_lab, name, "--limit", ",".join(HOSTS), **variables)
        assert code == 0, shown
    return empty_lab


@pytest.mark.parametrize("step", ["made", "changed", "gone"])
def test_each_module_on_aix(cell: Lab, step: str) -> None:
    tasks, changed, launches, shown = succeed(cell, "was_modules/modules", "--check", step=step)
    assert (changed, launches) == (tasks, 0), shown
    tasks, changed, launches, shown = succeed(cell, "was_modules/modules", "-vvv", step=step)
    assert changed == launches == tasks, shown
    for again in ((), ("--check",)):
        _, changed, launches, shown = succeed(cell, "was_modules/modules", *again, step=step)
        assert (changed, launches) == (0, 0), shown
    left = cell.ok("exec", "stgdm1", "ls", "/tmp")
    assert "stgw-was" not in left


@pytest.mark.parametrize("step", ["made", "changed", "gone"])
def test_resources_on_windows(cell: Lab, step: str) -> None:
    _, changed, launches, shown = succeed(cell, "was_modules/windows", "--check", step=step)
    assert (changed, launches) == (1, 0), shown
    _, changed, launches, shown = succeed(cell, "was_modules/windows", "-vvv", step=step)
    assert (changed, launches) == (1, 1), shown
    assert "restart: winNode/RTCGWServer" in shown
    _, changed, launches, shown = succeed(cell, "was_modules/windows", step=step)
    assert (changed, launches) == (0, 0), shown


def test_nodes_get_what_was_changed(cell: Lab) -> None:
    succeed(cell, "was_modules/property", value="for the nodes")
    for host in ("stgdm1", "stgpn1"):
        text = cell.ok("exec", host, "cat", f"{PROFILE}/config/cells/testCell/cell.xml")
        assert 'value="for the nodes"' in text


@pytest.mark.parametrize(
    ("variables", "message"),
    [
        ({"password": "wrong"}, "user, password: localhost:8879 refuses wasadmin; give an administrator"),
        ({"port": "8880"}, "host, port: no deployment manager answers at localhost:8880; start it"),
        ({"host": "nowhere.example"}, "host, port: no deployment manager answers at nowhere.example:8879"),
        ({"connection": "none"}, "connection: none writes files behind the back of dmgr, which runs"),
        ({"profile": f"{PROFILE}s"}, f"profile: there is no profile in {PROFILE}s; create it first"),
        ({"timeout": "0"}, "timeout: wsadmin did not end within 0 seconds"),
        ({"target": "stgpn1"}, "has no deployment manager; name the profile of the deployment manager"),
    ],
)
def test_what_stands_in_the_way(cell: Lab, variables: dict[str, str], message: str) -> None:
    code, shown = play(cell, "was_modules/property", value=f"never {message[:9]}", **variables)
    assert code == 2, shown
    assert message in shown
    assert "never" not in cell.ok("exec", "stgdm1", "cat", f"{PROFILE}/config/cells/testCell/cell.xml")
    assert "stgw-was" not in cell.ok("exec", "stgdm1", "ls", "/tmp")


def test_a_manager_that_is_down(cell: Lab) -> None:
    assert play(cell, "was_modules/manager", state="stopped")[0] == 0
    try:
        code, shown = play(cell, "was_modules/property", value="while it is down")
        assert code == 2 and "start it (sametime.gateway.was_server)" in shown, shown
        _, changed, launches, shown = succeed(cell, "was_modules/property", value="on the files", connection="none")
        assert (changed, launches) == (1, 1), shown
    finally:
        assert play(cell, "was_modules/manager", state="started")[0] == 0
    _, changed, launches, shown = succeed(cell, "was_modules/property", value="on the files")
    assert (changed, launches) == (0, 0), shown
