"""`installer`, and the detached work behind it."""

from __future__ import annotations

from typing import Any

import pytest
from ansible.errors import AnsibleActionFail, AnsibleConnectionFailure

from plugins.plugin_utils import _detached
from plugins.plugin_utils._detached import sh_command
from plugins.plugin_utils._detection import at_least
from tests.unit.plugins.conftest import RunModule
from tests.unit.plugins.fake_target import Answer, FakeTarget

OPTIONS: dict[str, Any] = {
    "name": "DB2 9.1 WSE",
    "detect": {"db2": {"path": "/opt/IBM/db2/V9.1", "version": "9.1.0.0"}},
    "argv": ["/stgw/media/db2/wse/db2setup", "-r", "{response_file}", "-l", "{log}"],
    "response_file": "PROD = WORKGROUP_SERVER_EDITION\nDAS_PASSWORD = S3cret\n",
    "secrets": ["S3cret"],
    "log": "/tmp/db2setup.log",
    "failure_regex": "The execution failed",
    "progress_regex": "^PROGRESS TASK START :: (.*)",
}
WINDOWS: dict[str, Any] = {
    **OPTIONS,
    "detect": {"db2": {"path": r"C:\Program Files\IBM\SQLLIB"}},
    "argv": [r"C:\stgw media\setup.exe", "/u", "{response_file}", "/l", "{log}"],
    "log": r"C:\Windows\Temp\db2setup.log",
    "accepted_rc": [0, 3010],
}

ABSENT = Answer("installer_detect", "")
PRESENT = Answer("installer_detect", "level=9.1.0.0\n")
NO_JOB = Answer("installer_job", "job=none\n", "")
STARTED = Answer("installer_job", "job=started\n")
ENDED = Answer("installer_job", "job=none\n")
DONE = Answer("installer_job", "job=done\nrc=0\n", "The execution completed successfully.\n")


def running(blob: str = "") -> Answer:
    return Answer("installer_job", "job=running\n", blob)


def done(rc: int, blob: str) -> Answer:
    return Answer("installer_job", f"job=done\nrc={rc}\n", blob)


@pytest.fixture(autouse=True)
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.sleep", lambda seconds: None)


def test_installed_is_left_alone(run_module: RunModule) -> None:
    run = run_module("installer", OPTIONS, [PRESENT, NO_JOB])
    assert run.result["changed"] is False
    assert run.result["state"] == {"version": "9.1.0.0"}
    assert [parameters.get("response") for _, parameters in run.sent] == [None, ""], "no secret travels to look"


def test_an_older_level_is_not_enough(run_module: RunModule) -> None:
    options = {**OPTIONS, "detect": {"db2": {"path": "/opt/IBM/db2/V9.1", "version": "9.1.0.4"}}}
    run = run_module("installer", options, [PRESENT, NO_JOB], check=True)
    assert run.result["changed"] is True
    assert run.result["diff"]["before"] == "version: 9.1.0.0\n"
    assert run.result["diff"]["after"] == "version: 9.1.0.4\n"


def test_install(run_module: RunModule) -> None:
    progress = running("PROGRESS TASK START :: INSTALLATION :: 3 :: 253 :: SQL procedures\n")
    run = run_module("installer", OPTIONS, [ABSENT, NO_JOB, STARTED, progress, DONE, ENDED, PRESENT, PRESENT, NO_JOB])
    assert run.result["operations"] == ["installed DB2 9.1 WSE"]
    assert run.result["rc"] == 0
    start = run.sent[2][1]
    assert start["command"] == (
        "exec '/stgw/media/db2/wse/db2setup' '-r' '/var/adm/stgw/db2-9-1-wse/response' '-l' '/tmp/db2setup.log'"
    )
    assert start["response"] == "PROD = WORKGROUP_SERVER_EDITION\nDAS_PASSWORD = S3cret"
    assert "S3cret" not in str(run.result)


def test_install_on_windows(run_module: RunModule) -> None:
    answers = [ABSENT, NO_JOB, STARTED, done(3010, "ok\n"), ENDED, PRESENT, PRESENT, NO_JOB]
    run = run_module("installer", WINDOWS, answers, platform="windows")
    assert run.result["rc"] == 3010
    start = run.sent[2][1]
    assert start["program"] == r"C:\stgw media\setup.exe"
    assert start["arguments"] == r"/u C:\Windows\Temp\stgw\db2-9-1-wse\response /l C:\Windows\Temp\db2setup.log"
    assert start["response"] == "PROD = WORKGROUP_SERVER_EDITION\r\nDAS_PASSWORD = S3cret\r\n"


@pytest.mark.parametrize(
    ("last", "said"),
    [
        (done(67, "ERROR: S3cret is wrong\n"), "exit code 67, accepted is 0"),
        (done(0, "The execution failed.\n"), "exit code 0, but its log matches"),
        (Answer("installer_job", "job=lost\n", "PROGRESS\n"), "killed it"),
    ],
)
def test_a_failure_shows_the_log_without_secrets(run_module: RunModule, last: Answer, said: str) -> None:
    with pytest.raises(AnsibleActionFail, match=said) as failure:
        run_module("installer", OPTIONS, [ABSENT, NO_JOB, STARTED, last, ENDED])
    assert (last.blob or "").split()[0] in failure.value.message
    assert "S3cret" not in failure.value.message


def test_success_without_the_product_is_a_failure(run_module: RunModule) -> None:
    with pytest.raises(AnsibleActionFail, match=r"the product is not there afterwards .found: nothing"):
        run_module("installer", OPTIONS, [ABSENT, NO_JOB, STARTED, DONE, ENDED, ABSENT])


def test_success_has_to_be_in_the_log(run_module: RunModule) -> None:
    options = {**OPTIONS, "success_regex": "completed successfully"}
    with pytest.raises(AnsibleActionFail, match="does not match 'completed successfully'"):
        run_module("installer", options, [ABSENT, NO_JOB, STARTED, done(0, "\n"), ENDED])


@pytest.mark.parametrize(
    ("detect", "said", "state"),
    [
        ({"was": {"path": "/was", "version": "6.1.0.11"}}, "product=SDK:6.1.0.0\nproduct=ND:6.1.0.11\n", "6.1.0.11"),
        ({"was": {"path": "/was", "product": "SDK"}}, "product=SDK:6.1.0.0\nproduct=ND:6.1.0.11\n", "6.1.0.0"),
        ({"update_installer": {"path": "/updi", "version": "6.1.0.9"}}, "version=Version: 6.1.0.10\n", "6.1.0.10"),
    ],
)
def test_products_of_websphere(run_module: RunModule, detect: dict[str, Any], said: str, state: str) -> None:
    run = run_module("installer", {**OPTIONS, "detect": detect}, [Answer("installer_detect", said), NO_JOB])
    assert run.result["changed"] is False
    assert run.result["state"] == {"version": state}


@pytest.mark.parametrize(
    ("detect", "said", "wanted"),
    [
        ({"was": {"path": "/was", "version": "6.1.0.11"}}, "product=ND:6.1.0.9\n", "version: 6.1.0.11\n"),
        ({"was": {"path": "/was", "product": "EXPRESS"}}, "product=ND:6.1.0.9\n", "version: any level\n"),
        ({"update_installer": {"path": "/updi"}}, "", "version: any level\n"),
        ({"was_profile": {"root": "/was", "name": "A"}}, 'entry=name="A" path="/was/A"\n', "profile: A\n"),
        (
            {"was_profile": {"root": "/was", "name": "A"}},
            'entry=isAReservationTicket="true" name="A" path="/was/A"\nfolder=/was/A\n',
            "profile: A\n",
        ),
    ],
)
def test_websphere_is_not_there_yet(run_module: RunModule, detect: dict[str, Any], said: str, wanted: str) -> None:
    answers = [Answer("installer_detect", said), NO_JOB]
    run = run_module("installer", {**OPTIONS, "detect": detect}, answers, check=True)
    assert run.result["changed"] is True
    assert run.result["diff"]["after"] == wanted


def test_a_complete_profile(run_module: RunModule) -> None:
    said = 'entry=isAReservationTicket="false" name="A" path="/was/A"\nfolder=/was/A\n'
    options = {**OPTIONS, "detect": {"was_profile": {"root": "/was", "name": "A"}}}
    run = run_module("installer", options, [Answer("installer_detect", said), NO_JOB])
    assert run.result["changed"] is False


def test_a_running_installer_is_waited_for(run_module: RunModule) -> None:
    run = run_module("installer", OPTIONS, [ABSENT, running(), DONE, ENDED, PRESENT, PRESENT, NO_JOB])
    assert run.result["operations"] == ["waited for the running installation of DB2 9.1 WSE"]
    assert run.result["diff"]["before"] == "installer: still working\n"


def test_what_a_crash_left_is_removed(run_module: RunModule) -> None:
    run = run_module(
        "installer", OPTIONS, [PRESENT, Answer("installer_job", "job=stale\n", ""), ENDED, PRESENT, NO_JOB]
    )
    assert run.result["operations"] == [
        "removed what an interrupted run of the installation of DB2 9.1 WSE left behind"
    ]
    assert [parameters.get("action") for _, parameters in run.sent][2] == "clear"


def test_one_that_ended_meanwhile_is_not_started_again(run_module: RunModule) -> None:
    run = run_module("installer", OPTIONS, [ABSENT, running(), NO_JOB, PRESENT, PRESENT, NO_JOB])
    assert run.result["operations"] == ["waited for the running installation of DB2 9.1 WSE"]
    assert [parameters.get("action") for _, parameters in run.sent if "action" in parameters] == ["look"] * 3


def test_one_that_another_run_tidied_up_is_judged_by_the_product(run_module: RunModule) -> None:
    joined = Answer("installer_job", "job=running\n")
    run = run_module("installer", OPTIONS, [ABSENT, NO_JOB, joined, NO_JOB, PRESENT, PRESENT, NO_JOB])
    assert "rc" not in run.result
    with pytest.raises(AnsibleActionFail, match="ended out of sight, but the product is not there"):
        run_module("installer", OPTIONS, [ABSENT, NO_JOB, joined, NO_JOB, ABSENT])


def test_a_lost_connection_is_not_the_end(run_module: RunModule, monkeypatch: pytest.MonkeyPatch) -> None:
    execute = FakeTarget.execute
    left = [_detached.LOST_CONNECTIONS]

    def flaky(self: FakeTarget, name: str, parameters: Any = None, *, check: bool = True) -> Any:
        if self.sent and self.sent[-1][1].get("action") == "start" and left[0]:
            left[0] -= 1
            raise AnsibleConnectionFailure("gone")
        return execute(self, name, parameters, check=check)

    monkeypatch.setattr(FakeTarget, "execute", flaky)
    run = run_module("installer", OPTIONS, [ABSENT, NO_JOB, STARTED, DONE, ENDED, PRESENT, PRESENT, NO_JOB])
    assert run.result["changed"] is True


def test_too_long_is_ended(run_module: RunModule) -> None:
    with pytest.raises(AnsibleActionFail, match="did not end within 0 seconds and was ended"):
        run_module("installer", {**OPTIONS, "timeout": 0}, [ABSENT, NO_JOB, STARTED, running(), ENDED])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"detect": {}}, "detect: exactly one of .* there is none"),
        ({"detect": {"path": "/x", "db2": {"path": "/y"}}}, "there is db2 and path"),
        ({"detect": {"registry": {"key": "HKLM:\\X"}}}, "AIX has no registry"),
        ({"response_file": None}, "argv: it holds {response_file}, so response_file must be given"),
        ({"log": None}, "argv: it holds {log}, so log must be given"),
        ({"argv": ["/x", "-l", "{log}"]}, "argv: {response_file} must stand"),
        ({"log": "db2setup.log"}, "log: 'db2setup.log' is not an absolute path of AIX"),
    ],
)
def test_bad_options_are_refused_before_anything_is_sent(
    run_module: RunModule, change: dict[str, Any], said: str
) -> None:
    with pytest.raises(AnsibleActionFail, match=said):
        run_module("installer", {**OPTIONS, **change})


def test_filesets(run_module: RunModule) -> None:
    options = {**OPTIONS, "detect": {"filesets": [{"name": "idsldap.clt*", "level": "6.1.0.0"}, {"name": "gskta.rte"}]}}
    found = Answer("installer_detect", "fileset=idsldap.cltbase61.rte:6.0.0.19\n")
    run = run_module("installer", options, [found, NO_JOB], check=True)
    assert run.result["state"] == {"idsldap.cltbase61.rte": "6.1.0.0", "gskta.rte": "any level"}


@pytest.mark.parametrize(
    ("registry", "fields", "changed"),
    [
        ({"key": "HKLM:\\X"}, "key=1\n", False),
        ({"key": "HKLM:\\X"}, "", True),
        ({"key": "HKLM:\\X", "value": "Version", "data": "6.1"}, "key=1\ndata=6.1\n", False),
        ({"key": "HKLM:\\X", "value": "Version", "data": "6.1"}, "key=1\ndata=6.0\n", True),
        ({"key": "HKLM:\\X", "value": "Version"}, "key=1\ndata=6.0\n", False),
        ({"key": "HKLM:\\X", "value": "Version"}, "key=1\n", True),
    ],
)
def test_registry(run_module: RunModule, registry: dict[str, str], fields: str, changed: bool) -> None:
    options = {**WINDOWS, "detect": {"registry": registry}}
    run = run_module("installer", options, [Answer("installer_detect", fields), NO_JOB], platform="windows", check=True)
    assert run.result["changed"] is changed


def test_levels_compare_as_numbers() -> None:
    assert at_least("9.1.0.10", "9.1.0.4")
    assert at_least("9.1", "9.1.0.0")
    assert not at_least("9.1.0.0", "9.1.0.4")
    assert at_least("anything", None)


def test_sh_command_quotes_everything() -> None:
    assert sh_command(["/x y", "it's"], "/d'", {"A": "$b"}) == (
        "cd '/d'\\''' || exit 127\nA='$b'; export A\nexec '/x y' 'it'\\''s'"
    )
