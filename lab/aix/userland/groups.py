"""Groups: mkgroup chgroup rmgroup lsgroup chgrpmem. Exit codes are errno: 2 unknown, 16 busy, 17 exists, 22 invalid."""

from __future__ import annotations

from lab.aix.userland import accounts as db
from lab.aix.userland.command import NOT_EMULATED, CommandError, pairs, parse
from lab.aix.userland.identity import check_name, free_id, list_rows, number, one_name
from lab.aix.userland.stanzas import read_stanzas

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from lab.aix.userland.command import Command

MKGROUP = "Usage: mkgroup [-R load_module] [-A] [-a] [attr=value ...] group"


def _group_attributes(accounts: db.Accounts, group: db.Group, values: dict[str, str]) -> None:
    for key, value in values.items():
        if key == "id":
            gid = number(value, key)
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
    name = one_name(names, MKGROUP)
    check_name(name)
    with db.Accounts() as accounts:
        if name in accounts.groups:
            raise CommandError(f'3004-694 Error adding "{name}" : Group exists.', 17)
        group = db.Group(f"{name}:!:{free_id({g.gid for g in accounts.groups.values()})}:")
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
        group = accounts.group(one_name(names, usage))
        _group_attributes(accounts, group, values)
        accounts.save()
        security = {key: value for key, value in values.items() if key in ("admin", "adms")}
        if security:
            db.set_attributes(db.GROUP_ATTRIBUTES, group.name, security)


def rmgroup(arguments: Sequence[str]) -> None:
    """Remove a group that is no user's primary one."""
    usage = "Usage: rmgroup [-R load_module] [-p] group"
    name = one_name(parse("rmgroup", arguments, "p", usage, unemulated="R", code=22).operands, usage)
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
    try:
        attributes = read_stanzas(db.GROUP_ATTRIBUTES)
    except PermissionError:
        attributes = {}
    rows = {}
    for group in accounts.groups.values():
        security = attributes.get(group.name, {})
        rows[group.name] = {
            "id": str(group.gid),
            "admin": security.get("admin", "false"),
            "users": ",".join(_members(accounts, group)),
            **({"adms": security["adms"]} if security.get("adms") else {}),
            "registry": "files",
        }
    return list_rows(options, rows, usage, "3004-686 Group")


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


COMMANDS: dict[str, Command] = {
    "mkgroup": mkgroup,
    "chgroup": chgroup,
    "rmgroup": rmgroup,
    "lsgroup": lsgroup,
    "chgrpmem": chgrpmem,
}
