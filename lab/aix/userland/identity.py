"""What the commands for users and for groups share: checks of names and numbers, and the three formats of a list."""

from __future__ import annotations

import sys

from lab.aix.userland.command import CommandError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from lab.aix.userland.command import Options

LONGEST_NAME = 8  # max_logname 9 with its terminator, the default of AIX 5.3
LIMITS = tuple(
    name + suffix for name in ("fsize", "cpu", "data", "stack", "core", "rss", "nofiles") for suffix in ("", "_hard")
)
_SECURITY_NAMES = """
login su rlogin daemon admin ttys sugroups admgroups tpath umask expires SYSTEM logintimes pwdwarntime
account_locked minage maxage maxexpired minalpha minother mindiff maxrepeats minlen histexpire histsize
pwdchecks dictionlist auth1 auth2 registry loginretries capabilities roles
"""
USER_SECURITY = frozenset(_SECURITY_NAMES.split())
_NAME = set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-$")


def check_name(name: str) -> None:
    """Refuse what cannot be the name of a new user or group."""
    if len(name) > LONGEST_NAME:
        raise CommandError(f'3004-694 Error adding "{name}" : Name is too long.', 22)
    if not name or set(name) - _NAME or name[0] in "-+@~" or name in ("ALL", "default"):
        raise CommandError(f'3004-694 Error adding "{name}" : Name is not valid.', 22)


def number(value: str, attribute: str) -> int:
    """The value of a numeric attribute, an unsigned number of 32 bits without the highest."""
    if not value.isdigit() or int(value) >= 2**32 - 1:
        raise CommandError(f'3004-692 Error changing "{attribute}" to "{value}" : Value is invalid.', 22)
    return int(value)


def free_id(used: set[int]) -> int:
    """The next number the way mkuser counts: above the highest ordinary one."""
    return max([number for number in used if number < 60000] + [200]) + 1


def one_name(names: list[str], usage: str) -> str:
    """The only operand that is no attribute."""
    if len(names) != 1:
        raise CommandError(usage, 22)
    return names[0]


def list_rows(options: Options, rows: dict[str, dict[str, str]], usage: str, unknown: str) -> int:
    """Print users or groups in one of the three formats; `-a` takes every word up to the last one."""
    first, colons, stanza = options.all("a"), "c" in options, "f" in options
    if not options.operands or (colons and stanza):
        raise CommandError(usage, 22)
    *more, names = options.operands
    wanted = first + more
    if more and not first:
        raise CommandError(usage, 22)
    known = {"gecos", "adms", *LIMITS, *USER_SECURITY}.union(*(set(row) for row in rows.values()))
    for attribute in wanted:
        if attribute not in known:
            raise CommandError(f'3004-697 Attribute "{attribute}" is not valid.', 22)
    code = 0
    for name in rows if names == "ALL" else names.split(","):
        if name not in rows:
            sys.stdout.flush()
            sys.stderr.write(f'{unknown} "{name}" does not exist.\n')
            code = 2
            continue
        row = {key: rows[name].get(key, "").strip('"') for key in (wanted if first else rows[name])}
        if colons:
            print("#" + ":".join(["name", *row]))
            print(":".join([name, *(value.replace(":", "#!:") for value in row.values())]))
        elif stanza:
            print(f"{name}:\n" + "".join(f"\t{key}={value}\n" for key, value in row.items()))
        else:
            print(" ".join([name, *(f"{key}={value}" for key, value in row.items() if value or first)]))
    return code
