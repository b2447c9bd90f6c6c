# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Addresses and Call-IDs in header fields: what stands there outside, and that it comes back as it was."""

from __future__ import annotations

from typing import Any

import pytest
from configs import EVERYTHING, SCENARIO, changed, loaded
from messages import data_of, fields, flow, lines, request, response, rewriter

OUT = flow(True, "9.42.111.2", token=b"c0.5")
IN = flow(False, "9.42.124.60", port=40123, token=b"c0.6")
FRONT = "rtp_nat.ibm.com:5062"


def outside(field: str, base: Any = SCENARIO) -> str:
    """How a field of a request leaves."""
    proxy = rewriter(loaded(base))
    data = request("INVITE", "sip:b@partner.example", ["SIP/2.0/TCP 9.42.111.2;branch=z9hG4bKa"], field)
    return fields(data_of(proxy.process(data, OUT)), field.partition(":")[0])[-1]


def inside(field: str, base: Any = SCENARIO) -> str:
    """How a field of a request comes in."""
    proxy = rewriter(loaded(base))
    data = request("INVITE", "sip:a@rtp_nat.ibm.com", ["SIP/2.0/TCP p.example;branch=z9hG4bKa"], field)
    return fields(data_of(proxy.process(data, IN)), field.partition(":")[0])[-1]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("<sip:a@9.42.111.2:5060;transport=tcp>", f"<sip:a@{FRONT};np=1-5060;transport=tcp>"),
        ("<sip:a@9.42.111.2>", f"<sip:a@{FRONT};np=1--;transport=tcp>"),
        ("<sip:a@9.42.111.2:05060;transport=UDP;lr>", f"<sip:a@{FRONT};np=1-05060-UDP;transport=tcp;lr>"),
        ("<sip:9.42.111.3;x;transport=TCP?Subject=a>;q=1", f"<sip:{FRONT};np=2;x;transport=TCP?Subject=a>;q=1"),
        ("<sips:a@9.42.111.5:5061>", f"<sips:a@{FRONT};np=3-5061-;transport=tcp>"),
        ("<SIP:a:secret@stgpn1.rtp.example>", f"<SIP:a:secret@{FRONT};np=1.1--;transport=tcp>"),
        ("<sip:a;b=c,d?e@9.42.111.2>", f"<sip:a;b=c,d?e@{FRONT};np=1--;transport=tcp>"),
        (
            '"<sip:9.42.11.2>, \\"" <sip:a@9.42.111.2>;x',
            f'"<sip:9.42.11.2>, \\"" <sip:a@{FRONT};np=1--;transport=tcp>;x',
        ),
        ("sip:a@9.42.111.2;q=1", f"<sip:a@{FRONT};np=b1;transport=tcp>;q=1"),
        ("sips:9.42.111.3:5061", f"<sips:{FRONT};np=b2-5061;transport=tcp>"),
        ("sip:a@9.42.111.2,<sip:x>", f"<sip:a@{FRONT};np=b1;transport=tcp>,<sip:x>"),
        (
            "<sip:a@9.42.111.2>, <sip:b@9.42.111.3>",
            f"<sip:a@{FRONT};np=1--;transport=tcp>, <sip:b@{FRONT};np=2--;transport=tcp>",
        ),
        ("<sip:a@9.42.111.2;ibmdrr;lr>;ibmrport=5", f"<sip:a@{FRONT};np=1--;transport=tcp;npd;lr>;npp=5"),
        (
            "<sip:a@9.42.111.2;ibmsid=local.1;ibmappid=q>",
            f"<sip:a@{FRONT};np=1--;transport=tcp;ibmsid=local.1;ibmappid=q>",
        ),
        ("<sip:a@StgPn1.RTP.example:5060>", f"<sip:a@{FRONT};np=1.1~389-5060-;transport=tcp>"),
        ("sip:STGPN1.rtp.example", f"<sip:{FRONT};np=b1.1~1f;transport=tcp>"),
        (
            "<sip:a@home.example:1347;maddr=9.42.111.3;transport=tcp;x=1>",
            "<sip:a@home.example:5062;npm=2-1347;maddr=rtp_nat.ibm.com;transport=tcp;x=1>",
        ),
        (
            "<sip:a@home.example;maddr=9.42.111.3>",
            "<sip:a@home.example:5062;npm=2--;transport=tcp;maddr=rtp_nat.ibm.com>",
        ),
        (
            "<sip:a@9.42.111.2:5060;maddr=9.42.111.3;transport=tcp>",
            f"<sip:a@{FRONT};np=1-5060;npm=2;maddr=rtp_nat.ibm.com;transport=tcp>",
        ),
    ],
)
def test_contacts_of_inside_hosts_go_out_with_a_token_and_come_back(before: str, after: str) -> None:
    assert outside(f"Contact: {before}") == after
    assert inside(f"Contact: {after}") == before


@pytest.mark.parametrize(
    "value",
    [
        "*",
        "<sip:a@partner.example:5060>",
        "<sip:a@99.42.111.2>",
        "<sip:a@rtp_nat.ibm.com:5062>",
        "<tel:+1-201-555-0123>",
        "<mailto:a@stgpn1.rtp.example>",
    ],
)
def test_what_is_no_inside_host_stays(value: str) -> None:
    assert outside(f"Contact: {value}") == value
    assert inside(f"Contact: {value}") == value


def test_brackets_stay_when_something_needs_them_by_now() -> None:
    """The other side may have added a name, or parameters to the URI."""
    for before, after in (
        (f'"B" <sip:a@{FRONT};np=b1;transport=tcp>', '"B" <sip:a@9.42.111.2>'),
        (f"<sip:a@{FRONT};np=b1;transport=tcp;x=1>", "<sip:a@9.42.111.2;x=1>"),
        (f"<sip:a@{FRONT};np=b1?Subject=x>", "<sip:a@9.42.111.2?Subject=x>"),
        (f"<sip:a@{FRONT};np=b1>;q=1", "sip:a@9.42.111.2;q=1"),
        (f"sip:a@{FRONT};np=b1;q=1", "sip:a@9.42.111.2;q=1"),
    ):
        assert inside(f"Contact: {before}") == after


def test_a_token_of_another_is_not_ours() -> None:
    assert inside("Contact: <sip:a@partner.example;np=1-5060>") == "<sip:a@partner.example;np=1-5060>"


def test_addresses_of_ipv6_stand_in_brackets() -> None:
    source = flow(True, "192.0.2.11")
    via = ["SIP/2.0/TCP [2001:DB8:1::11]:5060;branch=z9hG4bKa"]
    proxy = rewriter(loaded(EVERYTHING))
    data = request("INVITE", "sip:b@six.example", via, "Contact: <sip:a@[2001:db8:1:0:0::11]:5060;transport=tcp>")
    left = data_of(proxy.process(data, source))
    assert fields(left, "Via")[1] == "SIP/2.0/TCP out.home.example:5070;np=1.1~2-5060;branch=z9hG4bKa"
    assert fields(left, "Contact") == ["<sip:a@sip.home.example:5060;np=1.1-5060;transport=tcp>"]
    back = request("BYE", "sip:a@sip.home.example:5060;np=1.1-5061", ["SIP/2.0/TCP [2001:db8:2::7];branch=z9hG4bKb"])
    outcome = proxy.process(back, flow(False, "2001:db8:2::7"))
    assert data_of(outcome).startswith(b"BYE sip:a@[2001:db8:1::11]:5061 SIP/2.0\r\n")
    assert outcome[2].address == "2001:db8:1::11"


@pytest.mark.parametrize("name", ["Record-Route", "Path", "Service-Route", "Alert-Info", "Call-Info", "Error-Info"])
def test_lists_of_addresses(name: str) -> None:
    before = "<sip:9.42.111.2;transport=tcp>,<sip:x.example>, <sip:9.42.111.3;transport=tcp>"
    after = f"<sip:{FRONT};np=1;transport=tcp>,<sip:x.example>, <sip:{FRONT};np=2;transport=tcp>"
    assert outside(f"{name}: {before}") == after
    assert inside(f"{name}: {after}") == before


IDENTITIES = [
    "P-Asserted-Identity",
    "P-Preferred-Identity",
    "P-Associated-URI",
    "P-Called-Party-ID",
    "P-Served-User",
    "Remote-Party-ID",
    "Reply-To",
    "Diversion",
    "History-Info",
]


@pytest.mark.parametrize("name", ["m", "Refer-To", "r", "Referred-By", "b", *IDENTITIES])
def test_single_addresses(name: str) -> None:
    before, after = "<sip:a@9.42.111.2;transport=tcp>;x=1", f"<sip:a@{FRONT};np=1;transport=tcp>;x=1"
    assert outside(f"{name}: {before}") == after
    assert inside(f"{name}: {after}") == before


def test_from_and_to_are_mapped_as_identities_are() -> None:
    proxy = rewriter(loaded(SCENARIO))
    via = ["SIP/2.0/TCP 9.42.111.2;branch=z9hG4bKa"]
    for tag in (";tag=a", ";tag=b", ";tag=a;x=1", "", ' ; tag = "odd"'):
        data = request("BYE", "sip:b@p.example", via, from_="<sip:a@9.42.111.2>" + tag, to=f"sip:b@9.42.111.3{tag}")
        left = data_of(proxy.process(data, OUT))
        assert fields(left, "From") == [f"<sip:a@{FRONT};np=1--;transport=tcp>{tag}"]
        assert fields(left, "To") == [f"<sip:b@{FRONT};np=b2;transport=tcp>{tag}"]


def test_identities_stay_where_they_are_not_to_be_mapped_but_for_their_addresses() -> None:
    base = changed(SCENARIO, "map_identities", False)
    for name in IDENTITIES:
        assert outside(f"{name}: <sip:a@stgpn1.rtp.example>", base) == "<sip:a@stgpn1.rtp.example>"
        assert "9.42.111" not in outside(f"{name}: <sip:a@9.42.111.2>", base)
    assert outside("Refer-To: <sip:9.42.111.2;transport=tcp>", base) == f"<sip:{FRONT};np=1;transport=tcp>"


@pytest.mark.parametrize("name", ["Refer-To", "Path", "History-Info", "Alert-Info"])
@pytest.mark.parametrize(
    "value", ['"open <sip:a@h>', "<sip:>", "<sip:a@h", "<sip:a@[::1>", "x y z", "<sip:h:99999>", ";;,"]
)
def test_what_cannot_be_read_stays_where_the_proxy_does_not_need_it(name: str, value: str) -> None:
    assert outside(f"{name}: {value}") == value
    assert inside(f"{name}: {value}") == value


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("1@9.42.111.2", "1@np1"),
        ("1@x@9.42.111.3", "1@x@np2"),
        ("1@stgpn1.rtp.example", "1@np1.1"),
        ("1@STGPN1.rtp.example", "1@STGPN1.rtp.example"),
        ("1@9.42.111.22", None),
        ("1@partner.example", "1@partner.example"),
        ("word", "word"),
        ("9.42.112.2", "9.42.112.2"),
    ],
)
def test_call_ids_are_masked_by_a_permutation(before: str, after: str) -> None:
    for field, rest in (
        ("Replaces", ";to-tag=1;from-tag=2"),
        ("Join", " ; to-tag=1"),
        ("Target-Dialog", ""),
        ("In-Reply-To", ""),
    ):
        left = outside(f"{field}: {before}{rest}")
        assert "9.42.111." not in left
        if after is not None:
            assert left == after + rest
        assert inside(f"{field}: {left}") == before + rest
        # What the other side makes up itself is swapped the other way, and back.
        assert outside(f"{field}: {inside(f'{field}: {before}{rest}')}") == before + rest or after is None
    assert outside(f"In-Reply-To: {before}, 7@x,{before}").count("9.42.111.") == 0


def test_call_ids_inside_addresses_are_masked_too() -> None:
    before = "<sip:b@h.example?Replaces=1%409.42.111.2%3Bto-tag%3Dx&Subject=9>"
    after = "<sip:b@h.example?Replaces=1%40np1%3Bto-tag%3Dx&Subject=9>"
    assert outside(f"Refer-To: {before}") == after
    assert inside(f"Refer-To: {after}") == before


def test_call_ids_stay_where_they_are_not_to_be_masked() -> None:
    base = changed(SCENARIO, "mask_call_id", False)
    assert inside("Replaces: 1@np1;to-tag=1", base) == "1@np1;to-tag=1"


def test_internal_fields_do_not_leave_but_may_come_in() -> None:
    proxy = rewriter(loaded(SCENARIO))
    data = request(
        "BYE", "sip:b@p.example", ["SIP/2.0/TCP 9.42.111.2;branch=z9hG4bKa"], "ibm-po: 1", "X: 1", "OUTBOUNDIFLIST: 1"
    )
    left = data_of(proxy.process(data, OUT))
    assert fields(left, "IBM-PO") == fields(left, "OutboundIfList") == []
    assert fields(left, "X") == ["1"]
    assert inside("IBM-PO: 1") == "1"


@pytest.mark.parametrize(
    "host",
    [
        "[2001:db8:1::11]",
        "[2001:DB8:1::11]",
        "[2001:db8:1:0:0:0:0:11]",
        "[2001:DB8:1:0:0:0:0:11]",
        "[2001:0db8:0001:0000:0000:0000:0000:0011]",
    ],
)
def test_hosts_come_back_as_they_were_spelled(host: str) -> None:
    """Java writes IPv6 without two colons, and compares what it finds in answers with that."""
    proxy = rewriter(loaded(changed(EVERYTHING, "map_identities", True)))
    sender, receiver = flow(True, "2001:db8:1::11"), flow(False, "198.51.100.99", "udp")
    via, contact = f"SIP/2.0/TCP {host}:5060;branch=z9hG4bKa", f"<sip:a@{host}>"
    sent = data_of(proxy.process(request("INVITE", "sip:b@p.example", [via], f"Contact: {contact}"), sender))
    assert b"2001" not in sent.lower()
    back = data_of(
        proxy.process(response(sent, "200 OK", *(f"Contact: {one}" for one in fields(sent, "Contact"))), receiver)
    )
    assert fields(back, "Via") == [via]
    assert fields(back, "Contact") == [contact]


@pytest.mark.parametrize("token", ["1.1~0g", "1.1~" + "f" * 64, "9~1", "1.1~0", "1.1~40", "1~f"])
def test_spellings_that_do_not_fit_are_bad_tokens(token: str) -> None:
    proxy = rewriter(loaded(SCENARIO))
    request_uri = f"sip:a@{FRONT};np={token}"
    outcome = proxy.process(request("INVITE", request_uri, ["SIP/2.0/TCP p.example;branch=z9hG4bKa"]), IN)
    assert data_of(outcome).startswith(b"SIP/2.0 404 "), outcome


def test_a_call_to_an_address_behind_maddr_finds_it() -> None:
    proxy = rewriter(loaded(changed(SCENARIO, "inside.upstreams.1", {"host": "stgsn1", "port": 1347})))
    uri = "sip:a@home.example:5062;npm=2-1347;maddr=rtp_nat.ibm.com;transport=tcp"
    outcome = proxy.process(request("BYE", uri, ["SIP/2.0/TCP p.example;branch=z9hG4bKa"]), IN)
    assert lines(data_of(outcome))[0] == b"BYE sip:a@home.example:1347;maddr=9.42.111.3;transport=tcp SIP/2.0"
    assert outcome[2][:3] == ("tcp", "9.42.111.3", 1347)
