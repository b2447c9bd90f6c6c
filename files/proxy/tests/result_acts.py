# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What the parties of a row of the results play, in one act each: they turn to the advertised place inside it.

The last step of who opens is a note in its log, so that its calls that went well can be counted.
"""

from __future__ import annotations

from sipp_acts import Act
from sipp_scenarios import Party, Scenario, session

_SDP = "application/sdp"


WELL = "well"


def outbound_call(alice: Party, bob: Party) -> Act:
    """INVITE and ACK of alice, who is inside; BYE of bob. Over TCP it comes on the one connection that there is."""
    return _outbound(alice, bob, proxied=True)


def call_without_proxy(alice: Party, bob: Party) -> Act:
    """The same, of a gateway that nobody stands before."""
    return _outbound(alice, bob, proxied=False)


def _outbound(alice: Party, bob: Party, *, proxied: bool) -> Act:
    calls, called = Scenario(alice, bob), Scenario(bob, alice)
    calls.ask("INVITE", 1, body=session(alice), kind=_SDP)
    if proxied:
        called.asked("INVITE", learns=True)
    else:
        called.asked_without_proxy("INVITE")
    called.answer("200 OK", body=session(bob), kind=_SDP, tag=True)
    calls.answered(200, "INVITE")
    calls.ask("ACK", 1, again=True)
    called.acknowledged()
    if bob.transport == "udp":
        called.turn()
    called.ask_as_learnt("BYE", 1, routed=proxied)
    calls.asked("BYE")
    calls.answer("200 OK")
    calls.note(WELL)
    called.answered(200, "BYE")
    return Act(calls, called)


def inbound_call(alice: Party, bob: Party) -> Act:
    """INVITE of bob, who is outside; his ACK and BYE go where the answer says."""
    calls, called = Scenario(bob, alice), Scenario(alice, bob)
    calls.ask("INVITE", 1, body=session(bob), kind=_SDP)
    called.asked("INVITE")
    called.answer("200 OK", body=session(alice), kind=_SDP, tag=True)
    calls.answered(200, "INVITE", learns=True)
    calls.turn()
    calls.ask_as_learnt("ACK", 1)
    called.acknowledged()
    calls.ask_as_learnt("BYE", 2)
    called.asked("BYE")
    called.answer("200 OK")
    calls.answered(200, "BYE")
    calls.note(WELL)
    return Act(calls, called)


def inbound_subscription(alice: Party, bob: Party) -> Act:
    """SUBSCRIBE of bob, and two NOTIFY of alice."""
    asks, asked = Scenario(bob, alice), Scenario(alice, bob)
    asks.ask("SUBSCRIBE", 1, "Event: presence", "Expires: 60")
    asked.asked("SUBSCRIBE", learns=True)
    asked.answer("200 OK", "Expires: 60", tag=True)
    asks.answered(200, "SUBSCRIBE")
    for number in (1, 2):
        asked.ask_as_learnt("NOTIFY", number, "Event: presence", "Subscription-State: active;expires=60")
        asks.asked("NOTIFY")
        asks.answer("200 OK")
        asked.answered(200, "NOTIFY")
    asks.note(WELL)
    return Act(asks, asked)


def outbound_message(alice: Party, bob: Party) -> Act:
    """MESSAGE of alice."""
    return _message(alice, bob, strict=False)


def strict_message(alice: Party, bob: Party) -> Act:
    """MESSAGE of alice, and a partner that answers at the port in Via (RFC 3261, 18.2.2), not at the packet's."""
    return _message(alice, bob, strict=True)


def inbound_message(alice: Party, bob: Party) -> Act:
    """MESSAGE of bob."""
    return _message(bob, alice, strict=False)


def _message(sender: Party, receiver: Party, *, strict: bool) -> Act:
    asks, asked = Scenario(sender, receiver), Scenario(receiver, sender)
    asks.ask("MESSAGE", 1, body="hello", kind="text/plain")
    if strict:
        asked.asked_by_via("MESSAGE")
        asked.turn()
    else:
        asked.asked("MESSAGE")
    asked.answer("200 OK", tag=True)
    asks.answered(200, "MESSAGE")
    asks.note(WELL)
    return Act(asks, asked)
