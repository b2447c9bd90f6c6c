"""A cell in a folder whose SIP proxy and members really serve SIP over loopback, from its repository."""

from __future__ import annotations

import asyncio
import shutil
import socket
import ssl
from collections.abc import Collection, Coroutine
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from sipmessage import URI, Request, Response

from lab.products.was.admin.task import AdminTask
from lab.products.was.installation import product
from lab.products.was.layout import Installation
from lab.products.was.model.workspace import Workspace
from lab.products.was.servers import server_index
from lab.products.was.servers.logs import SystemOut, folder
from lab.products.was.servers.runtime import Runtime
from lab.products.was.sip import assembly, channels, settings
from lab.products.was.sip.container import Container
from lab.products.was.sip.interfaces import Interface
from lab.products.was.sip.proxy import Proxy
from lab.sip import headers, responses, via
from lab.sip.address import Target, Transport
from lab.sip.reactor import Reactor
from lab.sip.server import ServerTransaction
from lab.sip.transports import Transports
from tests.lab.authority import Authority
from tests.lab.products.was.cell import PATH, Cell
from tests.lab.sip.parties import LOOPBACK, Party, until

CLUSTER, SERVER, PROXY = "X", "RTCGWServer", "P"
SPRAYER = "rtp_natpool1.ibm.com"
# The nodes' own addresses, and what a sprayer's name leads to.
NAMES = {"n.example.com": "127.0.0.1", "m.example.com": "127.0.0.2", SPRAYER: "127.0.0.46"}
SIP = ("SIP_DEFAULTHOST", "SIP_DEFAULTHOST_SECURE")


class Echo:
    """An application that says yes to everything and remembers it."""

    def __init__(self, container: Container) -> None:
        self.container = container
        self.served: list[Request] = []

    def serve(self, transaction: ServerTransaction) -> None:
        self.served.append(transaction.request)
        tag = headers.tag(transaction.request.headers["To"]) or self.container.tag()
        transaction.respond(200, to_tag=tag, contact=f"<sip:{self.container.host}>")

    def stop(self) -> None:
        self.served.clear()


class Site:
    """Cluster `X` has a member on the nodes `N` and `M`; the SIP proxy `P` is on `N`. Nothing runs at first."""

    def __init__(self, path: Path) -> None:
        self.cell = Cell(path)
        self.cell.host.names.update(NAMES)
        task = self.cell.task
        task("createApplicationServer", "N", f"[-name {SERVER}]")
        task(
            "createCluster",
            f"[-clusterConfig [-clusterName {CLUSTER}] -convertServer [-serverNode N -serverName {SERVER}]]",
        )
        task("createClusterMember", f"[-clusterName {CLUSTER} -memberConfig [[M {SERVER} 2 false false]]]")
        task("createProxyServer", "N", f"[-name {PROXY} -templateName sip_proxy_server]")
        self.ports = {(node, name): self.give_port(node, server, name) for node, server, name in _places()}
        self.set(default_cluster=CLUSTER)
        self.authority = Authority("CA of the partner")
        self.running: list[assembly.Service] = []
        self.apps: dict[str, Echo] = {}
        self._original = path / "original"
        shutil.copytree(self.cell.profile.file(), self._original)

    def renew(self) -> None:
        """Make it what it was at first."""
        profile = self.cell.profile
        shutil.rmtree(profile.file())
        shutil.copytree(self._original, profile.file())
        self.cell.workspace = Workspace(profile.config)
        self.cell.admin_task = AdminTask(self.cell.workspace, self.cell.host, profile, None)
        self.running.clear()
        self.apps.clear()

    def give_port(self, node: str, server: str, end_point: str) -> int:
        """Have an end point listen at a free port: that."""
        port = free_port(NAMES[f"{node.lower()}.example.com"])
        options = f"-nodeName {node} -endPointName {end_point} -port {port}"
        self.cell.task("modifyServerPort", server, f"[{options} -modifyShared true]")
        return port

    def set(self, *, default_cluster: str | None = None, sprayers: dict[str, tuple[str, int]] | None = None,
            properties: dict[str, str] | None = None, **attributes: str) -> None:  # fmt: skip
        """Change the settings of the SIP proxy."""
        workspace = self.cell.workspace
        (found,) = workspace.document(f"cells/C/nodes/N/servers/{PROXY}/proxy-settings.xml").roots
        values = dict(attributes)
        if default_cluster is not None:
            values["defaultClusterName"] = default_cluster
        found.attributes.update(values)
        for transport, (host, port) in (sprayers or {}).items():
            (sprayer,) = found.children[f"{transport}Sprayer"]
            sprayer.attributes.update(isEnabled="true", host=host, port=str(port))
        for name, value in (properties or {}).items():
            workspace.create("Property", found, {"name": name, "value": value}, "properties")
        workspace.save()

    # -- servers -------------------------------------------------------------------------------------------------------
    def runtime(self, node: str, name: str) -> Runtime:
        """A server of the cell, as its process has it."""
        profile = self.cell.profile
        level = product.BASE_LEVEL
        return Runtime(
            host=self.cell.host, installation=Installation(self.cell.host, PATH), profile=profile, cell="C", node=node,
            name=name, entry=server_index.read(profile.config, "C", node).servers[name],
            document=server_index.read_server(profile.config, "C", node, name),
            log=SystemOut(self.cell.host, profile, name), version=level,
        )  # fmt: skip

    def start(self, node: str, name: str, lacking: Collection[Transport] = ()) -> assembly.Service:
        """Serve the SIP of a server; the end points of some transports cannot be opened."""
        server = self.runtime(node, name)
        chains = channels.end_points(server)
        ports = {transport: server.entry.port(point) for transport, point in chains.items()}
        service = assembly.build(server, Reactor(), ports, None)
        address = NAMES[f"{node.lower()}.example.com"]
        for transport, port in ports.items():
            if transport in lacking:
                continue
            context = assembly.serving_tls(server) if transport == "tls" else None
            service.transports.adopt(transport, opened(transport, address, port), tls=context)
        self.running.append(service)
        return service

    def start_proxy(self) -> Proxy:
        service = self.start("N", PROXY)
        assert isinstance(service, Proxy)
        return service

    def start_member(self, node: str, lacking: Collection[Transport] = (), server: str = SERVER) -> Container:
        service = self.start(node, server, lacking)
        assert isinstance(service, Container)
        return service

    async def stop(self, service: assembly.Service) -> None:
        """End a server; its connections break."""
        self.running.remove(service)
        service.stop()
        await service.transports.close()

    async def stop_all(self, *partners: Party) -> None:
        """End everything."""
        for service in list(self.running):
            await self.stop(service)
        for each in partners:
            await each.transports.close()

    async def up(self, *nodes: str) -> tuple[Proxy, dict[str, Container]]:
        """The SIP proxy and members that know each other by every transport."""
        members = {node: self.start_member(node) for node in nodes}
        proxy = self.start_proxy()
        greeted = [(each._upstream, transport) for each in members.values() for transport in settings.TRANSPORTS]
        await until(lambda: all((way := up.way(kind)) and way.transport == kind for up, kind in greeted))
        await until(lambda: len(proxy.living) == len(nodes))
        return proxy, members

    def proxy_at(self, transport: Transport) -> Target:
        """Where the SIP proxy listens."""
        name = "PROXY_SIPS_ADDRESS" if transport == "tls" else "PROXY_SIP_ADDRESS"
        return Target(transport, "127.0.0.1", self.ports["N", name])

    def interface(self, transport: Transport, host: str, port: int) -> Interface:
        """To compare with."""
        return Interface(transport, host, port)

    def file(self, server: str, name: str) -> str:
        """A log of a server, empty before it has one."""
        file = folder(self.cell.profile, server) / name
        return file.read_text("utf-8") if file.exists() else ""

    def log(self, server: str) -> str:
        """`SystemOut.log` of a server."""
        return self.file(server, "SystemOut.log")


def _places() -> list[tuple[str, str, str]]:
    proxy = [("N", PROXY, "PROXY_SIP_ADDRESS"), ("N", PROXY, "PROXY_SIPS_ADDRESS")]
    return [*((node, SERVER, name) for node in ("N", "M") for name in SIP), *proxy]


def free_port(address: str) -> int:
    """One that is free for streams and datagrams."""
    with socket.socket(type=socket.SOCK_DGRAM) as datagram:
        datagram.bind((address, 0))
        port = int(datagram.getsockname()[1])
        with socket.socket() as stream:
            stream.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            stream.bind((address, port))
            return port


def opened(transport: Transport, address: str, port: int) -> socket.socket:
    """An end point."""
    if transport != "udp":
        return socket.create_server((address, port))
    sock = socket.socket(type=socket.SOCK_DGRAM)
    sock.bind((address, port))
    return sock


def client_tls() -> ssl.SSLContext:
    """Trusts everybody."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


class Partner(Party):
    """Another community at an end point of its own."""

    def __init__(self, place: Target) -> None:
        super().__init__()
        self.place = place
        self.transports = Transports(
            lambda message, flow: self.messages.append((message, flow)), client_tls=client_tls()
        )  # fmt: skip

    def request(self, method: str, call: str, *, to_tag: str = "", routes: tuple[str, ...] = ()) -> Request:
        """A request to a user of the cluster."""
        made = Request(method, URI.parse("sip:alice@rtp.example"))
        transport, host, port = self.place
        made.headers.set("Via", f"SIP/2.0/{transport.upper()} {host}:{port};branch=z9hG4bK{call}{method}")
        made.headers.set("Max-Forwards", "70")
        made.headers.set("From", "<sip:bob@partner.example>;tag=of-bob")
        made.headers.set("To", "<sip:alice@rtp.example>" + (f";tag={to_tag}" if to_tag else ""))
        made.headers.set("Call-ID", call)
        made.headers.set("CSeq", f"1 {method}")
        made.headers.set("Contact", f"<sip:{host}:{port};transport={transport}>")
        if routes:
            made.headers.setlist("Route", list(routes))
        return made

    async def ask(self, request: Request, target: Target) -> Response:
        """Send a request; its answer."""
        before = len(self.messages)
        self.transports.send(request, target)
        answer, _ = await self.next(before + 1)
        assert isinstance(answer, Response)
        return answer

    async def answer(self, asking: Coroutine[Any, Any, Response]) -> Response:
        """Say yes to the next request that comes; what whoever asks got."""
        before = len(self.messages)
        asked = asyncio.create_task(asking)
        await until(lambda: asked.done() or len(self.messages) > before)
        if not asked.done():
            request, flow = self.messages[before]
            assert isinstance(request, Request)
            via.stamp(request, flow)
            said = responses.answer(request, 200, to_tag="of-bob")
            self.transports.send(said, via.answer_target(via.top(said)), over=flow)
        return await asked


def partner_tls(site: Site) -> ssl.SSLContext:
    """For an end point with a certificate of the authority of the partner."""
    certificate, key = site.authority.issue("partner.example")
    file = site.cell.profile.file("partner.pem")
    file.write_bytes(certificate + key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context


async def partner(transport: Transport, site: Site) -> Partner:
    """One that listens."""
    made = Partner(Target(transport, "", 0))
    context = partner_tls(site) if transport == "tls" else None
    made.place = Target(transport, *await made.transports.listen(transport, LOOPBACK, 0, tls=context))
    return made
