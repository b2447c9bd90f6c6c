# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""What a talk shows: the addresses in it, those that nobody outside should see, and where it is not as expected."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ._sip_message import Message
from ._sip_transcript import Step, Transcript

_BASIC = re.compile(r"<(?:\w+:)?basic>\s*(\w+)\s*</")

# Where answers repeat what the probe wrote.
_ECHOED = frozenset(("Call-ID", "From", "Request-URI", "To", "Via"))


def addresses_seen(transcript: Transcript, own: str) -> dict[str, list[str]]:
    """Hosts by header, `Request-URI`, `SDP`, `body` and `peer`, each sorted, without what the probe itself wrote."""
    seen: dict[str, set[str]] = {}
    for _place, where, host in _sightings(transcript, own):
        seen.setdefault(where, set()).add(host)
    return {where: sorted(hosts) for where, hosts in sorted(seen.items())}


def inside_seen(transcript: Transcript, own: str, inside: Sequence[str]) -> list[dict[str, Any]]:
    """What of `inside` (addresses, networks, names) showed; `message` is the place among all messages."""
    networks = [ipaddress.ip_network(item, strict=False) for item in inside if is_network(item)]
    names = {item.casefold() for item in inside if not is_network(item)}
    found = []
    for place, where, host in _sightings(transcript, own):
        try:
            hidden = any(ipaddress.ip_address(host) in network for network in networks)
        except ValueError:
            hidden = host.casefold() in names
        if hidden:
            found.append({"where": where, "value": host, "message": place})
    return found


def _sightings(transcript: Transcript, own: str) -> Iterator[tuple[int, str, str]]:
    for place, event, message in transcript.received():
        for where, host in message.hosts():
            if host != own or where not in _ECHOED:
                yield place, where, host
        yield place, "peer", event.peer.rpartition(":")[0]


def is_network(item: str) -> bool:
    """Whether it is an address or a network, not a name."""
    try:
        ipaddress.ip_network(item, strict=False)
    except ValueError:
        return False
    return True


def notification(came: Sequence[Message]) -> dict[str, str]:
    """The last NOTIFY, as module `sip_probe` documents it."""
    message = came[-1] if came else Message("", (), "")
    basic = _BASIC.search(message.body)
    return {
        "subscription_state": message.get("Subscription-State").partition(";")[0].strip(),
        "basic": basic[1] if basic else "",
        "content_type": message.get("Content-Type"),
        "body": message.body,
    }


def problems(
    expect: Mapping[str, Any],
    first: Step,
    notified: Mapping[str, str] | None,
    seen: Mapping[str, Sequence[str]],
    hidden: Sequence[Mapping[str, Any]],
) -> list[str]:
    """Where a talk is not as expected; `notified` is None when no NOTIFY came."""
    found = []
    statuses = expect["status"]
    if statuses and first.status not in statuses:
        got = f"{first.status} {first.reason}".strip() if first.status else first.reason
        found.append(f"{first.method} was to be answered {' or '.join(map(str, statuses))}: {got}")
    if expect["max_rtt_ms"] is not None and first.rtt_ms > expect["max_rtt_ms"]:
        found.append(f"the answer took {first.rtt_ms} ms, more than {expect['max_rtt_ms']}")
    if expect["notify"] is not None and expect["notify"] != (notified is not None):
        found.append("no NOTIFY came" if expect["notify"] else "a NOTIFY came")
    for option in ("subscription_state", "basic"):
        wanted = expect[option]
        got = notified[option] if notified else ""
        if wanted and got not in wanted:
            found.append(f"{option} was to be {' or '.join(wanted)}: {got or 'it was not told'}")
    if expect["no_inside"]:
        shown = dict.fromkeys(f"{item['value']} in {item['where']}" for item in hidden)
        found += [f"inside shows: {text}" for text in shown]
    for where, allowed in expect["hosts"].items():
        hosts = seen.get(where, [])
        wrong = [host for host in hosts if host not in allowed]
        if wrong or not hosts:
            found.append(f"{where} was to name {' or '.join(allowed)}: {', '.join(wrong) or 'it names nobody'}")
    return found


def certificate_problems(wanted: str | None, names: Sequence[str]) -> list[str]:
    """Where the other side's certificate is not for the name that was wanted, if one was."""
    if not wanted or wanted.casefold() in map(str.casefold, names):
        return []
    return [f"the certificate was to be for {wanted}: it is for {' and '.join(names) or 'nobody, or none was shown'}"]
