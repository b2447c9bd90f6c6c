"""Certificates: made, asked for, and told in the product's words."""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import time
from collections.abc import Mapping, Sequence

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from lab.products.was.keys.pkcs12 import Personal

# What subjects are made of, in the order in which the product writes them.
PARTS: Mapping[str, x509.ObjectIdentifier] = {
    "CN": NameOID.COMMON_NAME, "OU": NameOID.ORGANIZATIONAL_UNIT_NAME, "O": NameOID.ORGANIZATION_NAME,
    "L": NameOID.LOCALITY_NAME, "ST": NameOID.STATE_OR_PROVINCE_NAME, "postalCode": NameOID.POSTAL_CODE,
    "C": NameOID.COUNTRY_NAME,
}  # fmt: skip
_SHORT = {identifier: short for short, identifier in PARTS.items()}
_BEGIN, _END = b"-----BEGIN CERTIFICATE-----", b"-----END CERTIFICATE-----"
_DAY = dt.timedelta(days=1)


def self_signed(subject: Sequence[tuple[str, str]], *, days: int, size: int, ca: bool = False) -> Personal:
    """A new key and a certificate that it signed itself, valid since yesterday; `subject` by `PARTS`, CN first."""
    key = rsa.generate_private_key(65537, size)
    name, begins = _name(subject), _now() - _DAY
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(int(time.time()))
        .not_valid_before(begins)
        .not_valid_after(begins + days * _DAY)
    )
    if ca:
        builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    return Personal(key, builder.sign(key, hashes.SHA256()))


def request(entry: Personal, subject: Sequence[tuple[str, str]]) -> bytes:
    """The text of a request (PKCS #10) for the certificate of a key."""
    made = x509.CertificateSigningRequestBuilder().subject_name(_name(subject)).sign(entry.key, hashes.SHA256())
    return made.public_bytes(Encoding.PEM)


def from_file(content: bytes) -> list[x509.Certificate]:
    """The certificates in a file, in base 64 or one as DER; none when there are none, or something else, in it."""
    try:
        if _BEGIN not in content:
            return [x509.load_der_x509_certificate(content)]
        texts = [part.partition(_END)[0] for part in content.split(_BEGIN)[1:]]
        return [x509.load_der_x509_certificate(base64.b64decode(text)) for text in texts]
    except (ValueError, binascii.Error):
        return []


def chain_of(certificate: x509.Certificate, known: Sequence[x509.Certificate]) -> list[x509.Certificate] | None:
    """Who signed a certificate, closest first, up to one that signed itself; None when one of them is not known."""
    chain: list[x509.Certificate] = []
    last = certificate
    while not issued(last, last):
        found = next((each for each in known if issued(last, each)), None)
        if found is None or found in chain:
            return None
        chain.append(found)
        last = found
    return chain


def issued(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    """Whether the one signed the other."""
    try:
        certificate.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True


def subject_text(name: x509.Name) -> str:
    """A name as the product writes it: `CN=..., O=..., C=...`."""
    order = list(PARTS.values())
    known = sorted((each for each in name if each.oid in _SHORT), key=lambda each: order.index(each.oid))
    return ", ".join(f"{_SHORT[each.oid]}={each.value!s}" for each in known)


def shown(certificate: x509.Certificate, alias: str) -> Mapping[str, str]:
    """The product's words for a certificate."""
    begins, ends = (f"{each:%b %d, %Y}" for each in (certificate.not_valid_before_utc, certificate.not_valid_after_utc))
    key = certificate.public_key()
    algorithm = certificate.signature_hash_algorithm
    return {
        "issuedTo": subject_text(certificate.subject),
        "fingerPrint": certificate.fingerprint(hashes.SHA1()).hex(":").upper(),  # noqa: S303 - the product shows SHA-1
        "signatureAlgorithm": f"{algorithm.name.upper() if algorithm else ''}withRSA",
        "serialNumber": str(certificate.serial_number),
        "alias": alias,
        "validity": f"Valid from {begins} to {ends}.",
        "version": "X509 V3",
        "issuedBy": subject_text(certificate.issuer),
        "size": str(key.key_size) if isinstance(key, rsa.RSAPublicKey) else "0",
    }


def _name(subject: Sequence[tuple[str, str]]) -> x509.Name:
    # In a certificate the country comes first.
    return x509.Name([x509.NameAttribute(PARTS[short], value) for short, value in reversed(subject)])


def _now() -> dt.datetime:
    return dt.datetime.fromtimestamp(int(time.time()), dt.UTC)
