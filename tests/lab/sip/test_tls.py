"""TLS, and the loop in a thread of its own."""

from __future__ import annotations

import ssl
from collections.abc import Iterator

import pytest
from certificates import Authority

from lab.sip.address import Target
from lab.sip.reactor import Reactor
from tests.lab.sip.parties import WITHIN_S, Party, request, until

VIA = "SIP/2.0/TLS 127.0.0.1:9;branch=z9hG4bKa"


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("tls"))


def server_side(authority: Authority) -> ssl.SSLContext:
    """Shows a certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*authority.issue("rtp_nat.ibm.com"))
    return context


def client_side(trusted: Authority | None) -> ssl.SSLContext:
    """Wants one, whatever the name, as the products do."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    if trusted:
        context.load_verify_locations(trusted.file)
    return context


@pytest.fixture
def reactor() -> Iterator[Reactor]:
    reactor = Reactor()
    reactor.start()
    yield reactor
    reactor.stop()
    assert reactor.loop.is_closed()


def test_a_message_over_tls(reactor: Reactor, authority: Authority) -> None:
    async def talk() -> None:
        near, far = Party(client_side(authority)), Party()
        target = Target("tls", *await far.transports.listen("tls", "127.0.0.1", 0, tls=server_side(authority)))
        near.transports.send(request(via=VIA), target)
        near.transports.send(request(number=2, via=VIA), target)
        _, flow = await far.next(2)
        assert flow.transport == "tls"
        assert not near.transports.connected(target._replace(transport="tcp"))
        await near.transports.close()
        await until(lambda: far.lost)

    reactor.call(talk(), WITHIN_S)


def test_a_certificate_that_nobody_vouches_for_ends_it(reactor: Reactor, authority: Authority) -> None:
    async def talk() -> None:
        near, far, failures = Party(client_side(None)), Party(), list[OSError]()
        target = Target("tls", *await far.transports.listen("tls", "127.0.0.1", 0, tls=server_side(authority)))
        near.transports.send(request(via=VIA), target, failed=failures.append)
        await until(lambda: failures)
        assert "certificate verify failed" in str(failures[0]).lower()
        assert not far.messages

    reactor.call(talk(), WITHIN_S)


def test_a_tls_end_point_without_a_context_is_refused(reactor: Reactor) -> None:
    with pytest.raises(ValueError, match="needs a context"):
        reactor.call(Party().transports.listen("tls", "127.0.0.1", 0), WITHIN_S)
