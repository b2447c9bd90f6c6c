"""A scripting client's objects share one workspace."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from lab.products.was.admin.session import Session
from lab.products.was.errors import ScriptingError
from lab.products.was.layout import Profile
from tests.lab.products.was.small_cell import lay


@pytest.fixture
def session(tmp_path: Path) -> Session:
    lay(tmp_path / "config")
    host = cast(Any, SimpleNamespace(platform="aix", path=Path, fault=lambda _: None))
    return Session(host, Profile(host, "P", str(tmp_path), "dmgr", True), None)


def test_without_a_connection_there_is_no_control(session: Session) -> None:
    assert {"create", "getid", "save"} <= set(session.names("AdminConfig"))
    assert all(session.names(target) for target in ("AdminTask", "AdminApp", "Help"))
    assert session.names("AdminControl") == session.names("Other") == []
    with pytest.raises(ScriptingError, match="WASX7056W"):
        session.call("AdminControl", "queryNames", ["*"])
    server = session.call("AdminConfig", "getid", ["/Server:one/"]).value
    assert session.call("AdminConfig", "getObjectName", [server]).value == ""


def test_closing_forgets_changes(session: Session) -> None:
    cell = session.call("AdminConfig", "getid", ["/Cell:C/"]).value
    session.call("AdminConfig", "create", ["Property", cell, [["name", "a"]]])
    assert session.call("AdminConfig", "hasChanges", []).value == 1
    session.close()
    assert session.call("AdminConfig", "hasChanges", []).value == 0
