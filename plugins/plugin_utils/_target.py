# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""Run programs on a target that has nothing but its own shell, over any connection of Ansible."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal, Protocol

from ansible.errors import AnsibleActionFail

from ._outcome import Outcome, parse_outcome
from ._programs import PS_COMMAND, SH_COMMAND, Parameter, render_ps, render_sh

Platform = Literal["unix", "windows"]

MASK = "********"
TAIL_LINES = 20


class Executor(Protocol):
    """The part of an action plugin that a target needs."""

    def low_level(self, command: str, stdin: bytes) -> tuple[int, str, str]:
        """Run `command` with `stdin` on the target; exit code, standard output, standard error."""


class ProgramFailed(AnsibleActionFail):  # type: ignore[misc]  # ansible-core is not typed
    """A program ended with a non-zero exit code."""

    def __init__(self, name: str, outcome: Outcome) -> None:
        said = "\n".join(outcome.stderr.strip().splitlines()[-TAIL_LINES:])
        super().__init__(f"{name} failed with exit code {outcome.rc}: {said or 'it said nothing'}")
        self.outcome = outcome


class Target:
    """One target: its platform, and a way to run programs on it."""

    def __init__(self, executor: Executor, platform: Platform, secrets: Iterable[str] = ()) -> None:
        self._executor = executor
        self.platform: Platform = platform
        # Longest first, or a secret that contains another would be masked only in part.
        self._secrets = sorted({secret for secret in secrets if secret}, key=len, reverse=True)

    @property
    def windows(self) -> bool:
        return self.platform == "windows"

    def execute(self, name: str, parameters: Mapping[str, Parameter] | None = None, *, check: bool = True) -> Outcome:
        """Run program `name`; with `check`, a non-zero exit code raises `ProgramFailed`."""
        if self.windows:
            command, stdin = PS_COMMAND, render_ps(name, parameters or {})
        else:
            command, stdin = SH_COMMAND, render_sh(name, parameters or {})
        rc, stdout, stderr = self._executor.low_level(command, stdin)
        outcome = parse_outcome(rc, stdout, self.mask(stderr), blob_is_base64=self.windows)
        if check and rc != 0:
            raise ProgramFailed(name, outcome)
        return outcome

    def mask(self, text: str) -> str:
        """`text` without any secret of this task."""
        for secret in self._secrets:
            text = text.replace(secret, MASK)
        return text
