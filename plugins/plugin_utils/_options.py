# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""Checks of options that an argument specification cannot express."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from ansible.errors import AnsibleActionFail

from ._target import Target

SYSTEMS = {"unix": "AIX", "windows": "Windows"}


def refuse(options: Mapping[str, Any], names: Iterable[str], target: Target, where: str = "") -> None:
    """Raise when one of `names` is set: it means nothing on this target. `where` leads to it, such as `users[0].`."""
    for name in names:
        if options.get(name) not in (None, {}, [], False):
            raise AnsibleActionFail(
                f"{where}{name}: has no meaning on {SYSTEMS[target.platform]}; leave it out for {options_name(options)}"
            )


def options_name(options: Mapping[str, Any]) -> str:
    """The thing that `options` are about, for messages."""
    return str(options.get("name") or options.get("path") or "this target")


def require_absolute(path: str, target: Target, name: str) -> None:
    """Raise unless `path` is an absolute path of the target's platform, and more than its root."""
    pattern = r"[A-Za-z]:[\\/]." if target.windows else r"/+[^/]"
    if not re.match(pattern, path) or re.search(r"[\n\r\0]", path):
        example = r"C:\stgw\file" if target.windows else "/stgw/file"
        raise AnsibleActionFail(
            f"{name}: {path!r} is not an absolute path of {SYSTEMS[target.platform]}; write it as {example}"
        )
