"""Run a module against recorded answers of a target instead of a target."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest
from ansible.errors import AnsibleActionFail
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.parsing.dataloader import DataLoader

from plugins.plugin_utils._action import TargetAction, secrets_of
from plugins.plugin_utils._programs import Parameter
from plugins.plugin_utils._target import Platform
from tests.unit.plugins.fake_target import Answer, FakeTarget


@dataclass
class ModuleRun:
    """A module's result, and the programs it sent with their parameters."""

    result: dict[str, Any]
    sent: list[tuple[str, dict[str, Parameter]]] = field(default_factory=list)


RunModule = Callable[..., ModuleRun]


@pytest.fixture
def run_module() -> RunModule:
    """`run_module(name, options, answers=[Answer(..), ..], platform="unix", check=False)`; `loader` knows
    the secrets of Ansible Vault.

    Raises what the module raises, and `AnsibleActionFail` for options that its specification refuses.
    """

    def run(
        name: str,
        options: Mapping[str, Any],
        answers: Sequence[Answer] = (),
        *,
        platform: Platform = "unix",
        check: bool = False,
        loader: DataLoader | None = None,
    ) -> ModuleRun:
        action_class = importlib.import_module(f"plugins.action.{name}").ActionModule
        validated = ArgumentSpecValidator(**action_class.SPEC).validate(options)
        if validated.error_messages:
            raise AnsibleActionFail("; ".join(validated.error_messages))
        parameters = validated.validated_parameters
        target = FakeTarget(platform, answers, list(secrets_of(action_class.SPEC["argument_spec"], parameters)))
        action: TargetAction = action_class.__new__(action_class)
        action._task = SimpleNamespace(check_mode=check)
        action._loader = loader or DataLoader()
        result = action.act(parameters, target)
        target.assert_done()
        return ModuleRun(result, target.sent)

    return run
