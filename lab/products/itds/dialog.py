"""How the server tools talk: options, prompts for what is missing, the question before a change, messages, log."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress

from lab.host import Host
from lab.products.itds.layout import Layout


class ToolError(Exception):
    """Ends a tool with a message (`GLP...E text`) and exit code 1."""


class Dialog:
    """One run of a tool. Without `-n` it asks for missing secrets and for leave to go on; `-q` hides all but errors."""

    def __init__(self, host: Host, layout: Layout, tool: str, options: Mapping[str, str]) -> None:
        self.host = host
        self.layout = layout
        self.tool = tool
        self.options = options
        self.silent = "q" in options
        self.may_ask = "n" not in options

    def tell(self, message: str) -> None:
        """A message of information."""
        log(self.host, self.layout, f"{self.tool}: {message}")
        if "b" in self.options:
            write_log(self.host, self.options["b"], message)
        if not self.silent:
            print(message, flush=True)

    def secret(self, option: str, question: str, missing: str) -> str:
        """The value of `option`, asked for when it was not given; `missing` is the error when asking is forbidden."""
        if option in self.options:
            return self.options[option]
        if not self.may_ask:
            raise ToolError(missing)
        answer = ask(question)
        if not answer:
            raise ToolError(missing)
        return answer

    def confirm(self, actions: Iterable[str]) -> None:
        """Show what will be done; raises `ToolError` when the answer is not to go on."""
        self.tell("You have chosen to perform the following actions:\n")
        for action in actions:
            self.tell(action)
        if not self.may_ask:
            return
        question = (
            "\nDo you want to....\n (1) Continue with the above actions, or\n (2) Exit without making any changes:"
        )
        if ask(question) != "1":
            raise ToolError("GLPGEN001E The program exited without making any changes.")


def ask(question: str) -> str:
    """A line of standard input; empty at its end."""
    print(question, end="", flush=True)
    return sys.stdin.readline().rstrip("\r\n")


def parse(arguments: Sequence[str], values: str, flags: str = "nq", operands: int = 0) -> dict[str, str]:
    """Options by letter; operands under their number. Raises `ToolError` for what the tool does not know."""
    options: dict[str, str] = {}
    rest = list(arguments)
    count = 0
    while rest:
        word = rest.pop(0)
        letter, value = word[1:2], word[2:]
        if not word.startswith("-") or len(word) == 1:
            if count == operands:
                raise ToolError(f"GLPGEN002E Unknown argument: '{word}'.")
            options[str(count)] = word
            count += 1
        elif letter in values:
            if not value and not rest:
                raise ToolError(f"GLPGEN003E The -{letter} option requires a value.")
            options[letter] = value or rest.pop(0)
        elif letter in flags and not value:
            options[letter] = ""
        elif word in ("-?", "-v", "-x"):
            raise ToolError(f"lab: the option '{word}' is not played out")
        else:
            raise ToolError(
                f"GLPGEN004E Unknown option: '{word}'. Use the -? option to see the syntax for the command."
            )
    return options


def log(host: Host, layout: Layout, message: str) -> None:
    """A line in the tools' log, unless the user may not write there."""
    with suppress(PermissionError):
        write_log(host, layout.log, message)


def write_log(host: Host, native: str, message: str) -> None:
    """A line, with the time in front, at the end of a log file."""
    path = host.path(native)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        file.write(f"{time.strftime('%b %d %H:%M:%S %Y')} {message}\n")


def must_be_administrator(host: Host) -> None:
    """Raises `ToolError` for anybody else than root or an administrator."""
    if not host.user.administrator:
        raise ToolError("GLPICR001E The program must be run as root or as a member of the Administrators group.")


def number(options: Mapping[str, str], letter: str, default: int) -> int:
    """A port given as an option; raises `ToolError` when it is none."""
    text = options.get(letter, str(default))
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise ToolError(f"GLPICR002E The value '{text}' of the -{letter} option is no port number.")
    return int(text)
