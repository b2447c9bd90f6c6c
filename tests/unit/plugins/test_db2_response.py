"""Response files of DB2: what is written, and what is found wrong before a target sees one."""

from __future__ import annotations

from typing import Any

import pytest

from lab.products.db2 import response
from plugins.plugin_utils._db2_response import System, problems, render

GOOD: list[tuple[str, Any]] = [
    ("PROD", "WORKGROUP_SERVER_EDITION"),
    ("FILE", "/opt/IBM/db2/V9.1"),
    ("LIC_AGREEMENT", "ACCEPT"),
    ("INSTALL_TYPE", "CUSTOM"),
    ("COMP", ["JDBC_SUPPORT", "FIRST_STEPS"]),
    ("LANG", ["EN"]),
    ("DAS_USERNAME", ""),
    ("INSTANCE", "inst"),
    ("inst.NAME", "db2inst1"),
    ("inst.TYPE", "WSE"),
    ("inst.PORT_NUMBER", 50000),
    ("inst.FENCED_USERNAME", "db2fenc1"),
    ("inst.PASSWORD", "S3cret"),
]


def entries(*changes: tuple[str, Any]) -> list[dict[str, Any]]:
    values = dict(GOOD) | dict(changes)
    return [{"keyword": key, "value": value, "variable": f"var_{key.lower()}"} for key, value in values.items()]


def test_rendered_as_the_setup_program_reads_it() -> None:
    text = render(entries())
    assert "COMP = JDBC_SUPPORT\nCOMP = FIRST_STEPS\n" in text
    assert "DAS_USERNAME" not in text
    assert problems(entries(), "aix") == []
    assert response.parse(text, windows=False).problems == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("PROD", "UDB_WORKGROUP_SERVER_EDITION"), "it must be one of WORKGROUP_SERVER_EDITION"),
        (("PROD", ""), "it is empty, but DB2's response file needs PROD"),
        (("LIC_AGREEMENT", "DECLINE"), "the licence must be accepted with ACCEPT"),
        (("LIC_AGREEMENT", ""), "it is empty"),
        (("FILE", "/opt/my db2"), "at most 128 letters"),
        (("FILE", "/" + "x" * 128), "at most 128 letters"),
        (("FILE", "/opt/../x"), "an absolute path"),
        (("INSTALL_TYP", "TYPICAL"), "does not know this keyword"),
        (("DB2_COPY_NAME", "DB2COPY1"), "does not know this keyword on this platform"),
        (("inst.NAME", "Db2Inst1"), "1 to 8 lower-case"),
        (("inst.NAME", "db2instance1"), "1 to 8 lower-case"),
        (("inst.FENCED_USERNAME", "sysfence"), "reserves"),
        (("inst.PORT_NUMBER", 523), "a port from 1024"),
        (("inst.SVCENAME", "db2c_db2instance"), "1 to 14"),
        (("other.NAME", "db2inst1"), "no INSTANCE of that name"),
        (("inst.PASSWORD", "a**b"), "cannot be in a value"),
        (("inst.PASSWORD", "secret "), "takes blanks at the ends away"),
    ],
)
def test_what_the_setup_program_refuses_is_found_here(change: tuple[str, Any], said: str) -> None:
    found = problems(entries(change), "aix")
    assert len(found) == 1
    assert found[0].startswith(f"var_{change[0].lower()}: ")
    assert said in found[0]
    # Of these two the setup program says nothing: it would take another value than the one given.
    if not str(change[1]).endswith(" ") and "**" not in str(change[1]):
        assert response.parse(render(entries(change)), windows=False).problems


def test_a_secret_is_not_told() -> None:
    assert "S3**cret" not in problems(entries(("inst.PASSWORD", "S3**cret")), "aix")[0]


def test_all_problems_at_once() -> None:
    found = problems(entries(("PROD", "X"), ("LIC_AGREEMENT", ""), ("inst.NAME", "TOO_LONG_NAME")), "aix")
    assert len(found) == 3


@pytest.mark.parametrize("system", ["aix", "windows"])
def test_both_platforms_agree_with_the_simulator_about_keywords(system: System) -> None:
    windows: list[tuple[str, Any]] = [
        ("PROD", "WORKGROUP_SERVER_EDITION"),
        ("FILE", r"C:\Program Files\IBM\SQLLIB"),
        ("LIC_AGREEMENT", "ACCEPT"),
        ("INSTANCE", "DB2"),
        ("DB2.NAME", "DB2"),
        ("DB2.USERNAME", "db2admin"),
        ("DEFAULT_INSTANCE", "DB2"),
        ("DB2_COPY_NAME", "DB2COPY1"),
        ("DEFAULT_COPY", "YES"),
        ("REBOOT", "NO"),
    ]
    given = [
        {"keyword": key, "value": value, "variable": "v"} for key, value in (windows if system == "windows" else GOOD)
    ]
    assert problems(given, system) == []
    assert response.parse(render(given), windows=system == "windows").problems == []
    assert problems(given, "aix" if system == "windows" else "windows") != []
