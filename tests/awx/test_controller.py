"""The controller of the tests refuses what the real one refuses, and whatever it does not know."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from typing import Any

import pytest

from tests.awx import rules
from tests.awx.controller import Controller
from tests.awx.rules import RefusedError
from tests.awx.server import TOKEN, serving

PLAYBOOK = "playbooks/site.yml"
QUESTION = {"type": "text", "question_name": "Name", "variable": "name", "required": True}


@pytest.fixture
def made() -> tuple[Controller, dict[str, int]]:
    """A controller with one of each, and the ids."""
    controller = Controller({PLAYBOOK})
    ids = {"organization": controller.create("organizations", {"name": "o"})["id"]}
    ids["project"] = controller.create("projects", {"name": "p", "organization": ids["organization"]})["id"]
    ids["inventory"] = controller.create("inventories", {"name": "i", "organization": ids["organization"]})["id"]
    template = {"name": "t", "project": ids["project"], "playbook": PLAYBOOK, "inventory": ids["inventory"]}
    ids["template"] = controller.create("job_templates", template)["id"]
    ids["workflow"] = controller.create("workflow_job_templates", {"name": "w", "organization": ids["organization"]})[
        "id"
    ]
    return controller, ids


@pytest.mark.parametrize(
    ("endpoint", "values", "told"),
    [
        ("organizations", {"name": "o"}, "already exists"),
        ("organizations", {}, "This field is required"),
        ("organizations", {"name": "x", "colour": "red"}, "unknown field"),
        ("projects", {"name": "x", "organization": 999}, "object does not exist"),
        (
            "job_templates",
            {"name": "x", "project": 2, "playbook": "playbooks/x.yml", "inventory": 3},
            "Playbook not found",
        ),
        ("job_templates", {"name": "x", "project": 999, "playbook": PLAYBOOK, "inventory": 3}, "object does not exist"),
        ("job_templates", {"name": "x", "project": 2, "playbook": PLAYBOOK}, "must provide 'inventory'"),
        ("credentials", {"name": "x", "credential_type": 1, "inputs": {"pin": "1"}}, "Additional properties"),
        ("credential_types", {"name": "x", "kind": "ssh"}, "Must be 'cloud' or 'net'"),
        (
            "credential_types",
            {"name": "x", "kind": "cloud", "inputs": {"fields": []}, "injectors": {"extra_vars": {"a": "{{ b }}"}}},
            "undefined field",
        ),
        ("workflow_job_template_nodes", {"identifier": "n", "workflow_job_template": 999}, "object does not exist"),
    ],
)
def test_what_the_real_one_refuses(
    made: tuple[Controller, dict[str, int]], endpoint: str, values: dict[str, Any], told: str
) -> None:
    controller, ids = made
    names = {2: ids["project"], 3: ids["inventory"]}
    real = {name: names.get(value, value) if isinstance(value, int) else value for name, value in values.items()}
    if "credential_type" in values:
        real["credential_type"] = next(iter(controller.items["credential_types"]))
    before = controller.writes
    with pytest.raises(RefusedError, match=told):
        controller.create(endpoint, real)
    assert controller.writes == before


def test_nodes_take_only_prompts_of_what_they_start_and_make_no_cycle(made: tuple[Controller, dict[str, int]]) -> None:
    controller, ids = made
    node = {"workflow_job_template": ids["workflow"], "unified_job_template": ids["template"]}
    with pytest.raises(RefusedError, match="not configured to prompt"):
        controller.create("workflow_job_template_nodes", node | {"identifier": "a", "limit": "x"})
    first, second = (
        controller.create("workflow_job_template_nodes", node | {"identifier": name})["id"] for name in "ab"
    )
    controller.attach("workflow_job_template_nodes", first, "success_nodes", {"id": second})
    with pytest.raises(RefusedError, match="Cycle detected"):
        controller.attach("workflow_job_template_nodes", second, "failure_nodes", {"id": first})


@pytest.mark.parametrize(
    "changed",
    [
        {"type": "colour"},
        {"required": "yes"},
        {"variable": None},
        {"type": "integer", "default": "5060"},
        {"type": "multiplechoice"},
        {"type": "multiplechoice", "choices": ["tcp"], "default": "udp"},
        {"min": "1"},
        {"colour": "red"},
    ],
)
def test_a_survey_with_a_wrong_question_is_refused(changed: dict[str, Any]) -> None:
    rules.survey({"name": "", "description": "", "spec": [QUESTION]})
    with pytest.raises(RefusedError):
        rules.survey({"name": "", "description": "", "spec": [QUESTION | changed]})


@pytest.mark.parametrize(
    ("method", "path", "code"),
    [
        ("GET", "/api/v2/organizations/?colour=red", 400),
        ("GET", "/api/v2/colours/", 404),
        ("GET", "/api/v2/organizations/999/", 404),
        ("PUT", "/api/v2/organizations/", 404),
        ("DELETE", "/api/v2/organizations/", 404),
        ("GET", "/api/v2/organizations/", 200),
    ],
)
def test_what_is_not_known_is_an_error_and_remembered(method: str, path: str, code: int) -> None:
    with serving(Controller(set())) as server:
        request = urllib.request.Request(server.url + path, method=method, headers={"Authorization": f"Bearer {TOKEN}"})
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                got = answer.status
                assert json.load(answer)["results"] == []
        except urllib.error.HTTPError as error:
            got = error.code
        assert got == code
        assert bool(server.strange) == (code != 200)
