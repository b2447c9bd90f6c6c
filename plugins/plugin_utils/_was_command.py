# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""The commands in the `bin` folder of a WebSphere profile: run detached, with credentials no command line shows."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ansible.errors import AnsibleActionFail

from ._detached import DetachedJob, Work, job_folder, program_argv, program_text
from ._programs import Parameter
from ._target import Target
from ._was_credentials import soap_properties

# How long a command may take beyond the time that it was given itself.
GRACE_S = 60
# Any: what a command's exit code means is for its caller.
ANY_RC = range(-(2**31), 2**32)


@dataclass(frozen=True)
class Said:
    """Exit code as a shell shows it, None when another run of this task took it away, and the last lines printed."""

    rc: int | None
    text: str


class WasCommand:
    """One command of a profile: `tool` without its ending. `show` gets a line of progress now and then."""

    def __init__(
        self,
        target: Target,
        profile: str,
        tool: str,
        arguments: Sequence[str],
        show: Callable[[str], None],
        *,
        credentials: tuple[str, str] | None = None,
        timeout: int,
    ) -> None:
        self._target = target
        self._profile = profile
        separator, ending = ("\\", ".bat") if target.windows else ("/", ".sh")
        # The first argument names the server or the deployment manager, the rest may differ from run to run.
        name = " ".join([tool, *(word for word in arguments[:1] if not word.startswith("-")), profile])
        parameters: dict[str, Parameter] = {
            "program": separator.join([profile.rstrip("\\/"), "bin", tool + ending]),
            "arguments": subprocess.list2cmdline(arguments) if target.windows else list(arguments),
            "profile_path": profile,
            "credentials": soap_properties(*credentials).rstrip("\n") if credentials else "",
            "timeout": timeout,
        }
        if target.windows:
            parameters["output"] = job_folder(target, name) + r"\output"
        self._job = DetachedJob(
            target,
            Work(
                name=name,
                argv=program_argv(target),
                response_file=program_text(target, "was_command", parameters),
                accepted_rc=ANY_RC,
                progress_regex=r"([A-Z]{4,5}\d{4}[IWE]: .*)",
                timeout=timeout + GRACE_S,
            ),
            show,
        )

    @property
    def running(self) -> bool:
        """Whether an earlier run of this task left it at work."""
        return self._job.status() == "running"

    def run(self) -> Said:
        """Run it, or wait for the one at work. Raises when it was killed or takes too long, not when it fails."""
        try:
            done = self._job.run()
        except AnsibleActionFail:
            Leftover(self._target, self._profile).remove()
            raise
        rc = done.rc if done.rc is None else done.rc & 0xFF
        return Said(rc, done.excerpt)


class Leftover:
    """What killed runs left at a profile: credentials in its `soap.client.props`, and jobs whose text holds some."""

    # Of a state.
    KEY = "credentials"
    TEXT = "left by an interrupted run"

    def __init__(self, target: Target, profile: str) -> None:
        self._target = target
        # Jobs of a profile have its path at the end of their names.
        jobs = job_folder(target, f"* {profile}", keep="*")
        self._parameters: dict[str, Parameter] = {"profile_path": profile, "jobs": jobs}

    def state(self) -> dict[str, str]:
        """What belongs into the state of the resource."""
        said = self._target.execute("was_leftover", {"action": "look", **self._parameters})
        return {self.KEY: self.TEXT} if said.get("leftover") else {}

    def remove(self) -> str:
        """Take it away; what was done."""
        self._target.execute("was_leftover", {"action": "remove", **self._parameters})
        return "removed the credentials that an interrupted run left"
