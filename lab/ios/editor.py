"""A configuration that is being changed, a command at a time: what the handlers of the commands work on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from lab.ios import config_commands
from lab.ios.configuration import CONSTANT, Configuration
from lab.ios.nat import Static
from lab.ios.syntax import Refused


def _no_answer(_: str) -> str:
    return ""


def _no_fault(_: str) -> None:
    return None


def _nothing(_: Static) -> None:
    """There is nothing to forget."""


def _never(_: Static) -> bool:
    return False


@dataclass
class Editor:
    """`interface` and `access_list` name those that commands are for; `ask` prints a question and reads the answer,
    `in_use` tells whether packets are translated by an entry, `forget` ends its translations, `fault` tells what was
    ordered to go wrong. `reading`: the commands come from a configuration, not from somebody who types."""

    configuration: Configuration
    ask: Callable[[str], str] = _no_answer
    in_use: Callable[[Static], bool] = _never
    forget: Callable[[Static], None] = _nothing
    fault: Callable[[str], str | None] = _no_fault
    mode: str = "config"
    interface: str = ""
    access_list: str = ""
    reading: bool = False

    def execute(self, line: str, prompt: str = "") -> None:
        """Do one command of the mode, or a global one in place of it; raises `Refused`."""
        try:
            command = config_commands.MODES[self.mode].parse(line, prompt)
        except Refused as refusal:
            if self.mode == "config":
                raise
            try:
                command = config_commands.MODES["config"].parse(line, prompt)
            except Refused:
                raise refusal from None
            self.mode = "config"
        command.run(self, **command.arguments)


def read(text: str) -> Configuration:
    """The configuration that a text describes; raises `Refused` as IOS does when it starts with it."""
    editor = Editor(Configuration(), reading=True)
    for line in text.splitlines():
        if line.startswith("!"):
            editor.mode = "config"
        elif line.strip() and line not in CONSTANT:
            if not line.startswith(" "):
                editor.mode = "config"
            editor.execute(line)
    return editor.configuration
