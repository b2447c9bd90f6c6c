"""The attribute lists that scripts hand over: `[[name value] [other "two words"]]` as text, or nested lists.

Both become nested lists of strings. In text, blanks separate, brackets nest, and double quotes hold a value together
(with `\\"` for a quote in it), as single ones do around a whole value. A comma is an ordinary character; only right
after a quote or bracket it is what Python writes between items. In lists a value must not have a comma and a blank:
the product writes lists as text and takes them apart there again. What stands in brackets in a list is text form.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TypeAlias

from lab.products.was.admin import Argument
from lab.products.was.errors import ScriptingError
from lab.products.was.model import messages

Value: TypeAlias = "str | list[Value]"

_TOKEN = re.compile(
    r"""\s*(?:
        (?P<bracket>\[|\],?)
        | "(?P<quoted>(?:\\.|[^"\\])*)",?
        | '(?P<single>[^']*)'(?:,|(?=[\s\]]))
        | (?P<word>[^\s\[\]"][^\s\[\]]*)
    )""",
    re.VERBOSE,
)


def pairs(argument: Argument) -> list[tuple[str, Value]]:
    """The attributes of a list, in its order. Raises `ScriptingError` for what is no list of pairs."""
    return as_pairs(_taken(argument))


def as_pairs(value: Value) -> list[tuple[str, Value]]:
    """`[[name value] ...]` as pairs."""
    if isinstance(value, str):
        value = parse(value) if value.strip() else []
    found = []
    for item in _unfolded(value):
        if isinstance(item, str):
            raise messages.expected("[")
        if len(item) != 2 or not isinstance(item[0], str):
            raise messages.expected("]")
        found.append((item[0], item[1]))
    return found


def _unfolded(items: list[Value]) -> Iterator[Value]:
    """The items of a list; `[a 1][b 2]` in one string are two."""
    for item in items:
        if isinstance(item, str) and item.lstrip().startswith("["):
            yield from parse(f"[{item}]")
        else:
            yield item


def names(argument: Argument) -> list[str]:
    """A list of names: `[a b]`, `a b`, or a list."""
    taken = _taken(argument)
    if isinstance(taken, str):
        taken = parse(taken) if taken.lstrip().startswith("[") else [*taken.split()]
    # `[[a b]]` is accepted for `[a b]`.
    while len(taken) == 1 and not isinstance(taken[0], str):
        taken = taken[0]
    if not all(isinstance(each, str) for each in taken):
        raise messages.expected("]")
    return [each for each in taken if isinstance(each, str)]


def objects(value: Value) -> list[list[tuple[str, Value]]]:
    """The attribute lists of contained objects: of several, `[[[a 1]] [[a 2]]]`, or of one, `[[a 1] [b 2]]`."""
    if isinstance(value, str):
        value = parse(value) if value.strip() else []
    if value and not isinstance(value[0], str) and value[0] and isinstance(value[0][0], str):
        return [as_pairs(value)]
    return [as_pairs(each) for each in value]


def parse(text: str) -> list[Value]:
    """The list that stands in `text`, in brackets. Raises `ScriptingError`."""
    tokens = list(_tokens(text))
    if not tokens or tokens[0] != (True, "["):
        raise messages.expected("[")
    stack: list[list[Value]] = [[]]
    for number, (is_bracket, piece) in enumerate(tokens):
        if not is_bracket:
            stack[-1].append(piece)
        elif piece == "[":
            stack.append([])
        else:
            closed = stack.pop()
            stack[-1].append(closed)
        if len(stack) == 1 and number + 1 < len(tokens):
            raise messages.expected("[")
    if len(stack) > 1:
        raise messages.expected("]")
    whole = stack[0][0]
    return [whole] if isinstance(whole, str) else whole


def _tokens(text: str) -> Iterator[tuple[bool, str]]:
    position = 0
    end = len(text.rstrip())
    while position < end:
        found = _TOKEN.match(text, position)
        if not found:
            raise messages.expected('"')
        position = found.end()
        if found["bracket"]:
            yield True, found["bracket"][0]
        elif found["quoted"] is not None:
            yield False, re.sub(r'\\(["\\])', r"\1", found["quoted"])
        else:
            yield False, found["word"] if found["single"] is None else found["single"]


def _taken(argument: Argument) -> Value:
    if argument is None:
        raise messages.expected("[")
    return argument if isinstance(argument, str) else _nested(argument)


def _nested(argument: Argument) -> Value:
    if isinstance(argument, Sequence) and not isinstance(argument, str):
        return [_nested(each) for each in argument]
    if argument is None:
        raise ScriptingError('WASX7122E: Expected "]" not found: None is no value of an attribute.')
    text = str(argument)
    if ", " in text and not text.lstrip().startswith("["):
        raise ScriptingError(
            f'WASX7122E: Expected "]" not found: the value "{text}" has a comma; '
            "attributes with commas must be given as text, [[name value]]."
        )
    return text
