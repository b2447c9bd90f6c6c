"""SIP of a server's own process."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from lab.products.was.servers import server_index
from lab.products.was.servers.listeners import Listeners
from lab.products.was.servers.server_index import Entry
from lab.sip.address import Target, Transport
from tests.lab.products.was.running_cell import LOGIN, free_ports
from tests.lab.products.was.running_host import RunningHost, installed
from tests.lab.products.was.sip.site import Partner
from tests.lab.sip.parties import LOOPBACK, code, run

SERVER = "server1"


@pytest.fixture
def host(tmp_path: Path) -> Iterator[RunningHost]:
    """A host with a profile, its server started."""
    made = installed(tmp_path, "node1")
    made.make_profile("App", "default", first=free_ports(), node="node1", cell="cell1", server=SERVER)
    assert made("App", "startServer", SERVER)[0] == 0
    yield made
    made.stop_all()


def test_a_server_answers_at_its_end_points_until_it_stops(host: RunningHost) -> None:
    entry = server_index.read(host.path("/was/profiles/App/config"), "cell1", "node1").servers[SERVER]
    places: dict[Transport, int] = {
        "udp": entry.port("SIP_DEFAULTHOST"),
        "tcp": entry.port("SIP_DEFAULTHOST"),
        "tls": entry.port("SIP_DEFAULTHOST_SECURE"),
    }

    async def work() -> None:
        for transport, port in places.items():
            other = Partner(Target(transport, LOOPBACK, 9))
            if transport == "udp":
                other.place = Target(transport, *await other.transports.listen(transport, LOOPBACK, 0))
            answer = await other.ask(other.request("MESSAGE", "one"), Target(transport, LOOPBACK, port))
            assert code(answer) == 403
            await other.transports.close()

    run(work())
    assert host("App", "stopServer", SERVER, *LOGIN)[0] == 0
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((LOOPBACK, places["tcp"]), 2.0)
    assert host.path(f"/was/profiles/App/logs/{SERVER}/SystemErr.log").read_text() == ""


def test_an_end_point_that_opens_late_is_handed_over_too() -> None:
    first = free_ports(2)
    entry = Entry("S", "APPLICATION_SERVER", {"SIP_DEFAULTHOST": ("*", first), "WC_defaulthost": ("*", first + 1)}, ())
    listeners = Listeners(entry, {"SIP_DEFAULTHOST"})
    with socket.create_server(("", first)):
        listeners.open()
        assert (set(listeners.failed), set(listeners.opened)) == ({"SIP_DEFAULTHOST"}, set())
    assert listeners.retry() == ["SIP_DEFAULTHOST"]
    sockets = listeners.opened.pop("SIP_DEFAULTHOST")
    assert sockets.datagram
    assert sockets.stream.getsockname()[1] == sockets.datagram.getsockname()[1] == first
    sockets.stream.close()
    sockets.datagram.close()
    listeners.close()
