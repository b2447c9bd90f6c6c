"""The option strings of AdminTask: `[-name X -memberConfig [-memberNode N] -rows [[a "b c"] [d e]]]`."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lab.products.was.admin import Argument
from lab.products.was.errors import ScriptingError

Tree = str | list["Tree"]
"""A word, or a bracketed list."""

_TOKEN = re.compile(r'\s+|(?P<bracket>[\[\]])|"(?P<quoted>(?:[^"\\]|\\.)*)"|(?P<word>[^\s\[\]"]+)')
_OPTION = re.compile(r"-[A-Za-z]")
_SEVERAL = re.compile(r"-[A-Za-z]\w*\s+\S")


class Quoted(str):
    """A word that stood in quotes: never the name of an option."""

    __slots__ = ()


def is_option(item: Tree) -> bool:
    """Whether a word is the name of an option. In a list from a script every word with a `-` in front is one."""
    return isinstance(item, str) and not isinstance(item, Quoted) and _OPTION.match(item) is not None


def tree(argument: Argument) -> list[Tree]:
    """An argument of a command, as text or as list, without its outer brackets."""
    if isinstance(argument, str):
        parsed = _parse(argument)
        return parsed[0] if len(parsed) == 1 and isinstance(parsed[0], list) else parsed
    if isinstance(argument, Sequence):
        return [item for each in argument for item in _items(each)]
    return [] if argument is None else [str(argument)]


def _items(argument: Argument) -> list[Tree]:
    """An item of a list; options may stand in one text with their values."""
    if isinstance(argument, str) and _SEVERAL.match(argument):
        return _parse(argument)
    return [_item(argument)]


def _item(argument: Argument) -> Tree:
    if isinstance(argument, str):
        # A script may mix both forms: a list of options with a step as text.
        return tree(argument) if argument.startswith("[") and argument.endswith("]") else argument
    if isinstance(argument, Sequence):
        return [_item(each) for each in argument]
    return "" if argument is None else str(argument)


def _parse(text: str) -> list[Tree]:
    top: list[Tree] = []
    open_lists = [top]
    position = 0
    while position < len(text):
        found = _TOKEN.match(text, position)
        if found is None:
            raise ScriptingError(f"WASX7122E: Expected \" not found in argument '{text}'")
        position = found.end()
        if found["bracket"] == "[":
            inner: list[Tree] = []
            open_lists[-1].append(inner)
            open_lists.append(inner)
        elif found["bracket"] == "]":
            open_lists.pop()
            if not open_lists:
                raise ScriptingError(f"WASX7122E: Unexpected ] found in argument '{text}'")
        elif found["quoted"] is not None:
            open_lists[-1].append(Quoted(re.sub(r'\\(["\\])', r"\1", found["quoted"])))
        elif found["word"]:
            open_lists[-1].append(found["word"])
    if len(open_lists) > 1:
        raise ScriptingError(f"WASX7122E: Expected ] not found in argument '{text}'")
    return top
