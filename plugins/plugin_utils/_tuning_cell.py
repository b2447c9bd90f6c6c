# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""The values of a tuning profile as resources of `was_config`: one for each server."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ._tuning import TuningError
from ._was_items import IDENTITY, STATE, TYPE

KINDS = ("gateway", "sip_proxy", "xmpp_proxy")
JAVA_OPTIONS = "IBM_JAVA_OPTIONS"
"""The environment variable that IBM's Java reads options from. The generic arguments of a server belong to the
installer and the administrator, who may have others there."""
POOL = "Default"
"""The pool of channels that name none, which the SIP channels are."""

_THERE: Mapping[str, Any] = {STATE: "existing", IDENTITY: []}


def resources(tuned: Mapping[str, Mapping[str, Any]], servers: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """`tuned` is what `_tuning.values` gives; of each server `node`, `server`, `kind`. Raises `TuningError`."""
    found = []
    for place, server in enumerate(servers):
        if server.get("kind") not in KINDS:
            raise TuningError(f"servers[{place}].kind: {server.get('kind')!r} is none; use {', '.join(KINDS)}")
        attributes = _attributes(tuned[server["kind"]])
        if attributes:
            wanted = {
                "type": "Server",
                "parent": f"/Node:{server['node']}/",
                "identity": {"name": server["server"]},
                "attributes": attributes,
                "state": "existing",
            }
            found.append({"object": wanted})
    return found


def _attributes(tuned: Mapping[str, Any]) -> dict[str, Any]:
    """The attributes of a `Server`."""
    attributes: dict[str, Any] = {}
    process = _process(tuned)
    if process:
        attributes["processDefinitions"] = [{**_THERE, TYPE: "JavaProcessDef", **process}]
    pool = _given(tuned, minimumSize="threads_minimum", maximumSize="threads_maximum")
    if pool:
        pools = [{STATE: "existing", "name": POOL, **pool}]
        attributes["services"] = [{**_THERE, TYPE: "ThreadPoolManager", "threadPools": pools}]
    container = _given(tuned, maxAppSessions="sip_sessions", maxMessageRate="sip_messages_per_second")
    if container:
        inner = [{**_THERE, TYPE: "SIPContainer", **container}]
        attributes["components"] = [{**_THERE, TYPE: "ApplicationServer", "components": inner}]
    return attributes


def _process(tuned: Mapping[str, Any]) -> dict[str, Any]:
    process: dict[str, Any] = {}
    machine = _given(
        tuned,
        initialHeapSize="initial_heap_mb",
        maximumHeapSize="maximum_heap_mb",
        verboseModeGarbageCollection="verbose_gc",
    )
    if machine:
        process["jvmEntries"] = [{**_THERE, **machine}]
    options = [f"-Xgcpolicy:{tuned['gc_policy']}"] if "gc_policy" in tuned else []
    options += [f"-Xmn{tuned['nursery_mb']}m"] if "nursery_mb" in tuned else []
    if options:
        process["environment"] = [{"name": JAVA_OPTIONS, "value": " ".join(options)}]
    return process


def _given(tuned: Mapping[str, Any], **names: str) -> dict[str, Any]:
    """Attributes of WebSphere for those values that are set."""
    return {attribute: tuned[name] for attribute, name in names.items() if name in tuned}
