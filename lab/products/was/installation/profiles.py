"""Profiles: created, deleted, and what an installer asks of them."""

from __future__ import annotations

import copy
import importlib
import io
import shutil
from collections.abc import Iterator, Mapping
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass

from lab.host import NoSpace
from lab.products.was import layout, security
from lab.products.was.installation import log, product, profile_files, profile_registry, system
from lab.products.was.installation.profile_registry import Entry
from lab.products.was.installation.profile_request import Federation, Request, Template, completed, problems
from lab.products.was.layout import Installation, Profile

_SIZES_MB: Mapping[Template, int] = {"dmgr": 30, "default": 200, "managed": 10}
_TITLES: Mapping[Template, str] = {
    "dmgr": "Deployment manager", "default": "Application server", "managed": "Custom",
}  # fmt: skip
_ABOUT_PORTS = {
    "Administrative console port": "WC_adminhost",
    "Administrative console secure port": "WC_adminhost_secure",
    "HTTP transport port": "WC_defaulthost",
    "HTTPS transport port": "WC_defaulthost_secure",
    "Management bootstrap port": "BOOTSTRAP_ADDRESS",
    "Management SOAP connector port": "SOAP_CONNECTOR_ADDRESS",
    "Cell discovery port": "CELL_DISCOVERY_ADDRESS",
}
_OF_INSTALLER: Mapping[str, Template] = {"deploymentManager": "dmgr", "standAlone": "default", "custom": "managed"}
_FEDERATION_PORT = "8879"
_UNPLAYED_KEYS = ("portsFile", "nodeStartingPort", "nodePortsFile", "winserviceCheck", "enableService")


@dataclass(frozen=True)
class Outcome:
    """A verdict of `log` and the whole text that goes with it."""

    verdict: str
    text: str


def create(installation: Installation, request: Request) -> Outcome:
    """Create a profile."""
    request = completed(installation, request)
    journal = log.Log(installation.file("logs", "manageprofiles", f"{request.name}_create.log"))
    wrong = list(problems(installation, request))
    if wrong:
        for problem in wrong:
            journal.message(problem)
        return _failed("\n".join(["The command line has the following errors:", *wrong]))
    _put(installation, request, ticket=True)
    try:
        return _create(installation, request, journal)
    except NoSpace as full:
        profile_registry.remove(installation, request.name)
        journal.message(str(full))
        journal.verdict(log.FAILED, "The profile could not be created.")
        return _failed(f"The profile could not be created: {full}. For more information, consult {journal.file}.")


def _create(installation: Installation, request: Request, journal: log.Log) -> Outcome:
    host = installation.host
    system.claim(host, request.path, _SIZES_MB[request.template])
    profile_files.lay(installation, request)
    fault = host.fault("was:manageprofiles")
    if fault == "disk-full":
        raise NoSpace(request.path, _SIZES_MB[request.template], 0)
    ports = request.ports or {}
    journal.message(f"Creating the configuration of {request.cell}/{request.node}")
    _lay_configuration(installation, request)
    profile_files.shortcut(installation, request.name, request.path)
    facts: dict[str, str | int] = {
        "Application server environment to create": _TITLES[request.template],
        "Location": request.path,
        "Disk space required": f"{_SIZES_MB[request.template]} MB",
        "Profile name": request.name,
        "Make this profile the default": str(_becomes_default(installation, request)),
        "Node name": request.node,
        "Cell name": request.cell,
        "Host name": request.host,
        "Enable administrative security (recommended)": str(request.security),
    }
    if request.template != "managed":
        facts |= {title: ports[name] for title, name in _ABOUT_PORTS.items() if name in ports}
    profile_files.about(installation, request.path, facts)
    _put(installation, request, ticket=False)
    if request.federation:
        said = _federate(installation, request, request.federation)
        if said:
            profile_registry.remove(installation, request.name)
            journal.message(said)
            journal.verdict(log.FAILED, "The node could not be federated.")
            return _failed(f"The profile could not be created: the node could not be federated.\n{said}")
    if fault == "start-fails":
        journal.line("com.ibm.ws.profile", "err", "wsadmin task failed with return code: 105")
        journal.verdict(log.PARTIAL, "The profile now exists, but errors occurred.")
        return Outcome(
            log.PARTIAL,
            f"{log.PARTIAL}: The profile now exists, but errors occurred. For more information, consult "
            f"{layout.join(host, installation.root, 'logs', 'manageprofiles', journal.file.name)}.",
        )
    journal.verdict(log.SUCCESS, "Profile creation succeeded.")
    return Outcome(
        log.SUCCESS,
        f"{log.SUCCESS}: Success: Profile {request.name} now exists. Please consult "
        f"{layout.join(host, request.path, 'logs', 'AboutThisProfile.txt')} for more information about this profile.",
    )


def delete(installation: Installation, name: str) -> Outcome:
    """Take a profile out of the registry and its files away; its logs stay."""
    entry = next((entry for entry in profile_registry.read(installation) if entry.name == name), None)
    if entry is None:
        return _failed(f"Cannot delete profile: The profile {name} does not exist.")
    host = installation.host
    journal = log.Log(installation.file("logs", "manageprofiles", f"{name}_delete.log"))
    running = list(processes_of(installation, entry.path))
    folder = host.path(entry.path)
    if not running and folder.exists():
        for child in folder.iterdir():
            if child.is_dir() and child.name != "logs":
                shutil.rmtree(child)
    profile_registry.remove(installation, name)
    profile_files.shortcut(installation, name, entry.path).unlink()
    system.release(host, entry.path)
    if running:
        journal.verdict(log.PARTIAL, f"Processes of the profile still run: {', '.join(map(str, running))}")
        return Outcome(
            log.PARTIAL,
            f"{log.PARTIAL}: The profile no longer exists, but errors occurred. For more information, consult "
            f"{layout.join(host, installation.root, 'logs', 'manageprofiles', journal.file.name)}.",
        )
    journal.verdict(log.SUCCESS, "Profile deletion succeeded.")
    return Outcome(log.SUCCESS, f"{log.SUCCESS}: Success: The profile no longer exists.")


def processes_of(installation: Installation, path: str) -> Iterator[int]:
    """The Java processes that work below a native path."""
    separator = "\\" if installation.host.platform == "windows" else "/"
    prefix = (path.rstrip("/\\") + separator).casefold()
    for pid, title in installation.host.processes().items():
        folded = title.casefold()
        if prefix in folded and f"{separator}java{separator}bin{separator}java" in folded:
            yield pid


def of_installer(kind: str, values: Mapping[str, str]) -> list[Request]:
    """What the `PROF_` keys of the installer's response file ask for."""
    if kind == "none":
        return []

    def value(key: str) -> str:
        return values.get(f"PROF_{key}", "")

    errors = [
        f"lab: PROF_{key} is not played out." for key in _UNPLAYED_KEYS if value(key) not in ("", "false")
    ]  # fmt: skip
    if value("startingPort") and not value("startingPort").isdigit():
        errors.append(f'PROF_startingPort: "{value("startingPort")}" is not a number.')
    template = _OF_INSTALLER[kind]
    names: Mapping[Template, str] = {"dmgr": "Dmgr01", "default": "AppSrv01", "managed": "Custom01"}
    federation = None
    if template == "managed" and value("federateLater") != "true":
        federation = Federation(
            value("dmgrHost"), value("dmgrPort") or _FEDERATION_PORT,
            value("dmgrAdminUserName"), value("dmgrAdminPassword"),
        )  # fmt: skip
    return [
        Request(
            name=value("profileName") or names[template],
            template=template,
            path=value("profilePath"),
            cell=value("cellName"),
            node=value("nodeName"),
            host=value("hostName"),
            server=value("serverName"),
            default=value("isDefault") == "true",
            starting_port=int(value("startingPort")) if value("startingPort").isdigit() else None,
            default_ports=value("defaultPorts") == "true",
            validate_ports=value("validatePorts") == "true",
            security=value("enableAdminSecurity") == "true",
            user=value("adminUserName"),
            password=value("adminPassword"),
            federation=federation,
            errors=tuple(errors),
        )
    ]


def _lay_configuration(installation: Installation, request: Request) -> None:
    # What it needs of the metamodel is slow to load, and most calls of manageprofiles create nothing.
    from lab.products.was.documents.profile import ProfileSpec, lay  # noqa: PLC0415

    host = installation.host
    installed = product.read(installation, "WAS")
    lay(
        host.path(layout.join(host, request.path, "config")),
        ProfileSpec(
            template=request.template,
            cell=request.cell,
            node=request.node,
            host=request.host,
            server=request.server,
            ports=request.ports or {},
            root=installation.root,
            path=request.path,
            platform=host.platform,
            version=installed.version if installed else product.BASE_LEVEL,
            user=request.user,
            registry=security.registry_text(request.user, request.password) if request.security else "",
            security=request.security,
        ),
    )


def _becomes_default(installation: Installation, request: Request) -> bool:
    return request.default or not any(entry.default for entry in _others(installation, request))


def _others(installation: Installation, request: Request) -> list[Entry]:
    return [entry for entry in profile_registry.read(installation) if entry.name != request.name]


def _put(installation: Installation, request: Request, *, ticket: bool) -> None:
    template = layout.join(installation.host, installation.root, "profileTemplates", request.template)
    default = not ticket and _becomes_default(installation, request)
    profile_registry.put(installation, Entry(request.name, request.path, template, default, ticket))


def _federate(installation: Installation, request: Request, federation: Federation) -> str:
    """Run the profile's own addNode in this process, as the product does; what it said when it failed."""
    host = installation.host
    profile = installation.profile(request.name)
    assert isinstance(profile, Profile)
    twin = copy.copy(host)
    twin.program = layout.join(host, request.path, "bin", layout.script(host, "addNode"))
    arguments = [federation.host, federation.port]
    if federation.user:
        arguments += ["-username", federation.user, "-password", federation.password]
    if request.starting_port is not None:
        arguments += ["-startingport", str(request.starting_port)]
    said = io.StringIO()
    with redirect_stdout(said), redirect_stderr(said):
        code: int = importlib.import_module("lab.products.was.servers.add_node").main(twin, arguments)
    return said.getvalue() if code else ""


def _failed(text: str) -> Outcome:
    return Outcome(log.FAILED, f"{log.FAILED}: {text}")
