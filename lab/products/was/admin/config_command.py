"""What the commands of AdminConfig share: their context, and how one is registered."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Callable
from dataclasses import dataclass, field

from lab.host import Host
from lab.products.was.admin import Argument, Process
from lab.products.was.layout import Profile
from lab.products.was.model import messages
from lab.products.was.model.element import Element
from lab.products.was.model.types import TypeInfo, types
from lab.products.was.model.workspace import Workspace


@dataclass
class Context:
    """The state of one client's AdminConfig. `mbean` finds the name of a running MBean by a query, "" for none;
    `printed` collects what a command prints."""

    host: Host
    profile: Profile
    process: Process | None
    workspace: Workspace
    mbean: Callable[[str], str]
    overwrite: bool = False
    cross_document: bool = True
    validation_level: str = "HIGHEST"
    printed: list[str] = field(default_factory=list)

    @property
    def newline(self) -> str:
        """The line end of the platform."""
        return "\r\n" if self.host.platform == "windows" else "\n"

    def lines(self, lines: list[str]) -> str:
        """Lines as one result."""
        return self.newline.join(lines)

    def element(self, value: Argument, command: str, parameter: str = "config id") -> Element:
        """The object of an argument that is an id; raises `ScriptingError`."""
        return self.workspace.find(text(value, parameter, command))


Run = Callable[..., "str | int | None"]


@dataclass(frozen=True)
class Command:
    """A command; `arguments` are the names of its parameters, the first `required` of them must be given."""

    run: Run
    required: int
    arguments: tuple[str, ...]
    description: str


def text(value: Argument, parameter: str, command: str) -> str:
    """An argument that must be text and not empty."""
    if not isinstance(value, str) or not value.strip():
        raise messages.invalid_parameter("null" if value is None else str(value), parameter, command)
    return value


def matches(pattern: str, value: str) -> bool:
    """Whether a pattern fits, which may be one of a shell or a regular expression."""
    try:
        expression = re.fullmatch(pattern, value) is not None
    except re.error:
        expression = False
    return expression or fnmatch.fnmatchcase(value, pattern)


def type_info(value: Argument, command: str) -> TypeInfo:
    """The type that an argument names."""
    name = text(value, "type", command).strip()
    if name not in types():
        raise messages.unknown_type(name)
    return types()[name]
