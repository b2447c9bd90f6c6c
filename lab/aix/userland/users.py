"""Users and groups: mkuser, chuser, rmuser, lsuser, mkgroup, chgroup, rmgroup, lsgroup, chgrpmem, chpasswd, pwdadm,
chsec, lssec. Error texts and exit codes are the errno AIX returns (2 unknown, 17 exists, 22 invalid)."""

from __future__ import annotations

import os
import sys

from lab.aix.userland import accounts as db
from lab.aix.userland.command import NOT_EMULATED, CommandError, Locked, native, now, pairs, parse
from lab.aix.userland.stanzas import read_stanzas

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from lab.aix.userland.command import Command, Options

LONGEST_NAME = 8  # max_logname 9 with its terminator, the default of AIX 5.3
SHELLS = ("/usr/bin/ksh", "/bin/ksh", "/usr/bin/sh", "/bin/sh", "/usr/bin/psh", "/usr/bin/ksh93", "/usr/bin/false")
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


def _check_name(name: str) -> None:
    if len(name) > LONGEST_NAME:
        raise CommandError(f'3004-694 Error adding "{name}" : Name is too long.', 22)
    if not name or set(name) - _NAME or name[0] in "-+@~" or name in ("ALL", "default"):
        raise CommandError(f'3004-694 Error adding "{name}" : Name is not valid.', 22)


def _number(value: str, attribute: str) -> int:
    if not value.isdigit():
        raise CommandError(f'3004-692 Error changing "{attribute}" to "{value}" : Value is invalid.', 22)
    return int(value)


def _free_id(used: set[int]) -> int:
    """The next number the way mkuser counts: above the highest ordinary one."""
    return max([number for number in used if number < 60000] + [200]) + 1


def _one_name(names: list[str], usage: str) -> str:
    if len(names) != 1:
        raise CommandError(usage, 22)
    return names[0]


# -- groups ------------------------------------------------------------------------------------------------------------
MKGROUP = "Usage: mkgroup [-R load_module] [-A] [-a] [attr=value ...] group"


def _group_attributes(accounts: db.Accounts, group: db.Group, values: dict[str, str]) -> None:
    for key, value in values.items():
        if key == "id":
            gid = _number(value, key)
            if any(other.gid == gid for other in accounts.groups.values() if other is not group):
                raise CommandError(f'3004-692 Error changing "id" to "{value}" : ID is not unique.', 22)
            group.gid = gid
        elif key == "users":
            members = [member for member in value.split(",") if member]
            for member in members:
                accounts.user(member)
            group.members = members
        elif key not in ("admin", "adms", "registry"):
            raise CommandError(f'3004-692 Error changing "{key}" to "{value}" : Attribute is not known.', 22)


def mkgroup(arguments: Sequence[str]) -> None:
    """Create a group."""
    options = parse("mkgroup", arguments, "aA", MKGROUP, unemulated="R", code=22)
    values, names = pairs(options.operands)
    name = _one_name(names, MKGROUP)
    _check_name(name)
    with db.Accounts() as accounts:
        if name in accounts.groups:
            raise CommandError(f'3004-694 Error adding "{name}" : Group exists.', 17)
        group = db.Group(f"{name}:!:{_free_id({g.gid for g in accounts.groups.values()})}:")
        _group_attributes(accounts, group, values)
        accounts.groups[name] = group
        accounts.save()
        admin = "true" if "a" in options else values.get("admin", "false")
        db.set_attributes(db.GROUP_ATTRIBUTES, name, {"admin": admin, "adms": values.get("adms", "")})


def chgroup(arguments: Sequence[str]) -> None:
    """Change a group."""
    usage = "Usage: chgroup [-R load_module] attr=value ... group"
    values, names = pairs(parse("chgroup", arguments, "", usage, unemulated="R", code=22).operands)
    with db.Accounts() as accounts:
        group = accounts.group(_one_name(names, usage))
        _group_attributes(accounts, group, values)
        accounts.save()
        security = {key: value for key, value in values.items() if key in ("admin", "adms")}
        if security:
            db.set_attributes(db.GROUP_ATTRIBUTES, group.name, security)


def rmgroup(arguments: Sequence[str]) -> None:
    """Remove a group that is no user's primary one."""
    usage = "Usage: rmgroup [-R load_module] [-p] group"
    name = _one_name(parse("rmgroup", arguments, "p", usage, unemulated="R", code=22).operands, usage)
    with db.Accounts() as accounts:
        group = accounts.group(name)
        if any(user.gid == group.gid for user in accounts.users.values()):
            raise CommandError(f'3004-695 Error removing "{name}" : Group is a primary group.', 16)
        del accounts.groups[name]
        accounts.save()
        db.drop_stanza(db.GROUP_ATTRIBUTES, name)


def lsgroup(arguments: Sequence[str]) -> int:
    """List groups."""
    usage = "Usage: lsgroup [-R load_module] [-c | -f] [-a attr ...] { ALL | group,group ... }"
    options = parse("lsgroup", arguments, "cfa:", usage, unemulated="R", code=22)
    accounts = db.Accounts().load()
    rows = {}
    for group in accounts.groups.values():
        security = db.attributes(db.GROUP_ATTRIBUTES, group.name)
        rows[group.name] = {
            "id": str(group.gid),
            "admin": security.get("admin", "false"),
            "users": ",".join(_members(accounts, group)),
            **({"adms": security["adms"]} if security.get("adms") else {}),
            "registry": "files",
        }
    return _list(options, rows, usage, "3004-686 Group")


def _members(accounts: db.Accounts, group: db.Group) -> list[str]:
    # AIX shows primary members too, whether or not the line of the group names them.
    primary = [user.name for user in accounts.users.values() if user.gid == group.gid]
    return primary + [member for member in group.members if member not in primary]


def chgrpmem(arguments: Sequence[str]) -> None:
    """Change the members (-m) or administrators (-a) of a group."""
    usage = "Usage: chgrpmem [-R load_module] [ { -a | -m } { + | - | = } user,user ... ] group"
    words = list(arguments)
    if not words:
        raise CommandError(usage, 22)
    if len(words) == 1 and not words[0].startswith("-"):
        accounts = db.Accounts().load()
        group = accounts.group(words[0])
        print(f"{group.name}:\n\tadms = \n\tmembers = {','.join(_members(accounts, group))}")
        return
    if words[0] == "-a":
        raise CommandError("chgrpmem: lab: the flag -a is not emulated", NOT_EMULATED)
    if len(words) != 4 or words[0] != "-m" or words[1] not in ("+", "-", "="):
        raise CommandError(usage, 22)
    with db.Accounts() as accounts:
        group = accounts.group(words[3])
        members = [accounts.user(member).name for member in words[2].split(",")]
        kept = [] if words[1] == "=" else [member for member in group.members if member not in members]
        group.members = kept if words[1] == "-" else kept + members
        accounts.save()


# -- users -------------------------------------------------------------------------------------------------------------
def _check_attributes(values: dict[str, str]) -> None:
    known = {"id", "pgrp", "groups", "home", "shell", "gecos", *LIMITS, *USER_SECURITY}
    for key, value in values.items():
        if key not in known:
            raise CommandError(f'3004-692 Error changing "{key}" to "{value}" : Attribute is not known.', 22)
        if key in LIMITS and value != "-1":
            _number(value, key)
        if key == "shell" and value not in SHELLS:
            raise CommandError(f'3004-692 Error changing "shell" to "{value}" : Value is invalid.', 22)
        if key in ("home", "gecos") and (":" in value or "\n" in value):
            raise CommandError(f'3004-692 Error changing "{key}" to "{value}" : Value is invalid.', 22)


def _apply(accounts: db.Accounts, user: db.User, values: dict[str, str]) -> None:
    """Set the attributes that live in `/etc/passwd` and `/etc/group`."""
    if "id" in values:
        uid = _number(values["id"], "id")
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
    name = _one_name(names, usage)
    _check_name(name)
    _check_attributes(values)
    with db.Accounts() as accounts:
        if name in accounts.users:
            raise CommandError(f'3004-694 Error adding "{name}" : Account exists.', 17)
        uid = _free_id({user.uid for user in accounts.users.values()})
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
    name = _one_name(names, usage)
    _check_attributes(values)
    with db.Accounts() as accounts:
        _apply(accounts, accounts.user(name), values)
        accounts.save()
        _apply_security(name, values)


def rmuser(arguments: Sequence[str]) -> None:
    """Remove a user; the home directory stays. -p removes password and attributes too."""
    usage = "Usage: rmuser [-R load_module] [-p] user"
    options = parse("rmuser", arguments, "p", usage, unemulated="R", code=22)
    name = _one_name(options.operands, usage)
    with db.Accounts() as accounts:
        accounts.user(name)
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
    security, limits = read_stanzas(db.USER), read_stanzas(db.LIMITS)
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
    return _list(options, rows, usage, "3004-687 User")


def _list(options: Options, rows: dict[str, dict[str, str]], usage: str, unknown: str) -> int:
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


# -- passwords ---------------------------------------------------------------------------------------------------------
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


def pwdadm(arguments: Sequence[str]) -> None:
    """Show (-q), clear (-c) or set (-f) the password flags of a user."""
    usage = "Usage: pwdadm [-R load_module] [ { -f Flags | -q | -c } ] User"
    options = parse("pwdadm", arguments, "qcf:", usage, unemulated="R", code=22)
    name = _one_name(options.operands, usage)
    with db.Accounts() as accounts:
        accounts.user(name)
        if "q" in options:
            shadow = read_stanzas(db.SHADOW).get(name, {})
            print(f"{name}:")
            for key in ("lastupdate", "flags"):
                if key in shadow:
                    print(f"\t{key} = {shadow[key]}")
        elif "c" in options or "f" in options:
            db.set_attributes(db.SHADOW, name, {"flags": options.get("f")})
        else:
            raise CommandError("pwdadm: lab: passwords are set by chpasswd, from standard input", NOT_EMULATED)


def passwd(_: Sequence[str]) -> None:
    """Refused: it talks to a terminal."""
    raise CommandError("passwd: lab: passwords are set by chpasswd, from standard input", NOT_EMULATED)


# -- stanza files ------------------------------------------------------------------------------------------------------
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
    "mkgroup": mkgroup,
    "chgroup": chgroup,
    "rmgroup": rmgroup,
    "lsgroup": lsgroup,
    "chgrpmem": chgrpmem,
    "mkuser": mkuser,
    "chuser": chuser,
    "rmuser": rmuser,
    "lsuser": lsuser,
    "chpasswd": chpasswd,
    "pwdadm": pwdadm,
    "passwd": passwd,
    "chsec": chsec,
    "lssec": lssec,
}
