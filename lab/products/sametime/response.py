"""The options file of the setup program: its keys, and what is wrong with one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from lab.products.was.installation.ismp import Setting

LICENCE = "licenseAgreement.accepted"
LDAP = "LDAP"

Check = Callable[[str], bool]


def _pattern(regex: str) -> Check:
    return lambda value: re.fullmatch(regex, value) is not None


_PATH = _pattern(r"/\S+|[A-Za-z]:\\[^<>|?*\"]+")
_DN = _pattern(r".+=.+")
_ANY = _pattern(r".+")
_BOOLEAN = _pattern("true|false")


@dataclass(frozen=True)
class Key:
    """One key: its switch, what it may be, whether it is asked for, and whether for an LDAP directory only."""

    switch: str
    check: Check
    required: bool = True
    ldap: bool = False


KEYS: Mapping[str, Key] = {
    LICENCE: Key("W", _BOOLEAN),
    "installLocation": Key("P", _PATH),
    "domino.dataDirectory": Key("W", _PATH),
    "directory.type": Key("W", _pattern("Domino|LDAP")),
    "httpTunneling.enabled": Key("W", _BOOLEAN, required=False),
    "ldap.host": Key("W", _pattern(r"[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9])?"), ldap=True),
    "ldap.port": Key("W", _pattern(r"[1-9]\d{0,4}"), ldap=True),
    "ldap.bindDN": Key("W", _DN, required=False, ldap=True),
    "ldap.bindPassword": Key("W", _ANY, required=False, ldap=True),
    "ldap.personBase": Key("W", _DN, ldap=True),
    "ldap.personFilter": Key("W", _pattern(r"\(.*%s.*\)"), ldap=True),
    "ldap.mailAttribute": Key("W", _pattern(r"[A-Za-z][A-Za-z0-9-]*"), ldap=True),
}


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
    ldap = values.get("directory.type") == LDAP
    for name, key in KEYS.items():
        if name not in values:
            if key.required and (ldap or not key.ldap):
                yield f"{name} is missing."
        elif not key.check(values[name]):
            shown = "its value" if "Password" in name else f'"{values[name]}"'
            yield f"{name}: {shown} is not valid."
        elif key.ldap and not ldap:
            yield f"{name}: directory.type is not {LDAP}."
    if ("ldap.bindDN" in values) != ("ldap.bindPassword" in values):
        yield "ldap.bindDN, ldap.bindPassword: both of them or none."
    if values.get("directory.type") == "Domino":
        yield "lab: a Domino directory is not played out, only LDAP."
    if values.get(LICENCE) == "false":
        yield "The license agreement is not accepted."
