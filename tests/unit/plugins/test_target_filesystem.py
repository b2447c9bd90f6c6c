"""`target_filesystem`."""

from __future__ import annotations

from typing import Any

import pytest
from ansible.errors import AnsibleActionFail

from tests.unit.plugins.conftest import RunModule
from tests.unit.plugins.fake_target import Answer

CHANGED = Answer("target_filesystem_change")


def read(fields: str) -> Answer:
    return Answer("target_filesystem_read", fields)


def usage(path: str, mount: str, size_mb: int, free_mb: int) -> str:
    return f"path={path}\nmount={mount}\nsize_kb={size_mb * 1024}\nfree_kb={free_mb * 1024}\n"


def test_grows_by_what_is_missing(run_module: RunModule) -> None:
    options = {"filesystems": [{"path": "/opt", "size_mb": 3000}]}
    # AIX rounds up to whole partitions.
    run = run_module(
        "target_filesystem",
        options,
        [read(usage("/opt", "/opt", 1024, 500)), CHANGED, read(usage("/opt", "/opt", 3072, 2548))],
    )
    assert run.sent[0] == ("target_filesystem_read", {"paths": ["/opt"], "own": []})
    assert run.sent[1] == ("target_filesystem_change", {"steps": ["grow\t/opt\t1976"]})
    assert run.result["operations"] == ["grow /opt by 1976 MB"]
    assert run.result["state"] == {"/opt": {"size_mb": 3072}}


def test_never_shrinks(run_module: RunModule) -> None:
    options = {"filesystems": [{"path": "/opt", "size_mb": 100, "free_mb": 500}]}
    assert run_module("target_filesystem", options, [read(usage("/opt", "/opt", 1024, 500))]).result["changed"] is False


def test_needs_on_one_file_system_add_up(run_module: RunModule) -> None:
    options = {
        "filesystems": [
            {"path": "/opt/IBM/db2", "free_mb": 400},
            {"path": "/opt/IBM/ldap", "free_mb": 300},
            {"path": "/tmp", "free_mb": 10},
        ]
    }
    fields = usage("/opt/IBM/db2", "/opt", 1024, 500) + usage("/opt/IBM/ldap", "/opt", 1024, 500)
    run = run_module("target_filesystem", options, [read(fields + usage("/tmp", "/tmp", 64, 60))], check=True)
    assert run.result["state"] == {"/opt": {"size_mb": 1224}, "/tmp": {"size_mb": 64}}


def test_makes_and_mounts(run_module: RunModule) -> None:
    options = {
        "filesystems": [
            {"path": "/new", "size_mb": 100, "volume_group": "datavg"},
            {"path": "/old", "size_mb": 100, "volume_group": "datavg"},
            {"path": "/there", "size_mb": 100, "volume_group": "datavg"},
        ]
    }
    fields = "path=/new\npath=/old\ndefined_kb=65536\n" + usage("/there", "/there", 128, 100)
    after = usage("/new", "/new", 128, 100) + usage("/old", "/old", 128, 100) + usage("/there", "/there", 128, 100)
    run = run_module("target_filesystem", options, [read(fields), CHANGED, read(after)])
    assert run.sent[1][1]["steps"] == ["grow\t/old\t36", "mount\t/old", "make\t/new\t100\tdatavg"]


WINDOWS = {"filesystems": [{"path": r"C:\Program Files\IBM", "free_mb": 2000}, {"path": "D:\\", "free_mb": 5}]}


def test_windows_checks_only(run_module: RunModule) -> None:
    fields = usage(r"C:\Program Files\IBM", "C:", 40000, 3000) + usage("D:\\", "D:", 40000, 3000)
    assert run_module("target_filesystem", WINDOWS, [read(fields)], platform="windows").result["changed"] is False


def test_windows_names_every_drive_that_is_too_full(run_module: RunModule) -> None:
    fields = usage(r"C:\Program Files\IBM", "C:", 40000, 1999) + usage("D:\\", "D:", 40000, 1)
    with pytest.raises(AnsibleActionFail) as error:
        run_module("target_filesystem", WINDOWS, [read(fields)], platform="windows")
    assert "C: has 1999 MB free, 2000 MB are needed; D: has 1 MB free, 5 MB are needed" in str(error.value)


def test_a_drive_that_does_not_exist(run_module: RunModule) -> None:
    fields = usage(r"C:\Program Files\IBM", "C:", 40000, 3000) + "path=D:\\\n"
    with pytest.raises(AnsibleActionFail, match="lies on no file system"):
        run_module("target_filesystem", WINDOWS, [read(fields)], platform="windows")


@pytest.mark.parametrize(
    ("entry", "platform", "said"),
    [
        ({"path": "opt", "size_mb": 1}, "unix", r"filesystems\[0\].path: 'opt' is not an absolute path"),
        ({"path": "/opt", "size_mb": 0}, "unix", r"filesystems\[0\].size_mb: 0 is not a number of MB above 0"),
        ({"path": "/opt"}, "unix", "one of the following is required: size_mb, free_mb"),
        ({"path": "/opt", "free_mb": 1, "volume_group": "x"}, "unix", "size_mb"),
        ({"path": "C:\\x", "size_mb": 1}, "windows", "size_mb: has no meaning on Windows"),
    ],
)
def test_bad_options_are_refused_before_the_first_contact(
    run_module: RunModule, entry: dict[str, Any], platform: str, said: str
) -> None:
    with pytest.raises(AnsibleActionFail, match=said):
        run_module("target_filesystem", {"filesystems": [entry]}, platform=platform)
