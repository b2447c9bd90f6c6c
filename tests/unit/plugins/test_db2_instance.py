"""`db2_instance`."""

from __future__ import annotations

from typing import Any

import pytest
from ansible.errors import AnsibleActionFail

from tests.unit.plugins.conftest import RunModule
from tests.unit.plugins.fake_target import Answer

OPTIONS: dict[str, Any] = {
    "name": "db2inst1",
    "state": "started",
    "fenced_user": "db2fenc1",
    "service": "db2c_db2inst1",
    "port": 50000,
    "registry": {"DB2COMM": "tcpip"},
    "autostart": True,
    "licence_file": "/m/db2wse_o.lic",
}
WINDOWS = {key: value for key, value in OPTIONS.items() if key != "fenced_user"} | {
    "name": "DB2",
    "service": "db2c_DB2",
}

REST = "registry.DB2COMM=TCPIP\nconfig.SVCENAME=db2c_db2inst1\n"
READY = (
    "port=50000/tcp\ncopy=1\nlicence=db2wse\ninstance=1\nusable=1\nregistry.DB2AUTOSTART=YES\n"
    f"{REST}config.DIAGLEVEL=3\nrunning=1\nlistening=1\n"
)
CREATED = "port=50000/tcp\ncopy=1\nlicence=db2wse\ninstance=1\nusable=1\nregistry.DB2AUTOSTART=YES\nrunning=1\n"
SETUP, RUN = Answer("db2_instance_setup"), Answer("db2_run", "", "DB20000I\n")
STARTED = Answer("db2_run", "", "SQL1063N  DB2START processing was successful.\n")


def read(fields: str) -> Answer:
    return Answer("db2_instance_read", fields)


def test_ready_is_left_alone(run_module: RunModule) -> None:
    run = run_module("db2_instance", OPTIONS, [read(READY)])
    assert run.result["changed"] is False
    assert run.result["restart_required"] is False


def test_everything_from_nothing(run_module: RunModule) -> None:
    services = Answer("target_file_read", "type=file\nmode=-rw-r--r--\nowner=root\ngroup=system\n", "ftp 21/tcp\n")
    written = Answer("target_file_read", services.fields, "ftp 21/tcp\ndb2c_db2inst1\t50000/tcp\n")
    answers = [
        read("copy=1\n"),
        SETUP,
        services,
        Answer("target_file_write"),
        written,
        SETUP,
        read(CREATED),
        RUN,
        SETUP,
        RUN,
        STARTED,
        read(READY),
    ]
    run = run_module("db2_instance", OPTIONS, answers)
    assert run.result["operations"] == [
        "db2licm -a /m/db2wse_o.lic",
        "db2c_db2inst1 is port 50000 in /etc/services",
        "db2icrt db2inst1",
        "db2set DB2COMM=TCPIP",
        "db2 update dbm cfg using SVCENAME db2c_db2inst1",
        "start with the machine: yes",
        "db2stop",
        "db2start",
    ]
    assert run.result["restart_required"] is False
    stop = next(parameters for name, parameters in run.sent if parameters.get("commands") == ["db2stop force"])
    assert stop["name"] == "db2inst1"


def test_check_mode_before_the_installation(run_module: RunModule) -> None:
    run = run_module("db2_instance", OPTIONS, [read("")], check=True)
    assert run.result["changed"] is True
    assert run.result["diff"]["before"] == ""
    assert "SVCENAME: db2c_db2inst1" in run.result["diff"]["after"]


def test_interrupted_creation_is_completed(run_module: RunModule) -> None:
    half = "port=50000/tcp\ncopy=1\nlicence=db2wse\ninstance=1\n"
    answers = [read(half), SETUP, read(CREATED), RUN, SETUP, RUN, STARTED, read(READY)]
    run = run_module("db2_instance", OPTIONS, answers)
    assert run.result["operations"][0] == "db2iupdt db2inst1"
    assert "instance: incomplete" in run.result["diff"]["before"]


def test_a_running_instance_waits_for_a_restart(run_module: RunModule) -> None:
    options = {**OPTIONS, "configuration": {"diaglevel": 4}}
    after = READY.replace("DIAGLEVEL=3", "DIAGLEVEL=4")
    run = run_module("db2_instance", options, [read(READY), RUN, read(after)])
    assert run.result["operations"] == ["db2 update dbm cfg using DIAGLEVEL 4"]
    assert run.result["restart_required"] is True


def test_running_without_its_port_is_restarted(run_module: RunModule) -> None:
    deaf = READY.replace("listening=1\n", "")
    run = run_module("db2_instance", OPTIONS, [read(deaf), RUN, STARTED, read(READY)])
    assert run.result["operations"] == ["db2stop", "db2start"]


def test_a_port_that_cannot_be_opened(run_module: RunModule) -> None:
    stopped = READY.replace("running=1\nlistening=1\n", "")
    said = "SQL5043N  Support for one or more communications protocols failed to start\n"
    with pytest.raises(AnsibleActionFail, match="Is another program listening on 50000"):
        run_module("db2_instance", OPTIONS, [read(stopped), Answer("db2_run", "", said)])


def test_db2_says_why_it_does_not_start(run_module: RunModule) -> None:
    stopped = READY.replace("running=1\nlistening=1\n", "")
    failed = Answer("db2_run", "", "SQL1220N  The database manager ...\n", rc=4, stderr="db2start: exit code 4\n")
    with pytest.raises(AnsibleActionFail, match="db2start: exit code 4\nSQL1220N"):
        run_module("db2_instance", OPTIONS, [read(stopped), failed])


def test_restarted(run_module: RunModule) -> None:
    run = run_module("db2_instance", {**OPTIONS, "state": "restarted"}, [read(READY), RUN, STARTED, read(READY)])
    assert run.result["operations"] == ["db2stop", "db2start"]
    assert run.result["changed"] is True


def test_stopped(run_module: RunModule) -> None:
    stopped = READY.replace("running=1\nlistening=1\n", "")
    run = run_module("db2_instance", {**OPTIONS, "state": "stopped"}, [read(READY), RUN, read(stopped)])
    assert run.result["operations"] == ["db2stop"]


def test_windows_service(run_module: RunModule) -> None:
    fields = READY.replace("registry.DB2AUTOSTART=YES\n", "service_key=DB2-0\nautostart=NO\n").replace(
        "db2inst1", "DB2"
    )
    answers = [read(fields), SETUP, read(fields.replace("autostart=NO", "autostart=YES"))]
    run = run_module("db2_instance", WINDOWS, answers, platform="windows")
    assert run.result["operations"] == ["start with the machine: yes"]
    assert run.sent[1][1]["service_key"] == "DB2-0"


def test_windows_makes_no_instance(run_module: RunModule) -> None:
    with pytest.raises(AnsibleActionFail, match="on Windows the setup program makes it"):
        run_module("db2_instance", WINDOWS, [read("port=50000/tcp\ncopy=1\nlicence=db2wse\n")], platform="windows")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"name": "Db2Inst1"}, "name: 'Db2Inst1' is not possible: DB2 on AIX allows 1 to 8 lower-case"),
        ({"name": "db2instance"}, "name: 'db2instance' is not possible"),
        ({"name": "sqlinst"}, "reserves"),
        ({"fenced_user": "DB2FENC1"}, "fenced_user: 'DB2FENC1' is not possible"),
        ({"registry": {"DB2COMM": "tcpip; rm"}}, "registry.DB2COMM: .* characters"),
        ({"service": None}, "port: 50000 needs a service name"),
    ],
)
def test_bad_options_are_refused_before_anything_is_sent(
    run_module: RunModule, change: dict[str, Any], said: str
) -> None:
    with pytest.raises(AnsibleActionFail, match=said):
        run_module("db2_instance", {**OPTIONS, **change})


def test_a_port_of_another_service(run_module: RunModule) -> None:
    with pytest.raises(AnsibleActionFail, match="port: 50000 belongs to the service ibm-db2"):
        run_module("db2_instance", OPTIONS, [read("taken=ibm-db2\ncopy=1\n")])
