# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""What can be wanted of WebSphere's configuration. Every module is a mapping from its options to a list of these."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

State = Literal["present", "absent", "existing", "optional"]

# Keys of a nested mapping that are no attributes of the object it describes.
TYPE, STATE, IDENTITY, SECRETS = "_type", "_state", "_identity", "_secrets"


@dataclass(frozen=True)
class Object:
    """An object in a state. `parent` is a containment path; `identity` and `attributes` are as in `was_config`, and an
    optional object is changed where it exists. `where` is the option that a message names."""

    type: str
    parent: str
    identity: Mapping[str, Any] = field(default_factory=dict)
    attributes: Mapping[str, Any] = field(default_factory=dict)
    secrets: Mapping[str, Any] = field(default_factory=dict)
    state: State = "present"
    feature: str | None = None
    exact: bool = False
    where: str = ""


@dataclass(frozen=True)
class Command:
    """A command of AdminTask, run when what `path` stands for (and in it `child`) is there (`when`) or is not.

    `label` says what it makes. `reads` are further documents that its effect is foreseen from; `restarts` the servers,
    as `node/server`, that have to be restarted behind it. `files`, by name, lie beside the request while it runs, each
    character a byte; `arguments` names one as `@{name}`.
    """

    name: str
    label: str
    path: str
    arguments: str
    target: str = ""
    child: Object | None = None
    when: bool = False
    reads: Sequence[str] = ()
    restarts: Sequence[str] = ()
    files: Mapping[str, str] = field(default_factory=dict)
    where: str = ""


@dataclass(frozen=True)
class Test:
    """A test of the data source that `path` stands for; `failed` is its description where the test fails."""

    path: str
    failed: str
    where: str = ""


@dataclass(frozen=True)
class Finding:
    """Something to tell about a server's SIP proxy settings: custom properties named in `overrides`, each with the
    sprayer and the attribute of it that it overrides."""

    node: str
    server: str
    overrides: Mapping[str, tuple[str, str]]
    where: str = ""


@dataclass(frozen=True)
class Sole:
    """An object that one server of a cell may have: no other server than `node`/`server` has one of the type and
    name."""

    type: str
    name: str
    node: str
    server: str
    where: str = ""


Item = Object | Command | Test | Finding | Sole


def words(*pairs: tuple[str, Any]) -> str:
    """Parameters of a command of AdminTask: `-name value ...`; what is None is left out."""
    return " ".join(f"-{name} {_word(value)}" for name, value in pairs if value is not None)


def _word(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    text = str(value)
    # A value that begins with a bracket is a step's own parameters, one with a dash would be taken for an option.
    return f'"{text}"' if (" " in text and not text.startswith("[")) or text.startswith("-") else text


def delete_server(node: str, server: str, where: str) -> Command:
    """The command that deletes a server, if it is there."""
    arguments = words(("serverName", server), ("nodeName", node))
    return Command("deleteServer", f"{node}/{server}", server_path(node, server), arguments, when=True, where=where)


def server_path(node: str, server: str) -> str:
    """The containment path of a server."""
    return f"/Node:{node}/Server:{server}/"
