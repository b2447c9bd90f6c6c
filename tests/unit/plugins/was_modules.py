"""Runs the modules that configure WebSphere on a cell in a folder, through the simulated wsadmin objects."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

from ansible.errors import AnsibleActionFail
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from plugins.plugin_utils._action import TargetAction, secrets_of
from tests.lab.products.was.cell import PATH, Cell
from tests.lab.products.was.client import CellTarget

PASSWORD = "Adm1n!pw"
SERVER = {"application_server": {"node": "N", "server": "RTCGWServer", "unique_ports": False}}
CLUSTER = {
    "cluster": {
        "name": "CL",
        "first": {"node": "N", "server": "RTCGWServer"},
        "members": [{"node": "M", "server": "RTCGWServer"}],
    }
}
PROXY = {"sip_proxy": {"node": "M", "server": "SP", "default_cluster": "CL"}}


def options_of(name: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """Validated options of a module, with those that all have in common."""
    spec = importlib.import_module(f"plugins.action.{name}").ActionModule.SPEC
    common = {"profile": PATH, "user": "wasadmin", "password": PASSWORD}
    validated = ArgumentSpecValidator(**spec).validate({**common, **given})
    if validated.error_messages:
        raise AnsibleActionFail("; ".join(validated.error_messages))
    options: dict[str, Any] = validated.validated_parameters
    return options


class Modules:
    """`modules("was_jvm", node=..., ...)` is a module's result; `target` has what was sent and what happens to it."""

    def __init__(self, cell: Cell) -> None:
        self.cell = cell
        self.target = CellTarget(cell)

    def __call__(self, name: str, /, *, check: bool = False, **given: Any) -> dict[str, Any]:
        action_class = importlib.import_module(f"plugins.action.{name}").ActionModule
        options = options_of(name, given)
        self.target.hide(secrets_of(action_class.SPEC["argument_spec"], options))
        action: TargetAction = action_class.__new__(action_class)
        action._task = SimpleNamespace(check_mode=check)
        return action.act(options, self.target)

    def config(self, *resources: Mapping[str, Any], check: bool = False, **given: Any) -> dict[str, Any]:
        """A result of `was_config`."""
        return self("was_config", check=check, resources=list(resources), **given)
