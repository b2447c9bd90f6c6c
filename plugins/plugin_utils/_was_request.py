# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""The request that `was_apply.jy` takes: one literal on each line, that Jython 2.1 and Python 3 read alike."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from typing import Any


def request_text(settings: Mapping[str, Any], wishes: Sequence[Mapping[str, Any]]) -> str:
    """`settings` and `wishes`, pure ASCII."""
    return "".join(literal(each) + "\n" for each in [settings, *wishes])


def request_lines(text: str) -> list[Any]:
    """What a request says."""
    return [ast.literal_eval(line) for line in text.splitlines()]


def literal(value: Any) -> str:
    """`value` as a literal: mappings, lists, texts, whole numbers and None."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{literal(key)}: {literal(each)}" for key, each in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(literal, value)) + "]"
    if isinstance(value, str):
        return _text(value)
    if value is None or isinstance(value, int):
        # Jython 2.1 has no words for true and false.
        return str(int(value)) if isinstance(value, bool) else str(value)
    raise TypeError(f"{value!r} has no literal")


def _text(value: str) -> str:
    text = ascii(value)
    # Only a Unicode literal of Jython knows characters beyond the first 256.
    return f"u{text}" if any(ord(character) > 0xFF for character in value) else text
