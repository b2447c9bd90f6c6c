"""The key stores that an SSL configuration names, from their files."""

from __future__ import annotations

from cryptography.hazmat.primitives.serialization import Encoding

from lab.products.was.keys.pkcs12 import KeyStore
from lab.products.was.keys.ssl_settings import Security, StorePlace
from lab.products.was.layout import Profile


def store_at(profile: Profile, place: StorePlace) -> KeyStore:
    """What a key store holds. Raises OSError, or `BadStore` for another password."""
    location = place.location.replace("\\", "/")
    below = location.removeprefix("${CONFIG_ROOT}/")
    if below != location:
        file = profile.config / below
    else:
        file = profile.host.path(location.replace("${USER_INSTALL_ROOT}", profile.path.replace("\\", "/")))
    return KeyStore.parse(file.read_bytes(), place.password)


def signers_pem(profile: Profile, alias: str = "") -> str:
    """The signers that a process of a profile trusts when it connects to others by the SSL configuration `alias`, or by
    that of its node; PEM. Raises OSError or ValueError where there is none."""
    security = Security(profile.config, profile.cell, profile.node)
    settings = security.named(alias) if alias else security.of_group("outbound")
    signers = store_at(profile, settings.trust).signers.values()
    return "".join(each.public_bytes(Encoding.PEM).decode() for each in signers)
