"""Commands that change, show and delete JMS resources of the default messaging provider: group SIBJMSAdminCommands."""

from __future__ import annotations

from lab.products.was.admin.task.commands import Call, Function, command, invalid
from lab.products.was.admin.task.jms import DESTINATION, FACTORY, GROUP, SPECIFICATION, property_name
from lab.products.was.model.element import Element

# What a resource holds itself; everything else is a property of it.
_OWN = {"name", "jndiName", "description", "category", "authDataAlias", "xaRecoveryAuthAlias", "destinationJndiName",
        "authenticationAlias"}  # fmt: skip
_KINDS = {
    "ConnectionFactory": ("J2CConnectionFactory", "resourceProperties", FACTORY, "a SIB JMS connection factory"),
    "Queue": ("J2CAdminObject", "properties", f"name jndiName queueName {DESTINATION}", "a SIB JMS queue"),
    "Topic": (
        "J2CAdminObject", "properties", f"name jndiName topicName topicSpace {DESTINATION}", "a SIB JMS topic"
    ),
    "ActivationSpec": (
        "J2CActivationSpec", "resourceProperties", SPECIFICATION, "an activation specification of the SIB JMS adapter"
    ),
}  # fmt: skip


def _found(call: Call, kind: str, name: str) -> Element:
    element = call.workspace.find(call.target)
    if element.type != _KINDS[kind][0]:
        raise invalid(call.target, "target", name)
    return element


def _holder(element: Element) -> Element:
    """Where the properties of a resource stand: factories have a set of them."""
    sets = element.children.get("propertySet")
    return sets[0] if sets else element


def _delete(kind: str, name: str) -> Function:
    def run(call: Call) -> str:
        call.workspace.remove(_found(call, kind, name))
        return ""

    return run


def _modify(kind: str, name: str) -> Function:
    def run(call: Call) -> str:
        element, feature = _found(call, kind, name), _KINDS[kind][1]
        own = {each: value for each, value in call.values.items() if each in _OWN}
        call.workspace.modify(element, own)
        holder = _holder(element)
        there = {each.get("name"): each for each in holder.children.get(feature, ())}
        for each, value in call.values.items():
            known = there.get(property_name(each))
            if each in own or each == "type":
                continue
            if known is not None:
                call.workspace.modify(known, {"value": value})
            else:
                values = {"name": property_name(each), "type": "java.lang.String", "value": value}
                call.workspace.create("J2EEResourceProperty", holder, values, feature)
        return call.id(element)

    return run


def _show(kind: str, name: str) -> Function:
    def run(call: Call) -> str:
        element, feature = _found(call, kind, name), _KINDS[kind][1]
        shown = {each: element.get(each) or "" for each in sorted(_OWN & element.info.attributes.keys())}
        shown |= {
            each.get("name") or "": each.get("value") or "" for each in _holder(element).children.get(feature, ())
        }
        return "{" + ", ".join(f"{each}={value}" for each, value in shown.items()) + "}"

    return run


for _kind, (_, _, _parameters, _what) in _KINDS.items():
    for _verb, _make, _text, _taken in (
        ("delete", _delete, f"Delete {_what}.", ""),
        ("modify", _modify, f"Modify the attributes of {_what} using the attributes provided.",
         _parameters.replace("*", "")),
        ("show", _show, f"Return a list containing the attributes of {_what} and their values.", ""),
    ):  # fmt: skip
        _name = f"{_verb}SIBJMS{_kind}"
        command(_name, GROUP, _text, _taken, target=f"{_kind}*")(_make(_kind, _name))
