"""Variables: nested scopes, found dynamically, names without regard to case."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Cast = Callable[[Any], Any]


class Scope:
    """One level of variables."""

    def __init__(self, parent: Scope | None = None, *, script: bool = False) -> None:
        self.parent = parent
        self.script = script or parent is None
        self._values: dict[str, Any] = {}
        self._casts: dict[str, Cast] = {}
        self.functions: dict[str, Any] = {}

    def find(self, name: str) -> Scope | None:
        """The nearest scope that has the variable."""
        scope: Scope | None = self
        while scope is not None and name.casefold() not in scope._values:
            scope = scope.parent
        return scope

    def get(self, name: str) -> Any:
        """The nearest variable's value, None when there is none."""
        scope = self.find(name)
        return None if scope is None else scope._values[name.casefold()]

    def set(self, name: str, value: Any) -> None:
        """Write to this very scope; a variable declared with a type converts what it is given."""
        folded = name.casefold()
        cast = self._casts.get(folded)
        self._values[folded] = cast(value) if cast else value

    def declare(self, name: str, value: Any, cast: Cast) -> None:
        """A variable of this scope that keeps its type."""
        self._casts[name.casefold()] = cast
        self.set(name, value)

    def remove(self, name: str) -> None:
        """Forget a variable of this scope."""
        self._values.pop(name.casefold(), None)
        self._casts.pop(name.casefold(), None)

    def root(self) -> Scope:
        """The global scope."""
        scope = self
        while scope.parent is not None:
            scope = scope.parent
        return scope

    def script_scope(self) -> Scope:
        """The scope of the script that is running."""
        scope = self
        while not scope.script and scope.parent is not None:
            scope = scope.parent
        return scope

    def function(self, name: str) -> Any:
        """The nearest function of that name."""
        scope: Scope | None = self
        while scope is not None:
            if name.casefold() in scope.functions:
                return scope.functions[name.casefold()]
            scope = scope.parent
        return None
