"""`windows_registry`."""

from __future__ import annotations

from typing import Any

import pytest
from ansible.errors import AnsibleActionFail

from tests.unit.plugins.conftest import RunModule
from tests.unit.plugins.fake_target import Answer

KEY = r"HKLM:\SYSTEM\CurrentControlSet\Services\Tcpip\Parameters"
OPTIONS: dict[str, Any] = {
    "key": KEY,
    "values": [{"name": "KeepAliveTime", "data": 600000}, {"name": "Old", "state": "absent"}],
}


def read(fields: str) -> Answer:
    return Answer("windows_registry_read", fields)


def test_capitals_of_a_name_do_not_matter(run_module: RunModule) -> None:
    answers = [read("value=KEEPALIVETIME\tDWord\t600000\n")]
    run = run_module("windows_registry", OPTIONS, answers, platform="windows")
    assert run.result["changed"] is False


@pytest.mark.parametrize(
    "found", ["", "value=KeepAliveTime\tDWord\t7200000\n", "value=KeepAliveTime\tString\t600000\n"]
)
def test_number_and_type_are_put_right(run_module: RunModule, found: str) -> None:
    answers = [read(found), Answer("windows_registry_change"), read("value=KeepAliveTime\tDWord\t600000\n")]
    run = run_module("windows_registry", OPTIONS, answers, platform="windows")
    assert run.result["operations"] == ["KeepAliveTime = dword 600000"]
    assert run.sent[1][1] == {
        "key": r"SYSTEM\CurrentControlSet\Services\Tcpip\Parameters",
        "names": ["KeepAliveTime"],
        "kinds": ["dword"],
        "data": ["600000"],
        "removed": [],
    }


def test_removed(run_module: RunModule) -> None:
    good = "value=KeepAliveTime\tDWord\t600000\n"
    answers = [read(f"{good}value=Old\tString\tx y\n"), Answer("windows_registry_change"), read(good)]
    run = run_module("windows_registry", OPTIONS, answers, platform="windows")
    assert run.result["operations"] == ["removed Old"]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"key": r"HKCU:\Software"}, "key: .* is not below HKLM"),
        ({"values": [{"name": "A", "data": "4294967295"}]}, r"values\[0\]\.data: '4294967295' is not a number from 0"),
        ({"values": [{"name": "A", "data": "1s"}]}, r"values\[0\]\.data"),
        ({"values": [{"name": "A"}]}, r"values\[0\]\.data: A has none"),
        ({"values": [{"name": "A", "type": "string", "data": "a\nb"}]}, r"values\[0\]\.data"),
    ],
)
def test_what_windows_would_take_otherwise_is_refused(
    run_module: RunModule, options: dict[str, Any], said: str
) -> None:
    with pytest.raises(AnsibleActionFail, match=said):
        run_module("windows_registry", {**OPTIONS, **options}, platform="windows")


def test_aix_has_none(run_module: RunModule) -> None:
    with pytest.raises(AnsibleActionFail, match="AIX machine"):
        run_module("windows_registry", OPTIONS)
