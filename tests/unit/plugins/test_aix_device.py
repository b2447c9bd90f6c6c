"""`aix_device`."""

from __future__ import annotations

from typing import Any

import pytest
from ansible.errors import AnsibleActionFail

from tests.unit.plugins.conftest import RunModule
from tests.unit.plugins.fake_target import Answer

AIO: dict[str, Any] = {
    "name": "aio0",
    "available": True,
    "attributes": {"autoconfig": "available"},
    "at_restart": True,
}


def read(fields: str) -> Answer:
    return Answer("aix_device_read", fields)


def test_as_it_should_be(run_module: RunModule) -> None:
    run = run_module("aix_device", AIO, [read("status=Available\nattribute=autoconfig=available\n")])
    assert run.result["changed"] is False


def test_made_available(run_module: RunModule) -> None:
    before, after = (
        read("status=Defined\nattribute=autoconfig=defined\n"),
        read("status=Available\nattribute=autoconfig=available\n"),
    )
    run = run_module("aix_device", AIO, [before, Answer("aix_device_change"), after])
    assert run.result["operations"] == ["mkdev -l aio0", "chdev -l aio0 -P -a autoconfig=available"]


@pytest.mark.parametrize(("value", "changed"), [("128", True), ("4096", False), ("16384", False)])
def test_minimum_never_lowers(run_module: RunModule, value: str, changed: bool) -> None:
    options = {"name": "sys0", "minimum": {"maxuproc": 4096}}
    run = run_module("aix_device", options, [read(f"status=Available\nattribute=maxuproc={value}\n")], check=True)
    assert run.result["changed"] is changed


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ("status=\n", "name: the device aio0 does not exist"),
        ("status=Defined\nattribute=autoconfig=\n", "has no autoconfig"),
    ],
)
def test_what_is_not_there(run_module: RunModule, fields: str, said: str) -> None:
    with pytest.raises(AnsibleActionFail, match=said):
        run_module("aix_device", AIO, [read(fields)])


def test_windows_has_none(run_module: RunModule) -> None:
    with pytest.raises(AnsibleActionFail, match="Windows machine"):
        run_module("aix_device", AIO, platform="windows")
