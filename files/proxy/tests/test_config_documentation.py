# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The tables of docs/proxy.md name every key of the configuration, and nothing else, with the defaults that it has."""

from __future__ import annotations

import dataclasses
import json
import re
from pathlib import Path
from typing import Any, Dict, List

import pytest
from configs import EVERYTHING, SCENARIO, changed, loaded

from sipnat import config, model
from sipnat.config.reader import Section
from sipnat.explain import explain

_DOCUMENT = Path(__file__).parents[3] / "docs" / "proxy.md"
_SECTION = _DOCUMENT.read_text("utf-8").partition("\n## Configuration\n")[2].partition("\n## ")[0]
ROWS: Dict[str, List[str]] = {
    cells[1].strip("` "): [cell.strip() for cell in cells[2:-1]]
    for cells in (re.split(r"(?<!\\)\|", line) for line in _SECTION.splitlines() if line.startswith("| `"))
}
# Tables count no list and no profile; a configuration has the first one.
BASE = changed(SCENARIO, "tls", {"extra": {}})
BASE = changed(BASE, "trace", {"hep": {"address": "127.0.0.1"}})


def test_every_key_has_a_row_and_every_row_is_a_key(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    look_up = Section._ask

    def note(section: Section, key: str) -> Any:
        asked.append(section.where(key))
        return look_up(section, key)

    monkeypatch.setattr(Section, "_ask", note)
    loaded(EVERYTHING)
    assert {re.sub(r"\[\d+]", "[]", re.sub(r"^tls\.\w+", "tls.NAME", one)) for one in asked} == set(ROWS)


def test_a_key_stands_once() -> None:
    assert len(re.findall(r"(?m)^\| `", _SECTION)) == len(ROWS)


def _path(key: str) -> str:
    return key.replace("[]", ".0").replace("tls.NAME", "tls.extra")


def _literal(key: str) -> Any:
    found = re.fullmatch(r"`(.*)`", ROWS[key][1])
    try:
        return json.loads(found.group(1)) if found else None
    except ValueError:  # a key that it is as, not a value
        return None


@pytest.mark.parametrize("key", [key for key in ROWS if _literal(key) is not None])
def test_a_default_is_what_the_key_has_when_it_is_left_out(key: str) -> None:
    path = _path(key)
    named = changed(BASE, path, _literal(key))
    assert loaded(changed(named, path, None)) == _without_reference(loaded(named), key)


def _without_reference(found: model.Config, key: str) -> model.Config:
    """The profile `default` is the same whether it is named or not."""
    if not key.endswith("].tls"):
        return found
    return dataclasses.replace(
        found,
        upstreams=tuple(dataclasses.replace(one, tls=None) for one in found.upstreams),
        listeners=tuple(dataclasses.replace(one, tls=None) for one in found.listeners),
        partners=tuple(dataclasses.replace(one, tls=None) for one in found.partners),
    )


@pytest.mark.parametrize("key", [key for key in ROWS if ROWS[key][1] == "required"])
def test_what_is_required_is_missed(key: str) -> None:
    with pytest.raises(config.ConfigError) as caught:
        loaded(changed(BASE, _path(key), None))
    place = key.replace("[]", "[0]")
    assert any(one.path.startswith(place) and not one.value for one in caught.value.problems)


def test_every_rule_of_check_is_listed() -> None:
    assert re.findall(r"(?m)^\| (R\d+) \|", _SECTION) == [f"R{number}" for number in range(1, 13)]


def test_the_example_is_the_scenario() -> None:
    example = re.search(r"```json\n(.*?)```", _SECTION, re.DOTALL)
    assert example is not None
    found = config.read(example.group(1))
    assert found.public == loaded(SCENARIO).public
    assert found.partners == loaded(SCENARIO).partners


def test_the_explanation_is_what_is_said() -> None:
    configuration, message, explanation = re.findall(r"```(?:json|text)\n(.*?)\n```", _SECTION, re.DOTALL)
    data = message.replace("\n", "\r\n").encode()
    assert explain(config.read(configuration), data, "9.42.111.2") == explanation
