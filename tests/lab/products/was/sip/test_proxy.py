"""The SIP proxy between a partner and the members of its default cluster."""

from __future__ import annotations

import pytest
from sipmessage import Request

from lab.sip import headers
from lab.sip.address import Target, Transport
from tests.lab.products.was.sip.site import CLUSTER, PROXY, SPRAYER, Partner, Site, partner
from tests.lab.sip.parties import code, run, until


def served(site: Site) -> list[tuple[str, Request]]:
    """What the applications got, with the node that did."""
    return [(node, request) for node, app in site.apps.items() for request in app.served]


def internals(request: Request) -> list[str]:
    """Header fields that are for servers of the cell only."""
    names = request.headers.keys()
    return [name for name in names if name.startswith("IBM-") or name == "OutboundIfList"]


@pytest.mark.parametrize("transport", ["tcp", "udp", "tls"])
def test_a_request_reaches_a_member_and_its_answer_the_partner(site: Site, transport: Transport) -> None:
    async def work() -> None:
        await site.up("N", "M")
        other = await partner(transport, site)
        asked = other.request("SUBSCRIBE", "one")
        asked.headers.set("IBM-Destination", "<sip:127.0.0.9:9>")
        answer = await other.ask(asked, site.proxy_at(transport))
        assert code(answer) == 200
        assert len(answer.headers.getlist("Via")) == 1
        port = site.proxy_at(transport).port
        assert answer.headers.getlist("Record-Route") == [f"<sip:127.0.0.1:{port};transport={transport};lr>"]
        ((_, got),) = served(site)
        assert got.headers["Max-Forwards"] == "69"
        assert got.headers["Via"].startswith(f"SIP/2.0/{transport.upper()} 127.0.0.1:{port};branch=z9hG4bK")
        assert internals(got) == []
        await site.stop_all(other)

    run(work())


def test_an_enabled_sprayer_is_what_others_see(site: Site) -> None:
    site.set(sprayers={"tcp": (SPRAYER, 5062)})

    async def work() -> None:
        _, members = await site.up("N")
        other = await partner("tcp", site)
        answer = await other.ask(other.request("INVITE", "in"), site.proxy_at("tcp"))
        assert answer.headers.getlist("Record-Route") == [f"<sip:{SPRAYER}:5062;transport=tcp;lr>"]
        member = members["N"]
        assert member.interface("tcp") == site.interface("tcp", SPRAYER, 5062)
        assert member.interface("udp") == site.interface("udp", "127.0.0.1", site.proxy_at("udp").port)
        answer = await other.answer(member.request(other.request("SUBSCRIBE", "out"), other.place))
        sent, _ = other.messages[-1]
        assert code(answer) == 200
        assert sent.headers["Via"].startswith(f"SIP/2.0/TCP {SPRAYER}:5062;branch=")
        assert sent.headers.getlist("Record-Route") == [f"<sip:{SPRAYER}:5062;transport=tcp;lr>"]
        assert isinstance(sent, Request)
        assert internals(sent) == []
        await site.stop_all(other)

    run(work())


@pytest.mark.parametrize("method", ["MESSAGE", "OPTIONS", "REGISTER", "PUBLISH"])
def test_requests_without_a_dialog_are_not_recorded(site: Site, method: str) -> None:
    async def work() -> None:
        await site.up("N")
        other = await partner("tcp", site)
        assert code(await other.ask(other.request(method, "one"), site.proxy_at("tcp"))) == 200
        ((_, got),) = served(site)
        assert got.headers.getlist("Record-Route") == []
        await site.stop_all(other)

    run(work())


def test_a_dialog_stays_with_its_member(site: Site) -> None:
    async def work() -> None:
        await site.up("N", "M")
        other = await partner("tcp", site)
        tags = {}
        for call in map(str, range(8)):
            answer = await other.ask(other.request("INVITE", call), site.proxy_at("tcp"))
            tags[call] = headers.tag(answer.headers["To"]) or ""
        owners = {request.headers["Call-ID"]: node for node, request in served(site)}
        assert set(owners.values()) == {"N", "M"}, "new calls go to all members"
        for app in site.apps.values():
            app.served.clear()
        for call, tag in tags.items():
            # Another Call-ID: the tag alone leads back.
            await other.ask(other.request("BYE", f"{call} again", to_tag=tag), site.proxy_at("tcp"))
        assert {r.headers["Call-ID"].split()[0]: node for node, r in served(site)} == owners
        await site.stop_all(other)

    run(work())


def test_the_dialogs_of_a_member_that_died_go_to_the_other(site: Site) -> None:
    async def work() -> None:
        proxy, members = await site.up("N", "M")
        other = await partner("tcp", site)
        tag = members["N"].tag()
        await site.stop(members["N"])
        await until(lambda: len(proxy.living) == 1)
        await other.ask(other.request("BYE", "one", to_tag=tag), site.proxy_at("tcp"))
        assert [node for node, _ in served(site)] == ["M"]
        again = site.start_member("N")
        await until(lambda: len(proxy.living) == 2)
        await other.ask(other.request("BYE", "two", to_tag=tag), site.proxy_at("tcp"))
        assert [node for node, _ in served(site)] == ["M", "M"], "one that has started again does not know the dialog"
        await other.ask(other.request("BYE", "three", to_tag=again.tag()), site.proxy_at("tcp"))
        assert ("N", "three") in [(node, request.headers["Call-ID"]) for node, request in served(site)]
        await site.stop(again)
        await site.stop(members["M"])
        await until(lambda: not proxy.living)
        answer = await other.ask(other.request("MESSAGE", "four"), site.proxy_at("tcp"))
        assert (code(answer), answer.headers["Retry-After"]) == (503, "5")
        assert "CWSPX0012I: Server N.RTCGWServer in cluster X is down" in site.log(PROXY)
        assert "CWSPX0004W" in site.log(PROXY)
        await site.stop_all(other)

    run(work())


@pytest.mark.parametrize(("cluster", "said"), [("", "No default cluster is set"), ("Y", "The default cluster Y")])
def test_without_a_default_cluster_nothing_is_routed(site: Site, cluster: str, said: str) -> None:
    site.set(default_cluster=cluster, properties={"retryAfterValue": "7"})

    async def work() -> None:
        site.start_member("N")
        site.start_proxy()
        other = await partner("tcp", site)
        answer = await other.ask(other.request("INVITE", "one"), site.proxy_at("tcp"))
        assert (code(answer), answer.headers["Retry-After"]) == (503, "7")
        ack = other.request("ACK", "one", to_tag=headers.tag(answer.headers["To"]) or "")
        other.transports.send(ack, site.proxy_at("tcp"))
        answer = await other.ask(other.request("MESSAGE", "two"), site.proxy_at("tcp"))
        assert code(answer) == 503
        assert served(site) == []
        await site.stop_all(other)

    run(work())
    assert said in site.log(PROXY)


def test_what_the_proxy_answers_itself(site: Site) -> None:
    async def work() -> None:
        await site.up("N")
        other = await partner("tcp", site)
        own = site.proxy_at("tcp")
        probe = other.request("OPTIONS", "advisor")
        probe.uri = Request("OPTIONS", probe.uri).uri.__class__("sip", own.host, port=own.port)
        assert code(await other.ask(probe, own)) == 200
        last = other.request("MESSAGE", "last")
        last.headers.set("Max-Forwards", "0")
        assert code(await other.ask(last, own)) == 483
        relayed = other.request("MESSAGE", "relayed", routes=("<sip:127.0.0.9:5060;lr>",))
        assert code(await other.ask(relayed, own)) == 403
        assert "leads to none of the interfaces" in site.log(PROXY)
        wrong = other.request("MESSAGE", "wrong")
        wrong.headers.set("Max-Forwards", "many")
        assert code(await other.ask(wrong, own)) == 400
        assert "CWSPX0006W" in site.log(PROXY)
        assert served(site) == []
        routed = other.request("MESSAGE", "routed", routes=(f"<sip:n.example.com:{own.port};lr>",))
        assert code(await other.ask(routed, own)) == 200
        ((_, got),) = served(site)
        assert got.headers.getlist("Route") == []
        await site.stop_all(other)

    run(work())


def test_an_answer_that_was_not_asked_for_is_dropped(site: Site) -> None:
    async def work() -> None:
        await site.up("N")
        other = await partner("tcp", site)
        answer = await other.ask(other.request("MESSAGE", "one"), site.proxy_at("tcp"))
        own = site.proxy_at("tcp")
        ours = f"SIP/2.0/TCP {own.host}:{own.port};branch=z9hG4bKa"
        for vias in (
            ["SIP/2.0/TCP 127.0.0.9:9;branch=z9hG4bKa;flow=1", answer.headers["Via"]],
            [ours, answer.headers["Via"]],
            [f"{ours};flow=1"],
        ):
            answer.headers.setlist("Via", vias)
            other.transports.send(answer, own)
        assert code(await other.ask(other.request("MESSAGE", "two"), site.proxy_at("tcp"))) == 200
        assert len(other.messages) == 2
        assert "CWSPX0008W" in site.log(PROXY)
        await site.stop_all(other)

    run(work())


def test_a_request_without_a_way_back_is_dropped(site: Site) -> None:
    async def work() -> None:
        await site.up("N")
        other = await partner("tcp", site)
        lost = other.request("MESSAGE", "lost")
        lost.headers.set("Via", "SIP/2.0/PIGEON nowhere")
        other.transports.send(lost, site.proxy_at("tcp"))
        assert code(await other.ask(other.request("MESSAGE", "one"), site.proxy_at("tcp"))) == 200
        assert len(other.messages) == 1
        assert "Header in question [Via SIP/2.0/PIGEON nowhere is not valid] for call id [lost]" in site.log(PROXY)
        await site.stop_all(other)

    run(work())


def test_a_member_that_cannot_reach_the_partner_hears_why(site: Site) -> None:
    async def work() -> None:
        _, members = await site.up("N")
        other = await partner("tcp", site)
        gone = Target("tcp", "127.0.0.3", 9)
        answer = await members["N"].request(other.request("MESSAGE", "one"), gone)
        assert (code(answer), "127.0.0.3:9" in answer.phrase) == (503, True)
        assert "The SIP proxy cannot send MESSAGE" in site.log(PROXY)
        in_dialog = other.request("BYE", "two", routes=("<sip:nowhere.example:5060;lr>",))
        answer = await members["N"].request(in_dialog, gone)
        assert "it does not know the host nowhere.example" in answer.phrase
        await site.stop_all(other)

    run(work())


def test_a_dialog_over_two_transports_comes_by_both_interfaces(site: Site) -> None:
    async def work() -> None:
        member = site.start_member("N", lacking={"udp"})
        site.start_proxy()
        await until(lambda: member.interface("udp"))
        other = await partner("udp", site)
        answer = await other.answer(member.request(other.request("INVITE", "one"), other.place))
        sent, _ = other.messages[-1]
        own = {
            each: f"<sip:127.0.0.1:{site.proxy_at(each).port};transport={each};lr;ibmdrr>" for each in ("tcp", "udp")
        }
        assert sent.headers.getlist("Record-Route") == [own["udp"], own["tcp"]]
        assert code(answer) == 200
        await site.stop_all(other)

    run(work())


def test_a_request_with_a_route_goes_where_that_says(site: Site) -> None:
    async def work() -> None:
        _, members = await site.up("N")
        other = await partner("tcp", site)
        own, (_, host, port) = site.proxy_at("tcp"), other.place
        routes = (f"<sip:127.0.0.1:{own.port};transport=tcp;lr>", f"<sip:{host}:{port};transport=tcp;lr>")
        bye = other.request("BYE", "one", routes=routes)
        assert code(await other.answer(members["N"].request(bye, own))) == 200
        sent, _ = other.messages[-1]
        assert sent.headers.getlist("Route") == [routes[1]]
        await site.stop_all(other)

    run(work())


def test_the_access_log_has_every_message(site: Site) -> None:
    site.set(enableAccessLog="true")

    async def work() -> None:
        await site.up("N")
        other: Partner = await partner("tcp", site)
        await other.ask(other.request("MESSAGE", "one"), site.proxy_at("tcp"))
        await site.stop_all(other)

    run(work())
    lines = site.file(PROXY, "sipproxy.log").splitlines()
    assert ['"MESSAGE sip:alice@rtp.example" one' in lines[0], '"200 OK" one' in lines[1]] == [True, True]
    assert CLUSTER in site.log(PROXY)
