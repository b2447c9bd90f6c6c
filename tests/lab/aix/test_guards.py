"""The tools that this machine lends: same meaning, nothing more."""

from __future__ import annotations

import pytest

from tests.lab.aix.conftest import Userland


@pytest.mark.parametrize(
    ("words", "code", "text"),
    [
        (("sed", "-i", "s/a/b/", "x"), 2, "sed: Not a recognized flag: i\nUsage: sed [-n]"),
        (("grep", "-o", "a"), 2, "grep: Not a recognized flag: o"),
        (("grep", "-P", "a"), 2, "grep: Not a recognized flag: P"),
        (("cp", "-a", "x", "y"), 1, "cp: Not a recognized flag: a"),
        (("ls", "-h"), 2, "ls: Not a recognized flag: h"),
        (("sort", "-V"), 2, "sort: Not a recognized flag: V"),
        (("xargs", "-0", "ls"), 1, "xargs: Not a recognized flag: 0"),
        (("head", "-q", "x"), 1, "head: Not a recognized flag: q"),
        (("head", "-n"), 1, "head: A flag requires a parameter: n"),
        (("du", "-h"), 1, "du: Not a recognized flag: h"),
        (("touch", "-d", "now", "x"), 2, "touch: Not a recognized flag: d"),
        (("tar", "xzf", "x.tgz"), 1, "tar: Not a recognized flag: z"),
        (("tar", "-cjf", "x"), 1, "tar: Not a recognized flag: j"),
        (("mkdir", "-v", "x"), 1, "mkdir: Not a recognized flag: v"),
        (("date", "-d", "now"), 1, "date: Not a recognized flag: d"),
        (("find", ".", "-maxdepth", "1"), 1, "find: 0652-017 -maxdepth is not a valid option.\n"),
        (("find", "-name", "x"), 1, "Usage: find"),
        (("sleep", "0.2"), 2, "Usage: sleep Seconds"),
        (("dd", "status=none"), 2, "Usage: dd"),
        (("id", "-Z"), 2, "id: Not a recognized flag: Z"),
        (("test", "a", "==", "a"), 2, "test: 0403-004"),
        (("su", "-c", "id"), 1, "su: Not a recognized flag: c"),
        (("env", "-u", "A"), 1, "env: Not a recognized flag: u"),
    ],
)
def test_what_aix_does_not_know_is_refused(aix: Userland, words: tuple[str, ...], code: int, text: str) -> None:
    assert text in aix.run(*words, code=code)


@pytest.mark.parametrize(
    "words",
    [
        ("grep", "a\\|b"),
        ("grep", "\\bword\\b"),
        ("grep", "-e", "x", "-e", "a\\+"),
        ("grep", "-E", "\\w+"),
        ("sed", "s/\\s//"),
        ("sed", "-e", "s/a\\|b/c/"),
        ("sed", "s/,/\\n/g"),
        ("awk", "BEGIN { print systime() }"),
        ("awk", "/^[0-9]{4}/ { print }"),
        ("date", "+%s"),
        ("date", "+%N"),
        ("cat", "-s"),
        ("ln", "-n", "a", "b"),
        ("expr", "length", "abc"),
        ("tar", "oxf", "x"),
        ("find", ".", "-ls"),
        ("find", ".", "-exec", "echo", "{}", "+"),
    ],
)
def test_what_means_something_else_is_not_passed_on(aix: Userland, words: tuple[str, ...]) -> None:
    """Either GNU alone knows it, or AIX means another thing by it: the lab's own exit code, no guess."""
    assert ": lab: " in aix.run(*words, code=99)


def test_what_both_know_works(aix: Userland) -> None:
    (aix.root / "tmp/file").write_text("one:1\ntwo:2\nthree:3\n")
    assert aix.run("sed", "-n", "-e", "s/^t\\(.*\\):.*/\\1/p", "file") == "wo\nhree\n"
    assert aix.run("sed", "-n", "/two/{p;q;}", "file") == "two:2\n"
    assert aix.run("grep", "-c", "t", "file") == "2\n"
    assert aix.run("grep", "-E", "one|two", "file") == "one:1\ntwo:2\n"
    assert aix.run("grep", "nothing", "file", code=1) == ""
    assert aix.run("awk", "-F:", "-v", "wanted=two", "$1 == wanted { print $2 }", "file") == "2\n"
    assert aix.run("tail", "-1", "file") == "three:3\n"
    assert aix.run("head", "-n", "1", "file") == "one:1\n"
    assert aix.run("cut", "-d", ":", "-f", "2", "file") == "1\n2\n3\n"
    assert aix.run("sort", "-t", ":", "-k", "1,1", "file").startswith("one")
    assert aix.run("tr", "a-z", "A-Z", stdin="abc") == "ABC"
    assert aix.run("od", "-A", "n", "-t", "x1", stdin="AB").split() == ["41", "42"]
    assert aix.run("find", ".", "-type", "f", "-name", "fi*", "-print") == "./file\n"
    assert aix.run("find", ".", "-name", "file", "-exec", "echo", "--it", "{}", ";") == "--it ./file\n"
    assert aix.run("xargs", "-n", "1", "echo", stdin="a b") == "a\nb\n"
    assert aix.run("date", "-u", "+%Y%%")[4:] == "%\n"
    assert aix.run("expr", "2", "+", "3") == "5\n"
    assert aix.run("chmod", "-w", "file") == ""
    assert aix.run("ls", "-l", "file").startswith("-r--r--r-- ")
    assert aix.run("cksum", stdin="").split() == ["4294967295", "0"]
    assert aix.run("dd", "bs=1", "count=1", "conv=notrunc", stdin="xy").startswith("x")
    assert aix.run("printf", "%s-%s\\n", "a", "b") == "a-b\n"
    assert aix.run("basename", "/a/b.c", ".c") == "b\n"


def test_tar_keeps_files(aix: Userland) -> None:
    (aix.root / "tmp/tree").mkdir()
    (aix.root / "tmp/tree/file").write_text("x")
    aix.run("tar", "-cf", "a.tar", "-C", ".", "tree")
    aix.run("mkdir", "out")
    aix.run("tar", "xvf", "a.tar", "-C", "out")
    assert aix.read("tmp/out/tree/file") == "x"


def test_counts_stand_in_columns_of_eight(aix: Userland) -> None:
    assert aix.run("wc", "-l", stdin="a\nb\n") == "       2\n"
    (aix.root / "tmp/file").write_text("a b\n")
    assert aix.run("wc", "file") == "       1       2       4 file\n"


def test_programs_started_by_a_guard_see_nothing_of_it(aix: Userland) -> None:
    assert "POSIXLY_CORRECT" not in aix.run("env", "A=b", "env")
    assert "LC_ALL=C\n" not in aix.run("find", ".", "-name", ".", "-exec", "env", ";")
    assert aix.run("env", "-i", "A=b", str(aix.path("env"))).startswith("A=b\n")


def test_uuencode_round_trip(aix: Userland) -> None:
    data = bytes(range(256)) * 3
    (aix.root / "tmp/in").write_bytes(data)
    for flags in ((), ("-m",)):
        text = aix.run("uuencode", *flags, "in", "out")
        assert text.startswith("begin-base64 644 out\n" if flags else "begin 644 out\n")
        aix.run("uudecode", stdin=text)
        assert (aix.root / "tmp/out").read_bytes() == data


def test_csum(aix: Userland) -> None:
    (aix.root / "tmp/empty").write_text("")
    assert aix.run("csum", "empty") == "d41d8cd98f00b204e9800998ecf8427e  empty\n"
    assert aix.run("csum", "-h", "SHA1", "empty") == "da39a3ee5e6b4b0d3255bfef95601890afd80709  empty\n"
    assert "Usage: csum" in aix.run("csum", "-h", "SHA256", "empty", code=1)
