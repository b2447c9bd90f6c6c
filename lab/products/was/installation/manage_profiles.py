"""`manageprofiles`: create, delete, list, repair, save and restore the profiles of an installation."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from lab.host import Host
from lab.products.was import layout
from lab.products.was.installation import log, profile_backup, profile_registry, profiles
from lab.products.was.installation.profile_registry import Entry
from lab.products.was.installation.profile_request import Federation, Request, template_of
from lab.products.was.layout import Installation
from lab.products.was.wsadmin import java_properties

OK, FAILED, PARTIAL = 0, 1, 2
_CODES = {log.SUCCESS: OK, log.PARTIAL: PARTIAL, log.FAILED: FAILED}
_DMGR_PORT = "8879"

Options = Mapping[str, str]
Answer = tuple[str, str]
"""A verdict of `log` and what is printed."""

_CREATE = (
    "profileName", "profilePath", "templatePath", "cellName", "nodeName", "hostName", "serverName", "isDefault",
    "startingPort", "portsFile", "defaultPorts", "validatePorts", "enableAdminSecurity", "adminUserName",
    "adminPassword", "federateLater", "dmgrHost", "dmgrPort", "dmgrAdminUserName", "dmgrAdminPassword",
    "winserviceCheck", "omitAction", "samplesPassword", "isDeveloperServer",
)  # fmt: skip
_UNPLAYED = ("winserviceCheck", "samplesPassword", "isDeveloperServer")
PARAMETERS: Mapping[str, tuple[str, ...]] = {
    "create": _CREATE,
    "delete": ("profileName",),
    "deleteAll": (),
    "listProfiles": (),
    "getName": ("profilePath",),
    "getPath": ("profileName",),
    "getDefaultName": (),
    "validateRegistry": (),
    "validateAndUpdateRegistry": (),
    "augment": ("profileName", "templatePath"),
    "unaugment": ("profileName", "templatePath"),
    "backupProfile": ("profileName", "backupFile"),
    "restoreProfile": ("backupFile",),
}
"""By action: its parameters."""
_FLAGS = {"isDefault", "defaultPorts", "validatePorts"}
"""Parameters without a value."""


class Wrong(Exception):
    """A command line or response file that is not understood."""


def main(host: Host, arguments: Sequence[str]) -> int:
    """The program."""
    installation, _ = layout.of_program(host, [])
    try:
        words = list(arguments)
        if words[:1] == ["-response"] and len(words) > 1:
            action, options = _response(host, words[1])
        else:
            action, options = _command_line(words)
        _check(action, options)
        verdict, text = _ACTIONS[action](installation, options)
    except Wrong as problem:
        verdict, text = log.FAILED, f"{log.FAILED}: {problem}"
    print(text)
    return _CODES[verdict]


def _command_line(words: list[str]) -> tuple[str, Options]:
    action, options = "", {}
    while words:
        word = words.pop(0)
        name = word[1:]
        if not word.startswith("-"):
            raise Wrong(f"The argument {word} is not understood.")
        if name in PARAMETERS:
            action = _only(action, name)
        elif name in _FLAGS:
            options[name] = "true"
        elif words and not re.fullmatch("-[a-zA-Z]+", words[0]):
            options[name] = words.pop(0)
        else:
            raise Wrong(f"The argument {word} is not valid or has no value.")
    return action, options


def _response(host: Host, path: str) -> tuple[str, Options]:
    file = host.path(path)
    if not file.is_file():
        raise Wrong(f"The response file {path} does not exist.")
    action, options = "", {}
    for name, value in java_properties.parse(file.read_text("latin-1")).items():
        if name in PARAMETERS and not value:
            action = _only(action, name)
        elif name in _FLAGS:
            options[name] = value or "true"
        else:
            options[name] = value
    return action, options


def _only(action: str, name: str) -> str:
    if action:
        raise Wrong(f"Only one of -{action} and -{name} may be given.")
    return name


def _check(action: str, options: Options) -> None:
    if not action:
        raise Wrong(f"An action is required: {', '.join('-' + name for name in PARAMETERS)}.")
    unknown = [name for name in options if name not in PARAMETERS[action]]
    if unknown:
        raise Wrong(f"The following command line arguments are not valid with -{action}: {', '.join(unknown)}")
    unplayed = [name for name in _UNPLAYED if options.get(name, "false") != "false"]
    if unplayed:
        raise Wrong(f"lab: {', '.join(unplayed)}: not played out.")
    required = {
        "create": ("profileName", "templatePath"), "getName": ("profilePath",), "deleteAll": (), "listProfiles": (),
    }.get(action, PARAMETERS[action])  # fmt: skip
    missing = [name for name in required if not options.get(name)]
    if missing:
        raise Wrong(f"The following command line arguments are required: {', '.join(missing)}")


def _create(installation: Installation, options: Options) -> Answer:
    outcome = profiles.create(installation, _request(installation, options))
    return outcome.verdict, outcome.text


def _request(installation: Installation, options: Options) -> Request:
    template = template_of(installation, options["templatePath"])
    if template is None:
        raise Wrong(f"templatePath: {options['templatePath']} is no profile template of this installation.")
    errors = [
        f'{name}: "{options[name]}" is neither true nor false.'
        for name in ("isDefault", "defaultPorts", "validatePorts", "enableAdminSecurity", "federateLater")
        if options.get(name, "true") not in ("true", "false")
    ]
    sources = [
        name for name in ("startingPort", "portsFile", "defaultPorts") if options.get(name, "false") != "false"
    ]  # fmt: skip
    if len(sources) > 1:
        errors.append(f"Only one of {', '.join(sources)} may be given.")
    if "startingPort" in sources and not options["startingPort"].isdigit():
        errors.append(f'startingPort: "{options["startingPort"]}" is not a number.')
    federation = None
    if template == "managed" and options.get("federateLater") != "true":
        federation = Federation(
            options.get("dmgrHost", ""), options.get("dmgrPort", _DMGR_PORT),
            options.get("dmgrAdminUserName", ""), options.get("dmgrAdminPassword", ""),
        )  # fmt: skip
        if not federation.host:
            errors.append("dmgrHost is required unless federateLater is true.")
    elif template != "managed":
        errors += [
            f"{name}: it is not a parameter of the template {template}."
            for name in ("federateLater", "dmgrHost", "dmgrPort", "dmgrAdminUserName", "dmgrAdminPassword")
            if name in options
        ]
    number = options.get("startingPort", "")
    return Request(
        name=options["profileName"],
        template=template,
        path=options.get("profilePath", ""),
        cell=options.get("cellName", ""),
        node=options.get("nodeName", ""),
        host=options.get("hostName", ""),
        server=options.get("serverName", ""),
        default=options.get("isDefault") == "true",
        starting_port=int(number) if number.isdigit() else None,
        ports=_ports_file(installation.host, options["portsFile"]) if "portsFile" in sources else None,
        default_ports=options.get("defaultPorts") == "true",
        validate_ports=options.get("validatePorts") == "true",
        security=options.get("enableAdminSecurity") == "true",
        user=options.get("adminUserName", ""),
        password=options.get("adminPassword", ""),
        federation=federation,
        errors=tuple(errors),
    )


def _ports_file(host: Host, path: str) -> Mapping[str, int]:
    file = host.path(path)
    if not file.is_file():
        raise Wrong(f"portsFile: {path} does not exist.")
    found = java_properties.parse(file.read_text("latin-1"))
    wrong = [name for name, value in found.items() if not value.isdigit()]
    if wrong:
        raise Wrong(f"portsFile: {', '.join(wrong)}: not a number.")
    return {name: int(value) for name, value in found.items()}


def _delete(installation: Installation, options: Options) -> Answer:
    outcome = profiles.delete(installation, options["profileName"])
    return outcome.verdict, outcome.text


def _delete_all(installation: Installation, options: Options) -> Answer:
    del options
    outcomes = [profiles.delete(installation, entry.name) for entry in profile_registry.read(installation)]
    worst = max((outcome.verdict for outcome in outcomes), key=lambda verdict: _CODES[verdict], default=log.SUCCESS)
    return worst, "\n".join(outcome.text for outcome in outcomes)


def _list(installation: Installation, options: Options) -> Answer:
    del options
    return log.SUCCESS, f"[{', '.join(profile.name for profile in installation.profiles())}]"


def _get_name(installation: Installation, options: Options) -> Answer:
    wanted = installation.host.path(options["profilePath"])
    for profile in installation.profiles():
        if installation.host.path(profile.path) == wanted:
            return log.SUCCESS, profile.name
    raise Wrong(f"There is no profile at {options['profilePath']}.")


def _get_path(installation: Installation, options: Options) -> Answer:
    return log.SUCCESS, _existing(installation, options["profileName"]).path


def _get_default_name(installation: Installation, options: Options) -> Answer:
    del options
    profile = installation.profile("")
    if profile is None:
        raise Wrong("There is no default profile.")
    return log.SUCCESS, profile.name


def _broken(installation: Installation) -> list[Entry]:
    host = installation.host
    settings = layout.script(host, "setupCmdLine")
    return [
        entry
        for entry in profile_registry.read(installation)
        if entry.ticket or not host.path(layout.join(host, entry.path, "bin", settings)).exists()
    ]


def _validate(installation: Installation, options: Options) -> Answer:
    del options
    return log.SUCCESS, f"[{', '.join(entry.name for entry in _broken(installation))}]"


def _validate_and_update(installation: Installation, options: Options) -> Answer:
    del options
    broken = _broken(installation)
    for entry in broken:
        profile_registry.remove(installation, entry.name)
    return log.SUCCESS, f"[{', '.join(entry.name for entry in broken)}]"


def _augment(installation: Installation, options: Options) -> Answer:
    _existing(installation, options["profileName"])
    raise Wrong(f"templatePath: {options['templatePath']} is no augmentation template of this installation.")


def _backup(installation: Installation, options: Options) -> Answer:
    profile = _existing(installation, options["profileName"])
    if list(profiles.processes_of(installation, profile.path)):
        raise Wrong(f"Servers of the profile {profile.name} are running.")
    profile_backup.save(profile, installation.host.path(options["backupFile"]))
    return log.SUCCESS, f"{log.SUCCESS}: Success: The profile backup operation was successful."


def _restore(installation: Installation, options: Options) -> Answer:
    try:
        profile_backup.restore(installation, installation.host.path(options["backupFile"]))
    except ValueError as problem:
        raise Wrong(str(problem)) from None
    return log.SUCCESS, f"{log.SUCCESS}: Success: The profile was successfully restored."


def _existing(installation: Installation, name: str) -> layout.Profile:
    profile = installation.profile(name)
    if profile is None:
        raise Wrong(f"The profile {name} does not exist.")
    return profile


_ACTIONS: Mapping[str, Callable[[Installation, Options], Answer]] = {
    "create": _create, "delete": _delete, "deleteAll": _delete_all, "listProfiles": _list, "getName": _get_name,
    "getPath": _get_path, "getDefaultName": _get_default_name, "validateRegistry": _validate,
    "validateAndUpdateRegistry": _validate_and_update, "augment": _augment, "unaugment": _augment,
    "backupProfile": _backup, "restoreProfile": _restore,
}  # fmt: skip
