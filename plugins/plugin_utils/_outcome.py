# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""What a program said when it ran on a target.

Programs print one `key=value` per line; a key may be repeated. After a line `--` comes at most one free text (the
blob): as it is from sh, as Base64 of UTF-8 from PowerShell, whose console output knows only the machine's code page.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass

BLOB_MARK = "--"


@dataclass(frozen=True)
class Outcome:
    """Exit code, `key=value` fields in order, free text and error text of one program run."""

    rc: int
    fields: tuple[tuple[str, str], ...]
    blob: str | None
    stderr: str

    def get(self, key: str, default: str = "") -> str:
        """The last value of `key`."""
        values = self.all(key)
        return values[-1] if values else default

    def all(self, key: str) -> list[str]:
        """Every value of `key`, in the order printed."""
        return [value for name, value in self.fields if name == key]


def parse_outcome(rc: int, stdout: str, stderr: str, blob_is_base64: bool) -> Outcome:
    """Split what a program printed into fields and blob. Lines without `=` are noise (login banners) and dropped."""
    # Only the line ending is normalised, and only for splitting: a blob from sh keeps its own carriage returns.
    head, mark, tail = _split_at_mark(stdout)
    fields = []
    for line in head.splitlines():
        key, equals, value = line.partition("=")
        if equals:
            fields.append((key.strip(), value))
    blob = None
    if mark:
        blob = base64.b64decode(tail).decode("utf-8", "replace") if blob_is_base64 else tail
    return Outcome(rc=rc, fields=tuple(fields), blob=blob, stderr=stderr)


def _split_at_mark(text: str) -> tuple[str, bool, str]:
    lines = text.splitlines(keepends=True)
    for number, line in enumerate(lines):
        if line.rstrip("\r\n") == BLOB_MARK:
            return "".join(lines[:number]), True, "".join(lines[number + 1 :])
    return text, False, ""
