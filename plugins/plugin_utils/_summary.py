# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""What a run did, collected per stage and host, and told in plain words."""

from __future__ import annotations

import shlex
import textwrap
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

WIDTH = 100


@dataclass(frozen=True)
class Failure:
    """A task that failed; `where` is a host or all of them, `role` is empty for a task of a playbook."""

    where: str
    stage: str
    role: str
    task: str
    message: str


@dataclass
class Stage:
    """One play: when it began (seconds of a monotonic clock), what it changed, by host and role, and how often it
    launched wsadmin: None where no task could have."""

    name: str
    started: float
    launches: int | None = None
    changes: dict[str, dict[str, list[str]]] = field(default_factory=dict)


class Summary:
    """Filled while a run goes on."""

    def __init__(self) -> None:
        self._stages: list[Stage] = []
        # The last one of a host only: an earlier one was dealt with, or the host would not have come to the last.
        self._failures: dict[str, Failure] = {}
        self._closing = ""

    def start_stage(self, name: str, now: float) -> None:
        self._stages.append(Stage(name, now))

    def add_change(self, host: str, role: str, task: str) -> None:
        self._stages[-1].changes.setdefault(host, {}).setdefault(role, []).append(_bare(task, role))

    def add_launches(self, count: int) -> None:
        """A task that may launch wsadmin did so `count` times."""
        self._stages[-1].launches = (self._stages[-1].launches or 0) + count

    def add_failure(self, host: str, role: str, task: str, message: str, *, for_all: bool = False) -> None:
        """`for_all` tells that the task ran on this host in the name of all of them."""
        where = "all hosts" if for_all else host
        self._failures[host] = Failure(where, self._stages[-1].name, role, _bare(task, role), message)

    def close_with(self, words: str) -> None:
        """The last line of the summary."""
        self._closing = words

    def text(self, *, hosts: Sequence[str], failed: Collection[str], now: float, check: bool, resume: str) -> str:
        """The whole summary. `hosts` are all hosts of the run, `failed` those that ended in failure; `check` tells
        that nothing was really changed."""
        lines = ["Stages"]
        ends = [stage.started for stage in self._stages[1:]] + [now]
        width = max((len(stage.name) for stage in self._stages), default=0)
        started = self._stages[0].started if self._stages else now
        for stage, end in zip(self._stages, ends, strict=True):
            launched = f"  wsadmin launches: {stage.launches}" if stage.launches is not None else ""
            lines.append(f"  {stage.name:<{width}}  {_duration(end - stage.started)}{launched}")
        lines.append(f"  {'in all':<{width}}  {_duration(now - started)}")
        counts = [stage.launches for stage in self._stages if stage.launches is not None]
        if counts:
            lines.append(f"  wsadmin launches in all: {sum(counts)}")
        lines += ["", "Hosts (nothing was changed: check mode)" if check else "Hosts"]
        for host in hosts:
            lines += self._host(host, check=check)
        if not hosts:
            lines.append("  none: no host of the inventory is in a group that these stages work on")
        failures = [self._failures[host] for host in hosts if host in failed and host in self._failures]
        if failures:
            lines += ["", "Failures", *(line for failure in failures for line in _failure(failure))]
        if resume:
            lines += ["", "Run again after the cure; what is done already stays as it is:", f"  {resume}"]
        if self._closing:
            lines += ["", self._closing]
        return "\n".join(lines)

    def _host(self, host: str, *, check: bool) -> list[str]:
        count = sum(len(tasks) for stage in self._stages for tasks in stage.changes.get(host, {}).values())
        lines = [
            f"  {host}: {count} {'would change' if check else 'changed'}" if count else f"  {host}: nothing changed"
        ]
        for stage in self._stages:
            for role, tasks in stage.changes.get(host, {}).items():
                lines += _wrapped(f"{_place(stage.name, role)} ({len(tasks)}): ", "; ".join(tasks))
        return lines


def resume_command(playbook: str, options: Mapping[str, Any]) -> str:
    """The command of this run, without extra variables: they may be secrets. `options` are those of
    ansible-playbook."""
    words = ["ansible-playbook", playbook]
    for inventory in options.get("inventory") or ():
        words += ["-i", _short(inventory)]
    if options.get("subset"):
        words += ["--limit", options["subset"]]
    for option in ("check", "diff"):
        if options.get(option):
            words.append(f"--{option}")
    command = shlex.join(words)
    return f"{command}   (with the extra variables of this run)" if options.get("extra_vars") else command


def _short(source: str) -> str:
    """An inventory as it was most likely given: Ansible makes paths absolute."""
    path = Path(source)
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else source


def _failure(failure: Failure) -> list[str]:
    lines = [f"  {failure.where}: {_place(failure.stage, failure.role)}: {failure.task}"]
    return lines + [f"      {line}".rstrip() for line in failure.message.splitlines()]


def _bare(task: str, role: str) -> str:
    """The task's name without the role that Ansible puts in front."""
    head, colon, tail = task.partition(" : ")
    return tail if colon and head.rpartition(".")[2] == role else task


def _place(stage: str, role: str) -> str:
    return f"{stage} / {role}" if role else stage


def _wrapped(head: str, text: str) -> list[str]:
    return textwrap.wrap(text, WIDTH, initial_indent=f"      {head}", subsequent_indent=" " * 8)


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}"
