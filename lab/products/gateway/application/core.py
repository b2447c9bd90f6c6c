"""What all parts of the application share: the container, the communities, and how requests leave."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine, Iterable
from dataclasses import dataclass
from typing import Any, Protocol

from sipmessage import URI, Request, Response

from lab.products.gateway.application import access
from lab.products.gateway.application.communities import Community, Directory
from lab.products.gateway.application.identity import Identity, Network, Resolve
from lab.products.gateway.application.journal import Journal
from lab.products.gateway.application.limits import Limits
from lab.products.gateway.application.local import LocalCommunity
from lab.products.gateway.application.refusal import Refused
from lab.products.gateway.application.usage import Usages
from lab.sip.address import Target, Transport, is_literal, next_hop
from lab.sip.dialog import Dialog
from lab.sip.headers import uri as uri_of
from lab.sip.server import ServerTransaction

# RFC 3428: a MESSAGE has none; in a BYE it means nothing.
_WITH_CONTACT = ("INVITE", "SUBSCRIBE", "NOTIFY")
TRANSPORTS: dict[str, Transport] = {"tcp": "tcp", "tls": "tls", "udp": "udp"}


class Container(Network, Protocol):
    """What of the SIP container is used."""

    async def request(self, request: Request, target: Target) -> Response:
        """Send a request; its final answer, made here (without Via) when there was none."""

    def send_ack(self, ack: Request, target: Target) -> None:
        """Send the ACK of a 2xx."""

    def tag(self) -> str:
        """A tag of ours, by which SIP proxies find this server again."""


@dataclass(frozen=True)
class Body:
    """A body with its type."""

    type: str
    content: bytes


class Core:
    """See the module. `spawn` runs a coroutine in the background."""

    def __init__(
        self,
        container: Container,
        identity: Identity,
        resolve: Resolve,
        *,
        journal: Journal,
        limits: Limits,
        usages: Usages,
        directory: Callable[[], Awaitable[Directory]],
        spawn: Callable[[Coroutine[Any, Any, None]], None],
    ) -> None:
        self.container, self.identity = container, identity
        self.journal, self.limits, self.usages = journal, limits, usages
        self.directory, self.spawn = directory, spawn
        self.local: LocalCommunity
        self._resolve = resolve

    def new_dialog(self, user: str, contact: str) -> Dialog:
        """What a first request of a local user to a contact begins."""
        return Dialog(
            call_id=self.identity.call_id(),
            local_tag=self.container.tag(),
            remote_tag="",
            local_uri=f"sip:{user}",
            remote_uri=f"sip:{contact}",
            remote_target=f"sip:{contact}",
        )

    async def first(
        self,
        dialog: Dialog,
        method: str,
        community: Community,
        fields: Iterable[tuple[str, str]],
        body: Body | None = None,
    ) -> tuple[Request, Response]:
        """Send the first request of a dialog to the community's connection. Raises `Refused`, for an answer that is no
        2xx too."""
        transport = TRANSPORTS[community.transport]
        request = self._complete(dialog.request(method), transport, fields, body)
        target = Target(transport, self._address(community.host, f"community {community.name}"), community.port)
        response = await self.container.request(request, target)
        if response.code >= 300:
            raise _refused(request, response, f"community {community.name} ({community.host}:{community.port})")
        return request, response

    async def ask(
        self, dialog: Dialog, method: str, fields: Iterable[tuple[str, str]], body: Body | None = None
    ) -> Response:
        """Send a request in a dialog. Raises `Refused`, for an answer that is no 2xx too."""
        target = self.hop(dialog)
        request = self._complete(dialog.request(method), target.transport, fields, body)
        response = await self.container.request(request, target)
        if response.code >= 300:
            raise _refused(request, response, str(target))
        return response

    def hop(self, dialog: Dialog) -> Target:
        """Where the requests of a dialog go first. Raises `Refused`."""
        text = dialog.next_uri()
        try:
            transport, host, port = next_hop(URI.parse(text))
        except ValueError as error:
            raise Refused(503, f"{text}, where the dialog leads, cannot be used: {error}") from None
        return Target(transport, self._address(host, text), port)

    def accept(
        self,
        transaction: ServerTransaction,
        dialog: Dialog,
        fields: Iterable[tuple[str, str]],
        body: Body | None = None,
    ) -> None:
        """Answer 200 to what begins or refreshes a dialog. Raises `Refused` without an interface."""
        contact = self.identity.contact(transaction.flow.transport)
        headers = [*fields, *([("Content-Type", body.type)] if body else [])]
        content = body.content if body else b""
        transaction.respond(200, headers=headers, contact=contact, to_tag=dialog.local_tag, body=content)

    def refuse(self, transaction: ServerTransaction, refused: Refused) -> None:
        """Answer a request that is not served, and say why in the log."""
        request = transaction.request
        sender, to = (address(request.headers[name]) for name in ("From", "To"))
        self.journal.tell(
            refused.status, "W",
            f"{request.method} of {sender} for {to} was refused with {refused.status} {refused.reason}: {refused}",
        )  # fmt: skip
        transaction.respond(refused.status, refused.reason)

    def failed(self, what: str, refused: Refused) -> None:
        """Say in the log why something that we wanted did not come about."""
        self.journal.tell(refused.status, "W", f"{what} failed with {refused.status} {refused.reason}: {refused}")

    async def inbound(self, request: Request) -> tuple[str, str, Directory, Community]:
        """Local user, contact, communities and the community that a request outside of dialogs comes from. Raises
        `Refused`."""
        contact, user = address(request.headers["From"]), address(request.headers["To"])
        directory = await self.directory()
        return user, contact, directory, access.inbound(directory, contact, user)

    def _complete(
        self, request: Request, transport: Transport, fields: Iterable[tuple[str, str]], body: Body | None
    ) -> Request:
        if request.method in _WITH_CONTACT:
            request.headers.set("Contact", self.identity.contact(transport))
        for name, value in fields:
            request.headers.set(name, value)
        if body:
            request.headers.set("Content-Type", body.type)
            request.body = body.content
        return request

    def _address(self, host: str, what: str) -> str:
        found = host if is_literal(host) else self._resolve(host)
        if found is None:
            raise Refused(503, f"the host name {host} of {what} cannot be resolved")
        return found


def address(field: str) -> str:
    """`user@domain` of a From or To, the domain in small letters. Without a user the URI as it is."""
    text = uri_of(field)
    user, at, host = text.partition(":")[2].partition(";")[0].partition("?")[0].rpartition("@")
    return f"{user}@{host.partition(':')[0].lower()}" if at else text


def _refused(request: Request, response: Response, where: str) -> Refused:
    made_here = response.headers.get("Via") is None
    said = "no answer could be got from" if made_here else "it was refused by"
    text = f"{request.method}: {said} {where}: {response.code} {response.phrase}"
    return Refused(response.code, text, response.phrase)
