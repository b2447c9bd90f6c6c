# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""How WebSphere stores passwords in its documents: hidden from eyes, and from nobody else."""

from __future__ import annotations

import base64

XOR = "{xor}"
_MASK = ord("_")


def encode(secret: str) -> str:
    """A secret as WebSphere stores it."""
    return XOR + base64.b64encode(bytes(byte ^ _MASK for byte in secret.encode())).decode("ascii")


def decode(stored: str) -> str:
    """A secret as it was before WebSphere stored it."""
    if not stored.startswith(XOR):
        return stored
    try:
        return bytes(byte ^ _MASK for byte in base64.b64decode(stored.removeprefix(XOR), validate=True)).decode("utf-8")
    except ValueError:
        # Not what WebSphere writes: then it differs from whatever is wanted.
        return stored
