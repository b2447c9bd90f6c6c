"""`install -options FILE -silent`: the installer of WAS Network Deployment 6.1."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from lab.host import Host, NoSpace
from lab.products.was import layout
from lab.products.was.installation import files, ismp, log, product, profiles, system
from lab.products.was.layout import Installation

OK, FAILED = 0, 1
NAME = "IBM WebSphere Application Server Network Deployment"
IDENTIFIER = "WSBAA61"
PRODUCT_MB = 1200
TEMPORARY_MB = 400

PROFILE_TYPES = ("none", "cell", "deploymentManager", "custom", "standAlone")
INSTALL_TYPES = ("installNew", "addFeature")
FEATURES = ("noFeature", "samplesSelected", "languagepack.console.all", "languagepack.server.all")
_ABSOLUTE = {"aix": re.compile(r"/\S+"), "windows": re.compile(r"[A-Za-z]:[\\/][^<>|?*\"]+")}


class Refused(Exception):
    """Why nothing is installed."""


def main(host: Host, arguments: Sequence[str]) -> int:
    """The program of the image."""
    early = log.Log(host.path(layout.join(host, host.user.home, "waslogs", "log.txt")))
    return run(host, arguments, early, _prepare)


def run(
    host: Host,
    arguments: Sequence[str],
    early: log.Log,
    prepare: Callable[[Host, ismp.CommandLine], tuple[Installation, Callable[[log.Log], tuple[str, str]]]],
) -> int:
    """Run an installer: `prepare` refuses or gives the root and what installs there and tells the verdict."""
    early.file.unlink(missing_ok=True)
    try:
        line = command(host, arguments)
        installation, work = prepare(host, line)
        verdict, text = work(early)
    except (ismp.BadLine, Refused) as problem:
        early.message(str(problem))
        early.verdict(log.FAILED, "The installation failed. Refer to this log file.")
        return FAILED
    early.verdict(verdict, text)
    target = installation.file("logs", "install", "log.txt")
    if target.parent.exists():
        target.write_bytes(early.file.read_bytes())
        early.file.unlink()
    # The launcher only tells whether the wizard ran to its end.
    return OK


def command(host: Host, arguments: Sequence[str]) -> ismp.CommandLine:
    """Read the command line of an installer that can only be silent here. Raises `Refused`, `BadLine`."""
    line = ismp.command_line(host, arguments)
    if not line.silent:
        raise Refused("The installation wizard needs a display; use -silent.")
    if system.lock_missing(host):
        raise Refused(f"Another installation may be running: {system.LOCK} does not exist.")
    return line


def may_install(host: Host, values: Mapping[str, str]) -> None:
    """Raises `Refused` when user or licence forbid it."""
    if not host.user.administrator and values.get("allowNonRootSilentInstall") != "true":
        raise Refused("The user is neither root nor an administrator, and allowNonRootSilentInstall is not true.")
    if values.get("silentInstallLicenseAcceptance") != "true":
        raise Refused("The license agreement is not accepted: silentInstallLicenseAcceptance is not true.")


def target(host: Host, values: Mapping[str, str]) -> Installation:
    """The root to install into, which must be free. Raises `Refused`."""
    root = values.get("installLocation", "").rstrip("/\\")
    if not _ABSOLUTE[host.platform].fullmatch(root):
        raise Refused(f'installLocation "{root}" is not a full path.')
    folder = host.path(root)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Refused(f"The directory {root} is not empty. Specify an empty or new directory.")
    if system.registered(host, root):
        raise Refused(f"A product is registered at {root} in {system.VPD}.")
    return Installation(host, root)


def _prepare(host: Host, line: ismp.CommandLine) -> tuple[Installation, Callable[[log.Log], tuple[str, str]]]:
    # A key that it does not know is ignored, as is a switch of another wizard.
    values = line.values("OPT")
    may_install(host, values)
    _one_of(values, "installType", INSTALL_TYPES, "installNew")
    kind = _one_of(values, "profileType", PROFILE_TYPES, "")
    for setting in line.settings:
        if setting.key == "feature" and setting.value not in FEATURES:
            raise Refused(f'feature "{setting.value}" is not one of {", ".join(FEATURES)}.')
    if values.get("installType") == "addFeature" or kind == "cell":
        raise Refused("lab: installType addFeature and profileType cell are not played out.")
    installation = target(host, values)
    requests = profiles.of_installer(kind, values)

    def work(early: log.Log) -> tuple[str, str]:
        verdict, text = lay(installation, early)
        if verdict != log.SUCCESS:
            return verdict, text
        for request in requests:
            outcome = profiles.create(installation, request)
            early.message(outcome.text)
            if outcome.verdict != log.SUCCESS:
                return log.PARTIAL, "The product is installed, but a profile was not created without errors."
        return log.SUCCESS, "The installation is successful."

    return installation, work


def lay(installation: Installation, journal: log.Log) -> tuple[str, str]:
    """Lay the product down; verdict and text. Shared with the gateway's installer."""
    host, root = installation.host, installation.root
    try:
        with system.temporary_room(host, TEMPORARY_MB):
            system.claim(host, root, PRODUCT_MB)
            installation.file("logs", "install").mkdir(parents=True, exist_ok=True)
            journal.message(f"WNIF0001I: Installing {NAME} to {root}")
            fault = host.fault("was:install")
            if fault == "disk-full":
                raise NoSpace(root, PRODUCT_MB, 0)
            if fault == "licence-refused":
                return log.FAILED, "The license agreement could not be registered."
            files.lay_root(installation)
    except NoSpace as full:
        journal.message(f"There is not enough disk space: {full}")
        return log.FAILED, "The installation failed: there is not enough disk space."
    product.write(installation, product.nd(product.BASE_LEVEL))
    product.write(installation, product.sdk(product.BASE_LEVEL))
    system.register(host, IDENTIFIER, NAME, product.BASE_LEVEL, root)
    journal.message("WNIF0100I: Reporting the install registry.")
    journal.message("WNIF0102I: The install registry is complete.")
    return log.SUCCESS, "The installation is successful."


def _one_of(values: Mapping[str, str], key: str, known: Sequence[str], default: str) -> str:
    value = values.get(key, default)
    if value not in known:
        raise Refused(f'{key} "{value}" is not one of {", ".join(known)}.')
    return value
