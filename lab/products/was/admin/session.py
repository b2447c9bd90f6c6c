"""One scripting client: the five objects on one workspace."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from typing import Protocol

from lab.host import Host
from lab.products.was.admin import Argument, Process, Reply
from lab.products.was.admin.config import Config
from lab.products.was.admin.config_command import Context
from lab.products.was.errors import ScriptingError
from lab.products.was.layout import Profile
from lab.products.was.model.workspace import Workspace


class Target(Protocol):
    """A scripting object."""

    def names(self) -> Sequence[str]:
        """Its methods."""

    def call(self, method: str, arguments: Sequence[Argument]) -> Reply:
        """Call one."""


class Session:
    """`Admin` on a profile of this host: of a client in the server `process`, or without a connection.

    `user` is who was authenticated. Whatever is heavy to load waits for its first use."""

    def __init__(self, host: Host, profile: Profile, process: Process | None, user: str = "") -> None:
        self.process = process
        self.user = user
        self._host, self._profile = host, profile
        self._workspace = Workspace(profile.config)
        context = Context(host, profile, process, self._workspace, self._mbean)
        self._targets: dict[str, Target] = {"AdminConfig": Config(context)}

    def names(self, target: str) -> Sequence[str]:
        """The methods of a scripting object; none when it is not there."""
        found = self._target(target)
        return found.names() if found else []

    def call(self, target: str, method: str, arguments: Sequence[Argument]) -> Reply:
        """Call a method of one. Raises `ScriptingError`."""
        found = self._target(target)
        if found is None:
            raise ScriptingError(f"WASX7056W: The {target} object is not available.")
        return found.call(method, arguments)

    def close(self) -> None:
        """Forget everything that was not saved."""
        self._workspace.discard()

    def _target(self, name: str) -> Target | None:
        if name not in self._targets and name in _LATE and (name != "AdminControl" or self.process):
            module, class_name = _LATE[name]
            made = getattr(importlib.import_module(f"lab.products.was.admin.{module}"), class_name)
            if name == "AdminControl":
                self._targets[name] = made(self._host, self._profile, self.process, self._workspace)
            else:
                self._targets[name] = made(self._workspace, self._host, self._profile, self.process)
        return self._targets.get(name)

    def _mbean(self, query: str) -> str:
        control = self._target("AdminControl")
        value = control.call("completeObjectName", [query]).value if control else ""
        return str(value or "")


_LATE = {
    "AdminTask": ("task", "AdminTask"),
    "AdminApp": ("app", "AdminApp"),
    "AdminControl": ("control", "Control"),
    "Help": ("help", "Help"),
}
