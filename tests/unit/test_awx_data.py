"""The data for AWX that is shipped: it keeps up with the playbooks, and what does not fit is told before a change."""

from __future__ import annotations

import copy
import functools
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar

from plugins.filter.awx import awx_problems

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "playbooks/vars/awx"
EXISTING = {"credential_types": ["Machine", "Vault"], "credentials": ["Ansible Galaxy"]}
# It makes the job templates and needs a secret of AWX itself: it is run by hand or from a pipeline.
WITHOUT_TEMPLATE = {"playbooks/awx_configure.yml"}


def raw() -> dict[str, Any]:
    found: dict[str, Any] = {}
    for path in sorted(FOLDER.glob("*.yml")):
        found |= DataLoader().load_from_file(str(path), trusted_as_template=True)
    return found


def shipped(**own: Any) -> dict[str, Any]:
    """The lists with values of a test in place of those that a user gives."""
    variables = raw() | own
    variables |= dict.fromkeys([*variables["awx_required"], *variables["awx_required_secrets"]], "given")
    templar = Templar(loader=None, variables=variables)
    return {name: templar.template(value) for name, value in variables.items() if name.startswith("controller_")}


@functools.cache
def _shipped() -> dict[str, Any]:
    return shipped()


def data() -> dict[str, Any]:
    return copy.deepcopy(_shipped())


def problems(changed: dict[str, Any]) -> list[str]:
    return awx_problems(changed, str(ROOT), EXISTING)


def test_the_shipped_data_fits_together() -> None:
    assert problems(data()) == []


def test_every_playbook_has_a_job_template() -> None:
    has = {template["playbook"] for template in data()["controller_templates"]}
    there = {f"playbooks/{path.name}" for path in (ROOT / "playbooks").glob("*.yml")}
    assert there - WITHOUT_TEMPLATE == has


def test_the_workflow_runs_every_stage_in_the_order_of_the_site() -> None:
    site = yaml.safe_load((ROOT / "playbooks/site.yml").read_text("utf-8"))
    stages = [play["ansible.builtin.import_playbook"].removesuffix(".yml") for play in site]
    nodes = {node["identifier"]: node for node in data()["controller_workflows"][0]["workflow_nodes"]}
    went, at = [], "preflight"
    while True:
        went.append(at)
        follows = nodes[at]["related"].get("success_nodes")
        if not follows:
            break
        at = follows[0]["identifier"]
    assert went == ["preflight", "approval", *stages[1:]]
    assert all("failure_nodes" in nodes[stage]["related"] for stage in stages)


def test_every_secret_of_the_inventory_that_each_installation_has_comes_from_a_credential() -> None:
    injected = {name for one in data()["controller_credential_types"] for name in one["injectors"]["extra_vars"]}
    example = yaml.safe_load((ROOT / "inventories/rtp/group_vars/all/vault.yml.example").read_text("utf-8"))
    assert set(example) - injected == {"vault_db2_key_password", "vault_itds_key_password"}
    assert injected <= set(example)


def change(kind: str, index: int, **values: Any) -> dict[str, Any]:
    changed = data()
    changed[f"controller_{kind}"][index] |= values
    return changed


QUESTION = {"type": "text", "question_name": "x", "variable": "stgw_nat_fqdm", "required": True}


@pytest.mark.parametrize(
    ("kind", "values", "told"),
    [
        ("templates", {"project": "Other"}, "'Other' is not in controller_projects; correct the name"),
        ("templates", {"inventory": "rpt"}, "'rpt' is not in controller_inventories"),
        ("templates", {"credentials": ["Sametime DB3"]}, "'Sametime DB3' is not in controller_credentials"),
        (
            "templates",
            {"playbook": "playbooks/sites.yml"},
            "'playbooks/sites.yml' is not in the repository; name one of",
        ),
        ("templates", {"execution_environment": "none"}, "'none' is not in controller_execution_environments"),
        ("templates", {"job_slice_count": 4}, "job_slice_count: 4 would tear sites apart"),
        ("templates", {"ask_job_slice_count_on_launch": True}, "would tear sites apart"),
        ("templates", {"survey_enabled": True, "survey_spec": {"spec": [QUESTION]}}, "do not know 'stgw_nat_fqdm'"),
        ("templates", {"extra_vars": {"stgw_nat_fqdm": ""}}, "do not know 'stgw_nat_fqdm'"),
        ("templates", {"name": "stgw preflight"}, "there is another of this name"),
        ("templates", {"project": ""}, ".project: has no value"),
        ("credentials", {"credential_type": "Machines"}, "or name it in awx_existing.credential_types"),
        ("inventory_sources", {"source_project": "Other"}, "'Other' is not in controller_projects"),
        ("inventories", {"instance_groups": ["stgw-x"]}, "'stgw-x' is not in controller_instance_groups"),
        ("projects", {"name": None}, "has no name; give it one"),
    ],
)
def test_what_does_not_fit_is_told_with_value_and_cure(kind: str, values: dict[str, Any], told: str) -> None:
    found = [one for one in problems(change(kind, 0, **values)) if told in one]
    assert found
    assert all(one.startswith(f"controller_{kind}[") for one in found)


def test_the_inputs_of_a_credential_are_those_of_its_type_and_stay_untold() -> None:
    found = problems(change("credentials", 2, inputs={"admin_pasword": "a secret"}))
    assert [one.partition(": ")[2] for one in found] == [
        "its type has no input 'admin_pasword'; correct the name or add it to the type",
        "has no 'admin_password', which its type requires; add it",
        "has no 'key_store_password', which its type requires; add it",
    ]


@pytest.mark.parametrize(
    ("node", "told"),
    [
        (
            {"unified_job_template": {"name": "stgw site2", "type": "job_template"}},
            "'stgw site2' is not in controller_templates",
        ),
        ({"unified_job_template": {"name": "stgw site", "type": "template"}}, "'template' is none of job_template"),
        ({"unified_job_template": {"type": "workflow_approval"}}, "the approval has no name"),
        ({"identifier": "approval"}, "has no identifier of its own"),
        ({"related": {"success_nodes": [{"identifier": "aproval"}]}}, "no node 'aproval' to go on"),
        ({"related": {"success_nodes": [{"identifier": "preflight"}]}}, "leads back to itself"),
        ({"inventory": {"name": "rpt"}}, "'rpt' is not in controller_inventories"),
    ],
)
def test_a_workflow_that_leads_nowhere_is_told(node: dict[str, Any], told: str) -> None:
    changed = data()
    changed["controller_workflows"][0]["workflow_nodes"][0] |= node
    assert any(told in one for one in problems(changed))


def test_a_node_says_only_what_its_template_asks_for() -> None:
    changed = data()
    for template in changed["controller_templates"]:
        template["ask_limit_on_launch"] = False
    changed["controller_workflows"][0]["workflow_nodes"][0]["limit"] = "rtp_cluster"
    assert any("does not ask for it; set ask_limit_on_launch there" in one for one in problems(changed))
