"""What a MESSAGE says to a local user, in a session or outside of one."""

from __future__ import annotations

from sipmessage import Request

from lab.products.gateway.application import composing, description
from lab.products.gateway.application.core import Core
from lab.products.gateway.application.refusal import Refused
from lab.sip.server import ServerTransaction

TYPES = (description.TEXT, composing.TYPE)
"""The types of bodies that are understood."""


async def take(core: Core, transaction: ServerTransaction, user: str, contact: str) -> None:
    """Give what a MESSAGE says to the local user, and answer it. Raises `Refused`."""
    request = transaction.request
    kind = (request.headers.get("Content-Type") or "").partition(";")[0].strip().lower()
    if kind == composing.TYPE:
        try:
            active = composing.parse(request.body)
        except ValueError as error:
            raise Refused(400, str(error)) from None
        core.local.tell({"op": "typing", "from": contact, "to": user, "active": active})
    elif kind == description.TEXT:
        reason = await core.local.deliver(contact, user, _text(request))
        if reason:
            raise _undelivered(user, reason)
    else:
        core.journal.tell(415, "W", f"A message of {contact} for {user} of type '{kind}' was not taken")
        transaction.respond(415, headers=[("Accept", ", ".join(TYPES))])
        return
    transaction.respond(200)


async def reach(core: Core, user: str) -> None:
    """Raises `Refused` for a local user who cannot be talked to."""
    status = await core.local.status(user)
    if status in ("unknown", "offline"):
        raise _undelivered(user, status)


def _undelivered(user: str, reason: str) -> Refused:
    if reason == "unknown":
        return Refused(404, f"there is no user {user} in the local community")
    return Refused(480, f"user {user} is {reason}")


def _text(request: Request) -> str:
    try:
        return request.body.decode("utf-8")
    except UnicodeDecodeError:
        raise Refused(400, "the message is not UTF-8") from None
