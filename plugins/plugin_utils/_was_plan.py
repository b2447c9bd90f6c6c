# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""What would be done: the program that changes the configuration, run on a model of the documents."""

from __future__ import annotations

import functools
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ansible.errors import AnsibleActionFail

from ._programs import jy_source
from ._was_compile import Wish, wishes
from ._was_contradiction import require_consistent
from ._was_document import NotXmi
from ._was_items import Command, Item, Object, Sole
from ._was_model import AdminConfig
from ._was_model_task import AdminTask
from ._was_read import Documents
from ._was_repository import MAIN, BadPath, Repository, kind_of, path_steps
from ._was_request import request_lines, request_text
from ._was_types import types

PROGRAM = "was_apply"
# The cell of a profile that a check on fresh hosts cannot read yet.
UNKNOWN_CELL = "cell"

# What every comparison looks at: who there is.
_ALWAYS = ("cell.xml", "nodes/*/node.xml", "nodes/*/serverindex.xml", "clusters/*/cluster.xml")
_CELL = "cells/{cell}"


@dataclass(frozen=True)
class Operation:
    """One change: `verb` is create, set (an attribute of what was just created), modify, remove, or a command."""

    verb: str
    path: str
    attribute: str
    before: str
    after: str

    def __str__(self) -> str:
        change = f": {self.attribute}: {self.before or repr('')} -> {self.after or repr('')}" if self.attribute else ""
        return f"{self.verb} {self.path}{change}"


@dataclass(frozen=True)
class Plan:
    """What would be done, the attributes asked for as they would be, and the repository as it would be."""

    cell: str
    before: Repository
    after: Repository
    wishes: Sequence[Wish]
    operations: Sequence[Operation]
    state: Mapping[str, Any]

    def request(self, *, sync: bool) -> str:
        """What wsadmin gets to do it."""
        secrets = [
            f"{each.path} {each.attribute}"
            for each in self.operations
            if each.verb == "modify" and each.before == each.after
        ]
        return request_text({"dry": 0, "lenient": 0, "secrets": secrets, "sync": int(sync), "folder": ""}, self.wishes)


def plan(items: list[Item], documents: Documents, *, lenient: bool) -> Plan:
    """Compare `items` with `documents`. With `lenient`, what does not exist and is needed is supposed to be there."""
    cell = documents.cell or _cell_of(items)
    lines = wishes(items, cell)
    require_consistent(lines)
    try:
        before, model = Repository(cell, documents.texts), Repository(cell, documents.texts)
    except NotXmi as error:
        raise AnsibleActionFail(f"profile: {error}; restore it from a backup of the configuration") from None
    text = request_text({"dry": 1, "lenient": int(lenient), "secrets": [], "sync": 0, "folder": ""}, lines)
    settings, *copies = request_lines(text)
    for item in items:
        if isinstance(item, Sole):
            _require_sole(item, before)
    result = _program(AdminConfig(model, lenient=lenient))["run_all"](settings, copies)
    if result["error"]:
        raise AnsibleActionFail(f"{result['at']}: {result['error']}".lstrip(": "))
    return Plan(cell, before, model, lines, operations_of(result), result["state"])


def _require_sole(item: Sole, repository: Repository) -> None:
    for each in repository.resolve(f"/{item.type}:{item.name}/"):
        match each.context.split("/"):
            case ["cells", _cell, "nodes", node, "servers", server] if (node, server) != (item.node, item.server):
                raise AnsibleActionFail(
                    f"{item.where}: {node}/{server} has the {item.type} {item.name}, and a cell has one server with it;"
                    " use that one, or remove it first (was_config, application_server with state: absent)"
                )


def operations_of(result: Mapping[str, Any]) -> list[Operation]:
    """The operations in what the program returns."""
    return [Operation(*map(str, each)) for each in result["operations"]]


def patterns(items: Sequence[Item]) -> set[str]:
    """The documents that a comparison of `items` needs."""
    found = {f"{_CELL}/{name}" for name in _ALWAYS}
    for item in items:
        if isinstance(item, Object):
            found |= set(_documents(item.parent, item.type, item.identity.get("name", "")))
            for value in item.attributes.values():
                if isinstance(value, str) and value.startswith("/"):
                    found |= set(_documents(value))
        elif isinstance(item, Command):
            found |= {*_documents(item.path), *item.reads}
        elif isinstance(item, Sole):
            found |= set(_documents("/Node:*/Server:*/", item.type))
    return found


def _documents(path: str, type_name: str = "", name: Any = "") -> Iterator[str]:
    """The documents that hold the objects of a containment path, and objects of a type in the last of them."""
    context = _CELL
    try:
        steps = path_steps(path)
    except BadPath:
        return
    for each, own in [*steps, (type_name, str(name))]:
        for folder, document in (types()[each].documents if each in types() else {}).items():
            if each != "Cell" and MAIN.get(folder) == document:
                context = f"{context}/{folder}/{own or '*'}"
                yield f"{context}/{document}"
            elif folder == kind_of(context):
                yield f"{context}/{document}"


def _cell_of(items: Sequence[Item]) -> str:
    for item in items:
        path = item.parent if isinstance(item, Object) else item.path if isinstance(item, Command) else ""
        if path.startswith("/Cell:") and not path.startswith("/Cell:/"):
            return path_steps(path)[0][1]
    return UNKNOWN_CELL


def _program(config: AdminConfig) -> dict[str, Any]:
    """The names of the program, with the model in the place of WebSphere."""
    names: dict[str, Any] = {"AdminConfig": config, "AdminTask": AdminTask(config), "__name__": PROGRAM, "sys": sys}
    exec(_code(), names)  # noqa: S102 - a file of this collection: comparing is doing it on a model
    return names


@functools.cache
def _code() -> Any:
    return compile(jy_source(PROGRAM), f"{PROGRAM}.jy", "exec")
