"""The SIP container: a member of a cluster and its way out, and a server that stands alone."""

from __future__ import annotations

import pytest

from lab.products.was.sip import assembly
from lab.products.was.sip.interfaces import Interface
from lab.products.was.sip.members import METHOD
from lab.products.was.sip.upstream import Upstream
from lab.sip.address import Flow, Target
from tests.lab.products.was.sip.site import SERVER, SIP, Site, partner
from tests.lab.sip.parties import code, request, run, until


def test_a_member_without_a_sip_proxy_has_no_way_out(site: Site) -> None:
    async def work() -> None:
        proxy, members = await site.up("N")
        member = members["N"]
        await site.stop(proxy)
        await until(lambda: member.interface("tcp") is None)
        answer = await member.request(request(), Target("tcp", "127.0.0.3", 9))
        assert (code(answer), answer.phrase) == (503, "no SIP proxy")
        assert "no SIP proxy that serves this cluster has connected" in site.log(SERVER)
        again = site.start_proxy()
        await until(lambda: member.interface("tcp"))
        await until(lambda: again.living)
        await site.stop_all()

    run(work())


def test_a_server_that_stands_alone_sends_itself(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.cell.task("createApplicationServer", "M", "[-name alone]")
    for name in SIP:
        site.give_port("M", "alone", name)
    site.cell.workspace.save()

    async def work() -> None:
        service = site.start_member("M", server="alone")
        other = await partner("tcp", site)
        answer = await other.answer(service.request(request(), other.place))
        sent, _ = other.messages[-1]
        assert code(answer) == 200
        port = service.port("tcp")
        assert service.interface("tcp") == Interface("tcp", "m.example.com", port)
        assert sent.headers["Via"].startswith(f"SIP/2.0/TCP m.example.com:{port};branch=")
        assert "IBM-Destination" not in str(sent.headers)
        own = Target("tcp", "127.0.0.2", port)
        assert code(await other.ask(other.request("MESSAGE", "one"), own)) == 200
        assert code(await other.ask(other.request(METHOD, "two"), own)) == 403
        monkeypatch.setattr(assembly, "_application", lambda _: None)
        await site.stop(service)
        await until(lambda: not other.transports.connected(own))
        service = site.start_member("M", server="alone")
        assert code(await other.ask(other.request("MESSAGE", "three"), own)) == 403
        assert "no application of this server serves SIP" in site.log("alone")
        await site.stop_all(other)

    run(work())


def flow(number: int, address: str = "127.0.0.5") -> Flow:
    """A connection from a SIP proxy."""
    return Flow("tcp", ("127.0.0.1", 5060), (address, 4000 + number), number)


def test_of_several_sip_proxies_a_living_one_is_used() -> None:
    dead: set[int] = set()
    upstream = Upstream(lambda one: one.connection not in dead)
    for number, address in ((1, "127.0.0.5"), (2, "127.0.0.6")):
        startup = request(METHOD)
        startup.headers.set("OutboundIfList", f"<sip:p{number}.example:5060;transport=tcp>")
        assert upstream.greet(startup, flow(number, address))
        assert not upstream.greet(startup, flow(number, address))
    assert upstream.way("tcp") == flow(1)
    dead.add(1)
    assert upstream.way("tcp") == flow(2, "127.0.0.6")
    assert upstream.interface("tcp") == Interface("tcp", "p2.example", 5060)
    assert upstream.interface("tls") is None
    dead.add(2)
    assert upstream.way("tcp") is None


@pytest.mark.parametrize("value", [None, "<sip:p1.example;transport=sctp>", "nothing"])
def test_a_greeting_without_interfaces_is_none(value: str | None) -> None:
    startup = request(METHOD)
    if value:
        startup.headers.set("OutboundIfList", value)
    with pytest.raises(ValueError, match=r"OutboundIfList|transport|not valid"):
        Upstream(lambda _: True).greet(startup, flow(1))
