"""Statements without automatic commit (`db2 +c`), over the processes of a session."""

from __future__ import annotations

from pathlib import Path

import pytest

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
