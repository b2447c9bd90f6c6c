"""System.Text, System.Convert, regular expressions."""

from __future__ import annotations

import base64
import binascii
import re
from typing import Any

from lab.windows.powershell.conversions import to_bool, to_int, to_string
from lab.windows.powershell.dotnet.core import TYPES, NetObject, NetType, method, net_type, prop
from lab.windows.powershell.dotnet.exceptions import NetFailure
from lab.windows.powershell.formatting import format_text
from lab.windows.powershell.operators import net_groups, net_pattern, replacement
from lab.windows.powershell.values import Byte, Long

ANSI_CODE_PAGE = "cp1252"


class Encoding(NetObject):
    """A character encoding; `mark` is what it writes at the start of a file."""

    type_name = "System.Text.Encoding"

    def __init__(self, name: str, codec: str, mark: bytes = b"") -> None:
        self.name = name
        self.codec = codec
        self.mark = mark

    def encode(self, text: str) -> bytes:
        """Text to bytes; what the encoding lacks becomes a question mark."""
        return text.encode(self.codec, "replace")

    def decode(self, data: bytes) -> str:
        """Bytes to text."""
        return data.decode(self.codec, "replace")

    @method("GetBytes")
    def get_bytes(self, text: str) -> bytearray:
        return bytearray(self.encode(text))

    @method("GetString")
    def get_string(self, data: bytes, start: int = 0, count: int | None = None) -> str:
        return self.decode(data[start:] if count is None else data[start : start + count])

    @method("GetByteCount")
    def get_byte_count(self, text: str) -> int:
        return len(self.encode(text))

    @method("GetPreamble")
    def get_preamble(self) -> bytearray:
        return bytearray(self.mark)

    @prop("WebName", "BodyName")
    def get_web_name(self) -> str:
        return self.name


UTF8 = Encoding("utf-8", "utf-8", b"\xef\xbb\xbf")
UTF8_PLAIN = Encoding("utf-8", "utf-8")
UTF16 = Encoding("utf-16", "utf-16-le", b"\xff\xfe")
ASCII = Encoding("us-ascii", "ascii")
ANSI = Encoding("Windows-1252", ANSI_CODE_PAGE)
_BY_NAME = {"utf-8": UTF8, "utf-16": UTF16, "unicode": UTF16, "us-ascii": ASCII, "ascii": ASCII, "windows-1252": ANSI,
            "iso-8859-1": Encoding("iso-8859-1", "latin-1")}  # fmt: skip
_BY_NUMBER = {
    65001: UTF8,
    1200: UTF16,
    20127: ASCII,
    1252: ANSI,
    437: Encoding("IBM437", "cp437"),
    850: Encoding("ibm850", "cp850"),
}


@net_type("System.Text.Encoding")
class EncodingType:
    """Static members."""

    @prop("UTF8")
    @staticmethod
    def utf8(_: Any) -> Encoding:
        return UTF8

    @prop("Unicode")
    @staticmethod
    def unicode(_: Any) -> Encoding:
        return UTF16

    @prop("ASCII")
    @staticmethod
    def ascii(_: Any) -> Encoding:
        return ASCII

    @prop("Default")
    @staticmethod
    def default(_: Any) -> Encoding:
        return ANSI

    @method("GetEncoding")
    @staticmethod
    def get_encoding(_: Any, name: Any) -> Encoding:
        found = _BY_NUMBER.get(name) if isinstance(name, int) else _BY_NAME.get(to_string(name).casefold())
        if found is None:
            raise NetFailure(
                "System.ArgumentException",
                f"'{to_string(name)}' is not a supported encoding name.\r\nParameter name: name",
            )
        return found


def _utf8_encoding(_: Any, with_mark: bool = False) -> Encoding:
    return UTF8 if with_mark else UTF8_PLAIN


TYPES["system.text.utf8encoding"] = NetType("System.Text.UTF8Encoding", constructor=_utf8_encoding)
TYPES["system.text.asciiencoding"] = NetType("System.Text.ASCIIEncoding", constructor=lambda _: ASCII)
TYPES["system.text.unicodeencoding"] = NetType("System.Text.UnicodeEncoding", constructor=lambda _: UTF16)


@net_type("System.Convert")
class Convert:
    """Static members."""

    @method("FromBase64String")
    @staticmethod
    def from_base64(_: Any, text: str) -> bytearray:
        try:
            return bytearray(base64.b64decode("".join(text.split()), validate=True))
        except binascii.Error:
            raise NetFailure("System.FormatException", "Invalid length for a Base-64 char array or string.") from None

    @method("ToBase64String")
    @staticmethod
    def to_base64(_: Any, data: bytes, start: int = 0, length: int | None = None) -> str:
        return base64.b64encode(data[start:] if length is None else data[start : start + length]).decode()

    @method("ToInt32")
    @staticmethod
    def to_int32(_: Any, value: Any, base: int = 10) -> int:
        return int(to_string(value), base) if base != 10 else to_int(value)

    @method("ToInt64")
    @staticmethod
    def to_int64(_: Any, value: Any, base: int = 10) -> Long:
        return Long(int(to_string(value), base) if base != 10 else to_int(value, "System.Int64"))

    @method("ToByte")
    @staticmethod
    def to_byte(_: Any, value: Any, base: int = 10) -> Byte:
        return Byte(int(to_string(value), base) if base != 10 else to_int(value, "System.Byte"))

    @method("ToBoolean")
    @staticmethod
    def to_boolean(_: Any, value: Any) -> bool:
        return to_string(value).casefold() == "true" if isinstance(value, str) else to_bool(value)

    @method("ToString")
    @staticmethod
    def to_text(_: Any, value: Any, base: int = 10) -> str:
        if base == 10:
            return to_string(value)
        forms = {2: "b", 8: "o", 16: "x"}
        return format(to_int(value, "System.Int64"), forms[base])


@net_type("System.BitConverter")
class BitConverter:
    """Static members."""

    @method("ToString")
    @staticmethod
    def to_text(_: Any, data: bytes) -> str:
        return data.hex("-").upper()


class StringBuilder(NetObject):
    """Text that grows."""

    type_name = "System.Text.StringBuilder"

    def __init__(self, text: str) -> None:
        self.text = text

    def to_string(self) -> str:
        return self.text

    @method("Append")
    def append(self, value: Any) -> StringBuilder:
        self.text += to_string(value)
        return self

    @method("AppendLine")
    def append_line(self, value: str = "") -> StringBuilder:
        self.text += value + "\r\n"
        return self

    @method("AppendFormat")
    def append_format(self, template: str, *values: Any) -> StringBuilder:
        self.text += format_text(template, list(values))
        return self

    @prop("Length")
    def get_length(self) -> int:
        return len(self.text)


@net_type("System.Text.StringBuilder")
class StringBuilderType:
    """Static members."""

    @staticmethod
    def create(_: Any, text: str = "") -> StringBuilder:
        return StringBuilder("" if text.isdigit() else text)


# -- regular expressions -----------------------------------------------------------------------------------------------
class Group(NetObject):
    """What a group of a match covers."""

    type_name = "System.Text.RegularExpressions.Group"

    def __init__(self, text: str | None, start: int) -> None:
        self.text = text
        self.start = start

    @prop("Value")
    def get_value(self) -> str:
        return self.text or ""

    @prop("Success")
    def get_success(self) -> bool:
        return self.text is not None

    @prop("Index")
    def get_index(self) -> int:
        return self.start

    @prop("Length")
    def get_length(self) -> int:
        return len(self.text or "")

    def to_string(self) -> str:
        return self.text or ""


class Groups(NetObject):
    """The groups of a match, by number or name."""

    type_name = "System.Text.RegularExpressions.GroupCollection"

    def __init__(self, found: re.Match[str] | None) -> None:
        self.found = found

    @prop("Count")
    def get_count(self) -> int:
        return 1 if self.found is None else self.found.re.groups + 1

    def get_item(self, key: Any) -> Group:
        """Of `[key]`."""
        if self.found is None:
            return Group(None, 0)
        text = net_groups(self.found).get(key)
        return Group(text, self.found.string.find(text, self.found.start()) if text else 0)


class Match(Group):
    """A match, perhaps a failed one."""

    type_name = "System.Text.RegularExpressions.Match"

    def __init__(self, found: re.Match[str] | None) -> None:
        super().__init__(found[0] if found else None, found.start() if found else 0)
        self.found = found

    @prop("Groups")
    def get_groups(self) -> Groups:
        return Groups(self.found)


class Regex(NetObject):
    """A regular expression."""

    type_name = "System.Text.RegularExpressions.Regex"

    def __init__(self, pattern: str, options: Any = None) -> None:
        self.source = pattern
        text = to_string(options).casefold()
        flags = (re.IGNORECASE if "ignorecase" in text else 0) | (re.MULTILINE if "multiline" in text else 0)
        flags |= re.DOTALL if "singleline" in text else 0
        self.pattern = re.compile(net_pattern(pattern, case=True).pattern, flags)

    def to_string(self) -> str:
        return self.source

    @method("IsMatch")
    def is_match(self, text: str) -> bool:
        return self.pattern.search(text) is not None

    @method("Match")
    def match(self, text: str) -> Match:
        return Match(self.pattern.search(text))

    @method("Matches")
    def matches(self, text: str) -> list[Match]:
        return [Match(found) for found in self.pattern.finditer(text)]

    @method("Replace")
    def replace(self, text: str, new: str) -> str:
        return self.pattern.sub(replacement(new), text)

    @method("Split")
    def split(self, text: str) -> list[str]:
        return [part or "" for part in self.pattern.split(text)]


@net_type("System.Text.RegularExpressions.Regex")
class RegexType:
    """Static members."""

    @method("IsMatch")
    @staticmethod
    def is_match(_: Any, text: str, pattern: str, options: Any = None) -> bool:
        return Regex(pattern, options).is_match(text)

    @method("Match")
    @staticmethod
    def match(_: Any, text: str, pattern: str, options: Any = None) -> Match:
        return Regex(pattern, options).match(text)

    @method("Matches")
    @staticmethod
    def matches(_: Any, text: str, pattern: str, options: Any = None) -> list[Match]:
        return Regex(pattern, options).matches(text)

    @method("Replace")
    @staticmethod
    def replace(_: Any, text: str, pattern: str, new: str, options: Any = None) -> str:
        return Regex(pattern, options).replace(text, new)

    @method("Split")
    @staticmethod
    def split(_: Any, text: str, pattern: str, options: Any = None) -> list[str]:
        return Regex(pattern, options).split(text)

    @method("Escape")
    @staticmethod
    def escape(_: Any, text: str) -> str:
        return (
            re.sub(r"([\\*+?|{\[()^$.# ])", r"\\\1", text)
            .replace("\n", "\\n")
            .replace("\r", "\\r")
            .replace("\t", "\\t")
        )

    @method("$cast")
    @staticmethod
    def cast(_: Any, value: Any) -> Regex:
        return Regex(to_string(value))

    @staticmethod
    def create(_: Any, pattern: str, options: Any = None) -> Regex:
        return Regex(pattern, options)
