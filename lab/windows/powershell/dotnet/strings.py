"""Members of System.String."""

from __future__ import annotations

import re
from typing import Any

from lab.windows.powershell.conversions import to_string
from lab.windows.powershell.dotnet.core import Members, method, net_type, prop
from lab.windows.powershell.dotnet.exceptions import NetFailure
from lab.windows.powershell.formatting import format_text
from lab.windows.powershell.values import Char, items_of


def _range_error() -> NetFailure:
    return NetFailure(
        "System.ArgumentOutOfRangeException",
        "Index and length must refer to a location within the string.\r\nParameter name: length",
    )


def _marks(marks: tuple[str, ...]) -> str | None:
    """The characters to trim: arrays of them arrive joined by blanks."""
    return "".join(marks) or None


class _String:
    @prop("Length")
    def length(self: str) -> int:  # type: ignore[misc]
        return len(self)

    @method("Substring")
    def substring(self: str, start: int, length: int | None = None) -> str:  # type: ignore[misc]
        stop = len(self) if length is None else start + length
        if not 0 <= start <= len(self) or not start <= stop <= len(self):
            raise _range_error()
        return self[start:stop]

    @method("ToLower", "ToLowerInvariant")
    def lower(self: str) -> str:  # type: ignore[misc]
        return self.lower()

    @method("ToUpper", "ToUpperInvariant")
    def upper(self: str) -> str:  # type: ignore[misc]
        return self.upper()

    @method("Trim")
    def trim(self: str, *marks: str) -> str:  # type: ignore[misc]
        return self.strip(_marks(marks))

    @method("TrimStart")
    def trim_start(self: str, *marks: str) -> str:  # type: ignore[misc]
        return self.lstrip(_marks(marks))

    @method("TrimEnd")
    def trim_end(self: str, *marks: str) -> str:  # type: ignore[misc]
        return self.rstrip(_marks(marks))

    @method("StartsWith")
    def starts_with(self: str, text: str, comparison: Any = None) -> bool:  # type: ignore[misc]
        return self.casefold().startswith(text.casefold()) if _ignores_case(comparison) else self.startswith(text)

    @method("EndsWith")
    def ends_with(self: str, text: str, comparison: Any = None) -> bool:  # type: ignore[misc]
        return self.casefold().endswith(text.casefold()) if _ignores_case(comparison) else self.endswith(text)

    @method("Contains")
    def contains(self: str, text: str) -> bool:  # type: ignore[misc]
        return text in self

    @method("Equals")
    def equals(self: str, other: Any, comparison: Any = None) -> bool:  # type: ignore[misc]
        if not isinstance(other, str):
            return False
        return self.casefold() == other.casefold() if _ignores_case(comparison) else self == other

    @method("CompareTo")
    def compare_to(self: str, other: str) -> int:  # type: ignore[misc]
        return (self > other) - (self < other)

    @method("IndexOf")
    def index_of(self: str, text: str, start: int = 0) -> int:  # type: ignore[misc]
        return self.find(text, start)

    @method("LastIndexOf")
    def last_index_of(self: str, text: str) -> int:  # type: ignore[misc]
        return self.rfind(text)

    @method("IndexOfAny")
    def index_of_any(self: str, marks: list[Any]) -> int:  # type: ignore[misc]
        return min((self.find(mark) for mark in marks if mark in self), default=-1)

    @method("Replace")
    def replace(self: str, old: str, new: str) -> str:  # type: ignore[misc]
        if not old:
            raise NetFailure("System.ArgumentException", "String cannot be of zero length.\r\nParameter name: oldValue")
        return self.replace(old, new)

    @method("Insert")
    def insert(self: str, place: int, text: str) -> str:  # type: ignore[misc]
        return self[:place] + text + self[place:]

    @method("Remove")
    def remove(self: str, start: int, count: int | None = None) -> str:  # type: ignore[misc]
        return self[:start] + ("" if count is None else self[start + count :])

    @method("PadLeft")
    def pad_left(self: str, width: int, mark: str = " ") -> str:  # type: ignore[misc]
        return self.rjust(width, mark)

    @method("PadRight")
    def pad_right(self: str, width: int, mark: str = " ") -> str:  # type: ignore[misc]
        return self.ljust(width, mark)

    @method("Split")
    def split(self: str, *separators: Any) -> list[str]:  # type: ignore[misc]
        options = [each for each in separators if getattr(each, "type_name", "") == "System.StringSplitOptions"]
        numbers = [each for each in separators if isinstance(each, int)]
        marks = [to_string(m) for each in separators if each not in options + numbers for m in items_of(each)]
        if separators and isinstance(separators[0], str):
            # .NET 2.0 knows only sets of characters here: a text given is taken apart into its characters.
            marks = [mark for text in marks for mark in text]
        pattern = "|".join(re.escape(mark) for mark in marks) if marks else r"\s"
        parts = re.split(pattern, self, maxsplit=max(numbers[0] - 1, 0) if numbers else 0)
        return [part for part in parts if part] if options and options[0].number == 1 else parts

    @method("ToCharArray")
    def to_char_array(self: str) -> list[Char]:  # type: ignore[misc]
        return [Char(mark) for mark in self]

    @method("ToString", "Clone", "Normalize")
    def same(self: str) -> str:  # type: ignore[misc]
        return str(self)


def _ignores_case(comparison: Any) -> bool:
    """Of a StringComparison, which may be given as text; `$true` means ignore case in old overloads."""
    return to_string(comparison).casefold() in (
        "ordinalignorecase",
        "invariantcultureignorecase",
        "currentcultureignorecase",
        "true",
    )


MEMBERS = Members().collect(_String)


@net_type("System.String")
class StringType:
    """Static members."""

    @method("IsNullOrEmpty")
    @staticmethod
    def is_null_or_empty(_: Any, text: Any) -> bool:
        return to_string(text) == ""

    @method("Join")
    @staticmethod
    def join(_: Any, separator: str, values: list[Any]) -> str:
        return separator.join(to_string(value) for value in values)

    @method("Format")
    @staticmethod
    def format(_: Any, template: str, *values: Any) -> str:
        single = values[0] if len(values) == 1 and isinstance(values[0], list) else list(values)
        return format_text(template, single)

    @method("Concat")
    @staticmethod
    def concat(_: Any, *values: Any) -> str:
        return "".join(to_string(value) for value in values)

    @method("Compare")
    @staticmethod
    def compare(_: Any, left: str, right: str, ignore_case: bool = False) -> int:
        a, b = (left.casefold(), right.casefold()) if ignore_case else (left, right)
        return (a > b) - (a < b)

    @method("Equals")
    @staticmethod
    def equals(_: Any, left: Any, right: Any, comparison: Any = None) -> bool:
        if _ignores_case(comparison):
            return to_string(left).casefold() == to_string(right).casefold()
        return bool(left == right)

    @prop("Empty")
    @staticmethod
    def empty(_: Any) -> str:
        return ""

    @staticmethod
    def create(_: Any, mark: Any, count: int = 1) -> str:
        if isinstance(mark, list):
            return "".join(to_string(item) for item in mark)
        return to_string(mark) * count
