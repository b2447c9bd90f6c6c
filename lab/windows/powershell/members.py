"""Members and elements of any value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lab.windows.powershell.conversions import argument, to_int, to_string, type_name
from lab.windows.powershell.dotnet import arrays, scalars, strings
from lab.windows.powershell.dotnet.core import Members, NetObject, NetType, accepts, wanted_kinds
from lab.windows.powershell.dotnet.exceptions import NetException, NetFailure
from lab.windows.powershell.errors import PowerShellError, Refused, error
from lab.windows.powershell.values import VOID, Byte, Char, Hashtable, Record, is_array, items_of

if TYPE_CHECKING:
    from lab.windows.powershell.engine import Engine

_METHOD = "System.Management.Automation.RuntimeException"


def members_of(value: Any) -> Members:
    """The members a value has, apart from note properties and keys."""
    if isinstance(value, NetObject):
        return type(value).net_members
    if isinstance(value, str) and not isinstance(value, Char):
        return strings.MEMBERS
    if isinstance(value, (list, bytearray)):
        return arrays.MEMBERS
    if isinstance(value, Hashtable):
        return arrays.HASHTABLE
    if isinstance(value, NetType):
        return scalars.TYPE
    return scalars.OBJECT


# -- properties --------------------------------------------------------------------------------------------------------
def get_member(_: Engine, owner: Any, name: str) -> Any:  # noqa: PLR0911 - one return per kind
    """`$owner.name`."""
    folded = name.casefold()
    if owner is None:
        # Without strict mode a property of null is null.
        return None
    if isinstance(owner, Record):
        spelled = owner.name_of(name)
        if spelled is not None:
            return owner.fields[spelled]
        if folded not in ("psobject", "psbase", "gettype") and owner.type_name in ("PSCustomObject",):
            return None
    if isinstance(owner, Hashtable) and name in owner:
        return owner[name]
    if folded in ("psbase", "psobject"):
        return owner if folded == "psbase" else scalars.PSObject(owner)
    found = members_of(owner).getters.get(folded)
    if found is not None:
        return found[1](owner)
    dynamic = getattr(owner, "get_property", None)
    if dynamic is not None:
        return dynamic(name)
    if isinstance(owner, Hashtable) or folded in ("count", "length"):
        # PowerShell 2.0 gives single values no Count and arrays no members of their elements: both are null.
        return None
    raise Refused(f"PowerShell 2.0 finds no property '{name}' in [{type_name(owner)}], or the lab does not imitate it")


def set_member(_: Engine, owner: Any, name: str, value: Any) -> None:
    """`$owner.name = value`."""
    if owner is None:
        raise error(f"Property '{name}' cannot be found on this object; make sure it exists and is settable.")
    if isinstance(owner, Hashtable):
        owner[name] = value
        return
    if isinstance(owner, Record):
        spelled = owner.name_of(name)
        if spelled is not None:
            owner.fields[spelled] = value
            return
    found = members_of(owner).setters.get(name.casefold())
    if found is not None:
        kinds = wanted_kinds(found[1], 1, bound=1)
        found[1](owner, argument(value, kinds[0]))
        return
    dynamic = getattr(owner, "set_property", None)
    if dynamic is not None:
        dynamic(name, value)
        return
    raise error(f"Property '{name}' cannot be found on this object; make sure it exists and is settable.")


def get_static(engine: Engine, owner: NetType, name: str) -> Any:
    """`[owner]::name`."""
    found = owner.statics.getters.get(name.casefold())
    if found is None:
        raise Refused(
            f"PowerShell 2.0 finds no static property '{name}' in [{owner.name}], or the lab does not imitate it"
        )
    return found[1](engine)


def set_static(engine: Engine, owner: Any, name: str, value: Any) -> None:
    """`[owner]::name = value`."""
    found = owner.statics.setters.get(name.casefold()) if isinstance(owner, NetType) else None
    if found is None:
        raise Refused(f"the lab imitates no static property '{name}' to set in [{to_string(owner)}]")
    found[1](engine, argument(value, wanted_kinds(found[1], 1, bound=1)[0]))


# -- methods -----------------------------------------------------------------------------------------------------------
def invoke(engine: Engine, owner: Any, name: str, values: list[Any]) -> Any:
    """`$owner.name(values)`."""
    if owner is None:
        raise error("You cannot call a method on a null-valued expression.")
    found = members_of(owner).methods.get(name.casefold())
    if found is None:
        common = scalars.OBJECT.methods.get(name.casefold())
        if common is not None:
            return _call(engine, common, [owner], values)
        dynamic = getattr(owner, "invoke_dynamic", None)
        if dynamic is not None:
            return _call(engine, (name, dynamic), [name], values)
        raise Refused(
            f"Method invocation failed because [{type_name(owner)}] doesn't contain a method named '{name}', "
            "or the lab does not imitate it"
        )
    return _call(engine, found, [owner], values)


def invoke_static(engine: Engine, owner: NetType, name: str, values: list[Any]) -> Any:
    """`[owner]::name(values)`."""
    found = owner.statics.methods.get(name.casefold())
    if found is None:
        raise Refused(
            f"Method invocation failed because [{owner.name}] doesn't contain a method named '{name}', "
            "or the lab does not imitate it"
        )
    return _call(engine, found, [engine], values)


def construct(engine: Engine, kind: NetType, values: list[Any]) -> Any:
    """`New-Object kind values`."""
    if kind.element is not None and len(values) == 1:
        filler: Any = 0 if kind.element.name in ("System.Byte", "System.Int32", "System.Int64") else None
        count = to_int(values[0])
        return bytearray(count) if kind.element.name == "System.Byte" else [filler] * count
    if kind.constructor is None:
        raise Refused(f"the lab does not imitate a constructor of [{kind.name}]")
    return _call(engine, (".ctor", kind.constructor), [engine], values)


def _call(engine: Engine, found: tuple[str, Any], bound: list[Any], values: list[Any]) -> Any:
    name, function = found
    if not accepts(function, len(values), bound=len(bound)):
        raise error(
            f'Cannot find an overload for "{name}" and the argument count: "{len(values)}".',
            "System.Management.Automation.MethodException",
        )
    kinds = wanted_kinds(function, len(values), bound=len(bound))
    try:
        arguments = [argument(value, kind) for value, kind in zip(values, kinds, strict=True)]
        result = function(*bound, *arguments)
    except NetFailure as failure:
        message = f'Exception calling "{name}" with "{len(values)}" argument(s): "{failure.exception.message}"'
        wrapped = NetException("System.Management.Automation.MethodInvocationException", message, failure.exception)
        raise PowerShellError(wrapped) from failure
    del engine
    return result


# -- elements ----------------------------------------------------------------------------------------------------------
def get_index(engine: Engine, owner: Any, index: Any) -> Any:
    """`$owner[index]`."""
    del engine
    if owner is None:
        raise error("Cannot index into a null array.")
    if isinstance(owner, Hashtable):
        return [owner[key] for key in index] if isinstance(index, list) else owner[index]
    special = getattr(owner, "get_item", None)
    if special is not None:
        return special(index)
    if not isinstance(owner, str) and not is_array(owner):
        raise error(f"Unable to index into an object of type {type_name(owner)}.")
    if isinstance(index, list):
        return [each for each in (_at(owner, to_int(place)) for place in index) if each is not VOID]
    found = _at(owner, to_int(index))
    return None if found is VOID else found


def _at(owner: Any, place: int) -> Any:
    """The element, counted from the end when negative; nothing behind the ends."""
    items = owner if isinstance(owner, (str, bytearray)) else items_of(owner)
    if not -len(items) <= place < len(items):
        return VOID
    found = items[place]
    if isinstance(owner, str):
        return Char(found)
    return Byte(found) if isinstance(owner, bytearray) else found


def set_index(engine: Engine, owner: Any, index: Any, value: Any) -> None:
    """`$owner[index] = value`."""
    del engine
    if owner is None:
        raise error("Cannot index into a null array.")
    if isinstance(owner, Hashtable):
        owner[index] = value
        return
    special = getattr(owner, "set_item", None)
    if special is not None:
        special(index, value)
        return
    if not isinstance(owner, (list, bytearray)):
        raise error(f"Unable to index into an object of type {type_name(owner)}.")
    place = to_int(index)
    if not -len(owner) <= place < len(owner):
        raise error("Array assignment failed because index '" + str(place) + "' was out of range.")
    owner[place] = to_int(value, "System.Byte") if isinstance(owner, bytearray) else value
