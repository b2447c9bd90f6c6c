"""What is on a host, what is not, and that nothing takes the flags of GNU."""

from __future__ import annotations

import importlib
import stat
import subprocess
from pathlib import Path

import pytest

from lab.aix.userland.allowlist import OWN, ROOT_ONLY
from lab.aix.userland.flags import GUARDS
from lab.aix.userland.installation import Surroundings, install_tree
from tests.lab.aix.conftest import Userland

ABSENT = [
    "apt-get",
    "base64",
    "bash",
    "curl",
    "dpkg",
    "gawk",
    "gzip",
    "ip",
    "lsb_release",
    "md5sum",
    "mktemp",
    "python",
    "python3",
    "readlink",
    "seq",
    "sha256sum",
    "shuf",
    "ss",
    "stat",
    "sudo",
    "systemctl",
    "timeout",
    "truncate",
    "useradd",
    "wget",
    "zip",
]
OWN_NAMES = [name for folders in OWN.values() for names in folders.values() for name in names]
# Words of these are texts or operands, whatever they look like; real AIX prints or compares them.
NO_FLAGS_AT_ALL = {"test", "[", "echo"}


@pytest.mark.parametrize("module", OWN)
def test_the_allow_list_names_every_command_of_a_module(module: str) -> None:
    commands = importlib.import_module(f"lab.aix.userland.{module}").COMMANDS
    listed = [name for names in OWN[module].values() for name in names]
    assert sorted(listed) == sorted(commands)


def test_what_aix_lacks_is_absent(aix: Userland) -> None:
    present = {path.name for folder in ("usr/bin", "usr/sbin", "usr/ucb") for path in (aix.root / folder).iterdir()}
    assert not present & set(ABSENT)
    assert present >= set(OWN_NAMES) | set(GUARDS)


def test_the_shell_says_so(aix: Userland) -> None:
    output = aix.run("ksh", "-c", "mktemp -d", code=127)
    assert output.endswith("mktemp: not found\n")


def test_the_shell_echoes_as_on_aix(aix: Userland) -> None:
    environment = dict(
        line.split("=", 1) for line in aix.read("etc/environment").splitlines() if "=" in line and line[0] != "#"
    )
    output = aix.run("sh", "-c", 'echo "one\\ntwo"; echo -n', _AST_FEATURES=environment["_AST_FEATURES"])
    assert output == "one\ntwo\n-n\n"


def test_every_command_refuses_a_long_option_of_gnu(aix: Userland) -> None:
    for name in sorted({*OWN_NAMES, *GUARDS} - NO_FLAGS_AT_ALL):
        result = subprocess.run(
            [aix.path(name), "--verbose"], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
        )
        assert result.returncode not in (0, 126, 127), name
        assert "lab.aix" not in result.stderr, f"{name} broke: {result.stderr}"
        assert "GNU" not in result.stderr + result.stdout, name


def test_administration_is_for_root(aix: Userland) -> None:
    for name in ROOT_ONLY:
        assert stat.S_IMODE(aix.path(name).stat().st_mode) == 0o550, name
    assert stat.S_IMODE(aix.path("lsuser").stat().st_mode) == 0o555


def test_guards_are_clean_shell(aix: Userland) -> None:
    guards = [str(aix.path(name)) for name in GUARDS]
    shellcheck = Path(__file__).parents[3] / ".venv/bin/shellcheck"
    # 1003: a backslash before a quote is meant. 2034, 2119, 2120, 2317: not every guard uses all helpers.
    result = subprocess.run(
        [
            shellcheck if shellcheck.exists() else "shellcheck",
            "-s",
            "dash",
            "-e",
            "SC1003,SC2034,SC2119,SC2120,SC2317",
            *guards,
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stdout


def test_installing_again_changes_nothing(aix: Userland) -> None:
    before = {path: path.lstat().st_mtime_ns for path in (aix.root / "usr").rglob("*")}
    install_tree(aix.root, Surroundings("/usr/bin/python3", str(Path(__file__).parents[3]), "/usr/bin", str(aix.root)))
    assert {path: path.lstat().st_mtime_ns for path in (aix.root / "usr").rglob("*")} == before
