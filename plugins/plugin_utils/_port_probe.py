# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""Try TCP connections from a target."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from ansible.errors import AnsibleActionFail

from ._programs import perl_text
from ._target import ProgramFailed, Target

MAX_TIMEOUT_S = 60
MISSING = 3
"""Exit code of the program when Perl is not installed."""

_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?")


def probe(target: Target, options: Mapping[str, Any]) -> dict[str, Any]:
    """What module `port_probe` documents as its result; raises AnsibleActionFail when nothing can be tried."""
    places = [_place(number, one) for number, one in enumerate(options["connects"])]
    if not 1 <= options["timeout"] <= MAX_TIMEOUT_S:
        raise AnsibleActionFail(f"timeout: {options['timeout']} is not within 1 to {MAX_TIMEOUT_S}")
    return {"changed": False, "results": _results(target, options, places) if places else []}


def _place(number: int, one: Mapping[str, Any]) -> str:
    if not _NAME.fullmatch(one["host"]):
        raise AnsibleActionFail(f"connects[{number}].host: {one['host']!r} is neither a host name nor an IPv4 address")
    if not 1 <= one["port"] <= 65535:
        raise AnsibleActionFail(f"connects[{number}].port: {one['port']} is not within 1 to 65535")
    return f"{one['host']} {one['port']}"


def _results(target: Target, options: Mapping[str, Any], places: Sequence[str]) -> list[dict[str, Any]]:
    parameters: dict[str, Any] = {"places": places, "timeout": options["timeout"]}
    if not target.windows:
        parameters = {"perl": options["perl"], "probe": perl_text("port_probe", parameters)}
    outcome = target.execute("port_probe", parameters, check=False)
    if outcome.rc == MISSING and outcome.get("missing"):
        raise AnsibleActionFail(f"perl: {outcome.get('missing')} is not on the host: install it, or name another")
    if outcome.rc != 0:
        raise ProgramFailed("port_probe", outcome)
    found: dict[int, dict[str, Any]] = {}
    for line in outcome.all("result"):
        number, what, ms, reason = line.split(" ", 3)
        one = options["connects"][int(number)]
        found[int(number)] = {**one, "result": what, "ms": int(ms), "reason": reason.strip()}
    if len(found) != len(places):
        raise AnsibleActionFail(f"{len(found)} of {len(places)} connections were tried")
    return [found[number] for number in range(len(places))]
