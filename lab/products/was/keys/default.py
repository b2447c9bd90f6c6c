"""What the key stores of a profile hold from the start: a certificate of its host, which it trusts itself."""

from __future__ import annotations

from lab.products.was.keys.certificates import self_signed
from lab.products.was.keys.pkcs12 import KeyStore

PASSWORD = "WebAS"  # noqa: S105 - the product's documented one
ALIAS = "default"
_DAYS, _SIZE = 365, 1024


def stores(host_name: str) -> tuple[bytes, bytes]:
    """The files of a key store and of the trust store beside it."""
    entry = self_signed([("CN", host_name), ("O", "IBM"), ("C", "US")], days=_DAYS, size=_SIZE)
    keys, trust = KeyStore(), KeyStore()
    keys.personal[ALIAS] = entry
    if entry.certificate:
        trust.signers[ALIAS] = entry.certificate
    return keys.content(PASSWORD), trust.content(PASSWORD)


def trusting(trust: bytes, password: str, keys: bytes, node: str) -> bytes:
    """A trust store of that password that trusts the original certificate of a node's key store too."""
    known, own = KeyStore.parse(trust, password), KeyStore.parse(keys, PASSWORD)
    entry = own.personal.get(ALIAS)
    if entry and entry.certificate:
        known.signers[f"{ALIAS}_{node}".lower()] = entry.certificate
    return known.content(password)
