"""Commands for transport chains and their ports: groups ChannelFrameworkManagement, EndPointManagement."""

from __future__ import annotations

from lab.products.was.admin.task import places
from lab.products.was.admin.task.commands import Call, command, invalid
from lab.products.was.errors import ScriptingError
from lab.products.was.model.element import Element

CHAINS = "ChannelFrameworkManagement"


def _service(call: Call) -> Element:
    service = call.workspace.find(call.target)
    if service.type != "TransportChannelService":
        raise ScriptingError(f"ADMF0003E: Invalid parameter value {call.target} for parameter target.")
    return service


def _entry(call: Call, element: Element) -> Element:
    parts = element.document.path.split("/")
    entry = places.entry(call.workspace, parts[3], parts[5])
    if entry is None:
        raise ScriptingError(f"ADMG0256E: {parts[5]} does not exist within node {parts[3]}.")
    return entry


@command(
    "createTCPEndPoint", CHAINS, "Creates a new endpoint that can be associated with a TCP inbound channel",
    "name* host* port*:Integer", target="transportChannelService*",
)  # fmt: skip
def _create_tcp_end_point(call: Call) -> str:
    entry = _entry(call, _service(call))
    if call["name"] in {each.get("endPointName") for each in entry.children.get("specialEndpoints", ())}:
        raise ScriptingError(f"CWWCF0008E: An end point with name {call['name']} already exists.")
    named = call.workspace.create("NamedEndPoint", entry, {"endPointName": call["name"]}, "specialEndpoints")
    call.workspace.create("EndPoint", named, {"host": call["host"], "port": call["port"]}, "endPoint")
    return call.id(named)


@command(
    "listTCPEndPoints", CHAINS, "Lists all the end points that can be associated with a TCP inbound channel",
    "excludeDistinguished:Boolean unusedOnly:Boolean", target="transportChannelServiceOrChannel*",
)  # fmt: skip
def _list_tcp_end_points(call: Call) -> str:
    element = call.workspace.find(call.target)
    server = element.document.roots[0]
    used = {each.get("endPointName") for each in server.walk() if each.type == "TCPInboundChannel"}
    # The distinguished ones belong to services that are no channels.
    distinguished = {"BOOTSTRAP_ADDRESS", "SOAP_CONNECTOR_ADDRESS", "ORB_LISTENER_ADDRESS", "CELL_DISCOVERY_ADDRESS"}
    return call.lines(
        each
        for each in _entry(call, element).children.get("specialEndpoints", ())
        if not (call.get("unusedOnly").lower() == "true" and each.get("endPointName") in used)
        and not (call.get("excludeDistinguished").lower() == "true" and each.get("endPointName") in distinguished)
    )


@command("getTCPEndPoint", CHAINS, "Get the NamedEndPoint associated with either a TCP inbound channel, or a chain "
         "that contains a TCP inbound channel", target="channel*")  # fmt: skip
def _get_tcp_end_point(call: Call) -> str:
    element = call.workspace.find(call.target)
    channels = call.workspace.referenced(element, "transportChannels") if element.type == "Chain" else [element]
    wanted = {each.get("endPointName") for each in channels if each.type == "TCPInboundChannel"}
    points = _entry(call, element).children.get("specialEndpoints", ())
    return next((call.id(each) for each in points if each.get("endPointName") in wanted), "")


@command("listTCPThreadPools", CHAINS, "Lists all thread pools that can be associated with a TCP inbound channel or "
         "TCP outbound channel", target="transportChannelService*")  # fmt: skip
def _list_tcp_thread_pools(call: Call) -> str:
    server = _service(call).document.roots[0]
    managers = (each for each in server.walk() if each.type == "ThreadPoolManager")
    return call.lines(pool for each in managers for pool in each.children.get("threadPools", ()))


@command("listChains", CHAINS, "List all chains configured under a particular instance of TransportChannelService.",
         "acceptorFilter endPointFilter", target="transportChannelService*")  # fmt: skip
def _list_chains(call: Call) -> str:
    wanted = call.get("acceptorFilter")
    chains = _service(call).children.get("chains", ())
    return call.lines(each for each in chains if _matches(call, each, wanted, call.get("endPointFilter")))


def _matches(call: Call, chain: Element, acceptor: str, end_point: str) -> bool:
    channels = call.workspace.referenced(chain, "transportChannels")
    return (not acceptor or acceptor in {each.type for each in channels}) and (
        not end_point or end_point in {each.get("endPointName") for each in channels}
    )


@command("listChainTemplates", CHAINS, "Displays a list of templates that can be used to create chains in this "
         "configuration.", "acceptorFilter")  # fmt: skip
def _list_chain_templates(call: Call) -> str:
    return call.lines(
        each for each in call.workspace.templates("Chain")
        if each.parent is None and _matches(call, each, call.get("acceptorFilter"), "")
    )  # fmt: skip


@command("createChain", CHAINS, "Create a new chain of transport channels based on a chain template.",
         "template* name* endPoint", target="transportChannelService*")  # fmt: skip
def _create_chain(call: Call) -> str:
    service = _service(call)
    if call["name"] in {each.get("name") for each in service.children.get("chains", ())}:
        raise ScriptingError(f"CWWCF0009E: A chain with name {call['name']} already exists.")
    template = call.workspace.find(call["template"])
    if template.type != "Chain":
        raise invalid(call["template"], "template", "createChain")
    end_point = call.workspace.find(call["endPoint"]) if call.get("endPoint") else None
    names = {each.get("name") for each in service.children.get("transportChannels", ())}
    made = []
    for channel in call.workspace.referenced(template, "transportChannels"):
        values = {name: value for name, value in channel.attributes.items() if name in channel.info.attributes}
        number = next(each for each in range(1, len(names) + 2) if f"{channel.get('name')}_{each}" not in names)
        values["name"] = f"{channel.get('name')}_{number}"
        names.add(values["name"])
        if end_point is not None and "endPointName" in channel.info.attributes:
            values["endPointName"] = end_point.get("endPointName") or ""
        made.append(call.workspace.create(channel.type, service, values, "transportChannels"))
    values = {"name": call["name"], "enable": "true", "transportChannels": " ".join(each.id for each in made)}
    return call.id(call.workspace.create("Chain", service, values, "chains"))


@command("deleteChain", CHAINS, "Delete an existing chain and, optionally, the transport channels in the chain.",
         "deleteChannels:Boolean", target="chain*")  # fmt: skip
def _delete_chain(call: Call) -> str:
    chain = call.workspace.find(call.target)
    channels = list(call.workspace.referenced(chain, "transportChannels"))
    service = chain.parent
    call.workspace.remove(chain)
    if call.get("deleteChannels").lower() == "true" and service is not None:
        others = " ".join(each.get("transportChannels") or "" for each in service.children.get("chains", ())).split()
        for channel in channels:
            if channel.id not in others:
                call.workspace.remove(channel)
    return ""
