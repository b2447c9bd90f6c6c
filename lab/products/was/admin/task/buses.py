"""Commands for service integration buses: group SIBAdminCommands."""

from __future__ import annotations

import secrets

from lab.products.was.admin.task import places
from lab.products.was.admin.task.commands import Call, command
from lab.products.was.errors import ScriptingError
from lab.products.was.model.element import Element

GROUP = "SIBAdminCommands"
_MEMBER = "bus* node server cluster"
_ENGINE = (
    "fileStore:Boolean logSize:Long logDirectory minPermanentStoreSize:Long maxPermanentStoreSize:Long "
    "permanentStoreDirectory minTemporaryStoreSize:Long maxTemporaryStoreSize:Long temporaryStoreDirectory "
    "unlimitedPermanentStoreSize:Boolean unlimitedTemporaryStoreSize:Boolean "
    "dataStore:Boolean createDefaultDatasource:Boolean datasourceJndiName authAlias createTables:Boolean schemaName"
)
_BUS = (
    "bus* description secure:Boolean interEngineAuthAlias mediationsAuthAlias protocol highMessageThreshold:Long "
    "configurationReloadEnabled:Boolean discardOnDelete:Boolean busSecurity:Boolean scriptCompatibility"
)
_TYPES = {"QUEUE": "SIBQueue", "TOPICSPACE": "SIBTopicSpace", "ALIAS": "SIBDestinationAlias"}


def _bus(call: Call) -> Element:
    path = f"cells/{call.workspace.cell}/buses/{call['bus']}/sib-bus.xml"
    if not call.workspace.exists(path):
        raise ScriptingError(f'CWSJA0001E: Bus "{call["bus"]}" not found.')
    return call.workspace.document(path).roots[0]


def _uuid() -> str:
    return secrets.token_hex(8).upper()


def _of_bus(call: Call) -> dict[str, str]:
    """The attributes that a call gives a bus."""
    stored = {"discardOnDelete": "discardMsgsAfterQueueDeletion", "busSecurity": "secure"}
    left_out = {"bus", "scriptCompatibility"}
    return {stored.get(name, name): value for name, value in call.values.items() if name not in left_out}


@command("createSIBus", GROUP, "Create a bus.", _BUS)
def _create_sibus(call: Call) -> str:
    cell = places.root(call.workspace, "cell.xml")
    if call.workspace.exists(f"cells/{call.workspace.cell}/buses/{call['bus']}/sib-bus.xml"):
        raise ScriptingError(f'CWSJA0000E: Bus "{call["bus"]}" already exists.')
    bus = call.workspace.create("SIBus", cell, {"name": call["bus"], "uuid": _uuid(), **_of_bus(call)})
    call.workspace.create("SIBTopicSpace", bus, {"identifier": "Default.Topic.Space", "uuid": _uuid()})
    return call.id(bus)


@command("modifySIBus", GROUP, "Modify a bus.", _BUS)
def _modify_sibus(call: Call) -> str:
    bus = _bus(call)
    call.workspace.modify(bus, _of_bus(call))
    return call.id(bus)


@command("listSIBuses", GROUP, "List all buses in the cell.")
def _list_sibuses(call: Call) -> str:
    return call.lines(call.workspace.list("SIBus"))


@command("showSIBus", GROUP, "Show the attributes of a bus.", "bus*")
def _show_sibus(call: Call) -> str:
    bus = _bus(call)
    shown = ("name", "uuid", "description", "secure", "highMessageThreshold", "configurationReloadEnabled")
    return "{" + ", ".join(f"{name}={bus.get(name) or ''}" for name in shown) + "}"


@command("deleteSIBus", GROUP, "Delete a named bus, including everything on it.", "bus*")
def _delete_sibus(call: Call) -> str:
    bus = _bus(call)
    for member in list(bus.children.get("busMembers", ())):
        _remove_engines(call, member)
    call.workspace.remove(bus)
    return ""


def _member_of(call: Call) -> tuple[Element, dict[str, str]]:
    """The server or cluster that is a member, and how a bus names it."""
    node, server, cluster = call.get("node"), call.get("server"), call.get("cluster")
    if cluster and not node and not server:
        found = places.cluster(call.workspace, cluster)
        names = {"cluster": cluster}
    else:
        found = places.server(call.workspace, node, server) if not cluster else None
        names = {"node": node, "server": server}
    if found is None:
        raise ScriptingError(
            f'CWSJA0007E: Incorrect parameter combination supplied : Node Name = "{node}", Server Name = "{server}", '
            f'Cluster Name = "{cluster}".'
        )
    return found, names


def _named(names: dict[str, str]) -> str:
    return names.get("cluster") or f"{names['node']}.{names['server']}"


@command("addSIBusMember", GROUP, "Add a member to a bus.", f"{_MEMBER} {_ENGINE}")
def _add_sibus_member(call: Call) -> str:
    bus = _bus(call)
    owner, names = _member_of(call)
    for member in bus.children.get("busMembers", ()):
        if all((member.get(key) or "") == value for key, value in names.items()):
            raise ScriptingError(f'CWSJA0003E: Bus member "{_named(names)}" already exists.')
    member = call.workspace.create("SIBusMember", bus, {**names, "uuid": _uuid()}, "busMembers")
    engine = call.workspace.create(
        "SIBMessagingEngine",
        owner,
        {
            "name": f"{_named(names) if 'server' in names else _named(names) + '.000'}-{call['bus']}",
            "uuid": _uuid(), "busName": call["bus"], "busUuid": bus.get("uuid") or "",
            "messageStoreType": "DATASTORE" if _has_data_store(call) else "FILESTORE",
        },
    )  # fmt: skip
    if _has_data_store(call):
        store = {"dataSourceName": "datasourceJndiName", "authAlias": "authAlias", "schemaName": "schemaName",
                 "createTables": "createTables"}  # fmt: skip
        values = {name: call[given] for name, given in store.items() if call.get(given)}
        values.setdefault("dataSourceName", f"jdbc/com.ibm.ws.sib/{engine.get('name')}")
        call.workspace.create("SIBDatastore", engine, values | {"uuid": _uuid()}, "dataStore")
    else:
        names_of_sizes = {word.partition(":")[0] for word in _ENGINE.split()} - {"fileStore"}
        values = {name: value for name, value in call.values.items() if name in names_of_sizes}
        call.workspace.create("SIBFilestore", engine, values | {"uuid": _uuid()}, "fileStore")
    call.workspace.create("SIBBusMemberTarget", member, {"engineUuid": engine.get("uuid") or ""}, "target")
    if "server" in names:
        service = call.workspace.document(f"{owner.document.path.rpartition('/')[0]}/sib-service.xml").roots[0]
        call.workspace.modify(service, {"enable": "true"})
    return call.id(member)


def _has_data_store(call: Call) -> bool:
    wanted = ("dataStore", "createDefaultDatasource")
    return bool(call.get("datasourceJndiName")) or any(call.get(name).lower() == "true" for name in wanted)


@command("listSIBusMembers", GROUP, "List the members on a bus.", "bus*")
def _list_sibus_members(call: Call) -> str:
    return call.lines(_bus(call).children.get("busMembers", ()))


@command("removeSIBusMember", GROUP, "Remove a member from a bus.", _MEMBER)
def _remove_sibus_member(call: Call) -> str:
    _, names = _member_of(call)
    for member in list(_bus(call).children.get("busMembers", ())):
        if all((member.get(key) or "") == value for key, value in names.items()):
            _remove_engines(call, member)
            call.workspace.remove(member)
            return ""
    raise ScriptingError(f'CWSJA0009E: Bus member "{_named(names)}" not found.')


def _remove_engines(call: Call, member: Element) -> None:
    wanted = {target.get("engineUuid") for target in member.children.get("target", ())}
    for engine in call.workspace.list("SIBMessagingEngine"):
        if engine.get("uuid") in wanted:
            call.workspace.remove(engine)


@command("listSIBEngines", GROUP, "List messaging engines.", _MEMBER)
def _list_sib_engines(call: Call) -> str:
    _bus(call)
    return call.lines(each for each in call.workspace.list("SIBMessagingEngine") if each.get("busName") == call["bus"])


@command(
    "createSIBDestination", GROUP, "Create bus destination.",
    "bus* name* type* cluster node server aliasBus targetBus targetName description reliability maxReliability "
    "maxFailedDeliveries:Integer defaultPriority:Integer exceptionDestination sendAllowed receiveAllowed",
)  # fmt: skip
def _create_sib_destination(call: Call) -> str:
    bus, kind = _bus(call), _TYPES.get(call["type"].upper())
    if kind is None:
        raise ScriptingError(f'CWSJA0006E: Destination type "{call["type"]}" is not supported by this command.')
    if call["name"] in {each.get("identifier") for each in _destinations(call)}:
        raise ScriptingError(f'CWSJA0010E: Destination "{call["name"]}" already exists.')
    names = {} if kind != "SIBQueue" else _member_of(call)[1]
    values = {name: value for name, value in call.values.items() if name in _attributes(kind)}
    if kind == "SIBDestinationAlias":
        values |= {"bus": call.get("aliasBus") or call["bus"], "targetIdentifier": call.get("targetName")}
        values["targetBus"] = call.get("targetBus") or call["bus"]
    destination = call.workspace.create(kind, bus, {"identifier": call["name"], "uuid": _uuid(), **values})
    if names:
        call.workspace.create("SIBLocalizationPointRef", destination, names, "localizationPointRefs")
    return call.id(destination)


def _attributes(kind: str) -> set[str]:
    common = {"description", "sendAllowed", "receiveAllowed"}
    quality = {"reliability", "maxReliability", "maxFailedDeliveries", "defaultPriority", "exceptionDestination"}
    return common if kind == "SIBDestinationAlias" else common | quality


def _destinations(call: Call) -> list[Element]:
    return call.workspace.list("SIBAbstractDestination", _bus(call))


@command("listSIBDestinations", GROUP, "List destinations belonging to a bus.", "bus* type")
def _list_sib_destinations(call: Call) -> str:
    wanted = _TYPES.get(call.get("type").upper(), "")
    return call.lines(each for each in _destinations(call) if wanted in ("", each.type))


@command("deleteSIBDestination", GROUP, "Delete bus destination.", "bus* name* aliasBus")
def _delete_sib_destination(call: Call) -> str:
    for each in _destinations(call):
        if each.get("identifier") == call["name"]:
            call.workspace.remove(each)
            return ""
    raise ScriptingError(f'CWSJA0011E: Destination "{call["name"]}" not found.')
