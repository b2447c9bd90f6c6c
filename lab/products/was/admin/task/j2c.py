"""Commands for resource adapters: group JCAManagement."""

from __future__ import annotations

from lab.products.was.admin.task.commands import Call, command, invalid
from lab.products.was.model.element import Element

GROUP = "JCAManagement"
_ADAPTER = "J2CResourceAdapter*"
_NAMED = "name* jndiName* description"


def _adapter(call: Call, name: str) -> Element:
    adapter = call.workspace.find(call.target)
    if adapter.type != "J2CResourceAdapter":
        raise invalid(call.target, "J2CResourceAdapter", name)
    return adapter


def _definitions(adapter: Element, type_name: str) -> dict[str, Element]:
    """What the adapter's descriptor offers, by interface (of activation specifications: the type of listener)."""
    attribute = {
        "ConnectionDefinition": "connectionFactoryInterface",
        "AdminObject": "adminObjectInterface",
        "MessageListener": "messageListenerType",
    }[type_name]
    return {each.get(attribute) or "": each for each in adapter.walk() if each.type == type_name}


def _definition(call: Call, adapter: Element, type_name: str, parameter: str, name: str) -> Element:
    found = _definitions(adapter, type_name).get(call[parameter])
    if found is None:
        raise invalid(call[parameter], parameter, name)
    if type_name != "MessageListener":
        return found
    return next(each for each in found.walk() if each.type == "ActivationSpec")


def _copy_properties(call: Call, definition: Element, holder: Element, feature: str) -> None:
    """A new resource has the properties of its definition, with their defaults."""
    for each in (child for child in definition.walk() if child.type == "ConfigProperty"):
        values = {name: each.get(name) or "" for name in ("name", "type", "value")}
        call.workspace.create("J2EEResourceProperty", holder, values, feature)


@command("createJ2CConnectionFactory", GROUP, "Create a J2C connection factory",
         f"connectionFactoryInterface* {_NAMED} authDataAlias", target=_ADAPTER)  # fmt: skip
def _create_connection_factory(call: Call) -> str:
    adapter = _adapter(call, "createJ2CConnectionFactory")
    definition = _definition(
        call, adapter, "ConnectionDefinition", "connectionFactoryInterface", "createJ2CConnectionFactory"
    )
    values = {name: value for name, value in call.values.items() if name != "connectionFactoryInterface"}
    made = call.workspace.create(
        "J2CConnectionFactory", adapter, values | {"connectionDefinition": definition.id}, "factories"
    )
    properties = call.workspace.create("J2EEResourcePropertySet", made, {}, "propertySet")
    _copy_properties(call, definition, properties, "resourceProperties")
    return call.id(made)


@command("createJ2CAdminObject", GROUP, "Create a J2C administrative object", f"adminObjectInterface* {_NAMED}",
         target=_ADAPTER)  # fmt: skip
def _create_admin_object(call: Call) -> str:
    adapter = _adapter(call, "createJ2CAdminObject")
    definition = _definition(call, adapter, "AdminObject", "adminObjectInterface", "createJ2CAdminObject")
    values = {name: value for name, value in call.values.items() if name != "adminObjectInterface"}
    made = call.workspace.create("J2CAdminObject", adapter, values | {"adminObject": definition.id}, "j2cAdminObjects")
    _copy_properties(call, definition, made, "properties")
    return call.id(made)


@command("createJ2CActivationSpec", GROUP, "Create a J2C activation specification",
         f"messageListenerType* {_NAMED} authenticationAlias destinationJndiName", target=_ADAPTER)  # fmt: skip
def _create_activation_spec(call: Call) -> str:
    adapter = _adapter(call, "createJ2CActivationSpec")
    definition = _definition(call, adapter, "MessageListener", "messageListenerType", "createJ2CActivationSpec")
    values = {name: value for name, value in call.values.items() if name != "messageListenerType"}
    made = call.workspace.create(
        "J2CActivationSpec", adapter, values | {"activationSpec": definition.id}, "j2cActivationSpec"
    )
    _copy_properties(call, definition, made, "resourceProperties")
    return call.id(made)


def _listed(call: Call, name: str, feature: str, type_name: str, parameter: str) -> str:
    adapter = _adapter(call, name)
    definition = _definition(call, adapter, type_name, parameter, name)
    return call.lines(
        each
        for each in adapter.children.get(feature, ())
        if any(definition in call.workspace.referenced(each, reference) for reference in each.info.references)
    )


@command("listJ2CConnectionFactories", GROUP, "List J2C connection factories that have a specified connection factory "
         "interface", "connectionFactoryInterface*", target=_ADAPTER)  # fmt: skip
def _list_connection_factories(call: Call) -> str:
    return _listed(call, "listJ2CConnectionFactories", "factories", "ConnectionDefinition",
                   "connectionFactoryInterface")  # fmt: skip


@command("listJ2CAdminObjects", GROUP, "List the J2C administrative objects that have a specified administrative "
         "object interface", "adminObjectInterface*", target=_ADAPTER)  # fmt: skip
def _list_admin_objects(call: Call) -> str:
    return _listed(call, "listJ2CAdminObjects", "j2cAdminObjects", "AdminObject", "adminObjectInterface")


@command("listJ2CActivationSpecs", GROUP, "List the J2C activation specifications that have a specified message "
         "listener type", "messageListenerType*", target=_ADAPTER)  # fmt: skip
def _list_activation_specs(call: Call) -> str:
    return _listed(call, "listJ2CActivationSpecs", "j2cActivationSpec", "MessageListener",
                   "messageListenerType")  # fmt: skip


def _offered(call: Call, name: str, type_name: str) -> str:
    return call.lines(_definitions(_adapter(call, name), type_name))


@command("listConnectionFactoryInterfaces", GROUP, "List all of the defined connection factory interfaces on the "
         "specified J2C resource adapter", target=_ADAPTER)  # fmt: skip
def _list_connection_factory_interfaces(call: Call) -> str:
    return _offered(call, "listConnectionFactoryInterfaces", "ConnectionDefinition")


@command("listAdminObjectInterfaces", GROUP, "List all the defined administrative object interfaces on the specified "
         "J2C resource adapter", target=_ADAPTER)  # fmt: skip
def _list_admin_object_interfaces(call: Call) -> str:
    return _offered(call, "listAdminObjectInterfaces", "AdminObject")


@command("listMessageListenerTypes", GROUP, "list all of the defined messageListener type on the specified J2C "
         "resource adapter", target=_ADAPTER)  # fmt: skip
def _list_message_listener_types(call: Call) -> str:
    return _offered(call, "listMessageListenerTypes", "MessageListener")
