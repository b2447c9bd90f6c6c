"""Every sh program that goes to a target: clean in ShellCheck, the same in three strict shells, all lines reached."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from plugins.plugin_utils._programs import PROGRAMS
from tests.unit.programs.shell_cases import (
    CASES,
    SHELLS,
    Case,
    Run,
    exposures,
    load_cases,
    missed,
    problems,
    program_text,
    programs,
    run_case,
)

LOOKS = 3
ALL_CASES = [case for program in programs() for case in load_cases(program)]


@pytest.mark.parametrize("program", programs())
def test_shellcheck_is_silent(program: str) -> None:
    done = subprocess.run(
        [Path(sys.executable).parent / "shellcheck", "--shell=sh", "--severity=style", "-"],
        input=program_text(program),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("program", programs())
def test_text_follows_the_rules(program: str) -> None:
    text = program_text(program)
    path = PROGRAMS / f"{program}.sh"
    assert text.startswith("# shellcheck shell=sh\n# "), "first line names the shell, the second tells what it does"
    assert not path.stat().st_mode & 0o111, "it is sent, not executed"
    assert "\r" not in text
    assert "\t" not in re.sub(r"'[^']*'", "", text), "a tab outside quotes; write it as IFS='<tab>' or by awk"
    for number, line in enumerate(text.splitlines(), 1):
        code = re.sub(r"(^|\s)#.*", "", line)
        assert not re.search(r"\b(then|else|do)\s+[^#\s]", code), (
            f"line {number}: put what follows then, else or do on its own line, or line coverage says nothing about it"
        )
        assert not re.search(r"\blocal\b|\[\[\s|\btypeset\b|<<<|\$'|\bfunction\b|&>|\bsource\b", code), (
            f"line {number}: not in every sh: {line.strip()}"
        )


@pytest.mark.parametrize("program", programs())
def test_every_command_is_reached_and_none_gets_a_secret(program: str, tmp_path: Path) -> None:
    runs: list[Run] = []
    # A program with a process in the background writes its trace from two at once, and a line may get lost: what no
    # case reaches is missing from every look.
    for look in range(LOOKS):
        for number, case in enumerate(load_cases(program)):
            folder = tmp_path / f"{look}-{number}"
            folder.mkdir()
            runs.append(run_case(case, "ksh", folder, trace=True))
            assert exposures(case, runs[-1]) == []
        if not missed(program, runs):
            return
    assert missed(program, runs) == [], f"no case of {program}.yml runs these lines"


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize("case", ALL_CASES, ids=lambda case: f"{case.program}-{case.name}")
def test_case(case: Case, shell: str, tmp_path: Path) -> None:
    run = run_case(case, shell, tmp_path)
    found = problems(case, run, tmp_path / "root")
    assert not found, "\n".join(found)


def test_every_case_file_has_its_program() -> None:
    assert {path.stem for path in CASES.glob("*.yml")} <= set(programs())


@pytest.mark.parametrize("program", programs())
def test_every_program_has_cases(program: str) -> None:
    assert load_cases(program), f"write {CASES.name}/{program}.yml"


@pytest.mark.parametrize("program", programs())
def test_a_program_that_gets_secrets_is_tested_with_one(program: str) -> None:
    if re.search(r"\$\{\w*(password|secret|seed|salt)\w*\?\}", program_text(program)):
        assert any(case.secrets for case in load_cases(program)), "name a secret in a case, so that it is looked for"
