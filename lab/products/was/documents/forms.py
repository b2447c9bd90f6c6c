"""Documents as XML files with gaps: `@{name}` stands for a value, `<?part name?>` for a file of `xml/parts`.

The files say no name spaces: which a document needs follows from the prefixes of its types.
"""

from __future__ import annotations

import re
import string
from pathlib import Path
from xml.sax.saxutils import escape

from lab.products.was.model.types import types

_HOME = Path(__file__).parent / "xml"
_PART = re.compile(r"[ \t]*<\?part (\S+)\?>\n")
_TYPE = re.compile(r'(?:<|xmi:type=")([\w.]+):(\w+)')
_ROOT = re.compile(r"<([\w.]+:\w+)")


class _Form(string.Template):
    delimiter = "@"


def fill(form: str, **values: str) -> str:
    """The text of file `form` (below `xml/`) with its gaps filled; raises `KeyError` for one without a value."""
    text = _PART.sub(lambda found: _read(f"parts/{found[1]}.xml"), _read(form))
    return _Form(text).substitute({key: escape(value, {'"': "&quot;"}) for key, value in values.items()})


def document(form: str, **values: str) -> str:
    """An XMI document made of `form`."""
    return declared(fill(form, **values))


def declared(body: str) -> str:
    """A document around `body`: with the XML declaration, and in its root the name spaces that it uses."""
    used = {prefix: types()[name].namespace for prefix, name in _TYPE.findall(body) if prefix != "xmi"}
    spaces = "".join(f' xmlns:{prefix}="{space}"' for prefix, space in sorted(used.items()))
    head = f'<\\1 xmi:version="2.0" xmlns:xmi="http://www.omg.org/XMI"{spaces}'
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + _ROOT.sub(head, body, count=1)


def _read(name: str) -> str:
    return (_HOME / name).read_text("utf-8")
