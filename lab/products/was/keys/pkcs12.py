"""A key store: any number of keys with certificates, and signers. `cryptography` writes files with one key only.

Keys are encrypted by the password (PKCS #8, `cryptography`), the whole is authenticated by it (HMAC with SHA-1,
RFC 7292 appendix B). Certificates lie in the open, where the product hides them by 40 bits of RC2.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_der_private_key,
)
from cryptography.hazmat.primitives.serialization import pkcs12 as one_key

from lab.products.was.keys import der
from lab.products.was.keys.der import Piece

_DATA = der.oid("1.2.840.113549.1.7.1")
_SHA1 = der.oid("1.3.14.3.2.26")
_KEY_BAG = der.oid("1.2.840.113549.1.12.10.1.2")
_CERTIFICATE_BAG = der.oid("1.2.840.113549.1.12.10.1.3")
_X509 = der.oid("1.2.840.113549.1.9.22.1")
_FRIENDLY_NAME = der.oid("1.2.840.113549.1.9.20")
_LOCAL_KEY = der.oid("1.2.840.113549.1.9.21")
_ROUNDS, _MAC_KEY, _BLOCK, _DIGEST = 2048, 3, 64, 20


class BadStore(ValueError):
    """A file that is no key store, or one of another password."""


@dataclass
class Personal:
    """A key and its certificate with those that signed it, closest first; a request has no certificate yet."""

    key: RSAPrivateKey
    certificate: x509.Certificate | None = None
    chain: list[x509.Certificate] = field(default_factory=list)


@dataclass
class KeyStore:
    """A key store's entries by alias."""

    personal: dict[str, Personal] = field(default_factory=dict)
    signers: dict[str, x509.Certificate] = field(default_factory=dict)

    def content(self, password: str) -> bytes:
        """As a file."""
        bags = []
        for alias, entry in self.personal.items():
            key = entry.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, BestAvailableEncryption(password.encode()))
            mark = hashlib.sha1(alias.encode(), usedforsecurity=False).digest()
            bags.append(_bag(_KEY_BAG, key, alias, mark))
            if entry.certificate:
                bags.append(_bag(_CERTIFICATE_BAG, _wrapped(entry.certificate), alias, mark))
            bags += [_bag(_CERTIFICATE_BAG, _wrapped(each), "", mark) for each in entry.chain]
        bags += [_bag(_CERTIFICATE_BAG, _wrapped(each), alias, b"") for alias, each in self.signers.items()]
        safe = der.element(der.SEQUENCE, _data(der.element(der.SEQUENCE, *bags)))
        salt = secrets.token_bytes(8)
        digest = der.element(der.SEQUENCE, der.element(der.SEQUENCE, _SHA1, der.element(der.NULL)),
                             der.element(der.OCTETS, _mac(safe, password, salt, _ROUNDS)))  # fmt: skip
        mac = der.element(der.SEQUENCE, digest, der.element(der.OCTETS, salt), der.integer(_ROUNDS))
        return der.element(der.SEQUENCE, der.integer(3), _data(safe), mac)

    @classmethod
    def parse(cls, content: bytes, password: str) -> KeyStore:
        """From a file that `content` wrote. Raises `BadStore`."""
        try:
            return _read(content, password)
        except (ValueError, IndexError) as error:
            raise BadStore(str(error)) from None


def imported(content: bytes, password: str) -> KeyStore:
    """What somebody else's file of one key holds. Raises `BadStore`."""
    try:
        read = one_key.load_pkcs12(content, password.encode())
    except ValueError as error:
        raise BadStore(str(error)) from None
    store = KeyStore()
    if isinstance(read.key, RSAPrivateKey) and read.cert:
        chain = [each.certificate for each in read.additional_certs]
        alias = (read.cert.friendly_name or b"1").decode()
        store.personal[alias] = Personal(read.key, read.cert.certificate, chain)
    else:
        for number, each in enumerate(read.additional_certs, 1):
            store.signers[(each.friendly_name or str(number).encode()).decode()] = each.certificate
    return store


def _wrapped(certificate: x509.Certificate) -> bytes:
    value = der.element(der.OCTETS, certificate.public_bytes(Encoding.DER))
    return der.element(der.SEQUENCE, _X509, der.element(der.EXPLICIT, value))


def _bag(kind: bytes, value: bytes, alias: str, mark: bytes) -> bytes:
    attributes = []
    if alias:
        text = der.element(der.BMP, alias.encode("utf-16-be"))
        attributes.append(der.element(der.SEQUENCE, _FRIENDLY_NAME, der.element(der.SET, text)))
    if mark:
        attributes.append(der.element(der.SEQUENCE, _LOCAL_KEY, der.element(der.SET, der.element(der.OCTETS, mark))))
    return der.element(der.SEQUENCE, kind, der.element(der.EXPLICIT, value), der.element(der.SET, *attributes))


def _data(content: bytes) -> bytes:
    return der.element(der.SEQUENCE, _DATA, der.element(der.EXPLICIT, der.element(der.OCTETS, content)))


def _content(info: Piece) -> bytes:
    kind, explicit = info.parts()
    if kind.whole != _DATA:
        raise BadStore("its content is of a kind that the lab does not write")
    return explicit.parts()[0].content


def _read(content: bytes, password: str) -> KeyStore:
    _version, info, mac = next(der.pieces(content)).parts()
    safe = _content(info)
    digest, salt, rounds = mac.parts()
    wanted = _mac(safe, password, salt.content, int.from_bytes(rounds.content, "big"))
    if not hmac.compare_digest(digest.parts()[1].content, wanted):
        raise BadStore("another password")
    store = KeyStore()
    owners: dict[bytes, str] = {}
    for alias, mark, kind, value in _bags(safe):
        if kind == _KEY_BAG:
            key = load_der_private_key(value.whole, password.encode())
            if not isinstance(key, RSAPrivateKey):
                raise BadStore("a key that is no RSA key")
            store.personal[alias], owners[mark] = Personal(key), alias
            continue
        certificate = x509.load_der_x509_certificate(value.parts()[1].parts()[0].content)
        if not mark:
            store.signers[alias] = certificate
        elif alias:
            store.personal[owners[mark]].certificate = certificate
        else:
            store.personal[owners[mark]].chain.append(certificate)
    return store


def _bags(safe: bytes) -> Iterator[tuple[str, bytes, bytes, Piece]]:
    """Alias, mark of the key, kind and value of each."""
    for info in next(der.pieces(safe)).parts():
        for bag in next(der.pieces(_content(info))).parts():
            kind, value, attributes = bag.parts()
            alias, mark = "", b""
            for each in attributes.parts():
                name, values = each.parts()
                if name.whole == _FRIENDLY_NAME:
                    alias = values.parts()[0].content.decode("utf-16-be")
                elif name.whole == _LOCAL_KEY:
                    mark = values.parts()[0].content
            yield alias, mark, kind.whole, value.parts()[0]


def _mac(data: bytes, password: str, salt: bytes, rounds: int) -> bytes:
    """RFC 7292, appendix B.2, for a key of one digest's length."""
    secret = (password + "\0").encode("utf-16-be")
    filled = b"".join((part * (_BLOCK // len(part) + 1))[: -(-len(part) // _BLOCK) * _BLOCK] for part in (salt, secret))
    key = bytes([_MAC_KEY]) * _BLOCK + filled
    for _round in range(rounds):
        key = hashlib.sha1(key, usedforsecurity=False).digest()
    return hmac.digest(key[:_DIGEST], data, "sha1")
