"""Files of a profile that are no XMI: texts with gaps, where `@{name}` stands for a value."""

from __future__ import annotations

import string
from pathlib import Path
from xml.sax.saxutils import escape

_HOME = Path(__file__).parent / "forms"


class Form(string.Template):
    """A text with gaps; `$` means nothing here, for the product's own variables begin with it."""

    delimiter = "@"


def fill(form: str, **values: str) -> str:
    """The text of file `form` with its gaps filled; raises `KeyError` for one without a value."""
    text = (_HOME / form).read_text("utf-8")
    return Form(text).substitute({key: escape(value, {'"': "&quot;"}) for key, value in values.items()})
