"""Every module's documentation says what its code accepts."""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

PLUGINS = Path(__file__).parents[3] / "plugins"
ACTIONS = sorted(path.stem for path in (PLUGINS / "action").glob("*.py"))
MODULES = sorted(path.stem for path in (PLUGINS / "modules").glob("*.py"))
RUNTIME = yaml.safe_load((PLUGINS.parent / "meta" / "runtime.yml").read_text("utf-8"))

PREFIX = "sametime.gateway."
TASK_KEYWORDS = {"name", "register", "when", "loop", "become", "delegate_to", "no_log", "vars", "loop_control"}


def module(name: str) -> Any:
    return importlib.import_module(f"plugins.modules.{name}")


def specification(name: str) -> dict[str, Any]:
    spec: dict[str, Any] = importlib.import_module(f"plugins.action.{name}").ActionModule.SPEC["argument_spec"]
    return spec


def documented(name: str) -> dict[str, Any]:
    """A module's documentation, with the options of its fragments."""
    doc: dict[str, Any] = yaml.safe_load(module(name).DOCUMENTATION)
    options: dict[str, Any] = {}
    for fragment in doc["extends_documentation_fragment"]:
        file, _, part = fragment.removeprefix(PREFIX).partition(".")
        text = getattr(
            importlib.import_module(f"plugins.doc_fragments.{file}").ModuleDocFragment, part.upper() or "DOCUMENTATION"
        )
        options |= yaml.safe_load(text)["options"]
    return {**doc, "options": {**options, **doc.get("options", {})}}


def suboptions(option: Mapping[str, Any]) -> dict[str, Any]:
    """What an option contains; one that is described as `The options of M(x).` has those of x itself."""
    found: dict[str, Any] = option.get("suboptions", {})
    other = re.fullmatch(r"The options of M\(sametime\.gateway\.(\w+)\)\.", str(option.get("description")))
    if other:
        found = yaml.safe_load(module(other[1]).DOCUMENTATION)["options"]
    return found


def differences(where: str, docs: Mapping[str, Any], spec: Mapping[str, Any]) -> Iterator[str]:
    for name in sorted({*docs, *spec}):
        if name not in docs or name not in spec:
            yield f"{where}{name}: only in {'the specification' if name in spec else 'the documentation'}"
            continue
        said, meant = docs[name], spec[name]
        for key, default in (
            ("type", "str"), ("required", False), ("default", None), ("choices", None), ("elements", None),
        ):  # fmt: skip
            if said.get(key, default) != meant.get(key, default):
                yield f"{where}{name}: {key} is documented as {said.get(key)!r} and is {meant.get(key)!r}"
        if not said.get("description"):
            yield f"{where}{name}: not described"
        yield from differences(f"{where}{name}.", suboptions(said), meant.get("options", {}))


def test_every_action_has_its_documentation_and_the_other_way_round() -> None:
    assert ACTIONS == MODULES


def test_every_module_is_in_an_action_group_and_groups_are_alphabetical() -> None:
    groups = RUNTIME["action_groups"]
    assert sorted({name for names in groups.values() for name in names}) == MODULES
    assert list(groups) == sorted(groups)
    for names in groups.values():
        assert names == sorted(set(names))


@pytest.mark.parametrize("name", ACTIONS)
def test_options_are_documented_as_they_are(name: str) -> None:
    assert list(differences("", documented(name).get("options", {}), specification(name))) == []


@pytest.mark.parametrize("name", ACTIONS)
def test_secret_options_are_marked(name: str) -> None:
    """An option whose name sounds like a secret says for itself whether it is one."""

    def unmarked(where: str, spec: Mapping[str, Any]) -> Iterator[str]:
        for option, entry in spec.items():
            if "password" in option and "no_log" not in entry:
                yield f"{where}{option}"
            yield from unmarked(f"{where}{option}.", entry.get("options", {}))

    assert list(unmarked("", specification(name))) == []


@pytest.mark.parametrize("name", MODULES)
def test_documentation_is_complete(name: str) -> None:
    doc = documented(name)
    assert doc["module"] == name
    assert doc["short_description"] and not doc["short_description"].endswith(".")
    assert doc["version_added"] and doc["author"]
    fragments = doc["extends_documentation_fragment"]
    assert any(fragment.startswith(f"{PREFIX}target") for fragment in fragments)
    code = (PLUGINS / "modules" / f"{name}.py").read_text("utf-8")
    assert "def " not in code and "class " not in code, "a module file holds documentation only"


@pytest.mark.parametrize("name", MODULES)
def test_examples_use_options_that_exist(name: str) -> None:
    def unknown(where: str, given: Any, spec: Mapping[str, Any]) -> Iterator[str]:
        for entry in given if isinstance(given, list) else [given]:
            # A template stands for a mapping that the reader supplies.
            for option, value in entry.items() if isinstance(entry, dict) else ():
                if option not in spec:
                    yield f"{where}{option}"
                elif "options" in spec[option]:
                    yield from unknown(f"{where}{option}.", value, spec[option]["options"])

    tasks = yaml.safe_load(module(name).EXAMPLES)
    assert tasks
    for task in tasks:
        assert task["name"][0].isupper()
        keys = set(task) - TASK_KEYWORDS
        assert keys == {f"{PREFIX}{name}"}, f"{task['name']}: {sorted(keys)}"
        assert list(unknown("", task[f"{PREFIX}{name}"], specification(name))) == []


@pytest.mark.parametrize("name", MODULES)
def test_return_values_are_described(name: str) -> None:
    for key, entry in yaml.safe_load(module(name).RETURN).items():
        assert entry["description"] and entry["returned"] and entry["type"], key
