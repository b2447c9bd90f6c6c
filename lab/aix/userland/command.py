"""What every command of the userland shares: flags, error texts, exit codes, and the files of the host.

Commands start dozens of times per task, so this package avoids what is slow to import (`argparse`, `pathlib`, `re`,
`typing`, `subprocess`): a command is up in about 10 ms.
"""

from __future__ import annotations

import fcntl
import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import NoReturn

    Command = Callable[[Sequence[str]], int | None]

NOT_EMULATED = 99
"""Exit code for what AIX would do and the lab does not: never a code of the real command."""

_root = ""


class CommandError(Exception):
    """Ends a command with a text on standard error and an exit code."""

    def __init__(self, message: str, code: int = 1) -> None:
        super().__init__(message)
        self.message = message
        self.code = code


def native(path: str) -> str:
    """Where a path of the host lies: the path itself, except under test, where the root is a folder."""
    return _root + path


def set_root(root: str) -> None:
    """Choose the folder that stands for `/`; empty on a host."""
    global _root  # noqa: PLW0603 - one process, one command, one root
    _root = root


class Options:
    """Parsed flags, in order, and operands."""

    def __init__(self, flags: list[tuple[str, str]], operands: list[str]) -> None:
        self.flags = flags
        self.operands = operands

    def __contains__(self, flag: str) -> bool:
        return any(name == flag for name, _ in self.flags)

    def get(self, flag: str, default: str = "") -> str:
        """The value of a flag; the last one counts."""
        values = self.all(flag)
        return values[-1] if values else default

    def all(self, flag: str) -> list[str]:
        """Every value of a flag that may repeat."""
        return [value for name, value in self.flags if name == flag]


def parse(
    name: str, arguments: Sequence[str], spec: str, usage: str, *, unemulated: str = "", code: int = 1
) -> Options:
    """Read flags as AIX's getopt does: they end at the first operand or at `--`.

    `spec` is a getopt string. A letter of `unemulated` exists on AIX and not here; any other is refused as AIX does.
    """
    flags: list[tuple[str, str]] = []
    rest = list(arguments)
    while rest and rest[0].startswith("-") and rest[0] != "-":
        word = rest.pop(0)
        if word == "--":
            break
        letters = word[1:]
        while letters:
            letter, letters = letters[0], letters[1:]
            where = spec.find(letter) if letter not in ":-" else -1
            if letter in unemulated:
                raise CommandError(f"{name}: lab: the flag -{letter} is not emulated", NOT_EMULATED)
            if where < 0:
                raise CommandError(f"{name}: Not a recognized flag: {letter}\n{usage}", code)
            if spec[where + 1 : where + 2] != ":":
                flags.append((letter, ""))
                continue
            if not letters and not rest:
                raise CommandError(f"{name}: A flag requires a parameter: {letter}\n{usage}", code)
            flags.append((letter, letters or rest.pop(0)))
            letters = ""
    return Options(flags, rest)


def read_text(path: str) -> str:
    """A file of the host, empty when there is none."""
    try:
        with open(native(path), encoding="utf-8", errors="surrogateescape") as file:
            return file.read()
    except FileNotFoundError:
        return ""


def write_text(path: str, text: str, mode: int | None = None) -> None:
    """Replace a file of the host in one step; keeps its mode unless one is given."""
    place = native(path)
    if mode is None:
        try:
            mode = os.stat(place).st_mode & 0o7777
        except FileNotFoundError:
            mode = 0o644
    fresh = f"{place}.{os.getpid()}"
    with open(fresh, "w", encoding="utf-8", errors="surrogateescape") as file:
        os.fchmod(file.fileno(), mode)
        file.write(text)
    os.rename(fresh, place)


def share(descriptor: int) -> None:
    """Let every user write a file of the store, whatever the umask of the command that made it."""
    status = os.fstat(descriptor)
    if status.st_mode & 0o666 != 0o666 and status.st_uid == os.geteuid():
        os.fchmod(descriptor, 0o666)


class Locked:
    """A context in which no other command changes the same files."""

    def __init__(self, name: str) -> None:
        self._path = native(f"/.lab/state/{name}.lock")

    def __enter__(self) -> None:
        self._file = os.open(self._path, os.O_RDONLY | os.O_CREAT | os.O_CLOEXEC, 0o666)
        share(self._file)
        fcntl.flock(self._file, fcntl.LOCK_EX)

    def __exit__(self, *_: object) -> None:
        os.close(self._file)


def pairs(words: Sequence[str]) -> tuple[dict[str, str], list[str]]:
    """Split `Attribute=Value` operands from the names after them."""
    attributes = {}
    names = []
    for word in words:
        key, equals, value = word.partition("=")
        if equals:
            attributes[key] = value
        else:
            names.append(word)
    return attributes, names


def now() -> int:
    """Seconds since the epoch."""
    import time  # noqa: PLC0415 - few commands need it

    return int(time.time())


def lines_of(text: str) -> Iterator[str]:
    """The lines that are neither empty nor a comment of `*` or `#`."""
    for line in text.splitlines():
        if line.strip() and line[0] not in "*#":
            yield line


def start(module: str, name: str, root: str = "") -> NoReturn:
    """Entry of every command file: run `name` of `lab.aix.userland.<module>` with the words of the command line."""
    set_root(root)
    package = __import__(f"lab.aix.userland.{module}", fromlist=["COMMANDS"])
    command: Command = package.COMMANDS[name]
    try:
        code = command(sys.argv[1:]) or 0
        sys.stdout.flush()
    except CommandError as error:
        sys.stdout.flush()
        sys.stderr.write(error.message.rstrip("\n") + "\n")
        code = error.code
    except PermissionError as error:
        sys.stdout.flush()
        sys.stderr.write(f"{name}: 0403-006 Permission denied: {error.filename}\n")
        code = 1
    except BrokenPipeError:
        os._exit(1)
    sys.exit(code)
