"""Somebody's session on the command line."""

from __future__ import annotations

from lab.ios import exec_commands, pipes, translations
from lab.ios.configuration import Configuration
from lab.ios.editor import Editor
from lab.ios.router import Router
from lab.ios.syntax import Refused
from lab.ios.terminal import Terminal

_PROMPTS = {"exec": "#", "config": "(config)#", "config-if": "(config-if)#", "config-ext-nacl": "(config-ext-nacl)#"}
_END = "\x1a"  # Ctrl-Z


class Shell:
    """`privileged`: whether `enable` was given; `ended`: whether to close the session."""

    def __init__(self, router: Router, terminal: Terminal) -> None:
        self.router = router
        self.terminal = terminal
        self.privileged = False
        self.ended = False
        self._editor: Editor | None = None
        self._output: list[str] = []

    # -- what the commands need ----------------------------------------------------------------------------------------
    def configuration(self) -> Configuration:
        """The running configuration as it is now."""
        return self.router.configuration()

    def edit(self) -> None:
        """Let the next commands change the configuration."""
        self._editor = Editor(
            self.configuration(),
            ask=self.ask,
            in_use=lambda static: bool(translations.of(static)),
            forget=translations.forget,
            fault=self.router.fault,
        )

    def ask(self, question: str, *, shown: bool = True) -> str:
        """An answer; nothing when there is no more input."""
        return self.terminal.read(question, shown=shown) or ""

    def show(self, text: str) -> None:
        """Print, through the filter behind the command when there is one."""
        self._output.append(text)

    # -- the loop ------------------------------------------------------------------------------------------------------
    def run(self) -> int:
        """Until the session is closed; the exit code of the program."""
        while not self.ended:
            line = self.terminal.read(self.prompt)
            if line is None:
                break
            self.execute(line)
        return 0

    @property
    def prompt(self) -> str:
        """What stands before the next line."""
        mode = _PROMPTS[self._editor.mode] if self._editor else "#" if self.privileged else ">"
        return f"{self.configuration().hostname}{mode}"

    def execute(self, line: str) -> None:
        """Do one line and print what comes of it."""
        ends = _END in line
        line = line.partition(_END)[0]
        self._output = []
        try:
            # What begins with `!` is a comment.
            if line.strip() and not line.lstrip().startswith("!"):
                self._command(line)
        except Refused as refusal:
            self._output.append(f"{refusal}\n")
        self.terminal.show("".join(self._output))
        if self._editor and (ends or self._editor.mode == "exec"):
            self._editor = None

    def _command(self, line: str) -> None:
        prompt = self.prompt
        editor = self._editor
        first, _, rest = line.strip().partition(" ")
        if editor and first.lower() == "do":
            self._exec(rest.strip(), f"{prompt}do ")
        elif editor and self.router.fault("ios:configure") == "connection-lost":
            self.ended = True
        elif editor:
            with self.router.change() as editor.configuration:
                editor.execute(line, prompt)
        else:
            self._exec(line, prompt)

    def _exec(self, line: str, prompt: str) -> None:
        command, behind = pipes.split(line)
        grammar = exec_commands.PRIVILEGED if self.privileged else exec_commands.USER
        found = grammar.parse(command, prompt)
        found.run(self, **found.arguments)
        if behind:
            self._output[:] = [pipes.apply("".join(self._output), behind)]
