# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
name: summary
type: notification
short_description: Say after a run what each host got, how long each stage took, and how to go on
version_added: 0.1.0
description:
  - After a run, prints the duration of every stage (play) and of all of them, and what was changed on each host, by
    stage and role.
  - Stages that configure WebSphere come with the number of times that wsadmin was launched.
  - When a host failed, prints the failed task with its message, and the command that resumes the run.
  - The last line is what the test cases of the stage verify came to.
  - Values of variables whose names begin with V(vault_) are masked, and extra variables are left out of the command.
requirements:
  - Enable it with C(callbacks_enabled = sametime.gateway.summary) in C(ansible.cfg).
author:
  - The sametime.gateway authors (@sametime-gateway)
"""

import time
from collections.abc import Mapping
from typing import Any

from ansible import context
from ansible.plugins.callback import CallbackBase

from ..plugin_utils._summary import Summary, resume_command


class CallbackModule(CallbackBase):  # type: ignore[misc]  # ansible-core is not typed
    """Collects while the run goes on, prints once at its end.

    Results have public names for their host, task and values since ansible-core 2.19 only: the older ones are used."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "notification"
    CALLBACK_NAME = "sametime.gateway.summary"
    CALLBACK_NEEDS_ENABLED = True

    def __init__(self) -> None:
        super().__init__()
        self._summary = Summary()
        self._playbook = ""
        self._play: Any = None

    def v2_playbook_on_start(self, playbook: Any) -> None:
        self._playbook = playbook._file_name

    def v2_playbook_on_play_start(self, play: Any) -> None:
        self._play = play
        self._summary.start_stage(play.get_name().strip(), time.monotonic())

    def v2_runner_on_ok(self, result: Any) -> None:
        self._count_launches(result._result)
        self._note_closing(result._result)
        if result.is_changed():
            task = result._task
            self._summary.add_change(result._host.get_name(), _role(task), task.name or task.action)

    def v2_runner_on_failed(self, result: Any, ignore_errors: bool = False) -> None:
        self._count_launches(result._result)
        self._note_closing(result._result)
        if not ignore_errors:
            self._fail(result)

    def v2_runner_on_unreachable(self, result: Any) -> None:
        if not result._task.ignore_unreachable:
            self._fail(result)

    def v2_playbook_on_stats(self, stats: Any) -> None:
        hosts = sorted(stats.processed)
        failed = {host for host in hosts if stats.failures.get(host) or stats.dark.get(host)}
        text = self._summary.text(
            hosts=hosts,
            failed=failed,
            now=time.monotonic(),
            check=bool(context.CLIARGS.get("check")),
            resume=resume_command(self._playbook, context.CLIARGS) if failed else "",
        )
        self._display.banner("SUMMARY")
        self._display.display(text)

    def _count_launches(self, result: Mapping[str, Any]) -> None:
        """Of a task or of each item of its loop."""
        for each in result.get("results") or [result]:
            if isinstance(each, Mapping) and isinstance(each.get("launches"), int):
                self._summary.add_launches(each["launches"])

    def _note_closing(self, result: Mapping[str, Any]) -> None:
        """What the module `verify_report` says in one line."""
        if isinstance(result.get("closing"), str):
            self._summary.close_with(result["closing"])

    def _fail(self, result: Any) -> None:
        name = result._host.get_name()
        message = _message(result._result)
        for secret in self._secrets(result._host):
            message = message.replace(secret, "********")
        task = result._task
        role, title = _role(task), task.name or task.action
        self._summary.add_failure(name, role, title, message, for_all=bool(task.run_once))

    def _secrets(self, host: Any) -> list[str]:
        """The plain values of the host's vault variables, the longest first: one may be a part of another."""
        variables = self._play.get_variable_manager().get_vars(play=self._play, host=host)
        values = {str(value) for name, value in variables.items() if name.startswith("vault_") and value}
        return sorted(values, key=len, reverse=True)


def _role(task: Any) -> str:
    """The short name of the task's role, empty for a task of the playbook itself."""
    role = getattr(task, "_role", None)
    return role.get_name().rpartition(".")[2] if role else ""


def _message(result: Mapping[str, Any]) -> str:
    """Why a task failed; for a loop, why its items did."""
    items = [item for item in result.get("results") or [] if item.get("failed") or item.get("unreachable")]
    if items:
        return "\n".join(dict.fromkeys(_message(item) for item in items))
    return str(result.get("censored") or result.get("msg") or "it gave no reason").strip()
