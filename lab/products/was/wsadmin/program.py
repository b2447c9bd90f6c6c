"""`wsadmin.sh`, `wsadmin.bat`."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from lab.host import Host
from lab.products.was import layout
from lab.products.was.layout import Installation, Profile
from lab.products.was.wsadmin import clients, java_home, settings
from lab.products.was.wsadmin.jython import Jython
from lab.products.was.wsadmin.messages import Messages
from lab.products.was.wsadmin.options import USAGE, Options, Refused, parse
from lab.products.was.wsadmin.run import PROPERTIES, Run, Step, read_script

_WRONG = 1
_NO_SCRIPT = 105


def main(host: Host, arguments: Sequence[str]) -> int:
    """Run scripts. Each start counts: `launches` in the host's store `wsadmin`."""
    with host.store("wsadmin") as memory:
        memory["launches"] = memory.get("launches", 0) + 1
    host.fault("wsadmin")
    try:
        options = parse(arguments)
        if options.help:
            print(USAGE)
            return 0
        installation, profile = _place(host, options, arguments)
        chosen = settings.load(host, profile, options)
        if chosen.language != "jython":
            raise Refused("-lang jacl: the lab has Jython only; say -lang jython")
    except Refused as error:
        print(f"wsadmin: {error}")
        return _WRONG
    except LookupError as error:
        print(error.args[0])
        return _WRONG
    return _run(host, installation, profile, chosen, options)


def _place(host: Host, options: Options, arguments: Sequence[str]) -> tuple[Installation, Profile]:
    installation, profile = layout.of_program(host, arguments)
    if profile is None:
        name = options.single.get("profile", "")
        if not name:
            raise LookupError(f"{host.program}: there is no profile; manageprofiles makes one")
        raise LookupError(f"WCMD0003E: Profile name {name} does not exist.")
    return installation, profile


def _properties(installation: Installation, profile: Profile, options: Options) -> dict[str, str]:
    """The system properties that scripts see."""
    places = {
        "was.install.root": installation.root,
        "user.install.root": profile.path,
        "was.repository.root": layout.join(installation.host, profile.path, "config"),
        "local.cell": profile.cell,
        "local.node": profile.node,
    }
    named = [option[2:].partition("=") for option in options.several["java"] if option.startswith("-D")]
    return {**PROPERTIES[installation.host.platform], **places, **{name: value for name, _, value in named}}


def _run(host: Host, installation: Installation, profile: Profile, chosen: settings.Settings, options: Options) -> int:
    folder = java_home.built()
    if folder is None:
        print(
            "lab: wsadmin's Java program is missing; make it: python3 -m lab.compiled",
            file=sys.stderr,
        )
        return _WRONG
    messages = Messages(host.path(chosen.trace), append=chosen.append_trace)
    steps = _steps(host, chosen, options, messages)
    if steps is None:
        return _NO_SCRIPT
    jython = Jython(folder, _properties(installation, profile, options), host.environment)
    admin = clients.open_client(host, profile, chosen, messages)
    try:
        if options.arguments:
            messages.say(
                "WASX7303I: The following options are passed to the scripting environment and are available as "
                f'arguments that are stored in the argv variable: "[{", ".join(options.arguments)}]"'
            )
        if steps[-1].kind == "interactive":
            messages.say('WASX7031I: For help, enter: "print Help.help()"')
        run = Run(host, admin, messages, steps, options.arguments)
        return run.close(jython.serve(run.answer))
    finally:
        admin.close()


def _steps(host: Host, chosen: settings.Settings, options: Options, messages: Messages) -> list[Step] | None:
    files = [("profile", name) for name in chosen.startup]
    if "file" in options.single:
        files.append(("file", options.single["file"]))
    steps = []
    for kind, name in files:
        text = read_script(host, name)
        if text is None:
            messages.say(f'WASX7011E: Cannot find file "{name}"')
            return None
        steps.append(Step(kind, name, text))
    steps += [Step("command", text=command) for command in options.several["command"]]
    if not steps or steps[-1].kind == "profile":
        steps.append(Step("interactive"))
    return steps
