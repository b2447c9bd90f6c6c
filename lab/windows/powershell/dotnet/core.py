"""How .NET types, their members and the conversion of arguments are written down in Python."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, ClassVar, TypeVar

Function = TypeVar("Function", bound=Callable[..., Any])


@dataclass
class Members:
    """Members of a type, by folded name: their spelling and the Python function behind them."""

    methods: dict[str, tuple[str, Callable[..., Any]]] = field(default_factory=dict)
    getters: dict[str, tuple[str, Callable[..., Any]]] = field(default_factory=dict)
    setters: dict[str, tuple[str, Callable[..., Any]]] = field(default_factory=dict)

    def collect(self, owner: type) -> Members:
        """Take in what the decorators below marked in a class."""
        for function in vars(owner).values():
            target = function.__func__ if isinstance(function, staticmethod) else function
            for slot in ("methods", "getters", "setters"):
                for name in getattr(function, f"net_{slot}", ()):
                    getattr(self, slot)[name.casefold()] = (name, target)
        return self

    def names(self) -> set[str]:
        """The spelling of every member."""
        return {name for table in (self.methods, self.getters, self.setters) for name, _ in table.values()}


def _marker(slot: str) -> Callable[..., Callable[[Function], Function]]:
    def mark(*names: str) -> Callable[[Function], Function]:
        def decorate(function: Function) -> Function:
            setattr(function, f"net_{slot}", names)
            return function

        return decorate

    return mark


method = _marker("methods")
prop = _marker("getters")
setter = _marker("setters")


class NetObject:
    """An object whose members are the marked methods of its class."""

    type_name: str = "System.Object"
    net_members: ClassVar[Members] = Members()

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        inherited = Members(
            dict(cls.net_members.methods), dict(cls.net_members.getters), dict(cls.net_members.setters)
        )  # fmt: skip
        cls.net_members = inherited.collect(cls)

    def to_string(self) -> str:
        """What ToString() gives."""
        return self.type_name


@dataclass(eq=False)
class NetType:
    """A type as a value, such as `[IO.File]`: static members and a constructor, called with the engine in front."""

    name: str
    statics: Members = field(default_factory=Members)
    instances: Members = field(default_factory=Members)
    constructor: Callable[..., Any] | None = None
    element: NetType | None = None
    """The type of the elements when this is an array type."""
    base: str = "System.Object"


TYPES: dict[str, NetType] = {}
"""Every known type by folded full name."""

ACCELERATORS = {
    "int": "System.Int32", "int32": "System.Int32", "long": "System.Int64", "string": "System.String",
    "bool": "System.Boolean", "byte": "System.Byte", "char": "System.Char", "double": "System.Double",
    "float": "System.Double", "object": "System.Object", "array": "System.Array", "void": "System.Void",
    "hashtable": "System.Collections.Hashtable", "regex": "System.Text.RegularExpressions.Regex",
    "switch": "System.Management.Automation.SwitchParameter", "scriptblock": "System.Management.Automation.ScriptBlock",
    "type": "System.Type", "adsi": "System.DirectoryServices.DirectoryEntry",
    "wmi": "System.Management.ManagementObject",
    "wmiclass": "System.Management.ManagementClass", "psobject": "System.Management.Automation.PSObject",
    "ref": "System.Management.Automation.PSReference",
}  # fmt: skip


def net_type(name: str) -> Callable[[type], type]:
    """Register a class whose marked functions are the static members of `name`, `create` the constructor."""

    def decorate(owner: type) -> type:
        found = TYPES.setdefault(name.casefold(), NetType(name))
        found.statics.collect(owner)
        create = vars(owner).get("create")
        if create is not None:
            found.constructor = create.__func__ if isinstance(create, staticmethod) else create
        return owner

    return decorate


def find_type(name: str) -> NetType | None:
    """A type by the name a program gives it: an accelerator, the full name, or the full name without `System.`."""
    bare = "".join(name.split())
    if bare.endswith("[]"):
        element = find_type(bare[:-2])
        return None if element is None else NetType(element.name + "[]", element=element, base="System.Array")
    folded = bare.casefold()
    folded = ACCELERATORS.get(folded, folded).casefold()
    return TYPES.get(folded) or TYPES.get(f"system.{folded}")


def accepts(function: Callable[..., Any], count: int, *, bound: int) -> bool:
    """Whether the function takes `count` arguments after its first `bound` ones."""
    try:
        inspect.signature(function).bind(*[None] * (bound + count))
    except TypeError:
        return False
    return True


def wanted_kinds(function: Callable[..., Any], count: int, *, bound: int) -> list[str]:
    """The annotations of the `count` arguments after the first `bound`, as written."""
    parameters = list(inspect.signature(function).parameters.values())[bound:]
    kinds = [str(p.annotation) for p in parameters if p.kind is not p.VAR_POSITIONAL]
    rest = next((str(p.annotation) for p in parameters if p.kind is p.VAR_POSITIONAL), "Any")
    return (kinds + [rest] * count)[:count]
