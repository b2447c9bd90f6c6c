# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""A vendor's silent installer: run once, judged by exit code, log and detection."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ansible.errors import AnsibleActionFail

from ._detached import DetachedJob, Work
from ._detection import Detection
from ._options import require_absolute
from ._resource import Resource, State
from ._target import Target

# Keys of the state that tell about the work and not about the product. Both are to be seen in a diff, and to go.
WORKING = "installer"
LEFT_BEHIND = "work_files"


class Installer(Resource):
    """One product; the options are those of `installer`. `show` gets a line of progress now and then."""

    def __init__(
        self, options: Mapping[str, Any], target: Target, show: Callable[[str], None], detection: Detection
    ) -> None:
        check_placeholders(options)
        for option in ("log", "early_log"):
            if options[option]:
                require_absolute(options[option], target, option)
        self.name = options["name"]
        self._detection = detection
        self._log: str = options["log"] or ""
        self._job = DetachedJob(
            target,
            Work(
                name=options["name"],
                argv=options["argv"],
                response_file=options["response_file"] or "",
                log=options["log"],
                early_log=options["early_log"],
                chdir=options["chdir"],
                environment=options["environment"] or {},
                work_dir=options["work_dir"],
                accepted_rc=options["accepted_rc"],
                success_regex=options["success_regex"],
                failure_regex=options["failure_regex"],
                progress_regex=options["progress_regex"],
                timeout=options["timeout"],
                poll_interval=options["poll_interval"],
            ),
            show,
        )
        self.outcome: dict[str, Any] = {}
        """`rc`, `log` and `log_excerpt` once the installer ran."""

    def read(self) -> State:
        state = self._detection.read()
        status = self._job.status()
        if status == "running":
            state[WORKING] = "still working"
        elif status != "none":
            state[LEFT_BEHIND] = "left behind"
        return state

    def wanted(self, current: State) -> State:
        return self._detection.wanted(
            {key: value for key, value in current.items() if key not in (WORKING, LEFT_BEHIND)}
        )

    def change(self, current: State, wanted: State) -> list[str]:
        if {key: value for key, value in current.items() if key != LEFT_BEHIND} == wanted:
            self._job.clean()
            return [f"removed what an interrupted run of the installation of {self.name} left behind"]
        done = self._job.run(join=WORKING in current)
        self.outcome = {"log": self._log, "log_excerpt": done.excerpt}
        ended = "out of sight" if done.rc is None else f"with exit code {done.rc}"
        if done.rc is not None:
            self.outcome["rc"] = done.rc
        found = self._detection.read()
        if found != self._detection.wanted(found):
            raise AnsibleActionFail(
                f"{self.name}: the installer ended {ended}, but the product is not there afterwards"
                f" (found: {found or 'nothing'}). End of its log ({self._log or 'its output'}):\n{done.excerpt}",
                result=self.outcome,
            )
        return [f"waited for the running installation of {self.name}" if done.attached else f"installed {self.name}"]


def check_placeholders(options: Mapping[str, Any]) -> None:
    """Raise unless the arguments name exactly the files that there will be."""
    text = " ".join(options["argv"])
    for place, option in (("{response_file}", "response_file"), ("{log}", "log")):
        if place in text and not options[option]:
            raise AnsibleActionFail(f"argv: it holds {place}, so {option} must be given")
    if options["response_file"] and "{response_file}" not in text:
        raise AnsibleActionFail("argv: {response_file} must stand where the installer expects the path of its file")
