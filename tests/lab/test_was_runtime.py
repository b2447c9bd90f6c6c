"""`was_profile`, `was_server`, `was_node` and `was_sync` on simulated machines, with whatever breaks on the way."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from lab.settings import REPOSITORY
from tests.lab.commands import traced
from tests.lab.conftest import Lab, new_lab

PLAYBOOKS = Path(__file__).parent / "was"
CELLS = {
    "aix": {"test_dmgr": "stgdm1", "test_node": "stgpn1", "test_root": "/usr/IBM/WebSphere/STgateway"},
    "windows": {
        "test_dmgr": "stgw2",
        "test_node": "ldapsrv2",
        "test_root": r"C:\Program Files\IBM\WebSphere\STgateway",
    },
}
UNIX = "/usr/IBM/WebSphere/STgateway/profiles/Test"
PROPS = f"{UNIX}/properties/soap.client.props"


def play(lab: Lab, name: str, *arguments: str, cell: str = "aix") -> tuple[int, str]:
    """Play `was/<name>.yml` for one of `CELLS`: exit code and all that was printed."""
    done = subprocess.run(
        [
            Path(sys.executable).parent / "ansible-playbook", PLAYBOOKS / f"{name}.yml", "--diff", "-vvv",
            "-i", "inventories/rtp", "-i", "tests/inventories/windows_cell", "-i", lab.settings.overlay,
            "-e", json.dumps(CELLS[cell]), *arguments,
        ],
        cwd=REPOSITORY,
        env={**os.environ, **lab.environment, "ANSIBLE_NOCOLOR": "1"},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr


def succeed(lab: Lab, name: str, *arguments: str, cell: str = "aix") -> str:
    """What a run printed that must go well."""
    code, shown = play(lab, name, *arguments, cell=cell)
    assert code == 0, shown
    return shown


def unchanged(lab: Lab, name: str, *arguments: str, cell: str = "aix") -> None:
    """Nothing is left to do."""
    shown = succeed(lab, name, *arguments, cell=cell)
    assert shown.count("changed=0 ") == shown.count(": ok="), shown


@pytest.fixture(scope="module")
def websphere(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """A lab with WebSphere on hosts of both platforms, and no profile."""
    lab = new_lab(tmp_path_factory.mktemp("lab"), "inventories/rtp", "tests/inventories/windows_cell")
    lab.ok("up")
    succeed(lab, "install")
    yield lab
    lab("clean")


@pytest.fixture(scope="module")
def cell(websphere: Lab) -> Lab:
    """A lab whose node is federated and runs."""
    succeed(websphere, "cell")
    return websphere


def password(lab: Lab) -> str:
    """The administrator's."""
    vault = yaml.safe_load((lab.settings.overlay / "group_vars/all/vault.yml").read_text("utf-8"))
    found: str = vault["vault_was_admin_password"]
    return found


def holders(lab: Lab, disk: str, secret: str) -> list[Path]:
    """The files of a host that hold a secret."""
    files = (lab.settings.state / "hosts" / disk).rglob("*")
    return [file for file in files if file.is_file() and not file.is_symlink() and secret.encode() in file.read_bytes()]


def test_check_mode_before_there_is_a_profile(websphere: Lab) -> None:
    shown = succeed(websphere, "cell", "--check")
    assert "+profile: complete" in shown
    assert "+federation: complete" in shown
    succeed(websphere, "windows", "--check", "-e", "test_state=started")


def test_a_cell_and_nothing_to_do(cell: Lab) -> None:
    shown = succeed(cell, "cell")
    assert shown.count("changed=0 ") == shown.count(": ok="), shown
    assert "launches: 0" in shown


@pytest.mark.parametrize("step", ["addNode:upload", "addNode:sync", "addNode:agent"])
def test_a_killed_federation(cell: Lab, step: str) -> None:
    with traced(cell, "stgpn1") as commands:
        printed = succeed(cell, "remove")
        cell.ok("fail", "stgpn1", step, "killed")
        code, shown = play(cell, "cell")
        assert code == 2, shown
        assert "addNode failed with exit code 9" in shown
        assert "com.ibm.SOAP.loginPassword=\n" in cell.ok("exec", "stgpn1", "cat", PROPS)
        printed += shown
        printed += succeed(cell, "cell")
        unchanged(cell, "cell")
    secret = password(cell)
    assert secret not in printed
    assert not [line for line in commands if secret in line]
    assert any("addNode" in line for line in commands), "the trace has the work"
    assert holders(cell, "stgpn1/disk", secret) == []
    assert not list((cell.settings.state / "hosts/stgpn1/disk/var/adm/stgw").iterdir())


def test_why_a_node_is_refused(cell: Lab) -> None:
    succeed(cell, "remove")
    assert "refuses them; they must be those of an administrator" in play(cell, "cell", "-e", "test_password=wrong")[1]
    cell.ok("clock", "stgpn1", "400")
    try:
        assert "more than five minutes apart" in play(cell, "cell")[1]
    finally:
        cell.ok("clock", "stgpn1", "0")
    succeed(cell, "cell")


def test_credentials_of_a_killed_run_go(cell: Lab) -> None:
    before = cell.ok("exec", "stgpn1", "cat", PROPS)
    job = f"/var/adm/stgw/stopserver-rtcgwserver{UNIX.replace('/', '-').lower()}"
    leave = (
        f"mkdir {job}; echo left >{job}/response;"
        f" cp -p {PROPS} {PROPS}.original; mkdir {PROPS}.lock; echo 99999 >{PROPS}.lock/pid;"
        f" echo com.ibm.SOAP.loginPassword=left >>{PROPS}"
    )
    cell.ok("exec", "stgpn1", "/bin/sh", "-c", leave)
    assert "removed the credentials that an interrupted run left" in succeed(cell, "cell")
    unchanged(cell, "cell")
    assert cell.ok("exec", "stgpn1", "cat", PROPS) == before
    assert cell.ok("exec", "stgpn1", "ls", f"{UNIX}/properties").count("soap.client.props") == 1
    assert not list((cell.settings.state / "hosts/stgpn1/disk/var/adm/stgw").iterdir())


def test_a_server_that_was_killed_and_does_not_start(cell: Lab) -> None:
    pid = cell.ok("exec", "stgpn1", "cat", f"{UNIX}/logs/RTCGWServer/RTCGWServer.pid").strip()
    cell.ok("exec", "stgpn1", "/bin/sh", "-c", f"kill -9 {pid}")
    cell.ok("fail", "stgpn1", "startServer", "start-fails")
    code, shown = play(cell, "cell")
    assert code == 2, shown
    assert "startServer failed with exit code 255; see SystemOut.log" in shown
    assert "startServer RTCGWServer" in succeed(cell, "cell")
    unchanged(cell, "cell")


def test_a_killed_federation_on_windows(websphere: Lab) -> None:
    websphere.ok("fail", "ldapsrv2", "addNode:sync", "killed")
    code, printed = play(websphere, "cell", cell="windows")
    assert code == 2, printed
    assert "addNode failed with exit code 1" in printed
    printed += succeed(websphere, "cell", cell="windows")
    assert "cleanupNode ldapsrv2Node" in printed
    unchanged(websphere, "cell", cell="windows")
    secret = password(websphere)
    assert secret not in printed
    for host in ("stgw2", "ldapsrv2"):
        assert holders(websphere, f"{host}/C", secret) == []
        assert not list((websphere.settings.state / "hosts" / host / "C/WINDOWS/Temp/stgw").iterdir())
    succeed(websphere, "remove", cell="windows")
    unchanged(websphere, "remove", cell="windows")


def test_windows(websphere: Lab) -> None:
    websphere.ok("fail", "stgw2", "was:manageprofiles", "killed")
    code, shown = play(websphere, "windows", "-e", "test_state=started")
    assert code == 2, shown
    printed = shown + succeed(websphere, "windows", "-e", "test_state=started")
    assert "removed what an interrupted creation of Other left" in printed
    unchanged(websphere, "windows", "-e", "test_state=started")
    props = websphere.settings.state / "hosts/stgw2/C/Program Files/IBM/WebSphere/STgateway/profiles/Other/properties"
    before = (props / "soap.client.props").read_bytes()
    (props / "soap.client.props").rename(props / "soap.client.props.original")
    (props / "soap.client.props").write_text("com.ibm.SOAP.loginPassword=left\n")
    assert "removed the credentials" in succeed(websphere, "windows", "-e", "test_state=started")
    assert (props / "soap.client.props").read_bytes() == before
    assert [file.name for file in props.iterdir() if file.name.startswith("soap")] == ["soap.client.props"]
    assert "-status: started" in succeed(websphere, "windows", "-e", "test_state=restarted")
    printed += succeed(websphere, "windows", "-e", "test_state=stopped")
    unchanged(websphere, "windows", "-e", "test_state=stopped")
    printed += succeed(websphere, "windows", "-e", "test_state=deleted")
    unchanged(websphere, "windows", "-e", "test_state=deleted")
    secret = password(websphere)
    assert secret not in printed
    assert holders(websphere, "stgw2/C", secret) == []
    assert not list((websphere.settings.state / "hosts/stgw2/C/WINDOWS/Temp/stgw").iterdir())
