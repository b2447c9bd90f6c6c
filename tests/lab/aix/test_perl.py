"""Perl on a host: this machine's, with nothing but what Perl 5.8 brings."""

from __future__ import annotations

import pytest

from tests.lab.aix.conftest import Userland


def test_a_program_comes_on_standard_input(aix: Userland) -> None:
    text = "use strict; use IO::Socket::INET; use Time::HiRes qw(time); print time > 1 ? 'ok' : 'no', @ARGV;"
    assert aix.run("perl", "-", stdin=text) == "ok"
    assert aix.run("perl", "-", "a", stdin=text) == "oka"


@pytest.mark.parametrize("module", ["JSON::PP", "IO::Socket::IP", "parent", "feature", "IO::Socket::SSL", "No::Such"])
def test_modules_of_later_versions_are_not_there(aix: Userland, module: str) -> None:
    assert "Perl 5.8.2 lacks it" in aix.run("perl", "-", stdin=f"use {module};", code=2)


@pytest.mark.parametrize("words", [["-e", "1"], ["-v"], ["-E", "say 1"], ["-MJSON::PP", "-"]])
def test_what_only_this_machine_would_do_is_refused(aix: Userland, words: list[str]) -> None:
    assert "is not emulated" in aix.run("perl", *words, code=99)


def test_openssl_is_a_client_of_tls_only(aix: Userland) -> None:
    assert "is not emulated" in aix.run("openssl", "x509", "-in", "a", code=99)
    assert "is not emulated" in aix.run("openssl", "s_client", "-servername", "a", code=99)
