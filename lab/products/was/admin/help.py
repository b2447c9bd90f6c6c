"""Help: what the other scripting objects can do, and what a running bean has."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping, Sequence

from lab.host import Host
from lab.products.was.admin import Argument, Process, Reply
from lab.products.was.admin.app import AdminApp
from lab.products.was.admin.task import AdminTask
from lab.products.was.errors import ScriptingError
from lab.products.was.layout import Profile
from lab.products.was.model.workspace import Workspace

_ABOUT = (
    "WASX7028I: The Help object has two purposes:\n\n"
    "\tFirst, provide general help information for the objects\n"
    "\tsupplied by wsadmin for scripting: Help, AdminApp, AdminConfig,\n"
    "\tAdminControl and AdminTask.\n\n"
    "\tSecond, provide a means to obtain interface information about\n"
    "\tMBeans running in the system.  For this purpose, a variety of\n"
    "\tcommands are available to get information about the operations,\n"
    "\tattributes, and other interface information about particular MBeans.\n"
)
_COLUMN = 32


class Help:
    """The object `Help` of one client."""

    def __init__(self, workspace: Workspace, host: Host, profile: Profile, process: Process | None) -> None:
        self._client = (workspace, host, profile, process)
        self._process = process
        self._end = "\r\n" if host.platform == "windows" else "\n"
        self._objects: Mapping[str, Callable[[], str]] = {
            "AdminApp": lambda: self._said(AdminApp(*self._client)),
            "AdminConfig": lambda: self._of_session("AdminConfig"),
            "AdminControl": lambda: self._of_session("AdminControl"),
            "AdminTask": lambda: self._said(AdminTask(*self._client)),
            "help": lambda: _ABOUT,
        }
        self._of_beans: Mapping[str, Callable[[str, str], str]] = {
            "all": self._all,
            "attributes": self._attributes,
            "operations": self._operations,
            "classname": lambda name, _: self._known(name, "javax.management.modelmbean.RequiredModelMBean"),
            "constructors": lambda name, _: self._known(name, "Constructors"),
            "description": lambda name, _: self._known(name, "Managed object"),
            "notifications": lambda name, _: self._known(name, "Notifications"),
        }

    def names(self) -> Sequence[str]:
        """The methods."""
        return sorted([*self._objects, *self._of_beans, "message"])

    def call(self, method: str, arguments: Sequence[Argument]) -> Reply:
        """Call one. Raises `ScriptingError`."""
        words = [str(each) for each in arguments]
        if method in self._objects and not words:
            return Reply(self._objects[method]())
        if method in self._of_beans and 1 <= len(words) <= 2:
            return Reply(self._of_beans[method](words[0], words[1] if len(words) > 1 else ""))
        if method == "message" and len(words) == 1:
            return Reply("")
        raise ScriptingError(f"WASX7085E: Wrong number of arguments for method {method}.")

    def _said(self, target: AdminApp | AdminTask) -> str:
        return str(target.call("help", []).value)

    def _of_session(self, name: str) -> str:
        session = importlib.import_module("lab.products.was.admin.session")
        _, host, profile, process = self._client
        return str(session.Session(host, profile, process).call(name, "help", []).value)

    def _described(self, name: str) -> dict[str, list[list[str]]]:
        if self._process is None:
            raise ScriptingError("WASX7072E: The control service is not available.")
        # Only a server has beans; a client without a connection need not load what makes them.
        registry = importlib.import_module("lab.products.was.servers.mbeans.registry")
        runtime = importlib.import_module("lab.products.was.servers.runtime")
        described: dict[str, list[list[str]]] = registry.describe(runtime.current(), name)
        return described

    def _known(self, name: str, text: str) -> str:
        self._described(name)
        return text

    def _attributes(self, name: str, wanted: str = "") -> str:
        found = [each for each in self._described(name)["attributes"] if wanted in ("", each[0])]
        if wanted and not found:
            raise ScriptingError(f'WASX7105E: Attribute "{wanted}" is not found.')
        rows = [f"{attribute:<{_COLUMN}}{'java.lang.String':<{_COLUMN}}{access}" for attribute, access in found]
        return self._end.join([f"{'Attribute':<{_COLUMN}}{'Type':<{_COLUMN}}Access", *rows])

    def _operations(self, name: str, wanted: str = "") -> str:
        found = [each for each in self._described(name)["operations"] if wanted in ("", each[0])]
        if wanted and not found:
            raise ScriptingError(f'WASX7106E: Operation "{wanted}" is not found.')
        rows = [
            f"java.lang.String {operation}({', '.join(['java.lang.String'] * int(count))})"
            for operation, count in found
        ]
        return self._end.join(rows if wanted else ["Operation", *rows])

    def _all(self, name: str, _: str = "") -> str:
        parts = (self._attributes(name), self._operations(name), "Notifications", "Constructors")
        return self._end.join(["Name: " + name, "", *parts])
