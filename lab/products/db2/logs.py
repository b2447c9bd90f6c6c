"""Where the setup programs may write their logs."""

from __future__ import annotations

from lab.host import Host


def problem(host: Host, native: str) -> str:
    """Why no log can be written at `native`; empty when one can."""
    path = host.path(native)
    if path.is_dir():
        return f"{native} is a folder"
    return "" if path.parent.is_dir() else f"the folder of {native} does not exist"
