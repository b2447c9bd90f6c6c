"""`_uninstgw/uninstaller -silent`: takes the gateway's own files away; profile and WebSphere stay."""

from __future__ import annotations

import re
import shutil
from collections.abc import Sequence

from lab.host import Host
from lab.products.gateway import layout
from lab.products.was.installation import profiles, system
from lab.products.was.layout import Installation, join

OK, FAILED = 0, 1


def main(host: Host, arguments: Sequence[str]) -> int:
    """The program."""
    installation = Installation(host, re.sub(r"[\\/]_uninstgw[\\/][^\\/]+$", "", host.program))
    running = list(profiles.processes_of(installation, installation.root))
    if list(arguments) != ["-silent"] or not host.user.administrator or running:
        print("The uninstaller needs -silent, an administrator, and no running process of WebSphere.")
        return FAILED
    library = join(host, installation.root, "rtc_gw_lib")
    for folder in (library, join(host, installation.root, "_uninstgw")):
        shutil.rmtree(host.path(folder))
    installation.file("properties", "version", f"{layout.PRODUCT}.product").unlink()
    system.unregister(host, layout.TITLE, layout.VERSION, installation.root)
    system.release(host, library)
    return OK
