"""The SIP proxies that have greeted a member of a cluster with STARTUP: its way out."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from sipmessage import Request

from lab.products.was.sip import rules
from lab.products.was.sip.interfaces import Interface, read_list
from lab.sip.address import Flow, Transport

# A SIP proxy greets every two seconds.
_FORGOTTEN_AFTER_S = 10.0


@dataclass
class _Greeted:
    """One SIP proxy: the flows that its STARTUPs came over, and when the last one did."""

    interfaces: dict[Transport, Interface] = field(default_factory=dict)
    flows: dict[Transport, Flow] = field(default_factory=dict)
    last: dict[Transport, float] = field(default_factory=dict)


class Upstream:
    """By address of the SIP proxy. `alive` tells of a flow whether its connection stands."""

    def __init__(self, alive: Callable[[Flow], bool]) -> None:
        self._alive = alive
        self._proxies: dict[str, _Greeted] = {}

    def greet(self, startup: Request, flow: Flow) -> bool:
        """Note a STARTUP; whether the SIP proxy is new. Raises ValueError for interfaces that are none."""
        interfaces = read_list(startup.headers.getlist(rules.INTERFACES))
        if not interfaces:
            raise ValueError(f"no {rules.INTERFACES}")
        address = flow.remote[0]
        known = self._proxies.get(address)
        if known is None or not self._living(known):
            known = self._proxies[address] = _Greeted()
        is_new = not known.flows
        # The first one of each transport is the default one.
        known.interfaces = {each.transport: each for each in reversed(interfaces)}
        known.flows[flow.transport] = flow
        known.last[flow.transport] = time.monotonic()
        return is_new

    def way(self, transport: Transport) -> Flow | None:
        """What a request that is to leave by `transport` is sent over: that transport if a SIP proxy offers it, else
        another one of a SIP proxy that has an interface for it."""
        for proxy in self._proxies.values():
            living = self._living(proxy)
            if transport in proxy.interfaces and living:
                return living.get(transport) or next(iter(living.values()))
        return None

    def interface(self, transport: Transport) -> Interface | None:
        """Where others reach the cluster."""
        return next(
            (
                proxy.interfaces[transport]
                for proxy in self._proxies.values()
                if transport in proxy.interfaces and self._living(proxy)
            ),
            None,
        )

    def _living(self, proxy: _Greeted) -> Mapping[Transport, Flow]:
        """What it is reached by. UDP tells nothing: a SIP proxy whose connections have all ended is gone."""
        now = time.monotonic()
        living = {
            transport: flow
            for transport, flow in proxy.flows.items()
            if self._alive(flow) and now - proxy.last[transport] < _FORGOTTEN_AFTER_S
        }
        had_connections = any(flow.connection for flow in proxy.flows.values())
        return living if not had_connections or any(flow.connection for flow in living.values()) else {}
