"""docs/site/role_readmes.py: the tables of variables in the READMEs of roles."""

from __future__ import annotations

import runpy
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from lab.settings import REPOSITORY

Renew = Callable[[Path, bool], Iterator[str]]
README = "# role\n\nBy hand.\n\n{begin}\nstale\n{end}\n\n## Example\n"


@pytest.fixture(scope="module")
def program() -> dict[str, Any]:
    return runpy.run_path(str(REPOSITORY / "docs/site/role_readmes.py"))


@pytest.fixture
def role(program: dict[str, Any], tmp_path: Path) -> Path:
    options = {
        "r_plain": {"description": "A C(word), a|b.", "type": "int", "default": 3},
        "r_list": {"description": ["One.", "Two."], "type": "list", "elements": "str", "required": True},
        "r_expression": {"description": "From elsewhere."},
        "r_internal": {"description": "By platform.", "choices": ["x", "y"]},
    }
    defaults = {"r_plain": 3, "r_list": [], "r_expression": "{{ a | default('') }}", "r_internal": "{{ __r_here }}"}
    (tmp_path / "meta").mkdir()
    (tmp_path / "defaults").mkdir()
    specs = {"argument_specs": {"main": {"options": options}, "validate": {"options": options}}}
    (tmp_path / "meta/argument_specs.yml").write_text(yaml.safe_dump(specs))
    (tmp_path / "defaults/main.yml").write_text(yaml.safe_dump(defaults))
    (tmp_path / "README.md").write_text(README.format(begin=program["BEGIN"], end=program["END"]))
    return tmp_path


def renew(program: dict[str, Any], role: Path, *, check: bool = False) -> list[str]:
    function: Renew = program["renew"]
    return list(function(role, check))


def test_the_table_is_that_of_specification_and_defaults(program: dict[str, Any], role: Path) -> None:
    assert renew(program, role) == []
    lines = (role / "README.md").read_text().splitlines()
    assert [line for line in lines if line.startswith("| `")] == [
        r"| `r_expression` | str | `{{ a \| default('') }}` | From elsewhere. |",
        "| `r_internal` | str | computed | By platform. One of `x`, `y`. |",
        "| `r_list` | list of str, **required** | `[]` | One. Two. |",
        r"| `r_plain` | int | `3` | A `word`, a\|b. |",
    ]
    assert lines[:3] == ["# role", "", "By hand."] and lines[-1] == "## Example" and "stale" not in lines
    assert renew(program, role, check=True) == []


def test_a_check_names_what_is_not_up_to_date_and_writes_nothing(program: dict[str, Any], role: Path) -> None:
    before = (role / "README.md").read_text()
    assert "not up to date" in renew(program, role, check=True)[0]
    assert (role / "README.md").read_text() == before


def test_a_default_that_is_two_things_is_refused(program: dict[str, Any], role: Path) -> None:
    (role / "defaults/main.yml").write_text("r_plain: 4\n")
    assert "the default of r_plain" in renew(program, role)[0]
    assert "stale" in (role / "README.md").read_text()


def test_a_readme_without_the_marks_is_refused(program: dict[str, Any], role: Path) -> None:
    (role / "README.md").write_text("# role\n")
    assert "the marks are missing" in renew(program, role)[0]
