"""Dialogs."""

from __future__ import annotations

import json

import pytest

from lab.sip import responses
from lab.sip.dialog import Dialog
from tests.lab.sip.parties import request

ROUTES = ["<sip:near.example;lr>", "<sip:far.example;transport=tcp;lr>"]


def both_sides() -> tuple[Dialog, Dialog]:
    """The dialog of an INVITE that passed two proxies: the caller's and the callee's."""
    invite = request("INVITE", 7, via="SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKa")
    for route in ROUTES:
        invite.headers.add("Record-Route", route)
    answer = responses.answer(invite, 200, to_tag="of-bob")
    answer.headers.setlist("Record-Route", list(ROUTES))
    answer.headers.set("Contact", '"Bob" <sip:rtp_nat.ibm.com:5060;transport=tcp>;q=1')
    return Dialog.from_response(invite, answer), Dialog.from_request(invite, "of-bob")


def test_each_side_goes_the_way_of_the_proxies_in_its_own_direction() -> None:
    caller, callee = both_sides()
    bye, back = caller.request("BYE"), callee.request("MESSAGE")
    assert str(bye.uri) == "sip:rtp_nat.ibm.com:5060;transport=tcp"
    assert bye.headers.getlist("Route") == ROUTES[::-1]
    assert caller.next_uri() == "sip:far.example;transport=tcp;lr"
    assert str(back.uri) == "sip:alice@192.0.2.1:5070"
    assert back.headers.getlist("Route") == ROUTES
    assert bye.headers["CSeq"] == "8 BYE"
    assert back.headers["CSeq"] == "1 MESSAGE"


def test_each_side_finds_the_others_requests() -> None:
    caller, callee = both_sides()
    assert Dialog.key_of(caller.request("BYE")) == callee.key
    assert Dialog.key_of(callee.request("BYE")) == caller.key
    assert Dialog.key_of(request("INVITE"))[1] == ""


def test_the_ack_has_the_number_of_its_invite() -> None:
    caller, callee = both_sides()
    caller.request("MESSAGE")
    answer = responses.answer(request("INVITE", 7, via="SIP/2.0/UDP 192.0.2.1"), 200)
    ack = caller.ack(answer)
    assert ack.headers["CSeq"] == "7 ACK"
    assert callee.accept(ack)


def test_a_request_out_of_order_is_told_from_one_in_order() -> None:
    caller, callee = both_sides()
    first, second = caller.request("MESSAGE"), caller.request("MESSAGE")
    assert callee.accept(second)
    assert not callee.accept(first)
    assert not callee.accept(second)
    assert callee.accept(caller.request("BYE"))


def test_a_new_contact_is_where_the_next_request_goes() -> None:
    caller, _ = both_sides()
    moved = request("NOTIFY")
    moved.headers.set("Contact", "sip:bob@192.0.2.2;transport=tcp")
    caller.refresh(moved)
    # Without brackets the parameters belong to the field.
    assert str(caller.request("BYE").uri) == "sip:bob@192.0.2.2"


def test_a_dialog_can_be_carried_on_by_somebody_else() -> None:
    caller, callee = both_sides()
    heir = Dialog.from_json(json.loads(json.dumps(caller.to_json())))
    assert callee.accept(heir.request("MESSAGE"))
    assert bytes(heir.request("BYE")) != bytes(caller.request("BYE"))
    assert heir.key == caller.key


@pytest.mark.parametrize("contact", [None, "", "*", "<nonsense>", "<sip:a@b;self=1>"])
def test_no_dialog_without_a_contact(contact: str | None) -> None:
    invite = request("INVITE", via="SIP/2.0/UDP 192.0.2.1")
    invite.headers.remove("Contact")
    if contact is not None:
        invite.headers.set("Contact", contact)
    with pytest.raises(ValueError, match="Contact"):
        Dialog.from_request(invite, "of-bob")
    # In the middle of one it goes on as it was.
    caller, _ = both_sides()
    before = caller.remote_target
    caller.refresh(invite)
    assert caller.remote_target == before
