# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""Bind to a directory and search it from a target, and judge what came of it."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ansible.errors import AnsibleActionFail

from ._certificate import names_of
from ._ldap_message import SCOPES, Answer, Search, answers, bind, search, unbind
from ._outcome import Outcome
from ._programs import perl_text
from ._target import ProgramFailed, Target

DEFAULT_PORT = {False: 389, True: 636}
MAX_TIMEOUT_S = 120
MISSING = 3
"""Exit code of the program when something that it needs is not installed."""
EXPECTED = {"any": range(2**31), "none": range(1), "one": range(1, 2), "some": range(1, 2**31)}
_SIZE_LIMIT_EXCEEDED = 4
_INVALID_CREDENTIALS = 49
_FIRST, _SECOND, _LAST = 1, 2, 3


@dataclass(frozen=True)
class _Talk:
    """What came of one connection: the answers by number, and the certificate's names."""

    bound: Answer
    found: Answer | None
    certificate_names: Sequence[str]


def probe(target: Target, given: Mapping[str, Any]) -> dict[str, Any]:
    """What module `ldap_probe` documents; raises AnsibleActionFail for whatever is not as it shall be."""
    options = {**given, "port": given["port"] or DEFAULT_PORT[given["tls"]]}
    check(options)
    wanted = Search(
        options["base"], options["scope"], options["filter"], options["attributes"], options["size_limit"],
        options["timeout"],
    )  # fmt: skip
    talk = _talk(target, options, (options["bind_dn"], options["bind_password"]), wanted)
    place = f"{options['host']}:{options['port']}"
    if talk.bound.code != 0:
        raise AnsibleActionFail(_bind_failed(place, options["bind_dn"], talk.bound))
    if talk.found is None or talk.found.code not in (0, _SIZE_LIMIT_EXCEEDED):
        reason = talk.found.reason if talk.found else "no answer"
        raise AnsibleActionFail(
            f"base, filter: {place} refuses to search {options['filter']} in {options['base']!r} ({options['scope']}):"
            f" {reason}"
        )
    entries = talk.found.entries
    result = {
        "changed": False,
        "entries": [{"dn": each.dn, "attributes": dict(each.attributes)} for each in entries],
        "more": talk.found.code == _SIZE_LIMIT_EXCEEDED,
        "certificate_names": list(talk.certificate_names),
    }
    if len(entries) not in EXPECTED[options["expected"]]:
        names = f": {', '.join(each.dn for each in entries)}" if entries else ""
        raise AnsibleActionFail(
            f"expected: {place} has {len(entries)} entries for {options['filter']} in {options['base']!r}"
            f" ({options['scope']}), not {options['expected']}{names}",
            result=result,
        )
    if options["login_password"] is not None:
        _log_in(target, options, [each.dn for each in entries], result)
    return result


def check(options: Mapping[str, Any]) -> None:
    """Raise AnsibleActionFail for what no talk can be made of."""
    for name, least, most in (("port", 1, 65535), ("timeout", 1, MAX_TIMEOUT_S), ("size_limit", 1, 1000)):
        if not least <= options[name] <= most:
            raise AnsibleActionFail(f"{name}: {options[name]} is not within {least} to {most}")
    if bool(options["bind_dn"]) != bool(options["bind_password"]):
        # A bind without a password succeeds as nobody, whatever the name is.
        raise AnsibleActionFail("bind_dn, bind_password: give both, or none to ask as nobody")
    if options["login_password"] == "":
        raise AnsibleActionFail("login_password: it is empty, and with an empty one everybody binds, as nobody")
    if options["scope"] not in SCOPES:
        raise AnsibleActionFail(f"scope: {options['scope']} is none of {', '.join(SCOPES)}")
    try:
        search(_SECOND, Search(options["base"], "base", options["filter"], [], 1, 1))
    except ValueError as error:
        raise AnsibleActionFail(f"filter: {error}") from None


def _log_in(target: Target, options: Mapping[str, Any], names: Sequence[str], result: dict[str, Any]) -> None:
    if len(names) != 1:
        raise AnsibleActionFail(
            f"login_password: {len(names)} entries fit {options['filter']}, so nobody could log in by that name",
            result=result,
        )
    bound = _talk(target, options, (names[0], options["login_password"]), None).bound
    if bound.code != 0:
        place = f"{options['host']}:{options['port']}"
        raise AnsibleActionFail(f"login_password: {place} does not let {names[0]} in: {bound.reason}", result=result)


def _bind_failed(place: str, name: str, answer: Answer) -> str:
    cure = "; give the password that its entry has" if answer.code == _INVALID_CREDENTIALS else ""
    return f"bind_dn, bind_password: {place} refuses {name or 'a bind of nobody'}: {answer.reason}{cure}"


def _talk(target: Target, options: Mapping[str, Any], who: tuple[str, str], wanted: Search | None) -> _Talk:
    sent = [(1, bind(_FIRST, *who))]
    if wanted is not None:
        sent.append((1, search(_SECOND, wanted)))
    sent.append((0, unbind(_LAST)))
    parameters: dict[str, Any] = {
        "server": options["host"],
        "server_port": options["port"],
        "timeout": options["timeout"],
        "requests": [f"{awaited} {base64.b64encode(data).decode()}" for awaited, data in sent],
    }
    if target.windows:
        parameters["tls"] = options["tls"]
    else:
        openssl = options["openssl"] if options["tls"] else ""
        talk = perl_text("ldap_probe", {**parameters, "openssl": openssl})
        parameters = {"perl": options["perl"], "tls": openssl, "talk": talk}
    outcome = target.execute("ldap_probe", parameters, check=False)
    if outcome.rc == MISSING and outcome.get("missing"):
        raise AnsibleActionFail(f"{outcome.get('missing')} is not on the host: install it, or name another")
    if outcome.rc != 0:
        raise ProgramFailed("ldap_probe", outcome)
    return _read(outcome, options)


def _read(outcome: Outcome, options: Mapping[str, Any]) -> _Talk:
    place = f"{options['host']}:{options['port']}"
    try:
        came = answers([base64.b64decode(each) for each in outcome.all("message")])
    except ValueError as error:
        raise AnsibleActionFail(f"host, port: what answers at {place} speaks no LDAP: {error}") from None
    # Who was refused may find the connection closed behind the answer.
    if outcome.get("failed") and not (_FIRST in came and came[_FIRST].code != 0):
        what, _blank, why = outcome.get("failed").partition(" ")
        raise AnsibleActionFail(_not_reached(what, why, place, options["tls"]))
    if _FIRST not in came:
        raise AnsibleActionFail(f"host, port: {place} does not answer a bind")
    certificates = outcome.all("certificate")
    names = names_of(base64.b64decode(certificates[0])) if certificates else []
    return _Talk(came[_FIRST], came.get(_SECOND), names)


def _not_reached(what: str, why: str, place: str, tls: bool) -> str:
    if what == "unresolved":
        return f"host: {why}; correct it, or the name service of the host"
    if what == "tls":
        return f"tls: {place} does not speak TLS as this host knows it: {why}"
    hint = " (does it want TLS?)" if what == "closed" and not tls else ""
    return f"host, port: no directory answers at {place}: {why}{hint}"
