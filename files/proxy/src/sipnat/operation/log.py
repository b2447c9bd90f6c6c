# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The log: one event a line, as ``key=value`` text or as JSON. Never a message, never its body.

What strangers wrote (Call-IDs, addresses, reasons) stays on its line: control characters and everything that is not
ASCII are escaped. What strangers can cause (refusals) is limited for each reason, so that nobody fills the disk.
"""

from __future__ import annotations

import codecs
import json
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Dict, List, Optional, TextIO

from ..model import Log as Settings

LEVELS = ("debug", "info", "warning", "error")
LONGEST = 256  # characters of one value
PER_REASON = 5  # lines of one reason ...
WINDOW = 10.0  # ... in so many seconds
REASONS = 200  # more different ones share a limit

_QUOTED = frozenset(' "=\\')
# Loaded now: the account that privileges are dropped to may be unable to read Python's files.
_escape = codecs.getencoder("unicode_escape")


class Log:
    """Writes to a file, or to standard error."""

    def __init__(self, settings: Settings) -> None:
        self._stream: Optional[TextIO] = None
        self._path: Optional[str] = None
        self._windows: Dict[str, List[float]] = {}  # reason -> start of its window, lines in it
        self.configure(settings)

    def configure(self, settings: Settings) -> None:
        """Take over new settings, and open the file anew: a rotation may have moved it. Raises OSError that names it,
        then the old one stays in use."""
        stream: Optional[TextIO] = sys.stderr  # None: a service of Windows has none
        if settings.file is not None:
            try:
                stream = Path(settings.file).open("a", encoding="ascii", errors="backslashreplace")  # noqa: SIM115
            except OSError as error:
                raise OSError(error.errno, f"log.file: {settings.file}: {error.strerror}") from error
        self.close()
        self._stream, self._path = stream, settings.file
        self._lowest = LEVELS.index(settings.level)
        self._json = settings.format == "json"

    def close(self) -> None:
        """Close the file, if it is one; lines that a full disk did not take are lost."""
        if self._path is not None and self._stream is not None:
            with suppress(OSError):
                self._stream.close()

    def debug(self, event: str, **fields: object) -> None:
        self._write(0, event, fields)

    def info(self, event: str, **fields: object) -> None:
        self._write(1, event, fields)

    def warning(self, event: str, **fields: object) -> None:
        self._write(2, event, fields)

    def error(self, event: str, **fields: object) -> None:
        self._write(3, event, fields)

    def drop(self, reason: str, now: float, **fields: object) -> None:
        """Tell of something refused, if few of the same reason were told lately; `now` in seconds of any steady clock.

        The first line of the next window says how many were left out.
        """
        if reason not in self._windows and len(self._windows) >= REASONS:
            reason = "other"
        window = self._windows.setdefault(reason, [now, 0])
        if now - window[0] >= WINDOW:
            omitted = window[1] - PER_REASON
            window[0], window[1] = now, 0
            if omitted > 0:
                fields["omitted"] = int(omitted)
        window[1] += 1
        if window[1] <= PER_REASON:
            self._write(2, "refused", {"reason": reason, **fields})

    def _write(self, level: int, event: str, fields: Dict[str, object]) -> None:
        if level < self._lowest or self._stream is None:
            return
        now = time.time()
        stamp = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(now)) + f".{int(now * 1000) % 1000:03d}Z"
        everything = {"time": stamp, "level": LEVELS[level], "event": event}
        everything.update((key, _plain(value)) for key, value in fields.items() if value not in (None, "", b""))
        if self._json:
            line = json.dumps(everything).replace("\x7f", "\\u007f")
        else:
            line = " ".join(f"{key}={_quoted(value)}" for key, value in everything.items())
        try:
            self._stream.write(line + "\n")
            self._stream.flush()
        except (OSError, ValueError):  # a full disk, a closed pipe: calls go on
            return


def readable(error: BaseException) -> str:
    """What went wrong, without the number that only programs compare."""
    if not isinstance(error, OSError) or error.strerror is None:
        return str(error)
    return f"{error.filename}: {error.strerror}" if error.filename else error.strerror


def _plain(value: object) -> str:
    if isinstance(value, bytes):
        value = value[: LONGEST + 1].decode("latin-1")
    text = readable(value) if isinstance(value, BaseException) else str(value)
    return text if len(text) <= LONGEST else text[:LONGEST] + "..."


def _quoted(text: str) -> str:
    escaped = _escape(text)[0].decode("ascii")
    if escaped and not _QUOTED.intersection(escaped):
        return escaped
    return '"' + escaped.replace('"', '\\"') + '"'
