"""What would be in SystemOut.log."""

from __future__ import annotations

from lab.products.gateway.application.journal import Journal


class Log:
    """The texts that were written."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def write(self, component: str, level: str, text: str) -> None:
        self.lines.append(text)

    def said(self, part: str) -> bool:
        return any(part in line for line in self.lines)


def journal(log: Log) -> Journal:
    """One that writes there."""
    return Journal(log)  # type: ignore[arg-type]
