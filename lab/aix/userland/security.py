"""Passwords and the stanza files of `/etc/security`: chpasswd pwdadm passwd chsec lssec."""

from __future__ import annotations

import sys

from lab.aix.userland import accounts as db
from lab.aix.userland.command import NOT_EMULATED, CommandError, Locked, now, pairs, parse
from lab.aix.userland.identity import one_name
from lab.aix.userland.stanzas import read_stanzas

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from lab.aix.userland.command import Command


def chpasswd(arguments: Sequence[str]) -> int:
    """Set passwords from `user:password` lines on standard input; without -c the user must change it at login."""
    usage = "Usage: chpasswd [-R load_module] [-e] [-f flags | -c]"
    options = parse("chpasswd", arguments, "ecf:", usage, unemulated="R", code=22)
    if options.operands or ("f" in options and "c" in options):
        raise CommandError(usage, 22)
    from lab.aix.userland.passwords import hash_password  # noqa: PLC0415 - hashing is slow to import

    with db.Accounts() as accounts:
        for line in sys.stdin.read().splitlines():
            name, colon, password = line.partition(":")
            if not colon:
                raise CommandError("3004-720 Input is not in the form user:password.", 22)  # the text is the lab's
            user = accounts.user(name)
            values = {
                "password": password if "e" in options else hash_password(password),
                "lastupdate": str(now()),
                "flags": "" if "c" in options else options.get("f", "ADMCHG"),
            }
            db.set_attributes(db.SHADOW, name, values)
            user.password = "!"  # noqa: S105 - AIX's mark for "see /etc/security/passwd"
        accounts.save()
    return 0


PASSWORD_FLAGS = ("ADMIN", "ADMCHG", "NOCHECK")


def pwdadm(arguments: Sequence[str]) -> None:
    """Show (-q), clear (-c) or set (-f) the password flags of a user."""
    usage = "Usage: pwdadm [-R load_module] [ { -f Flags | -q | -c } ] User"
    options = parse("pwdadm", arguments, "qcf:", usage, unemulated="R", code=22)
    name = one_name(options.operands, usage)
    with db.Accounts() as accounts:
        accounts.user(name)
        if "q" in options:
            shadow = read_stanzas(db.SHADOW).get(name, {})
            print(f"{name}:")
            for key in ("lastupdate", "flags"):
                if key in shadow:
                    print(f"\t{key} = {shadow[key]}")
        elif set(options.get("f").split(",")) - {"", *PASSWORD_FLAGS}:
            raise CommandError(usage, 22)
        elif "c" in options or "f" in options:
            db.set_attributes(db.SHADOW, name, {"flags": options.get("f")})
        else:
            raise CommandError("pwdadm: lab: passwords are set by chpasswd, from standard input", NOT_EMULATED)


def passwd(_: Sequence[str]) -> None:
    """Refused: it talks to a terminal."""
    raise CommandError("passwd: lab: passwords are set by chpasswd, from standard input", NOT_EMULATED)


_SECURITY_FILES = tuple(
    f"/etc/security/{name}" for name in ("environ", "group", "lastlog", "limits", "login.cfg", "passwd", "user")
)


def _security_file(name: str) -> str:
    path = name if name.startswith("/") else f"/etc/security/{name}"
    if path not in _SECURITY_FILES:
        raise CommandError(f'3004-700 File "{name}" is not valid.', 22)
    return path


def chsec(arguments: Sequence[str]) -> None:
    """Change attributes in a stanza file of `/etc/security`."""
    usage = "Usage: chsec [-f File] [-s Stanza] [-a Attribute = Value ...]"
    options = parse("chsec", arguments, "f:s:a:", usage, code=22)
    if not all(flag in options for flag in "fsa") or options.operands:
        raise CommandError(usage, 22)
    values, names = pairs(options.all("a"))
    if names:
        raise CommandError(usage, 22)
    with Locked("security"):
        db.set_attributes(_security_file(options.get("f")), options.get("s"), values)


def lssec(arguments: Sequence[str]) -> None:
    """Show attributes of a stanza file of `/etc/security`."""
    usage = "Usage: lssec [-c | -f] [-f File] [-s Stanza] [-a Attribute ...]"
    options = parse("lssec", arguments, "cf:s:a:", usage, code=22)
    if not all(flag in options for flag in "fsa"):
        raise CommandError(usage, 22)
    stanza = read_stanzas(_security_file(options.get("f"))).get(options.get("s"))
    if stanza is None:
        raise CommandError(f'3004-696 Stanza "{options.get("s")}" does not exist.', 2)
    wanted = options.all("a") + options.operands
    if "c" in options:
        print(":".join(["#name", *wanted]))
        print(":".join([options.get("s"), *(stanza.get(key, "") for key in wanted)]))
    else:
        print(" ".join([options.get("s"), *(f"{key}={stanza.get(key, '')}" for key in wanted)]))


COMMANDS: dict[str, Command] = {
    "chpasswd": chpasswd,
    "pwdadm": pwdadm,
    "passwd": passwd,
    "chsec": chsec,
    "lssec": lssec,
}
