# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""The JVM of a server."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ._was_items import IDENTITY, STATE, TYPE, Item, Object
from ._was_sip_proxy import properties

OPTIONS: dict[str, Any] = {
    "type": "dict",
    "options": {
        "node": {"type": "str", "required": True},
        "server": {"type": "str", "required": True},
        "initial_heap_mb": {"type": "int"},
        "maximum_heap_mb": {"type": "int"},
        "verbose_gc": {"type": "bool"},
        "generic_arguments": {"type": "str"},
        "system_properties": {"type": "dict", "default": {}},
    },
}
ATTRIBUTES = {
    "initial_heap_mb": "initialHeapSize",
    "maximum_heap_mb": "maximumHeapSize",
    "verbose_gc": "verboseModeGarbageCollection",
    "generic_arguments": "genericJvmArguments",
}


def items(options: Mapping[str, Any], where: str) -> list[Item]:
    """What the options of `was_jvm` want."""
    given = {name: options[option] for option, name in ATTRIBUTES.items() if options[option] is not None}
    machine = {STATE: "existing", IDENTITY: [], **given}
    machine["systemProperties"] = properties(options["system_properties"])
    process = {STATE: "existing", IDENTITY: [], TYPE: "JavaProcessDef", "jvmEntries": [machine]}
    return [
        Object(
            type="Server",
            parent=f"/Node:{options['node']}/",
            identity={"name": options["server"]},
            attributes={"processDefinitions": [process]},
            state="existing",
            where=where,
        )
    ]
