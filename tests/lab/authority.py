"""A certificate authority for tests.

`python -m tests.lab.authority FOLDER NAME` makes `ca.pem`, `partner.pem` (another authority) and `key.p12` (password
s3cret-of-the-file, for NAME); with `--sign` it signs `request.csr` for NAME: `signed.pem`, with its chain.
"""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
    pkcs12,
)
from cryptography.x509.oid import NameOID

_DAY = dt.timedelta(days=1)


class Authority:
    """Signs what it is asked to."""

    def __init__(self, name: str, key: rsa.RSAPrivateKey | None = None) -> None:
        self._key = key or rsa.generate_private_key(65537, 2048)
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        own = self._builder(self._name, self._key.public_key())
        constraints = x509.BasicConstraints(ca=True, path_length=None)
        self.certificate = own.add_extension(constraints, critical=True).sign(self._key, hashes.SHA256())
        self.pem = self.certificate.public_bytes(Encoding.PEM)

    def sign(self, request: bytes, *names: str, days: int = 365) -> bytes:
        """The certificate (PEM) for a request (PKCS #10, PEM), with alternative names."""
        asked = x509.load_pem_x509_csr(request)
        key = asked.public_key()
        assert isinstance(key, rsa.RSAPublicKey)
        return self._sign(asked.subject, key, names, days).public_bytes(Encoding.PEM)

    def issue(self, name: str, days: int = 365) -> tuple[bytes, rsa.RSAPrivateKey]:
        """A certificate (PEM) of a new key, and the key."""
        key = rsa.generate_private_key(65537, 2048)
        return self._issued(name, key, days).public_bytes(Encoding.PEM), key

    def key_file(self, name: str, alias: str, password: str, days: int = 365) -> bytes:
        """A PKCS #12 file with a new key, its certificate and this authority."""
        key = rsa.generate_private_key(65537, 2048)
        return pkcs12.serialize_key_and_certificates(
            alias.encode(), key, self._issued(name, key, days), [self.certificate],
            BestAvailableEncryption(password.encode()),
        )  # fmt: skip

    def _issued(self, name: str, key: rsa.RSAPrivateKey, days: int) -> x509.Certificate:
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        return self._sign(subject, key.public_key(), (name,), days)

    def _sign(self, subject: x509.Name, key: rsa.RSAPublicKey, names: tuple[str, ...], days: int) -> x509.Certificate:
        builder = self._builder(subject, key, days)
        if names:
            alternative = x509.SubjectAlternativeName([x509.DNSName(each) for each in names])
            builder = builder.add_extension(alternative, critical=False)
        return builder.sign(self._key, hashes.SHA256())

    def _builder(self, subject: x509.Name, key: rsa.RSAPublicKey, days: int = 365) -> x509.CertificateBuilder:
        begins = dt.datetime.now(dt.UTC).replace(microsecond=0) - _DAY
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self._name)
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(begins)
            .not_valid_after(begins + days * _DAY)
        )


def main(folder: Path, name: str, *, sign: bool) -> None:
    """The command."""
    keys = folder / "ca.key"
    if sign:
        key = load_pem_private_key(keys.read_bytes(), None)
        assert isinstance(key, rsa.RSAPrivateKey)
        authority = Authority("Authority of the test", key)
        signed = authority.sign((folder / "request.csr").read_bytes(), name)
        (folder / "signed.pem").write_bytes(signed + authority.pem)
        return
    folder.mkdir(parents=True, exist_ok=True)
    key = rsa.generate_private_key(65537, 2048)
    keys.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    authority = Authority("Authority of the test", key)
    (folder / "ca.pem").write_bytes(authority.pem)
    (folder / "partner.pem").write_bytes(Authority("Authority of the partner").pem)
    (folder / "key.p12").write_bytes(authority.key_file(name, "stgw", "s3cret-of-the-file"))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], sign=sys.argv[3:] == ["--sign"])
