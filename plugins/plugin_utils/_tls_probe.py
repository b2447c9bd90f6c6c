# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""A TLS handshake from a target, and whether whoever answered is who he says."""

from __future__ import annotations

import base64
import datetime as dt
import re
from collections.abc import Mapping, Sequence
from typing import Any

from ansible.errors import AnsibleActionFail

from ._key_store import Known, Unreadable, chain_in, from_der, issued
from ._programs import perl_text
from ._target import ProgramFailed, Target

MAX_TIMEOUT_S = 60
MISSING = 3
"""Exit code of the program when Perl or openssl is not installed."""

_NAME = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9._-]*[A-Za-z0-9])?")


def probe(target: Target, options: Mapping[str, Any]) -> dict[str, Any]:
    """What module `tls_probe` documents as its result; raises AnsibleActionFail for what is not as it should be."""
    _check(options)
    try:
        anchors = chain_in(options["authorities"]) if options["authorities"] else []
    except Unreadable as error:
        raise AnsibleActionFail(f"authorities: they cannot be read: {error}; give certificates as PEM") from None
    came = _handshake(target, options)
    result: dict[str, Any] = {
        "changed": False,
        "subject": came[0].subject,
        "issuer": came[0].issuer,
        "alternative_names": list(came[0].alternative_names),
        "not_after": f"{came[0].ends:%Y-%m-%dT%H:%M:%SZ}",
        "days_left": came[0].days_left(dt.datetime.now(dt.UTC)),
        "fingerprint": came[0].fingerprint,
    }
    wrong = [*_wrong_names(came[0], options["name"]), *(_wrong_chain(came, anchors) if anchors else [])]
    if wrong:
        place = f"{options['host']}:{options['port']}"
        raise AnsibleActionFail(f"{place}: {came[0].subject}: {'; '.join(wrong)}", result=result)
    return result


def _check(options: Mapping[str, Any]) -> None:
    if not _NAME.fullmatch(options["host"]):
        raise AnsibleActionFail(f"host: {options['host']!r} is neither a host name nor an IPv4 address")
    if not 1 <= options["port"] <= 65535:
        raise AnsibleActionFail(f"port: {options['port']} is not within 1 to 65535")
    if not 1 <= options["timeout"] <= MAX_TIMEOUT_S:
        raise AnsibleActionFail(f"timeout: {options['timeout']} is not within 1 to {MAX_TIMEOUT_S}")


def _handshake(target: Target, options: Mapping[str, Any]) -> list[Known]:
    """The certificates that came, the other side's own first."""
    parameters: dict[str, Any] = {"server": options["host"], "port": options["port"], "timeout": options["timeout"]}
    if not target.windows:
        place = f"{options['host']}:{options['port']}"
        own = {"openssl": options["openssl"], "place": place, "timeout": options["timeout"]}
        parameters = {"perl": options["perl"], "tls": options["openssl"], "probe": perl_text("tls_probe", own)}
    outcome = target.execute("tls_probe", parameters, check=False)
    if outcome.rc == MISSING and outcome.get("missing"):
        raise AnsibleActionFail(
            f"perl, openssl: {outcome.get('missing')} is not on the host: install it, or name another"
        )
    if outcome.rc != 0:
        raise ProgramFailed("tls_probe", outcome)
    came = [from_der(base64.b64decode(each)) for each in outcome.all("certificate")]
    if not came:
        raise AnsibleActionFail(
            f"{options['host']}:{options['port']}: no handshake: {outcome.get('failed') or 'no certificate came'}"
        )
    return came


def _wrong_names(certificate: Known, name: str) -> list[str]:
    # RFC 5922, 7.2: alternative names count where there are any; wildcards do not.
    names = certificate.alternative_names or certificate.common_names
    if not name or name.lower() in [each.lower() for each in names]:
        return []
    return [f"it names {', '.join(names) or 'nobody'}, not {name}"]


def _wrong_chain(came: Sequence[Known], anchors: Sequence[Known]) -> list[str]:
    """What is wrong with the way from the certificate to one of `anchors`."""
    now, trusted = dt.datetime.now(dt.UTC), {each.der for each in anchors}
    at, seen = came[0], set[bytes]()
    while True:
        if not at.begins <= now < at.ends:
            return [f"{at.subject} is valid from {at.begins:%Y-%m-%d} to {at.ends:%Y-%m-%d} only"]
        if at.der in trusted:
            return []
        seen.add(at.der)
        above = next(
            (each for each in (*came[1:], *anchors) if each.der not in seen and issued(at.der, each.der)), None
        )
        if above is None:
            return [f"nobody who is trusted vouches for {at.subject}, signed by {at.issuer}"]
        at = above
