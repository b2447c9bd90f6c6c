"""What serves the SIP of a server, put together from its node's copy of the repository."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Mapping
from typing import Protocol

from lab.products.was.keys.ssl_settings import Security
from lab.products.was.servers import clusters, logs, server_index
from lab.products.was.servers.runtime import Runtime
from lab.products.was.sip import settings
from lab.products.was.sip.access_log import AccessLog
from lab.products.was.sip.container import Application, Container
from lab.products.was.sip.interfaces import Identity, advertised
from lab.products.was.sip.members import Member, Plan
from lab.products.was.sip.names import Names
from lab.products.was.sip.notices import Notices
from lab.products.was.sip.proxy import Proxy
from lab.sip.address import Transport
from lab.sip.reactor import Reactor
from lab.sip.transports import ClientTls, Transports

_GATEWAY = "RTCGateway"
_END_POINTS: Mapping[Transport, str] = {
    "tcp": "SIP_DEFAULTHOST", "udp": "SIP_DEFAULTHOST", "tls": "SIP_DEFAULTHOST_SECURE",
}  # fmt: skip


class Service(Protocol):
    """What serves; for the loop's thread."""

    transports: Transports

    def stop(self) -> None:
        """The server stops."""


def build(
    server: Runtime, reactor: Reactor, ports: Mapping[Transport, int], replication: socket.socket | None
) -> Service:
    """The SIP proxy of a proxy server, the SIP container of another one. `ports` are those of its SIP chains."""
    notices = Notices(server.log, "SipChannels")
    context = _connecting_tls(server, notices) if "tls" in ports else None
    if server.entry.type == "PROXY_SERVER":
        return _proxy(server, ports, context)
    return _container(server, reactor, ports, replication, context)


def serving_tls(server: Runtime) -> ssl.SSLContext:
    """For the end point for SIP over TLS of a server. Raises OSError or ValueError where it would not be served."""
    from lab.products.was.sip import tls  # noqa: PLC0415 - few servers speak TLS, and its library is large

    document = server_index.server_document(server.config, server.cell, server.node, server.name)
    return tls.serving(server.profile, Security(server.config, server.cell, server.node), document)


def _connecting_tls(server: Runtime, notices: Notices) -> ClientTls | None:
    """For connections to others; None, and a message, where none can be opened."""
    from lab.products.was.sip import tls  # noqa: PLC0415

    try:
        return tls.connecting(server.profile, Security(server.config, server.cell, server.node))
    except (OSError, ValueError) as error:
        notices.say("E", f"SIP over TLS reaches nobody: {error}")
        return None


def _own(server: Runtime) -> tuple[str, str]:
    """The node's host name and its address."""
    host = server.index().host
    return host, server.host.resolve(host) or host


# -- SIP proxy ---------------------------------------------------------------------------------------------------------
def _proxy(server: Runtime, ports: Mapping[Transport, int], context: ClientTls | None) -> Proxy:
    notices = Notices(server.log, "SipProxy")
    folder = server_index.server_document(server.config, server.cell, server.node, server.name).parent
    told = settings.proxy_settings((folder / "proxy-settings.xml").read_text("utf-8"))
    host, address = _own(server)
    interfaces = advertised(address, ports, told.sprayers)
    names = Names(server.host)
    members = _members(server, told.default_cluster, notices)
    plan = Plan(
        cluster=told.default_cluster,
        members=members,
        place={transport: (address, port) for transport, port in ports.items()},
        interfaces=interfaces,
        identity=Identity([host, host.partition(".")[0], address], ports.values(), interfaces.values()),
        retry_after_s=told.retry_after_s,
    )
    shown = ", ".join(each.uri() for each in interfaces.values())
    notices.say("I", f"The SIP proxy serves cluster {told.default_cluster or '-'}; others reach it by {shown}")
    if told.without_effect:
        ignored = ", ".join(told.without_effect)
        notices.say("W", f"The lab's SIP proxy does not act on these custom properties: {ignored}")
    access = AccessLog(server.host, logs.folder(server.profile, server.name), told.access_log_mb)
    proxy = Proxy(plan, names, notices, access=access if told.access_log else None, client_tls=context)
    proxy.start()
    return proxy


def _members(server: Runtime, cluster: str, notices: Notices) -> list[Member]:
    """The members of the default cluster; none when there is no such cluster."""
    if not cluster:
        notices.say("W", "No default cluster is set in the SIP proxy settings: no SIP message is routed.")
        return []
    known = next((each for each in clusters.all_of(server) if each.name == cluster), None)
    if known is None:
        notices.say("W", f"The default cluster {cluster} of the SIP proxy does not exist: no SIP message is routed.")
        return []
    found = []
    for node, name in known.members:
        try:
            index = server.index(node)
            entry = index.servers[name]
        except (FileNotFoundError, KeyError):
            notices.say("W", f"Member {name} of cluster {cluster} is not known at node {node}.")
            continue
        address = server.host.resolve(index.host)
        if address is None:
            notices.say("W", f"Member {name} of cluster {cluster}: host name {index.host} is not known.")
            continue
        numbers = {transport: entry.port(point) for transport, point in _END_POINTS.items() if entry.port(point)}
        found.append(Member(f"{node}.{name}", address, numbers))
    return found


# -- SIP container -----------------------------------------------------------------------------------------------------
def _container(
    server: Runtime,
    reactor: Reactor,
    ports: Mapping[Transport, int],
    replication: socket.socket | None,
    context: ClientTls | None,
) -> Container:
    document = server_index.server_document(server.config, server.cell, server.node, server.name)
    host, address = _own(server)
    return Container(
        server, reactor, host=host, address=address, ports=ports,
        clustered=bool(settings.cluster_name(document)), replication=replication, client_tls=context,
        open_application=_application(server),
    )  # fmt: skip


def _application(server: Runtime) -> Callable[[Container], Application] | None:
    """The application of the server that serves SIP."""
    if _GATEWAY not in server.started_applications:
        return None
    from lab.products.gateway.application import open_application  # noqa: PLC0415 - few servers have the gateway

    return open_application
