"""`uninstall -silent`: of WAS and of the Update Installer, each from its own root."""

from __future__ import annotations

import re
import shutil
from collections.abc import Sequence

from lab.host import Host
from lab.products.was.installation import install, ismp, product, profiles, system, updi_install
from lab.products.was.layout import Installation

OK, FAILED = 0, 1
_KEEPS_PROFILES = "removeProfilesOnUninstall"


def main(host: Host, arguments: Sequence[str]) -> int:
    """The program."""
    installation = Installation(host, re.sub(r"[\\/]uninstall[\\/][^\\/]+$", "", host.program))
    root = installation.root
    try:
        line = ismp.command_line(host, arguments)
    except ismp.BadLine as problem:
        print(problem)
        return FAILED
    running = list(profiles.processes_of(installation, root))
    if not line.silent or not host.user.administrator or running:
        print("The uninstaller needs -silent, an administrator, and no running process of the product.")
        return FAILED
    is_was = product.read(installation, "WAS") is not None
    keep = is_was and line.values("OPT").get(_KEEPS_PROFILES) == "false"
    for child in installation.file().iterdir():
        if child.name in {"logs", *(["profiles", "properties"] if keep else [])}:
            continue
        if child.is_dir():
            shutil.rmtree(child)
        else:
            child.unlink()
    if is_was:
        installation.file("properties", "version", "WAS.product").unlink(missing_ok=True)
        system.unregister(host, install.NAME, product.BASE_LEVEL, root)
    else:
        system.unregister(host, updi_install.NAME, updi_install.VERSION, root)
    system.release(host, root)
    return OK
