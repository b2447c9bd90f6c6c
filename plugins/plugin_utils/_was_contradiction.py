# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""One attribute wanted with two values in the same launch: the later one would win, and no run would end unchanged."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ansible.errors import AnsibleActionFail


def require_consistent(wishes: Sequence[Mapping[str, Any]]) -> None:
    """Raise AnsibleActionFail for an attribute with two values, with the options that give them; secrets unshown.

    `wishes` are the lines of a request, as `_was_compile.wishes` makes them.
    """
    seen: dict[tuple[str, str], tuple[str, str, Any]] = {}
    for wish in wishes:
        if wish["kind"] != "object":
            continue
        where = wish["where"]
        for path, name, kind, value in _values(wish["object"], wish["parent"]):
            first, first_kind, other = seen.setdefault((path, name), (where, kind, value))
            if (kind, value) != (first_kind, other):
                here, there = ("one value", "another") if "secret" in (kind, first_kind) else (repr(value), repr(other))
                raise AnsibleActionFail(
                    f"{where}: {name} of {path} is {here} here and {there} in {first}; one attribute has one value,"
                    " so take it out of one of the two"
                )


def _values(wish: Mapping[str, Any], parent: str) -> Iterator[tuple[str, str, str, Any]]:
    """Path, name, kind and value of each attribute of an object and of what it contains."""
    path = _path(wish, parent)
    if wish["state"] == "absent":
        return
    for name, kind, value in wish["values"]:
        yield path, name, kind, value
    for child in wish["children"]:
        yield from _values(child, path)


def _path(wish: Mapping[str, Any], parent: str) -> str:
    """What tells an object from all others, written as in results."""
    if not wish["feature"]:
        return f"{parent}{wish['type']}:{wish['identity'][-1][1] if wish['identity'] else ''}/"
    identity = ",".join(f"{name}={value}" for name, value in sorted(wish["identity"]))
    mixed = f":{wish['type']}" if wish["mixed"] else ""
    return f"{parent.rstrip('/')}/{wish['feature']}{mixed}{f'({identity})' if identity else ''}"
