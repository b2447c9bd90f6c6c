"""`db2_database`."""

from __future__ import annotations

from typing import Any

import pytest
from ansible.errors import AnsibleActionFail

from tests.unit.plugins.conftest import RunModule
from tests.unit.plugins.fake_target import Answer

QUERY = "select count(*) from syscat.tables where tabschema = 'DB2INST1'"
OPTIONS: dict[str, Any] = {
    "name": "stgw",
    "instance": "db2inst1",
    "script": ["/stgw/media/gateway/database/db2/createDb.sh", "STGW", "db2inst1"],
    "verify": {"query": QUERY, "at_least": 5},
}
EXISTS = "instance=1\nexists=1\nterritory=US\ncodeset=UTF-8\n"
COMPLETE = f"{EXISTS}connected=1\ntables=5\ncount=5\n"
NO_JOB = Answer("installer_job", "job=none\n", "")
CREATION = [
    Answer("installer_job", "job=started\n"),
    Answer("installer_job", "job=done\nrc=0\n", "DB20000I\n"),
    Answer("installer_job", "job=none\n"),
]


@pytest.fixture(autouse=True)
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.sleep", lambda seconds: None)


def read(fields: str) -> Answer:
    return Answer("db2_database_read", fields)


# Whether there is a database at all, then whether it is the one asked for.
PROVEN = [read(COMPLETE), NO_JOB] * 2


def test_a_script_that_made_nothing_is_named(run_module: RunModule) -> None:
    """Exit code 1 may be a warning of the script, or that of a shell that did not find it."""
    creation = [CREATION[0], Answer("installer_job", "job=done\nrc=1\n", "cd: no such directory\n"), CREATION[2]]
    with pytest.raises(AnsibleActionFail, match=r"script: .* exit code 1, but there is no such database(.|\n)*cd: no"):
        run_module("db2_database", OPTIONS, [read("instance=1\n"), NO_JOB, *creation, read("instance=1\n"), NO_JOB])


def test_complete_is_left_alone(run_module: RunModule) -> None:
    run = run_module("db2_database", OPTIONS, [read(COMPLETE), NO_JOB])
    assert run.result["changed"] is False
    assert run.sent[0] == ("db2_database_read", {"name": "db2inst1", "database": "STGW", "query": QUERY})


def test_created_by_the_script(run_module: RunModule) -> None:
    run = run_module("db2_database", OPTIONS, [read("instance=1\n"), NO_JOB, *CREATION, *PROVEN])
    assert run.result["operations"] == ["created STGW"]
    command = str(run.sent[2][1]["command"])
    assert command.startswith("exec 'su' '-' 'db2inst1' '-c' '. \"$HOME/sqllib/db2profile\" && cd ")
    assert "./createDb.sh" in command


def test_created_by_a_statement_on_windows(run_module: RunModule) -> None:
    options = {"name": "STGW", "instance": "DB2", "codeset": "UTF-8", "database_path": "D:"}
    made = [read(f"{EXISTS}connected=1\ntables=0\n"), NO_JOB]
    answers = [read(""), NO_JOB, *CREATION, *made, *made]
    run = run_module("db2_database", options, answers, platform="windows")
    start = run.sent[2][1]
    assert start["program"] == "cmd.exe"
    assert start["arguments"] == (
        r'/c call "C:\Program Files\IBM\SQLLIB\BIN\db2.exe" '
        r'"create database STGW on D: using codeset UTF-8 territory US" > C:\Windows\Temp\stgw-stgw.log 2>&1'
    )
    assert "DB2CLP=**$$**" in list(start["environment"])  # type: ignore[arg-type]


def test_check_mode_before_the_installation(run_module: RunModule) -> None:
    run = run_module("db2_database", OPTIONS, [read(""), NO_JOB], check=True)
    assert run.result["changed"] is True
    assert run.result["state"]["complete"] is True


def test_an_empty_one_is_replaced(run_module: RunModule) -> None:
    empty = read(f"{EXISTS}connected=1\ntables=0\ncount=0\n")
    dropped = Answer("db2_run", "", "DB20000I\n")
    run = run_module("db2_database", OPTIONS, [empty, NO_JOB, dropped, *CREATION, *PROVEN])
    assert run.result["operations"] == ["dropped the incomplete database STGW", "created STGW"]
    assert "db2 drop database STGW" in list(run.sent[2][1]["commands"])  # type: ignore[arg-type]


@pytest.mark.parametrize(("allowed", "tables"), [("empty", 2), ("never", 0)])
def test_one_with_tables_is_never_dropped_unasked(run_module: RunModule, allowed: str, tables: int) -> None:
    partly = read(f"{EXISTS}connected=1\ntables={tables}\ncount=0\n")
    with pytest.raises(AnsibleActionFail, match="replace_incomplete: the database STGW"):
        run_module("db2_database", {**OPTIONS, "replace_incomplete": allowed}, [partly, NO_JOB])


@pytest.mark.parametrize(
    "fields", ["tables=\ncount=5\n", "tables=SQL0551N\n", "tables=5\ncount=SQL0204N\n", "tables=5\n"]
)
def test_no_number_is_not_zero(run_module: RunModule, fields: str) -> None:
    with pytest.raises(AnsibleActionFail, match="instead of a number"):
        run_module("db2_database", OPTIONS, [read(f"{EXISTS}connected=1\n{fields}"), NO_JOB])


def test_a_stopped_instance_is_told(run_module: RunModule) -> None:
    stopped = read(f"{EXISTS}problem=SQL1032N  No start database manager command was issued.\n")
    with pytest.raises(AnsibleActionFail, match="does not let anybody in: SQL1032N"):
        run_module("db2_database", OPTIONS, [stopped, NO_JOB])


def test_a_dry_run_takes_a_database_behind_a_stopped_instance_as_it_is(run_module: RunModule) -> None:
    """The run that is no dry one starts the instance in a step before."""
    stopped = read(f"{EXISTS}problem=SQL1032N  No start database manager command was issued.\n")
    assert run_module("db2_database", OPTIONS, [stopped, NO_JOB], check=True).result["changed"] is False


def test_a_dry_run_tells_any_other_reason_to_be_kept_out(run_module: RunModule) -> None:
    broken = read(f"{EXISTS}problem=SQL1031N  The database directory cannot be found.\n")
    with pytest.raises(AnsibleActionFail, match="SQL1031N"):
        run_module("db2_database", OPTIONS, [broken, NO_JOB], check=True)


def test_a_running_creation_is_waited_for(run_module: RunModule) -> None:
    """The half-made database is not taken for an incomplete one."""
    at_work = Answer("installer_job", "job=running\n", "")
    half = read(f"{EXISTS}connected=1\ntables=0\ncount=0\n")
    run = run_module("db2_database", OPTIONS, [half, at_work, *CREATION[1:], *PROVEN])
    assert run.result["operations"] == ["waited for the creation of STGW"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"name": "STGWDATABASE"}, "name: 'STGWDATABASE' is not possible: it has 12 characters; DB2 allows 1 to 8"),
        ({"name": "1STGW"}, "name: '1STGW' is not possible"),
        ({"instance": "DB2INST1"}, "instance: 'DB2INST1' is not possible"),
        ({"script": ["createDb.sh"]}, "script: 'createDb.sh' is not an absolute path"),
    ],
)
def test_bad_options_are_refused_before_anything_is_sent(
    run_module: RunModule, change: dict[str, Any], said: str
) -> None:
    with pytest.raises(AnsibleActionFail, match=said):
        run_module("db2_database", {**OPTIONS, **change})


def test_another_codeset_cannot_be_changed(run_module: RunModule) -> None:
    other = read(COMPLETE.replace("UTF-8", "ISO8859-1"))
    with pytest.raises(AnsibleActionFail, match="codeset: the database STGW has ISO8859-1, not UTF-8"):
        run_module("db2_database", OPTIONS, [other, NO_JOB])
