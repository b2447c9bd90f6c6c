"""`/etc/inittab`: mkitab chitab lsitab rmitab telinit."""

from __future__ import annotations

import os
import signal

from lab.aix.userland.command import NOT_EMULATED, CommandError, Locked, parse, read_text, write_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from lab.aix.userland.command import Command

INITTAB = "/etc/inittab"
ACTIONS = frozenset(
    [
        "boot",
        "bootwait",
        "hold",
        "initdefault",
        "off",
        "once",
        "ondemand",
        "powerfail",
        "powerwait",
        "respawn",
        "sysinit",
        "wait",
    ]
)
LONGEST_IDENTIFIER = 14


def _identifier(entry: str) -> str:
    return entry.split(":", 1)[0]


def _entries() -> list[str]:
    return read_text(INITTAB).splitlines()


def _save(entries: list[str]) -> None:
    write_text(INITTAB, "".join(f"{entry}\n" for entry in entries))


def _checked(command: str, operands: list[str], usage: str) -> str:
    """The record given on the command line: `Identifier:RunLevel:Action:Command`."""
    if len(operands) != 1:
        raise CommandError(usage)
    fields = operands[0].split(":", 3)
    if len(fields) != 4:
        raise CommandError(f"{command}: the record {operands[0]} is not Identifier:RunLevel:Action:Command\n{usage}")
    identifier, levels, action, _ = fields
    if not 0 < len(identifier) <= LONGEST_IDENTIFIER:
        raise CommandError(f"{command}: the identifier {identifier} has not 1 to 14 characters")
    if set(levels) - set("0123456789abcdeshSN"):
        raise CommandError(f"{command}: the run level {levels} is not valid")
    if action not in ACTIONS:
        raise CommandError(f"{command}: the action {action} is not valid")
    return operands[0]


def _position(command: str, entries: list[str], identifier: str) -> int:
    for index, entry in enumerate(entries):
        if _identifier(entry) == identifier:
            return index
    raise CommandError(f"{command}: there is no record with the identifier {identifier}")


def lsitab(arguments: Sequence[str]) -> int:
    """Show a record, or all; without output and with code 1 when there is none."""
    usage = "Usage: lsitab { -a | Identifier }"
    options = parse("lsitab", arguments, "a", usage)
    if ("a" in options) == bool(options.operands) or len(options.operands) > 1:
        raise CommandError(usage)
    found = [entry for entry in _entries() if "a" in options or _identifier(entry) == options.operands[0]]
    for entry in found:
        if not entry.startswith(":"):
            print(entry)
    return 0 if found else 1


def mkitab(arguments: Sequence[str]) -> None:
    """Add a record at the end, or after the one that -i names."""
    usage = "Usage: mkitab [-i Identifier] { [Identifier]:[RunLevel]:[Action]:[Command] }"
    options = parse("mkitab", arguments, "i:", usage)
    record = _checked("mkitab", options.operands, usage)
    with Locked("inittab"):
        entries = _entries()
        if any(_identifier(entry) == _identifier(record) for entry in entries):
            raise CommandError(f"mkitab: the identifier {_identifier(record)} already exists")
        at = _position("mkitab", entries, options.get("i")) + 1 if "i" in options else len(entries)
        entries.insert(at, record)
        _save(entries)


def chitab(arguments: Sequence[str]) -> None:
    """Replace a record."""
    usage = "Usage: chitab { [Identifier]:[RunLevel]:[Action]:[Command] }"
    record = _checked("chitab", parse("chitab", arguments, "", usage).operands, usage)
    with Locked("inittab"):
        entries = _entries()
        entries[_position("chitab", entries, _identifier(record))] = record
        _save(entries)


def rmitab(arguments: Sequence[str]) -> None:
    """Remove a record."""
    usage = "Usage: rmitab Identifier"
    options = parse("rmitab", arguments, "", usage)
    if len(options.operands) != 1:
        raise CommandError(usage)
    with Locked("inittab"):
        entries = _entries()
        del entries[_position("rmitab", entries, options.operands[0])]
        _save(entries)


def telinit(arguments: Sequence[str]) -> None:
    """`telinit q` has init read the file again; run levels do not change here."""
    if list(arguments) not in (["q"], ["Q"]):
        raise CommandError("telinit: lab: only `telinit q` is emulated", NOT_EMULATED)
    os.kill(1, signal.SIGHUP)


COMMANDS: dict[str, Command] = {
    "lsitab": lsitab,
    "mkitab": mkitab,
    "chitab": chitab,
    "rmitab": rmitab,
    "telinit": telinit,
}
