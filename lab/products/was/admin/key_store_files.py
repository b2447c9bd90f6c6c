"""Key stores as files: which personal and which signer certificates they hold.

The lab encrypts nothing: a key store is text, and a certificate is what the product says about it. An extracted one is
a file as usual, whose base 64 hides that text; of a certificate from elsewhere the lab knows only the fingerprint.
"""

from __future__ import annotations

import base64
import binascii
import dataclasses
import hashlib
import json
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

_MAGIC = b"key store of the lab\n"
_BEGIN, _END = "-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----"
_DAY_S = 86400


@dataclass(frozen=True)
class Certificate:
    """A certificate; times are seconds since the epoch, the serial number is decimal."""

    subject: str
    issuer: str
    serial: str
    begins: int
    ends: int
    size: int = 1024
    fingerprint: str = ""

    def text(self) -> str:
        """As it is sent to others."""
        if self.fingerprint:
            return json.dumps(dataclasses.asdict(self))
        return json.dumps(dataclasses.asdict(dataclasses.replace(self, fingerprint=_digest(repr(self).encode()))))

    def shown(self, alias: str) -> Mapping[str, str]:
        """The product's words for it."""
        begins, ends = (time.strftime("%b %d, %Y", time.gmtime(each)) for each in (self.begins, self.ends))
        return {
            "issuedTo": self.subject,
            "fingerPrint": self.fingerprint,
            "signatureAlgorithm": "SHA1withRSA(1.2.840.113549.1.1.5)",
            "serialNumber": self.serial,
            "alias": alias,
            "validity": f"Valid from {begins} to {ends}.",
            "version": "X509 V3",
            "issuedBy": self.issuer,
            "size": str(self.size),
        }


def self_signed(subject: str, days: int = 365, size: int = 1024) -> Certificate:
    """A new certificate."""
    begins = int(time.time()) - _DAY_S
    serial = str(secrets.randbelow(2**31))
    return _marked(Certificate(subject, subject, serial, begins, begins + days * _DAY_S, size))


def original(subject: str, made: int) -> Certificate:
    """The certificate that a profile got when it was `made`: always the same."""
    serial = str(int(hashlib.sha1(f"{subject} {made}".encode(), usedforsecurity=False).hexdigest()[:7], 16))
    return _marked(Certificate(subject, subject, serial, made - _DAY_S, made + 364 * _DAY_S))


def _marked(certificate: Certificate) -> Certificate:
    return Certificate(**json.loads(certificate.text()))


@dataclass
class KeyStoreFile:
    """A key store's certificates by alias."""

    personal: dict[str, Certificate] = field(default_factory=dict)
    signers: dict[str, Certificate] = field(default_factory=dict)

    @classmethod
    def parse(cls, content: bytes) -> KeyStoreFile:
        """From a file; one that is not of the lab counts as empty."""
        if not content.startswith(_MAGIC):
            return cls()
        read = json.loads(content[len(_MAGIC) :])
        return cls(
            *({alias: Certificate(**each) for alias, each in read[kind].items()} for kind in ("personal", "signers"))
        )

    def content(self) -> bytes:
        """As a file."""
        kinds = {"personal": self.personal, "signers": self.signers}
        plain = {
            kind: {alias: dataclasses.asdict(each) for alias, each in sorted(many.items())}
            for kind, many in kinds.items()
        }
        return _MAGIC + json.dumps(plain, indent=1).encode()


def extracted(certificate: Certificate) -> str:
    """A certificate as a file in base 64."""
    lines = base64.encodebytes(certificate.text().encode()).decode()
    return f"{_BEGIN}\n{lines}{_END}\n"


def from_file(content: bytes) -> Certificate | None:
    """The certificate in a file, in base 64 or as DER; None when there is none in it."""
    text = content.decode("latin-1")
    if _BEGIN in text:
        try:
            content = base64.b64decode(text.partition(_BEGIN)[2].partition(_END)[0])
        except binascii.Error:
            return None
    if content.startswith(b"{"):
        try:
            return Certificate(**json.loads(content))
        except (ValueError, TypeError):
            return None
    # A sequence of ASN.1.
    return Certificate("", "", "0", 0, 0, 0, _digest(content)) if content.startswith(b"\x30") else None


def _digest(content: bytes) -> str:
    return hashlib.sha1(content, usedforsecurity=False).digest().hex(":").upper()
