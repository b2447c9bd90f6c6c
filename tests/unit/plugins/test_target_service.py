"""`target_service`."""

from __future__ import annotations

from typing import Any

import pytest
from ansible.errors import AnsibleActionFail

from plugins.plugin_utils._service_windows import restart_after
from tests.unit.plugins.conftest import RunModule
from tests.unit.plugins.fake_target import Answer

CHANGED = Answer("target_service_change")

LINE = (
    "stgwnat::--listen *:5060:/opt/stgw/sipnat:0:0:/dev/null:/dev/console:/dev/console:-R:-Q:-S:0:0:20:15:9:-d:20:stgw:"
)
ENTRY = "inittab=stgwnat:2:once:/usr/bin/startsrc -s stgwnat >/dev/console 2>&1\n"
SRC = {"path": "/opt/stgw/sipnat", "args": "--listen *:5060", "stdin": "/dev/null", "group": "stgw", "respawn": True}
FULL = {"name": "stgwnat", "state": "started", "enabled": True, "src": SRC}


def read(status: str | None = None, line: str = LINE, entry: str = "") -> Answer:
    return Answer("target_service_read", (f"definition={line}\nstatus={status}\n" if status else "") + entry)


def test_new_subsystem(run_module: RunModule) -> None:
    run = run_module("target_service", FULL, [read(), CHANGED, read("active", entry=ENTRY)])
    assert run.result["operations"] == ["mkssys stgwnat", "mkitab stgwnat", "start stgwnat"]
    assert run.sent[0] == ("target_service_read", {"name": "stgwnat", "id": "stgwnat", "user": ""})
    assert run.sent[1] == (
        "target_service_change",
        {
            "name": "stgwnat",
            "stop": False,
            "start": True,
            "timeout": 60,
            "define": "mkssys",
            "path": "/opt/stgw/sipnat",
            "args": "--listen *:5060",
            "uid": 0,
            "stdin": "/dev/null",
            "stdout": "/dev/console",
            "stderr": "/dev/console",
            "group": "stgw",
            "contact": "signals",
            "respawn": True,
            "stop_signal": 15,
            "force_signal": 9,
            "wait_seconds": 20,
            "enter": "mkitab",
            "entry": "stgwnat:2:once:/usr/bin/startsrc -s stgwnat >/dev/console 2>&1",
            "after": None,
            "reread": False,
        },
    )


def test_same_subsystem_is_left_alone(run_module: RunModule) -> None:
    assert run_module("target_service", FULL, [read("active", entry=ENTRY)]).result["changed"] is False


def test_changed_definition_does_not_restart(run_module: RunModule) -> None:
    options = {**FULL, "src": {**SRC, "args": "--listen *:5062", "group": None}}
    after = LINE.replace("5060", "5062")
    run = run_module("target_service", options, [read("active", entry=ENTRY), CHANGED, read("active", after, ENTRY)])
    assert run.result["operations"] == ["chssys stgwnat"]
    assert (run.sent[1][1]["stop"], run.sent[1][1]["start"], run.sent[1][1]["enter"]) == (False, False, "")


def test_signals_do_not_matter_to_a_subsystem_with_sockets(run_module: RunModule) -> None:
    line = "x:::/x:0:0:/dev/console:/dev/console:/dev/console:-O:-Q:-K:0:0:20:0:0:-d:20::"
    options = {"name": "x", "src": {"path": "/x", "contact": "sockets"}}
    assert run_module("target_service", options, [read("inoperative", line)]).result["changed"] is False


def test_entry_alone(run_module: RunModule) -> None:
    command = "/opt/IBM/db2/V9.1/bin/db2fmcd #DB2 Fault Monitor Coordinator"
    entry = {"runlevels": "2345", "action": "respawn", "command": command}
    options = {"name": "fmc", "inittab": entry}
    there = Answer("target_service_read", f"inittab=fmc:2345:respawn:{command}\n")
    run = run_module("target_service", options, [Answer("target_service_read"), CHANGED, there])
    assert run.sent[1][1]["enter"] == "mkitab"
    assert run.sent[1][1]["entry"] == f"fmc:2345:respawn:{command}"
    assert run.sent[1][1]["reread"] is True
    assert run_module("target_service", options, [there]).result["changed"] is False
    off = Answer("target_service_read", f"inittab=fmc:2:off:{command}\n")
    assert run_module("target_service", options, [off, CHANGED, there]).result["operations"] == ["chitab fmc"]
    gone = {"name": "fmc", "state": "absent"}
    run = run_module("target_service", gone, [there, CHANGED, Answer("target_service_read")])
    assert run.result["operations"] == ["rmitab fmc"]
    assert run.sent[1][1]["entry"] == "fmc"


@pytest.mark.parametrize(
    ("state", "status", "operations"),
    [
        ("started", "active", []),
        ("started", "inoperative", ["start xntpd"]),
        ("stopped", "active", ["stop xntpd"]),
        ("stopped", "inoperative", []),
        ("restarted", "active", ["stop xntpd", "start xntpd"]),
        ("restarted", "inoperative", ["start xntpd"]),
        ("present", "inoperative", []),
    ],
)
def test_running(run_module: RunModule, state: str, status: str, operations: list[str]) -> None:
    after = "inoperative" if state == "stopped" else "active"
    answers = [read(status)] + ([CHANGED, read(after)] if operations else [])
    assert run_module("target_service", {"name": "xntpd", "state": state}, answers).result["operations"] == operations


def test_removal_stops_first(run_module: RunModule) -> None:
    options = {"name": "stgwnat", "state": "absent"}
    run = run_module("target_service", options, [read("active", entry=ENTRY), CHANGED, read()])
    assert run.result["operations"] == ["stop stgwnat", "rmssys stgwnat", "rmitab stgwnat"]


def test_unknown_service_is_an_error_but_not_in_check_mode(run_module: RunModule) -> None:
    options = {"name": "nosuch", "state": "started"}
    with pytest.raises(AnsibleActionFail, match="the target has no service 'nosuch'; describe it by src"):
        run_module("target_service", options, [read()])
    assert run_module("target_service", options, [read()], check=True).result["changed"] is True


WINDOWS = """\
display_name=DB2 - DB2COPY1 - DB2
command=C:\\db2syscs.exe
account=.\\db2admin
start_mode=Manual
status=Stopped
"""


def test_windows_start_mode_and_state(run_module: RunModule) -> None:
    options = {"name": "DB2", "state": "started", "enabled": True}
    after = WINDOWS.replace("Manual", "Auto").replace("Stopped", "Running")
    answers = [Answer("target_service_read", WINDOWS), CHANGED, Answer("target_service_read", after)]
    run = run_module("target_service", options, answers, platform="windows")
    assert run.result["operations"] == ["start mode of DB2", "start DB2"]
    assert run.sent[1][1] == {
        "name": "DB2",
        "stop": False,
        "start": True,
        "timeout": 60,
        "define": "",
        "command": None,
        "display_name": None,
        "account": None,
        "password": None,
        "mode": "Automatic",
        "restart_ms": None,
        "remove": False,
    }
    again = run_module("target_service", options, [Answer("target_service_read", after)], platform="windows")
    assert again.result["changed"] is False


def test_windows_definition(run_module: RunModule) -> None:
    windows = {"command": r"C:\stgw\sipnat.exe", "account": r".\stgw", "password": "S3cret"}
    options = {"name": "stgwnat", "windows": windows}
    after = f"display_name=stgwnat\ncommand={windows['command']}\naccount=.\\stgw\nstart_mode=Manual\nstatus=Stopped\n"
    answers = [Answer("target_service_read"), CHANGED, Answer("target_service_read", after)]
    run = run_module("target_service", options, answers, platform="windows")
    assert run.result["operations"] == ["make stgwnat", "account of stgwnat"]
    assert run.sent[1][1]["define"] == "make"
    assert run.sent[1][1]["password"] == "S3cret"
    assert "S3cret" not in str(run.result)
    same = {"name": "stgwnat", "windows": {**windows, "account": "STGW"}}
    assert not run_module("target_service", same, [Answer("target_service_read", after)], platform="windows").result[
        "changed"
    ]
    gone = {"name": "stgwnat", "state": "absent"}
    answers = [
        Answer("target_service_read", after.replace("Stopped", "Running")),
        CHANGED,
        Answer("target_service_read"),
    ]
    run = run_module("target_service", gone, answers, platform="windows")
    assert run.result["operations"] == ["stop stgwnat", "remove stgwnat"]


@pytest.mark.parametrize(
    ("options", "platform", "said"),
    [
        ({"name": "x", "windows": {"command": "x"}}, "unix", "windows: has no meaning on AIX"),
        ({"name": "x", "src": {"path": "/x"}}, "windows", "src: has no meaning on Windows"),
        ({"name": "x", "src": {"path": "x"}}, "unix", "src.path: 'x' is not an absolute path"),
        ({"name": "a_long_service_name", "enabled": True}, "unix", "inittab.id: 'a_long_service_name' is not one word"),
        ({"name": "x", "enabled": False, "inittab": {}}, "unix", "describes an entry, but enabled is false"),
        ({"name": "x", "timeout": 0}, "unix", "timeout: 0 is not a number of seconds above 0"),
        ({"name": "x", "inittab": {"action": "initdefault"}}, "unix", "value of action must be one of"),
    ],
)
def test_bad_options_are_refused_before_the_first_contact(
    run_module: RunModule, options: dict[str, Any], platform: str, said: str
) -> None:
    with pytest.raises(AnsibleActionFail, match=said):
        run_module("target_service", options, platform=platform)


def test_what_windows_does_when_a_service_ends_by_itself() -> None:
    ends = "80-51-01-00-00-00-00-00-00-00-00-00-02-00-00-00-14-00-00-00-"
    assert restart_after(ends + "01-00-00-00-88-13-00-00-01-00-00-00-88-13-00-00") == 5
    assert restart_after(ends + "00-00-00-00-88-13-00-00-00-00-00-00-00-00-00-00") is None
    assert restart_after("") is None
