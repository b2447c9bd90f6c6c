"""Module sip_probe on simulated machines of every kind, with SIPp at the other end."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest

from tests.lab.conftest import Lab
from tests.lab.gateway_cell import succeed
from tests.lab.nat import cases
from tests.lab.nat.bench import Bench, bench
from tests.lab.nat.cases import ADDRESSES, INBOUND, PROXY, Advertised
from tests.lab.nat.scenarios import Messages

PLAYBOOK = Path(__file__).parent / "modules/sip_probe.yml"
CASE = next(case for case in cases.load() if case.name == "scenario-nat-proxy")


@pytest.fixture(scope="module")
def calls(empty_lab: Lab) -> Iterator[Bench]:
    """The SIP proxy's host and the router of a lab that is up, with the rules of the scenario."""
    if empty_lab("status").returncode:
        empty_lab.ok("up")
    with bench(empty_lab) as ready:
        ready.load(CASE)
        yield ready


@pytest.mark.parametrize(
    ("prober", "whom", "peer", "transport"),
    [
        ("stgpn1", PROXY, PROXY, "udp"),
        ("stgw2", INBOUND, ADDRESSES[INBOUND], "tcp"),
        ("natrouter", PROXY, PROXY, "tcp"),
    ],
)
def test_a_conversation(
    empty_lab: Lab, calls: Bench, prober: str, whom: str, peer: str, transport: Literal["tcp", "udp"]
) -> None:
    place = f"{whom}:{CASE.listens}"
    messages = Messages(transport, "whole", Advertised(place, place, place))
    name = f"probe-{prober}"
    command = calls.proxy.command(name, messages.proxy_is_called(), transport, CASE.listens)
    pid = calls.proxy.shell.tell(f"{command} & echo $!")
    calls.proxy.wait_for_listener(transport, CASE.listens)
    variables = {"test_host": whom, "test_peer": peer, "test_transport": transport}
    try:
        succeed(empty_lab, PLAYBOOK, limit=prober, variables=variables)
    except AssertionError:
        calls.proxy.shell.run(f"kill -9 {pid}")
        raise
    assert calls.proxy.shell.run(f"wait {pid} 2>/dev/null") == 0
