"""The Sametime server between its people and the gateways, over real sockets of this machine."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from lab.products.sametime import client, clients, layout, switchboard
from lab.products.sametime.community import Community, NobodyError
from lab.products.sametime.server import Server

ALICE, AMY, BOB = "alice@rtp.example", "amy@rtp.example", "bob@partner.example"
PATIENCE_S = 10.0


class Member:
    """A gateway member at the other end."""

    def __init__(self, port: int, name: str) -> None:
        self._connection = socket.create_connection(("127.0.0.1", port), PATIENCE_S)
        self._stream = self._connection.makefile("rwb")
        self.tell({"op": "hello", "gateway": name})
        assert self.hear() == {"op": "welcome", "domains": ["rtp.example"]}

    def tell(self, line: dict[str, Any]) -> None:
        self._stream.write(json.dumps(line).encode() + b"\n")
        self._stream.flush()

    def hear(self) -> dict[str, Any]:
        line: dict[str, Any] = json.loads(self._stream.readline())
        return line

    def answer(self, **words: Any) -> dict[str, Any]:
        """Answer the next request; it, without its id."""
        request = self.hear()
        self.tell({"id": request.pop("id"), **words})
        return request

    def ask(self, **words: Any) -> dict[str, Any]:
        self.tell({"id": 7, **words})
        answer = self.hear()
        assert answer.pop("id") == 7
        return answer

    def leave(self) -> None:
        """Until the server knows it: it ends the connection from its side then."""
        self._connection.shutdown(socket.SHUT_WR)
        self._stream.read()
        self._stream.close()
        self._connection.close()


class Place:
    """A server, its gateways and its clients."""

    def __init__(self, gateway_port: int) -> None:
        self._port = gateway_port
        self._members: list[Member] = []

    def member(self, name: str = "n1/RTCGWServer") -> Member:
        member = Member(self._port, name)
        self._members.append(member)
        return member

    def close(self) -> None:
        for member in self._members:
            member._connection.close()


@pytest.fixture
def place(monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    server = Server(Community({ALICE: "online", AMY: "offline"}), lambda _words: None)
    with socket.create_server(("127.0.0.1", 0)) as for_gateways, socket.create_server(("127.0.0.1", 0)) as for_clients:
        monkeypatch.setattr(layout, "CLIENT_PORT", for_clients.getsockname()[1])
        for serve, listener in ((server.serve_gateways, for_gateways), (server.serve_clients, for_clients)):
            threading.Thread(target=serve, args=(listener,), daemon=True).start()
        place = Place(for_gateways.getsockname()[1])
        yield place
        place.close()


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Callable[[str], tuple[int, str]]:
    """Run the client: exit code and output."""

    def run(words: str) -> tuple[int, str]:
        code = client.stclient(None, words.split())  # type: ignore[arg-type]  # it has no use for a host
        return code, capsys.readouterr().out

    return run


def _while(run: Callable[[str], tuple[int, str]], words: str, act: Callable[[], Any]) -> tuple[int, str]:
    """What the client gets while `act` plays the gateway."""
    helper = threading.Thread(target=act)
    helper.start()
    result = run(words)
    helper.join(PATIENCE_S)
    return result


Run = Callable[[str], tuple[int, str]]


def test_a_subscription_is_asked_for_once_and_news_are_told(place: Place, run: Run) -> None:
    member = place.member()
    asked: list[dict[str, Any]] = []

    def gateway() -> None:
        # News may come before the answer to the subscription, which does not know the status yet.
        request = member.hear()
        asked.append(request)
        member.tell({"op": "presence", "user": ALICE, "contact": BOB, "status": "online", "reason": ""})
        member.tell({"id": request["id"], "accepted": True, "status": "unknown", "reason": "", "code": 200})

    assert _while(run, f"{ALICE} presence {BOB} 5", gateway) == (0, "status=online\ngateway=n1/RTCGWServer\n")
    assert [(line["op"], line["user"], line["contact"]) for line in asked] == [("subscribe", ALICE, BOB)]
    away = {"op": "presence", "user": ALICE, "contact": BOB, "status": "away", "reason": ""}
    code, said = _while(run, f"{ALICE} presence {BOB} 5 away", lambda: member.tell(away))
    assert (code, said.splitlines()[0]) == (0, "status=away")
    assert run(f"{ALICE} forget {BOB}") == (0, "")
    assert member.hear() == {"op": "unsubscribe", "user": ALICE, "contact": BOB}


def test_a_refused_subscription_tells_why(place: Place, run: Run) -> None:
    member = place.member()
    refuse = {"accepted": False, "status": "unknown", "reason": "Forbidden", "code": 403}
    code, said = _while(run, f"{ALICE} presence {BOB} 5", lambda: member.answer(**refuse))
    assert (code, said.splitlines()[:3]) == (1, ["status=unknown", "reason=Forbidden", "code=403"])


def test_without_a_gateway_the_client_is_told(place: Place, run: Run) -> None:
    assert run(f"{ALICE} presence {BOB} 1") == (
        1,
        "status=unknown\nreason=no gateway is connected to this server\ncode=0\n",
    )
    assert run(f"{ALICE} say {BOB} hello 1") == (1, "sent=no\nreason=no gateway is connected to this server\ncode=0\n")


def test_messages_go_out_and_come_in_once(place: Place, run: Run) -> None:
    member = place.member()
    request: list[dict[str, Any]] = []
    assert _while(run, f"{ALICE} say {BOB} hello 5", lambda: request.append(member.answer(sent=True))) == (
        0,
        "sent=yes\n",
    )
    assert request == [{"op": "send", "user": ALICE, "contact": BOB, "text": "hello"}]
    assert member.ask(op="deliver", **{"from": BOB, "to": ALICE, "text": "hi"}) == {"delivered": True}
    member.tell({"op": "typing", "from": BOB, "to": ALICE, "active": True})
    member.ask(op="status", user=ALICE)
    assert run(f"{ALICE} inbox {BOB}") == (0, "message=hi\ntyping=yes\n")
    assert run(f"{ALICE} inbox {BOB}") == (0, "typing=yes\n")


def test_an_answer_goes_to_the_member_that_brought_the_message(place: Place, run: Run) -> None:
    """Which has the session, whoever carries the subscription; when it is lost another one opens a new session."""
    first, second = place.member("n1/RTCGWServer"), place.member("n2/RTCGWServer")
    subscribed = lambda: first.answer(accepted=True, status="online", reason="", code=200)  # noqa: E731
    assert _while(run, f"{ALICE} presence {BOB} 5", subscribed)[0] == 0
    assert second.ask(op="deliver", **{"from": BOB}, to=ALICE, text="hello") == {"delivered": True}
    assert _while(run, f"{ALICE} say {BOB} yes 5", lambda: second.answer(sent=True, reason="", code=200))[0] == 0
    second.leave()
    assert _while(run, f"{ALICE} say {BOB} still 5", lambda: first.answer(sent=True, reason="", code=200))[0] == 0


def test_the_inbox_of_a_busy_person_stays_small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lab.products.sametime.community._REMEMBERED", 10)
    community = Community({ALICE: "online"})
    community.note_subscription((ALICE, BOB), "online", "", 200, accepted=True)
    for number in range(30):
        community.deliver(f"caller{number}@partner.example", ALICE, "hi")
    assert community.empty_inbox((ALICE, "caller29@partner.example"), 0) == (["hi"], False)
    assert community.empty_inbox((ALICE, "caller0@partner.example"), 0) == ([], False)
    assert community.contact((ALICE, BOB)).status == "online"


def test_who_is_not_there_gets_no_message(place: Place) -> None:
    member = place.member()
    for to, reason in ((AMY, "offline"), ("nobody@rtp.example", "unknown")):
        answer = member.ask(op="deliver", **{"from": BOB, "to": to, "text": "hi"})
        assert answer == {"delivered": False, "reason": reason}


def test_a_watched_person_s_change_is_told_once(place: Place, run: Run) -> None:
    member = place.member()
    member.tell({"op": "watch", "user": ALICE})
    assert member.ask(op="status", user=ALICE) == {"status": "online"}
    assert run(f"{ALICE} set away")[0] == 0
    assert run(f"{ALICE} set away")[0] == 0
    assert member.hear() == {"op": "status", "user": ALICE, "status": "away"}
    assert member.ask(op="status", user=ALICE) == {"status": "away"}
    member.tell({"op": "unwatch", "user": ALICE})
    member.ask(op="status", user=ALICE)
    run(f"{ALICE} set online")
    assert member.ask(op="status", user=ALICE) == {"status": "online"}


def test_a_person_who_is_offline_does_nothing_but_come_online(place: Place, run: Run) -> None:
    member = place.member()
    assert run(f"{AMY} say {BOB} hello 1") == (1, f"reason={AMY} is offline: set {AMY} online first\n")
    assert run(f"{AMY} set online") == (0, "status=online\n")
    assert _while(run, f"{AMY} say {BOB} hello 5", lambda: member.answer(sent=True))[0] == 0


def test_pairs_of_a_lost_member_are_adopted_or_asked_for_again(place: Place, run: Run) -> None:
    first, second = place.member("n1/s"), place.member("n2/s")
    yes = {"accepted": True, "status": "online", "reason": "", "code": 200}
    ben = "ben@partner.example"
    assert "gateway=n1/s" in _while(run, f"{ALICE} presence {BOB} 5", lambda: first.answer(**yes))[1]
    assert "gateway=n2/s" in _while(run, f"{ALICE} presence {ben} 5", lambda: second.answer(**yes))[1]
    second.leave()
    # The one that is left goes on with it: nobody asks again.
    first.tell({"op": "adopted", "pairs": [[ALICE, ben]]})
    first.ask(op="status", user=ALICE)
    assert run(f"{ALICE} presence {ben} 5") == (0, "status=online\ngateway=n1/s\n")
    third = place.member("n3/s")
    first.leave()
    asked = [third.answer(**yes) for _ in range(2)]
    assert {(line["op"], line["contact"]) for line in asked} == {("subscribe", BOB), ("subscribe", ben)}


def test_the_last_member_s_pairs_wait_for_the_next(place: Place, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(switchboard, "ADOPTION_S", 0.0)
    yes = {"accepted": True, "status": "online", "reason": "", "code": 200}
    first = place.member("n1/s")
    _while(run, f"{ALICE} presence {BOB} 5", lambda: first.answer(**yes))
    first.leave()
    assert _until_unknown(run) == 1
    assert place.member("n1/s").answer(**yes)["op"] == "subscribe"


def _until_unknown(run: Run) -> int:
    deadline = time.monotonic() + PATIENCE_S
    while (code := run(f"{ALICE} presence {BOB} 0")[0]) == 0 and time.monotonic() < deadline:
        time.sleep(0.05)
    return code


def test_a_lost_answer_is_told_to_the_client(place: Place, run: Run) -> None:
    member = place.member()

    def gateway() -> None:
        member.hear()
        member.leave()

    code, said = _while(run, f"{ALICE} say {BOB} hello 5", gateway)
    assert (code, said) == (1, "sent=no\nreason=the connection to the gateway n1/RTCGWServer was lost\ncode=0\n")


def test_what_is_not_agreed_is_refused_and_the_connection_lives(place: Place) -> None:
    member = place.member()
    assert "error" in member.ask(op="dance")
    assert "error" in member.ask(op="deliver", to=ALICE)
    assert member.ask(op="status", user="nobody@rtp.example") == {"status": "unknown"}


@pytest.mark.parametrize(
    "words",
    ["", ALICE, f"{ALICE} dance", f"{ALICE} presence {BOB}", f"{ALICE} presence {BOB} soon", f"{ALICE} set asleep",
     f"alice presence {BOB} 1", f"{ALICE} say {BOB} a b c", f"{ALICE} presence {BOB} 1 asleep"],
)  # fmt: skip
def test_the_client_tells_how_it_is_called(words: str) -> None:
    with pytest.raises(client.UsageError):
        client.request_of(words.split())


def test_a_client_without_a_server_is_told(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        monkeypatch.setattr(layout, "CLIENT_PORT", taken.getsockname()[1])
    code, said = run(f"{ALICE} inbox {BOB}")
    assert code == 1
    assert said.startswith("reason=the Sametime server does not answer")


def test_every_request_of_the_client_is_one_of_the_server() -> None:
    assert set(client._WORDS) == set(clients._REQUESTS) | {"set"}


def test_a_gateway_from_an_address_that_is_not_trusted_is_refused() -> None:
    told: list[str] = []
    server = Server(Community({ALICE: "online"}), told.append, frozenset({"127.0.0.2"}))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=server.serve_gateways, args=(listener,), daemon=True).start()
        for source, heard in (("127.0.0.1", b""), ("127.0.0.2", b"{")):
            with socket.create_connection(listener.getsockname(), PATIENCE_S, (source, 0)) as connection:
                connection.sendall(b'{"op": "hello", "gateway": "n1/s"}\n')
                assert _first_byte(connection) == heard
    assert "refused 127.0.0.1: it is not one of the trusted IP addresses" in told


def _first_byte(connection: socket.socket) -> bytes:
    try:
        return connection.recv(1)
    except ConnectionResetError:
        return b""


def test_people_are_those_whom_the_directory_knows() -> None:
    """The desk of somebody who is in no directory is nobody's; who is in it and has no desk is offline."""
    known = {ALICE, "carol@rtp.example"}
    community = Community({ALICE: "online", AMY: "online"}, known.__contains__)
    people = (ALICE, AMY, "carol@rtp.example")
    assert [community.status(person) for person in people] == ["online", "unknown", "offline"]
    assert community.deliver(BOB, AMY, "hi") == "unknown"
    assert community.set_status("carol@rtp.example", "online") == []
    assert community.deliver(BOB, "carol@rtp.example", "hi") == ""
    with pytest.raises(NobodyError):
        community.set_status(AMY, "away")
