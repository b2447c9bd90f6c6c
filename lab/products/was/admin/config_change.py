"""AdminConfig's commands that create, change and remove objects."""

from __future__ import annotations

import re
from collections.abc import Mapping

from lab.products.was.admin import Argument
from lab.products.was.admin.attribute_lists import Value, names, objects, pairs, parse
from lab.products.was.admin.config_command import Command, Context, text, type_info
from lab.products.was.documents.servers import new_server
from lab.products.was.errors import ScriptingError
from lab.products.was.model import folders, messages
from lab.products.was.model.element import Element
from lab.products.was.model.types import Feature, TypeInfo, fits, info, subtypes
from lab.products.was.model.workspace import check_names

Pairs = list[tuple[str, Value]]


def _create(
    context: Context, name: Argument, parent: Argument, attributes: Argument, parent_attribute: Argument = None
) -> str:
    kind = type_info(name, "create")
    owner = context.element(parent, "create", "parent config id")
    given = pairs(attributes)
    feature = text(parent_attribute, "parent attribute", "create").strip() if parent_attribute else None
    if kind.name == "Server" and owner.type == "Node":
        template = "templates/servertypes/APPLICATION_SERVER/servers/default"
        return context.workspace.config_id(_server(context, owner, given, template))
    return context.workspace.config_id(_new(context, kind.name, owner, given, feature))


def _create_using_template(
    context: Context, name: Argument, parent: Argument, attributes: Argument, template: Argument
) -> str:
    kind = type_info(name, "createUsingTemplate")
    owner = context.element(parent, "createUsingTemplate", "parent config id")
    source = context.element(template, "createUsingTemplate", "template config id")
    given = pairs(attributes)
    if source.type != kind.name:
        raise messages.invalid_parameter(str(template), "template config id", "createUsingTemplate")
    if kind.name == "Server":
        element = _server(context, owner, given, folders.folder(source.document.path))
    else:
        check_names(kind.name, [each for each, _ in given])
        element = context.workspace.copy(
            source, owner, _simple(context, kind, given, _home(context, kind, owner, given))
        )
        _fill(context, element, given)
    return context.workspace.config_id(element)


def _modify(context: Context, config_id: Argument, attributes: Argument) -> str:
    element = context.element(config_id, "modify")
    change(context, element, pairs(attributes))
    return ""


def _unset_attributes(context: Context, config_id: Argument, attributes: Argument) -> str:
    element = context.element(config_id, "unsetAttributes")
    context.workspace.unset(element, names(attributes))
    return ""


def _remove(context: Context, config_id: Argument) -> str:
    context.workspace.remove(context.element(config_id, "remove"))
    return ""


def change(context: Context, element: Element, given: Pairs) -> None:
    """Set attributes, references and contained objects: lists grow, an empty value clears them."""
    check_names(element.type, [name for name, _ in given])
    simple = _simple(context, element.info, given, element.document.path, element.attributes)
    context.workspace.modify(element, simple)
    _fill(context, element, given)


def _new(context: Context, type_name: str, owner: Element, given: Pairs, feature: str | None) -> Element:
    kind = info(type_name)
    check_names(type_name, [name for name, _ in given])
    _check_required(kind, given)
    simple = _simple(context, kind, given, _home(context, kind, owner, given, feature))
    element = context.workspace.create(type_name, owner, simple, feature)
    try:
        _fill(context, element, given)
    except ScriptingError:
        context.workspace.remove(element)
        raise
    return element


def _server(context: Context, node: Element, given: Pairs, template: str) -> Element:
    """A server with its folder and its places elsewhere."""
    check_names("Server", [name for name, _ in given])
    name = dict(given).get("name")
    if not isinstance(name, str) or not name:
        raise messages.missing_attributes("Server", ["name"])
    if node.type != "Node":
        raise messages.wrong_parent("Server", node.type)
    if any(each.name == name for each in context.workspace.contained(node, "Server")):
        raise ScriptingError(f"ADMG0248E: {name} exists within node {node.name}.")
    server = new_server(context.workspace, node.name, name, template, unique_ports=False)
    change(context, server, [each for each in given if each[0] != "name"])
    return server


def _check_required(kind: TypeInfo, given: Pairs) -> None:
    names_given = {name for name, _ in given}
    missing = [
        name for name, each in kind.attributes.items() if each.required and not each.default and name not in names_given
    ]
    missing += [name for name, each in kind.references.items() if each.required and name not in names_given]
    if missing:
        raise messages.missing_attributes(kind.name, missing)


def _home(context: Context, kind: TypeInfo, owner: Element, given: Pairs, feature: str | None = None) -> str:
    """The path of the document in which a new object will stand."""
    texts = {name: value for name, value in given if isinstance(value, str)}
    return context.workspace.where(kind.name, owner, texts, feature)[1].path


def _simple(
    context: Context, kind: TypeInfo, given: Pairs, home: str, present: Mapping[str, str] | None = None
) -> dict[str, str]:
    """The simple attributes and references of a list, as `Element.attributes` of document `home` holds them."""
    found: dict[str, str] = {}
    for name, value in given:
        before = found.get(name, (present or {}).get(name, ""))
        if name in kind.attributes:
            attribute = kind.attributes[name]
            plain = _plain(name, value)
            found[name] = _grown(before, plain, ";") if attribute.many else plain
            if attribute.type == "boolean" and found[name].lower() not in ("true", "false"):
                context.printed.append(f"WASX7435W: Value {found[name]} is converted to a boolean value of false.\n")
        elif name in kind.references:
            feature = kind.references[name]
            ids = " ".join(_token(context, feature, each, home) for each in _ids(value))
            found[name] = _grown(before, ids, " ") if feature.many else ids
    return found


def _fill(context: Context, element: Element, given: Pairs) -> None:
    """Create or change what is contained."""
    for name, value in given:
        feature = element.info.children.get(name)
        if feature is None:
            continue
        lists = objects(value)
        if not lists or lists == [[]]:
            context.workspace.unset(element, [name])
            continue
        if feature.many:
            for each in lists:
                _new(context, _contained_type(feature), element, each, name)
            continue
        if len(lists) > 1:
            raise messages.expected("]")
        there = element.children.get(name)
        if there:
            change(context, there[0], lists[0])
        else:
            _new(context, _contained_type(feature), element, lists[0], name)


def _contained_type(feature: Feature) -> str:
    """The type of an object that is written inside its owner's list: the declared one, or its only heir."""
    candidates = [each for name in feature.types for each in ([name] if name in subtypes(name) else subtypes(name))]
    if len(candidates) != 1:
        raise messages.abstract_type("/".join(feature.types))
    return candidates[0]


def _plain(name: str, value: Value) -> str:
    if isinstance(value, str):
        return value
    if not all(isinstance(each, str) for each in value):
        raise messages.invalid_value(name, str(value))
    return ";".join(each for each in value if isinstance(each, str))


def _grown(before: str, value: str, separator: str) -> str:
    """A list with more in it, nothing twice; an empty value clears it."""
    pieces = [each for each in [*before.split(separator), *value.split(separator)] if each]
    return separator.join(dict.fromkeys(pieces)) if value else ""


def _ids(value: Value) -> list[str]:
    if isinstance(value, str):
        if value.lstrip().startswith("["):
            return _ids(parse(value))
        return [each for each in re.split(r'(?<=\))(?:"?\s+|;)(?=\S)', value.strip()) if each]
    return [each for inner in value for each in _ids(inner)]


def _token(context: Context, feature: Feature, config_id: str, home: str) -> str:
    """How document `home` names the object of an id: by its `xmi:id`, before it the path of another document."""
    target = context.workspace.find(config_id)
    if not fits(target.type, feature):
        raise messages.invalid_value(feature.name, config_id)
    path = target.document.path
    return target.id if path == home else f"{path}#{target.id}"


COMMANDS = {
    "create": Command(_create, 3, ("type", "parent", "attributes", "parent attribute"),
                      "Creates a configuration object, given a type, a parent, and a list of attributes"),
    "createUsingTemplate": Command(_create_using_template, 4, ("type", "parent", "attributes", "template"),
                                   "Creates an object using a particular template type."),
    "modify": Command(_modify, 2, ("config id", "attributes"),
                      "Change specified attributes of a given configuration object"),
    "unsetAttributes": Command(_unset_attributes, 2, ("config id", "attributes"),
                               "Reset specified attributes of a given configuration object to their defaults"),
    "remove": Command(_remove, 1, ("config id",), "Removes the specified configuration object"),
}  # fmt: skip
