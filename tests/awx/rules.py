"""What a controller refuses in the values of single fields; sources: AWX 24.6, serializers and views of its API."""

from __future__ import annotations

import json
import re
from typing import Any

Values = dict[str, Any]


class RefusedError(Exception):
    """An answer of HTTP 400 with its body."""

    def __init__(self, **body: Any) -> None:
        super().__init__(json.dumps(body))
        self.body = body


QUESTION_TYPES: dict[str, type | tuple[type, ...]] = {
    "text": str,
    "textarea": str,
    "password": str,
    "multiplechoice": str,
    "multiselect": str,
    "integer": int,
    "float": (float, int),
}
QUESTION_KEYS = {
    "type",
    "question_name",
    "question_description",
    "variable",
    "required",
    "default",
    "min",
    "max",
    "choices",
}
EMAIL = {
    "host": str,
    "port": int,
    "username": str,
    "password": str,
    "use_tls": bool,
    "use_ssl": bool,
    "sender": str,
    "recipients": list,
    "timeout": int,
}
INJECTED = re.compile(r"{{\s*(?:tower\.filename\.)?(\w+)\s*}}")


def survey(spec: Values) -> None:
    """Refuse a survey as `JobTemplateSurveySpec` does, and keys of questions that nobody knows."""
    for field, kind in (("name", str), ("description", str), ("spec", list)):
        if not isinstance(spec.get(field), kind):
            raise RefusedError(error=f"Expected {kind.__name__} for field '{field}' of the survey spec.")
    if not spec["spec"]:
        raise RefusedError(error="'spec' doesn't contain any items.")
    variables: set[str] = set()
    for index, question in enumerate(spec["spec"]):
        _question(index, question)
        if question["variable"] in variables:
            raise RefusedError(error=f"'variable' '{question['variable']}' duplicated in survey question {index}.")
        variables.add(question["variable"])


def _question(index: int, question: Values) -> None:
    for field, kind in (("type", str), ("question_name", str), ("variable", str), ("required", bool)):
        if not isinstance(question.get(field), kind):
            raise RefusedError(error=f"'{field}' in survey question {index} expected to be {kind.__name__}.")
    if unknown := set(question) - QUESTION_KEYS:
        raise RefusedError(error=f"survey question {index} has unknown keys {sorted(unknown)}")
    expected = QUESTION_TYPES.get(question["type"])
    if expected is None:
        raise RefusedError(error=f"'{question['type']}' in survey question {index} is no allowed question type.")
    default = question.get("default", "")
    if default != "" and not isinstance(default, expected):
        raise RefusedError(
            error=f"Default value {default} in survey question {index} expected to be {question['type']}."
        )
    for limit in ("min", "max"):
        if not isinstance(question.get(limit, 0), int):
            raise RefusedError(error=f"The {limit} limit in survey question {index} expected to be integer.")
    if question["type"] in {"multiplechoice", "multiselect"}:
        choices = question.get("choices")
        if not choices:
            raise RefusedError(error=f"Survey question {index} of type {question['type']} must specify choices.")
        listed = choices.splitlines() if isinstance(choices, str) else choices
        if any(answer not in listed for answer in default.splitlines()):
            raise RefusedError(error="Default choice must be answered from the choices listed.")


def credential_type(values: Values) -> None:
    """Refuse inputs and injectors that do not fit together."""
    if values.get("kind") not in {"cloud", "net"}:
        raise RefusedError(kind=[f"Must be 'cloud' or 'net', not {values.get('kind')}."])
    inputs = values.get("inputs") or {}
    if unknown := set(inputs) - {"fields", "required"}:
        raise RefusedError(inputs=[f"Additional properties are not allowed ({sorted(unknown)})"])
    identifiers: set[str] = set()
    for field in inputs.get("fields", []):
        allowed = {
            "id",
            "label",
            "type",
            "secret",
            "multiline",
            "format",
            "choices",
            "help_text",
            "ask_at_runtime",
            "default",
        }
        if set(field) - allowed or not {"id", "label"} <= set(field):
            raise RefusedError(inputs=[f"{field} is not valid under the schema of fields"])
        if field["id"] in identifiers or field["id"] == "tower":
            raise RefusedError(inputs=[f"Field IDs must be unique and not tower ({field['id']})."])
        identifiers.add(field["id"])
    if missing := set(inputs.get("required", [])) - identifiers:
        raise RefusedError(inputs=[f"{sorted(missing)} required but not defined"])
    injectors = values.get("injectors") or {}
    if unknown := set(injectors) - {"file", "env", "extra_vars"}:
        raise RefusedError(injectors=[f"Additional properties are not allowed ({sorted(unknown)})"])
    for kind in ("env", "extra_vars"):
        for name, template in injectors.get(kind, {}).items():
            if not re.fullmatch(r"[a-zA-Z_]\w*", name) or name.startswith("ANSIBLE_"):
                raise RefusedError(injectors=[f"{name} is not a name for {kind}"])
            for used in INJECTED.findall(template):
                if used not in identifiers:
                    raise RefusedError(injectors=[f"{name} uses an undefined field ('{used}' is undefined)"])


def credential_inputs(inputs: Values, of_type: Values) -> None:
    """Refuse inputs that the type of the credential does not have, and those that are missing."""
    fields = {field["id"] for field in of_type["inputs"].get("fields", [])}
    if unknown := set(inputs) - fields:
        raise RefusedError(inputs=[f"Additional properties are not allowed ({sorted(unknown)} unexpected)"])
    if missing := [name for name in of_type["inputs"].get("required", []) if not inputs.get(name)]:
        raise RefusedError(inputs={name: ["required for " + of_type["name"]] for name in missing})


def email(values: Values) -> None:
    """Refuse a notification that is not a whole configuration of a mail: others are not known here."""
    if values.get("notification_type") != "email":
        raise RefusedError(notification_type=[f'"{values.get("notification_type")}" is not a valid choice.'])
    configuration = values.get("notification_configuration") or {}
    if set(configuration) != set(EMAIL):
        raise RefusedError(notification_configuration=[f"Wanted are exactly {sorted(EMAIL)}"])
    for name, kind in EMAIL.items():
        if not isinstance(configuration[name], kind):
            raise RefusedError(notification_configuration=[f"Configuration field '{name}' incorrect type"])


def json_text(name: str, value: Any) -> None:
    """Refuse variables that are not the text of a mapping."""
    try:
        known = isinstance(json.loads(value or "{}"), dict)
    except (TypeError, ValueError):
        known = False
    if not known:
        raise RefusedError(**{name: ["Cannot parse as JSON (error: not a mapping)."]})
