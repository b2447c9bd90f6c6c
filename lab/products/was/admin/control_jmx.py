"""The methods of AdminControl that take and give back objects of JMX; wsadmin's Java makes these of plain values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from lab.products.was.admin import Argument
from lab.products.was.errors import ScriptingError
from lab.products.was.servers.mbeans import names, registry
from lab.products.was.servers.runtime import Runtime

BEAN_CLASSES = ("java.lang.Object", "javax.management.modelmbean.RequiredModelMBean")
_TRUTH = {"boolean", "java.lang.Boolean"}


class Beans(Protocol):
    """What these methods need of AdminControl."""

    _server: Runtime

    def _query(self, template: Argument) -> list[str]: ...

    def _known(self, name: Argument) -> str: ...


class JmxMethods(Beans):
    """Names of beans arrive as text, attributes as pairs of name and value."""

    def queryNames_jmx(self, name: Argument, query: Argument) -> str:  # noqa: N802
        """The names that fit, a line each. The lab has no expressions for `query`."""
        if query is not None:
            raise ScriptingError("WASX7077E: queryNames_jmx(): the lab takes None for the query only.")
        return "\n".join(self._query(name))

    def isRegistered_jmx(self, name: Argument) -> int:  # noqa: N802
        """1 when there is such a bean."""
        names.parse(str(name))
        return int(str(name) in self._query(name))

    def isInstanceOf_jmx(self, name: Argument, class_name: Argument) -> int:  # noqa: N802
        """1 when the bean is of that class."""
        self._known(name)
        return int(str(class_name) in BEAN_CLASSES)

    def getMBeanInfo_jmx(self, name: Argument) -> list[list[list[str]]]:  # noqa: N802
        """Attributes, [name, RO or RW] each, and operations, [name, number of parameters] each."""
        described = registry.describe(self._server, str(name))
        return [described["attributes"], described["operations"]]

    def getAttribute_jmx(self, name: Argument, attribute: Argument) -> str | None:  # noqa: N802
        """An attribute's value."""
        return registry.get(self._server, str(name), str(attribute))

    def getAttributes_jmx(self, name: Argument, attributes: Argument) -> list[list[str]]:  # noqa: N802
        """[name, value] of each."""
        return [[each, self.getAttribute_jmx(name, each) or ""] for each in _texts(attributes)]

    def setAttribute_jmx(self, name: Argument, attribute: Argument) -> None:  # noqa: N802
        """Set one: a pair."""
        if isinstance(attribute, str) or not isinstance(attribute, Sequence) or len(attribute) != 2:
            raise ScriptingError("WASX7077E: setAttribute_jmx(): a javax.management.Attribute is wanted.")
        registry.set_value(self._server, str(name), str(attribute[0]), str(attribute[1]))

    def setAttributes_jmx(self, name: Argument, attributes: Argument) -> Argument:  # noqa: N802
        """Set several pairs, and give them back."""
        for each in attributes if isinstance(attributes, Sequence) else ():
            self.setAttribute_jmx(name, each)
        return attributes

    def invoke_jmx(self, name: Argument, operation: Argument, arguments: Argument, signature: Argument) -> str | None:
        """Run an operation; `signature` names the types of its parameters."""
        given, kinds = _listed(arguments), _texts(signature)
        if len(given) != len(kinds):
            raise ScriptingError(f"WASX7077E: invoke_jmx(): {len(given)} parameters, but {len(kinds)} types.")
        texts = [_text(value, kind) for value, kind in zip(given, kinds, strict=True)]
        return registry.invoke(self._server, str(name), str(operation), texts)


def _listed(values: Argument) -> Sequence[Argument]:
    return [] if values is None or isinstance(values, str | int | float) else values


def _texts(values: Argument) -> list[str]:
    return [str(each) for each in _listed(values)]


def _text(value: Argument, kind: str) -> str:
    """Numbers stand for truth in Jython 2.1."""
    if kind in _TRUTH and isinstance(value, int):
        return "true" if value else "false"
    return "" if value is None else str(value)
