"""Members that every value has, members of types, and static members of numbers."""

from __future__ import annotations

from typing import Any

from lab.windows.powershell.conversions import to_bool, to_int, to_number, to_string, type_name
from lab.windows.powershell.dotnet.core import TYPES, Members, NetObject, NetType, method, net_type, prop
from lab.windows.powershell.dotnet.exceptions import EXCEPTION_TYPES, NetException
from lab.windows.powershell.formatting import format_value
from lab.windows.powershell.operators import equal, order
from lab.windows.powershell.values import INT32, INT64, Char, Long, Record


class _Object:
    @method("ToString")
    def to_text(self: Any, form: str = "") -> str:
        return format_value(self, form)

    @method("GetType")
    def get_type(self: Any) -> NetType:
        name = type_name(self)
        return TYPES.get(name.casefold()) or NetType(name)

    @method("Equals")
    def equals(self: Any, other: Any) -> bool:
        return type(self) is type(other) and equal(self, other, case=True)

    @method("CompareTo")
    def compare_to(self: Any, other: Any) -> int:
        return order(self, other, case=True)

    @method("GetHashCode")
    def get_hash_code(self: Any) -> int:
        return hash(to_string(self)) % 2**31


OBJECT = Members().collect(_Object)


class _Type:
    @prop("Name")
    def name(self: NetType) -> str:  # type: ignore[misc]
        return self.name.rsplit(".", 1)[-1]

    @prop("FullName")
    def full_name(self: NetType) -> str:  # type: ignore[misc]
        return self.name


TYPE = Members().collect(_Type)


class PSObject(NetObject):
    """`.PSObject` of a value: only the list of its properties."""

    type_name = "System.Management.Automation.PSMemberSet"

    def __init__(self, owner: Any) -> None:
        self.owner = owner

    @prop("Properties")
    def get_properties(self) -> list[Record]:
        fields = self.owner.fields if isinstance(self.owner, Record) else {}
        return [
            Record({"Name": name, "Value": value}, "System.Management.Automation.PSNoteProperty")
            for name, value in fields.items()
        ]


def _number_type(name: str, parse: Any, low: Any, high: Any) -> None:
    class Numbers:
        @method("Parse")
        @staticmethod
        def parse(_: Any, text: str) -> Any:
            return parse(text)

        @prop("MaxValue")
        @staticmethod
        def max_value(_: Any) -> Any:
            return high

        @prop("MinValue")
        @staticmethod
        def min_value(_: Any) -> Any:
            return low

    net_type(name)(Numbers)


_number_type("System.Int32", to_int, INT32[0], INT32[-1])
_number_type("System.Int64", lambda text: Long(to_int(text, "System.Int64")), Long(INT64[0]), Long(INT64[-1]))
_number_type("System.Byte", lambda text: to_int(text, "System.Byte"), 0, 255)
_number_type("System.Double", lambda text: float(to_number(text)), float("-inf"), float("inf"))


@net_type("System.Boolean")
class BooleanType:
    """Static members."""

    @method("Parse")
    @staticmethod
    def parse(_: Any, text: str) -> bool:
        return to_bool(text.casefold() == "true")


@net_type("System.Char")
class CharType:
    """Static members."""

    @method("IsDigit")
    @staticmethod
    def is_digit(_: Any, mark: str) -> bool:
        return mark.isdigit()

    @method("IsLetter")
    @staticmethod
    def is_letter(_: Any, mark: str) -> bool:
        return mark.isalpha()

    @method("IsLetterOrDigit")
    @staticmethod
    def is_letter_or_digit(_: Any, mark: str) -> bool:
        return mark.isalnum()

    @method("IsWhiteSpace")
    @staticmethod
    def is_white_space(_: Any, mark: str) -> bool:
        return mark.isspace()

    @method("ToString")
    @staticmethod
    def to_text(_: Any, mark: Any) -> str:
        return str(Char(mark))


for _name in ("System.Object", "System.Void", "System.Type", "System.Management.Automation.ScriptBlock",
              "System.Management.Automation.SwitchParameter", "System.Management.Automation.ErrorRecord",
              "System.Management.Automation.PSObject", "System.Management.Automation.PSCustomObject"):  # fmt: skip
    TYPES.setdefault(_name.casefold(), NetType(_name))


def _create_object(_: Any) -> Record:
    return Record()


TYPES["system.management.automation.psobject"].constructor = _create_object
TYPES["system.object"].constructor = _create_object


def _exception_type(name: str) -> None:
    def create(_: Any, message: str = "", inner: Any = None) -> NetException:
        return NetException(name, message or f"Exception of type '{name}' was thrown.", inner)

    TYPES[name.casefold()] = NetType(name, instances=NetException.net_members, constructor=create)


for _name in EXCEPTION_TYPES:
    _exception_type(_name)
