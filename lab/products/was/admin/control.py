"""AdminControl: the running processes, as a script sees them from the process it is connected to."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from typing import TypeAlias

from lab.host import Host
from lab.products.was.admin import Argument, Process, Reply
from lab.products.was.admin.attribute_lists import Value, parse
from lab.products.was.admin.control_jmx import BEAN_CLASSES, JmxMethods
from lab.products.was.errors import ScriptingError
from lab.products.was.layout import Profile
from lab.products.was.model.workspace import Workspace
from lab.products.was.servers import datasources, runtime
from lab.products.was.servers.mbeans import names, registry

_Answer: TypeAlias = "Argument | Reply"

_ABOUT = "WASX7027I: The AdminControl object enables the manipulation of MBeans running in a WebSphere server process."


class Control:
    """One script's AdminControl. Every public method of `_Methods` is one of its methods."""

    def __init__(self, host: Host, profile: Profile, process: Process, workspace: Workspace) -> None:
        self._methods = _Methods(host, profile, process, workspace)

    def names(self) -> Sequence[str]:
        """Its methods."""
        return [name for name in dir(self._methods) if not name.startswith("_")]

    def call(self, method: str, arguments: Sequence[Argument]) -> Reply:
        """Call one. Raises `ScriptingError`."""
        if method not in self.names():
            raise ScriptingError(f"java.lang.NoSuchMethodError: {method}")
        function: Callable[..., _Answer] = getattr(self._methods, method)
        try:
            inspect.signature(function).bind(*arguments)
        except TypeError:
            raise ScriptingError(f"WASX7077E: {method}(): {len(arguments)} arguments do not fit this method.") from None
        answer = function(*arguments)
        return answer if isinstance(answer, Reply) else Reply(answer)


class _Methods(JmxMethods):
    """The methods; names as in the product."""

    def __init__(self, host: Host, profile: Profile, process: Process, workspace: Workspace) -> None:
        self._newline = "\r\n" if host.platform == "windows" else "\n"
        self._server = runtime.current()
        self._profile, self._process, self._workspace = profile, process, workspace

    # -- names ---------------------------------------------------------------------------------------------------------
    def completeObjectName(self, template: Argument) -> Reply:  # noqa: N802 - the product's own names
        """The first bean that fits, or nothing."""
        found = self._query(template)
        if len(found) > 1:
            return Reply(
                found[0],
                f'WASX7026W: String "{template}" corresponds to {len(found)} different MBeans; returning first one.'
                + self._newline,
            )
        return Reply(found[0] if found else "")

    def queryNames(self, template: Argument) -> str:  # noqa: N802
        """All beans that fit, a line each."""
        return self._newline.join(self._query(template))

    def makeObjectName(self, name: Argument) -> str:  # noqa: N802
        """The name, when it is one."""
        names.parse(str(name))
        return str(name)

    def isRegistered(self, name: Argument) -> int:  # noqa: N802
        """1 when there is such a bean."""
        names.parse(str(name))
        return int(str(name) in self._query(name))

    def getMBeanCount(self) -> str:  # noqa: N802
        """How many beans can be seen."""
        return str(len(self._query("*:*")))

    def getObjectInstance(self, name: Argument) -> str:  # noqa: N802
        """The name of the bean's instance."""
        return self._known(name)

    def isInstanceOf(self, name: Argument, class_name: Argument) -> int:  # noqa: N802
        """1 when the bean is of that class."""
        self._known(name)
        return int(str(class_name) in BEAN_CLASSES)

    def getConfigId(self, name: Argument) -> str:  # noqa: N802
        """The configuration object behind a bean, nothing when there is none."""
        identifier = names.parse(str(name))[1].get("mbeanIdentifier", "")
        path, sign, element_id = identifier.partition("#")
        if not sign or not self._workspace.exists(path):
            return ""
        element = self._workspace.document(path).find(element_id)
        return self._workspace.config_id(element) if element else ""

    # -- attributes and operations -------------------------------------------------------------------------------------
    def getAttribute(self, name: Argument, attribute: Argument) -> str | None:  # noqa: N802
        """An attribute's value."""
        return registry.get(self._server, str(name), str(attribute))

    def getAttributes(self, name: Argument, attributes: Argument = None) -> str:  # noqa: N802
        """Several, or all: `[[name value] ...]`."""
        wanted = _words(attributes) or [each for each, _ in registry.describe(self._server, str(name))["attributes"]]
        return "[" + " ".join(f"[{each} {_shown(self.getAttribute(name, each))}]" for each in wanted) + "]"

    def setAttribute(self, name: Argument, attribute: Argument, value: Argument) -> str:  # noqa: N802
        """Set one."""
        registry.set_value(self._server, str(name), str(attribute), str(value))
        return ""

    def setAttributes(self, name: Argument, attributes: Argument) -> str:  # noqa: N802
        """Set several: `[[name value] ...]`."""
        pairs = parse(attributes) if isinstance(attributes, str) else attributes
        for pair in pairs if isinstance(pairs, Sequence) else ():
            if isinstance(pair, str) or not isinstance(pair, Sequence) or len(pair) != 2:
                raise ScriptingError(f"WASX7077E: {attributes}: [[name value] ...] is wanted.")
            self.setAttribute(name, pair[0], pair[1])
        return str(attributes)

    def invoke(
        self, name: Argument, operation: Argument, arguments: Argument = None, signature: Argument = None
    ) -> str:
        """Run an operation; its parameters are the words of a text or a list."""
        del signature
        value = registry.invoke(self._server, str(name), str(operation), _words(arguments))
        return "" if value is None else value

    # -- servers -------------------------------------------------------------------------------------------------------
    def startServer(self, name: Argument, *others: Argument) -> str:  # noqa: N802
        """`name[, node][, seconds]`: have a node agent start a server, and wait."""
        node, seconds = self._node_and(others, "1200")
        agent = self._query(f"type=NodeAgent,node={node},*")
        if not agent:
            raise ScriptingError(
                f'WASX7253E: Server "{name}" cannot be started because the node agent on node "{node}" is not active.'
            )
        if registry.invoke(self._server, agent[0], "launchProcess", [str(name), seconds]) != "true":
            raise ScriptingError(
                f'WASX7264E: Start not completed for server "{name}" on node "{node}". The launcher process may have '
                "timed out waiting for status information from the server. Check server log files for more information."
            )
        return f'WASX7262I: Start completed for server "{name}" on node "{node}"'

    def stopServer(self, name: Argument, *others: Argument) -> Reply:  # noqa: N802
        """`name[, node][, 'immediate']`: have a server stop, and wait."""
        node, _ = self._node_and(others, "")
        bean = self._query(f"type=Server,name={name},node={node},*")
        if not bean:
            raise ScriptingError(f'WASX7254E: Server "{name}" on node "{node}" is not running: it cannot be stopped.')
        registry.invoke(self._server, bean[0], "stop", [])
        self._await_stop(str(name), node)
        said = f'WASX7337I: Invoked stop for server "{name}" Waiting for stop completion.' + self._newline
        return Reply(f'WASX7264I: Stop completed for server "{name}" on node "{node}"', said)

    def _await_stop(self, name: str, node: str) -> None:
        while name != self._server.name and self._query(f"type=Server,name={name},node={node},*"):
            self._server.stopping.wait(0.1)

    def testConnection(self, config_id: Argument, *_: Argument) -> str:  # noqa: N802
        """Connect to the database of a data source."""
        return datasources.test(self._server, str(config_id))

    # -- the connection ------------------------------------------------------------------------------------------------
    def getCell(self) -> str:  # noqa: N802
        """The cell of the process."""
        return self._server.cell

    def getNode(self) -> str:  # noqa: N802
        """Its node."""
        return self._server.node

    def getHost(self) -> str:  # noqa: N802
        """Its host."""
        return self._server.index().host

    def getPort(self) -> str:  # noqa: N802
        """The port the script is connected to."""
        return str(self._server.entry.port("SOAP_CONNECTOR_ADDRESS"))

    def getType(self) -> str:  # noqa: N802
        """The kind of the connection."""
        return "SOAP"

    def getDefaultDomain(self) -> str:  # noqa: N802
        """The domain of all beans."""
        return names.DOMAIN

    getDomainName = getDefaultDomain  # noqa: N815

    def isAlive(self) -> str:  # noqa: N802
        """Whether the process still answers."""
        return ""

    def reconnect(self) -> str:
        """Connect anew: in the lab a connection that works needs none."""
        return ""

    def trace(self, specification: Argument = None) -> str:
        """Trace the script itself, which changes nothing that could be seen here."""
        del specification
        return ""

    def help(self, topic: Argument = None) -> str:
        """Its methods, or the attributes and operations of a bean."""
        if topic is None:
            lines = [_ABOUT, "", *(name for name in dir(self) if not name.startswith("_"))]
        elif hasattr(type(self), str(topic)) and not str(topic).startswith("_"):
            lines = [f"WASX7049I: Method: {topic}", "", f"Description: {getattr(type(self), str(topic)).__doc__}"]
        else:
            raise ScriptingError(f'WASX7044E: No help is available for "{topic}".')
        return self._newline.join(lines)

    # -- inside --------------------------------------------------------------------------------------------------------
    def _query(self, template: Argument) -> list[str]:
        return registry.query(self._server, names.complete(str(template)))

    def _known(self, name: Argument) -> str:
        if not self.isRegistered(name):
            raise ScriptingError(f"javax.management.InstanceNotFoundException: {name}")
        return str(name)

    def _node_and(self, others: Sequence[Argument], otherwise: str) -> tuple[str, str]:
        """The node and the last argument, which a script may both leave out."""
        words = [str(each) for each in others]
        last = words.pop() if words and (words[-1].isdigit() or words[-1] in ("immediate", "terminate")) else otherwise
        if len(words) > 1 or len(others) > 2:
            raise ScriptingError(f"WASX7077E: {', '.join(map(str, others))}: too many arguments.")
        return (words[0] if words else self._server.node), last


def _words(arguments: Argument) -> list[str]:
    """The words of a text, in brackets or not, or of a list."""
    if arguments is None or arguments == "":
        return []
    if isinstance(arguments, str):
        text = arguments.strip()
        values: Sequence[Value] = parse(text if text.startswith("[") else f"[{text}]")
        return [_flat(each) for each in values]
    if isinstance(arguments, Sequence):
        return [str(each) for each in arguments]
    return [str(arguments)]


def _flat(value: Value) -> str:
    return value if isinstance(value, str) else " ".join(map(_flat, value))


def _shown(value: str | None) -> str:
    return f'"{value}"' if value and " " in value else value or ""
