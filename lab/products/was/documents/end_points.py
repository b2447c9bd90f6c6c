"""End points in `serverindex.xml`: which a server has, and where they listen."""

from __future__ import annotations

from collections.abc import Mapping

from lab.products.was.documents import outline
from lab.products.was.model.document import Document
from lab.products.was.model.element import Element
from lab.products.was.ports import DEFAULTS

DEPLOYMENT_MANAGER = "DEPLOYMENT_MANAGER"
NODE_AGENT = "NODE_AGENT"
APPLICATION_SERVER = "APPLICATION_SERVER"
PROXY_SERVER = "PROXY_SERVER"
GENERIC_SERVER = "GENERIC_SERVER"
WEB_SERVER = "WEB_SERVER"

_OF_WEB_SERVERS = {"WEBSERVER_ADDRESS": 80, "WEBSERVER_ADMIN_ADDRESS": 8008}

# These listen at the address of the host; the others at every address.
_OF_THE_HOST = frozenset(
    {
        "BOOTSTRAP_ADDRESS", "SOAP_CONNECTOR_ADDRESS", "ORB_LISTENER_ADDRESS", "SAS_SSL_SERVERAUTH_LISTENER_ADDRESS",
        "CSIV2_SSL_MUTUALAUTH_LISTENER_ADDRESS", "CSIV2_SSL_SERVERAUTH_LISTENER_ADDRESS", "CELL_DISCOVERY_ADDRESS",
        "NODE_DISCOVERY_ADDRESS", "DRS_CLIENT_ADDRESS",
    }
)  # fmt: skip
_MULTICAST = {"NODE_MULTICAST_DISCOVERY_ADDRESS": "232.133.104.73", "NODE_IPV6_MULTICAST_DISCOVERY_ADDRESS": "ff01::1"}

# The index itself refers to some end points of the process that administers the node.
REFERRED: Mapping[str, frozenset[str]] = {
    DEPLOYMENT_MANAGER: frozenset({"CELL_DISCOVERY_ADDRESS", "BOOTSTRAP_ADDRESS"}),
    NODE_AGENT: frozenset(DEFAULTS["nodeagent"])
    - {"BOOTSTRAP_ADDRESS", "DCS_UNICAST_ADDRESS", "SOAP_CONNECTOR_ADDRESS", "DRS_CLIENT_ADDRESS"},
}


def listening_host(end_point: str, host: str) -> str:
    """The host name that an end point of a server on `host` gets."""
    return _MULTICAST.get(end_point) or (host if end_point in _OF_THE_HOST else "*")


def of_template(template: str) -> Mapping[str, int]:
    """The end points and ports that a server added to a cell gets; a proxy server has those of its protocols."""
    if template == "generic_server":
        return {}
    if template == "IHS":
        return _OF_WEB_SERVERS
    if template == "default":
        # In a cell the first port of this kind belongs to the node agent.
        return {**DEFAULTS["server"], "BOOTSTRAP_ADDRESS": DEFAULTS["proxy"]["BOOTSTRAP_ADDRESS"]}
    lacking = {"sip_proxy_server": "PROXY_HTTP", "proxy_server": "PROXY_SIP"}.get(template, "-")
    return {name: port for name, port in DEFAULTS["proxy"].items() if not name.startswith(lacking)}


def type_of(server: Element) -> str:
    """The type of a server that can be copied: its components tell."""
    components = {each.type for each in server.walk()}
    if "ProxyServer" in components:
        return PROXY_SERVER
    if "WebServer" in components:
        return WEB_SERVER
    return APPLICATION_SERVER if "ApplicationServer" in components else GENERIC_SERVER


def of_server(server: Element) -> Mapping[str, int]:
    """The end points and default ports of a copy of `server`: its channels tell which protocols it speaks."""
    if type_of(server) == GENERIC_SERVER:
        return {}
    if type_of(server) == APPLICATION_SERVER:
        return of_template("default")
    if type_of(server) == WEB_SERVER:
        return _OF_WEB_SERVERS
    served = {each.get("endPointName") for each in server.walk()}
    of_proxies = {name: port for name, port in DEFAULTS["proxy"].items() if name.startswith("PROXY_")}
    return {name: port for name, port in DEFAULTS["proxy"].items() if name not in of_proxies or name in served}


def index(host: str, server: str, server_type: str, ports: Mapping[str, int], path: str = "") -> Document:
    """`serverindex.xml` of a node with one server, or with none when `server` is empty."""
    made = outline.document("node/serverindex", path, host=host)
    (root,) = made.roots
    referred = []
    if server:
        names = {"serverDisplayName": server, "serverName": server, "serverType": server_type}
        entry = outline.add(root, "serverEntries", "ServerEntry", names)
        for name, port in ports.items():
            named = outline.add(entry, "specialEndpoints", "NamedEndPoint", {"endPointName": name})
            where = {"host": listening_host(name, host), "port": str(port)}
            outline.add(named, "endPoint", "EndPoint", where)
            referred += [named] if name in REFERRED.get(server_type, ()) else []
    outline.number(made)
    if referred:
        root.attributes["endPointRefs"] = " ".join(each.id for each in referred)
    return made
