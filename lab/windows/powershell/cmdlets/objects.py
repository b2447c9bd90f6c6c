"""Cmdlets on objects in the pipeline."""

from __future__ import annotations

import functools
from typing import Any

from lab.windows.powershell.cmdlets.core import Call, cmdlet
from lab.windows.powershell.conversions import to_bool, to_number, to_string, type_name
from lab.windows.powershell.dotnet.core import find_type
from lab.windows.powershell.errors import Refused, error
from lab.windows.powershell.members import construct, get_member, set_member
from lab.windows.powershell.operators import order
from lab.windows.powershell.script_block import ScriptBlock, run_inline
from lab.windows.powershell.statements import emit_value
from lab.windows.powershell.values import VOID, Hashtable, Record, items_of


def value_of(call: Call, item: Any, selector: Any) -> Any:
    """A property by name, or what a block makes of the object."""
    if isinstance(selector, ScriptBlock):
        outputs: list[Any] = []
        run_inline(call.engine, selector, item, outputs.append)
        return outputs[0] if len(outputs) == 1 else outputs or None
    return get_member(call.engine, item, to_string(selector))


@cmdlet("ForEach-Object", {"Process": "Any"}, positional=("Process",), each=True)
def for_each_object(call: Call, item: Any) -> None:
    """Run a block for every object."""
    block = call.need("Process")
    if not isinstance(block, ScriptBlock):
        raise Refused("PowerShell 2.0's ForEach-Object takes a script block")
    run_inline(call.engine, block, None if item is VOID else item, call.emit)


@cmdlet("Where-Object", {"FilterScript": "Any"}, positional=("FilterScript",), each=True)
def where_object(call: Call, item: Any) -> None:
    """Let objects pass for which a block is true."""
    block = call.need("FilterScript")
    if not isinstance(block, ScriptBlock):
        raise Refused("PowerShell 2.0's Where-Object takes a script block")
    outputs: list[Any] = []
    run_inline(call.engine, block, item, outputs.append)
    if item is not VOID and to_bool(outputs):
        call.emit(item)


@cmdlet(
    "Select-Object",
    {
        "Property": "list[Any]",
        "First": "int",
        "Last": "int",
        "Skip": "int",
        "Unique": "switch",
        "ExpandProperty": "str",
    },
    positional=("Property",),
)
def select_object(call: Call, items: list[Any]) -> None:
    """Choose objects and properties."""
    chosen = items[call.get("Skip", 0) :]
    if "First" in call.given:
        chosen = chosen[: call.get("First")]
    if "Last" in call.given:
        count = call.get("Last")
        chosen = chosen[len(chosen) - count :] if count < len(chosen) else chosen
    if "ExpandProperty" in call.given:
        for item in chosen:
            emit_value(get_member(call.engine, item, call.get("ExpandProperty")), call.emit)
        return
    if "Property" in call.given:
        chosen = [_selected(call, item) for item in chosen]
    if call.switch("Unique"):
        chosen = _unique(chosen)
    for item in chosen:
        call.emit(item)


def _selected(call: Call, item: Any) -> Record:
    record = Record(type_name=f"Selected.{type_name(item)}")
    for wanted in call.get("Property"):
        if isinstance(wanted, Hashtable):
            name = to_string(wanted["Name"] if "Name" in wanted else wanted["n"] if "n" in wanted else wanted["Label"])
            record.fields[name] = value_of(call, item, wanted["Expression"] if "Expression" in wanted else wanted["e"])
        elif to_string(wanted) == "*" and isinstance(item, Record):
            record.fields.update(item.fields)
        else:
            record.fields[to_string(wanted)] = value_of(call, item, wanted)
    return record


def _unique(items: list[Any]) -> list[Any]:
    found: list[Any] = []
    seen: set[str] = set()
    for item in items:
        key = to_string(item) if not isinstance(item, Record) else repr(sorted(item.fields.items()))
        if key not in seen:
            seen.add(key)
            found.append(item)
    return found


@cmdlet(
    "Sort-Object",
    {"Property": "list[Any]", "Descending": "switch", "Unique": "switch", "CaseSensitive": "switch"},
    positional=("Property",),
)
def sort_object(call: Call, items: list[Any]) -> None:
    """Put objects in order."""
    selectors = call.get("Property") or [None]
    case = call.switch("CaseSensitive")

    def key(item: Any, selector: Any) -> Any:
        return item if selector is None else value_of(call, item, selector)

    def compare(left: Any, right: Any) -> int:
        for selector in selectors:
            decided = order(key(left, selector), key(right, selector), case=case)
            if decided:
                return decided
        return 0

    done = sorted(items, key=functools.cmp_to_key(compare), reverse=call.switch("Descending"))
    if call.switch("Unique"):
        done = [item for place, item in enumerate(done) if place == 0 or compare(done[place - 1], item) != 0]
    for item in done:
        call.emit(item)


@cmdlet(
    "Measure-Object",
    {"Property": "str", "Sum": "switch", "Maximum": "switch", "Minimum": "switch", "Average": "switch"},
    positional=("Property",),
)
def measure_object(call: Call, items: list[Any]) -> None:
    """Count, add up, compare."""
    name = call.get("Property")
    numbers = []
    if any(call.switch(each) for each in ("Sum", "Maximum", "Minimum", "Average")):
        numbers = [float(to_number(get_member(call.engine, item, name) if name else item)) for item in items]
    call.emit(
        Record(
            {
                "Count": len(items),
                "Average": sum(numbers) / len(numbers) if call.switch("Average") and numbers else None,
                "Sum": sum(numbers) if call.switch("Sum") else None,
                "Maximum": max(numbers, default=None) if call.switch("Maximum") else None,
                "Minimum": min(numbers, default=None) if call.switch("Minimum") else None,
                "Property": name,
            },
            "Microsoft.PowerShell.Commands.GenericMeasureInfo",
        )
    )


@cmdlet("Group-Object", {"Property": "list[Any]"}, positional=("Property",))
def group_object(call: Call, items: list[Any]) -> None:
    """Put objects of the same value together."""
    selectors = call.get("Property")
    groups: dict[str, list[Any]] = {}
    names: dict[str, str] = {}
    for item in items:
        values = [value_of(call, item, selector) for selector in selectors] if selectors else [item]
        name = ", ".join(map(to_string, values))
        names.setdefault(name.casefold(), name)
        groups.setdefault(name.casefold(), []).append(item)
    for key, members in groups.items():
        fields = {"Count": len(members), "Name": names[key], "Group": members}
        call.emit(Record(fields, "Microsoft.PowerShell.Commands.GroupInfo"))


@cmdlet(
    "New-Object",
    {"TypeName": "str", "ArgumentList": "list[Any]", "Property": "Any", "ComObject": "str"},
    positional=("TypeName", "ArgumentList"),
)
def new_object(call: Call, _: list[Any]) -> None:
    """Make an object of a .NET type."""
    if "ComObject" in call.given:
        raise Refused(f"New-Object -ComObject {call.get('ComObject')} is not imitated")
    name = call.need("TypeName")
    kind = find_type(name)
    if kind is None:
        raise error(
            f"New-Object : Cannot find type [{name}]: make sure the assembly containing this type is loaded.",
            "System.Management.Automation.RuntimeException",
        )
    made = construct(call.engine, kind, call.get("ArgumentList", []))
    properties = call.get("Property")
    for key, value in properties.items() if isinstance(properties, Hashtable) else ():
        if isinstance(made, Record):
            made.fields[to_string(key)] = value
        else:
            set_member(call.engine, made, to_string(key), value)
    call.emit(made)


@cmdlet(
    "Add-Member",
    {"MemberType": "str", "Name": "str", "Value": "Any", "PassThru": "switch", "InputObject": "Any", "Force": "switch"},
    positional=("MemberType", "Name", "Value"),
    each=True,
)
def add_member(call: Call, item: Any) -> None:
    """Give an object a note property."""
    target = call.get("InputObject") if item is VOID else item
    if call.need("MemberType").casefold() != "noteproperty" or not isinstance(target, Record):
        raise Refused("Add-Member is imitated for NoteProperty of PSObject only")
    if target.name_of(call.need("Name")) is not None and not call.switch("Force"):
        raise error(
            f'Cannot add a member with the name "{call.get("Name")}" because a member with that name already exists.'
        )
    target.fields[call.need("Name")] = call.get("Value")
    if call.switch("PassThru"):
        call.emit(target)


@cmdlet("Get-Unique", {"AsString": "switch"})
def get_unique(call: Call, items: list[Any]) -> None:
    """Drop repetitions in a sorted list."""
    for place, item in enumerate(items):
        if place == 0 or to_string(items[place - 1]) != to_string(item):
            call.emit(item)


@cmdlet("Compare-Object", {"ReferenceObject": "list[Any]", "DifferenceObject": "list[Any]"},
        positional=("ReferenceObject", "DifferenceObject"))  # fmt: skip
def compare_object(call: Call, _: list[Any]) -> None:
    """What two lists do not share."""
    left, right = items_of(call.need("ReferenceObject")), items_of(call.need("DifferenceObject"))
    names = [{to_string(item).casefold() for item in side} for side in (left, right)]
    for side, other, sign in ((right, names[0], "=>"), (left, names[1], "<=")):
        for item in side:
            if to_string(item).casefold() not in other:
                call.emit(Record({"InputObject": item, "SideIndicator": sign}))
