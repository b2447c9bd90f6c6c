# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""Brings WebSphere's configuration into a state: read, compare, launch wsadmin once, save once, synchronise, prove."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ansible.errors import AnsibleActionFail

from ._resource import diff
from ._target import Target
from ._was_items import Finding, Item, Object, Test
from ._was_plan import PROGRAM, Operation, Plan, operations_of, patterns, plan
from ._was_read import Documents, manager, read, soap_port
from ._was_restart import restart_required
from ._wsadmin import Access, launch

ATTEMPTS = 2


@dataclass(frozen=True)
class Derived:
    """What is wanted besides, as it follows from documents that are no XMI: their paths as in `read`, the passwords
    that may be stored in them, and the items, none where the documents are as they shall be."""

    reads: Sequence[str]
    secrets: Sequence[str]
    items: Callable[[Documents], list[Item]]


def configure(
    options: Mapping[str, Any], items: list[Item], target: Target, *, check: bool, derived: Derived | None = None
) -> dict[str, Any]:
    """A module's result. `options` are the common ones of all modules that configure WebSphere."""
    return _Configuration(options, items, target, derived).ensure(check=check)


class _Configuration:
    def __init__(self, options: Mapping[str, Any], items: list[Item], target: Target, derived: Derived | None) -> None:
        self._options = options
        self._fixed = items
        self._items = items
        self._derived = derived
        self._target = target
        self._profile = options["profile"].rstrip("\\/")
        self._launches = 0

    def ensure(self, *, check: bool) -> dict[str, Any]:
        documents = self._read(check=check)
        planned = self._plan(documents, lenient=check)
        result = self._result(planned, planned.operations, {})
        if not planned.operations or check:
            return result
        self._require_connection(documents)
        done = self._apply(planned, documents)
        # Two people may want the same: then it is there, and was not done here.
        operations = operations_of(done)
        result = self._result(planned, operations, done)
        reached = self._plan(self._read(check=False), lenient=False)
        result["state"] = reached.state
        result |= self._findings(reached)
        self._require_tested(done, result)
        if reached.operations:
            raise AnsibleActionFail(
                f"{self._profile}: the change did not take effect: {'; '.join(map(str, reached.operations))}",
                result=result,
            )
        return result

    # -- parts ---------------------------------------------------------------------------------------------------------
    def _plan(self, documents: Documents, *, lenient: bool) -> Plan:
        if self._derived:
            self._items = [*self._fixed, *self._derived.items(documents)]
        return plan(self._items, documents, lenient=lenient)

    def _read(self, *, check: bool) -> Documents:
        secrets = [str(value) for item in self._fixed if isinstance(item, Object) for value in item.secrets.values()]
        wanted = patterns(self._fixed)
        if self._derived:
            secrets += self._derived.secrets
            wanted |= {*self._derived.reads}
        documents = read(self._target, self._profile, wanted, secrets)
        if not documents.cell and not check:
            raise AnsibleActionFail(
                f"profile: there is no profile in {self._profile}; create it first (sametime.gateway.was_profile), or"
                " correct its path"
            )
        return documents

    def _require_connection(self, documents: Documents) -> None:
        """Raise where wsadmin is known to fail, or to do harm."""
        server = manager(documents, self._profile)
        offline = self._options["connection"] == "none"
        if offline and server.name in documents.running:
            raise AnsibleActionFail(
                f"connection: none writes files behind the back of {server.name}, which runs; use soap, or stop it"
            )
        if offline and any(isinstance(item, Test) for item in self._items):
            raise AnsibleActionFail("test: only a running deployment manager tests connections; use connection soap")

    def _apply(self, planned: Plan, documents: Documents) -> dict[str, Any]:
        """Launch wsadmin, once more on fresh state when somebody else saved meanwhile; what the program returned."""
        port = 0 if self._options["connection"] == "none" else soap_port(manager(documents, self._profile))
        access = Access.of({**self._options, "profile": self._profile}, port)
        sync = self._options["sync"] and self._options["connection"] == "soap"
        conflict = ""
        for _attempt in range(ATTEMPTS):
            if not planned.operations:
                return {"operations": [], "saved": 0, "sync": {}, "tested": {}}
            self._launches += 1
            try:
                done = launch(self._target, access, PROGRAM, planned.request(sync=sync))
            except AnsibleActionFail as error:
                raise AnsibleActionFail(str(error), result=self._result(planned, [], {})) from error
            if done["error"]:
                raise AnsibleActionFail(
                    f"{done['at']}: {self._target.mask(done['error'])}\nNothing was saved.".lstrip(": "),
                    result=self._result(planned, [], done),
                )
            if not done["conflict"]:
                return done
            conflict = self._target.mask(done["conflict"])
            planned = self._plan(self._read(check=False), lenient=False)
        raise AnsibleActionFail(
            f"{self._profile}: wsadmin could not save, {ATTEMPTS} times; somebody else changes the same documents, or"
            f" there is no room. See who works in the console, and run the task again. WebSphere says: {conflict}",
            result=self._result(planned, [], {}),
        )

    def _result(self, planned: Plan, operations: Sequence[Operation], done: Mapping[str, Any]) -> dict[str, Any]:
        """`operations` are those planned while nothing is done, and those done afterwards."""
        return {
            "changed": bool(operations),
            "diff": _diffs(operations),
            "operations": [str(each) for each in operations if each.verb != "set"] if done else [],
            "launches": self._launches,
            "save": bool(done.get("saved")),
            "sync": {node: bool(synchronised) for node, synchronised in done.get("sync", {}).items()},
            "restart_required": restart_required(planned, operations, self._items),
            "state": planned.state,
            **self._findings(planned),
            **self._tested(done),
        }

    def _findings(self, planned: Plan) -> dict[str, Any]:
        wanted = [item for item in self._items if isinstance(item, Finding)]
        found = [text for item in wanted for text in _overrides(planned, item)]
        return {"findings": found} if wanted else {}

    def _tested(self, done: Mapping[str, Any]) -> dict[str, Any]:
        said = {path: self._target.mask(text) for path, (_passed, text) in done.get("tested", {}).items()}
        return {"tested": said} if any(isinstance(item, Test) for item in self._items) else {}

    def _require_tested(self, done: Mapping[str, Any], result: dict[str, Any]) -> None:
        for path, (passed, text) in done.get("tested", {}).items():
            if not passed:
                raise AnsibleActionFail(
                    f"test: the data source {path} is saved, but connecting by it failed: {self._target.mask(text)}\n"
                    "Correct the database's options or its password; the nodes must have the driver, and their node"
                    " agents must run.",
                    result=result,
                )


def _diffs(operations: Sequence[Operation]) -> list[dict[str, str]]:
    """What a person would read in the console before and after, object by object."""
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    for each in operations:
        if each.verb == "remove":
            before[each.path] = each.before
        elif each.verb == "create":
            after[each.path] = {}
        elif each.verb == "set":
            after[each.path][each.attribute] = each.after
        elif each.verb == "modify":
            before.setdefault(each.path, {})[each.attribute] = each.before
            after.setdefault(each.path, {})[each.attribute] = each.after
        else:
            (before if each.verb.startswith("delete") else after)[f"{each.verb} {each.path}"] = {}
    paths = dict.fromkeys([*before, *after])
    return [diff(path, _shown(path, before), _shown(path, after)) for path in paths]


def _shown(path: str, side: Mapping[str, Any]) -> dict[str, Any]:
    if path not in side:
        return {}
    # What has no attributes, or shows them all as one text, is shown by its path.
    return side[path] if side[path] and isinstance(side[path], dict) else {path: side[path] or "there"}


def _overrides(planned: Plan, item: Finding) -> list[str]:
    """The custom properties of a SIP proxy that say something else than its sprayers."""
    found = []
    for settings in planned.after.resolve(f"/Node:{item.node}/Server:{item.server}/SIPProxySettings:/"):
        for each in settings.children.get("properties", []):
            if each.name in item.overrides:
                transport, attribute = item.overrides[each.name]
                sprayers = settings.children.get(f"{transport}Sprayer", [])
                if each.get("value") not in [sprayer.get(attribute) for sprayer in sprayers]:
                    found.append(
                        f"{each.name}={each.get('value')} of {item.node}/{item.server} overrides the {attribute} of the"
                        f" {transport} sprayer"
                    )
    return found
