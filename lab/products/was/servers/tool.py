"""What the commands for nodes and servers have in common: options, messages on the screen and in a log file."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from lab.host import Host
from lab.products.was import layout
from lab.products.was.layout import Installation, Profile
from lab.products.was.servers import logs

FAILED = -1
_WIDTH = 79
_INDENT = " " * 11

COMMON = {
    "-quiet": False,
    "-logfile": True,
    "-replacelog": False,
    "-trace": False,
    "-username": True,
    "-user": True,
    "-password": True,
    "-conntype": True,
    "-profileName": True,
    "-help": False,
    "-?": False,
}
"""Options of every command: whether a value follows."""

EXITING = "ADMU0111E: Program exiting with error: com.ibm.websphere.management.exception.AdminException: "
"""What a failure begins with that the commands report as an exception."""


class Refused(Exception):
    """The command ends with a failure; the text is the reason, `.code` its exit code."""

    def __init__(self, text: str, code: int = FAILED) -> None:
        super().__init__(text)
        self.code = code


@dataclass(frozen=True)
class Words:
    """A command line: options (lower case) with their values, and the other words."""

    options: Mapping[str, str]
    operands: Sequence[str]

    def __contains__(self, option: str) -> bool:
        return option.lower() in self.options

    def value(self, option: str, otherwise: str = "") -> str:
        """The value of an option."""
        return self.options.get(option.lower(), otherwise)

    def number(self, option: str, otherwise: int) -> int:
        """The value of an option that wants a number. Raises `Refused`."""
        value = self.value(option, str(otherwise))
        if not value.isdigit():
            raise Refused(f"ADMU9992E: The value {value} is not valid for option {option}.")
        return int(value)

    @property
    def user(self) -> str:
        """`-username`, which is also `-user`."""
        return self.value("-username") or self.value("-user")


def read(arguments: Sequence[str], known: Mapping[str, bool], not_imitated: Sequence[str] = ()) -> Words:
    """The command line; `not_imitated` are those of the `known` options that the lab does not act out. Raises
    `Refused`."""
    takes = {name.lower(): value for name, value in {**COMMON, **known}.items()}
    options: dict[str, str] = {}
    operands = []
    words = iter(arguments)
    for word in words:
        option = word.lower()
        if not word.startswith("-"):
            operands.append(word)
        elif option not in takes:
            raise Refused(f"ADMU9991E: Unknown option: {word}")
        elif takes[option]:
            value = next(words, None)
            if value is None:
                raise Refused(f"ADMU9990E: Missing argument for option: {word}")
            options[option] = value
        else:
            options[option] = ""
    for option in not_imitated:
        if option.lower() in options:
            raise Refused(f"lab: the option {option} is not imitated")
    return Words(options, operands)


@dataclass(frozen=True)
class Place:
    """Where a command works."""

    host: Host
    installation: Installation
    profile: Profile


def place(host: Host, arguments: Sequence[str]) -> Place:
    """The profile of the command. Raises `Refused` when there is none."""
    installation, profile = layout.of_program(host, arguments)
    if profile is None:
        words = [word.lower() for word in arguments]
        name = arguments[words.index("-profilename") + 1] if "-profilename" in words[:-1] else ""
        raise Refused(
            f"WCMD0003E: Profile name {name} does not exist. Specify an existing profile name."
            if name
            else "WCMD0002E: There is no default profile. Specify one with the -profileName option."
        )
    return Place(host, installation, profile)


class Report:
    """The messages of one run of a command, on the screen and in its log."""

    def __init__(self, where: Place, words: Words, *log: str) -> None:
        self._host = where.host
        self._quiet = "-quiet" in words
        own = words.value("-logfile")
        self.native_log = own or logs.native(where.profile, *log)
        self._file: Path = where.host.path(self.native_log)
        self._file.parent.mkdir(parents=True, exist_ok=True)
        if "-replacelog" in words:
            self._file.unlink(missing_ok=True)
        self._append("************ Start Display Current Environment ************")
        self.say(f"ADMU0116I: Tool information is being logged in file {self.native_log}")
        if "-trace" in words:
            self.say("ADMU0115I: Trace mode is on.")
        self.say(f"ADMU0128I: Starting tool with the {where.profile.name} profile")

    def say(self, text: str) -> None:
        """A message, for everybody."""
        if not self._quiet:
            show(text)
        self._append(f"[{logs.stamp(self._host)}] 0000000a AdminTool     A   {text}")

    def fail(self, text: str) -> None:
        """The reason of a failure and what to do about it; `-quiet` does not silence it."""
        self._quiet = False
        self.say(text)
        self.say("ADMU1211I: To obtain a full trace of the failure, use the -trace option.")
        self.say(f"ADMU0211I: Error details may be seen in the file: {self.native_log}")

    def _append(self, line: str) -> None:
        with self._file.open("a", encoding="utf-8") as log:
            log.write(f"{line}\n")


def show(text: str) -> None:
    """Print a message in the width of a screen."""
    for message in text.splitlines():
        for line in textwrap.wrap(
            message, _WIDTH, subsequent_indent=_INDENT, break_long_words=False, break_on_hyphens=False
        ):
            print(line, flush=True)
