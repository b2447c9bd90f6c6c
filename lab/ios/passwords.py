"""The enable secret, as a configuration keeps it."""

from __future__ import annotations

import hashlib
import hmac
import secrets

_SCHEME = "$1$"  # IOS's name for its salted MD5; the digest behind it is the lab's own


def digest(password: str, salt: str = "") -> str:
    """A salted digest."""
    salt = salt or secrets.token_hex(2)
    # Few rounds: the secret lives as long as a lab does.
    made = hashlib.pbkdf2_hmac("sha256", password.encode(), salt.encode(), 64)
    return f"{_SCHEME}{salt}${made.hex()[:22]}"


def matches(password: str, stored: str) -> bool:
    """Whether that password was made into this digest."""
    _, _, salt, _ = stored.split("$")
    return hmac.compare_digest(stored, digest(password, salt))
