"""`install -options FILE -silent` of the Update Installer."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from lab.host import Host, NoSpace
from lab.products.was import layout
from lab.products.was.installation import ismp, log, system
from lab.products.was.installation.install import Refused, may_install, run, target
from lab.products.was.layout import Installation

NAME = "Update Installer for WebSphere Software"
IDENTIFIER = "WSUPDI61"
VERSION = "6.1.0.11"
PRODUCT_MB = 250
TEMPORARY_MB = 100

_INSTALL = """\
# Options of a silent update: update -silent -options <this file>
-W maintenance.package=""
-W product.location=""
-W update.type="install"
"""
_UNINSTALL = """\
# Options of a silent removal: update -silent -options <this file>
-W backup.package=""
-W product.location=""
-W update.type="uninstallMaintenancePackage"
"""


def main(host: Host, arguments: Sequence[str]) -> int:
    """The program of the image."""
    early = log.Log(host.path(layout.join(host, host.user.home, "updilogs", "log.txt")))
    return run(host, arguments, early, _prepare)


def _prepare(host: Host, line: ismp.CommandLine) -> tuple[Installation, Callable[[log.Log], tuple[str, str]]]:
    values = line.values("OPT")
    may_install(host, values)
    if values.get("installType", "installNew") != "installNew":
        raise Refused(f'installType "{values["installType"]}" is not installNew.')
    installation = target(host, values)
    return installation, lambda early: _lay(installation, early)


def _lay(installation: Installation, early: log.Log) -> tuple[str, str]:
    host, root = installation.host, installation.root
    try:
        with system.temporary_room(host, TEMPORARY_MB):
            system.claim(host, root, PRODUCT_MB)
            installation.file("logs", "install").mkdir(parents=True)
            fault = host.fault("was:updi")
            if fault == "disk-full":
                raise NoSpace(root, PRODUCT_MB, 0)
            if fault == "licence-refused":
                return log.FAILED, "The license agreement could not be registered."
    except NoSpace as full:
        early.message(f"There is not enough disk space: {full}")
        return log.FAILED, "The installation failed: there is not enough disk space."
    for folder in ("maintenance", "responsefiles", "java", "logs/tmp"):
        installation.file(*folder.split("/")).mkdir(parents=True, exist_ok=True)
    installation.file("responsefiles", "install.txt").write_text(_INSTALL, "utf-8")
    installation.file("responsefiles", "uninstall.txt").write_text(_UNINSTALL, "utf-8")
    host.install_program(layout.join(host, root, layout.script(host, "update")), "was:update")
    uninstall = "uninstall.exe" if host.platform == "windows" else "uninstall"
    host.install_program(layout.join(host, root, "uninstall", uninstall), "was:uninstall")
    installation.file("version.txt").write_text(f"{NAME}\nVersion {VERSION}\n", "utf-8")
    system.register(host, IDENTIFIER, NAME, VERSION, root)
    return log.SUCCESS, "The installation is successful."
