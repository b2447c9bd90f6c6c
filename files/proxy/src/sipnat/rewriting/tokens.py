# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The parameter ``np`` that says which inside host a public one stands for.

``np=[b]ID[.K][~SPELLING][-[PORT][-[TRANSPORT]]]``: the id of the host, which of its forms (0 is left out), how it was
spelled if not as usual (see spelling.py), the port as it was written, and what the transport parameter was if it had to
be changed (empty: there was none). ``b``: the URI stood without angle brackets, and had no parameters then (RFC 3261,
20.10); it needs them for this one. ``npm`` says the same of a ``maddr`` parameter.
"""

from __future__ import annotations

from typing import NamedTuple, Optional

from .syntax import is_token, number


class Token(NamedTuple):
    form: bytes  # ID[.K]
    port: Optional[bytes]
    transport: Optional[bytes]  # None: it was not changed
    bare: bool
    spelling: bytes = b""


def write(form: bytes, port: Optional[bytes], transport: Optional[bytes] = None) -> bytes:
    """The value of the parameter."""
    if transport is not None:
        return b"%b-%b-%b" % (form, port or b"", transport)
    return form if port is None else b"%b-%b" % (form, port)


def read(value: bytes) -> Optional[Token]:
    """What a value says; None if it is none of ours."""
    bare = value[:1] == b"b"
    parts = value[bare:].split(b"-", 2)
    port = parts[1] if len(parts) > 1 and parts[1] else None
    transport = parts[2] if len(parts) > 2 else None
    form, _mark, spelling = parts[0].partition(b"~")
    if (port and number(port, 65535) is None) or (transport and not is_token(transport)):
        return None
    return Token(form, port, b"" if bare else transport, bare, spelling)
