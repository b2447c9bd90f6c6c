# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Whether the data for AWX fits together, before anything of it is made. Shapes as of infra.aap_configuration; which
values a controller refuses: AWX 24.6, its serializers. Values of credentials are not looked at, only their names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from ._awx_playbooks import WORD, Playbooks
from ._awx_workflow import links

Data = Mapping[str, Sequence[Mapping[str, Any]]]

NOTIFIED = {f"notification_templates_{when}": "notifications" for when in ("started", "success", "error")}
# Which list a field of an item names something of; a field may hold one name or several.
REFERENCES: dict[str, dict[str, str]] = {
    "organizations": {"galaxy_credentials": "credentials"},
    "instance_groups": {},
    "execution_environments": {"organization": "organizations", "credential": "credentials"},
    "credential_types": {},
    "credentials": {"organization": "organizations", "credential_type": "credential_types"},
    "notifications": {"organization": "organizations"},
    "projects": {
        "organization": "organizations",
        "credential": "credentials",
        "default_environment": "execution_environments",
    },
    "inventories": {
        "organization": "organizations",
        "instance_groups": "instance_groups",
        "input_inventories": "inventories",
    },
    "inventory_sources": {
        "organization": "organizations",
        "inventory": "inventories",
        "source_project": "projects",
        "execution_environment": "execution_environments",
    },
    "templates": {
        "organization": "organizations",
        "project": "projects",
        "inventory": "inventories",
        "execution_environment": "execution_environments",
        "credentials": "credentials",
        "instance_groups": "instance_groups",
        **NOTIFIED,
    },
    "workflows": {
        "organization": "organizations",
        "inventory": "inventories",
        "notification_templates_approvals": "notifications",
        **NOTIFIED,
    },
}
REQUIRED = {
    "credential_types": ("kind", "inputs", "injectors"),
    "credentials": ("credential_type", "inputs"),
    "execution_environments": ("image",),
    "inventories": ("organization",),
    "inventory_sources": ("inventory", "source"),
    "notifications": ("organization", "notification_type", "notification_configuration"),
    "projects": ("organization", "scm_type"),
    "templates": ("project", "playbook", "inventory"),
    "workflows": ("organization", "workflow_nodes"),
}
# The most that leaves a site whole.
SLICES = {"job_slice_count": 1, "ask_job_slice_count_on_launch": 0}


def problems(data: Data, root: str, existing: Mapping[str, Sequence[str]]) -> list[str]:
    """What does not fit together in `data`, each with the variable, the value and the cure.

    `data` has the lists `controller_*`, `root` is the folder that has `playbooks` and `roles`, `existing` names by kind
    (`credential_types` and so on) what the controller has besides.
    """
    names = {
        kind: {str(item.get("name")) for item in _items(data, kind)} | set(existing.get(kind, ()))
        for kind in REFERENCES
    }
    found: list[str] = []
    for kind in REFERENCES:
        seen: set[tuple[str, str]] = set()
        for index, item in enumerate(_items(data, kind)):
            name = item.get("name")
            where = f"controller_{kind}[{index}] ({name})"
            if not isinstance(name, str) or not name:
                found.append(f"{where}: has no name; give it one")
                continue
            key = (
                name,
                str(item.get("inventory")) if kind == "inventory_sources" else str(item.get("credential_type")),
            )
            if key in seen:
                found.append(f"{where}: there is another of this name; AWX wants each once, so rename one")
            seen.add(key)
            found += [
                f"{where}.{field}: has no value; AWX makes none without it, so set it"
                for field in REQUIRED.get(kind, ())
                if not item.get(field)
            ]
            found += _dangling(where, kind, item, names)
    playbooks = _playbooks(root)
    for index, template in enumerate(_items(data, "templates")):
        found += _template(f"controller_templates[{index}] ({template.get('name')})", template, playbooks)
    found += _credentials(data)
    for index, workflow in enumerate(_items(data, "workflows")):
        found += links(f"controller_workflows[{index}] ({workflow.get('name')})", workflow, data, names)
    return found


@cache
def _playbooks(root: str) -> Playbooks:
    return Playbooks(Path(root))


def _items(data: Data, kind: str) -> Sequence[Mapping[str, Any]]:
    return data.get(f"controller_{kind}") or ()


def _dangling(where: str, kind: str, item: Mapping[str, Any], names: Mapping[str, set[str]]) -> Iterator[str]:
    for field, target in REFERENCES[kind].items():
        told = item.get(field)
        for one in told if isinstance(told, list) else [told] if told else []:
            if one not in names[target]:
                yield (
                    f"{where}.{field}: {one!r} is not in controller_{target}; correct the name, add it there, "
                    f"or name it in awx_existing.{target} when the controller has it"
                )


def _template(where: str, template: Mapping[str, Any], playbooks: Playbooks) -> Iterator[str]:
    for field, most in SLICES.items():
        if int(template.get(field) or 0) > most:
            yield (
                f"{where}.{field}: {template[field]!r} would tear sites apart, because AWX slices by host; leave it "
                "out, and spread runs by site (docs/awx.md)"
            )
    playbook = template.get("playbook")
    if not isinstance(playbook, str) or not playbooks.has(playbook):
        if playbook:
            yield f"{where}.playbook: {playbook!r} is not in the repository; name one of {', '.join(playbooks.names())}"
        return
    spec = template.get("survey_spec") or {}
    known = playbooks.words(playbook)
    cure = "correct the name or leave it out"
    variables = template.get("extra_vars") or {}
    for variable in sorted(set(variables) - known):
        yield f"{where}.extra_vars: {playbook} and its roles do not know {variable!r}; {cure}"
    # The definition may make variables of the answers.
    used = known | set(WORD.findall(str(variables)))
    for question in spec.get("spec", []):
        if (variable := question.get("variable")) not in used:
            yield f"{where}.survey_spec: {playbook} and its roles do not know {variable!r}; {cure}"
    if spec and not template.get("survey_enabled"):
        yield f"{where}.survey_enabled: is off, so that nobody is asked; set it to true"


def _credentials(data: Data) -> Iterator[str]:
    types = {str(one.get("name")): one.get("inputs") or {} for one in _items(data, "credential_types")}
    for index, credential in enumerate(_items(data, "credentials")):
        inputs = types.get(str(credential.get("credential_type")))
        if inputs is None:
            continue
        where = f"controller_credentials[{index}] ({credential.get('name')}).inputs"
        told = set(credential.get("inputs") or ())
        fields = {field.get("id") for field in inputs.get("fields", [])}
        for name in sorted(told - fields):
            yield f"{where}: its type has no input {name!r}; correct the name or add it to the type"
        for name in sorted(set(inputs.get("required", [])) - told):
            yield f"{where}: has no {name!r}, which its type requires; add it"
