"""Commands for JMS resources of the default messaging provider: group SIBJMSAdminCommands."""

from __future__ import annotations

from collections.abc import Iterable

from lab.products.was.admin.task.commands import Call, command, invalid
from lab.products.was.errors import ScriptingError
from lab.products.was.model.element import Element

GROUP = "SIBJMSAdminCommands"
_ADAPTER = "SIB JMS Resource Adapter"
_INTERFACES = {"queue": "javax.jms.QueueConnectionFactory", "topic": "javax.jms.TopicConnectionFactory",
               "": "javax.jms.ConnectionFactory"}  # fmt: skip
FACTORY = (
    "name* jndiName* busName* type category description authDataAlias containerAuthAlias mappingAlias "
    "xaRecoveryAuthAlias clientID userName password nonPersistentMapping persistentMapping durableSubscriptionHome "
    "readAhead target targetType targetSignificance targetTransportChain providerEndPoints connectionProximity "
    "tempQueueNamePrefix tempTopicNamePrefix shareDataSourceWithCMP:Boolean shareDurableSubscriptions"
)
DESTINATION = "description deliveryMode timeToLive:Long priority:Integer readAhead busName"
SPECIFICATION = (
    "name* jndiName* destinationJndiName* description acknowledgeMode authenticationAlias busName clientId "
    "destinationType durableSubscriptionHome maxBatchSize maxConcurrency messageSelector password "
    "subscriptionDurability subscriptionName shareDurableSubscriptions userName readAhead target targetType "
    "targetSignificance targetTransportChain providerEndPoints"
)


def _adapter(call: Call) -> Element:
    scope = call.workspace.find(call.target)
    adapters = call.workspace.contained(scope, "J2CResourceAdapter")
    found = next((each for each in adapters if each.get("name") == _ADAPTER), None)
    if found is None:
        raise invalid(call.target, "target", "scope")
    return found


def property_name(name: str) -> str:
    """`busName` is `BusName` among the properties of an adapter."""
    return {"tempQueueNamePrefix": "TemporaryQueueNamePrefix", "tempTopicNamePrefix": "TemporaryTopicNamePrefix"}.get(
        name, name[0].upper() + name[1:]
    )


def _check_jndi(call: Call, others: Iterable[Element]) -> None:
    for each in others:
        if call["jndiName"] == each.get("jndiName"):
            raise ScriptingError(f'CWSJA1001E: A JMS resource with JNDI name "{call["jndiName"]}" already exists.')


@command("createSIBJMSConnectionFactory", GROUP, "Create a SIB JMS connection factory at the scope identified by the "
         "target object.", FACTORY, target="scope*")  # fmt: skip
def _create_sib_jms_connection_factory(call: Call) -> str:
    adapter, kind = _adapter(call), call.get("type").lower()
    if kind not in _INTERFACES:
        raise invalid(call["type"], "type", "createSIBJMSConnectionFactory")
    _check_jndi(call, adapter.children.get("factories", ()))
    definitions = [each for each in adapter.walk() if each.type == "ConnectionDefinition"]
    definition = next(each for each in definitions if each.get("connectionFactoryInterface") == _INTERFACES[kind])
    attributes = {"name", "jndiName", "description", "category", "authDataAlias", "xaRecoveryAuthAlias"}
    values = {name: value for name, value in call.values.items() if name in attributes}
    factory = call.workspace.create(
        "J2CConnectionFactory", adapter, values | {"connectionDefinition": definition.id}, "factories"
    )
    call.workspace.create("ConnectionPool", factory, {}, "connectionPool")
    properties = call.workspace.create("J2EEResourcePropertySet", factory, {}, "propertySet")
    known = attributes | {"type", "containerAuthAlias", "mappingAlias"}
    _add_properties(call, properties, known, "resourceProperties")
    return call.id(factory)


def _add_properties(call: Call, holder: Element, known: set[str], feature: str) -> None:
    for name, value in call.values.items():
        if name not in known:
            values = {"name": property_name(name), "type": "java.lang.String", "value": value}
            call.workspace.create("J2EEResourceProperty", holder, values, feature)


def _destination(call: Call, interface: str) -> str:
    adapter = _adapter(call)
    _check_jndi(call, adapter.children.get("j2cAdminObjects", ()))
    kinds = [each for each in adapter.walk() if each.type == "AdminObject"]
    kind = next(each for each in kinds if each.get("adminObjectInterface") == interface)
    attributes = {"name", "jndiName", "description"}
    values = {name: value for name, value in call.values.items() if name in attributes}
    made = call.workspace.create("J2CAdminObject", adapter, values | {"adminObject": kind.id}, "j2cAdminObjects")
    _add_properties(call, made, attributes, "properties")
    return call.id(made)


@command("createSIBJMSQueue", GROUP, "Create a SIB JMS queue at the scope identified by the target object.",
         f"name* jndiName* queueName* {DESTINATION}", target="scope*")  # fmt: skip
def _create_sib_jms_queue(call: Call) -> str:
    return _destination(call, "javax.jms.Queue")


@command("createSIBJMSTopic", GROUP, "Create a SIB JMS topic at the scope identified by the target object.",
         f"name* jndiName* topicName topicSpace {DESTINATION}", target="scope*")  # fmt: skip
def _create_sib_jms_topic(call: Call) -> str:
    return _destination(call, "javax.jms.Topic")


@command("createSIBJMSActivationSpec", GROUP, "Create an activation specification in the SIB JMS resource adapter.",
         SPECIFICATION, target="scope*")  # fmt: skip
def _create_sib_jms_activation_spec(call: Call) -> str:
    adapter = _adapter(call)
    _check_jndi(call, adapter.children.get("j2cActivationSpec", ()))
    attributes = {"name", "jndiName", "description", "destinationJndiName", "authenticationAlias"}
    values = {name: value for name, value in call.values.items() if name in attributes}
    kind = next(each for each in adapter.walk() if each.type == "ActivationSpec")
    made = call.workspace.create(
        "J2CActivationSpec", adapter, values | {"activationSpec": kind.id}, "j2cActivationSpec"
    )
    _add_properties(call, made, attributes, "resourceProperties")
    return call.id(made)


def _listed(call: Call, feature: str, reference: str, *interfaces: str) -> str:
    found = []
    for each in _adapter(call).children.get(feature, ()):
        kinds = call.workspace.referenced(each, reference)
        shown = {kind.get("adminObjectInterface") or kind.get("connectionFactoryInterface") for kind in kinds}
        if not interfaces or shown & set(interfaces):
            found.append(each)
    return call.lines(found)


@command("listSIBJMSConnectionFactories", GROUP, "List all SIB JMS connection factories of the specified type at the "
         "specified scope.", "type", target="scope*")  # fmt: skip
def _list_sib_jms_connection_factories(call: Call) -> str:
    kind = call.get("type").lower()
    wanted = _INTERFACES.values() if kind in ("", "all") else [_INTERFACES.get(kind, "")]
    return _listed(call, "factories", "connectionDefinition", *wanted)


@command("listSIBJMSQueues", GROUP, "List all SIB JMS queues at the specified scope.", target="scope*")
def _list_sib_jms_queues(call: Call) -> str:
    return _listed(call, "j2cAdminObjects", "adminObject", "javax.jms.Queue")


@command("listSIBJMSTopics", GROUP, "List all SIB JMS topics at the specified scope.", target="scope*")
def _list_sib_jms_topics(call: Call) -> str:
    return _listed(call, "j2cAdminObjects", "adminObject", "javax.jms.Topic")


@command("listSIBJMSActivationSpecs", GROUP, "List activation specifications on the SIB JMS resource adapter.",
         target="scope*")  # fmt: skip
def _list_sib_jms_activation_specs(call: Call) -> str:
    return _listed(call, "j2cActivationSpec", "activationSpec")
