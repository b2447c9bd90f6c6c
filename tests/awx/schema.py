"""The endpoints that are known here: their fields, what they refer to, and what they are associated with."""

from __future__ import annotations

from dataclasses import dataclass, field

NOTIFIED = {f"notification_templates_{when}": "notification_templates" for when in ("started", "success", "error")}


ASKED = ("inventory", "limit", "job_type", "diff_mode", "verbosity", "variables", "credential", "instance_groups")


@dataclass(frozen=True)
class Resource:
    """One endpoint. `fields` has the default of each field that may be written; `ignored` are accepted and not kept."""

    kind: str
    fields: dict[str, object]
    required: tuple[str, ...] = ("name",)
    unique: tuple[str, ...] = ("name",)
    references: dict[str, str] = field(default_factory=dict)
    associations: dict[str, str] = field(default_factory=dict)
    ignored: tuple[str, ...] = ()


NAMED: dict[str, object] = {"name": "", "description": ""}
RESOURCES: dict[str, Resource] = {
    "organizations": Resource(
        "organization",
        NAMED | {"max_hosts": 0, "default_environment": None},
        references={"default_environment": "execution_environments"},
        associations=NOTIFIED | {"instance_groups": "instance_groups", "galaxy_credentials": "credentials"},
    ),
    "instances": Resource("instance", {"hostname": ""}, ("hostname",), ("hostname",)),
    "instance_groups": Resource(
        "instance_group",
        {
            "name": "",
            "is_container_group": False,
            "policy_instance_percentage": 0,
            "policy_instance_minimum": 0,
            "policy_instance_list": [],
            "max_concurrent_jobs": 0,
            "max_forks": 0,
        },
        associations={"instances": "instances"},
    ),
    "credential_types": Resource(
        "credential_type", NAMED | {"kind": "", "inputs": {}, "injectors": {}, "managed": False}, ("name", "kind")
    ),
    "credentials": Resource(
        "credential",
        NAMED | {"organization": None, "credential_type": None, "inputs": {}},
        ("name", "credential_type"),
        ("name", "organization", "credential_type"),
        {"organization": "organizations", "credential_type": "credential_types"},
    ),
    "execution_environments": Resource(
        "execution_environment",
        NAMED | {"organization": None, "image": "", "pull": "", "credential": None},
        ("name", "image"),
        references={"organization": "organizations", "credential": "credentials"},
    ),
    "notification_templates": Resource(
        "notification_template",
        NAMED | {"organization": None, "notification_type": "", "notification_configuration": {}, "messages": None},
        ("name", "organization", "notification_type"),
        ("name", "organization"),
        {"organization": "organizations"},
    ),
    "projects": Resource(
        "project",
        NAMED
        | {
            "organization": None,
            "scm_type": "",
            "scm_url": "",
            "scm_branch": "",
            "scm_clean": False,
            "scm_update_on_launch": False,
            "scm_update_cache_timeout": 0,
            "default_environment": None,
            "credential": None,
        },
        unique=("name", "organization"),
        references={
            "organization": "organizations",
            "default_environment": "execution_environments",
            "credential": "credentials",
        },
        associations=NOTIFIED,
    ),
    "inventories": Resource(
        "inventory",
        NAMED
        | {
            "organization": None,
            "kind": "",
            "host_filter": None,
            "variables": "",
            "prevent_instance_group_fallback": False,
        },
        ("name", "organization"),
        ("name", "organization"),
        {"organization": "organizations"},
        {"instance_groups": "instance_groups", "input_inventories": "inventories"},
    ),
    "inventory_sources": Resource(
        "inventory_source",
        NAMED
        | {
            "inventory": None,
            "source": "",
            "source_project": None,
            "source_path": "",
            "source_vars": "",
            "limit": "",
            "overwrite": False,
            "overwrite_vars": False,
            "update_on_launch": False,
            "update_cache_timeout": 0,
            "execution_environment": None,
        },
        ("name", "inventory", "source"),
        ("name", "inventory"),
        {"inventory": "inventories", "source_project": "projects", "execution_environment": "execution_environments"},
        NOTIFIED,
    ),
    "job_templates": Resource(
        "job_template",
        NAMED
        | {
            "job_type": "run",
            "inventory": None,
            "project": None,
            "playbook": "",
            "execution_environment": None,
            "forks": 0,
            "limit": "",
            "verbosity": 0,
            "timeout": 0,
            "extra_vars": "",
            "job_tags": "",
            "skip_tags": "",
            "diff_mode": False,
            "allow_simultaneous": False,
            "survey_enabled": False,
            "job_slice_count": 1,
        }
        | {f"ask_{name}_on_launch": False for name in ASKED},
        ("name", "project", "playbook"),
        ("name", "organization"),
        {"inventory": "inventories", "project": "projects", "execution_environment": "execution_environments"},
        NOTIFIED | {"credentials": "credentials", "instance_groups": "instance_groups"},
        ignored=("organization",),  # read-only: the project's
    ),
    "workflow_job_templates": Resource(
        "workflow_job_template",
        NAMED
        | {
            "organization": None,
            "inventory": None,
            "limit": "",
            "extra_vars": "",
            "allow_simultaneous": False,
            "survey_enabled": False,
            "ask_inventory_on_launch": False,
            "ask_limit_on_launch": False,
            "ask_variables_on_launch": False,
        },
        unique=("name", "organization"),
        references={"organization": "organizations", "inventory": "inventories"},
        associations=NOTIFIED | {"notification_templates_approvals": "notification_templates"},
    ),
    "workflow_job_template_nodes": Resource(
        "workflow_job_template_node",
        {
            "identifier": "",
            "workflow_job_template": None,
            "unified_job_template": None,
            "inventory": None,
            "limit": None,
            "all_parents_must_converge": False,
        },
        ("workflow_job_template",),
        ("identifier", "workflow_job_template"),
        {
            "workflow_job_template": "workflow_job_templates",
            "unified_job_template": "unified_job_templates",
            "inventory": "inventories",
        },
        {f"{when}_nodes": "workflow_job_template_nodes" for when in ("always", "success", "failure")},
        ignored=("type",),  # read-only: the module sends it along
    ),
    "workflow_approval_templates": Resource(
        "workflow_approval_template",
        NAMED | {"timeout": 0},
        unique=(),
        ignored=("identifier", "workflow_job_template"),  # the module sends what it knows of the node
    ),
}
# What a node of a workflow may start; the API lists all of them together.
STARTED = ("job_templates", "workflow_job_templates", "projects", "inventory_sources", "workflow_approval_templates")
