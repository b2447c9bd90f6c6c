"""Who may talk with whom: the local user and the external contact of a subscription, a session or a message."""

from __future__ import annotations

from lab.products.gateway.application import blacklist
from lab.products.gateway.application.communities import XMPP, Community, Directory
from lab.products.gateway.application.refusal import Refused

FORBIDDEN, NOT_FOUND, NO_WAY = 403, 404, 503


def domain(user: str) -> str:
    """The domain of `user@domain`."""
    return user.rpartition("@")[2].lower()


def outbound(directory: Directory, user: str, contact: str) -> Community:
    """The external community of the contact, when the local user may talk with it. Raises `Refused`."""
    if not directory.is_local(domain(user)):
        raise Refused(FORBIDDEN, f"the domain of {user} is not one of the local community")
    community = directory.of_domain(domain(contact))
    if community is None:
        raise Refused(NOT_FOUND, f"no external community serves the domain of {contact}")
    _admit(directory, community, user, contact)
    if community.protocol == XMPP:
        raise Refused(
            NO_WAY, f"community {community.name} speaks XMPP, which goes by the XMPP proxy: the lab's does not speak it"
        )
    return community


def inbound(directory: Directory, contact: str, user: str) -> Community:
    """The external community that a request comes from, when it may reach the local user. Raises `Refused`."""
    community = directory.of_domain(domain(contact))
    if community is None or community.protocol == XMPP:
        raise Refused(FORBIDDEN, f"the domain of the sender {contact} belongs to no external community that speaks SIP")
    if not directory.is_local(domain(user)):
        raise Refused(FORBIDDEN, f"the domain of {user} is not one of the local community")
    _admit(directory, community, user, contact)
    return community


def _admit(directory: Directory, community: Community, user: str, contact: str) -> None:
    listed = directory.properties.get(blacklist.PROPERTY, "")
    for name in (domain(user), domain(contact)):
        entry = blacklist.match(listed, name)
        if entry:
            raise Refused(FORBIDDEN, f"the domain {name} is on the blacklist by its entry {entry}")
    if not community.admits(user):
        raise Refused(FORBIDDEN, f"user {user} is not assigned to the community {community.name}")
