"""Certificates and trust of a server's TLS: what the key stores hold that its SSL configuration names."""

from __future__ import annotations

import ssl
import tempfile
from collections.abc import Callable
from pathlib import Path

from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from lab.products.was.keys.ssl_settings import Security, SslSettings, StorePlace
from lab.products.was.keys.stores import store_at
from lab.products.was.layout import Profile
from lab.sip.address import Target

# Keys of the product's time have 1024 bits.
_CIPHERS = "DEFAULT@SECLEVEL=0"


def serving(profile: Profile, security: Security, server: Path) -> ssl.SSLContext:
    """For the TLS end point of a server's SIP. Raises OSError or ValueError where the product would not serve it."""
    settings = security.of_channel(server)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_ciphers(_CIPHERS)
    _present(context, profile, settings.keys, settings.server_alias)
    if settings.asks_client or settings.requires_client:
        _trust(context, profile, settings.trust)
        context.verify_mode = ssl.CERT_REQUIRED if settings.requires_client else ssl.CERT_OPTIONAL
    return context


def connecting(profile: Profile, security: Security) -> Callable[[Target], ssl.SSLContext]:
    """For connections to others. Raises OSError or ValueError where the product could open none."""
    general = _client(profile, security.of_group("outbound"))
    special = [(each, _client(profile, each.settings)) for each in security.selections()]

    def context_for(target: Target) -> ssl.SSLContext:
        fitting = (context for selection, context in special if selection.fits(target.host, target.port))
        return next(fitting, general)

    return context_for


def _client(profile: Profile, settings: SslSettings) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.set_ciphers(_CIPHERS)
    # Partners are known by their certificates, which have the name of a public address or none of it.
    context.check_hostname = False
    _trust(context, profile, settings.trust)
    _present(context, profile, settings.keys, settings.client_alias)
    return context


def _trust(context: ssl.SSLContext, profile: Profile, place: StorePlace) -> None:
    signers = store_at(profile, place).signers
    if not signers:
        raise ValueError(f"the trustAnchors parameter must be non-empty: {place.name} holds no signer")
    # To Java whatever is in a trust store is the end of a chain.
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    context.load_verify_locations(cadata=b"".join(each.public_bytes(Encoding.DER) for each in signers.values()))


def _present(context: ssl.SSLContext, profile: Profile, place: StorePlace, alias: str) -> None:
    personal = {name: each for name, each in store_at(profile, place).personal.items() if each.certificate}
    # Without an alias Java takes any key that fits.
    chosen = personal.get(alias) if alias else next((each for _name, each in sorted(personal.items())), None)
    if chosen is None or chosen.certificate is None:
        wanted = f"the alias {alias} is not found" if alias else "no certificate is"
        raise ValueError(f"CWPKI0024E: {wanted} in KeyStore {place.location}")
    texts = [chosen.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())]
    texts += [each.public_bytes(Encoding.PEM) for each in (chosen.certificate, *chosen.chain)]
    # Python takes keys from files only; this one is its owner's and gone at once.
    with tempfile.NamedTemporaryFile(suffix=".pem") as file:
        file.write(b"".join(texts))
        file.flush()
        context.load_cert_chain(file.name)
