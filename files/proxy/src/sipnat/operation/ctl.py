# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The client of the administration port: the same on every system, where signals are missing too."""

from __future__ import annotations

import http.client
import json
from typing import Any, Dict, Sequence
from urllib.parse import quote

from ..model import Admin
from .log import readable
from .token_file import read

TIMEOUT = 30.0  # a reload proves the new configuration first
_PLAIN = ("status", "reload", "stop")
_WITH_HOST = ("drain", "undrain")


class ControlError(Exception):
    """The proxy could not be told, or would not do it."""


def path(order: Sequence[str]) -> str:
    """The path that stands for an order in words. Raises ValueError if there is no such order."""
    if len(order) == 1 and order[0] in _PLAIN + _WITH_HOST:
        return f"/ctl/{order[0]}"
    if len(order) == 2 and order[0] in _WITH_HOST:
        return f"/ctl/{order[0]}?host={quote(order[1])}"
    if len(order) == 2 and order[0] == "trace" and order[1] in ("on", "off"):
        return f"/ctl/trace/{order[1]}"
    raise ValueError(f"{' '.join(order)}: no such order; status, reload, drain, undrain, trace on, trace off or stop")


def order(admin: Admin, words: Sequence[str]) -> Dict[str, Any]:
    """Give an order and wait for the answer. Raises ControlError, and ValueError for an order that does not exist."""
    where = path(words)
    if not admin.port:
        raise ControlError("admin.port is 0 in this configuration: nobody listens for orders")
    if admin.token is None:
        raise ControlError("admin.token names no file in this configuration: the proxy takes no orders")
    try:
        token = read(admin.token)
    except FileNotFoundError:
        raise ControlError(f"admin.token: {admin.token} is missing: the proxy makes it, does it run?") from None
    except OSError as error:
        raise ControlError(f"admin.token: {readable(error)}") from None
    connection = http.client.HTTPConnection(admin.address, admin.port, timeout=TIMEOUT)
    try:
        connection.request("POST", where, headers={"Authorization": b"Bearer " + token})
        response = connection.getresponse()
        text = response.read()
    except (OSError, http.client.HTTPException) as error:
        why = f"{admin.address}:{admin.port} does not answer ({readable(error)}): does the proxy run?"
        raise ControlError(why) from None
    finally:
        connection.close()
    try:
        answer = json.loads(text)
    except ValueError:
        answer = None
    if not isinstance(answer, dict):
        raise ControlError(f"{admin.address}:{admin.port} is no proxy of this kind: HTTP status {response.status}")
    if response.status != http.client.OK:
        raise ControlError(str(answer.get("error", f"HTTP status {response.status}")))
    return answer
