"""What a controller keeps, and what it refuses: as the real API, or stricter where that one overlooks something."""

from __future__ import annotations

import itertools
from typing import Any

from tests.awx import rules
from tests.awx.rules import RefusedError, Values
from tests.awx.schema import RESOURCES, STARTED

MANAGED_TYPES = (
    ("Machine", "ssh", ("username", "password", "ssh_key_data", "become_method", "become_username", "become_password")),
    ("Vault", "vault", ("vault_password", "vault_id")),
    ("Source Control", "scm", ("username", "password", "ssh_key_data")),
    ("Ansible Galaxy/Automation Hub API Token", "galaxy", ("url", "auth_url", "token")),
)
SECRETS = {"password", "ssh_key_data", "become_password", "vault_password"}
ATTACHABLE = {"ssh", "vault", "cloud", "net", "kubernetes"}
# Prompt of a node, and the field of what it starts that allows it.
PROMPTS = {"inventory": "ask_inventory_on_launch", "limit": "ask_limit_on_launch"}


class Controller:
    """The state of one controller, whose projects hold `playbooks`."""

    def __init__(self, playbooks: set[str]) -> None:
        self.playbooks = playbooks
        self.items: dict[str, dict[int, Values]] = {endpoint: {} for endpoint in RESOURCES}
        self.attached: dict[tuple[str, int, str], list[int]] = {}
        self.surveys: dict[int, Values] = {}
        self.writes = 0
        self._ids = itertools.count(1)
        for name, kind, inputs in MANAGED_TYPES:
            fields = [{"id": one, "label": one, "secret": one in SECRETS} for one in inputs]
            made = self._keep(
                "credential_types", {"name": name, "kind": kind, "managed": True, "inputs": {"fields": fields}}
            )
            if kind == "galaxy":
                self._keep("credentials", {"name": "Ansible Galaxy", "credential_type": made})

    # -- reading -------------------------------------------------------------------------------------------------------
    def find(self, endpoint: str, query: dict[str, str]) -> list[Values]:
        """The items that a list endpoint shows for a query; unknown parameters are refused."""
        if endpoint == "unified_job_templates":
            found = [one for kind in STARTED for one in self.find(kind, {})]
            known = {"name", "type", "organization"}
        else:
            found = [self.shown(endpoint, number) for number in self.items[endpoint]]
            known = set(RESOURCES[endpoint].fields) | set(RESOURCES[endpoint].ignored) | {"type"}
        if unknown := set(query) - known:
            raise RefusedError(detail=f"{endpoint} has no field named {sorted(unknown)}")
        return [one for one in found if all(str(one.get(name)) == value for name, value in query.items())]

    def shown(self, endpoint: str, number: int) -> Values:
        """One item as the API shows it."""
        item = dict(self.items[endpoint][number])
        url = f"/api/v2/{endpoint}/{number}/"
        related: Values = {name: f"{url}{name}/" for name in RESOURCES[endpoint].associations}
        summary: Values = {}
        if endpoint in {"job_templates", "workflow_job_templates"}:
            related["survey_spec"] = f"{url}survey_spec/"
        if endpoint == "job_templates":
            item["organization"] = self.items["projects"][item["project"]]["organization"]
        if endpoint == "projects":
            summary["current_update"] = {"id": number}
            item["scm_revision"] = "1"
        if endpoint == "credentials":
            item["inputs"] = self._hidden(item)
        if endpoint == "workflow_job_template_nodes" and item["unified_job_template"]:
            kind = self._endpoint_of(item["unified_job_template"])
            related["unified_job_template"] = f"/api/v2/{kind}/{item['unified_job_template']}/"
        return item | {
            "id": number,
            "url": url,
            "type": RESOURCES[endpoint].kind,
            "related": related,
            "summary_fields": summary,
        }

    def _hidden(self, credential: Values) -> Values:
        fields = self.items["credential_types"][credential["credential_type"]]["inputs"]["fields"]
        secret = {field["id"] for field in fields if field.get("secret")}
        return {name: "$encrypted$" if name in secret else value for name, value in credential["inputs"].items()}

    def _endpoint_of(self, number: int) -> str:
        return next(endpoint for endpoint in STARTED if number in self.items[endpoint])

    # -- writing -------------------------------------------------------------------------------------------------------
    def create(self, endpoint: str, values: Values) -> Values:
        """Make an item."""
        return self.shown(endpoint, self._keep(endpoint, self._checked(endpoint, values, None)))

    def change(self, endpoint: str, number: int, values: Values) -> Values:
        """Change fields of an item."""
        before = self.items[endpoint][number]
        sent = dict(values)
        if endpoint == "credentials":
            # Whoever sends back what is shown in place of a secret leaves it as it is.
            inputs: Values = values.get("inputs") or before["inputs"]
            sent["inputs"] = {
                name: before["inputs"].get(name) if value == "$encrypted$" else value for name, value in inputs.items()
            }
        after = self._checked(endpoint, before | sent, number)
        self.writes += after != before
        self.items[endpoint][number] = after
        return self.shown(endpoint, number)

    def approve(self, node: int, values: Values) -> Values:
        """Make the approval that a node waits for."""
        known = RESOURCES["workflow_approval_templates"]
        sent = {name: value for name, value in values.items() if name in {*known.fields, *known.ignored}}
        made = self.create("workflow_approval_templates", sent)
        self.items["workflow_job_template_nodes"][node]["unified_job_template"] = made["id"]
        return made

    def attach(self, endpoint: str, number: int, name: str, values: Values) -> None:
        """Associate an item with another, or end that."""
        there = self.attached.setdefault((endpoint, number, name), [])
        other = values.get("id")
        if set(values) - {"id", "disassociate"} or not isinstance(other, int):
            raise RefusedError(error=f"not an association: {values}")
        target = RESOURCES[endpoint].associations[name]
        if other not in self.items[target]:
            raise RefusedError(error=f"Object with id {other} of {target} does not exist.")
        self.writes += 1
        if values.get("disassociate"):
            there.remove(other)
            return
        if name == "credentials":
            self._check_credential(other, there)
        if name.endswith("_nodes"):
            self._check_link(number, other)
        there.append(other)

    def _keep(self, endpoint: str, values: Values) -> int:
        number = next(self._ids)
        self.items[endpoint][number] = dict(RESOURCES[endpoint].fields) | values
        self.writes += 1
        return number

    # -- refusing ------------------------------------------------------------------------------------------------------
    def _checked(self, endpoint: str, values: Values, number: int | None) -> Values:
        resource = RESOURCES[endpoint]
        if unknown := set(values) - set(resource.fields) - set(resource.ignored):
            raise RefusedError(**{name: ["unknown field"] for name in unknown})
        # The API takes null for an empty text.
        kept = {
            name: "" if value is None and resource.fields.get(name) == "" else value for name, value in values.items()
        }
        kept = {name: value for name, value in kept.items() if name not in resource.ignored}
        if missing := [name for name in resource.required if kept.get(name) in (None, "")]:
            raise RefusedError(**{name: ["This field is required."] for name in missing})
        for name, target in resource.references.items():
            if kept.get(name) is not None:
                self._check_reference(name, target, kept[name])
        self._check_values(endpoint, kept)
        for other, item in self.items[endpoint].items():
            if resource.unique and other != number and self._key(endpoint, item) == self._key(endpoint, kept):
                raise RefusedError(__all__=[f"{resource.kind} with this {', '.join(resource.unique)} already exists."])
        return kept

    def _key(self, endpoint: str, item: Values) -> list[Any]:
        project = self.items["projects"].get(item.get("project", 0), {})
        return [item.get(name, project.get(name)) for name in RESOURCES[endpoint].unique]

    def _check_reference(self, name: str, target: str, number: object) -> None:
        endpoints = STARTED if target == "unified_job_templates" else (target,)
        if not any(number in self.items[endpoint] for endpoint in endpoints):
            raise RefusedError(**{name: [f'Invalid pk "{number}" - object does not exist.']})

    def _check_values(self, endpoint: str, values: Values) -> None:
        for name in ("extra_vars", "variables", "source_vars"):
            if values.get(name):
                rules.json_text(name, values[name])
        if endpoint == "credential_types" and not values.get("managed"):
            rules.credential_type(values)
        elif endpoint == "credentials":
            rules.credential_inputs(values["inputs"], self.items["credential_types"][values["credential_type"]])
        elif endpoint == "notification_templates":
            rules.email(values)
        elif endpoint == "job_templates":
            if values["playbook"] not in self.playbooks:
                raise RefusedError(playbook=["Playbook not found for project."])
            if not values.get("inventory") and not values.get("ask_inventory_on_launch"):
                raise RefusedError(inventory=["Job Template must provide 'inventory' or allow prompting for it."])
        elif endpoint == "workflow_job_template_nodes":
            self._check_prompts(values)

    def _check_prompts(self, values: Values) -> None:
        started = values.get("unified_job_template")
        for prompt, allows in PROMPTS.items():
            if values.get(prompt) and not (started and self.items[self._endpoint_of(started)][started].get(allows)):
                raise RefusedError(**{prompt: ["Field is not configured to prompt on launch."]})

    def _check_credential(self, number: int, there: list[int]) -> None:
        types = [self.items["credentials"][one]["credential_type"] for one in (number, *there)]
        kind = self.items["credential_types"][types[0]]["kind"]
        if kind not in ATTACHABLE:
            raise RefusedError(error=f"Cannot assign a Credential of kind `{kind}`.")
        if types[0] in types[1:]:
            raise RefusedError(error="Cannot assign multiple credentials of one type.")

    def _check_link(self, parent: int, child: int) -> None:
        nodes = self.items["workflow_job_template_nodes"]
        if nodes[parent]["workflow_job_template"] != nodes[child]["workflow_job_template"]:
            raise RefusedError(error="Node is of another workflow.")
        reached, further = {child}, [child]
        while further:
            number = further.pop()
            for (endpoint, origin, name), children in self.attached.items():
                if endpoint == "workflow_job_template_nodes" and origin == number and name.endswith("_nodes"):
                    further += set(children) - reached
                    reached |= set(children)
        if parent in reached:
            raise RefusedError(Error="Cycle detected.")
