"""`/etc/inittab` and its commands."""

from __future__ import annotations

import pytest

from tests.lab.aix.conftest import Userland

RECORD = "stgwnat:2:once:/usr/bin/startsrc -s nat >/dev/console 2>&1"


def test_a_record_comes_changes_and_goes(aix: Userland) -> None:
    aix.run("mkitab", "-i", "srcmstr", RECORD)
    names = [line.split(":")[0] for line in aix.read("etc/inittab").splitlines()]
    assert names.index("stgwnat") == names.index("srcmstr") + 1
    assert aix.run("lsitab", "stgwnat") == RECORD + "\n"
    aix.run("chitab", "stgwnat:2:off:/x:y")
    assert aix.run("lsitab", "stgwnat") == "stgwnat:2:off:/x:y\n"
    aix.run("rmitab", "stgwnat")
    assert aix.run("lsitab", "stgwnat", code=1) == ""


@pytest.mark.parametrize(
    "words",
    [
        ("mkitab", "cron:2:once:/x"),
        ("mkitab", "-i", "nix", RECORD),
        ("mkitab", "a:2:sometimes:/x"),
        ("mkitab", "muchtoolongname:2:once:/x"),
        ("mkitab", "a:9x:once:/x"),
        ("mkitab", "a:2:once"),
        ("chitab", RECORD),
        ("rmitab", "nix"),
        ("lsitab",),
    ],
)
def test_mistakes_change_nothing(aix: Userland, words: tuple[str, ...]) -> None:
    before = aix.read("etc/inittab")
    assert aix.run(*words, code=1)
    assert aix.read("etc/inittab") == before
