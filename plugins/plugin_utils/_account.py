# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""Local groups and users of a target."""

from __future__ import annotations

import re
from abc import abstractmethod
from collections.abc import Iterable, Sequence
from typing import Any

from ansible.errors import AnsibleActionFail

from ._options import refuse
from ._resource import Resource, State
from ._target import Target

LIMITS = ("cpu", "core", "data", "fsize", "nofiles", "rss", "stack")
ALL_LIMITS = frozenset(LIMITS) | {f"{name}_hard" for name in LIMITS}

# A state key of a user that exists only while a password is still to be set: it cannot be read back.
TO_BE_SET = "(to be set)"


class Accounts(Resource):
    """Groups and users; the options are those of `target_account`. A state maps `group NAME` and `user NAME` to
    attributes; a missing key is a missing account."""

    name = "accounts"
    NAME_PATTERN: str
    NAME_RULE: str
    FOREIGN_GROUP_OPTIONS: tuple[str, ...]
    FOREIGN_USER_OPTIONS: tuple[str, ...]

    def __init__(self, options: dict[str, Any], target: Target) -> None:
        self._groups: list[dict[str, Any]] = options["groups"]
        self._users: list[dict[str, Any]] = options["users"]
        self._target = target
        self._with_password: set[str] = set()
        self._passwords_set: set[str] = set()
        for number, group in enumerate(self._groups):
            self._check(f"groups[{number}].", group, self.FOREIGN_GROUP_OPTIONS)
        for number, user in enumerate(self._users):
            self._check(f"users[{number}].", user, self.FOREIGN_USER_OPTIONS)
            self._check_user(f"users[{number}].", user)

    def _check(self, where: str, options: dict[str, Any], foreign: tuple[str, ...]) -> None:
        refuse(options, foreign, self._target, where)
        for name in (options["name"], *options.get("members", ()), *options.get("groups", ())):
            if not re.fullmatch(self.NAME_PATTERN, name):
                raise AnsibleActionFail(f"{where}name: {name!r} cannot be used; {self.NAME_RULE}")
        if re.search(r"[:\t\r\n]", options["comment"] or ""):
            raise AnsibleActionFail(f"{where}comment: {options['comment']!r} is not one line without colons and tabs")

    def _check_user(self, where: str, user: dict[str, Any]) -> None:
        if user["password"] is not None and not re.fullmatch(r"[^\r\n]+", user["password"]):
            raise AnsibleActionFail(f"{where}password: must be one line and not empty")
        for key, value in user["limits"].items():
            if key not in ALL_LIMITS:
                raise AnsibleActionFail(f"{where}limits: {key!r} is none of {', '.join(sorted(ALL_LIMITS))}")
            if not re.fullmatch(r"-1|\d+", str(value)):
                raise AnsibleActionFail(f"{where}limits.{key}: {value!r} is neither a number nor -1 for unlimited")

    # -- state ---------------------------------------------------------------------------------------------------------
    def read(self) -> State:
        said = self._target.execute(
            "target_account_read",
            {"groups": [group["name"] for group in self._groups], "users": [user["name"] for user in self._users]},
        )
        records: dict[str, list[tuple[str, str]]] = {}
        for key, value in said.fields:
            if key in ("group", "user"):
                record = records.setdefault(f"{key} {value}", [])
            else:
                record.append((key, value))
        state: State = {}
        for group in self._groups:
            key = f"group {group['name']}"
            if key in records:
                state[key] = self._group_state(records[key])
        for user in self._users:
            key = f"user {user['name']}"
            if key in records:
                state[key] = self._user_state(records[key], user)
                # A user without one was made by a run that ended before it came to that.
                if ("password", "none") not in records[key]:
                    self._with_password.add(user["name"])
        return state

    @abstractmethod
    def _group_state(self, record: Sequence[tuple[str, str]]) -> State:
        """What was read of a group."""

    @abstractmethod
    def _user_state(self, record: Sequence[tuple[str, str]], user: dict[str, Any]) -> State:
        """What was read of a user, as far as `user` asks for it."""

    def wanted(self, current: State) -> State:
        state = dict(current)
        for group in self._groups:
            self._place(state, f"group {group['name']}", group, self._wanted_group)
        for user in self._users:
            self._place(state, f"user {user['name']}", user, self._wanted_user)
        return state

    @staticmethod
    def _place(state: State, key: str, options: dict[str, Any], wanted: Any) -> None:
        if options["state"] == "present":
            state[key] = wanted(state.get(key, {}), options)
        else:
            state.pop(key, None)

    def _wanted_group(self, current: State, group: dict[str, Any]) -> State:
        state = _merged(current, group, ("gid", "comment"))
        if group["members"]:
            state["members"] = self._added(current.get("members", []), group["members"])
        return state

    def _wanted_user(self, current: State, user: dict[str, Any]) -> State:
        state = _merged(current, user, ("uid", "group", "home", "shell", "comment", "password_expires"))
        if user["groups"]:
            state["groups"] = self._added(current.get("groups", []), user["groups"])
        if user["limits"]:
            state["limits"] = {key: int(value) for key, value in user["limits"].items()}
        renew = user["update_password"] == "always"  # noqa: S105  # an option's choice, not a password
        due = renew or user["name"] not in self._with_password
        if user["password"] is not None and due and user["name"] not in self._passwords_set:
            state["password"] = TO_BE_SET
        return state

    def _added(self, present: Sequence[str], asked: Iterable[str]) -> list[str]:
        """`present` and what of `asked` is not in it; Windows does not tell capitals from small letters."""
        known = {name.casefold() if self._target.windows else name for name in present}
        new = [name for name in asked if (name.casefold() if self._target.windows else name) not in known]
        return [*present, *new]

    # -- change --------------------------------------------------------------------------------------------------------
    def change(self, current: State, wanted: State) -> list[str]:
        steps = [step for key in wanted for step in self._steps(key, current.get(key), wanted[key])]
        # Members are added when every user and group is there, users go before the groups that hold them.
        late = [step for key in wanted for step in self._membership(key, current.get(key) or {}, wanted[key])]
        gone = [self._removal(key) for key in sorted(set(current) - set(wanted), reverse=True)]
        passwords = {
            user["name"]: user["password"]
            for user in self._users
            if "password" in wanted.get(f"user {user['name']}", {})
        }
        steps = [*steps, *late, *gone, *self._password_steps(passwords, current)]
        self._target.execute(
            "target_account_change",
            {
                "steps": ["\t".join(step) for step in steps],
                "passwords": [f"{name}:{password}" for name, password in passwords.items()],
            },
        )
        self._passwords_set |= set(passwords)
        return [*(" ".join(step) for step in steps), *(f"password of {name}" for name in passwords)]

    @abstractmethod
    def _steps(self, key: str, current: State | None, wanted: State) -> list[list[str]]:
        """Steps that make or alter the account `key`, without memberships."""

    @abstractmethod
    def _membership(self, key: str, current: State, wanted: State) -> list[list[str]]:
        """Steps that add members."""

    @abstractmethod
    def _removal(self, key: str) -> list[str]:
        """The step that removes the account `key`."""

    def _password_steps(self, passwords: dict[str, str], current: State) -> list[list[str]]:
        """Steps that set passwords, where the program does not do so by itself."""
        del passwords, current
        return []


class AixAccounts(Accounts):
    """By `lsgroup`, `mkuser` and their kin."""

    NAME_PATTERN = r"[A-Za-z_][A-Za-z0-9_.-]{0,7}"
    NAME_RULE = "AIX takes at most eight letters, digits, dots, dashes and underscores, a letter first"
    FOREIGN_GROUP_OPTIONS = ("comment",)
    FOREIGN_USER_OPTIONS = ("password_expires",)

    USER_ATTRIBUTES = (("uid", "id"), ("group", "pgrp"), ("home", "home"), ("shell", "shell"), ("comment", "gecos"))

    def _group_state(self, record: Sequence[tuple[str, str]]) -> State:
        values = dict(record)
        return {"gid": int(values["id"]), "members": _listed(values.get("users", ""))}

    def _user_state(self, record: Sequence[tuple[str, str]], user: dict[str, Any]) -> State:
        values = dict(record)
        state: State = {name: values.get(attribute, "") for name, attribute in self.USER_ATTRIBUTES}
        state["uid"] = int(state["uid"])
        # AIX lists the primary group among the others.
        state["groups"] = [name for name in _listed(values.get("groups", "")) if name != state["group"]]
        if user["limits"]:
            state["limits"] = {key: _limit(values.get(key, "")) for key in user["limits"]}
        return state

    def _wanted_user(self, current: State, user: dict[str, Any]) -> State:
        state = super()._wanted_user(current, user)
        if "groups" in state:
            state["groups"] = [name for name in state["groups"] if name != state.get("group")]
        return state

    def _steps(self, key: str, current: State | None, wanted: State) -> list[list[str]]:
        kind, name = key.split(" ", 1)
        if kind == "group":
            attributes = [f"id={wanted['gid']}"] if wanted.get("gid") != (current or {}).get("gid") else []
            return _command("group", current, attributes, name)
        before = current or {}
        attributes = [
            f"{attribute}={wanted[option]}"
            for option, attribute in self.USER_ATTRIBUTES
            if option in wanted and wanted[option] != before.get(option)
        ]
        if wanted.get("groups", []) != before.get("groups", []):
            attributes.append(f"groups={','.join(wanted['groups'])}")
        attributes += [
            f"{limit}={value}"
            for limit, value in wanted.get("limits", {}).items()
            if before.get("limits", {}).get(limit) != value
        ]
        return _command("user", current, attributes, name)

    def _membership(self, key: str, current: State, wanted: State) -> list[list[str]]:
        kind, name = key.split(" ", 1)
        if kind == "user":
            return []
        new = [member for member in wanted.get("members", []) if member not in current.get("members", [])]
        return [["chgrpmem", "-m", "+", ",".join(new), name]] if new else []

    def _removal(self, key: str) -> list[str]:
        kind, name = key.split(" ", 1)
        return ["rmuser", "-p", name] if kind == "user" else ["rmgroup", name]


class WindowsAccounts(Accounts):
    """By WMI and ADSI."""

    NAME_PATTERN = r"[^\"/\\\[\]:;|=,+*?<>\t\r\n']{1,20}"
    NAME_RULE = 'Windows takes at most twenty characters, none of them a quote or of "/\\[]:;|=,+*?<>'
    FOREIGN_GROUP_OPTIONS = ("gid",)
    FOREIGN_USER_OPTIONS = ("uid", "group", "home", "shell", "limits")

    def _group_state(self, record: Sequence[tuple[str, str]]) -> State:
        return {
            "comment": dict(record).get("comment", ""),
            "members": [value for key, value in record if key == "member"],
        }

    def _user_state(self, record: Sequence[tuple[str, str]], user: dict[str, Any]) -> State:
        del user
        values = dict(record)
        return {
            "comment": values.get("comment", ""),
            "password_expires": values.get("password_expires") == "True",
            "groups": [value for key, value in record if key == "member_of"],
        }

    def _steps(self, key: str, current: State | None, wanted: State) -> list[list[str]]:
        kind, name = key.split(" ", 1)
        before = current or {}
        steps = [] if current is not None else [[f"make-{kind}", name]]
        if wanted.get("comment", "") != before.get("comment", ""):
            steps.append([f"comment-{kind}", name, wanted["comment"]])
        if "password_expires" in wanted and wanted["password_expires"] != before.get("password_expires"):
            steps.append(["expire-password", name, str(wanted["password_expires"])])
        return steps

    def _membership(self, key: str, current: State, wanted: State) -> list[list[str]]:
        kind, name = key.split(" ", 1)
        option = "members" if kind == "group" else "groups"
        new = [other for other in wanted.get(option, []) if other not in current.get(option, [])]
        return [["add-member", *((name, other) if kind == "group" else (other, name))] for other in new]

    def _removal(self, key: str) -> list[str]:
        kind, name = key.split(" ", 1)
        return [f"remove-{kind}", name]

    def _password_steps(self, passwords: dict[str, str], current: State) -> list[list[str]]:
        return [["set-password", name] for name in passwords if f"user {name}" in current]


def accounts(options: dict[str, Any], target: Target) -> Accounts:
    """The groups and users of `options` on this target."""
    return WindowsAccounts(options, target) if target.windows else AixAccounts(options, target)


def _merged(current: State, options: dict[str, Any], names: Iterable[str]) -> State:
    return {**current, **{name: options[name] for name in names if options.get(name) is not None}}


def _listed(text: str) -> list[str]:
    return [name for name in text.split(",") if name]


def _limit(text: str) -> int | str:
    """A limit as a number; AIX may say `unlimited`."""
    if text == "unlimited":
        return -1
    return int(text) if re.fullmatch(r"-?\d+", text) else text


def _command(kind: str, current: State | None, attributes: list[str], name: str) -> list[list[str]]:
    if current is None:
        return [[f"mk{kind}", *attributes, name]]
    return [[f"ch{kind}", *attributes, name]] if attributes else []
