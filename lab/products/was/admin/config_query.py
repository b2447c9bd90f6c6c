"""AdminConfig's commands that look objects up and show them."""

from __future__ import annotations

import re

from lab.products.was.admin import Argument
from lab.products.was.admin.attribute_lists import names
from lab.products.was.admin.config_command import Command, Context, matches, text, type_info
from lab.products.was.admin.config_format import features, line, nested, shown
from lab.products.was.model.element import Element
from lab.products.was.model.workspace import check_names


def _getid(context: Context, path: Argument) -> str:
    found = context.workspace.resolve(text(path, "containment path", "getid"))
    return context.lines([context.workspace.config_id(each) for each in found])


def _list(context: Context, name: Argument, scope: Argument = None) -> str:
    """The second argument is an id, or a pattern for the ids."""
    info = type_info(name, "list")
    workspace = context.workspace
    if not scope:
        return context.lines([workspace.config_id(each) for each in workspace.list(info.name)])
    wanted = text(scope, "scope", "list")
    if "|" in wanted or "(" in wanted:
        return context.lines([workspace.config_id(each) for each in workspace.list(info.name, workspace.find(wanted))])
    found = workspace.list(info.name)
    ids = [
        workspace.config_id(each) for each in found if matches(wanted, each.name) or _matches_id(context, wanted, each)
    ]
    return context.lines(ids)


def _show(context: Context, config_id: Argument, attributes: Argument = None) -> str:
    element = context.element(config_id, "show")
    lines = []
    for name in _chosen(element, attributes):
        value = shown(context.workspace, element, name)
        if value is not None:
            lines.append(line(name, value))
    return context.lines(lines)


def _showall(context: Context, config_id: Argument, attributes: Argument = None) -> str:
    element = context.element(config_id, "showall")
    return nested(context.workspace, element, context.newline, _chosen(element, attributes))


def _show_attribute(context: Context, config_id: Argument, attribute: Argument) -> str | None:
    element = context.element(config_id, "showAttribute")
    name = text(attribute, "attribute", "showAttribute").strip()
    check_names(element.type, [name])
    return shown(context.workspace, element, name)


def _list_templates(context: Context, name: Argument, pattern: Argument = None) -> str:
    """The pattern is a piece of the id, or a regular expression for one."""
    info = type_info(name, "listTemplates")
    ids = [context.workspace.config_id(each) for each in context.workspace.templates(info.name)]
    wanted = text(pattern, "pattern", "listTemplates") if pattern else ""
    return context.lines([each for each in ids if wanted in each or _found(wanted, each)])


def _found(expression: str, config_id: str) -> bool:
    try:
        return re.search(expression, config_id) is not None
    except re.error:
        return False


def _object_name(context: Context, config_id: Argument) -> str:
    """Servers, clusters, applications and data sources have MBeans; all others none."""
    element = context.element(config_id, "getObjectName")
    identifier = f"{element.document.path}#{element.id}"
    return context.mbean(f"WebSphere:mbeanIdentifier={identifier},*")


def _matches_id(context: Context, pattern: str, element: Element) -> bool:
    return matches(pattern, context.workspace.config_id(element).strip('"'))


def _chosen(element: Element, attributes: Argument) -> list[str]:
    if not attributes:
        return features(element.info)
    chosen = names(attributes)
    check_names(element.type, chosen)
    return chosen


COMMANDS = {
    "getid": Command(_getid, 1, ("containment path",), "Show the configId of an object, given a string version of its"
                     " containment"),
    "list": Command(_list, 1, ("type", "scope"), "Lists all configuration objects of a given type"),
    "show": Command(_show, 1, ("config id", "attributes"), "Show the attributes of a given configuration object"),
    "showall": Command(_showall, 1, ("config id", "attributes"), "Recursively show the attributes of a given"
                       " configuration object, and all the objects contained within each attribute."),
    "showAttribute": Command(_show_attribute, 2, ("config id", "attribute"), "Displays only the value for the single"
                             " attribute specified."),
    "listTemplates": Command(_list_templates, 1, ("type", "pattern"), "Lists all available configuration templates of"
                             " a given type."),
    "getObjectName": Command(_object_name, 1, ("config id",), "Given a config id, return a string version of the"
                             " ObjectName for the corresponding running MBean, if any."),
}  # fmt: skip
