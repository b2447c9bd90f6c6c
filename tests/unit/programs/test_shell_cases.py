"""The checks of the sh programs find what they are for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from plugins.plugin_utils import _programs
from tests.unit.programs import shell_cases
from tests.unit.programs.shell_cases import Case, Run, commands_of, exposures, missed, problems, run_case

HEAD = "# shellcheck shell=sh\n# A program.\n"


@pytest.fixture
def written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "programs"
    folder.mkdir()
    monkeypatch.setattr(_programs, "PROGRAMS", folder)
    monkeypatch.setattr(shell_cases, "PROGRAMS", folder)
    return folder


def case_of(**entry: Any) -> Case:
    defaults: dict[str, Any] = {
        "parameters": {}, "files": {}, "directories": [], "commands": {}, "secrets": [], "expect": {},
    }  # fmt: skip
    return Case(program="x", name="case", **{**defaults, **entry})


def judged(written: Path, text: str, shell: str = "ksh", **entry: Any) -> tuple[Case, Run, list[str]]:
    (written / "x.sh").write_text(HEAD + text)
    folder = written.parent / "run"
    folder.mkdir()
    case = case_of(**entry)
    run = run_case(case, shell, folder, trace=True)
    plain = folder.parent / "plain"
    plain.mkdir()
    return case, run, problems(case, run_case(case, shell, plain), plain / "root")


def test_a_line_that_no_case_runs_is_found(written: Path) -> None:
    text = 'if [ -n "$a" ]; then\n  echo yes\nelse\n  echo no\nfi\ncat <<END\n  text\nEND\n'
    run = judged(written, text, parameters={"a": "1"})[1]
    assert missed("x", [run]) == ["6: echo no"]


def test_functions_case_branches_and_parameters_of_several_lines(written: Path) -> None:
    text = (
        "f() {\n  echo in\n}\ncase $a in\na) f ;;\nb)\n  echo b\n  ;;\nesac\nx=$(echo 1 |\n  cat)\necho 'two\nlines'\n"
    )
    run = judged(written, text, parameters={"a": "a", "list": ["1", "2", "3"]})[1]
    assert missed("x", [run]) == ["9: echo b"]


def test_a_command_that_aix_lacks_is_not_there(written: Path) -> None:
    found = judged(written, "mktemp || exit 1\n")[2]
    assert "exit code 1, expected 0" in found


@pytest.mark.parametrize("command", ["sed -i s/a/b/ x", "grep -o a x", "date +%s", "ls --color x", "sed 's/a\\+/b/' x"])
def test_what_only_gnu_knows_is_refused(written: Path, command: str) -> None:
    assert judged(written, f"{command} || exit 3\n", files={"x": "a\n"}, expect={"files": {"x": "a\n"}})[1].rc == 3


def test_a_fake_of_a_command_that_aix_lacks_is_refused(written: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shell_cases, "CASES", written)
    (written / "x.yml").write_text("- {name: a, commands: {mktemp: [{}]}}\n")
    with pytest.raises(ValueError, match=r"AIX 5\.3 has no command 'mktemp'"):
        shell_cases.load_cases("x")


def test_a_misspelt_expectation_is_refused(written: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shell_cases, "CASES", written)
    (written / "x.yml").write_text("- {name: a, expect: {sdtout: a}}\n")
    with pytest.raises(ValueError, match="sdtout"):
        shell_cases.load_cases("x")


def test_a_secret_in_an_argument_is_found(written: Path) -> None:
    text = 'echo "$s" | chpasswd >/dev/null\nchpasswd -c <<END\n$s\nEND\n[ "$s" = x ] || exit 0\n'
    case, run, _ = judged(written, text, parameters={"s": "S3cret"}, secrets=["S3cret"], commands={"chpasswd": [{}]})
    assert exposures(case, run) == ["line 3 hands a secret to 'echo' in case 'case'"]
    text = 'chuser "$s"\n'
    (written.parent / "run").rename(written.parent / "run1")
    (written.parent / "plain").rename(written.parent / "plain1")
    found = judged(written, text, parameters={"s": "S3cret"}, secrets=["S3cret"], commands={"chuser": [{}]})[2]
    assert "the secret 'S3cret' shows in an argument" in found


def test_a_file_left_behind_is_found(written: Path) -> None:
    assert "tmp.1 is left behind" in judged(written, "true >tmp.1\n")[2]


def test_a_call_without_answer_is_found(written: Path) -> None:
    found = judged(written, "lsuser root\nexit 0\n", commands={"lsuser": [{"args": "-f root"}]})[2]
    assert "no answer for: lsuser root" in found


def test_what_only_one_shell_knows_fails_in_another(written: Path) -> None:
    assert judged(written, "print -r hello\n", "posh", expect={"stdout": "hello\n"})[2]


def test_what_is_no_command_needs_no_case() -> None:
    text = "f() {\n}\nif\nthen\nelse\nfi\n{\n} >x\nwhile :; do\ndone <<END\necho\nEND\ncase $a in\n*) ;;\nesac\n"
    assert commands_of(text) == []
