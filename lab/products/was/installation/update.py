"""`update -silent -options FILE`: the Update Installer at work on a root."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lab.host import Host, NoSpace
from lab.products.was import layout
from lab.products.was.installation import ismp, log, packages, product, profiles, system
from lab.products.was.installation.packages import Package
from lab.products.was.layout import Installation

OK, FAILED = 0, 1
TEMPORARY_MB = 400
BACKUP_MB = 300
BEANS = {"maintenance.package", "backup.package", "product.location", "update.type"}
OPTIONS = {"disableNonBlockingPrereqChecking", "checkFilePermissions"}
INSTALL, UNINSTALL = "install", "uninstallMaintenancePackage"


class Invalid(Exception):
    """Why a package is not applied; nothing was changed."""


def main(host: Host, arguments: Sequence[str]) -> int:
    """The program: one package after the other, until one fails."""
    updater = Installation(host, re.sub(r"[\\/][^\\/]+$", "", host.program))
    trace = log.Log(updater.file("logs", "tmp", "updatetrace.log"))
    try:
        values = _values(host, arguments)
        installation = _installation(host, values["product.location"])
        kind = values.get("update.type", "")
        if kind not in (INSTALL, UNINSTALL):
            raise Invalid(f'update.type "{kind}" is neither {INSTALL} nor {UNINSTALL}.')
        names = values.get("maintenance.package" if kind == INSTALL else "backup.package", "")
        found = [_package(host, name) for name in names.split(";")]
    except (ismp.BadLine, Invalid) as problem:
        trace.message(str(problem))
        trace.verdict(log.FAILED, "The maintenance package was not processed.")
        return FAILED
    java = layout.join(host, updater.root, "java", "bin", "java")
    print(f"Executing command: {java} -cp update.jar -Xms48m -Xmx384m run {' '.join(arguments)}")
    # The launcher only tells whether it ran to its end.
    for package in found:
        if not process(installation, package, kind):
            break
    return OK


def _values(host: Host, arguments: Sequence[str]) -> dict[str, str]:
    line = ismp.command_line(host, arguments)
    if not line.silent:
        raise Invalid("The wizard needs a display; use -silent.")
    if not host.user.administrator:
        raise Invalid("The user is neither root nor an administrator.")
    for setting in line.settings:
        known = {"W": BEANS, "OPT": OPTIONS}.get(setting.switch, set())
        if setting.key not in known:
            raise Invalid(f"-{setting.switch} {setting.key} is not known.")
    return {"product.location": "", **line.values("W")}


def _installation(host: Host, root: str) -> Installation:
    installation = Installation(host, root.rstrip("/\\"))
    if not root or product.read(installation, "WAS") is None:
        raise Invalid(f'product.location "{root}" holds no supported product.')
    running = list(profiles.processes_of(installation, installation.root))
    if running:
        raise Invalid(
            f"Java processes of {root} are running ({', '.join(map(str, running))}); stop them before the update."
        )
    return installation


def _package(host: Host, name: str) -> Package:
    package = packages.read(host.path(name)) if name else None
    if package is None:
        raise Invalid(f'"{name}" is no maintenance package.')
    return package


def _apply(installation: Installation, package: Package) -> str:
    """Apply a package; what went wrong."""
    host = installation.host
    applied = {other.id: other for other in packages.installed(installation)}
    if package.platform not in packages.PLATFORMS[host.platform]:
        return f"The package is for {package.platform}."
    if package.id in applied:
        return "The package is already installed."
    current = product.read(installation, packages.PRODUCTS[package.product])
    if current is None or product.numbers(current.version) >= product.numbers(package.level):
        return f"The product is not below {package.level}."
    if package.product == "WAS" and not any(
        other.product == "WASSDK" and other.level == package.level for other in applied.values()
    ):
        return f"The package of the SDK for {package.level} must be installed first."
    try:
        with system.temporary_room(host, TEMPORARY_MB):
            system.claim(host, layout.join(host, installation.root, *packages.BACKUP, package.id), BACKUP_MB)
            if host.fault("was:fixpack") == "disk-full":
                raise NoSpace(installation.root, BACKUP_MB, 0)
    except NoSpace as full:
        return f"There is not enough disk space: {full}"
    _set_level(installation, package, package.level)
    backup = installation.file(*packages.BACKUP, f"{package.id}.pak")
    backup.parent.mkdir(parents=True, exist_ok=True)
    backup.write_text(package.text, "utf-8")
    return ""


def _remove(installation: Installation, package: Package) -> str:
    """Take a package out again; what went wrong."""
    host = installation.host
    backup = installation.file(*packages.BACKUP, f"{package.id}.pak")
    if not backup.exists():
        return "The package is not installed."
    if package.product == "WASSDK" and any(other.product == "WAS" for other in packages.installed(installation)):
        return "The package of WAS must be removed first."
    _set_level(installation, package, product.BASE_LEVEL)
    backup.unlink()
    system.release(host, layout.join(host, installation.root, *packages.BACKUP, package.id))
    return ""


def _set_level(installation: Installation, package: Package, level: str) -> None:
    make = product.nd if package.product == "WAS" else product.sdk
    product.write(installation, make(level))


def process(installation: Installation, package: Package, kind: str) -> bool:
    """Apply or remove one package, with its log; whether it went well."""
    action = "install" if kind == INSTALL else "uninstall"
    journal = log.Log(installation.file("logs", "update", f"{package.id}.{action}", "updatelog.txt"))
    journal.message(f"{package.id}: {action} of {installation.root}")
    problem = (_apply if kind == INSTALL else _remove)(installation, package)
    if problem:
        journal.message(f"{package.id}: {problem}")
        journal.verdict(log.FAILED, "The maintenance package was not processed.")
    else:
        journal.verdict(log.SUCCESS, f"{package.id}: the {action} is successful.")
    return not problem
