"""TCP ports by their numbers or by their names in the machine's file of services."""

from __future__ import annotations

import re

from lab.host import Host

WINDOWS_FILE = "C:\\WINDOWS\\system32\\drivers\\etc\\services"


def number(host: Host, service: str) -> int | None:
    """The port of a service, None when there is none."""
    if service.isdigit():
        return int(service)
    file = host.path(WINDOWS_FILE if host.platform == "windows" else "/etc/services")
    text = file.read_text("utf-8") if file.exists() else ""
    match = re.search(rf"^{re.escape(service)}\s+(\d+)/tcp\b", text, re.MULTILINE)
    return int(match[1]) if match and service else None
