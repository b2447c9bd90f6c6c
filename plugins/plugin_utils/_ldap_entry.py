# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""Entries of a directory, through ITDS's client tools on a target."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ansible.errors import AnsibleActionFail

from ._ldif import LdifEntry, ldif_record, normal_dn, parse_ldif, split_dn
from ._resource import Resource, State
from ._target import Target

SUCCESS, NO_SUCH_OBJECT, INVALID_CREDENTIALS = 0, 32, 49
RESULTS = {INVALID_CREDENTIALS: "invalid credentials", 50: "insufficient access", 81: "nobody answers"}

OBJECT_CLASS = "objectclass"
PASSWORD = "password"  # noqa: S105 - the key of a state
AS_GIVEN = "as given"
ANOTHER = "another one"

_RESULT_LINE = re.compile(r"^# rc=(\d+)$", re.MULTILINE)


@dataclass(frozen=True)
class Wish:
    """One entry as asked for; `attributes` have names in small letters and hold the parts of the entry's own name."""

    dn: str
    present: bool
    exact: bool
    attributes: Mapping[str, list[str]]
    password: str | None


class LdapEntries(Resource):
    """Some entries; the options are those of `ldap_entry`. A state maps each DN to its attributes, an empty mapping
    stands for an entry that does not exist."""

    def __init__(self, options: dict[str, Any], target: Target, *, check: bool) -> None:
        self._options = options
        self._target = target
        self._check = check
        self._wishes = [_wish(number, entry) for number, entry in enumerate(options["entries"])]
        self.name = f"directory {options['host']}:{options['port']}"
        self._bin = options["bin"] or _default_bin(options["version"], target)
        known = set()
        for number, wish in enumerate(self._wishes):
            if normal_dn(wish.dn) in known:
                raise AnsibleActionFail(f"entries[{number}].dn: {wish.dn} is given twice")
            known.add(normal_dn(wish.dn))
        for name in ("bind_dn", "bind_password"):
            _require_plain(name, options[name])

    # -- reading -------------------------------------------------------------------------------------------------------
    def read(self) -> State:
        tried = [wish for wish in self._wishes if wish.present and wish.password]
        outcome = self._target.execute(
            "ldap_read",
            {
                **self._connection(),
                "dns": [wish.dn for wish in self._wishes],
                "tries": [text for wish in tried for text in (wish.dn, wish.password or "")],
            },
        )
        results = dict(zip((wish.dn for wish in tried), outcome.all("tried"), strict=False))
        # Behind each entry stands the result of its search.
        pieces = _RESULT_LINE.split(outcome.blob or "")
        state: State = {}
        for number, wish in enumerate(self._wishes):
            text, code = (pieces + ["", ""] * len(self._wishes))[2 * number : 2 * number + 2]
            self._require_answer(code, installed=bool(outcome.get("client")))
            found = parse_ldif(text)
            state[wish.dn] = self._entry_state(wish, found[0], results.get(wish.dn, "")) if found else {}
        return state

    def _require_answer(self, code: str, *, installed: bool) -> None:
        """Raise unless the directory answered; a first check of everything comes before there is a directory."""
        if code in (str(SUCCESS), str(NO_SUCH_OBJECT)) or self._check:
            return
        if not installed:
            raise AnsibleActionFail(f"bin: there is no idsldapsearch in {self._bin}; install the client of ITDS first")
        reason = RESULTS.get(int(code or 0), "see the codes of LDAP results")
        raise AnsibleActionFail(f"{self.name}: the search as {self._options['bind_dn']} failed with {code}: {reason}")

    @staticmethod
    def _entry_state(wish: Wish, entry: LdifEntry, tried: str) -> State:
        whole = wish.exact or not wish.present
        names = entry.attributes if whole else [name for name in wish.attributes if entry.all(name)]
        state: State = {name: sorted(entry.all(name)) for name in sorted(names)}
        if wish.present and wish.password:
            state[PASSWORD] = AS_GIVEN if tried == str(SUCCESS) else ANOTHER
        return state

    # -- comparing -----------------------------------------------------------------------------------------------------
    def wanted(self, current: State) -> State:
        return {wish.dn: self._wanted_entry(wish, current.get(wish.dn, {})) for wish in self._wishes}

    @staticmethod
    def _wanted_entry(wish: Wish, current: State) -> State:
        if not wish.present:
            return {}
        wanted: State = {}
        for name, values in sorted(wish.attributes.items()):
            now = current.get(name, [])
            if name == OBJECT_CLASS:
                # The directory adds the classes above the ones asked for.
                missing = [value for value in values if value.lower() not in (each.lower() for each in now)]
                wanted[name] = sorted([*now, *missing])
            elif sorted(values) or not wish.exact:
                wanted[name] = sorted(values)
        if wish.password:
            wanted[PASSWORD] = AS_GIVEN
        return {name: value for name, value in wanted.items() if value}

    # -- changing ------------------------------------------------------------------------------------------------------
    def change(self, current: State, wanted: State) -> list[str]:
        records, operations = [], []
        # Children go before their parents; what is added comes in the order given.
        for wish in sorted(self._wishes, key=lambda each: (each.present, 0 if each.present else -_depth(each.dn))):
            before, after = current[wish.dn], wanted[wish.dn]
            if before == after:
                continue
            if not after:
                records.append(ldif_record(wish.dn, [("changetype", "delete")]))
                operations.append(f"delete {wish.dn}")
            elif not before:
                records.append(ldif_record(wish.dn, [("changetype", "add"), *_values(wish, after)]))
                operations.append(f"add {wish.dn}")
            else:
                records.append(ldif_record(wish.dn, _modifications(wish, before, after)))
                operations.append(f"modify {wish.dn}")
        self._target.execute(
            "ldap_change",
            {**self._connection(), "ldif": "\n".join(records), "work_dir": self._work_dir()},
        )
        return operations

    def _connection(self) -> dict[str, Any]:
        return {
            "bin": self._bin,
            "host_name": self._options["host"],
            "port": self._options["port"],
            "bind_dn": self._options["bind_dn"],
            "bind_password": self._options["bind_password"],
        }

    def _work_dir(self) -> str:
        return str(self._options["work_dir"] or (r"C:\WINDOWS\Temp" if self._target.windows else "/tmp"))  # noqa: S108


def _wish(number: int, entry: Mapping[str, Any]) -> Wish:
    where = f"entries[{number}]"
    dn, present = entry["dn"], entry["state"] == "present"
    if not all("=" in part for part in split_dn(dn)) or '"' in dn or "\n" in dn or dn != dn.strip():
        raise AnsibleActionFail(f"{where}.dn: {dn!r} is not a DN such as uid=wasbind,o=example,c=us")
    _require_plain(f"{where}.password", entry["password"])
    attributes: dict[str, list[str]] = {}
    for name, value in (entry["attributes"] or {}).items():
        if not re.fullmatch(r"[A-Za-z][A-Za-z0-9;-]*", name):
            raise AnsibleActionFail(f"{where}.attributes: {name!r} is not the name of an attribute")
        if name.lower() == "userpassword":
            raise AnsibleActionFail(f"{where}.attributes: {name} cannot be compared; give it as {where}.password")
        values = value if isinstance(value, list) else [] if value is None else [value]
        attributes[name.lower()] = [str(each) for each in values]
    if present:
        if OBJECT_CLASS not in attributes:
            raise AnsibleActionFail(f"{where}.attributes: {dn} has no objectClass; name at least one")
        name, _equals, value = split_dn(dn)[0].partition("=")
        own = attributes.setdefault(name.strip().lower(), [])
        if value.strip() not in own:
            own.append(value.strip())
    return Wish(dn, present, entry["exact"], attributes, entry["password"])


def _values(wish: Wish, state: State) -> list[tuple[str, str]]:
    lines = [(name, value) for name, values in state.items() if name != PASSWORD for value in values]
    # The class comes first: people read it so.
    lines.sort(key=lambda line: line[0] != OBJECT_CLASS)
    return [*lines, ("userPassword", wish.password)] if wish.password else lines


def _modifications(wish: Wish, before: State, after: State) -> list[tuple[str, str]]:
    lines: list[tuple[str, str]] = [("changetype", "modify")]
    for name in sorted({*before, *after}):
        if before.get(name) == after.get(name):
            continue
        if name == PASSWORD:
            lines += [("replace", "userPassword"), ("userPassword", wish.password or ""), ("-", "")]
        else:
            lines += [("replace", name), *((name, value) for value in after.get(name, [])), ("-", "")]
    return lines


def _depth(dn: str) -> int:
    return len(split_dn(dn))


def _require_plain(name: str, value: str | None) -> None:
    """What reaches a tool as a line of its input or in quotes."""
    if value and not re.fullmatch("[ !#-~]+" if name == "bind_dn" else "[ -~]+", value):
        raise AnsibleActionFail(f"{name}: it has characters other than printable ASCII; use only those")


def _default_bin(version: str, target: Target) -> str:
    return rf"C:\Program Files\IBM\LDAP\V{version}\bin" if target.windows else f"/opt/IBM/ldap/V{version}/bin"
