# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Reads a JSON object key by key, knows the path of each, and goes on after a problem to find the next."""

from __future__ import annotations

import difflib
import json
from typing import Any, Callable, Dict, List, Tuple, TypeVar

from .problems import ConfigError, Problem
from .values import Wrong

T = TypeVar("T")
D = TypeVar("D")

COMMENT = "comment"  # a key of any object that nobody reads
_SHOWN = 60  # characters of a wrong value


class _Object(Dict[str, Any]):
    """A JSON object that remembers keys which were written twice: the json module would take the last silently."""

    def __init__(self, pairs: List[Tuple[str, Any]]) -> None:
        super().__init__(pairs)
        seen: Dict[str, int] = {}
        for key, _value in pairs:
            seen[key] = seen.get(key, 0) + 1
        self.repeated = [key for key, times in seen.items() if times > 1]


def parse(written: str) -> object:
    """JSON as values; ConfigError with line and column when it is none."""
    try:
        return json.loads(written, object_pairs_hook=_Object)
    except json.JSONDecodeError as error:
        raise ConfigError([Problem(f"line {error.lineno} column {error.colno}", "", f"no JSON: {error.msg}")]) from None
    except (RecursionError, ValueError):  # ValueError: a number of more digits than Python reads
        raise ConfigError([Problem("", "", "no configuration is nested that deep or has numbers that long")]) from None


def _shown(value: object) -> str:
    if isinstance(value, str) and "-----BEGIN" in value:  # a secret in the wrong place is not shown again
        return f"a text of {len(value)} characters"
    written = json.dumps(value, ensure_ascii=False)
    return written if len(written) <= _SHOWN else written[: _SHOWN - 3] + "..."


class Section:
    """One object. Each key is asked for once; `close` then refuses the keys that nobody asked for."""

    def __init__(self, value: object, path: str, problems: List[Problem]) -> None:
        self.path = path
        self.problems = problems
        self._known = [COMMENT]
        self._values: Dict[str, Any] = {}
        if isinstance(value, dict):
            self._values = value
        elif value is not None:
            self.wrong("", value, "write an object: { ... }")
        for key in getattr(value, "repeated", ()):
            self.wrong(key, self._values[key], "the key is there twice: keep one")

    def where(self, key: str) -> str:
        """The path of a key, or of the object itself."""
        return f"{self.path}.{key}" if self.path and key else self.path or key

    def wrong(self, key: str, value: object, cure: str) -> None:
        """Notes a problem; a missing key has no value."""
        self.problems.append(Problem(self.where(key), "" if value is None else _shown(value), cure))

    def keys(self) -> List[str]:
        """The keys of an object whose keys are names that the operator chose."""
        return [key for key in self._values if key != COMMENT]

    def has(self, key: str) -> bool:
        """Whether a key has a value, right or wrong."""
        return self._values.get(key) is not None

    def _ask(self, key: str) -> Any:
        self._known.append(key)
        return self._values.get(key)

    def take(self, key: str, convert: Callable[[object], T], default: D) -> T | D:
        """The value of a key, converted; `default` if it is missing, null or wrong."""
        value = self._ask(key)
        if value is None:
            return default
        try:
            return convert(value)
        except Wrong as error:
            self.wrong(key, value, str(error))
            return default

    def need(self, key: str, convert: Callable[[object], T], stand_in: T) -> T:
        """The same for a key that has to be there. The stand-in only lets the search for problems go on."""
        if not self.has(key):
            self._ask(key)
            self.wrong(key, None, "is missing and has no default")
            return stand_in
        return self.take(key, convert, stand_in)

    def items(self, key: str, convert: Callable[[object], T], default: Tuple[T, ...] = ()) -> Tuple[T, ...]:
        """A list of scalars, each but once."""
        found: List[T] = []
        for number, value in enumerate(self._list(key)):
            place = f"{key}[{number}]"
            try:
                one = convert(value)
            except Wrong as error:
                self.wrong(place, value, str(error))
                continue
            if one in found:
                self.wrong(place, value, "is there already: remove one")
            else:
                found.append(one)
        return tuple(found) if self.has(key) else default

    def section(self, key: str) -> Section:
        """An object below this one; an empty one if it is missing."""
        return Section(self._ask(key), self.where(key), self.problems)

    def sections(self, key: str) -> List[Section]:
        """A list of objects."""
        return [
            Section({} if value is None else value, self.where(f"{key}[{number}]"), self.problems)
            for number, value in enumerate(self._list(key))
        ]

    def _list(self, key: str) -> List[Any]:
        value = self._ask(key)
        if value is not None and not isinstance(value, list):
            self.wrong(key, value, "write a list: [ ... ]")
            return []
        return value or []

    def close(self) -> None:
        """Refuses what was not asked for."""
        for key in self._values:
            if key not in self._known:
                near = difflib.get_close_matches(key, self._known, 1)
                cure = f"did you mean {near[0]}?" if near else f"known are {', '.join(sorted(self._known))}"
                self.wrong(key, self._values[key], f"there is no such key: {cure}")
