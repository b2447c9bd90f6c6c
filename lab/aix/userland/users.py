"""Users: mkuser chuser rmuser lsuser. Exit codes are errno: 2 unknown, 17 exists, 22 invalid."""

from __future__ import annotations

import os

from lab.aix.userland import accounts as db
from lab.aix.userland.command import NOT_EMULATED, CommandError, native, pairs, parse
from lab.aix.userland.identity import LIMITS, USER_SECURITY, check_name, free_id, list_rows, number, one_name
from lab.aix.userland.stanzas import read_stanzas

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from lab.aix.userland.command import Command

SHELLS = ("/usr/bin/ksh", "/bin/ksh", "/usr/bin/sh", "/bin/sh", "/usr/bin/psh", "/usr/bin/ksh93", "/usr/bin/false")


def _check_attributes(values: dict[str, str]) -> None:
    known = {"id", "pgrp", "groups", "home", "shell", "gecos", *LIMITS, *USER_SECURITY}
    for key, value in values.items():
        if key not in known:
            raise CommandError(f'3004-692 Error changing "{key}" to "{value}" : Attribute is not known.', 22)
        if key in LIMITS and value != "-1":
            number(value, key)
        if key == "shell" and value not in SHELLS:
            raise CommandError(f'3004-692 Error changing "shell" to "{value}" : Value is invalid.', 22)
        if (key in ("home", "gecos") and (":" in value or "\n" in value)) or (key == "home" and value[:1] != "/"):
            raise CommandError(f'3004-692 Error changing "{key}" to "{value}" : Value is invalid.', 22)


def _apply(accounts: db.Accounts, user: db.User, values: dict[str, str]) -> None:
    """Set the attributes that live in `/etc/passwd` and `/etc/group`."""
    if "id" in values:
        uid = number(values["id"], "id")
        if any(other.uid == uid for other in accounts.users.values() if other is not user):
            raise CommandError(f'3004-692 Error changing "id" to "{uid}" : ID is not unique.', 22)
        user.uid = uid
    if "pgrp" in values:
        user.gid = accounts.group(values["pgrp"]).gid
    user.home = values.get("home", user.home)
    user.shell = values.get("shell", user.shell)
    user.gecos = values.get("gecos", user.gecos)
    if "groups" in values:
        accounts.set_groups(user.name, [group for group in values["groups"].split(",") if group])


def _apply_security(name: str, values: dict[str, str]) -> None:
    limits = {key: value for key, value in values.items() if key in LIMITS}
    if limits:
        db.set_attributes(db.LIMITS, name, limits)
    security = {key: value for key, value in values.items() if key in USER_SECURITY}
    if security:
        db.set_attributes(db.USER, name, security)


def mkuser(arguments: Sequence[str]) -> None:
    """Create a user, its home directory and `.profile`."""
    usage = "Usage: mkuser [-R load_module] [-a] [attr=value ...] user"
    options = parse("mkuser", arguments, "a", usage, unemulated="R", code=22)
    values, names = pairs(options.operands)
    name = one_name(names, usage)
    check_name(name)
    _check_attributes(values)
    with db.Accounts() as accounts:
        if name in accounts.users:
            raise CommandError(f'3004-694 Error adding "{name}" : Account exists.', 17)
        uid = free_id({user.uid for user in accounts.users.values()})
        user = db.User(f"{name}:*:{uid}:{accounts.group('staff').gid}::/home/{name}:/usr/bin/ksh")
        _apply(accounts, user, values)
        accounts.users[name] = user
        if "groups" not in values:
            accounts.set_groups(name, [accounts.group_name(user.gid)])
        accounts.save()
        admin = {"admin": "true"} if "a" in options else {}
        db.set_attributes(db.USER, name, {"admin": "false", **admin})
        db.set_attributes(db.SHADOW, name, {"password": "*"})
        _apply_security(name, values)
    _make_home(user)


def _make_home(user: db.User) -> None:
    home = native(user.home)
    if os.path.isdir(home):
        return
    os.makedirs(home, mode=0o755)
    profile = f"{home}/.profile"
    with open(profile, "w", encoding="ascii") as file:
        file.write("PATH=/usr/bin:/etc:/usr/sbin:/usr/ucb:$HOME/bin:/usr/bin/X11:/sbin:.\nexport PATH\n")
    os.chmod(profile, 0o754)  # noqa: S103 - what mkuser gives it
    if os.geteuid() == 0:
        for place in (home, profile):
            os.chown(place, user.uid, user.gid)


def chuser(arguments: Sequence[str]) -> None:
    """Change a user."""
    usage = "Usage: chuser [-R load_module] attr=value ... user"
    values, names = pairs(parse("chuser", arguments, "", usage, unemulated="R", code=22).operands)
    name = one_name(names, usage)
    _check_attributes(values)
    with db.Accounts() as accounts:
        _apply(accounts, accounts.user(name), values)
        accounts.save()
        _apply_security(name, values)


def rmuser(arguments: Sequence[str]) -> None:
    """Remove a user; the home directory stays. -p removes password and attributes too."""
    usage = "Usage: rmuser [-R load_module] [-p] user"
    options = parse("rmuser", arguments, "p", usage, unemulated="R", code=22)
    name = one_name(options.operands, usage)
    with db.Accounts() as accounts:
        if accounts.user(name).uid == 0:
            raise CommandError("rmuser: lab: a host without root is not played out", NOT_EMULATED)
        accounts.set_groups(name, [])
        del accounts.users[name]
        accounts.save()
        for path in (db.USER, db.LIMITS) + ((db.SHADOW,) if "p" in options else ()):
            db.drop_stanza(path, name)


def lsuser(arguments: Sequence[str]) -> int:
    """List users."""
    usage = "Usage: lsuser [-R load_module] [-c | -f] [-a attr attr ...] { ALL | user,user ... }"
    options = parse("lsuser", arguments, "cfa:", usage, unemulated="RC", code=22)
    accounts = db.Accounts().load()
    try:
        security, limits = read_stanzas(db.USER), read_stanzas(db.LIMITS)
    except PermissionError:  # only root may read these; others see less
        security, limits = {}, {}
    rows = {}
    for user in accounts.users.values():
        rows[user.name] = {
            "id": str(user.uid),
            "pgrp": accounts.group_name(user.gid),
            "groups": ",".join(accounts.groups_of(user)),
            "home": user.home,
            "shell": user.shell,
            **({"gecos": user.gecos} if user.gecos else {}),
            **security.get("default", {}),
            **security.get(user.name, {}),
            **limits.get("default", {}),
            **limits.get(user.name, {}),
        }
    return list_rows(options, rows, usage, "3004-687 User")


COMMANDS: dict[str, Command] = {"mkuser": mkuser, "chuser": chuser, "rmuser": rmuser, "lsuser": lsuser}
