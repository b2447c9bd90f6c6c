"""What the gateway does when time passes: it renews, it lets go, it asks again."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from lab.products.gateway.application import chats, subscriptions, watchers
from lab.products.gateway.application.limits import PRESENCE
from tests.lab.products.gateway.site import two_sites, until

ALICE, BOB = "alice@rtp.example", "bob@partner.example"


def test_a_subscription_is_renewed_before_its_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subscriptions, "EXPIRES_S", 3)
    with two_sites(tmp_path) as (rtp, partner):
        assert rtp.presence(ALICE, BOB).status == "online"
        (watcher,) = partner.gateway.usages._all.values()
        time.sleep(3.5)
        assert list(partner.gateway.usages._all.values()) == [watcher]
        partner.set(BOB, "away")
        assert rtp.presence(ALICE, BOB, "away").status == "away"


def test_a_subscription_whose_last_notify_never_comes_is_forgotten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(subscriptions, "_LAST_NOTIFY_S", 0.5)

    async def silent(*_: object) -> None:
        pass

    monkeypatch.setattr(watchers.Watchers, "_last", silent)
    with two_sites(tmp_path) as (rtp, partner):
        assert rtp.presence(ALICE, BOB).status == "online"
        rtp.server.board.forget((ALICE, BOB))
        until(lambda: not len(partner.gateway.usages))
        assert len(rtp.gateway.usages) == 1
        # Whoever asks again meanwhile gets another one.
        assert rtp.presence(ALICE, BOB).status == "online"
        assert len(partner.gateway.usages) == 1
        until(lambda: len(rtp.gateway.usages) == 1)
        assert rtp.gateway._core.limits.count(PRESENCE) == 1


def test_a_partner_that_has_forgotten_is_asked_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subscriptions, "EXPIRES_S", 2)
    with two_sites(tmp_path) as (rtp, partner):
        assert rtp.presence(ALICE, BOB).status == "online"
        partner.gateway.usages._all.clear()
        until(lambda: bool(partner.gateway.usages._all))
        partner.set(BOB, "away")
        assert rtp.presence(ALICE, BOB, "away").status == "away"
        assert rtp.log.said(
            "The refresh of the subscription of alice@rtp.example to bob@partner.example failed with 481"
        )


def test_a_session_in_which_nobody_speaks_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chats, "IDLE_S", 0.5)
    monkeypatch.setattr(chats, "_SWEEP_S", 0.1)
    with two_sites(tmp_path) as (rtp, partner):
        assert rtp.say(ALICE, BOB, "hello")[0]
        until(lambda: not len(rtp.gateway.usages) and not len(partner.gateway.usages))
        assert rtp.say(ALICE, BOB, "again")[0]
        assert partner.inbox(BOB, ALICE)[0] == ["hello", "again"]
