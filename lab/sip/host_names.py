"""Host names with an underscore: a site's names may have one, which the grammar of RFC 3261 25.1 does not allow.

The products work with them [seed]; `sipmessage` is told not to mind either.
"""

from __future__ import annotations

import re

from sipmessage import grammar, uri, via

_LABEL = "[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?"
_HOST = f"(?:{_LABEL}(?:\\.{_LABEL})*\\.?|{grammar.IPV6REFERENCE})"


def allow_underscores() -> None:
    """From now on, in this process; once is enough, more do not harm."""
    for module, name in ((uri, "SIP_URI_PATTERN"), (via, "VIA_PATTERN")):
        pattern: re.Pattern[str] = getattr(module, name)
        setattr(module, name, re.compile(pattern.pattern.replace(grammar.HOST, _HOST)))
