"""The program behind DB2's Windows services."""

from __future__ import annotations

import signal
from collections.abc import Sequence

from lab.host import Host, Late


def db2syscs(host: Host, arguments: Sequence[str]) -> int:
    """Serve an instance; with `-idle` only run, as the services do that serve none."""
    if list(arguments) != ["-idle"]:
        return Late("lab.products.db2.engine.db2sysc")(host, arguments)
    host.report_running()
    signal.pause()
    return 0
