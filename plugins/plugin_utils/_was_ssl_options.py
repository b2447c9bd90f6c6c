# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""The options of `was_ssl`, and what can be seen to be wrong with them before anything is read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from ansible.errors import AnsibleActionFail

OPTIONS: dict[str, Any] = {
    "type": "dict",
    "options": {
        "key_stores": {
            "type": "list",
            "elements": "dict",
            "default": [],
            # The names in it are no secrets.
            "no_log": False,
            "options": {
                "name": {"type": "str", "required": True},
                "password": {"type": "str", "required": True, "no_log": True},
                "location": {"type": "str"},
                "state": {"type": "str", "choices": ["present", "existing"], "default": "present"},
            },
        },
        "certificate": {
            "type": "dict",
            "options": {
                "key_store": {"type": "str", "required": True, "no_log": False},
                "alias": {"type": "str", "required": True},
                "source": {"type": "str", "choices": ["self_signed", "request", "pkcs12"], "default": "self_signed"},
                "common_name": {"type": "str", "required": True},
                "alternative_names": {"type": "list", "elements": "str", "default": []},
                "require_alternative_name": {"type": "bool", "default": True},
                "subject": {"type": "dict", "default": {}},
                "key_size": {"type": "int", "choices": [1024, 2048], "default": 2048, "no_log": False},
                "valid_days": {"type": "int", "default": 3650},
                "renew_days": {"type": "int", "default": 90},
                "signed": {"type": "str"},
                "request_file": {"type": "str"},
                "pkcs12": {"type": "path"},
                "pkcs12_password": {"type": "str", "no_log": True},
                "trusted_by": {"type": "list", "elements": "str", "default": []},
            },
            "required_if": [
                ["source", "request", ["request_file"]],
                ["source", "pkcs12", ["pkcs12", "pkcs12_password"]],
            ],
        },
        "signers": {
            "type": "list",
            "elements": "dict",
            "default": [],
            "options": {
                "key_store": {"type": "str", "required": True, "no_log": False},
                "alias": {"type": "str", "required": True},
                "certificate": {"type": "str"},
                "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
            },
            "required_if": [["state", "present", ["certificate"]]],
        },
        "ssl_configs": {
            "type": "list",
            "elements": "dict",
            "default": [],
            "options": {
                "alias": {"type": "str", "required": True},
                "key_store": {"type": "str", "required": True, "no_log": False},
                "trust_store": {"type": "str", "required": True},
                "key_alias": {"type": "str", "required": True, "no_log": False},
                "protocol": {
                    "type": "str",
                    "choices": ["SSL_TLS", "SSL", "SSLv2", "SSLv3", "TLS", "TLSv1"],
                    "default": "SSL_TLS",
                },
                "security_level": {"type": "str", "choices": ["HIGH", "MEDIUM", "LOW"], "default": "HIGH"},
                "client_authentication": {
                    "type": "str",
                    "choices": ["none", "supported", "required"],
                    "default": "none",
                },
                "destinations": {"type": "list", "elements": "str", "default": []},
                "servers": {
                    "type": "list",
                    "elements": "dict",
                    "default": [],
                    "options": {
                        "node": {"type": "str", "required": True},
                        "server": {"type": "str", "required": True},
                    },
                },
            },
        },
        "warn_days": {"type": "int", "default": 60},
    },
}
SUBJECT = ("C", "ST", "L", "O", "OU")
_ALIAS = r"[a-z0-9][a-z0-9_.-]*"
_NAME = r"[A-Za-z0-9_][A-Za-z0-9_.-]*"
_HOST = r"[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_])?"
_DESTINATION = r"[^,|\s]+,[^,|\s]+,(\*|\d{1,5})"


def require_good(options: Mapping[str, Any]) -> None:
    """Raise AnsibleActionFail with everything that is wrong: option, value, cure."""
    problems = [*_passwords(options), *_stores(options), *_certificate(options["certificate"]), *_configs(options)]
    if problems:
        raise AnsibleActionFail("; ".join(problems))


def _passwords(options: Mapping[str, Any]) -> Iterator[str]:
    given = [(f"key_stores[{number}].password", each["password"]) for number, each in enumerate(options["key_stores"])]
    given.append(("certificate.pkcs12_password", (options["certificate"] or {}).get("pkcs12_password") or ""))
    for place, password in given:
        if re.search(r"[^!-~]|[\"'\[\]\\]", password):
            yield f"{place}: blanks, quotes, brackets, backslashes, umlauts do not get through wsadmin; use plain ASCII"


def _stores(options: Mapping[str, Any]) -> Iterator[str]:
    names = [each["name"] for each in options["key_stores"]]
    for number, each in enumerate(options["key_stores"]):
        place = f"key_stores[{number}]"
        if not re.fullmatch(_NAME, each["name"]):
            yield f"{place}.name: {each['name']!r} cannot be a key store; use letters, digits, _ and -"
        if names.count(each["name"]) > 1:
            yield f"{place}.name: {each['name']!r} is there twice; a password belongs to one key store"
    used = [
        *((f"signers[{number}].key_store", each["key_store"]) for number, each in enumerate(options["signers"])),
        *(
            (f"ssl_configs[{number}].{kind}", each[kind])
            for number, each in enumerate(options["ssl_configs"])
            for kind in ("key_store", "trust_store")
        ),
    ]
    if options["certificate"]:
        used.append(("certificate.key_store", options["certificate"]["key_store"]))
        used += [("certificate.trusted_by", each) for each in options["certificate"]["trusted_by"]]
    for place, name in used:
        if name not in names:
            yield f"{place}: {name!r} is none of key_stores, which need its password to look into it; add it there"
    for number, each in enumerate(options["signers"]):
        if not re.fullmatch(_ALIAS, each["alias"]):
            yield f"signers[{number}].alias: {each['alias']!r} cannot be one; use small letters, digits, _, . and -"


def _certificate(certificate: Mapping[str, Any] | None) -> Iterator[str]:
    if certificate is None:
        return
    if not re.fullmatch(_ALIAS, certificate["alias"]):
        yield f"certificate.alias: {certificate['alias']!r} cannot be one; use small letters, digits, _, . and -"
    for option in ("common_name", "alternative_names"):
        for name in [certificate[option]] if isinstance(certificate[option], str) else certificate[option]:
            if not re.fullmatch(_HOST, name):
                yield f"certificate.{option}: {name!r} is no name of a host; give the one that partners dial"
    for key, value in certificate["subject"].items():
        if key not in SUBJECT or not re.fullmatch(r"[^\"\[\]\\]+", str(value)):
            yield f"certificate.subject: {key}={value!r} cannot be a part of it; the parts are {', '.join(SUBJECT)}"
        elif key == "C" and not re.fullmatch(r"[A-Z]{2}", str(value)):
            yield f"certificate.subject: C={value!r} is no country; give two capital letters"
    for option, least in (("valid_days", 1), ("renew_days", 0)):
        if certificate[option] < least:
            yield f"certificate.{option}: {certificate[option]} is too few; give at least {least}"
    if certificate["source"] == "self_signed" and certificate["renew_days"] >= certificate["valid_days"]:
        yield (
            f"certificate.renew_days: {certificate['renew_days']} is not less than valid_days,"
            f" {certificate['valid_days']}: each run would make a new certificate; give less"
        )
    if certificate["signed"] and certificate["source"] != "request":
        yield f"certificate.signed: it answers a request, but source is {certificate['source']}; say source request"


def _configs(options: Mapping[str, Any]) -> Iterator[str]:
    for number, each in enumerate(options["ssl_configs"]):
        place = f"ssl_configs[{number}]"
        if not re.fullmatch(_NAME, each["alias"]):
            yield f"{place}.alias: {each['alias']!r} cannot be one; use letters, digits, _ and -"
        for rule in each["destinations"]:
            if not re.fullmatch(_DESTINATION, rule):
                yield f"{place}.destinations: {rule!r} is no destination; write protocol,host,port, such as *,*,5061"
