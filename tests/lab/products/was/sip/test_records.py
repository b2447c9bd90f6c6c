"""What is written down, and what is remembered of names."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from lab.products.was.sip import access_log, names, notices
from lab.products.was.sip.access_log import AccessLog
from lab.sip.address import Flow, Target
from tests.lab.products.was.sip.site import Site
from tests.lab.products.was_host import FolderHost
from tests.lab.sip.parties import request, run

CAME, GOES = Flow("tcp", ("127.0.0.1", 5060), ("127.0.0.9", 4000), 1), Target("tcp", "127.0.0.2", 5060)


def test_the_same_warning_is_written_once_in_a_while(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    moment = 1000.0
    monkeypatch.setattr(time, "monotonic", lambda: moment)
    told = notices.Notices(site.runtime("N", "P").log, "SipProxy")
    for _ in range(5):
        told.warn("one", "The first.")
    told.warn("two", "The second.")
    moment += 31
    told.warn("one", "The first.")
    told.warn("one", "The first.")
    lines = [line.partition(" W   ")[2] for line in site.log("P").splitlines()]
    assert lines == ["The first.", "The second.", "The first. (repeated 4 times before)"]


def test_an_access_log_that_is_full_begins_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(access_log, "_MEGABYTE", 400)
    log = AccessLog(FolderHost(tmp_path), tmp_path, 1)

    async def work() -> None:
        for number in range(12):
            log.note(request(call=f"call {number:02}"), CAME, GOES)
            log.write()

    run(work())
    old, new = ((tmp_path / name).read_text() for name in ("sipproxy.log.1", "sipproxy.log"))
    assert len(old) <= 400
    assert old.splitlines()[-1].endswith(f"call {12 - len(new.splitlines()) - 1:02}")
    assert '127.0.0.9:4000 -> tcp 127.0.0.2:5060 "MESSAGE sip:bob@partner.example" call 11' in new.splitlines()[-1]


def test_a_name_is_asked_for_again_after_a_while(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    moment = 1000.0
    monkeypatch.setattr(time, "monotonic", lambda: moment)
    host = FolderHost(tmp_path)
    known = names.Names(host)
    assert known.address("rtp_nat.ibm.com") is None
    host.names["rtp_nat.ibm.com"] = "9.42.124.45"
    assert known.address("rtp_nat.ibm.com") is None
    moment += 31
    assert known.address("rtp_nat.ibm.com") == "9.42.124.45"
    assert known.address("2001:db8::1") == "2001:db8::1"
