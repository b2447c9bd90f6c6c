# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""Key stores (PKCS #12) and certificates, as the controller reads and makes them.

ansible-core needs `cryptography` itself; ansible-test imports plugins without it, hence the imports in functions.
"""

from __future__ import annotations

import datetime as dt
import ssl
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ._certificate import alternative_names, common_names

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

KEY_FILE_ALIAS = "key"
_ROUNDS = 2000
_DAY = dt.timedelta(days=1)


class Unreadable(Exception):
    """What is no key store of that password, or no certificate."""


@dataclass(frozen=True)
class Known:
    """A certificate of a key store: moments in UTC, SHA-1 fingerprint as WebSphere shows it."""

    alias: str
    der: bytes
    subject: str
    issuer: str
    common_names: tuple[str, ...]
    alternative_names: tuple[str, ...]
    begins: dt.datetime
    ends: dt.datetime
    fingerprint: str

    @property
    def self_signed(self) -> bool:
        return self.subject == self.issuer

    @property
    def pem(self) -> str:
        return ssl.DER_cert_to_PEM_cert(self.der)

    def days_left(self, now: dt.datetime) -> int:
        """Whole days that it is valid for; negative when it has expired."""
        return (self.ends - now) // _DAY


def entries_of(content: bytes, password: str) -> dict[str, Known]:
    """The certificates of a key store by alias, in small letters as Java compares them. Raises `Unreadable`."""
    from cryptography.hazmat.primitives.serialization import pkcs12  # noqa: PLC0415

    try:
        read = pkcs12.load_pkcs12(content, password.encode())
    except ValueError as error:
        raise Unreadable(str(error)) from None
    found = [each for each in (read.cert, *read.additional_certs) if each is not None]
    # Chains lie in it without a name.
    named = [(each.friendly_name.decode("utf-8", "replace").lower(), each) for each in found if each.friendly_name]
    return {alias: known(alias, each.certificate) for alias, each in named}


def chain_in(text: str) -> list[Known]:
    """The certificates of a PEM text, in its order. Raises `Unreadable`."""
    from cryptography import x509  # noqa: PLC0415

    try:
        return [known("", each) for each in x509.load_pem_x509_certificates(text.encode())]
    except ValueError as error:
        raise Unreadable(str(error)) from None


def key_file(content: bytes, password: str) -> tuple[Known, list[Known]]:
    """The certificate and its chain in a PKCS #12 file of one key. Raises `Unreadable`."""
    from cryptography.hazmat.primitives.serialization import pkcs12  # noqa: PLC0415

    try:
        read = pkcs12.load_pkcs12(content, password.encode())
    except ValueError as error:
        raise Unreadable(str(error)) from None
    if read.key is None or read.cert is None:
        raise Unreadable("it has no key with a certificate")
    alias = (read.cert.friendly_name or b"").decode("utf-8", "replace")
    return known(alias, read.cert.certificate), [known("", each.certificate) for each in read.additional_certs]


def request_names(text: str) -> list[str]:
    """The common names that a certificate request (PKCS #10, PEM) asks for; none when it is none."""
    from cryptography import x509  # noqa: PLC0415
    from cryptography.x509.oid import NameOID  # noqa: PLC0415

    try:
        request = x509.load_pem_x509_csr(text.replace("NEW CERTIFICATE REQUEST", "CERTIFICATE REQUEST").encode())
    except ValueError:
        return []
    return [str(each.value) for each in request.subject.get_attributes_for_oid(NameOID.COMMON_NAME)]


def ordered(chain: Sequence[Known]) -> list[Known]:
    """Leaf first, each followed by the one that signed it, as far as they fit. Raises `Unreadable`."""
    issuers = {each.issuer for each in chain if not each.self_signed}
    leaves = [each for each in chain if each.subject not in issuers]
    if len(leaves) != 1:
        raise Unreadable(f"it must be one certificate and those that signed it, not {len(leaves)} certificates")
    line = leaves[:1]
    while not line[-1].self_signed:
        above = next((each for each in chain if each.subject == line[-1].issuer and each not in line), None)
        if above is None:
            break
        if not issued(line[-1].der, above.der):
            raise Unreadable(f"{above.subject} is named as the signer of {line[-1].subject}, but did not sign it")
        line.append(above)
    return line


def make_key_file(
    names: Sequence[str], subject: Mapping[str, str], *, size: int, days: int, password: str
) -> tuple[bytes, Known]:
    """A PKCS #12 file with a new RSA key and a certificate that it signed itself, and that certificate.

    The first of `names` becomes the common name, all of them alternative names. The file is encrypted as Java 5 reads
    it: by triple DES.
    """
    from cryptography import x509  # noqa: PLC0415
    from cryptography.hazmat.primitives import hashes  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric import rsa  # noqa: PLC0415
    from cryptography.hazmat.primitives.serialization import PrivateFormat, pkcs12  # noqa: PLC0415
    from cryptography.x509.oid import NameOID  # noqa: PLC0415

    parts = {
        "C": NameOID.COUNTRY_NAME, "ST": NameOID.STATE_OR_PROVINCE_NAME, "L": NameOID.LOCALITY_NAME,
        "O": NameOID.ORGANIZATION_NAME, "OU": NameOID.ORGANIZATIONAL_UNIT_NAME,
    }  # fmt: skip
    attributes = [x509.NameAttribute(parts[key], subject[key]) for key in parts if subject.get(key)]
    name = x509.Name([*attributes, x509.NameAttribute(NameOID.COMMON_NAME, names[0])])
    key = rsa.generate_private_key(65537, size)
    begins = dt.datetime.now(dt.UTC).replace(microsecond=0) - _DAY
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(begins + (days + 1) * _DAY)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(each) for each in names]), critical=False)
        .sign(key, hashes.SHA256())
    )
    encryption = (
        PrivateFormat.PKCS12.encryption_builder()
        .kdf_rounds(_ROUNDS)
        .key_cert_algorithm(pkcs12.PBES.PBESv1SHA1And3KeyTripleDESCBC)
        .hmac_hash(hashes.SHA1())  # noqa: S303 - the only one that Java 5 knows
        .build(password.encode())
    )
    content = pkcs12.serialize_key_and_certificates(KEY_FILE_ALIAS.encode(), key, certificate, None, encryption)
    return content, known("", certificate)


def known(alias: str, certificate: Certificate) -> Known:
    """What is told of a certificate."""
    from cryptography.hazmat.primitives import hashes  # noqa: PLC0415
    from cryptography.hazmat.primitives.serialization import Encoding  # noqa: PLC0415

    der = certificate.public_bytes(Encoding.DER)
    return Known(
        alias=alias,
        der=der,
        subject=certificate.subject.rfc4514_string(),
        issuer=certificate.issuer.rfc4514_string(),
        common_names=tuple(common_names(der)),
        alternative_names=tuple(alternative_names(der)),
        begins=certificate.not_valid_before_utc,
        ends=certificate.not_valid_after_utc,
        fingerprint=certificate.fingerprint(hashes.SHA1()).hex(":").upper(),  # noqa: S303 - as WebSphere shows it
    )


def from_der(der: bytes) -> Known:
    """What is told of a certificate. Raises `Unreadable`."""
    from cryptography import x509  # noqa: PLC0415

    try:
        return known("", x509.load_der_x509_certificate(der))
    except ValueError as error:
        raise Unreadable(str(error)) from None


def issued(der: bytes, issuer: bytes) -> bool:
    """Whether one certificate was signed by the other's key."""
    from cryptography import x509  # noqa: PLC0415
    from cryptography.exceptions import InvalidSignature  # noqa: PLC0415

    try:
        x509.load_der_x509_certificate(der).verify_directly_issued_by(x509.load_der_x509_certificate(issuer))
    except (InvalidSignature, ValueError, TypeError):
        return False
    return True
