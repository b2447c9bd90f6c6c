"""Simulated instances and the command line processor answer as the real ones do."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.lab.products.db2_host import Db2Host, KilledError
from tests.lab.products.test_db2_setup import PATH, install

OWNER = {"user": "db2inst1", "instance": "db2inst1"}


@pytest.fixture
def host(tmp_path: Path) -> Db2Host:
    made = Db2Host(tmp_path)
    install(made)
    return made


@pytest.fixture
def started(host: Db2Host) -> Db2Host:
    assert host("db2icrt", "-s", "wse", "-u", "db2fenc1", "db2inst1")[0] == 0
    assert host("db2start", **OWNER)[0] == 0
    return host


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["db2inst1"], "-u FencedID"),
        (["-u", "nobody1", "db2inst1"], "nobody1 does not exist"),
        (["-u", "db2fenc1", "db2inst9"], "db2inst9 does not exist"),
        (["-s", "ese", "-u", "db2fenc1", "db2inst1"], "type ese is not one of"),
        (["-x", "db2inst1"], "not an option"),
        (["-u", "db2fenc1"], "Usage"),
        (["-a", "KERBEROS", "-u", "db2fenc1", "db2inst1"], "-a KERBEROS is not known"),
        (["-u", "db2fenc1", "root"], "must not be root"),
    ],
)
def test_db2icrt_refuses(host: Db2Host, arguments: list[str], said: str) -> None:
    code, printed = host("db2icrt", *arguments)
    assert code == 1
    assert said in printed


def test_db2icrt_is_for_root(host: Db2Host) -> None:
    assert host("db2icrt", "-u", "db2fenc1", "db2inst1", user="db2inst1")[0] == 1


def test_an_instance(started: Db2Host) -> None:
    assert started("db2ilist") == (0, "db2inst1\n")
    assert "DB2INSTANCE=db2inst1" in started.path("/home/db2inst1/sqllib/db2profile").read_text()
    assert started("db2icrt", "-u", "db2fenc1", "db2inst1")[0] == 1, "it is there"
    assert "SQL1026N" in started("db2start", **OWNER)[1]
    assert started("db2idrop", "db2inst1")[0] == 1, "it runs"
    assert started("db2stop", **OWNER)[0] == 0
    assert "SQL1032N" in started("db2stop", **OWNER)[1]
    assert started("db2idrop", "db2inst1")[0] == 0
    assert started("db2ilist") == (0, "")


def test_who_may_switch_the_autostart(started: Db2Host) -> None:
    assert started("db2iauto", "-off", "db2inst1", user="db2fenc1")[0] == 1
    assert started("db2iauto", "-on", "db2inst1", user="db2inst1")[0] == 0
    assert "DB2AUTOSTART=YES" in started("db2set", "-all", **OWNER)[1]
    assert started("db2iauto", "-on", "nobody1")[0] == 1
    assert started("db2iauto", "-maybe", "db2inst1")[0] == 1


def test_interrupted_creation(host: Db2Host) -> None:
    host.faults["db2icrt"] = "killed"
    with pytest.raises(KilledError):
        host("db2icrt", "-u", "db2fenc1", "db2inst1")
    assert host("db2ilist")[1] == "db2inst1\n"
    assert not host.path("/home/db2inst1/sqllib/db2systm").exists()
    assert "SQL1042C" in host("db2start", **OWNER)[1]
    assert host("db2iupdt", "-u", "db2fenc1", "db2inst1")[0] == 0
    assert host("db2start", **OWNER)[0] == 0


def test_who_may_start(host: Db2Host) -> None:
    host("db2icrt", "-u", "db2fenc1", "db2inst1")
    assert "SQL1390C" in host("db2start", user="db2inst1")[1]
    assert "SQL1092N" in host("db2start", user="db2fenc1", instance="db2inst1")[1]


def test_registry_and_configuration(started: Db2Host) -> None:
    assert started("db2set", "DB2COMM=tcpip", **OWNER)[0] == 0
    assert started("db2set", "-all", **OWNER)[1] == "[i] DB2COMM=tcpip\n"
    assert "DBI1302E" in started("db2set", "DB2KOMM=tcpip", **OWNER)[1]
    assert "DBI1301E" in started("db2set", "DB2COMM=pigeon", **OWNER)[1]
    assert "DB20000I" in started("db2", "update dbm cfg using SVCENAME 50001 DIAGLEVEL 4", **OWNER)[1]
    assert "(SVCENAME) = 50001" in started("db2", "get dbm cfg", **OWNER)[1]
    assert "SQL5130N" in started("db2", "update dbm cfg using DIAGLEVEL 9", **OWNER)[1]
    assert "SQL0104N" in started("db2", "update dbm cfg using DIAGLEVL 3", **OWNER)[1]


def test_a_protocol_without_its_port(started: Db2Host) -> None:
    started("db2set", "DB2COMM=tcpip", **OWNER)
    started("db2", "update dbm cfg using SVCENAME nowhere", **OWNER)
    started("db2stop", **OWNER)
    code, said = started("db2start", **OWNER)
    assert code == 1
    assert "SQL5043N" in said


def test_databases(started: Db2Host) -> None:
    assert started("db2", "list db directory", **OWNER)[0] == 4, "SQL1031N"
    assert "SQL1001N" in started("db2", "create database STGWDATABASE", **OWNER)[1]
    assert "DB20000I" in started("db2", "create database stgw using codeset UTF-8 territory US", **OWNER)[1]
    assert "SQL1005N" in started("db2", "create database STGW", **OWNER)[1]
    listed = started("db2", "list database directory", **OWNER)[1]
    assert " Database alias                       = STGW\n" in listed
    assert " Database release level               = b.00\n" in listed
    assert "SQL1013N" in started("db2", "connect to OTHER", **OWNER)[1]
    assert "SQL1024N" in started("db2", "select count(*) from syscat.tables", **OWNER)[1]
    assert "SQL30082N" in started("db2", "connect to STGW user db2inst1 using wrong", **OWNER)[1]
    assert started("db2", "connect to STGW user db2inst1 using right", **OWNER)[0] == 0
    assert "SQL1035N" in started("db2", "drop db STGW", **OWNER)[1]
    assert "SQL1025N" in started("db2stop", **OWNER)[1]
    assert started("db2", "terminate", **OWNER)[0] == 0
    assert started("db2", "drop db STGW", **OWNER)[0] == 0
    assert started("db2", "list db directory", **OWNER)[0] == 2, "SQL1057W"


def test_configuration_of_a_database(started: Db2Host) -> None:
    update = "update db cfg for stgw using"
    assert "SQL1013N" in started("db2", f"{update} LOCKTIMEOUT 30", **OWNER)[1]
    started("db2", "create database stgw using codeset UTF-8 territory US", **OWNER)
    assert "(LOCKTIMEOUT) = -1" in started("db2", "get db cfg for stgw", **OWNER)[1]
    assert started("db2", f"{update} LOCKTIMEOUT 30 locklist automatic", **OWNER)[0] == 0
    assert "(LOCKTIMEOUT) = 30" in started("db2", "get db cfg for stgw", **OWNER)[1]
    assert "SQL5130N" in started("db2", f"{update} LOGSECOND 5 LOCKTIMEOUT never", **OWNER)[1]
    assert "(LOGSECOND) = 2" in started("db2", "get db cfg for stgw", **OWNER)[1], "all or none"
    assert "SQL0104N" in started("db2", f"{update} LOCKTIME 3", **OWNER)[1]
    assert "SQL5101N" in started("db2", f"{update} LOGPRIMARY 100 LOGSECOND 200", **OWNER)[1]
    assert "SQL1092N" in started("db2", f"{update} LOCKTIMEOUT 3", user="db2fenc1", instance="db2inst1")[1]


def test_a_database_in_use_keeps_some_of_its_values(started: Db2Host) -> None:
    started("db2", "create database stgw using codeset UTF-8 territory US", **OWNER)
    started("db2", "connect to stgw", **OWNER)
    code, said = started("db2", "update db cfg for stgw using LOCKTIMEOUT 30", **OWNER)
    assert code == 2
    assert "SQL1363W" in said
    assert started("db2", "update db cfg for stgw using LOGSECOND 9", **OWNER)[0] == 0


def test_sql(started: Db2Host) -> None:
    started("db2", "create database STGW", **OWNER)
    started("db2", "connect to STGW", **OWNER)
    script = started.path("/tmp/s.ddl")
    script.write_text(
        "-- tables\nCREATE BUFFERPOOL BP8 IMMEDIATE SIZE 100 PAGESIZE 8192;\n"
        "CREATE TABLESPACE TS8 PAGESIZE 8192\n  BUFFERPOOL BP8;\n"
        "CREATE TABLE A (ID INTEGER NOT NULL, NAME VARCHAR(10) WITH DEFAULT 'x', PRIMARY KEY (ID)) IN TS8;\n"
        "INSERT INTO A (ID) VALUES (1);\n"
    )
    assert started("db2", "-tvf", "/tmp/s.ddl", **OWNER)[0] == 0
    assert started("db2", "-x", "select count(*) from syscat.tables where tabschema = 'DB2INST1'", **OWNER) == (
        0,
        "          1\n",
    )
    assert "  1 record(s) selected." in started("db2", "select name from a", **OWNER)[1]
    assert started("db2", "select name from a where id = 2", **OWNER)[0] == 1
    assert "SQL0204N" in started("db2", "select * from nothing", **OWNER)[1]
    assert "SQL0601N" in started("db2", "create table a (id integer)", **OWNER)[1]
    assert "SQL0803N" in started("db2", "insert into a (id) values (1)", **OWNER)[1]
    assert "SQL0104N" in started("db2", "selekt 1", **OWNER)[1]
    assert started("db2", "-tvf", "/tmp/s.ddl", **OWNER)[0] == 4, "exit codes are combined"


@pytest.mark.parametrize("option", ["-Z", "-td@", "+p", "-a", "-r", "-f", "-xq"])
def test_options_that_the_lab_does_not_know(started: Db2Host, option: str) -> None:
    code, said = started("db2", option, **OWNER)
    assert code == 4
    assert "DB21014E" in said


def test_options_of_the_processor(started: Db2Host) -> None:
    started("db2", "create database STGW", **OWNER)
    started("db2", "drop db STGW", **OWNER)
    assert started("db2", "+w", "list db directory", **OWNER) == (0, "")
    assert started("db2", "+o", "list db directory", **OWNER) == (2, "")
    assert started("db2", "-c", "-o", "+a", "list db directory", **OWNER)[0] == 2


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("create database", "SQL0104N"),
        ("list databases", "db2: lab: the command list"),
        ("get nothing", "db2: lab: the command get"),
        ("connect", "db2: lab: the command connect"),
        ("create database X frobnicate", "SQL0104N"),
        ("create database X on /none", "SQL1052N"),
        ("create database X using codeset KOI8 territory US", "SQL1205N"),
        ("create database X using codeset UTF-8 territory XX", "SQL1205N"),
        ("create database X pagesize 5", "SQL0104N"),
        ("create database 1X", "SQL1001N"),
        ("create database A-B", "SQL1001N"),
    ],
)
def test_refused_commands(started: Db2Host, statement: str, said: str) -> None:
    code, printed = started("db2", statement, **OWNER)
    assert code == 4
    assert printed.startswith(said)


def test_exit_codes_are_combined(started: Db2Host) -> None:
    started("db2", "create database STGW", **OWNER)
    started.path("/tmp/s.sql").write_text(
        "connect to STGW;\nselect tabname from syscat.tables where 1 = 0;\ndrop table nothing;\nlist applications;\n"
    )
    assert started("db2", "-tf", "/tmp/s.sql", **OWNER)[0] == 5
    code, said = started("db2", "-stvf", "/tmp/s.sql", **OWNER)
    assert code == 5
    assert "list applications" not in said, "it stopped at the error"


def test_the_processor_needs_a_started_instance(host: Db2Host) -> None:
    host("db2icrt", "-u", "db2fenc1", "db2inst1")
    assert "SQL1032N" in host("db2", "create database STGW", **OWNER)[1]


def test_copy_of_the_programs(started: Db2Host) -> None:
    said = started("db2level", instance="db2inst1")[1]
    assert 'Instance "db2inst1" uses "64" bits and DB2 code release "SQL09010"' in said
    assert '"DB2 v9.1.0.0", "n060124", "", and Fix Pack "0"' in said
    assert started("db2ilist", "-x")[0] == 1
    assert f'Product is installed at "{PATH}".' in said
