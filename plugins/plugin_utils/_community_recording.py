# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""SQL that was recorded at a real gateway: how its rows are read, and which statements add, change and remove one.

The file is YAML; docs/communities.md tells how it is written. It says nothing of numbers and foreign keys: rows are
told apart by names, and the statements find the rest themselves, by subqueries.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml
from ansible.errors import AnsibleActionFail

from ._community_rows import ROWS, Rows, Value, rows_of, state_of
from ._community_tables import STATEMENT_LENGTH, literal
from ._resource import State

NUMBERS = ("port", "allowed")
VERBS = ("add", "change", "remove")

_PLACE = re.compile(r"'(?:[^']|'')*'|:([a-z_]+)")


class Recording:
    """See `_community_database.Layout`. `content` is what the file says, `path` its name.

    Raises `AnsibleActionFail`.
    """

    def __init__(self, content: Mapping[str, Any], path: str) -> None:
        self._path = path
        self._reads: dict[str, Mapping[str, str]] = {}
        self._texts: dict[tuple[str, str], list[str]] = {}
        self._require_keys("", content, ("lock", "read", "words", *VERBS))
        self._lock = [self._text("lock", table) for table in _list(content.get("lock"))]
        self._words = {
            column: {str(known): text for known, text in self._mapping(f"words.{column}", words).items()}
            for column, words in self._mapping("words", content.get("words")).items()
        }
        self._require_keys("words.", self._words, ("type", "protocol", "transport"))
        for kind, columns in self._mapping("read", content.get("read")).items():
            self._reads[kind] = self._read_columns(kind, columns)
        for verb in VERBS:
            for kind, texts in self._mapping(verb, content.get(verb)).items():
                self._texts[verb, kind] = [self._statement(f"{verb}.{kind}", kind, text) for text in _list(texts)]
        if "community" not in self._reads or not self._lock:
            raise self._refusal("lock, read.community", "missing; say which tables there are, and how they are read")

    @classmethod
    def read(cls, path: str) -> Recording:
        """From a file on the controller."""
        try:
            content = yaml.safe_load(Path(path).read_text("utf-8"))
        except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
            raise AnsibleActionFail(f"recording: {path} cannot be read on the controller: {error}") from error
        if not isinstance(content, dict):
            raise AnsibleActionFail(f"recording: {path} is no mapping; docs/communities.md tells how it is written")
        return cls(content, path)

    # -- Layout --------------------------------------------------------------------------------------------------------
    def query(self) -> str:
        return " union all ".join(
            f"select '{list(ROWS).index(kind)},' || {cells} from {columns['from']}"  # noqa: S608 - the user's own text
            for kind, columns in self._reads.items()
            for cells in [" || ',' || ".join(_cell(name, columns[name]) for name in _columns(kind))]
        )

    def locks(self) -> list[str]:
        return [f"lock table {table} in exclusive mode" for table in self._lock]

    def state(self, words: Sequence[str]) -> State:
        rows: Rows = {kind: {} for kind in ROWS}
        for word in words:
            number, *cells = word.split(",")
            kind = list(ROWS)[int(number)]
            try:
                row = tuple(self._told(name, cell) for name, cell in zip(_columns(kind), cells, strict=True))
            except ValueError as error:
                raise self._refusal(f"read.{kind}", f"{word!r} is what came: {error}") from error
            keys = len(ROWS[kind][0])
            rows[kind][row[:keys]] = row[keys:]
        return state_of(rows)

    def statements(self, words: Sequence[str], wanted: State) -> list[str]:
        before, after = rows_of(self.state(words)), rows_of(wanted)
        found = [
            text
            for kind in reversed(tuple(ROWS))
            for key, row in before[kind].items()
            if key not in after[kind]
            for text in self._filled("remove", kind, key + row)
        ]
        for kind in ROWS:
            for key, row in after[kind].items():
                if row != before[kind].get(key):
                    found += self._filled("change" if key in before[kind] else "add", kind, key + row)
        return found

    # -- the file ------------------------------------------------------------------------------------------------------
    def _read_columns(self, kind: str, columns: Any) -> Mapping[str, str]:
        self._require_keys("read.", {kind: None}, tuple(ROWS))
        found = self._mapping(f"read.{kind}", columns)
        self._require_keys(f"read.{kind}.", found, ("from", *_columns(kind)))
        missing = [name for name in ("from", *_columns(kind)) if name not in found]
        if missing:
            raise self._refusal(f"read.{kind}.{missing[0]}", "missing; each column is an SQL expression")
        return {name: self._text(f"read.{kind}.{name}", text) for name, text in found.items()}

    def _statement(self, place: str, kind: str, text: Any) -> str:
        self._require_keys(place.partition(".")[0] + ".", {kind: None}, tuple(ROWS))
        checked = self._text(place, text)
        names = {found for found in _PLACE.findall(checked) if found}
        for name in sorted(names - set(_columns(kind))):
            raise self._refusal(place, f":{name} is no value of such a row; there are {', '.join(_columns(kind))}")
        return checked

    def _text(self, place: str, text: Any) -> str:
        if not isinstance(text, str) or not text.isascii() or not text.strip().isprintable() or '"' in text:
            raise self._refusal(place, f'{text!r} is no line of printable ASCII without "')
        return text.strip()

    def _mapping(self, place: str, value: Any) -> Mapping[str, Any]:
        if value is None:
            return {}
        if not isinstance(value, Mapping):
            raise self._refusal(place, f"{value!r} is not a mapping")
        return value

    def _require_keys(self, place: str, found: Mapping[str, Any], known: Sequence[str]) -> None:
        for key in found:
            if key not in known:
                raise self._refusal(f"{place}{key}", f"unknown; there are {', '.join(known)}")

    def _refusal(self, place: str, why: str) -> AnsibleActionFail:
        return AnsibleActionFail(f"recording {self._path}: {place}: {why}")

    # -- values --------------------------------------------------------------------------------------------------------
    def _filled(self, verb: str, kind: str, row: Sequence[Value]) -> Iterator[str]:
        if (verb, kind) not in self._texts:
            raise self._refusal(
                f"{verb}.{kind}", f"missing, and {row[0]!r} needs it; record what the gateway's console does then"
            )
        values = {name: self._written(name, value) for name, value in zip(_columns(kind), row, strict=True)}
        for text in self._texts[verb, kind]:
            filled = _PLACE.sub(lambda found: values[found[1]] if found[1] else found[0], text)
            if len(filled) > STATEMENT_LENGTH:
                raise self._refusal(f"{verb}.{kind}", f"is longer than {STATEMENT_LENGTH} characters with its values")
            yield filled

    def _written(self, name: str, value: Value) -> str:
        words = self._words.get(name)
        if words is None or value is None:
            return literal(value)
        if str(value) not in words:
            raise self._refusal(f"words.{name}", f"has no word for {value}")
        return literal(words[str(value)])

    def _told(self, name: str, cell: str) -> Value:
        if cell == "-":
            return None
        if name in NUMBERS:
            return int(cell)
        text = bytes.fromhex(cell).decode("utf-8").rstrip()
        return next((known for known, word in self._words.get(name, {}).items() if str(word) == text), text)


def _columns(kind: str) -> tuple[str, ...]:
    keys, others = ROWS[kind]
    return keys + others


def _cell(name: str, expression: str) -> str:
    text = f"rtrim(cast({expression} as char(11)))" if name in NUMBERS else f"hex({expression})"
    return f"case when {expression} is null then '-' else {text} end"


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]
