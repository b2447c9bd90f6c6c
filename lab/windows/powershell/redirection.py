"""`>`, `>>`, `2>` and `2>&1` of a command."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from lab.windows.powershell.conversions import to_string
from lab.windows.powershell.engine import Emit, Engine
from lab.windows.powershell.errors import Refused
from lab.windows.powershell.formatting import display_lines
from lab.windows.powershell.syntax import Node


class Redirections:
    """Where a command's output and its errors go, if not where they always go."""

    def __init__(self) -> None:
        self.out_file: str | None = None
        self.append = False
        self.discard_out = False
        self.discard_errors = False
        self.merge_errors = False
        self._lines: list[str] = []

    def add(self, engine: Engine, node: Node) -> None:
        """One redirection as written."""
        merging = node.child("merging_redirection_operator")
        if merging is not None or node.text.strip() == "2>&1":
            if node.text.strip() != "2>&1":
                raise Refused(f"line {node.line}: PowerShell 2.0 does not know {node.text}")
            self.merge_errors = True
            return
        operator = node.need("file_redirection_operator").text.strip()
        name = node.need("redirected_file_name")
        target = engine.evaluate(name.children[-1])
        nothing = target is None
        if operator in (">", ">>"):
            self.discard_out = nothing
            self.out_file = None if nothing else to_string(target)
            self.append = operator == ">>"
        elif operator == "2>" and nothing:
            self.discard_errors = True
        else:
            raise Refused(f"line {node.line}: redirection {node.text} is not imitated")

    @property
    def touches_errors(self) -> bool:
        return self.merge_errors or self.discard_errors

    def wrap(self, engine: Engine, emit: Emit) -> Emit:
        """The sink that a command with these redirections writes to."""
        del engine
        if self.discard_out:
            return lambda _: None
        if self.out_file is not None:
            return self._keep
        return emit

    def _keep(self, item: Any) -> None:
        self._lines += display_lines(item)

    @contextmanager
    def active(self, engine: Engine) -> Iterator[None]:
        """Let errors that are reported meanwhile go where they are sent."""
        before = engine.redirections
        engine.redirections = self
        try:
            yield
        finally:
            engine.redirections = before

    def close(self, engine: Engine) -> None:
        """Write the file: as PowerShell 2.0 does, in UTF-16 with a byte order mark."""
        if self.out_file is None:
            return
        place = engine.session.machine.tree.path(self.out_file, engine.session.directory)
        data = "".join(line + "\r\n" for line in self._lines).encode("utf-16-le")
        if self.append and place.exists():
            place.write_bytes(place.read_bytes() + data)
        else:
            place.write_bytes(b"\xff\xfe" + data)
