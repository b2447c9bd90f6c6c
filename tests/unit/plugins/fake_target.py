"""A target that gives recorded answers."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import SimpleNamespace

from plugins.plugin_utils._outcome import Outcome, parse_outcome
from plugins.plugin_utils._programs import Parameter, render_ps, render_sh
from plugins.plugin_utils._target import Platform, ProgramFailed, Target


@dataclass(frozen=True)
class Answer:
    """What a program said when it was recorded: `blob` is the free text behind the fields."""

    program: str
    fields: str = ""
    blob: str | None = None
    rc: int = 0
    stderr: str = ""

    def stdout(self, platform: Platform) -> str:
        if self.blob is None:
            return self.fields
        blob = base64.b64encode(self.blob.encode()).decode() if platform == "windows" else self.blob
        return f"{self.fields}--\n{blob}"


class FakeTarget(Target):
    """Gives `answers` in order and keeps what it was asked in `sent`."""

    def __init__(self, platform: Platform, answers: Sequence[Answer], secrets: Sequence[str] = ()) -> None:
        super().__init__(SimpleNamespace(), platform, secrets)
        self._answers = list(answers)
        self.sent: list[tuple[str, dict[str, Parameter]]] = []

    def execute(self, name: str, parameters: Mapping[str, Parameter] | None = None, *, check: bool = True) -> Outcome:
        # Fails when the program does not exist for the platform or a parameter cannot be sent.
        (render_ps if self.windows else render_sh)(name, parameters or {})
        self.sent.append((name, dict(parameters or {})))
        assert self._answers, f"{name} was not expected, sent so far: {self.sent}"
        answer = self._answers.pop(0)
        assert answer.program == name, f"{name} was sent, {answer.program} expected"
        outcome = parse_outcome(answer.rc, answer.stdout(self.platform), self.mask(answer.stderr), self.windows)
        if check and answer.rc != 0:
            raise ProgramFailed(name, outcome)
        return outcome

    def assert_done(self) -> None:
        """Every answer was asked for."""
        assert not self._answers, f"never asked: {[answer.program for answer in self._answers]}"
