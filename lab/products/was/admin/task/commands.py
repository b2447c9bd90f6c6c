"""What a command of AdminTask is: its parameters, its steps, and the call that its function gets."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from lab.host import Host
from lab.products.was.admin import Process
from lab.products.was.errors import ScriptingError
from lab.products.was.layout import Profile
from lab.products.was.model.element import Element
from lab.products.was.model.workspace import Workspace

Kind = Literal["String", "Boolean", "Integer", "Long", "List"]


@dataclass(frozen=True)
class Parameter:
    """A parameter; `choices` are its legal values."""

    name: str
    kind: Kind = "String"
    required: bool = False
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Step:
    """A step: a group of parameters. Of a table of `rows` each row is given by position or by name."""

    name: str
    parameters: tuple[Parameter, ...]
    description: str = ""
    rows: bool = False


@dataclass(frozen=True)
class Call:
    """A command as it was called. Values that were not given are absent."""

    workspace: Workspace
    host: Host
    profile: Profile
    process: Process | None
    target: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    steps: Mapping[str, Sequence[Mapping[str, str]]] = field(default_factory=dict)

    def __getitem__(self, name: str) -> str:
        return self.values[name]

    def get(self, name: str, default: str = "") -> str:
        """A value, or the default."""
        return self.values.get(name, default)

    def step(self, name: str) -> Mapping[str, str]:
        """The parameters of a step of one row; empty when the step was not given."""
        return self.steps[name][0] if self.steps.get(name) else {}

    def id(self, element: Element) -> str:
        """The configuration id of an object."""
        return self.workspace.config_id(element)

    def lines(self, items: Iterable[Element | str]) -> str:
        """A list as AdminTask gives it back: one item a line, in the way of the platform."""
        end = "\r\n" if self.host.platform == "windows" else "\n"
        return end.join(each if isinstance(each, str) else self.id(each) for each in items)


Function = Callable[[Call], "str | None"]


@dataclass(frozen=True)
class Command:
    """A command. `target` says what its target object is; empty without one."""

    name: str
    group: str
    description: str
    run: Function
    target: str
    target_required: bool
    parameters: tuple[Parameter, ...]
    steps: tuple[Step, ...]


COMMANDS: dict[str, Command] = {}
"""Filled by the modules of the command groups."""


def command(
    name: str,
    group: str,
    description: str,
    parameters: str = "",
    *,
    target: str = "",
    steps: Sequence[Step] = (),
) -> Callable[[Function], Function]:
    """Register a command. `parameters` is a list such as `name* count:Integer kind=A|B`, `*` for a required one; a
    `target` ending in `*` is required."""

    def register(run: Function) -> Function:
        COMMANDS[name] = Command(
            name, group, description, run, target.rstrip("*"), target.endswith("*"), declared(parameters), tuple(steps)
        )
        return run

    return register


def step(name: str, parameters: str, description: str = "", *, rows: bool = False) -> Step:
    """A step, its parameters as in `command`."""
    return Step(name, declared(parameters), description, rows)


def declared(text: str) -> tuple[Parameter, ...]:
    """The parameters that a list names."""
    return tuple(_parameter(word) for word in text.split())


def _parameter(word: str) -> Parameter:
    word, _, choices = word.partition("=")
    word, _, kind = word.partition(":")
    kinds: dict[str, Kind] = {
        "": "String", "Boolean": "Boolean", "Integer": "Integer", "Long": "Long", "List": "List"
    }  # fmt: skip
    parameter = Parameter(word.rstrip("*"), kinds[kind], word.endswith("*"))
    return dataclasses.replace(parameter, choices=tuple(choices.split("|")) if choices else ())


def missing(parameter: str, name: str) -> ScriptingError:
    """A required parameter was not given to a command or step."""
    return ScriptingError(f"ADMF0002E: Required parameter {parameter} is not found for command {name}.")


def invalid(value: str, parameter: str, name: str) -> ScriptingError:
    """A parameter has a value that the command or step does not take."""
    return ScriptingError(f"ADMF0003E: Invalid parameter value {value} for parameter {parameter} for command {name}.")
