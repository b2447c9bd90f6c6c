"""Local users and groups."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lab.store import Store

# Few rounds: the lab's passwords are random and its state folder is private; a login must not cost CPU time.
_ROUNDS = 100
_ILLEGAL = set('"/\\[]:;|=,+*?<>@')
BUILT_IN_GROUPS = ("Administrators", "Backup Operators", "Guests", "Power Users", "Remote Desktop Users", "Users")


class AccountError(Exception):
    """A refusal of the account database; `.code` is the NET HELPMSG number."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True)
class User:
    """A local user. `flags` are the userAccountControl bits of ADSI."""

    name: str
    full_name: str
    comment: str
    flags: int
    groups: tuple[str, ...]

    @property
    def administrator(self) -> bool:
        return "Administrators" in self.groups


NORMAL_ACCOUNT = 0x200
ACCOUNT_DISABLED = 0x2
PASSWORD_CANNOT_CHANGE = 0x40
PASSWORD_NEVER_EXPIRES = 0x10000


def _hashed(password: str, salt: str) -> str:
    import hashlib  # noqa: PLC0415 - most programs need no password, and it takes long to import

    return hashlib.pbkdf2_hmac("sha256", password.encode(), bytes.fromhex(salt), _ROUNDS).hex()


def _check_name(name: str, limit: int) -> None:
    if not name or len(name) > limit or set(name) & _ILLEGAL or not name.strip(". "):
        raise AccountError(2202, "The user name or group name parameter is invalid.")


class Accounts:
    """The account database of a host."""

    def __init__(self, state: Store) -> None:
        self._state = state

    def prepare(self, users: Mapping[str, str]) -> None:
        """Fill an empty database: the built-in groups, `users` (name to password) as administrators, Guest."""
        with self._state.open("accounts") as content:
            if content:
                return
            content["groups"] = {
                name.casefold(): {"name": name, "comment": "", "members": []} for name in BUILT_IN_GROUPS
            }
            content["users"] = {}
            for name, password in users.items():
                self._add(content, name, password)
                content["groups"]["administrators"]["members"].append(name)
            self._add(content, "Guest", os.urandom(16).hex())
            content["users"]["guest"]["flags"] |= ACCOUNT_DISABLED
            content["groups"]["guests"]["members"].append("Guest")

    @staticmethod
    def _add(content: Any, name: str, password: str) -> None:
        salt = os.urandom(8).hex()
        content["users"][name.casefold()] = {
            "name": name, "full_name": "", "comment": "", "flags": NORMAL_ACCOUNT,
            "salt": salt, "hash": _hashed(password, salt),
        }  # fmt: skip

    # -- users ---------------------------------------------------------------------------------------------------------
    def user(self, name: str) -> User | None:
        """A user by name, which may carry the host's own name or `.` in front."""
        content = self._state.read("accounts")
        entry = content["users"].get(name.rsplit("\\", 1)[-1].casefold())
        if entry is None:
            return None
        groups = tuple(g["name"] for g in content["groups"].values() if entry["name"] in g["members"])
        return User(entry["name"], entry["full_name"], entry["comment"], entry["flags"], groups)

    def users(self) -> list[User]:
        """All users, by name."""
        names = sorted(self._state.read("accounts")["users"])
        return [user for user in map(self.user, names) if user]

    def create_user(self, name: str, password: str) -> None:
        """Add a user; as in Windows it is a member of `Users` at once."""
        _check_name(name, 20)
        with self._state.open("accounts") as content:
            if name.casefold() in content["users"]:
                raise AccountError(2224, "The account already exists.")
            if name.casefold() in content["groups"]:
                raise AccountError(2223, "The group already exists.")
            self._add(content, name, password)
            content["groups"]["users"]["members"].append(name)

    def change_user(self, name: str, **fields: str | int) -> None:
        """Write `full_name`, `comment` or `flags`."""
        with self._state.open("accounts") as content:
            self._user(content, name).update(fields)

    def set_password(self, name: str, password: str) -> None:
        """Replace a user's password."""
        with self._state.open("accounts") as content:
            entry = self._user(content, name)
            entry["salt"] = os.urandom(8).hex()
            entry["hash"] = _hashed(password, entry["salt"])

    def check_password(self, name: str, password: str) -> bool:
        """Whether an enabled user has that password."""
        entry = self._state.read("accounts")["users"].get(name.rsplit("\\", 1)[-1].casefold())
        if entry is None or entry["flags"] & ACCOUNT_DISABLED:
            return False
        expected: str = entry["hash"]
        return expected == _hashed(password, entry["salt"])

    def delete_user(self, name: str) -> None:
        """Remove a user, from its groups too."""
        with self._state.open("accounts") as content:
            spelled = self._user(content, name)["name"]
            del content["users"][name.casefold()]
            for group in content["groups"].values():
                group["members"] = [member for member in group["members"] if member != spelled]

    # -- groups --------------------------------------------------------------------------------------------------------
    def groups(self) -> list[str]:
        """The names of all local groups."""
        return sorted((g["name"] for g in self._state.read("accounts")["groups"].values()), key=str.casefold)

    def group_comment(self, name: str) -> str:
        """What the group is for."""
        return str(self._group(self._state.read("accounts"), name)["comment"])

    def members(self, name: str) -> tuple[str, ...] | None:
        """The users in a group; None when there is no such group."""
        entry = self._state.read("accounts")["groups"].get(name.casefold())
        return None if entry is None else tuple(entry["members"])

    def create_group(self, name: str, comment: str = "") -> None:
        """Add an empty group."""
        _check_name(name, 256)
        with self._state.open("accounts") as content:
            if name.casefold() in content["groups"]:
                raise AccountError(1379, "The specified local group already exists.")
            if name.casefold() in content["users"]:
                raise AccountError(2224, "The account already exists.")
            content["groups"][name.casefold()] = {"name": name, "comment": comment, "members": []}

    def change_group(self, name: str, comment: str) -> None:
        """Write what the group is for."""
        with self._state.open("accounts") as content:
            self._group(content, name)["comment"] = comment

    def delete_group(self, name: str) -> None:
        """Remove a group that is not built in."""
        if name.casefold() in {group.casefold() for group in BUILT_IN_GROUPS}:
            raise AccountError(1371, "Cannot perform this operation on built-in accounts.")
        with self._state.open("accounts") as content:
            self._group(content, name)
            del content["groups"][name.casefold()]

    def add_member(self, group: str, user: str) -> None:
        """Put a user into a group."""
        with self._state.open("accounts") as content:
            members = self._group(content, group)["members"]
            name = self._user(content, user.rsplit("\\", 1)[-1])["name"]
            if name in members:
                raise AccountError(1378, "The specified account name is already a member of the local group.")
            members.append(name)

    def remove_member(self, group: str, user: str) -> None:
        """Take a user out of a group."""
        with self._state.open("accounts") as content:
            members = self._group(content, group)["members"]
            name = self._user(content, user.rsplit("\\", 1)[-1])["name"]
            if name not in members:
                raise AccountError(1377, "The specified account name is not a member of the local group.")
            members.remove(name)

    @staticmethod
    def _user(content: Any, name: str) -> dict[str, Any]:
        entry: dict[str, Any] | None = content["users"].get(name.casefold())
        if entry is None:
            raise AccountError(2221, "The user name could not be found.")
        return entry

    @staticmethod
    def _group(content: Any, name: str) -> dict[str, Any]:
        entry: dict[str, Any] | None = content["groups"].get(name.casefold())
        if entry is None:
            raise AccountError(1376, "The specified local group does not exist.")
        return entry
