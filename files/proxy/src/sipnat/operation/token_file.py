# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The secret by which the proxy knows who may give it orders: whoever can read its file may."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def read(file: str) -> bytes:
    """The secret in a file. Raises OSError, also if the file holds none."""
    token = Path(file).read_bytes().strip()
    if not token or len(token) > 256 or any(byte <= 32 or byte > 126 for byte in token):
        raise OSError(f"{file} holds no token: one line of printable ASCII without spaces")
    return token


def read_or_create(file: str) -> bytes:
    """The secret in a file; if there is no such file it is made, for its owner alone. Raises OSError."""
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return read(file)
    with os.fdopen(descriptor, "w", encoding="ascii") as stream:
        stream.write(secrets.token_urlsafe(24) + "\n")
    return read(file)
