# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Parameters that WebSphere's SIP proxy and container write for each other and that must not be seen outside."""

from __future__ import annotations

import re
from typing import List

from .edits import Edit

_HIDDEN = re.compile(rb"(?i);([ \t\r\n]*)(ibmdrr|ibmrport)(?=[\s;=,>?]|\Z)")
_SHOWN = re.compile(rb";([ \t\r\n]*)(npd|npp)(?=[\s;=,>?]|\Z)")
_HIDE = {b"ibmdrr": b"npd", b"ibmrport": b"npp"}
_SHOW = {b"npd": b"ibmdrr", b"npp": b"ibmrport"}


def hide(text: bytes, start: int, end: int) -> List[Edit]:
    """The edits that give them another name."""
    return [(*found.span(2), _HIDE[found.group(2).lower()]) for found in _HIDDEN.finditer(text, start, end)]


def show(text: bytes, start: int, end: int) -> List[Edit]:
    """The inverse, for values that carry a token of ours."""
    return [(*found.span(2), _SHOW[found.group(2)]) for found in _SHOWN.finditer(text, start, end)]
