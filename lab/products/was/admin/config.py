"""The scripting object AdminConfig."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lab.products.was.admin import (
    Argument,
    Reply,
    config_adapters,
    config_change,
    config_clusters,
    config_query,
    config_session,
    config_types,
)
from lab.products.was.admin.config_command import Command, Context
from lab.products.was.errors import ScriptingError

_ABOUT = (
    "WASX7053I: The AdminConfig object communicates with the Config Service in a WebSphere server to manipulate "
    "configuration data for a WebSphere installation. AdminConfig has commands to list, create, remove, display, and "
    "modify configuration data, as well as commands to display information about configuration data types."
)


def _help(context: Context, command: Argument = None) -> str:
    if not command:
        names = [f"{name:<31} {COMMANDS[name].description}" for name in sorted(COMMANDS)]
        return context.lines([_ABOUT, "", *names])
    name = str(command)
    if name not in COMMANDS:
        raise ScriptingError(f"WASX7082E: Help for method {name} is not available.")
    arguments = ", ".join(COMMANDS[name].arguments) or "none"
    return context.lines(
        [f"WASX7061I: Method: {name}", "", f"Arguments: {arguments}", "", f"Description: {COMMANDS[name].description}"]
    )


COMMANDS: Mapping[str, Command] = {
    **config_types.COMMANDS,
    **config_query.COMMANDS,
    **config_change.COMMANDS,
    **config_clusters.COMMANDS,
    **config_adapters.COMMANDS,
    **config_session.COMMANDS,
    "help": Command(_help, 0, ("command",), "Show help information"),
}


class Config:
    """AdminConfig on a workspace."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def names(self) -> Sequence[str]:
        """The commands."""
        return sorted(COMMANDS)

    def call(self, method: str, arguments: Sequence[Argument]) -> Reply:
        """Run one. Raises `ScriptingError`; a process that holds only a copy of the configuration has no service."""
        command = COMMANDS.get(method)
        if command is None:
            raise ScriptingError(f"AdminConfig has no method {method}.")
        process = self._context.process
        if method != "help" and process is not None and not process.has_master:
            raise ScriptingError("WASX7070E: The configuration service is not available.")
        if not command.required <= len(arguments) <= len(command.arguments):
            most = len(command.arguments)
            wanted = str(most) if most == command.required else f"{command.required}-{most}"
            raise ScriptingError(f"{method}(): expected {wanted} args; got {len(arguments)}")
        self._context.printed.clear()
        value = command.run(self._context, *arguments)
        return Reply(value, "".join(self._context.printed))
