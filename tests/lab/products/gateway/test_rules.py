"""Communities, access, blacklist, limits: what the rows of the database mean for who talks with whom."""

from __future__ import annotations

from typing import Any

import pytest

from lab.products.gateway.application import access, blacklist, communities, limits
from lab.products.gateway.application.limits import IM, PRESENCE, Limits
from lab.products.gateway.application.refusal import Refused
from tests.lab.products.gateway.rows import rows

LOCAL, PARTNER = ("stsrv1.rtp.example", 1516), ("sipproxy1.rtp.example", 5062)
ALICE, BOB = "alice@rtp.example", "bob@partner.example"


def directory(**changes: Any) -> communities.Directory:
    return communities.directory(rows(LOCAL, PARTNER, **changes))


def test_communities_of_the_scenario() -> None:
    found = directory()
    assert found.problems == ()
    assert found.local
    assert (found.local.host, found.local.port) == LOCAL
    partner = found.of_domain("Partner.Example")
    assert partner
    assert (partner.host, partner.port, partner.transport) == (*PARTNER, "tcp")
    assert found.is_local("RTP.example")
    assert not found.is_local("partner.example")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"HOST": ""}, "Community partner: its connection details '', port 5062, are no host and port"),
        ({"PORT": 0}, "Community partner: its connection details 'sipproxy1.rtp.example', port 0, are no host"),
        ({"TRANSPORT": "vp"}, "Community partner: its transport 'vp' is none of tcp, tls, udp"),
        ({"TYPE": "lcs"}, "Community partner: its type lcs is not known; known are local, sametime, aol, yahoo,"),
        ({"TYPE": "aol"}, "Community partner: its transport 'tcp' is none of tls"),
        (
            {"TYPE": "xmpp", "PROTOCOL": "sip_ocs"},
            "Community partner: its translation protocol 'sip_ocs' is none of xmpp",
        ),
    ],
)
def test_an_external_community_that_cannot_work(change: dict[str, Any], said: str) -> None:
    content = rows(LOCAL, PARTNER)
    content["COMMUNITY"][1] = {**content["COMMUNITY"][1], **change}
    found = communities.directory(content)
    assert found.external == ()
    assert any(problem.startswith(said) for problem in found.problems), found.problems


@pytest.mark.parametrize(
    ("kind", "transport", "protocol"),
    [
        ("sametime", "udp", "sip_sametime"),
        ("aol", "tls", "sip_ocs"),
        ("yahoo", "tcp", "sip_ocs"),
        ("xmpp", "tcp", "xmpp"),
    ],
)
def test_what_a_type_speaks(kind: str, transport: str, protocol: str) -> None:
    content = rows(LOCAL, PARTNER, transport=transport)
    content["COMMUNITY"][1] = {**content["COMMUNITY"][1], "TYPE": kind}
    (community,) = communities.directory(content).external
    assert community.protocol == protocol


def test_what_speaks_xmpp_is_not_reached_by_sip() -> None:
    content = rows(LOCAL, PARTNER)
    content["COMMUNITY"][1] = {**content["COMMUNITY"][1], "TYPE": "google_talk"}
    found = communities.directory(content)
    with pytest.raises(Refused, match="community partner speaks XMPP") as refused:
        access.outbound(found, ALICE, BOB)
    assert refused.value.status == 503
    with pytest.raises(Refused, match="no external community that speaks SIP"):
        access.inbound(found, BOB, ALICE)


def test_there_is_exactly_one_local_community() -> None:
    content = rows(LOCAL, PARTNER)
    content["COMMUNITY"][1] = {**content["COMMUNITY"][1], "TYPE": "local", "TRANSPORT": "vp"}
    found = communities.directory(content)
    assert found.local is None
    assert found.problems == ("There are 2 local communities that can be used; there has to be exactly one",)


@pytest.mark.parametrize(
    ("rights", "admitted"),
    [
        ({}, False),
        ({"*": 1}, True),
        ({"*": 1, "Alice@rtp.example": 0}, False),
        ({"ALICE@RTP.EXAMPLE": 1}, True),
        ({"ann@rtp.example": 1}, False),
        ({"*": 0, ALICE: 1}, True),
    ],
)
def test_access(rights: dict[str, int], admitted: bool) -> None:
    found = directory(access=rights)
    for judge, sender, to in ((access.outbound, ALICE, BOB), (access.inbound, BOB, ALICE)):
        if admitted:
            assert judge(found, sender, to).name == "partner"
        else:
            with pytest.raises(Refused, match=r"alice@rtp.example is not assigned to the community partner") as refused:
                judge(found, sender, to)
            assert refused.value.status == 403


@pytest.mark.parametrize(
    ("sender", "to", "said"),
    [
        ("eve@evil.example", ALICE, "domain of the sender eve@evil.example belongs to no external community"),
        (ALICE, "ann@rtp.example", "domain of the sender alice@rtp.example belongs to no external community"),
        (BOB, "ben@partner.example", "domain of ben@partner.example is not one of the local community"),
    ],
)
def test_inbound_from_or_to_elsewhere(sender: str, to: str, said: str) -> None:
    with pytest.raises(Refused, match=said) as refused:
        access.inbound(directory(), sender, to)
    assert refused.value.status == 403


def test_outbound_to_a_domain_of_nobody() -> None:
    with pytest.raises(Refused, match=r"no external community serves the domain of eve@evil.example") as refused:
        access.outbound(directory(), ALICE, "eve@evil.example")
    assert refused.value.status == 404


@pytest.mark.parametrize(
    ("listed", "domain", "entry"),
    [
        ("partner.example", "Partner.Example", "partner.example"),
        ("a.example, b.example;c.example  d.example", "d.example", "d.example"),
        ("*.example", "partner.example", "*.example"),
        ("*.example", "sub.partner.example", None),
        ("*.partner.example", "partner.example", None),
        ("partner.*", "partner.example", None),
        ("partner", "partner.example", None),
        ("", "partner.example", None),
    ],
)
def test_blacklist(listed: str, domain: str, entry: str | None) -> None:
    assert blacklist.match(listed, domain) == entry


def test_entries_of_a_blacklist_that_match_nothing() -> None:
    assert blacklist.wrong("*.example partner.* ex*.example *") == ("partner.*", "ex*.example", "*")


@pytest.mark.parametrize("listed", ["partner.example", "rtp.example"])
def test_either_side_may_be_on_the_blacklist(listed: str) -> None:
    found = directory(properties={"blacklist": listed})
    with pytest.raises(Refused, match=f"{listed} is on the blacklist"):
        access.outbound(found, ALICE, BOB)
    with pytest.raises(Refused, match=f"{listed} is on the blacklist"):
        access.inbound(found, BOB, ALICE)


@pytest.mark.parametrize(
    ("of_gateway", "of_community", "allowed"),
    [("2", "", 2), ("5", "1", 1), ("1", "5", 1), ("0", "", 0), ("-1", "3", 3), ("5", "-1", 5)],
)
def test_limits(of_gateway: str, of_community: str, allowed: int) -> None:
    found = directory(
        properties={"maxIMSessions": of_gateway},
        community_properties={"maxIMSessions": of_community} if of_community else {},
    )
    (community,) = found.external
    counted = Limits()
    for _ in range(allowed):
        counted.take(found, community, IM)
    with pytest.raises(Refused, match=f"has {allowed} IM sessions, and maxIMSessions is {allowed}") as refused:
        counted.take(found, community, IM)
    assert refused.value.status == 503
    # The other kind is counted by itself.
    counted.take(found, community, PRESENCE)


def test_a_session_that_ends_makes_room() -> None:
    found = directory(properties={"maxPresenceSessions": "1"})
    (community,) = found.external
    counted = Limits()
    counted.take(found, community, PRESENCE)
    counted.release(community.id, PRESENCE)
    counted.take(found, community, PRESENCE)
    assert counted.count(PRESENCE) == 1


def test_limits_that_are_none() -> None:
    assert limits.wrong({"maxIMSessions": "many", "maxPresenceSessions": "-2"}) == [
        "maxPresenceSessions=-2",
        "maxIMSessions=many",
    ]
    assert limits.value({"maxIMSessions": "many"}, IM) == limits.DEFAULT
    assert limits.wrong({"maxIMSessions": " -1 ", "maxPresenceSessions": "0"}) == []
