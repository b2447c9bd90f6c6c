"""One managed bean."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from lab.products.was.errors import ScriptingError
from lab.products.was.servers.runtime import Runtime

Value = str | None
Operation = Callable[[Sequence[str]], Value]


@dataclass(frozen=True)
class Bean:
    """`properties` make up its name, in the order they are printed. An operation is found by its name and the number
    of its parameters."""

    properties: Mapping[str, str]
    attributes: Mapping[str, Callable[[], Value]] = field(default_factory=dict)
    setters: Mapping[str, Callable[[str], None]] = field(default_factory=dict)
    operations: Mapping[tuple[str, int], Operation] = field(default_factory=dict)

    def get(self, attribute: str) -> Value:
        """The value of an attribute. Raises `ScriptingError`."""
        if attribute not in self.attributes:
            raise ScriptingError(f"javax.management.AttributeNotFoundException: {attribute}")
        return self.attributes[attribute]()

    def set(self, attribute: str, value: str) -> None:
        """Raises `ScriptingError`."""
        if attribute not in self.setters:
            raise ScriptingError(f"javax.management.AttributeNotFoundException: {attribute}")
        self.setters[attribute](value)

    def invoke(self, operation: str, arguments: Sequence[str]) -> Value:
        """Raises `ScriptingError`."""
        found = self.operations.get((operation, len(arguments)))
        if found:
            return found(arguments)
        named = [count for name, count in self.operations if name == operation]
        if named:
            raise ScriptingError(
                f'WASX7139E: Parameter list for operation "{operation}" has {len(arguments)} arguments; '
                f"there is no such operation with that number of parameters: {', '.join(map(str, sorted(named)))}"
            )
        raise ScriptingError(f'WASX7138E: Cannot locate operation "{operation}" on object.')


def named(server: Runtime, kind: str, name: str = "", *, identifier: str = "", **others: str) -> dict[str, str]:
    """The properties of a bean of this process."""
    return {
        "name": name or kind,
        "process": server.name,
        "platform": "dynamicproxy",
        "node": server.node,
        "version": server.version,
        "type": kind,
        "mbeanIdentifier": identifier or kind,
        "cell": server.cell,
        "spec": "1.0",
        **others,
    }
