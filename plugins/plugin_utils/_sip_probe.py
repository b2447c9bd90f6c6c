# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""Talk SIP from a target and judge what came of it."""

from __future__ import annotations

import base64
import re
import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from ansible.errors import AnsibleActionFail

from ._certificate import names_of
from ._outcome import Outcome
from ._programs import perl_text
from ._sip_talk import REPLIES, Talk
from ._sip_transcript import Step, Transcript, read_transcript
from ._sip_verdict import addresses_seen, certificate_problems, inside_seen, is_network, notification, problems
from ._target import ProgramFailed, Target

DEFAULT_PORT = {"udp": 5060, "tcp": 5060, "tls": 5061}
MAX_TIMEOUT_S = 120
MISSING = 3
"""Exit code of the program when something that it needs is not installed."""

_NAME = r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?"
_USER = rf"[^\s@<>\"',;:\\\x00-\x1f\x7f]+@{_NAME}"


def probe(target: Target, given: Mapping[str, Any]) -> dict[str, Any]:
    """One talk as module `sip_probe` documents it; raises AnsibleActionFail when it cannot be had at all."""
    options = {**given, "port": given["port"] or DEFAULT_PORT[given["transport"]]}
    check(options)
    outcome = _talk(target, options)
    own = options["advertise"].partition(":")[0] or outcome.get("address")
    certificates = outcome.all("certificate")
    names = names_of(base64.b64decode(certificates[0])) if certificates else []
    return judged(options, read_transcript(outcome), own, names)


def check(options: Mapping[str, Any]) -> None:
    """Raise AnsibleActionFail for what no talk can be made of."""
    _check_numbers(options)
    for name, pattern, what in (
        ("host", _NAME, "neither a host name nor an IPv4 address"),
        ("listen_address", r"(\d+(\.\d+){3})?", "no IPv4 address of the host"),
        ("advertise", rf"({_NAME}(:\d{{1,5}})?)?", "neither NAME nor NAME:PORT"),
        ("sender", rf"({_USER})?", "not USER@DOMAIN"),
        ("recipient", rf"({_USER})?", "not USER@DOMAIN"),
        ("text", r"[^\x01]*", "a text with a control character (1) in it; leave that out"),
    ):
        if not re.fullmatch(pattern, options[name]):
            raise AnsibleActionFail(f"{name}: {options[name]!r} is {what}")
    if options["method"] != "OPTIONS" and not options["recipient"]:
        raise AnsibleActionFail(f"recipient: {options['method']} needs one; give USER@DOMAIN")
    for item in options["inside"]:
        # What looks like a network is one: as a name it would match nothing that comes.
        network = re.fullmatch(r"[\d.]+|.*/.*", item)
        if not re.fullmatch(_NAME, item.partition("/")[0]) or (network and not is_network(item)):
            raise AnsibleActionFail(f"inside: {item!r} is neither an address, a network nor a host name")


def _check_numbers(options: Mapping[str, Any]) -> None:
    for name, least, most in (
        ("port", 0, 65535),
        ("listen_port", 0, 65535),
        ("expires", 0, 2**31 - 1),
        ("max_forwards", 0, 255),
        ("timeout", 1, MAX_TIMEOUT_S),
    ):
        if not least <= options[name] <= most:
            raise AnsibleActionFail(f"{name}: {options[name]} is not within {least} to {most}")
    if not 0 <= options["stay"] < options["timeout"]:
        raise AnsibleActionFail(f"stay: {options['stay']} has to be less than timeout, {options['timeout']} seconds")


def _talk(target: Target, options: Mapping[str, Any]) -> Outcome:
    """What the program printed."""
    name, _colon, port = options["advertise"].partition(":")
    stay_ms = options["stay"] * 1000
    talk = Talk(options, secrets.token_hex(8), options["timeout"] * 1000 - stay_ms, stay_ms)
    parameters: dict[str, Any] = {
        "server": options["host"],
        "server_port": options["port"],
        "transport": options["transport"],
        "address": options["listen_address"],
        "own_port": options["listen_port"],
        "advertised": name,
        "advertised_port": int(port or 0),
        "timeout": options["timeout"],
        "replies": REPLIES,
        "exchanges": talk.exchanges(),
    }
    if not target.windows:
        tls = options["openssl"] if options["transport"] == "tls" else ""
        program = perl_text("sip_probe", {**parameters, "openssl": tls})
        parameters = {"perl": options["perl"], "tls": tls, "talk": program}
    outcome = target.execute("sip_probe", parameters, check=False)
    if outcome.rc == MISSING and outcome.get("missing"):
        raise AnsibleActionFail(f"{outcome.get('missing')} is not on the host: install it, or name another")
    if outcome.rc != 0:
        raise ProgramFailed("sip_probe", outcome)
    if outcome.get("unresolved"):
        raise AnsibleActionFail(f"host: the probing host finds no address for {options['host']}")
    return outcome


def judged(
    options: Mapping[str, Any], transcript: Transcript, own: str, certificate_names: Sequence[str]
) -> dict[str, Any]:
    """The module's result, for a probe that wrote itself as `own`.

    Raises AnsibleActionFail with it when an expectation is not met.
    """
    # Whoever resolves names may take longer than the whole talk may.
    late = Step(options["method"], 0, "the time was over before anything could be sent", 0.0)
    steps = transcript.steps() or [late]
    seen = addresses_seen(transcript, own)
    hidden = inside_seen(transcript, own, options["inside"])
    came = transcript.notifications()
    notify = notification(came)
    strangers = transcript.accepted_connections()
    wrong: list[str] = []
    if options["expect"]:
        wrong += problems(options["expect"], steps[0], notify if came else None, seen, hidden)
        wrong += certificate_problems(options["expect"]["certificate_name"], certificate_names)
    result = {
        "changed": False,
        "status": steps[0].status,
        "reason": steps[0].reason,
        "rtt_ms": steps[0].rtt_ms,
        "steps": [step.as_result() for step in steps],
        "requests": [
            {
                "method": message.method,
                "peer": event.peer,
                "new_connection": event.connection in strangers,
                "body": message.body,
            }
            for event, message in transcript.requests()
        ],
        "notify": notify,
        "texts": [
            message.body
            for event, message in transcript.requests("MESSAGE")
            if message.get("Content-Type").casefold().startswith("text/")
        ],
        "messages": [event.as_result() for event in transcript.messages],
        "addresses": seen,
        "certificate_names": list(certificate_names),
        "inside_seen": hidden,
        "problems": wrong,
    }
    if wrong:
        whom = f"{options['recipient'] or ''} at {options['host']}:{options['port']}/{options['transport']}".lstrip()
        raise AnsibleActionFail(f"{options['method']} {whom}: {'; '.join(wrong)}", result=result)
    return result
