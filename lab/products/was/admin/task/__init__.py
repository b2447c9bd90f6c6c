"""AdminTask: the administrative commands of 6.1, by group in one module each."""

from __future__ import annotations

import importlib
from collections.abc import Sequence

from lab.host import Host
from lab.products.was.admin import Argument, Process, Reply
from lab.products.was.admin.task import binding, helptext
from lab.products.was.admin.task.commands import COMMANDS, Call
from lab.products.was.errors import ScriptingError
from lab.products.was.layout import Profile
from lab.products.was.model.workspace import Workspace

GROUPS = (
    "servers", "server_templates", "clusters", "process", "ports", "nodes", "groups", "chains", "jdbc", "caches",
    "buses", "jms", "jms_objects", "j2c", "web_servers", "key_stores", "ssl_selections", "certificates",
    "certificate_requests", "signers", "core_group_bridge", "authorization", "repositories", "repository_updates",
    "reports", "security",
)  # fmt: skip
for _group in GROUPS:
    importlib.import_module(f"{__name__}.{_group}")


class AdminTask:
    """The object `AdminTask` of one client."""

    def __init__(self, workspace: Workspace, host: Host, profile: Profile, process: Process | None) -> None:
        self._client = (workspace, host, profile, process)
        self._process = process

    def names(self) -> Sequence[str]:
        """The commands; every other name is an AttributeError of the script."""
        return [*sorted(COMMANDS), "help"]

    def call(self, method: str, arguments: Sequence[Argument]) -> Reply:
        """Run a command. Raises `ScriptingError`."""
        if method == "help":
            return Reply(helptext.text(*(str(each) for each in arguments[:2])))
        command = COMMANDS.get(method)
        if command is None:
            raise ScriptingError(f"WASX8014E: Command or command group not found: {method}")
        if self._process is not None and not self._process.has_master:
            raise ScriptingError("WASX7070E: The configuration service is not available.")
        target, values, steps = binding.bind(command, arguments)
        return Reply(command.run(Call(*self._client, target, values, steps)) or "")
