"""Statements without automatic commit (`db2 +c`), over the processes of a session."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from lab.products.db2 import locks
from tests.lab.products.db2_host import Db2Host
from tests.lab.products.test_db2_manager import OWNER
from tests.lab.products.test_db2_setup import install

ALL = "select id from a order by id"


@pytest.fixture
def host(tmp_path: Path) -> Db2Host:
    made = Db2Host(tmp_path)
    install(made)
    made("db2icrt", "-s", "wse", "-u", "db2fenc1", "db2inst1")
    made("db2start", **OWNER)
    for command in (
        "create database STGW",
        "connect to STGW",
        "create table a (id integer not null, primary key (id))",
    ):
        assert made("db2", command, **OWNER)[0] == 0
    made("db2", "+c", "insert into a values (1)", **OWNER)
    made("db2", "+c", "insert into a values (2)", **OWNER)
    return made


def stored(host: Db2Host) -> list[str]:
    """What others see: another session."""
    host("db2", "connect to STGW", **OWNER)
    return host("db2", "-x", ALL, **OWNER)[1].split()


def test_the_session_sees_its_own_changes(host: Db2Host) -> None:
    assert host("db2", "+c", "-x", ALL, **OWNER)[1].split() == ["1", "2"]


def test_nothing_is_stored_without_commit(host: Db2Host) -> None:
    assert stored(host) == []


@pytest.mark.parametrize("command", ["commit", "terminate", "connect reset", "insert into a values (3)"])
def test_what_commits(host: Db2Host, command: str) -> None:
    host("db2", command, **OWNER)
    assert stored(host)[:2] == ["1", "2"]


def test_a_statement_that_fails_leaves_those_before_it_open(host: Db2Host) -> None:
    assert "SQL0803N" in host("db2", "+c", "insert into a values (1)", **OWNER)[1]
    assert host("db2", "+c", "delete from a where id = 7", **OWNER)[0] == 1
    host("db2", "commit", **OWNER)
    assert stored(host) == ["1", "2"]


def test_rollback(host: Db2Host) -> None:
    assert host("db2", "rollback", **OWNER)[0] == 0
    host("db2", "commit", **OWNER)
    assert stored(host) == []


def test_an_application_that_is_forced_is_rolled_back(host: Db2Host) -> None:
    host("db2", "force application all", **OWNER)
    assert "SQL1024N" in host("db2", "commit", **OWNER)[1]
    assert stored(host) == []


LOCK = "lock table A in {} mode"


@pytest.fixture
def other(host: Db2Host, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], tuple[int, str]]:
    """A statement of another session, which does not wait long; this process stands for its parent."""
    monkeypatch.setattr(locks, "PATIENCE_S", 0.0)

    def run(text: str) -> tuple[int, str]:
        with monkeypatch.context() as patch:
            patch.setattr(os, "getppid", os.getpid)
            host("db2", "connect to STGW", **OWNER)
            return host("db2", text, **OWNER)

    return run


@pytest.mark.parametrize(
    ("mode", "statement", "waits"),
    [
        ("exclusive", "insert into A values (7)", True),
        ("exclusive", "select * from db2inst1.a", True),
        ("exclusive", "select 'from a' from sysibm.sysdummy1", False),
        ("share", "select id from a", False),
        ("share", "update a set id = 8", True),
        ("share", LOCK.format("share"), False),
        ("share", LOCK.format("exclusive"), True),
    ],
)
def test_a_table_lock_keeps_others_away(
    host: Db2Host, other: Callable[[str], tuple[int, str]], mode: str, statement: str, waits: bool
) -> None:
    assert host("db2", "+c", LOCK.format(mode), **OWNER)[0] == 0
    said = other(statement)[1]
    assert ("SQL0911N" in said) is waits, said
    assert host("db2", "+c", "insert into a values (3)", **OWNER)[0] == 0
    host("db2", "commit", **OWNER)
    assert "SQL0911N" not in other(statement)[1]


@pytest.mark.parametrize("end", [("+c", "rollback"), ("terminate",), ("select id from a",)])
def test_a_table_lock_ends_with_the_unit_of_work(
    host: Db2Host, other: Callable[[str], tuple[int, str]], end: Sequence[str]
) -> None:
    host("db2", "+c", LOCK.format("exclusive"), **OWNER)
    host("db2", *end, **OWNER)
    assert "SQL0911N" not in other("select id from a")[1]


def test_a_lock_on_what_does_not_exist_is_refused(host: Db2Host) -> None:
    code, said = host("db2", "+c", "lock table B in exclusive mode", **OWNER)
    assert code == 4
    assert "SQL0204N" in said
