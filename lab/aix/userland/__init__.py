"""The AIX 5.3 userland of the lab: an allow-list of commands, strict about what AIX does not know."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path


def install(root: Path) -> None:
    """Fill `/usr/bin`, `/usr/sbin`, `/usr/ucb` and `/etc` below a host's root folder."""
    # Every command imports this package first, so the installer is loaded only here.
    from lab.aix.userland.installation import install_tree  # noqa: PLC0415

    install_tree(root)
