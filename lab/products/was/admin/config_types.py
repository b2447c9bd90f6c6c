"""AdminConfig's commands about types: attributes, required, defaults, parents, types."""

from __future__ import annotations

from lab.products.was.admin import Argument
from lab.products.was.admin.config_command import Command, Context, matches, text, type_info
from lab.products.was.admin.config_format import described, features, table
from lab.products.was.model import folders
from lab.products.was.model.types import holders, types


def _attributes(context: Context, name: Argument) -> str:
    info = type_info(name, "attributes")
    return context.lines([f"{each} {described(info, each)}" for each in features(info)])


def _required(context: Context, name: Argument) -> str:
    info = type_info(name, "required")
    needed = [
        each for group in (info.attributes, info.children, info.references) for each in group if group[each].required
    ]
    if not needed:
        return f'WASX7361I: No required attribute found for type "{info.name}".'
    rows = [("Attribute", "Type"), *((each, described(info, each)) for each in needed)]
    return context.lines(table(rows))


def _defaults(context: Context, name: Argument) -> str:
    info = type_info(name, "defaults")
    rows = [("Attribute", "Type", "Default")]
    for each in (*info.attributes, *info.children, *info.references):
        default = info.attributes[each].default if each in info.attributes else None
        rows.append((each, described(info, each), default or ""))
    return context.lines(table(rows))


def _parents(context: Context, name: Argument) -> str:
    info = type_info(name, "parents")
    found = sorted({holder for holder, _ in holders(info.name)} | set(folders.parents(info.name)))
    if not found:
        return f'WASX7351I: parents information not available for "{info.name}".'
    return context.lines(found)


def _types(context: Context, pattern: Argument = "*") -> str:
    wanted = text(pattern, "pattern", "types")
    return context.lines([name for name in types() if matches(wanted, name)])


COMMANDS = {
    "attributes": Command(_attributes, 1, ("type",), "Show the attributes for a given type"),
    "required": Command(_required, 1, ("type",), "Displays the required attributes for a given type."),
    "defaults": Command(_defaults, 1, ("type",), "Displays the default values for attributes of a given type."),
    "parents": Command(_parents, 1, ("type",), "Show the objects which contain a given type"),
    "types": Command(_types, 0, ("pattern",), "Show the possible types for configuration"),
}
