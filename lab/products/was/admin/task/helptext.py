"""What `AdminTask.help` says."""

from __future__ import annotations

from collections.abc import Iterable

from lab.products.was.admin.task.commands import COMMANDS, Command, Parameter
from lab.products.was.errors import ScriptingError

_GENERAL = """\
WASX8001I: The AdminTask object enables the execution of available
admin commands. AdminTask commands operate in two modes:
the default mode is one which AdminTask communicates with the WebSphere
server to accomplish its task. A local mode is also available in which no
server communication takes place. The local mode of operation is invoked by
bringing up the scripting client using the command line "-conntype NONE"
option or setting the "com.ibm.ws.scripting.connectiontype=NONE" property
in wsadmin.properties file.

The number of admin commands varies and depends on your WebSphere
install. Use the following help commands to obtain a list of supported
commands and their parameters:

help -commands                  list all the admin commands
help -commandGroups             list all the admin command groups
help commandName                display detailed information for
                                the specified command
help commandName stepName       display detailed information for
                                the specified step belonging to the specified command"""


def text(topic: str = "", step: str = "") -> str:
    """Help in general, on a list (`-commands`, `-commandGroups`), a command, or one of its steps."""
    if not topic:
        return _GENERAL
    if topic == "-commands":
        lines = (f"{each.name} - {each.description}" for each in _sorted(COMMANDS.values()))
        return "WASX8004I: Available admin commands:\n\n" + "\n".join(lines)
    groups = sorted({each.group for each in COMMANDS.values()})
    if topic == "-commandGroups":
        return "WASX8005I: Available admin command groups:\n\n" + "\n".join(groups)
    if topic in COMMANDS:
        return _of_step(COMMANDS[topic], step) if step else _of_command(COMMANDS[topic])
    if topic in groups:
        lines = (f"{each.name} - {each.description}" for each in _sorted(COMMANDS.values()) if each.group == topic)
        return f"WASX8007I: Detailed help for command group: {topic}\n\nCommands:\n" + "\n".join(lines)
    raise ScriptingError(f"WASX8014E: Command or command group not found: {topic}")


def _sorted(commands: Iterable[Command]) -> list[Command]:
    return sorted(commands, key=lambda each: each.name)


def _of_command(command: Command) -> str:
    target = f"{'*' if command.target_required else ''}{command.target}" if command.target else "None"
    steps = "\n".join(f"    {each.name} - {each.description}" for each in command.steps) or "    None"
    return (
        f"WASX8006I: Detailed help for command: {command.name}\n\nDescription: {command.description}\n\n"
        f"Target object:   {target}\n\nArguments:\n{_arguments(command.parameters)}\n\nSteps:\n{steps}"
    )


def _of_step(command: Command, name: str) -> str:
    step = next((each for each in command.steps if each.name == name), None)
    if step is None:
        raise ScriptingError(f"WASX8015E: Step {name} is not found in command {command.name}.")
    return (
        f"WASX8013I: Detailed help for step: {name}\n\nDescription: {step.description}\n\n"
        f"Collection:    {'Yes' if step.rows else 'No'}\n\nArguments:\n{_arguments(step.parameters)}"
    )


def _arguments(parameters: Iterable[Parameter]) -> str:
    """One line each; a required one has a star."""
    return "\n".join(f"  {'*' if each.required else ''}{each.name} - {each.kind}" for each in parameters) or "  None"
