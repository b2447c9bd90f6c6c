"""`docs/evidence` has a row for whatever the roles and the simulators use, with a mark, a source and a way out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from lab.products import db2, domino, gateway, itds, sametime
from lab.products.db2 import response
from lab.products.domino import profile
from lab.products.domino import response as domino_response
from lab.products.gateway import response as keys
from lab.products.sametime import response as sametime_keys
from lab.products.was.installation import manage_profiles, update

ROOT = Path(__file__).parents[2]
PAGES = {page.name: page.read_text("utf-8") for page in sorted((ROOT / "docs/evidence").glob("*.md"))}
MARKS = {"[seed]", "[doc]", "[code]", "[test]", "[derived]", "[memory]"}
MESSAGE = re.compile(
    r"\b(?:SQL\d{4,5}[CNW]|DBI\d{4}[EINW]|DB2\d{4,5}[EINW]|GLP[A-Z0-9]{3}\d{3}[EIW]|"
    r"(?:WVER|WNIF|CWUPI)\d{4}[EIW]|(?:ADM[CNSU]|WSVR|TCPC|CHFW|NMSV|ORBX|DSRA)\d{4}[AEIW]|"
    r"(?:0\d{3}|3004|1485)-\d{3})\b"
)
# These pages say that no role depends on a text that is only [memory].
NOTHING_TO_OVERRIDE = {"aix.md", "windows.md", "target_modules.md"}


@dataclass(frozen=True)
class Row:
    """One row of a table of a page."""

    page: str
    what: str
    mark: str
    source: str
    override: str

    def __str__(self) -> str:
        return f"{self.page}: {self.what}"


def _rows() -> Iterator[Row]:
    for page, text in PAGES.items():
        head: list[str] = []
        for line in text.splitlines():
            cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
            if not cells:
                head = []
            elif not head:
                head = cells
            elif "mark" in head and set(line) - set("|- "):
                assert len(cells) == 6, f"{page}: {line}"
                yield Row(page, cells[1], *cells[3:])


ROWS = list(_rows())


def _variables(role: str) -> set[str]:
    return set(yaml.safe_load((ROOT / "roles" / role / "defaults/main.yml").read_text("utf-8")))


ROLES = {path.name: _variables(path.name) for path in sorted((ROOT / "roles").iterdir())}


@pytest.mark.parametrize("folder", ["lab", "plugins", "roles"])
def test_every_message_has_a_row(folder: str) -> None:
    known = {number for text in PAGES.values() for number in MESSAGE.findall(text)}
    used = {
        number: file.relative_to(ROOT)
        for file in (ROOT / folder).rglob("*")
        if file.suffix in {".py", ".sh", ".ps1", ".yml", ".j2"}
        for number in MESSAGE.findall(file.read_text("utf-8"))
    }
    assert {number: str(file) for number, file in used.items() if number not in known} == {}


def test_every_keyword_of_a_response_file_has_a_row() -> None:
    tables = (response.UNIX, response.WINDOWS, response.INSTANCE_UNIX, response.INSTANCE_WINDOWS, response.DATABASE)
    keywords = {keyword for table in tables for keyword in table} - set(response.CONFIGURATION)
    assert keywords - set(re.findall(r"\w+", PAGES["db2.md"])) == set()


@pytest.mark.parametrize(
    ("page", "programs"),
    [
        ("db2.md", set(db2.PROGRAMS)),
        ("itds.md", {name.rpartition("-")[0] for name in itds.PROGRAMS}),
        ("gateway.md", set(gateway.PROGRAMS)),
        ("domino.md", set(domino.PROGRAMS)),
        ("sametime.md", set(sametime.PROGRAMS)),
    ],
)
def test_every_program_has_a_row(page: str, programs: set[str]) -> None:
    assert programs - set(re.findall(r"[\w-]+", PAGES[page])) == set()


@pytest.mark.parametrize("platform", ["aix", "windows"])
def test_the_scripts_of_the_gateway_have_a_row(platform: str) -> None:
    names = {Path(path).name for path in gateway.media(platform) if Path(path).suffix in {".sh", ".bat"}}
    text = PAGES["gateway_database.md"] + PAGES["gateway.md"]
    assert {name for name in names if name not in text} == set()


def test_the_keys_of_the_installers_have_a_row() -> None:
    assert {key for key in keys.KEYS if key not in PAGES["gateway.md"]} == set()
    assert {key for key in sametime_keys.KEYS if key not in PAGES["sametime.md"]} == set()
    parameters = {name for names in manage_profiles.PARAMETERS.values() for name in names}
    known = parameters | set(manage_profiles.PARAMETERS) | update.BEANS | update.OPTIONS
    assert {name for name in known if name not in PAGES["was_installation.md"]} == set()


def test_the_options_and_settings_of_domino_have_a_row() -> None:
    names = set(domino_response.OPTIONS) | set(domino_response.FEATURES) | set(profile.KEYS)
    assert names - set(re.findall(r"[\w.]+", PAGES["domino.md"])) == set()


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_a_row_is_whole(row: Row) -> None:
    marks = set(re.findall(r"\[[^\]]*\]", row.mark))
    assert marks <= MARKS
    assert marks or "lab" in row.mark, "no mark"
    assert row.source or not marks & {"[doc]", "[code]", "[seed]"}, "no source"
    if "[memory]" in marks:
        assert row.override, "nothing says what overrides a value that is only known by heart"
        assert row.override != "-" or row.page in NOTHING_TO_OVERRIDE


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_variables_of_roles_exist(row: Row) -> None:
    if row.page in NOTHING_TO_OVERRIDE:
        return
    for name in re.findall(r"`(\w+)", row.override):
        # `gateway_database_name` belongs to the role `gateway_database`, not to `gateway`.
        role = max((role for role in ROLES if name.startswith(f"{role}_")), key=len, default="")
        assert not role or name in ROLES[role], f"{role} has no {name}"
