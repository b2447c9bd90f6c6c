"""domino_setup on recorded answers of both platforms."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import pytest
from ansible.errors import AnsibleActionFail
from ansible.parsing.dataloader import DataLoader
from ansible.parsing.vault import VaultLib, VaultSecret

from plugins.plugin_utils._programs import Parameter
from tests.unit.plugins.conftest import ModuleRun, RunModule
from tests.unit.plugins.fake_target import Answer

RECORDED = b"\x00recorded\xff"
UNIX: dict[str, Any] = {
    "location": "/opt/ibm/lotus",
    "data": "/local/notesdata",
    "user": "notes",
    "values": {"ServerName": "st'1", "DominoDomainName": "RTP"},
}
WINDOWS: dict[str, Any] = {
    "location": r"C:\Program Files\IBM\Lotus\Domino",
    "data": r"C:\Program Files\IBM\Lotus\Domino\data",
    "values": {"ServerName": "st srv"},
}
NOTHING = Answer("domino_setup_read")
SET_UP = Answer("domino_setup_read", "setup=80010\ndomain=RTP\n")
JOB = [
    Answer("installer_job", "job=started\n"),
    Answer("installer_job", "job=done\nrc=0\n", "Setup completed successfully.\n"),
    Answer("installer_job", "job=none\n"),
]


@pytest.fixture(autouse=True)
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.sleep", lambda seconds: None)


@pytest.fixture
def options(tmp_path: Path) -> dict[str, Any]:
    """Options of AIX, with a profile that is there."""
    profile = tmp_path / "first.pds"
    profile.write_bytes(RECORDED)
    return {**UNIX, "profile": str(profile)}


def started(run: ModuleRun) -> dict[str, Parameter]:
    return next(sent for name, sent in run.sent if name == "installer_job" and sent["action"] == "start")


def test_a_server_that_is_set_up_needs_no_profile(run_module: RunModule) -> None:
    run = run_module("domino_setup", {**UNIX, "profile": ""}, [SET_UP])
    assert run.result["changed"] is False
    assert run.result["state"] == {"set_up": True, "domain": "RTP"}


def test_set_up_as_the_servers_user(run_module: RunModule, options: dict[str, Any]) -> None:
    run = run_module("domino_setup", options, [NOTHING, *JOB, SET_UP])
    assert run.result["operations"] == ["set the server up"]
    sent = started(run)
    text = str(sent["response"])
    assert base64.b64encode(RECORDED).decode() in text
    edits = text.index("DominoServerProfileEdit"), text.index("DominoDomainName"), text.index("-silent")
    assert sorted(edits) == list(edits), "edited first, in the order given"
    assert "user='notes'" in text
    assert base64.b64encode(RECORDED).decode() not in str(sent["command"]) + str(run.result)


def test_an_encrypted_profile(run_module: RunModule, options: dict[str, Any]) -> None:
    secrets = [("default", VaultSecret(b"key"))]
    Path(options["profile"]).write_bytes(VaultLib(secrets).encrypt(RECORDED))
    loader = DataLoader()
    loader.set_vault_secrets(secrets)
    run = run_module("domino_setup", options, [NOTHING, *JOB, SET_UP], loader=loader)
    assert base64.b64encode(RECORDED).decode() in str(started(run)["response"])
    assert loader._tempfiles == set(), "what was decrypted stays"


def test_windows_quotes_for_cmd(run_module: RunModule, options: dict[str, Any]) -> None:
    answers = [NOTHING, *JOB, Answer("domino_setup_read", "setup=80010\ndomain=RTP\n")]
    run = run_module("domino_setup", {**WINDOWS, "profile": options["profile"]}, answers, platform="windows")
    text = str(started(run)["response"])
    folder = r"C:\Program Files\IBM\Lotus\Domino"
    assert rf'-ServerName "st srv" "{folder}\data\stgw-setup.pds"' in text
    assert rf"$editor = '{folder}\jvm\bin\java.exe'" in text


def test_a_set_up_that_made_another_domain_is_no_success(run_module: RunModule, options: dict[str, Any]) -> None:
    other = Answer("domino_setup_read", "setup=80010\ndomain=RECORDED\n")
    with pytest.raises(AnsibleActionFail, match="domain is 'RECORDED', wanted 'RTP'"):
        run_module("domino_setup", options, [NOTHING, *JOB, other])


def test_the_domain_of_a_server_stays(run_module: RunModule, options: dict[str, Any]) -> None:
    with pytest.raises(AnsibleActionFail, match="'RTP', which cannot become 'OTHER'"):
        run_module("domino_setup", {**options, "values": {"DominoDomainName": "OTHER"}}, [SET_UP])


def test_a_running_set_up_is_waited_for(run_module: RunModule, options: dict[str, Any]) -> None:
    reading = Answer("domino_setup_read", "leftover=1\n")
    running = Answer("installer_job", "job=running\n", "")
    run = run_module("domino_setup", options, [reading, running, *JOB[1:], SET_UP])
    assert run.result["operations"] == ["waited for the running set-up"]


def test_a_profile_that_was_left_behind_goes(run_module: RunModule, options: dict[str, Any]) -> None:
    left = Answer("domino_setup_read", "setup=80010\ndomain=RTP\nleftover=1\n")
    run = run_module("domino_setup", options, [left, Answer("target_file_write"), SET_UP])
    assert run.sent[1][1]["path"] == "/local/notesdata/stgw-setup.pds"
    assert run.sent[1][1]["kind"] == "absent"


def test_check_mode_launches_nothing(run_module: RunModule) -> None:
    run = run_module("domino_setup", {**UNIX, "profile": ""}, [NOTHING], check=True)
    assert run.result["changed"] is True
    assert run.result["diff"]["before"] == ""


def test_a_missing_profile_is_named(run_module: RunModule, options: dict[str, Any]) -> None:
    with pytest.raises(AnsibleActionFail, match=r"profile: /nowhere\.pds cannot be read"):
        run_module("domino_setup", {**options, "profile": "/nowhere.pds"}, [NOTHING])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"values": {"AdminPassword": "x"}}, "values.AdminPassword: the editor takes it as an argument"),
        ({"values": {"ServerName": "a\nb"}}, "values.ServerName: "),
        ({"values": {"Server Name": "a"}}, "is no setting of a profile"),
        ({"user": None}, "user: None is not the user of the server"),
        ({"data": "notesdata"}, "data: 'notesdata' is not an absolute path"),
    ],
)
def test_what_is_refused(run_module: RunModule, change: dict[str, Any], message: str) -> None:
    with pytest.raises(AnsibleActionFail, match=message):
        run_module("domino_setup", {**UNIX, "profile": "", **change})


def test_windows_has_no_user(run_module: RunModule) -> None:
    with pytest.raises(AnsibleActionFail, match="user: has no meaning on Windows"):
        run_module("domino_setup", {**WINDOWS, "profile": "", "user": "notes"}, platform="windows")
