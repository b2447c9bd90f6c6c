# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What is played through the proxy: of each scenario both sides, act by act, and how many messages it has."""

from __future__ import annotations

from typing import Callable, Dict, List, NamedTuple, Tuple

from sipp_scenarios import Party, Scenario, session

_SDP = "application/sdp"
_PRESENCE = '<?xml version="1.0"?><presence entity="pres:alice@rtp.example"><tuple id="a"/></presence>'


class Act(NamedTuple):
    """One connection's worth: who opens it, and who is there already."""

    opens: Scenario
    waits: Scenario


Acts = List[Act]


def call(caller: Party, called: Party) -> Acts:
    """INVITE with SDP and a re-INVITE; then, the other way, MESSAGE and BYE."""
    asks, answers = Scenario(caller, called), Scenario(called, caller)
    for number in (1, 2):
        first = number == 1
        asks.ask("INVITE", number, body=session(caller), kind=_SDP, again=not first)
        answers.asked("INVITE", learns=first, session=True)
        if first:
            answers.answer("180 Ringing", tag=True)
            asks.answered(180, "INVITE")
        answers.answer("200 OK", body=session(called), kind=_SDP, tag=first)
        asks.answered(200, "INVITE", session=True)
        asks.ask("ACK", number, again=True)
        answers.acknowledged()
    speaks, listens = Scenario(called, caller), Scenario(caller, called)
    for number, method, body in ((1, "MESSAGE", "hello"), (2, "BYE", "")):
        speaks.ask_as_called(method, number, body=body, kind="text/plain")
        listens.asked(method)
        listens.answer("200 OK")
        speaks.answered(200, method)
    return [Act(asks, answers), Act(speaks, listens)]


def subscription(caller: Party, called: Party) -> Acts:
    """SUBSCRIBE, and two NOTIFY the other way."""
    asks, answers = Scenario(caller, called), Scenario(called, caller)
    asks.ask("SUBSCRIBE", 1, "Event: presence", "Expires: 60")
    answers.asked("SUBSCRIBE", learns=True)
    answers.answer("200 OK", "Expires: 60", tag=True)
    asks.answered(200, "SUBSCRIBE")
    return [Act(asks, answers), _notified(caller, called, "presence", [_PRESENCE, _PRESENCE], "application/pidf+xml")]


def referral(caller: Party, called: Party) -> Acts:
    """REFER to the caller's own address, and what came of it, the other way."""
    asks, answers = Scenario(caller, called), Scenario(called, caller)
    asks.ask("REFER", 1, f"Refer-To: <{caller.contact}>", f"Referred-By: <{caller.contact}>")
    answers.asked("REFER", learns=True)
    answers.answer("202 Accepted", tag=True)
    asks.answered(202, "REFER")
    return [Act(asks, answers), _notified(caller, called, "refer", ["SIP/2.0 200 OK"], "message/sipfrag")]


def _notified(caller: Party, called: Party, event: str, bodies: List[str], kind: str) -> Act:
    speaks, listens = Scenario(called, caller), Scenario(caller, called)
    for number, body in enumerate(bodies, 1):
        lines = (f"Event: {event}", "Subscription-State: active;expires=60")
        speaks.ask_as_called("NOTIFY", number, *lines, body=body, kind=kind)
        listens.asked("NOTIFY")
        listens.answer("200 OK")
        speaks.answered(200, "NOTIFY")
    return Act(speaks, listens)


def message(caller: Party, called: Party) -> Acts:
    """MESSAGE outside a dialog."""
    asks, answers = Scenario(caller, called), Scenario(called, caller)
    asks.ask("MESSAGE", 1, body="hello", kind="text/plain")
    answers.asked("MESSAGE")
    answers.answer("200 OK", tag=True)
    asks.answered(200, "MESSAGE")
    return [Act(asks, answers)]


def cancelled(caller: Party, called: Party) -> Acts:
    """INVITE that rings, and CANCEL; its ACK goes the way of the INVITE."""
    asks, answers = Scenario(caller, called), Scenario(called, caller)
    asks.ask("INVITE", 1, body=session(caller), kind=_SDP)
    answers.asked("INVITE", session=True)
    answers.answer("180 Ringing", tag=True)
    asks.answered(180, "INVITE")
    asks.follow_up("CANCEL")
    answers.asked("CANCEL")
    answers.answer("200 OK", tag=True)
    asks.answered(200, "CANCEL")
    answers.refuse_the_invite()
    asks.answered(487, "INVITE")
    asks.follow_up("ACK")
    answers.acknowledged()
    return [Act(asks, answers)]


# The messages of each, once.
PLAYS: Dict[str, Tuple[Callable[[Party, Party], Acts], Dict[str, int]]] = {
    "call": (call, {"INVITE": 2, "180": 1, "200": 4, "ACK": 2, "MESSAGE": 1, "BYE": 1}),
    "subscription": (subscription, {"SUBSCRIBE": 1, "NOTIFY": 2, "200": 3}),
    "referral": (referral, {"REFER": 1, "202": 1, "NOTIFY": 1, "200": 1}),
    "message": (message, {"MESSAGE": 1, "200": 1}),
    "cancelled": (cancelled, {"INVITE": 1, "180": 1, "CANCEL": 1, "200": 1, "487": 1, "ACK": 1}),
}
