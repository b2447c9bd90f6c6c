"""The summary after a run: the words themselves, and the callback in a real run of ansible-playbook."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from plugins.plugin_utils._summary import Summary, resume_command

REPOSITORY = Path(__file__).resolve().parents[3]


@pytest.fixture
def summary() -> Summary:
    summary = Summary()
    summary.start_stage("Databases", 100.0)
    summary.add_change("db2srv1", "db2", "sametime.gateway.db2 : Install DB2")
    summary.add_change("db2srv1", "db2", "db2 : Create the instance")
    summary.start_stage("Directories", 165.4)
    summary.add_change("ldapsrv1", "", "Tell the time")
    return summary


def test_stages_and_hosts(summary: Summary) -> None:
    text = summary.text(hosts=["db2srv1", "ldapsrv1", "stgw2"], failed=(), now=3900.0, check=False, resume="")
    assert text.splitlines() == [
        "Stages",
        "  Databases    0:01:05",
        "  Directories  1:02:15",
        "  in all       1:03:20",
        "",
        "Hosts",
        "  db2srv1: 2 changed",
        "      Databases / db2 (2): Install DB2; Create the instance",
        "  ldapsrv1: 1 changed",
        "      Directories (1): Tell the time",
        "  stgw2: nothing changed",
    ]


def test_what_the_test_cases_came_to_is_the_last_line(summary: Summary) -> None:
    summary.close_with("exchanged both ways")
    for resume in ("", "ansible-playbook site.yml"):
        text = summary.text(hosts=["db2srv1"], failed=(), now=200.0, check=False, resume=resume)
        assert text.splitlines()[-2:] == ["", "exchanged both ways"]


def test_launches_of_wsadmin_are_counted_where_they_could_be() -> None:
    summary = Summary()
    for name, counts in (("Databases", []), ("Cluster", [1, 0]), ("Proxies", [0])):
        summary.start_stage(name, 0.0)
        for count in counts:
            summary.add_launches(count)
    text = summary.text(hosts=["stgdm1"], failed=(), now=0.0, check=False, resume="")
    assert text.splitlines()[:6] == [
        "Stages",
        "  Databases  0:00:00",
        "  Cluster    0:00:00  wsadmin launches: 1",
        "  Proxies    0:00:00  wsadmin launches: 0",
        "  in all     0:00:00",
        "  wsadmin launches in all: 1",
    ]


def test_nothing_to_work_on_is_no_silent_success() -> None:
    summary = Summary()
    summary.start_stage("Databases", 0.0)
    text = summary.text(hosts=[], failed=(), now=1.0, check=False, resume="")
    assert "no host of the inventory is in a group" in text


def test_check_mode_does_not_claim_a_change(summary: Summary) -> None:
    text = summary.text(hosts=["db2srv1"], failed=(), now=200.0, check=True, resume="")
    assert "db2srv1: 2 would change" in text
    assert "2 changed" not in text


def test_a_failure_comes_with_its_message_and_the_way_on(summary: Summary) -> None:
    summary.add_failure("ldapsrv1", "itds", "itds : Install ITDS", "GLPxxx\nno room")
    text = summary.text(hosts=["ldapsrv1"], failed={"ldapsrv1"}, now=200.0, check=False, resume="again")
    assert text.splitlines()[-7:] == [
        "Failures",
        "  ldapsrv1: Directories / itds: Install ITDS",
        "      GLPxxx",
        "      no room",
        "",
        "Run again after the cure; what is done already stays as it is:",
        "  again",
    ]


def test_a_failure_that_was_dealt_with_is_no_news(summary: Summary) -> None:
    summary.add_failure("ldapsrv1", "itds", "Try", "no")
    assert "Failures" not in summary.text(hosts=["ldapsrv1"], failed=(), now=1.0, check=False, resume="")


def test_the_resume_command_leaves_extra_variables_out() -> None:
    command = resume_command(
        "site.yml",
        {"inventory": ["inventories/rtp", "my lab"], "subset": "db2srv1", "check": True, "extra_vars": ["p=secret"]},
    )
    assert command == (
        "ansible-playbook site.yml -i inventories/rtp -i 'my lab' --limit db2srv1 --check"
        "   (with the extra variables of this run)"
    )


def run(folder: Path, tasks: str) -> str:
    """The output of a play with `tasks` on two hosts that need no connection."""
    folder.joinpath("play.yml").write_text(
        "- name: Databases\n  hosts: all\n  gather_facts: false\n  vars: {vault_pw: s3cr3t-word}\n  tasks:\n" + tasks
    )
    environment = {
        **os.environ,
        "ANSIBLE_COLLECTIONS_PATH": str(REPOSITORY / "collections"),
        "ANSIBLE_CALLBACKS_ENABLED": "sametime.gateway.summary",
        "ANSIBLE_STDOUT_CALLBACK": "minimal",
        "ANSIBLE_HOME": str(folder),
    }
    command = ["ansible-playbook", "-i", "one,two", "-c", "local", "play.yml", "-e", "token=t0ken-word"]
    program = Path(sys.executable).parent / command[0]
    done = subprocess.run(
        [program, *command[1:]], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    return done.stdout.partition("SUMMARY")[2]


def test_callback_in_a_failing_run(tmp_path: Path) -> None:
    text = run(
        tmp_path,
        """
    - name: Note it
      ansible.builtin.debug: {msg: done}
      changed_when: inventory_hostname == "one"
    - name: Break
      ansible.builtin.fail: {msg: "password {{ vault_pw }} was refused"}
      when: inventory_hostname == "two"
""",
    )
    assert "one: 1 changed" in text
    assert "Databases (1): Note it" in text
    assert "two: Databases: Break\n      password ******** was refused" in text
    assert "ansible-playbook play.yml -i one,two" in text
    assert "s3cr3t-word" not in text
    assert "t0ken-word" not in text


LAUNCHER = """
from ansible.plugins.action import ActionBase

class ActionModule(ActionBase):
    def run(self, tmp=None, task_vars=None):
        count = int(self._task.args["count"])
        return {"changed": False, "launches": count, "failed": count > 2, "msg": "no"}
"""


def test_callback_counts_launches_of_tasks_of_loops_and_of_failures(tmp_path: Path) -> None:
    plugins = tmp_path / "action_plugins"
    plugins.mkdir()
    plugins.joinpath("launcher.py").write_text(LAUNCHER)
    text = run(
        tmp_path,
        """
    - name: Launch
      launcher: {count: "{{ item }}"}
      loop: [1, 2]
    - name: Fail
      launcher: {count: 3}
""",
    )
    assert "wsadmin launches in all: 12" in text, "of two hosts"


def test_callback_names_no_host_for_a_failure_of_all(tmp_path: Path) -> None:
    text = run(
        tmp_path,
        """
    - name: Judge
      ansible.builtin.fail: {msg: no}
      run_once: true
""",
    )
    assert "  all hosts: Databases: Judge" in text
