"""What became of a stage of a test case."""

from __future__ import annotations

from typing import Any

import pytest

from plugins.plugin_utils._verify_judge import client, probe

ALICE, BOB = "alice@rtp.example", "bob@partner.example"


def call(does: str, side: str = "out", **expect: Any) -> dict[str, Any]:
    return {"words": [ALICE, does, BOB], "does": does, "side": side, "expect": expect}


def judged(one: dict[str, Any], *said: str, code: int = 0) -> dict[str, Any]:
    answer = {"words": one["words"], "said": list(said), "exit": code}
    (step,) = client({"host": "stsrv1", "calls": [one]}, {"answers": [answer]})
    return step


# -- people ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("one", "said", "counts"),
    [
        (call("presence", status="online"), "status=online", {"status_in": 1}),
        (call("presence", "in", status="away"), "status=away", {"status_out": 1}),
        (call("inbox", message="hi (r1)"), "message=hi (r1)", {"message_in": 1}),
        (call("inbox", "in", message="hi (r1)"), "message=hi (r1)", {"message_out": 1}),
        (call("presence", status="unknown"), "status=unknown", {}),
        (call("say", sent="yes"), "sent=yes", {}),
    ],
)
def test_what_was_exchanged_is_counted_by_direction(one: dict[str, Any], said: str, counts: dict[str, int]) -> None:
    step = judged(one, said)
    assert (step["ok"], step["reason"], step["counts"]) == (True, "", counts)


def test_one_of_several_messages_is_enough() -> None:
    assert judged(call("inbox", message="b"), "message=a", "message=b")["ok"]


def test_what_is_wrong_is_told_with_the_reason_and_not_counted() -> None:
    step = judged(call("presence", status="online"), "status=unknown", "reason=Forbidden", "code=403", code=1)
    assert not step["ok"]
    assert step["reason"] == "status is unknown, wanted is online (reason Forbidden, code 403)"
    assert step["counts"] == {}
    assert judged(call("inbox", message="a"))["reason"] == "there is no message, wanted is a"


def test_without_an_expectation_the_exit_code_counts() -> None:
    assert judged(call("close"))["ok"]
    assert judged(call("close"), "reason=no gateway", code=1)["reason"] == "reason=no gateway"
    # A refusal that is expected ends with another code, and is right.
    assert judged(call("say", sent="no", code=404), "sent=no", "code=404", code=1)["ok"]


@pytest.mark.parametrize(
    ("result", "reason"),
    [
        ({"unreachable": True, "msg": "no route"}, "unreachable: no route"),
        ({"failed": True, "msg": "bad word"}, "bad word"),
        ({"answers": []}, "the client was not called"),
    ],
)
def test_a_host_that_gives_no_answer_is_not_as_expected(result: dict[str, Any], reason: str) -> None:
    (step,) = client({"host": "stsrv1", "calls": [call("close")]}, result)
    assert (step["ok"], step["reason"], step["where"]) == (False, reason, "stsrv1")


# -- probes ------------------------------------------------------------------------------------------------------------
STAGE = {
    "host": "stgw2",
    "options": {"host": "stgw.rtp.example", "port": 5062, "transport": "tcp", "method": "OPTIONS",
                "expect": {"status": [200], "no_inside": True}},
    "headers": {}, "partly_public": False,
}  # fmt: skip
OK = {
    "direction": "received", "start_line": "SIP/2.0 200 OK",
    "headers": [["Via", "x"], ["Record-Route", "<sip:192.0.2.5:5060;lr>"]],
}  # fmt: skip


def test_a_probe_that_got_what_it_wanted() -> None:
    (step,) = probe(STAGE, {"status": 200, "reason": "OK", "rtt_ms": 12, "problems": [], "messages": [OK]})
    assert step["ok"]
    assert step["title"] == "OPTIONS at stgw.rtp.example:5062/tcp"
    assert step["seen"] == "200 OK after 12 ms"
    assert step["expected"] == "status 200; no address of the inside"
    assert step["messages"] == [OK]


def test_problems_of_a_probe_are_its_reason() -> None:
    (step,) = probe(STAGE, {"failed": True, "msg": "a; b", "status": 0, "problems": ["a", "b"], "messages": []})
    assert (step["ok"], step["reason"], step["seen"]) == (False, "a; b", "no answer")


@pytest.mark.parametrize("result", [{"failed": True, "msg": "no perl"}, {"unreachable": True, "msg": "no perl"}])
def test_a_probe_that_could_not_be_sent_is_not_as_expected(result: dict[str, Any]) -> None:
    (step,) = probe(STAGE, result)
    assert not step["ok"]
    assert "no perl" in step["reason"]


def test_without_the_nat_proxy_lower_via_fields_may_show_the_inside() -> None:
    notify = {
        "direction": "received",
        "headers": [["Via", "203.0.113.46"], ["Via", "192.0.2.5"], ["Call-ID", "1@192.0.2.5"]],
    }
    seen = [
        {"where": "Via", "value": "192.0.2.5", "message": 0},
        {"where": "Call-ID", "value": "192.0.2.5", "message": 0},
    ]
    result = {"status": 200, "messages": [notify], "inside_seen": seen}
    assert probe({**STAGE, "partly_public": True}, result)[0]["ok"]
    notify["headers"] = [["Via", "192.0.2.5"], ["Contact", "192.0.2.5"]]
    seen[1]["where"] = "Contact"
    (step,) = probe({**STAGE, "partly_public": True}, result)
    assert step["reason"] == "192.0.2.5 of the inside in Via; 192.0.2.5 of the inside in Contact"


def test_headers_are_looked_for_in_what_came() -> None:
    sent = {"direction": "sent", "start_line": "OPTIONS", "headers": [["Contact", "192.0.2.5"]]}
    result = {"status": 200, "problems": [], "messages": [sent, OK]}
    assert probe({**STAGE, "headers": {"record-route": r"192\.0\.2\.5:5060"}}, result)[0]["ok"]
    wrong = probe({**STAGE, "headers": {"Record-Route": ":5999", "Contact": "192"}}, result)[0]
    assert wrong["reason"] == (
        "Record-Route is <sip:192.0.2.5:5060;lr>; wanted is :5999; Contact is not there; wanted is 192"
    )
