"""How IOS reads a command line: words cut short as long as one keyword is meant, and three ways to refuse.

A command is written as a pattern: keywords in lower case, `kind:name` for an argument (`KINDS`), `{a|b}:name` for a
choice that is kept, `[...]` for what may be left out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import AddressValueError, IPv4Address
from typing import Any

from lab.ios.ports import TCP_PORTS, UDP_PORTS

Handler = Callable[..., None]

FAST_ETHERNET = "FastEthernet"
_INTERFACE = re.compile(r"([A-Za-z]+)(\d+/\d+)?")
_PORTS = range(1, 65536)


class Refused(Exception):
    """A command that IOS does not take; its text is what IOS prints."""


def _address(word: str) -> str | None:
    try:
        return str(IPv4Address(word))
    except AddressValueError:
        return None


def _number(numbers: range) -> Callable[[str], int | None]:
    return lambda word: int(word) if word.isdecimal() and int(word) in numbers else None


def _named_port(names: Mapping[int, str]) -> Callable[[str], int | None]:
    numbers = {name: number for number, name in names.items()}
    return lambda word: numbers.get(word.lower(), _number(range(65536))(word))


KINDS: Mapping[str, Callable[[str], Any]] = {
    "ip": _address,
    "port": _number(_PORTS),
    "tcp-port": _named_port(TCP_PORTS),
    "udp-port": _named_port(UDP_PORTS),
    "standard": _number(range(1, 100)),
    "extended": _number(range(100, 200)),
    "length": _number(range(513)),
    "bits": _number(range(1, 31)),
    "word": lambda word: word,
    "line": lambda word: word,
}


@dataclass(frozen=True)
class _Element:
    """A keyword, or an argument of a kind; `name` is what its value is called."""

    keyword: str = ""
    kind: str = ""
    name: str = ""


@dataclass(frozen=True)
class _Form:
    """One way to type a command, without choices and options."""

    elements: tuple[_Element, ...]
    handler: Handler


@dataclass(frozen=True)
class Command:
    """A command that was understood."""

    run: Handler
    arguments: Mapping[str, Any]


class Grammar:
    """The commands of one mode."""

    def __init__(self) -> None:
        self._forms: list[_Form] = []

    def add(self, pattern: str, handler: Handler, *, no: Handler | None = None) -> None:
        """Know a command; `no` is what its negation does."""
        for elements in _expand(pattern):
            self._forms.append(_Form(elements, handler))
            if no:
                self._forms.append(_Form((_Element(keyword="no"), *elements), no))

    def parse(self, line: str, prompt: str) -> Command:
        """The command in a line; raises `Refused`. `prompt` is what stands before it on the screen."""
        words = [(found.group(), found.start()) for found in re.finditer(r"\S+", line)]
        states: list[tuple[_Form, int, dict[str, Any]]] = [(form, 0, {}) for form in self._forms]
        position = 0
        while position < len(words):
            column = words[position][1]
            states, taken = self._step(states, words[position:], line[column:], line)
            if not states:
                raise Refused(f"{' ' * (len(prompt) + column)}^\n% Invalid input detected at '^' marker.\n")
            position += taken
        for form, place, values in states:
            if place == len(form.elements):
                return Command(form.handler, values)
        raise Refused("% Incomplete command.\n")

    @staticmethod
    def _step(
        states: Sequence[tuple[_Form, int, dict[str, Any]]], words: Sequence[tuple[str, int]], rest: str, line: str
    ) -> tuple[list[tuple[_Form, int, dict[str, Any]]], int]:
        """The states after the next word, and how many words it took."""
        word = words[0][0]
        waiting = [(form, place, values) for form, place, values in states if place < len(form.elements)]
        meant = {form.elements[place].keyword for form, place, _ in waiting} - {""}
        found = {keyword for keyword in meant if keyword.startswith(word.lower())}
        found = found & {word.lower()} or found
        if len(found) > 1:
            raise Refused(f'% Ambiguous command:  "{line.strip()}"\n')
        after = []
        taken = 1
        for form, place, values in waiting:
            element = form.elements[place]
            if found:
                if element.keyword in found:
                    kept = {element.name: element.keyword} if element.name else {}
                    after.append((form, place + 1, {**values, **kept}))
            elif element.kind == "line":
                after.append((form, place + 1, {**values, element.name: rest.rstrip()}))
                taken = len(words)
            elif element.kind == "interface":
                name, used = _interface([each for each, _ in words[:2]])
                if name:
                    after.append((form, place + 1, {**values, element.name: name}))
                    taken = used
            elif element.kind:
                value = KINDS[element.kind](word)
                if value is not None:
                    after.append((form, place + 1, {**values, element.name: value}))
        return after, taken


def _interface(words: Sequence[str]) -> tuple[str, int]:
    """The full name of an interface typed as `fa0/0` or `fastethernet 0/0`, and the words it took."""
    found = _INTERFACE.fullmatch(words[0])
    if not found or not FAST_ETHERNET.lower().startswith(found[1].lower()):
        return "", 0
    if found[2]:
        return f"{FAST_ETHERNET}{found[2]}", 1
    if len(words) > 1 and re.fullmatch(r"\d+/\d+", words[1]):
        return f"{FAST_ETHERNET}{words[1]}", 2
    return "", 0


def _expand(pattern: str) -> Iterator[tuple[_Element, ...]]:
    """Every way to type a pattern."""
    optional = re.search(r"\[([^][]*)\]", pattern)
    if optional:
        before, after = pattern[: optional.start()], pattern[optional.end() :]
        yield from _expand(before + after)
        yield from _expand(f"{before} {optional[1]} {after}")
        return
    choice = re.search(r"\{([^{}]*)\}(?::(\w+))?", pattern)
    if choice:
        name = f"={choice[2]}" if choice[2] else ""
        for word in choice[1].split("|"):
            yield from _expand(pattern[: choice.start()] + word + name + pattern[choice.end() :])
        return
    yield tuple(_element(word) for word in pattern.split())


def _element(word: str) -> _Element:
    if "=" in word:
        keyword, _, name = word.partition("=")
        return _Element(keyword=keyword, name=name)
    if ":" in word:
        kind, _, name = word.partition(":")
        return _Element(kind=kind, name=name)
    return _Element(keyword=word)
