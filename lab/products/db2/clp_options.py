"""The options of the command line processor, in front of its command."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

_FIELDS = {"t": "semicolon", "v": "echo", "x": "bare", "s": "stop", "o": "output", "w": "warnings", "c": "commit"}
# Options that the lab takes in their default state only: their opposite is not played out.
_ALWAYS_ON, _ALWAYS_OFF = "p", "adeilmnqrz"


@dataclass
class Options:
    """What the options say, as they stand when none is given."""

    semicolon: bool = False
    echo: bool = False
    bare: bool = False
    stop: bool = False
    output: bool = True
    warnings: bool = True
    commit: bool = True
    file: str = ""
    words: list[str] = field(default_factory=list)


def parse(arguments: Sequence[str]) -> Options | None:
    """The options and the words of the command; None when there is an option that the lab does not know."""
    options = Options()
    words = list(arguments)
    while words and re.match("[-+].", words[0]):
        option = words.pop(0)
        on = option[0] == "-"
        for letter in "t" if option[1:] == "td;" else option[1:]:
            if letter == "f" and on and words:
                options.file = words.pop(0)
            elif letter in _FIELDS:
                setattr(options, _FIELDS[letter], on)
            elif letter not in (_ALWAYS_ON if on else _ALWAYS_OFF):
                return None
    options.words = words
    return options
