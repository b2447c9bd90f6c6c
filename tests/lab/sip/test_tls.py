"""TLS, and the loop in a thread of its own."""

from __future__ import annotations

import datetime
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from lab.sip.address import Target
from lab.sip.reactor import Reactor
from tests.lab.sip.parties import WITHIN_S, Party, request, until

VIA = "SIP/2.0/TLS 127.0.0.1:9;branch=z9hG4bKa"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A key and a certificate that vouches for itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "rtp_nat.ibm.com")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(1).not_valid_before(now - datetime.timedelta(1)).not_valid_after(now + datetime.timedelta(1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    file = tmp_path_factory.mktemp("tls") / "certificate.pem"
    file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        ) + made.public_bytes(serialization.Encoding.PEM)
    )  # fmt: skip
    return file


def server_side(certificate: Path) -> ssl.SSLContext:
    """Shows the certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


def client_side(trusted: Path | None) -> ssl.SSLContext:
    """Wants it, whatever the name, as the products do."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    if trusted:
        context.load_verify_locations(trusted)
    return context


@pytest.fixture
def reactor() -> Iterator[Reactor]:
    reactor = Reactor()
    reactor.start()
    yield reactor
    reactor.stop()
    assert reactor.loop.is_closed()


def test_a_message_over_tls(reactor: Reactor, certificate: Path) -> None:
    async def talk() -> None:
        near, far = Party(client_side(certificate)), Party()
        target = Target("tls", *await far.transports.listen("tls", "127.0.0.1", 0, tls=server_side(certificate)))
        near.transports.send(request(via=VIA), target)
        near.transports.send(request(number=2, via=VIA), target)
        _, flow = await far.next(2)
        assert flow.transport == "tls"
        assert not near.transports.connected(target._replace(transport="tcp"))
        await near.transports.close()
        await until(lambda: far.lost)

    reactor.call(talk(), WITHIN_S)


def test_a_certificate_that_nobody_vouches_for_ends_it(reactor: Reactor, certificate: Path) -> None:
    async def talk() -> None:
        near, far, failures = Party(client_side(None)), Party(), list[OSError]()
        target = Target("tls", *await far.transports.listen("tls", "127.0.0.1", 0, tls=server_side(certificate)))
        near.transports.send(request(via=VIA), target, failed=failures.append)
        await until(lambda: failures)
        assert "certificate verify failed" in str(failures[0]).lower()
        assert not far.messages

    reactor.call(talk(), WITHIN_S)


def test_a_tls_end_point_without_a_context_is_refused(reactor: Reactor) -> None:
    with pytest.raises(ValueError, match="needs a context"):
        reactor.call(Party().transports.listen("tls", "127.0.0.1", 0), WITHIN_S)
