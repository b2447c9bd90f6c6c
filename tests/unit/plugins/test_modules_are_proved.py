"""Every module is run on simulated hosts, in check mode too, and its examples are accepted by it as they stand."""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from lab.settings import REPOSITORY

MODULES = sorted(path.stem for path in (REPOSITORY / "plugins/modules").glob("*.py"))
ON_THE_CONTROLLER = {"nat_plan"}
"""Looks at no host: tests/unit/plugins/test_nat_plan.py runs all of it."""
STANDS_FOR = {"str": "x", "path": "/x", "int": 1, "float": 1.0, "bool": True, "list": [], "dict": {}, "raw": "x"}


def tasks_of(*folders: Path) -> str:
    return "\n".join(path.read_text("utf-8") for folder in folders for path in sorted(folder.rglob("*.yml")))


def used(text: str) -> set[str]:
    return set(re.findall(r"^[\s-]*sametime\.gateway\.(\w+):", text, re.MULTILINE)) & set(MODULES)


SCENARIOS = [path.parent.name for path in (REPOSITORY / "molecule").glob("*/molecule.yml")]
IN_MOLECULE = used(tasks_of(*(REPOSITORY / "roles" / name for name in SCENARIOS)))
"""By roles that have a scenario: check, converge, idempotence, verify."""
IN_THE_LAB = used(tasks_of(REPOSITORY / "tests/lab"))
"""By tests that play their tasks with --check first: test_target_modules.py, test_was_modules.py and others."""


def test_molecule_plays_every_scenario_in_check_mode_before_it_changes_something() -> None:
    shared = yaml.safe_load((REPOSITORY / ".config/molecule/config.yml").read_text("utf-8"))
    sequence = shared["scenario"]["test_sequence"]
    assert (
        sequence.index("check") < sequence.index("converge") < sequence.index("idempotence") < sequence.index("verify")
    )
    for name in SCENARIOS:
        own = yaml.safe_load((REPOSITORY / "molecule" / name / "molecule.yml").read_text("utf-8")) or {}
        assert name == "default" or "test_sequence" not in own.get("scenario", {}), name


@pytest.mark.parametrize("module", sorted({*MODULES} - ON_THE_CONTROLLER))
def test_a_module_is_tried_on_simulated_hosts(module: str) -> None:
    verified = used(tasks_of(REPOSITORY / "molecule", REPOSITORY / "playbooks"))
    assert module in IN_MOLECULE | IN_THE_LAB | verified


def filled(value: Any, spec: Mapping[str, Any]) -> Any:
    """An option of an example, with something of its type where a template stands."""
    if isinstance(value, str) and "{{" in value:
        return STANDS_FOR[spec.get("type", "str")]
    if isinstance(value, list):
        entry = {**spec, "type": spec.get("elements", "raw")}
        return [filled(each, entry) for each in value]
    if isinstance(value, dict) and "options" in spec:
        return {key: filled(each, spec["options"].get(key, {})) for key, each in value.items()}
    return value


def examples(module: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for task in yaml.safe_load(importlib.import_module(f"plugins.modules.{module}").EXAMPLES):
        yield task["name"], task[f"sametime.gateway.{module}"] or {}


@pytest.mark.parametrize("module", MODULES)
def test_a_module_accepts_its_examples(module: str) -> None:
    """Required options, choices, types, and what excludes or demands each other."""
    spec = importlib.import_module(f"plugins.action.{module}").ActionModule.SPEC
    validator = ArgumentSpecValidator(**spec)
    for name, options in examples(module):
        given = {key: filled(value, spec["argument_spec"].get(key, {})) for key, value in options.items()}
        assert validator.validate(given).error_messages == [], name
