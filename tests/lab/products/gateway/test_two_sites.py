"""Two standalone gateways and their communities exchange presence and messages."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from lab.sip.address import Transport
from tests.lab.products.gateway.site import Site, two_sites, until

ALICE, ANN, AMY = "alice@rtp.example", "ann@rtp.example", "amy@rtp.example"
BOB, BEN, BEA = "bob@partner.example", "ben@partner.example", "bea@partner.example"


@pytest.fixture(scope="module", params=["tcp", "udp"])
def sites(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Site, Site]]:
    transport: Transport = request.param
    with two_sites(tmp_path_factory.mktemp("sites"), transport) as both:
        yield both


def test_presence_both_ways_and_its_changes(sites: tuple[Site, Site]) -> None:
    rtp, partner = sites
    assert rtp.presence(ALICE, BOB).status == "online"
    assert partner.presence(BOB, ALICE).status == "online"
    assert rtp.presence(ALICE, BEN).status == "away"
    partner.set(BOB, "offline")
    assert rtp.presence(ALICE, BOB, "offline").status == "offline"
    partner.set(BOB, "online")
    assert rtp.presence(ALICE, BOB, "online").status == "online"
    assert partner.presence(BEA, AMY).status == "offline"


def test_nobody_is_not_watched(sites: tuple[Site, Site]) -> None:
    rtp, _ = sites
    found = rtp.presence(ALICE, "nobody@partner.example")
    assert (found.status, found.code, found.reason) == ("unknown", 404, "Not Found")
    assert rtp.log.said("The subscription of alice@rtp.example to nobody@partner.example failed with 404 Not Found")


def test_messages_both_ways_in_one_session(sites: tuple[Site, Site]) -> None:
    rtp, partner = sites
    assert rtp.say(ALICE, BOB, "hello") == (True, "", 0)
    assert partner.say(BOB, ALICE, "grüß dich") == (True, "", 0)
    assert rtp.say(ALICE, BOB, "how are you") == (True, "", 0)
    assert partner.inbox(BOB, ALICE) == (["hello", "how are you"], False)
    assert rtp.inbox(ALICE, BOB) == (["grüß dich"], False)
    assert rtp.gateway._chats._pairs.keys() == {(ALICE, BOB)}
    assert partner.gateway._chats._pairs.keys() == {(BOB, ALICE)}


def test_typing_and_the_end_of_a_chat(sites: tuple[Site, Site]) -> None:
    rtp, partner = sites
    rtp.server.board.tell((ANN, BEN), "compose")
    until(lambda: partner.inbox(BEN, ANN)[1])
    rtp.server.board.tell((ANN, BEN), "close")
    until(lambda: (BEN, ANN) not in partner.gateway._chats._pairs)
    assert (ANN, BEN) not in rtp.gateway._chats._pairs


def test_messages_that_cannot_be_delivered(sites: tuple[Site, Site]) -> None:
    rtp, partner = sites
    assert rtp.say(ALICE, BEA, "hello") == (False, "Temporarily Unavailable", 480)
    assert rtp.say(ALICE, "nobody@partner.example", "hello") == (False, "Not Found", 404)
    assert partner.log.said("INVITE of alice@rtp.example for bea@partner.example was refused with 480")


def test_the_end_of_a_subscription_makes_room(sites: tuple[Site, Site]) -> None:
    rtp, partner = sites
    before = len(rtp.gateway.usages), len(partner.gateway.usages)
    assert rtp.presence(ANN, BEN).status == "away"
    assert (len(rtp.gateway.usages), len(partner.gateway.usages)) == (before[0] + 1, before[1] + 1)
    rtp.server.board.forget((ANN, BEN))
    until(lambda: (len(rtp.gateway.usages), len(partner.gateway.usages)) == before)
    # The last NOTIFY found the subscription that it ends.
    assert not partner.log.said("The last notification of ann@rtp.example about ben@partner.example failed")


def test_a_local_community_that_was_away(sites: tuple[Site, Site]) -> None:
    rtp, partner = sites
    assert rtp.presence(ALICE, BEN, "away").status == "away"
    (name,) = partner.server.board.gateways.names()
    connection = partner.server.board.gateways.get(name)
    assert connection
    connection.gone()
    # Nobody knows meanwhile, and what changed meanwhile is told afterwards.
    assert rtp.presence(ALICE, BEN, "offline").status == "offline"
    partner.set(BEN, "online")
    assert rtp.presence(ALICE, BEN, "online").status == "online"
    partner.set(BEN, "away")


def test_who_comes_while_the_local_community_is_being_connected_waits(sites: tuple[Site, Site]) -> None:
    rtp, partner = sites
    (name,) = partner.server.board.gateways.names()
    connection = partner.server.board.gateways.get(name)
    assert connection
    connection.gone()
    until(lambda: not partner.gateway._local.is_connected)
    assert rtp.say(ANN, BOB, "meanwhile") == (True, "", 0)


def test_rules_of_either_side(tmp_path: Path) -> None:
    with two_sites(tmp_path, access={ALICE: 1}, properties={"maxIMSessions": "1"}) as (rtp, partner):
        assert rtp.presence(ANN, BOB).code == 403
        assert partner.presence(BOB, ANN).code == 403
        assert rtp.log.said("user ann@rtp.example is not assigned to the community partner")
        assert rtp.presence(ALICE, BOB).status == "online"
        assert rtp.say(ALICE, BOB, "one")[0]
        assert partner.say(BEN, ALICE, "two") == (False, "Service Unavailable", 503)
        assert rtp.log.said("the gateway has 1 IM sessions, and maxIMSessions is 1")
        partner.change(GATEWAY_PROPERTY=[{"NAME": "blacklist", "VALUE": "*.example"}])
        # What exists keeps working.
        assert rtp.say(ALICE, BOB, "three")[0]
        assert rtp.presence(ALICE, BEN).code == 403
        assert partner.log.said("the domain partner.example is on the blacklist by its entry *.example")


def test_a_partner_that_is_not_there(tmp_path: Path) -> None:
    with two_sites(tmp_path) as (rtp, partner):
        partner.stop()
        found = rtp.presence(ALICE, BOB)
        assert (found.status, found.code) == ("unknown", 503)
        assert rtp.log.said("no answer could be got from community partner (127.0.0.12:")
