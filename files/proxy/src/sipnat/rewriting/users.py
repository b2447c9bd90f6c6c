# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Lines that differ in nothing but their users: there are many of those, and few hosts that they are at.

No rule of the rewriting looks at a display name or the user of a URI. So a line is read once with another user in their
place; what becomes of it from the ``@`` on is the same for all users.
"""

from __future__ import annotations

import re
from typing import NamedTuple, Optional, Pattern

_USER = rb"[A-Za-z0-9_.!~*'()%=+$-]+"
_FIELD = re.compile(
    rb"([A-Za-z-]{1,32}[ \t]*:[ \t]*)"
    rb"(?:\"[^\"\\<>\r\n]*\"[ \t]*|[A-Za-z0-9.!%*_+`'~ -]*)<([Ss][Ii][Pp][Ss]?:)" + _USER
)
_REQUEST = re.compile(rb"([A-Za-z0-9.!%*_+`'~-]{1,32} )([Ss][Ii][Pp][Ss]?:)" + _USER)


class Divided(NamedTuple):
    user: bytes  # the line up to the @, included
    sample: bytes  # the line with another user, and without display name
    place: int  # where in `sample` the host begins


def field(line: bytes) -> Optional[Divided]:
    """A header field with one address in angle brackets, divided; None if it is not as simple as that."""
    return _divided(line, _FIELD, b"%b<%bu@")


def request(line: bytes) -> Optional[Divided]:
    """A request line, divided."""
    return _divided(line, _REQUEST, b"%b%bu@")


def _divided(line: bytes, pattern: Pattern[bytes], form: bytes) -> Optional[Divided]:
    left, at, right = line.rpartition(b"@")
    found = pattern.fullmatch(left) if at else None
    if not found or b"," in right or b"<" in right or b"np=b" in right:  # the last one may lose its brackets
        return None
    begin = form % found.groups()
    return Divided(left + at, begin + right, len(begin))
