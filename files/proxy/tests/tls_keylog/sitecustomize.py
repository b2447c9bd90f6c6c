# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""With this folder on PYTHONPATH, Python writes the keys of its TLS connections into SSLKEYLOGFILE, for tshark."""

from __future__ import annotations

import os
import ssl
from typing import Any, Type

_plain = ssl.SSLContext.__new__


def _logging(cls: Type[ssl.SSLContext], *words: Any, **more: Any) -> ssl.SSLContext:
    context = _plain(cls, *words, **more)
    context.keylog_filename = os.environ["SSLKEYLOGFILE"]
    return context


ssl.SSLContext.__new__ = _logging  # type: ignore[assignment, method-assign]
