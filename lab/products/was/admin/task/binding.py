"""From the arguments of a script to the parameters and steps of a command."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from lab.products.was.admin import Argument
from lab.products.was.admin.task.arguments import Tree, is_option, tree
from lab.products.was.admin.task.commands import Command, Parameter, Step, invalid, missing
from lab.products.was.errors import ScriptingError

Values = dict[str, str]


def bind(command: Command, arguments: Sequence[Argument]) -> tuple[str, Values, Mapping[str, Sequence[Values]]]:
    """Target, parameters and steps of a call. Raises `ScriptingError` for what the command does not take."""
    rest = list(arguments)
    target = ""
    if command.target and rest and _is_target(rest[0]):
        target = str(rest.pop(0))
    if len(rest) > 1:
        raise ScriptingError(f"WASX8009E: Invalid parameter: {rest[1]}")
    values, steps = _options(command, tree(rest[0]) if rest else [])
    if command.target_required and not target:
        raise missing("target", command.name)
    _check(command.parameters, values, command.name)
    for step in command.steps:
        # A step with a required parameter is required itself, unless it is a table.
        rows = steps.get(step.name)
        if rows is None and not step.rows and any(each.required for each in step.parameters):
            rows = [{}] if _is_required(command, step) else []
        for row in rows or []:
            _check(step.parameters, row, step.name)
    return target, values, steps


def _is_required(command: Command, step: Step) -> bool:
    """Only the first step of a command may be required: it names what the command works on."""
    return step is command.steps[0] and not any(each.required for each in command.parameters)


def _is_target(argument: Argument) -> bool:
    return isinstance(argument, str) and not re.match(r"\s*(\[|-[A-Za-z])", argument)


def _options(command: Command, items: Sequence[Tree]) -> tuple[Values, dict[str, list[Values]]]:
    parameters = {each.name: each for each in command.parameters}
    steps = {each.name: each for each in command.steps}
    values: Values = {}
    given: dict[str, list[Values]] = {}
    position = 0
    while position < len(items):
        name = items[position]
        if not is_option(name) or not isinstance(name, str):
            raise ScriptingError(f"WASX8009E: Invalid parameter: {_text(name)}")
        name, position = name[1:], position + 1
        value = items[position] if position < len(items) and not is_option(items[position]) else None
        position += value is not None
        if name in steps:
            given[name] = _rows(steps[name], value)
        elif name in parameters:
            # An option without a value counts as not given.
            values |= {} if value is None else {name: _text(value)}
        else:
            raise ScriptingError(f"WASX8009E: Invalid parameter: {name}")
    return values, given


def _rows(step: Step, value: Tree | None) -> list[Values]:
    items: Sequence[Tree] = [] if value is None else [value] if isinstance(value, str) else value
    if not items:
        return [] if step.rows else [{}]
    if all(isinstance(each, list) for each in items) and not (len(step.parameters) == 1 and not step.rows):
        return [_row(step, each if isinstance(each, list) else [each]) for each in items]
    if len(step.parameters) == 1 and all(isinstance(each, list) for each in items):
        inner = items[0]
        return [_row(step, inner if isinstance(inner, list) else [inner])]
    return [_row(step, items)]


def _row(step: Step, items: Sequence[Tree]) -> Values:
    if items and is_option(items[0]):
        return _named(step, items)
    if len(items) > len(step.parameters):
        raise ScriptingError(
            f"WASX8018E: Cannot find a match for option value {_text(list(items))} for step {step.name}"
        )
    return {parameter.name: _text(item) for parameter, item in zip(step.parameters, items, strict=False)}


def _named(step: Step, items: Sequence[Tree]) -> Values:
    known = {each.name for each in step.parameters}
    row: Values = {}
    position = 0
    while position < len(items):
        name = _text(items[position])[1:]
        if not is_option(items[position]) or name not in known:
            raise ScriptingError(f"WASX8009E: Invalid parameter: {name}")
        position += 1
        if position < len(items) and not is_option(items[position]):
            row[name] = _text(items[position])
            position += 1
    return row


def _text(item: Tree) -> str:
    """A value as the command sees it; a list in brackets becomes its words, separated by commas."""
    return str(item) if isinstance(item, str) else ",".join(_text(each) for each in item)


def _check(parameters: Sequence[Parameter], values: Values, name: str) -> None:
    for parameter in parameters:
        value = values.get(parameter.name)
        if value is None or (parameter.required and value == ""):
            if parameter.required:
                raise missing(parameter.name, name)
            continue
        wrong = {
            "Boolean": value.lower() not in {"true", "false"},
            "Integer": not re.fullmatch(r"-?\d+", value),
            "Long": not re.fullmatch(r"-?\d+", value),
        }.get(parameter.kind, False)
        if wrong or (parameter.choices and value not in parameter.choices):
            raise invalid(value, parameter.name, name)
