"""Subsystems: defined, started as processes, stopped some time later."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator

import pytest

from tests.lab.aix.conftest import Userland


@pytest.fixture()
def daemon(aix: Userland) -> Iterator[Userland]:
    """A host with a program that stays and one that ends at once."""
    for name, body in (
        ("stays", 'trap "exit 0" TERM; echo started "$@"; while :; do read x <"$0.fifo"; done'),
        ("ends", 'echo once >>"$0.log"'),
    ):
        program = aix.root / "opt" / name
        program.write_text(f"#!/bin/sh\n{body}\n")
        program.chmod(0o755)
    os.mkfifo(aix.root / "opt/stays.fifo")
    yield aix
    aix_state = aix.run("lssrc", "-a")
    for line in aix_state.splitlines():
        fields = line.split()
        if fields[0] in ("nat", "ends") and len(fields) == 3 and fields[1].isdigit():
            os.kill(int(fields[1]), 9)


def _define(aix: Userland, name: str, program: str, *more: str) -> None:
    flags = ("-u", str(os.getuid()), "-S", "-n", "15", "-f", "9", "-i", "/dev/null", "-o", f"/var/adm/{name}.out")
    aix.run("mkssys", "-s", name, "-p", f"/opt/{program}", *flags, *more)


def _until(aix: Userland, name: str, state: str) -> None:
    for _ in range(100):
        if aix.run("lssrc", "-s", name).split()[-1] == state:
            return
        time.sleep(0.05)
    raise AssertionError(aix.run("lssrc", "-s", name))


def test_a_definition(aix: Userland) -> None:
    words = ("mkssys", "-s", "nat", "-p", "/opt/nat", "-a", "--config /etc/x", "-u", "0", "-S", "-n", "15", "-f", "9")
    assert aix.run(*words, "-R", "-G", "stgw", "-w", "30") == "0513-071 The nat Subsystem has been added.\n"
    assert aix.run(*words, code=1) == "0513-081 The nat Subsystem is already on file.\n"
    header, line = aix.run("lssrc", "-S", "-s", "nat").splitlines()
    assert header.startswith("#subsysname:synonym:cmdargs:path:uid:auditid:standin:")
    console = "/dev/console:/dev/console:/dev/console"
    assert line == f"nat::--config /etc/x:/opt/nat:0:0:{console}:-R:-Q:-S:0:0:20:15:9:-d:30:stgw:"
    assert aix.run("chssys", "-s", "nat", "-a", "-v") == "0513-077 Subsystem has been changed.\n"
    assert ":-v:/opt/nat:" in aix.run("lssrc", "-S", "-s", "nat")
    assert aix.run("rmssys", "-s", "nat") == "0513-083 Subsystem has been Deleted.\n"


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (("lssrc", "-s", "nix"), "0513-085 The nix Subsystem is not on file.\n"),
        (("lssrc", "-g", "nix"), "0513-086 The nix Group is not on file.\n"),
        (("startsrc", "-s", "nix"), "0513-085 The nix Subsystem is not on file.\n"),
        (("rmssys", "-s", "nix"), "0513-084 There were no records that matched your request.\n"),
        (("chssys", "-s", "nix", "-a", "x"), "0513-084 There were no records that matched your request.\n"),
        (("stopsrc", "-s", "xntpd"), "0513-004 The Subsystem or Group, xntpd, is currently inoperative.\n"),
        (("mkssys", "-s", "x", "-p", "/opt/x"), "Usage: mkssys"),
        (("mkssys", "-s", "x", "-p", "x", "-u", "0"), "0513-012"),
        (("mkssys", "-s", "x", "-p", "/x", "-u", "0", "-S", "-n", "15"), "0513-011"),
        (("mkssys", "-s", "x" * 30, "-p", "/x", "-u", "0"), "0513-013"),
        (("mkssys", "-s", "x", "-p", "/x", "-u", "0", "-G", "g" * 30), "0513-013"),
        (("mkssys", "-s", "x", "-p", "/x", "-u", "0", "-K", "-S", "-n", "15", "-f", "9"), "0513-003 The -K and -S"),
        (("mkssys", "-s", "x", "-p", "/x", "-u", "0", "-E", "40"), "0513-003 The -E"),
        (("mkssys", "-s", "x", "-p", "/x", "-u", "0", "-S", "-n", "15", "-f", "99"), "0513-003 The -E"),
    ],
)
def test_mistakes(aix: Userland, words: tuple[str, ...], text: str) -> None:
    assert aix.run(*words, code=1).startswith(text)


def test_start_and_stop(daemon: Userland) -> None:
    _define(daemon, "nat", "stays", "-a", "'two words' x")
    assert daemon.run("lssrc", "-s", "nat") == (
        "Subsystem         Group            PID          Status \n"
        " nat                                            inoperative\n"
    )
    started = daemon.run("startsrc", "-s", "nat")
    pid = int(started.rstrip(".\n").rpartition(" ")[2])
    assert started == f"0513-059 The nat Subsystem has been started. Subsystem PID is {pid}.\n"
    assert daemon.run("lssrc", "-s", "nat").splitlines()[1] == f" {'nat':<17}{'':<17}{pid:<13}active"
    assert daemon.run("startsrc", "-s", "nat", code=1) == (
        "0513-029 The nat Subsystem is already active.\nMultiple instances are not supported.\n"
    )
    assert "0513-024" in daemon.run("rmssys", "-s", "nat", code=1)
    assert daemon.run("refresh", "-s", "nat", code=1) == (
        "0513-005 The Subsystem, nat, only supports signal communication.\n"
    )
    # The shell takes the signal while it waits for its FIFO only once somebody opens it: the stop is asynchronous.
    assert daemon.run("stopsrc", "-s", "nat") == "0513-044 The nat Subsystem was requested to stop.\n"
    assert daemon.read("var/adm/nat.out") == "started two words x\n"
    _until(daemon, "nat", "inoperative")


def test_a_subsystem_of_o_stays_down(daemon: Userland) -> None:
    _define(daemon, "ends", "ends")
    daemon.run("startsrc", "-s", "ends")
    _until(daemon, "ends", "inoperative")
    assert daemon.read("opt/ends.log") == "once\n"


def test_a_subsystem_of_r_comes_back_once(daemon: Userland) -> None:
    """Two ends within the wait time are AIX's limit."""
    _define(daemon, "ends", "ends", "-R")
    daemon.run("startsrc", "-s", "ends")
    log = daemon.root / "opt/ends.log"
    for _ in range(100):
        if log.exists() and log.read_text("utf-8").count("once") > 1:
            break
        time.sleep(0.05)
    _until(daemon, "ends", "inoperative")
    assert daemon.read("opt/ends.log") == "once\nonce\n"


def test_systems_own_subsystems(aix: Userland) -> None:
    assert aix.run("lssrc", "-s", "xntpd").split()[-1] == "inoperative"
    assert "0513-059 The xntpd Subsystem has been started." in aix.run("startsrc", "-s", "xntpd", "-a", "-x")
    assert aix.run("lssrc", "-s", "xntpd").split()[-1] == "active"
    assert aix.run("refresh", "-s", "xntpd").startswith("0513-095 ")
    aix.run("stopsrc", "-s", "xntpd")
    assert aix.run("lssrc", "-s", "xntpd").split()[-1] == "inoperative"
