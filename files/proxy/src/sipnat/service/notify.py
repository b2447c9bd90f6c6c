# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Tells systemd how the service does (sd_notify): a datagram to the socket that it names in the environment."""

from __future__ import annotations

import os
import socket
import time
from contextlib import suppress
from typing import Optional


def notify(state: str) -> bool:
    """Send assignments such as ``READY=1``; false: nobody wants to know."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address or not hasattr(socket, "AF_UNIX"):
        return False
    if address.startswith("@"):
        address = "\0" + address[1:]
    with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sock:
        sock.sendto(state.encode(), address)
        return True
    return False


def reloading() -> None:
    """``Type=notify-reload`` wants the time, and READY=1 when it is done."""
    notify(f"RELOADING=1\nMONOTONIC_USEC={int(time.monotonic() * 1_000_000)}")


def watchdog() -> Optional[float]:
    """Seconds between signs of life, half of what systemd allows; None: it expects none from this process."""
    microseconds = os.environ.get("WATCHDOG_USEC", "")
    process = os.environ.get("WATCHDOG_PID", str(os.getpid()))
    if not microseconds.isdigit() or process != str(os.getpid()):
        return None
    return int(microseconds) / 2_000_000
