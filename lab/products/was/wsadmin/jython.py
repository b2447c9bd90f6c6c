"""The Jython of one run: started early, asked to do the work later, gone with this process."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import cast

from lab import namespaces
from lab.products.was.wsadmin import java_home, wire

Answer = Callable[[Sequence[wire.Value]], wire.Value]


class Jython:
    """A running Java program. It starts at once; `serve` lets it go on."""

    def __init__(
        self,
        folder: Path,
        properties: Mapping[str, str],
        environment: Mapping[str, str],
        *,
        archive: str = "",
        output: int | None = None,
    ) -> None:
        """`archive`: as for `java_home.command`; `output`: where all it prints goes, if not to this process's own."""
        answers, self._answers = os.pipe()
        self._questions, questions = os.pipe()
        with java_home.opened(folder) as handed_over:
            command = java_home.command(
                properties, [f"/proc/self/fd/{answers}", f"/proc/self/fd/{questions}"], archive=archive
            )
            self._process = subprocess.Popen(
                command,
                pass_fds=(answers, questions, handed_over),
                stdout=output,
                stderr=output,
                preexec_fn=namespaces.end_with_parent,  # noqa: PLW1509 - there are no threads here
                # Names of files in UTF-8, whatever the locale of the host's user.
                env={**environment, "LC_ALL": "C.UTF-8"},
            )
        os.close(answers)
        os.close(questions)

    def serve(self, answer: Answer) -> int:
        """Answer its questions until it says how it ended; its exit code, or that of a killed program."""
        with os.fdopen(self._questions, "rb") as questions, os.fdopen(self._answers, "wb", buffering=0) as answers:
            try:
                while (question := cast(Sequence[wire.Value], wire.read(questions)))[0] != "end":
                    answers.write(wire.encode(answer(question)))
                answers.write(wire.encode(None))
                self._process.wait()
                return cast(int, question[1])
            except (EOFError, BrokenPipeError):
                code = self._process.wait()
                return code if code > 0 else 128 - code
