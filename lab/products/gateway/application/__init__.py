"""The Sametime Gateway application: what runs in an `RTCGWServer` and speaks SIP to other communities."""

from __future__ import annotations

from lab.products.gateway.application.application import Gateway
from lab.products.gateway.application.database import DataSource
from lab.products.gateway.application.identity import Identity, Resolve, cell_property
from lab.products.gateway.application.journal import Journal
from lab.products.gateway.application.replication import Replication
from lab.products.gateway.application.replication_domain import domain, name_of, peers
from lab.products.was.servers import runtime
from lab.products.was.sip.container import Container
from lab.products.was.sip.names import Names


def open_application(container: Container) -> Gateway:
    """The application of a server, in its SIP container. For the loop's thread."""
    server = container.server
    resolve = Names(server.host).address
    journal = Journal(server.log)
    fqdn = cell_property(server.config, server.cell) if container.clustered else ""
    identity = Identity(container, fqdn, resolve)
    if fqdn and identity.public_address is None:
        journal.tell(
            110, "E", f"The cell property's name {fqdn} cannot be resolved: sessions tell this server's address"
        )
    gateway = Gateway(
        f"{server.node}/{server.name}", container, identity, DataSource(server), resolve=resolve, journal=journal
    )  # fmt: skip
    _replicate(container, gateway, journal, resolve)
    gateway.start()
    return gateway


def _replicate(container: Container, gateway: Gateway, journal: Journal, resolve: Resolve) -> None:
    server = container.server
    try:
        name = domain(server)
    except LookupError as error:
        journal.tell(404, "E", f"Dialogs are not replicated: {error}")
        return
    if not name or container.replication is None:
        return
    replication = Replication(
        name_of(server.node, server.name), container.name.started, name, runtime.token(server.config, server.cell),
        resolve=resolve, journal=journal, confirmed=gateway.usages.confirmed, adopt=gateway.adopt, spawn=gateway.spawn,
    )  # fmt: skip
    gateway.usages.replica = replication
    gateway.spawn(replication.start(container.replication, peers(server)))
