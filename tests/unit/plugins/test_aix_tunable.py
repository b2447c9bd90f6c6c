"""`aix_tunable`."""

from __future__ import annotations

from typing import Any

import pytest
from ansible.errors import AnsibleActionFail

from tests.unit.plugins.conftest import RunModule
from tests.unit.plugins.fake_target import Answer

OPTIONS: dict[str, Any] = {"network": {"tcp_keepidle": 1200, "ipqmaxlen": "512"}}


def read(idle: str, queue: str) -> Answer:
    """`now,default,boot` of the two tunables."""
    idle_now, idle_boot = idle.split("/")
    queue_now, queue_boot = queue.split("/")
    return Answer(
        "aix_tunable_read",
        f"tunable=no tcp_keepidle,{idle_now},14400,{idle_boot},1,2147483647,halfsecond,C,\n"
        f"tunable=no ipqmaxlen,{queue_now},100,{queue_boot},100,2147483647,numeric,R,\n",
    )


def test_as_it_should_be(run_module: RunModule) -> None:
    run = run_module("aix_tunable", OPTIONS, [read("1200/1200", "512/512")])
    assert run.result["changed"] is False
    assert run.result["restart_required"] is False


def test_changed_by_kind(run_module: RunModule) -> None:
    answers = [read("14400/14400", "100/100"), Answer("aix_tunable_change"), read("1200/1200", "100/512")]
    run = run_module("aix_tunable", OPTIONS, answers)
    assert run.result["operations"] == ["no -p -o tcp_keepidle=1200", "no -r -o ipqmaxlen=512"]
    assert run.result["restart_required"] is True


def test_both_commands_have_their_own(run_module: RunModule) -> None:
    options = {"network": {"tcp_keepidle": 1200}, "memory": {"minperm%": 3, "maxperm%": 90}}
    before = Answer(
        "aix_tunable_read",
        "tunable=no tcp_keepidle,14400,14400,14400,1,2147483647,halfsecond,C,\n"
        "tunable=vmo minperm%,20,20,20,1,100,% memory,D,\ntunable=vmo maxperm%,80,80,80,1,100,% memory,D,\n",
    )
    after = Answer(
        "aix_tunable_read",
        "tunable=no tcp_keepidle,1200,14400,1200,1,2147483647,halfsecond,C,\n"
        "tunable=vmo minperm%,3,20,3,1,100,% memory,D,\ntunable=vmo maxperm%,90,80,90,1,100,% memory,D,\n",
    )
    run = run_module("aix_tunable", options, [before, Answer("aix_tunable_change"), after])
    assert run.result["operations"] == ["no -p -o tcp_keepidle=1200", "vmo -p -o minperm%=3 -o maxperm%=90"]


@pytest.mark.parametrize("idle", ["1200/14400", "14400/1200"])
def test_what_a_restart_would_lose_or_only_bring_is_changed(run_module: RunModule, idle: str) -> None:
    run = run_module("aix_tunable", OPTIONS, [read(idle, "512/512")], check=True)
    assert run.result["changed"] is True


def test_a_waiting_restart_is_told_again(run_module: RunModule) -> None:
    run = run_module("aix_tunable", OPTIONS, [read("1200/1200", "100/512")])
    assert (run.result["changed"], run.result["restart_required"]) == (False, True)


@pytest.mark.parametrize(
    ("tunables", "said"),
    [
        ({"tcp_keepidle": 0}, r"no tcp_keepidle: 0 is not possible; this machine takes 1 to 2147483647"),
        ({"tcp_keepidel": 1200}, r"no tcp_keepidel: this machine has no such tunable \(no -a\)"),
        ({"tcp_keepidle": "10 min"}, r"network\.tcp_keepidle: '10 min' is not a number"),
        ({"tcp_keepidle; reboot": 1}, r"network\.tcp_keepidle; reboot"),
    ],
)
def test_what_aix_would_refuse(run_module: RunModule, tunables: dict[str, Any], said: str) -> None:
    answers = [read("14400/14400", "100/100")]
    with pytest.raises(AnsibleActionFail, match=said):
        run_module("aix_tunable", {"network": tunables}, answers)


def test_what_never_changes_is_said(run_module: RunModule) -> None:
    answer = Answer("aix_tunable_read", "tunable=vmo memory_frames,524288,524288,524288,,,4KB pages,S,\n")
    with pytest.raises(AnsibleActionFail, match="AIX has 524288 for good"):
        run_module("aix_tunable", {"memory": {"memory_frames": 1}}, [answer])


def test_windows_has_none(run_module: RunModule) -> None:
    with pytest.raises(AnsibleActionFail, match="Windows machine"):
        run_module("aix_tunable", OPTIONS, platform="windows")
