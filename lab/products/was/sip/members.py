"""The members of the cluster that a SIP proxy serves: which of them live, and how it reaches them.

The proxy opens a connection to every member and tells it its interfaces with the request STARTUP, again and again: one
that answers lives, one whose connection ends does not.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from sipmessage import URI, Request, Response

from lab.products.was.sip import rules
from lab.products.was.sip.interfaces import Identity, Interface, listed
from lab.products.was.sip.notices import Notices
from lab.sip import via
from lab.sip.address import Flow, Target, Transport
from lab.sip.transports import Transports

METHOD = "STARTUP"
_EVERY_S = 2.0
_MISSES = 3
# Which transport a member is reached by when it has none of the request's own.
_PREFERENCE: tuple[Transport, ...] = ("tcp", "tls", "udp")


@dataclass
class Member:
    """A member as the repository has it, and what is known of its process. `flows` has a transport once a STARTUP over
    it was answered."""

    name: str
    address: str
    ports: Mapping[Transport, int]
    flows: dict[Transport, Flow] = field(default_factory=dict)
    asked: dict[Transport, str] = field(default_factory=dict)
    misses: dict[Transport, int] = field(default_factory=dict)

    def target(self, transport: Transport) -> Target:
        """Its end point."""
        return Target(transport, self.address, self.ports[transport])


@dataclass(frozen=True)
class Plan:
    """What the configuration makes of a SIP proxy. `place` is host and port that it listens on, `interfaces` what it
    calls itself outside; `members` is empty when there is no cluster to serve."""

    cluster: str
    members: Sequence[Member]
    place: Mapping[Transport, tuple[str, int]]
    interfaces: Mapping[Transport, Interface]
    identity: Identity
    retry_after_s: int


class Members:
    """The cluster of a plan."""

    def __init__(self, plan: Plan, transports: Transports, notices: Notices) -> None:
        self._cluster, self._interfaces, self._place = plan.cluster, plan.interfaces, plan.place
        self._members = {member.name: member for member in plan.members}
        self._transports, self._notices = transports, notices
        self._sequence = 0
        self._asked: dict[str, tuple[Member, Transport]] = {}
        self._connections: dict[int, Member] = {}
        self._datagrams = {
            (member.address, member.ports["udp"]): member for member in self._members.values() if "udp" in member.ports
        }
        self.living: dict[str, int] = {}
        """When those that live were started, by name."""

    # -- routing -------------------------------------------------------------------------------------------------------
    def has(self, flow: Flow) -> bool:
        """Whether a message that came over it is from a member."""
        return flow.connection in self._connections if flow.connection else flow.remote in self._datagrams

    def target(self, name: str, transport: Transport) -> Target:
        """Where a living member gets a request that came by `transport`."""
        member = self._members[name]
        if transport not in member.flows:
            transport = next(each for each in _PREFERENCE if each in member.flows)
        return member.target(transport)

    def failed(self, name: str, reason: str) -> None:
        """A request could not be sent to a member."""
        self._down(self._members[name], reason)

    # -- life ----------------------------------------------------------------------------------------------------------
    async def watch(self) -> None:
        """Say STARTUP to all of them, for ever."""
        while True:
            for member in self._members.values():
                for transport in member.ports.keys() & self._place.keys():
                    self._greet(member, transport)
            await asyncio.sleep(_EVERY_S)

    def _greet(self, member: Member, transport: Transport) -> None:
        unanswered = member.asked.pop(transport, None)
        if unanswered:
            self._asked.pop(unanswered, None)
            member.misses[transport] = member.misses.get(transport, 0) + 1
            if member.misses[transport] == _MISSES and transport in member.flows:
                self._gone(member, transport, f"it does not answer over {transport}")
        branch = via.new_branch()
        self._asked[branch] = member, transport
        member.asked[transport] = branch
        failed = partial(self._not_greeted, member, transport)
        self._transports.send(self._startup(member, transport, branch), member.target(transport), failed=failed)

    def _not_greeted(self, member: Member, transport: Transport, error: OSError) -> None:
        # Of one that is down it is known.
        if member.name in self.living:
            self._notices.warn(
                ("greeting", member.name, transport), f"Server {member.name} is not reached by {transport}: {error}"
            )

    def _startup(self, member: Member, transport: Transport, branch: str) -> Request:
        self._sequence += 1
        host, port = self._place[transport]
        request = Request(METHOD, URI.parse(Interface(transport, member.address, member.ports[transport]).uri()))
        via.push(request, transport, (host, port), branch)
        request.headers.set("Max-Forwards", "0")
        request.headers.set("From", f"<sip:{host}:{port}>;tag={secrets.token_hex(4)}")
        request.headers.set("To", f"<sip:{member.address}:{member.ports[transport]}>")
        request.headers.set("Call-ID", f"{secrets.randbits(48)}@{host}")
        request.headers.set("CSeq", f"{self._sequence} {METHOD}")
        request.headers.setlist(rules.INTERFACES, listed(self._interfaces.values()))
        return request

    def answered(self, response: Response, flow: Flow) -> None:
        """An answer to a STARTUP. Raises ValueError."""
        asked = self._asked.pop(via.top(response).parameter("branch") or "", None)
        if not asked:
            return
        member, transport = asked
        member.asked.pop(transport, None)
        member.misses[transport] = 0
        started, _, name = (response.headers.get(rules.LOGICAL_NAME) or "").partition("_")
        if response.code != 200 or name != member.name or not started.isdigit():
            self._notices.warn(
                ("startup", member.name),
                f"Server {member.name} refused the connection of the SIP proxy: {response.code} {response.phrase}",
            )
            return
        if flow.connection:
            self._connections[flow.connection] = member
        member.flows[transport] = flow
        if self.living.get(member.name) != int(started):
            self.living[member.name] = int(started)
            self._notices.say("I", f"CWSPX0013I: Server {member.name} in cluster {self._cluster} is up.")

    def lost(self, flow: Flow) -> None:
        """A connection has ended."""
        member = self._connections.pop(flow.connection, None)
        if member and member.flows.get(flow.transport) == flow:
            self._gone(member, flow.transport, "it closed the connection")

    def _gone(self, member: Member, transport: Transport, reason: str) -> None:
        """It is not reached by a transport any more; without the preferred one it counts as dead."""
        preferred = next(each for each in _PREFERENCE if each in member.flows)
        if transport == preferred:
            self._down(member, reason)
        else:
            del member.flows[transport]

    def _down(self, member: Member, reason: str) -> None:
        member.flows.clear()
        if self.living.pop(member.name, None) is not None:
            self._notices.say("I", f"CWSPX0012I: Server {member.name} in cluster {self._cluster} is down: {reason}.")
