# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""Long work on a target that goes on when the connection is lost, and is found again by who comes next."""

from __future__ import annotations

import re
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ansible.errors import AnsibleActionFail, AnsibleConnectionFailure

from ._options import require_absolute
from ._outcome import Outcome
from ._programs import Parameter, ps_text, quote_sh, render_sh
from ._target import Target

WORK_DIR = {"unix": "/var/adm/stgw", "windows": r"C:\Windows\Temp\stgw"}
EXCERPT_LINES = 30
# So many looks in a row may fail with the connection before the task gives up; the job goes on in any case.
LOST_CONNECTIONS = 5
FIRST_PAUSE = 0.25


@dataclass(frozen=True)
class Work:
    """What is to be run. `argv` may hold `{response_file}` and `{log}` for the paths of these files; `early_log` is
    where it writes as long as there is no place for `log`."""

    name: str
    argv: Sequence[str]
    response_file: str = ""
    log: str | None = None
    early_log: str | None = None
    chdir: str | None = None
    environment: Mapping[str, Any] = field(default_factory=dict)
    work_dir: str | None = None
    accepted_rc: Sequence[int] = (0,)
    success_regex: str | None = None
    failure_regex: str | None = None
    progress_regex: str | None = None
    timeout: int = 7200
    poll_interval: int = 15


@dataclass(frozen=True)
class Done:
    """How it ended: exit code (None when another run has taken it away), end of what it printed and logged (without
    secrets), whether it ran already."""

    rc: int | None
    excerpt: str
    attached: bool


class DetachedJob:
    """One piece of work on one target. `show` gets a line of progress now and then."""

    def __init__(self, target: Target, work: Work, show: Callable[[str], None]) -> None:
        self._target = target
        self._work = work
        self._show = show
        separator = "\\" if target.windows else "/"
        self._work_dir = work.work_dir or WORK_DIR[target.platform]
        require_absolute(self._work_dir, target, "work_dir")
        self._folder = job_folder(target, work.name, self._work_dir)
        places = {"{response_file}": self._folder + separator + "response", "{log}": work.log or ""}
        self._argv = [_placed(argument, places) for argument in work.argv]

    def status(self) -> str:
        """`none`, `running`, `done`, `lost`, or `stale`: a response file was left behind by a crash."""
        return self._execute("look").get("job")

    def clean(self) -> None:
        """Remove all that a job has left, unless it runs."""
        self._execute("clear")

    def run(self, *, join: bool = False) -> Done:
        """Start the work, or join it when it runs already; wait for its end. Raises when it fails or takes too long.

        `join`: it was seen at work, so it must not be started anew when it has ended meanwhile.
        """
        attached = join or self._execute("start").get("job") == "running"
        if attached:
            self._show(f"{self._work.name}: it is at work already, waiting for it")
        outcome = self._watch()
        if outcome.get("job") == "none":
            # Whoever else waited for it was first to see its end, and has tidied up.
            return Done(None, self._excerpt(outcome), attached=True)
        self.clean()
        return Done(self._judge(outcome), self._excerpt(outcome), attached)

    def _execute(self, action: str) -> Outcome:
        work = self._work
        parameters: dict[str, Parameter] = {
            "action": action,
            "work_dir": self._work_dir,
            "work": self._folder,
            "logs": [log for log in (work.early_log, work.log) if log],
            "response": self._response() if action == "start" else "",
        }
        if self._target.windows:
            parameters |= {
                "program": self._argv[0],
                "arguments": subprocess.list2cmdline(self._argv[1:]),
                "chdir": work.chdir,
                "environment": [f"{name}={value}" for name, value in work.environment.items()],
            }
        else:
            parameters["command"] = sh_command(self._argv, work.chdir, work.environment)
        return self._target.execute("installer_job", parameters)

    def _response(self) -> str:
        text = self._work.response_file.replace("\r\n", "\n")
        if self._target.windows:
            return text.replace("\n", "\r\n")
        # The here-document that carries it in sh ends with a newline of its own.
        return text.removesuffix("\n")

    def _watch(self) -> Outcome:
        deadline = time.monotonic() + self._work.timeout
        pause = FIRST_PAUSE
        shown = ""
        lost = 0
        while True:
            time.sleep(min(pause, max(0.0, deadline - time.monotonic())))
            pause = min(pause * 2, self._work.poll_interval)
            try:
                outcome = self._execute("look")
            except AnsibleConnectionFailure as error:
                lost += 1
                if lost > LOST_CONNECTIONS:
                    raise
                self._show(f"{self._work.name}: the connection is lost, the work goes on: {error.message}")
                continue
            lost = 0
            line = self._target.mask(self._progress(outcome.blob or ""))
            if line and line != shown:
                self._show(f"{self._work.name}: {line}")
                shown = line
            if outcome.get("job") != "running":
                return outcome
            if time.monotonic() >= deadline:
                self._execute("end")
                raise AnsibleActionFail(
                    f"{self._work.name}: it did not end within {self._work.timeout} seconds and was ended; give it more"
                    f" time with timeout, if its log shows progress\n{self._excerpt(outcome)}"
                )

    def _progress(self, text: str) -> str:
        for line in reversed(text.splitlines()):
            match = re.search(self._work.progress_regex or r"\S.*", line)
            if match:
                return (match[1] if match.groups() else line).strip()
        return ""

    def _judge(self, outcome: Outcome) -> int:
        text = outcome.blob or ""
        work = self._work
        rc = int(outcome.get("rc", "-1"))
        problem = ""
        if outcome.get("job") != "done":
            problem = "it ended without an exit code, so somebody or something killed it"
        elif rc not in work.accepted_rc:
            problem = f"exit code {rc}, accepted is {', '.join(map(str, work.accepted_rc))}"
        elif work.failure_regex and re.search(work.failure_regex, text):
            problem = f"exit code {rc}, but its log matches {work.failure_regex!r}"
        elif work.success_regex and not re.search(work.success_regex, text):
            problem = f"exit code {rc}, but its log does not match {work.success_regex!r}"
        if not problem:
            return rc
        where = f" ({work.log})" if work.log else ""
        excerpt = self._excerpt(outcome)
        raise AnsibleActionFail(
            f"{work.name}: it failed: {problem}. End of its log{where}:\n{excerpt}",
            result={"rc": rc, "log": work.log or "", "log_excerpt": excerpt},
        )

    def _excerpt(self, outcome: Outcome) -> str:
        text = self._target.mask(outcome.blob or "")
        return "\n".join(text.splitlines()[-EXCERPT_LINES:]) or "(it wrote nothing)"


def job_folder(target: Target, name: str, work_dir: str | None = None, *, keep: str = "") -> str:
    """The folder of the job of that name, in which the characters `keep` stay."""
    separator = "\\" if target.windows else "/"
    slug = re.sub(rf"[^a-z0-9{re.escape(keep)}]+", "-", name.lower()).strip("-")
    return (work_dir or WORK_DIR[target.platform]) + separator + slug


def program_argv(target: Target) -> list[str]:
    """The `argv` of a job whose response file is a program of this collection."""
    if not target.windows:
        return ["/bin/sh", "{response_file}"]
    # Not -File, which wants a name that ends in .ps1.
    run = "Invoke-Expression ([IO.File]::ReadAllText('{response_file}', [Text.Encoding]::Default))"
    return ["powershell.exe", "-NoProfile", "-NonInteractive", "-ExecutionPolicy", "Bypass", "-Command", run]


def program_text(target: Target, name: str, parameters: Mapping[str, Parameter]) -> str:
    """The response file of a job that is program `name`. It goes when the job ends, and only root can read it."""
    return ps_text(name, parameters) if target.windows else render_sh(name, parameters).decode()


def _placed(argument: str, places: Mapping[str, str]) -> str:
    for place, path in places.items():
        argument = argument.replace(place, path)
    return argument


def sh_command(argv: Sequence[str], chdir: str | None, environment: Mapping[str, Any]) -> str:
    """The sh text that becomes `argv` in its directory and environment."""
    lines = [f"cd {quote_sh(chdir)} || exit 127"] if chdir else []
    lines += [f"{name}={quote_sh(str(value))}; export {name}" for name, value in environment.items()]
    lines.append("exec " + " ".join(quote_sh(word) for word in argv))
    return "\n".join(lines)
