# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""R12 is silent for the real rewriting and finds each way in which a rewriting can be wrong."""

from __future__ import annotations

from typing import Any, Callable, Iterator, List

import pytest
from configs import EVERYTHING, SCENARIO, changed, loaded

from sipnat.check import corpus, corpus_body, proof
from sipnat.flow import Flow
from sipnat.model import Config
from sipnat.outcome import DROP, REQUEST, RESPONSE, Outcome
from sipnat.rewriting.rewrite import Rewriter
from sipnat.rewriting.rules import Rules

MASKED = changed(changed(EVERYTHING, "mask_call_id", True), "map_identities", True)
ONE_ADDRESS = changed(SCENARIO, "outbound", None)
MANY = changed(
    SCENARIO,
    "inside.hosts",
    [{"id": number, "name": f"host{number}", "addresses": [f"9.42.111.{number}"]} for number in range(1, 255)],
)
SITES = {
    "scenario": SCENARIO,
    "everything": EVERYTHING,
    "masked": MASKED,
    "one address": ONE_ADDRESS,
    "many hosts": changed(MANY, "inside.upstreams.0.host", "host5"),
}


@pytest.mark.parametrize("site", SITES)
def test_the_real_rewriting_passes(site: str) -> None:
    assert proof.findings(loaded(SITES[site])) == []


Sabotage = Callable[[int, bytes, bool], bytes]


def few(config: Config) -> Iterator[corpus.Message]:
    """Two methods of the corpus: a fault that is in all is in them too."""
    return (one for one in corpus.messages(config) if one.name.split()[2] in ("INVITE", "SUBSCRIBE"))


def found(monkeypatch: pytest.MonkeyPatch, spoil: Sabotage, data: Any = SCENARIO) -> List[str]:
    """Kinds of failure when what leaves is spoilt: `spoil(kind, data, outward)`."""

    class Spoilt(Rewriter):
        def process(self, data: bytes, flow: Flow) -> Outcome:
            kind, sent, target, token = super().process(data, flow)
            return kind, sent if sent is None else spoil(kind, sent, flow.outward), target, token

    monkeypatch.setattr(proof, "messages", few)
    monkeypatch.setattr(proof, "rewriter", Spoilt)
    return [one.found.partition(":")[0] for one in proof.findings(loaded(data))]


def test_nothing_is_found_when_nothing_is_spoilt(monkeypatch: pytest.MonkeyPatch) -> None:
    assert found(monkeypatch, lambda kind, data, outward: data) == []


def test_a_leak_in_a_header(monkeypatch: pytest.MonkeyPatch) -> None:
    def spoil(kind: int, data: bytes, outward: bool) -> bytes:
        return data.replace(b"\r\n\r\n", b"\r\nX-Route: 9.42.111.5\r\n\r\n", 1) if outward else data

    assert "an inside address leaves" in found(monkeypatch, spoil)


def test_a_leak_in_a_session_description(monkeypatch: pytest.MonkeyPatch) -> None:
    def spoil(kind: int, data: bytes, outward: bool) -> bytes:
        return data.replace(b"c=IN IP4 9.42.124.45", b"c=IN IP4 9.42.111.02", 1) if outward else data

    assert found(monkeypatch, lambda kind, data, outward: data) == []
    spoilt = found(monkeypatch, lambda kind, data, outward: spoil(kind, data, outward).replace(b"111.02", b"111.2 "))
    assert "an inside address leaves" in spoilt


def test_an_answer_from_inside_that_shows_the_listener(monkeypatch: pytest.MonkeyPatch) -> None:
    def spoil(kind: int, data: bytes, outward: bool) -> bytes:
        return (
            data.replace(b"<sip:rtp_nat.ibm.com:5062", b"<sip:9.42.111.5:5062")
            if kind == RESPONSE and outward
            else data
        )

    assert "an inside address leaves" in found(monkeypatch, spoil)


def test_a_wrong_content_length(monkeypatch: pytest.MonkeyPatch) -> None:
    def spoil(kind: int, data: bytes, outward: bool) -> bytes:
        return data.replace(b"Content-Length: 0", b"Content-Length: 1")

    assert "Content-Length" in found(monkeypatch, spoil)


def test_a_tag_that_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    def spoil(kind: int, data: bytes, outward: bool) -> bytes:
        return data.replace(b";tag=local.", b";tag=l.") if outward else data

    assert "not what was sent" in found(monkeypatch, spoil)


def test_a_field_that_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    def spoil(kind: int, data: bytes, outward: bool) -> bytes:
        return data.replace(b"\r\nEvent: presence", b"")

    assert "not what was sent" in found(monkeypatch, spoil)


def test_a_body_that_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    def spoil(kind: int, data: bytes, outward: bool) -> bytes:
        return data.replace(b"stays in a text", b"STAYS in a text")

    assert "not what was sent" in found(monkeypatch, spoil)


def test_a_contact_that_leads_to_another_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """It comes back as it was, because the way back is wrong in the same way; but nobody can be called at it."""
    original = Rewriter.process

    class Spoilt(Rewriter):
        def process(self, data: bytes, flow: Flow) -> Outcome:
            if data.startswith(b"BYE ") and b"\r\nCall-ID: back@" in data:
                data = data.replace(b";np=1", b";np=2", 1)
            return original(self, data, flow)

    monkeypatch.setattr(proof, "rewriter", Spoilt)
    assert [one.found.partition(":")[0] for one in proof.findings(loaded(SCENARIO))] == ["Contact"]


def test_an_answer_from_inside_whose_contact_is_not_translated(monkeypatch: pytest.MonkeyPatch) -> None:
    def spoil(kind: int, data: bytes, outward: bool) -> bytes:
        return data.replace(b"<sip:gateway@rtp_nat.ibm.com:5062;np=3-5060", b"<sip:gateway@sipproxy1.rtp.example:5060")

    assert "Contact" in found(monkeypatch, spoil)


def test_an_answer_on_the_wrong_flow(monkeypatch: pytest.MonkeyPatch) -> None:
    class Astray(Rewriter):
        def process(self, data: bytes, flow: Flow) -> Outcome:
            kind, sent, target, token = super().process(data, flow)
            return kind, sent, target, b"c1.7" if token else token

    monkeypatch.setattr(proof, "rewriter", Astray)
    assert [one.found.partition(":")[0] for one in proof.findings(loaded(SCENARIO))] == ["the answer goes astray"]


def test_bytes_that_depend_on_what_came_before(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: List[int] = []

    def spoil(kind: int, data: bytes, outward: bool) -> bytes:
        calls.append(kind)
        return data.replace(b"\r\nCSeq", b"\r\nX-Count: %d\r\nCSeq" % len(calls), 1) if kind == REQUEST else data

    assert "changes when it is repeated" in found(monkeypatch, spoil)


def test_answers_that_are_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    class Dropping(Rewriter):
        def process(self, data: bytes, flow: Flow) -> Outcome:
            return (DROP, None, "because", None) if data.startswith(b"SIP/2.0") else super().process(data, flow)

    monkeypatch.setattr(proof, "rewriter", Dropping)
    (one,) = proof.findings(loaded(SCENARIO))
    tried = len(list(corpus.shapes(loaded(SCENARIO))))
    assert one.found.startswith(f"the answer is lost: {tried} of {tried} messages") and one.found.endswith("because")


def test_requests_that_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    class Refusing(Rewriter):
        def __init__(self, rules: Rules) -> None:
            super().__init__(Rules(loaded(SCENARIO), lambda call_id: None))

    monkeypatch.setattr(proof, "rewriter", Refusing)
    assert any(one.found.startswith("refused: ") and "503" in one.found for one in proof.findings(loaded(SCENARIO)))


@pytest.mark.parametrize("data", [SCENARIO, EVERYTHING, SITES["many hosts"]])
def test_the_corpus_has_every_method_style_body_and_host(data: Any) -> None:
    config: Config = loaded(data)
    shapes = list(corpus.shapes(config))
    for outward in (True, False):
        chosen = {(one.method, one.style, one.body) for one in shapes if one.outward == outward}
        assert len(chosen) == len(corpus.METHODS) * len(corpus.STYLES) * len(corpus_body.KINDS)
    forms = corpus.forms(config)
    assert {one.sender % len(forms) for one in shapes if one.outward} == set(range(len(forms)))
    messages = list(corpus.messages(config))
    assert messages == list(corpus.messages(config))
    assert {one.transport for one in messages} == {one.transport for one in config.listeners}
