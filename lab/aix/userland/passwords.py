"""Passwords of the host, salted and hashed in `/etc/security/passwd`."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os

from lab.aix.userland.accounts import SHADOW, attributes

_SCHEME = "{ssha256}06$"  # AIX's name for its salted hash; the digest below it is the lab's own


def _digest(password: str, salt: bytes) -> str:
    # Few rounds: these passwords live as long as a lab does, and hosts check them often.
    digest = hashlib.pbkdf2_hmac("sha256", password.encode(), salt, 64)
    return base64.b64encode(digest).decode("ascii")


def hash_password(password: str) -> str:
    """A salted hash, as `/etc/security/passwd` keeps it."""
    salt = base64.b64encode(os.urandom(12))
    return f"{_SCHEME}{salt.decode('ascii')}${_digest(password, salt)}"


def check_password(name: str, password: str) -> bool:
    """Whether that is the user's password on this host; never true for a user without one."""
    stored = attributes(SHADOW, name).get("password", "*")
    if not stored.startswith(_SCHEME):
        return False
    salt, _, digest = stored.removeprefix(_SCHEME).partition("$")
    return hmac.compare_digest(digest, _digest(password, salt.encode("ascii")))
