"""The examples in the documentation of the WebSphere modules, run as they stand: nothing is left to do afterwards."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.lab.conftest import Lab
from tests.lab.gateway_cell import succeed

MODULES = Path(__file__).parents[2] / "plugins/modules"

# In an order in which each finds what it needs.
IN_ORDER = (
    "was_profile",
    "was_node",
    "was_cluster",
    "was_replication_domain",
    "was_jdbc",
    "was_config",
    "was_jvm",
    "was_endpoint",
    "was_cell_property",
    "was_sip_proxy",
    "was_ssl",
    "was_sync",
    "was_login",
    "was_server",
)
# A service is Windows' own, and the cell here is on AIX. Who may log in is changed in the scenario of ldap_security,
# where there is a directory.
ELSEWHERE = {"was_service", "was_config_backup", "was_federated_repository", "was_ldap_registry"}
# The profiles of the other examples are the deployment manager's.
HOSTS = {
    "Federate the primary node with its applications": "stgpn1",
    "Tell what a node has": "stgpn1",
    "Restart the SIP proxy": "sipproxy1",
}
# What the cell has already, by the lab or by an example before.
THERE_ALREADY = {
    "Tell the gateway the name that partners know it by",
    "Have the profile of the deployment manager",
    "Have the deployment manager running",
    "Federate the primary node with its applications",
    "Keep SIP on its own ports and let it in",
    "Synchronise every node of the cell",
    "Tell what a node has",
    "Synchronise the nodes that need it",
    "The administrator still gets in",
    "Trust a partner no longer",
}
EACH_TIME = {"Restart the SIP proxy"}


def test_all_modules_are_tried() -> None:
    assert {*IN_ORDER, *ELSEWHERE} == {file.stem for file in MODULES.glob("was_*.py")}


@pytest.mark.parametrize("module", IN_ORDER)
def test_examples(federated: Lab, tmp_path: Path, module: str) -> None:
    tasks = yaml.safe_load(importlib.import_module(f"plugins.modules.{module}").EXAMPLES)
    playbook = tmp_path / f"{module}.yml"
    playbook.write_text(yaml.safe_dump([play for task in tasks for play in _plays(task)]))
    succeed(federated, playbook)


def _plays(task: dict[str, Any]) -> list[dict[str, Any]]:
    """The example, twice, with what must come of it."""
    name = task["name"]
    again = {**task, "name": f"{name}, again", "register": "second"}
    first = task.get("register", "first")
    expected = {first: name not in THERE_ALREADY, "second": name in EACH_TIME}
    proof = {
        "name": "See that it changed what it had to",
        "ansible.builtin.assert": {"that": [f"{key}.changed == {changed}" for key, changed in expected.items()]},
    }
    tasks = [{**task, "register": first}, again, proof]
    return [{"hosts": HOSTS.get(name, "stgdm1"), "gather_facts": False, "tasks": tasks}]
