"""The response file of the gateway's installer: its keys, and what is wrong with one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from lab.products.was.installation.ismp import Setting

DMGR, PRIMARY, SECONDARY, PROXY, STANDALONE = TYPES = (
    "DeploymentManager", "PrimaryNode", "SecondaryNode", "Proxy", "Standalone",
)  # fmt: skip
WITH_DATABASE = frozenset(TYPES) - {PROXY}
LICENCE = "licenseAgreement.accepted"

Check = Callable[[str], bool]


def _pattern(regex: str) -> Check:
    return lambda value: re.fullmatch(regex, value) is not None


_NAME = _pattern(r"[A-Za-z0-9_][A-Za-z0-9_.-]*")
_HOST = _pattern(r"[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9])?")
_PATH = _pattern(r"/\S+|[A-Za-z]:\\[^<>|?*\"]+")
_PORT = _pattern(r"[1-9]\d{0,4}")
_ANY = _pattern(r".+")


@dataclass(frozen=True)
class Key:
    """One key: the types that ask for it, whether they need it, what it may be."""

    switch: str
    check: Check
    types: frozenset[str] = frozenset(TYPES)
    required: bool = True


KEYS: Mapping[str, Key] = {
    LICENCE: Key("W", _pattern("true|false")),
    "INSTALL_TYPE": Key("V", lambda value: value in TYPES),
    "INSTALL_LOCATION": Key("V", _PATH),
    "WAS_MEDIA_PATH": Key("V", _PATH, required=False),
    "NODE_NAME": Key("V", _NAME),
    "CELL_NAME": Key("V", _NAME),
    "HOST_NAME": Key("V", _HOST),
    "WAS_ADMIN_USER": Key("V", _ANY),
    "WAS_ADMIN_PASSWORD": Key("V", _ANY),
    "DB_HOST": Key("V", _HOST, WITH_DATABASE),
    "DB_PORT": Key("V", _PORT, WITH_DATABASE),
    "DB_NAME": Key("V", _pattern("[A-Za-z@#$][A-Za-z0-9@#$_]{0,7}"), WITH_DATABASE),
    "DB_USER": Key("V", _ANY, WITH_DATABASE),
    "DB_PASSWORD": Key("V", _ANY, WITH_DATABASE),
    "DB_SCHEMA_USER": Key("V", _ANY, WITH_DATABASE),
    "DB_SCHEMA_PASSWORD": Key("V", _ANY, WITH_DATABASE),
    "LDAP_HOST": Key("V", _HOST, WITH_DATABASE, required=False),
    "LDAP_PORT": Key("V", _PORT, WITH_DATABASE, required=False),
    "LDAP_BIND_DN": Key("V", _pattern(".+=.+"), WITH_DATABASE, required=False),
    "LDAP_BIND_PASSWORD": Key("V", _ANY, WITH_DATABASE, required=False),
}
_LDAP = [name for name in KEYS if name.startswith("LDAP_")]


def problems(settings: Sequence[Setting]) -> Iterator[str]:
    """What is wrong with the settings of a file; values of passwords are not shown."""
    values = {setting.key: setting.value for setting in settings}
    names = [setting.key for setting in settings]
    for setting in settings:
        known = KEYS.get(setting.key)
        if known is None or known.switch != setting.switch:
            yield f"-{setting.switch} {setting.key} is not known."
    for name in dict.fromkeys(name for name in names if names.count(name) > 1):
        yield f"{name} is given more than once."
    kind = values.get("INSTALL_TYPE", "")
    for name, key in KEYS.items():
        if name not in values:
            if key.required and kind in (key.types if kind in TYPES else TYPES):
                yield f"{name} is missing."
        elif not key.check(values[name]):
            shown = "its value" if "PASSWORD" in name else f'"{values[name]}"'
            yield f"{name}: {shown} is not valid."
        elif kind in TYPES and kind not in key.types:
            yield f"{name}: the type {kind} does not ask for it."
    if any(name in values for name in _LDAP) and not all(name in values for name in _LDAP):
        yield f"{', '.join(_LDAP)}: all of them or none."
