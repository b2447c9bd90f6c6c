"""What a program printed, taken apart."""

from __future__ import annotations

import base64

from plugins.plugin_utils._outcome import parse_outcome


def test_fields_keep_their_order_and_noise_is_dropped() -> None:
    outcome = parse_outcome(0, "Welcome to AIX\r\n*****\na=1\nb=x=y \na=2\r\n", "", blob_is_base64=False)
    assert outcome.fields == (("a", "1"), ("b", "x=y "), ("a", "2"))
    assert outcome.get("a") == "2"
    assert outcome.all("a") == ["1", "2"]
    assert outcome.get("c", "none") == "none"
    assert outcome.blob is None


def test_text_behind_the_mark_stays_as_it_is() -> None:
    outcome = parse_outcome(0, "a=1\n--\nx=1\r\n--\n\n", "", blob_is_base64=False)
    assert outcome.fields == (("a", "1"),)
    assert outcome.blob == "x=1\r\n--\n\n"


def test_text_from_powershell() -> None:
    text = base64.b64encode("ä\r\n".encode()).decode()
    assert parse_outcome(0, f"a=1\r\n--\r\n{text}\r\n", "", blob_is_base64=True).blob == "ä\r\n"
    assert parse_outcome(0, "--\r\n\r\n", "", blob_is_base64=True).blob == ""
