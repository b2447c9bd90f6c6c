"""Members of arrays, ArrayList and Hashtable."""

from __future__ import annotations

from typing import Any

from lab.windows.powershell import operators
from lab.windows.powershell.dotnet.core import Members, NetObject, method, net_type, prop
from lab.windows.powershell.dotnet.exceptions import NetFailure
from lab.windows.powershell.values import VOID, Hashtable, items_of


class _Array:
    @prop("Length", "Count", "LongLength")
    def length(self: list[Any]) -> int:  # type: ignore[misc]
        return len(self)

    @prop("Rank")
    def rank(self: list[Any]) -> int:  # type: ignore[misc]
        return 1

    @method("Clone")
    def clone(self: list[Any]) -> list[Any]:  # type: ignore[misc]
        return self[:]

    @method("GetValue")
    def get_value(self: list[Any], place: int) -> Any:  # type: ignore[misc]
        return self[place]

    @method("SetValue")
    def set_value(self: list[Any], value: Any, place: int) -> None:  # type: ignore[misc]
        self[place] = value

    @method("GetUpperBound")
    def get_upper_bound(self: list[Any], dimension: int) -> int:  # type: ignore[misc]
        del dimension
        return len(self) - 1


MEMBERS = Members().collect(_Array)


class _Hashtable:
    @prop("Count")
    def count(self: Hashtable) -> int:  # type: ignore[misc]
        return len(self)

    @prop("Keys")
    def keys(self: Hashtable) -> list[Any]:  # type: ignore[misc]
        return [key for key, _ in self.items()]

    @prop("Values")
    def values(self: Hashtable) -> list[Any]:  # type: ignore[misc]
        return [value for _, value in self.items()]

    @method("ContainsKey", "Contains")
    def contains_key(self: Hashtable, key: Any) -> bool:  # type: ignore[misc]
        return key in self

    @method("ContainsValue")
    def contains_value(self: Hashtable, value: Any) -> bool:  # type: ignore[misc]
        return any(operators.equal(value, each, case=True) for _, each in self.items())

    @method("Add")
    def add(self: Hashtable, key: Any, value: Any) -> Any:  # type: ignore[misc]
        if key in self:
            raise NetFailure(
                "System.ArgumentException",
                f"Item has already been added. Key in dictionary: '{key}'  Key being added: '{key}'",
            )
        self[key] = value
        return VOID

    @method("Remove")
    def remove(self: Hashtable, key: Any) -> Any:  # type: ignore[misc]
        self.remove(key)
        return VOID

    @method("Clear")
    def clear(self: Hashtable) -> Any:  # type: ignore[misc]
        self.clear()
        return VOID

    @method("get_Item", "Item")
    def item(self: Hashtable, key: Any) -> Any:  # type: ignore[misc]
        return self[key]

    @method("GetEnumerator")
    def enumerate(self: Hashtable) -> list[Any]:  # type: ignore[misc]
        return [DictionaryEntry(key, value) for key, value in self.items()]


class DictionaryEntry(NetObject):
    """A key and its value."""

    type_name = "System.Collections.DictionaryEntry"

    def __init__(self, key: Any, value: Any) -> None:
        self.key = key
        self.value = value

    @prop("Key", "Name")
    def get_key(self) -> Any:
        return self.key

    @prop("Value")
    def get_value(self) -> Any:
        return self.value


HASHTABLE = Members().collect(_Hashtable)


class ArrayList(NetObject):
    """System.Collections.ArrayList, and List[T] and Stack as far as used."""

    type_name = "System.Collections.ArrayList"
    unrolls = True

    def __init__(self, items: list[Any]) -> None:
        self.items = list(items)

    def __iter__(self) -> Any:
        return iter(self.items)

    def get_item(self, index: Any) -> Any:
        """Of `[index]`."""
        place = int(index)
        if not 0 <= place < len(self.items):
            raise NetFailure(
                "System.ArgumentOutOfRangeException",
                "Index was out of range. Must be non-negative and less than the size of the collection."
                "\r\nParameter name: index",
            )
        return self.items[place]

    def set_item(self, index: Any, value: Any) -> None:
        """Of `[index] = value`."""
        self.get_item(index)
        self.items[int(index)] = value

    @prop("Count")
    def count(self) -> int:
        return len(self.items)

    @method("Add")
    def add(self, value: Any) -> int:
        self.items.append(value)
        return len(self.items) - 1

    @method("AddRange")
    def add_range(self, values: list[Any]) -> Any:
        self.items.extend(values)
        return VOID

    @method("Insert")
    def insert(self, place: int, value: Any) -> Any:
        self.items.insert(place, value)
        return VOID

    @method("Remove")
    def remove(self, value: Any) -> Any:
        place = self.index_of(value)
        if place >= 0:
            del self.items[place]
        return VOID

    @method("RemoveAt")
    def remove_at(self, place: int) -> Any:
        self.get_item(place)
        del self.items[place]
        return VOID

    @method("Contains")
    def contains(self, value: Any) -> bool:
        return self.index_of(value) >= 0

    @method("IndexOf")
    def index_of(self, value: Any) -> int:
        return next((i for i, each in enumerate(self.items) if operators.equal(each, value, case=True)), -1)

    @method("Clear")
    def clear(self) -> Any:
        self.items.clear()
        return VOID

    @method("Reverse")
    def reverse(self) -> Any:
        self.items.reverse()
        return VOID

    @method("Sort")
    def sort(self) -> Any:
        self.items.sort()
        return VOID

    @method("ToArray")
    def to_array(self) -> list[Any]:
        return list(self.items)


@net_type("System.Collections.ArrayList")
class ArrayListType:
    """Static members."""

    @staticmethod
    def create(_: Any, start: Any = None) -> ArrayList:
        return ArrayList([] if start is None or isinstance(start, int) else items_of(start))


@net_type("System.Collections.Hashtable")
class HashtableType:
    """Static members."""

    @staticmethod
    def create(_: Any) -> Hashtable:
        return Hashtable()


@net_type("System.Array")
class ArrayType:
    """Static members."""

    @method("IndexOf")
    @staticmethod
    def index_of(_: Any, items: list[Any], value: Any) -> int:
        return next((i for i, each in enumerate(items) if operators.equal(each, value, case=True)), -1)

    @method("Reverse")
    @staticmethod
    def reverse(_: Any, items: Any) -> Any:
        items.reverse()
        return VOID

    @method("Sort")
    @staticmethod
    def sort(_: Any, items: Any) -> Any:
        items.sort(key=lambda each: each.casefold() if isinstance(each, str) else each)
        return VOID

    @method("Copy")
    @staticmethod
    def copy(_: Any, source: Any, source_start: Any, target: Any, target_start: Any = None, length: Any = None) -> Any:
        if target_start is None:
            source_start, target, target_start, length = 0, source_start, 0, target
        target[target_start : target_start + length] = source[source_start : source_start + length]
        return VOID
