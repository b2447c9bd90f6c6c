"""The user data base of the host: `/etc/passwd`, `/etc/group` and the stanza files of `/etc/security`."""

from __future__ import annotations

from lab.aix.userland.command import CommandError, Locked, lines_of, read_text, write_text
from lab.aix.userland.stanzas import read_stanzas, write_stanzas

PASSWD = "/etc/passwd"  # noqa: S105 - a file name
GROUP = "/etc/group"
SHADOW = "/etc/security/passwd"
USER = "/etc/security/user"
LIMITS = "/etc/security/limits"
GROUP_ATTRIBUTES = "/etc/security/group"


class User:
    """A line of `/etc/passwd`."""

    def __init__(self, line: str) -> None:
        fields = (line.split(":") + [""] * 7)[:7]
        self.name, self.password, uid, gid, self.gecos, self.home, self.shell = fields
        self.uid, self.gid = int(uid), int(gid)

    def __str__(self) -> str:
        fields = (self.name, self.password, str(self.uid), str(self.gid), self.gecos, self.home, self.shell)
        return ":".join(fields)


class Group:
    """A line of `/etc/group`."""

    def __init__(self, line: str) -> None:
        fields = (line.split(":") + [""] * 4)[:4]
        self.name, self.password, self.gid = fields[0], fields[1], int(fields[2])
        self.members = [member for member in fields[3].split(",") if member]

    def __str__(self) -> str:
        return f"{self.name}:{self.password}:{self.gid}:{','.join(self.members)}"


class Accounts:
    """A context with all users and groups, locked; `save` writes what was changed."""

    def __init__(self) -> None:
        self._lock = Locked("security")

    def __enter__(self) -> Accounts:
        self._lock.__enter__()
        return self.load()

    def __exit__(self, *_: object) -> None:
        self._lock.__exit__()

    def load(self) -> Accounts:
        """Read both files; alone (without the context) for commands that only list."""
        self.users = {user.name: user for user in map(User, lines_of(read_text(PASSWD)))}
        self.groups = {group.name: group for group in map(Group, lines_of(read_text(GROUP)))}
        return self

    def save(self) -> None:
        """Write both files."""
        write_text(PASSWD, "".join(f"{user}\n" for user in self.users.values()))
        write_text(GROUP, "".join(f"{group}\n" for group in self.groups.values()))

    def user(self, name: str) -> User:
        """A user, or the error every command gives for an unknown one."""
        if name not in self.users:
            raise CommandError(f'3004-687 User "{name}" does not exist.', 2)
        return self.users[name]

    def group(self, name: str) -> Group:
        """A group by name or number, or the error every command gives for an unknown one."""
        for group in self.groups.values():
            if name in (group.name, str(group.gid)):
                return group
        raise CommandError(f'3004-686 Group "{name}" does not exist.', 2)

    def group_name(self, gid: int) -> str:
        """The name of a group number, the number itself when there is no such group."""
        return next((group.name for group in self.groups.values() if group.gid == gid), str(gid))

    def groups_of(self, user: User) -> list[str]:
        """The group set of a user, the primary group first."""
        primary = self.group_name(user.gid)
        return [primary] + [g.name for g in self.groups.values() if user.name in g.members and g.name != primary]

    def set_groups(self, name: str, wanted: list[str]) -> None:
        """Make a user a member of exactly these groups."""
        for group in [self.group(group) for group in wanted]:
            if name not in group.members:
                group.members.append(name)
        for group in self.groups.values():
            if group.name not in wanted and name in group.members:
                group.members.remove(name)


def attributes(path: str, name: str) -> dict[str, str]:
    """The attributes of a stanza, those of `default` below it."""
    stanzas = read_stanzas(path)
    return {**stanzas.get("default", {}), **stanzas.get(name, {})}


def set_attributes(path: str, name: str, values: dict[str, str]) -> None:
    """Set attributes in a stanza; an empty value removes one."""
    stanzas = read_stanzas(path)
    stanza = stanzas.setdefault(name, {})
    for key, value in values.items():
        if value:
            stanza[key] = value
        else:
            stanza.pop(key, None)
    write_stanzas(path, stanzas)


def drop_stanza(path: str, name: str) -> None:
    """Remove a stanza."""
    stanzas = read_stanzas(path)
    if stanzas.pop(name, None) is not None:
        write_stanzas(path, stanzas)
