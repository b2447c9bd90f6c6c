"""How programs are rendered: whatever a parameter holds, the shell gets exactly that."""

from __future__ import annotations

import base64
import shutil
import subprocess
from pathlib import Path

import pytest

from plugins.plugin_utils import _programs
from plugins.plugin_utils._programs import Parameter, quote_ps, render_ps, render_sh

HOSTILE = [
    "plain",
    "",
    'it\'s; rm -rf $HOME `id` "quoted" \\ back\\\\slash',
    "two\nlines\n\nand a last one",
    "END\nLIST\nEOF",
    "-n",
    "tab\there, umlaut ä, euro €",
    "$(exit 1)",
]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(_programs, "PROGRAMS", tmp_path)
    return tmp_path


@pytest.mark.parametrize("shell", ["ksh", "mksh", "posh"])
@pytest.mark.parametrize("value", HOSTILE)
def test_a_shell_gets_the_value_as_it_is(folder: Path, shell: str, value: str) -> None:
    (folder / "show.sh").write_text("cat <<END\n$value\nEND\n")
    path = shutil.which(shell)
    assert path
    done = subprocess.run(
        [path, *([] if shell == "posh" else ["-s"])],
        input=render_sh("show", {"value": value}),
        capture_output=True,
        check=True,
    )
    assert done.stdout.decode() == value + "\n"


def test_a_command_cannot_eat_the_program(folder: Path) -> None:
    (folder / "eat.sh").write_text("cat\necho still=here\n")
    done = subprocess.run(["/bin/sh", "-s"], input=render_sh("eat", {}), capture_output=True, check=True)
    assert done.stdout == b"still=here\n"


def test_kinds_of_parameters(folder: Path) -> None:
    for suffix in ("sh", "ps1"):
        (folder / f"x.{suffix}").write_text("exit 0\n")
    parameters: dict[str, Parameter] = {
        "text": "a",
        "number": 3,
        "yes": True,
        "no": False,
        "nothing": None,
        "some": ["a", "b"],
        "none": [],
    }
    assert render_sh("x", parameters).decode() == (
        "{\ntext='a'\nnumber='3'\nyes='1'\nno=''\nnothing=''\nsome='a\nb'\nnone=''\nexit 0\n} </dev/null\n"
    )
    assert base64.b64decode(render_ps("x", parameters)).decode() == (
        "$ErrorActionPreference = 'Stop'\n$text = 'a'\n$number = 3\n$yes = $true\n$no = $false\n$nothing = $null\n"
        "$some = @('a', 'b')\n$none = @()\nexit 0\n"
    )


def test_quotes_of_powershell_that_look_different_are_quotes_too() -> None:
    assert quote_ps("it's \u2019so\u2018 $x") == "'it''s \u2019\u2019so\u2018\u2018 $x'"
