# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""Response files of DB2 9.1's setup programs: written here, and checked before a target ever sees one.

An entry is `{"keyword": ..., "value": ..., "variable": ...}`: what the file says, and the name of the variable that a
person would have to correct. A list of values is a keyword given once for each. An entry without a value is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

from ._db2 import user_problem

Entry = Mapping[str, Any]
System = Literal["aix", "windows"]

PRODUCTS = (
    "WORKGROUP_SERVER_EDITION", "ENTERPRISE_SERVER_EDITION", "EXPRESS_EDITION", "PERSONAL_EDITION", "CONNECT_SERVER",
    "CLIENT", "RUNTIME_CLIENT",
)  # fmt: skip
YES_NO = ("YES", "NO")

# Closed lists of values, by keyword; behind a dot for the keywords of an instance.
CHOICES: Mapping[str, Sequence[str]] = {
    "PROD": PRODUCTS,
    "LIC_AGREEMENT": ("ACCEPT",),
    "INTERACTIVE": ("NONE", "YES", "MACHINE"),
    "INSTALL_TYPE": ("TYPICAL", "COMPACT", "CUSTOM"),
    "DAS_CONTACT_LIST": ("LOCAL", "REMOTE"),
    "CONFIG_ONLY": YES_NO,
    "DB2_EXTSECURITY": YES_NO,
    "DEFAULT_COPY": YES_NO,
    "REBOOT": YES_NO,
    "KILL_PROCESSES": YES_NO,
    ".TYPE": ("ESE", "WSE", "STANDALONE", "CLIENT"),
    ".AUTOSTART": YES_NO,
    ".START_DURING_INSTALL": YES_NO,
    ".AUTHENTICATION": ("SERVER", "CLIENT", "SERVER_ENCRYPT"),
}
# Shapes, as regular expression and in words.
SHAPES: Mapping[str, tuple[str, str]] = {
    "INSTANCE": ("[A-Za-z][A-Za-z0-9_]{0,7}", "1 to 8 letters, digits and _"),
    "COMP": ("[A-Z][A-Z0-9_]*", "the name of a component in capitals"),
    "LANG": ("[A-Z]{2}", "two capital letters"),
    "DAS_GROUP_NAME": ("[a-z_][a-z0-9_]{0,29}", "1 to 30 lower-case letters, digits and _"),
    "DAS_HOME_DIRECTORY": ("/.{1,63}", "an absolute path of at most 64 characters"),
    "DAS_UID": (r"\d+", "a number"),
    "DAS_GID": (r"\d+", "a number"),
    "DEFAULT_INSTANCE": ("[A-Za-z][A-Za-z0-9_]{0,7}", "1 to 8 letters, digits and _"),
    "DB2_COPY_NAME": ("[A-Za-z0-9_]{1,64}", "letters, digits and _"),
    ".GROUP_NAME": ("[a-z_][a-z0-9_]{0,29}", "1 to 30 lower-case letters, digits and _"),
    ".FENCED_GROUP_NAME": ("[a-z_][a-z0-9_]{0,29}", "1 to 30 lower-case letters, digits and _"),
    ".HOME_DIRECTORY": ("/.{1,63}", "an absolute path of at most 64 characters"),
    ".FENCED_HOME_DIRECTORY": ("/.{1,63}", "an absolute path of at most 64 characters"),
    ".SVCENAME": ("[A-Za-z0-9_]{1,14}", "1 to 14 letters, digits and _"),
    ".UID": (r"\d+", "a number"),
    ".GID": (r"\d+", "a number"),
    ".FENCED_UID": (r"\d+", "a number"),
    ".FENCED_GID": (r"\d+", "a number"),
    ".DIAGPATH": (".+", "a path"),
    ".DFTDBPATH": (".+", "a path"),
    ".DB2COMM": ("(?i)(tcpip|npipe|ssl)(,(tcpip|npipe|ssl))*", "protocols such as TCPIP, separated by commas"),
    "DB2COMM": ("(?i)(tcpip|npipe|ssl)(,(tcpip|npipe|ssl))*", "protocols such as TCPIP, separated by commas"),
}
PORTS = (".PORT_NUMBER", ".FCM_PORT_NUMBER")
SECRETS = ("DAS_PASSWORD", ".PASSWORD", ".FENCED_PASSWORD")
UNIX_USERS = ("DAS_USERNAME", ".NAME", ".FENCED_USERNAME")
WINDOWS_USERS = ("DAS_USERNAME", ".USERNAME")
WINDOWS_GROUPS = (
    "DB2_USERSGROUP_NAME", "DB2_USERSGROUP_DOMAIN_NAME", "DB2_ADMINGROUP_NAME", "DB2_ADMINGROUP_DOMAIN_NAME",
)  # fmt: skip

# What only one of the platforms knows.
ONLY: Mapping[System, frozenset[str]] = {
    "aix": frozenset(
        {
            "CONFIG_ONLY", "DAS_GROUP_NAME", "DAS_HOME_DIRECTORY", "DAS_UID", "DAS_GID", ".GROUP_NAME",
            ".HOME_DIRECTORY", ".UID", ".GID", ".FENCED_USERNAME", ".FENCED_GROUP_NAME", ".FENCED_HOME_DIRECTORY",
            ".FENCED_PASSWORD", ".FENCED_UID", ".FENCED_GID",
        }
    ),
    "windows": frozenset(
        {"DEFAULT_INSTANCE", "DB2_EXTSECURITY", "DB2_COPY_NAME", "DEFAULT_COPY", "REBOOT", "KILL_PROCESSES",
         ".USERNAME"}
        | set(WINDOWS_GROUPS)
    ),
}  # fmt: skip
KNOWN = frozenset(
    {"FILE", *CHOICES, *SHAPES, *PORTS, *SECRETS, *UNIX_USERS, *WINDOWS_USERS, *WINDOWS_GROUPS}
)  # fmt: skip
REQUIRED = ("PROD", "FILE", "LIC_AGREEMENT")


def render(entries: Iterable[Entry]) -> str:
    """The response file of the entries that have a value."""
    return "\n".join([*(f"{entry['keyword']} = {entry['value']}" for entry in _given(entries)), ""])


def problems(entries: Sequence[Entry], system: System) -> list[str]:
    """Everything that is wrong with the entries, one sentence for each, beginning with the variable to correct."""
    given = _given(entries)
    instances = {entry["value"] for entry in given if entry["keyword"] == "INSTANCE"}
    found = []
    for entry in given:
        wrong = _problem(entry["keyword"], entry["value"], system, instances)
        if wrong:
            keyword, variable = entry["keyword"], entry["variable"]
            shown = "" if _generic(keyword) in SECRETS else f" {entry['value']!r}"
            found.append(f"{variable}:{shown} cannot be {keyword} of DB2's response file: {wrong}")
    said = {entry["keyword"] for entry in given}
    found += [
        f"{entry['variable']}: it is empty, but DB2's response file needs {_demand(entry['keyword'])}"
        for entry in entries
        if entry["keyword"] in REQUIRED and entry["keyword"] not in said
    ]
    return found


def _demand(keyword: str) -> str:
    """The keyword, and its value where there is only one."""
    choices = CHOICES.get(keyword, ())
    return f"{keyword} = {choices[0]}" if len(choices) == 1 else keyword


def _given(entries: Iterable[Entry]) -> list[dict[str, str]]:
    """One entry for each line of the file."""
    given = []
    for entry in entries:
        values = entry["value"] if isinstance(entry["value"], list) else [entry["value"]]
        given += [
            {"keyword": str(entry["keyword"]), "value": str(value), "variable": str(entry["variable"])}
            for value in values
            if value not in (None, "")
        ]
    return given


def _generic(keyword: str) -> str:
    """The keyword without the identifier of its instance."""
    return "." + keyword.partition(".")[2] if "." in keyword else keyword


def _problem(full: str, value: str, system: System, instances: set[str]) -> str | None:  # noqa: PLR0911 - each rule's
    keyword = _generic(full)
    other: System = "windows" if system == "aix" else "aix"
    if keyword not in KNOWN or keyword in ONLY[other]:
        return "DB2's setup program does not know this keyword on this platform"
    if keyword.startswith(".") and full.partition(".")[0] not in instances:
        return "no INSTANCE of that name is in the file"
    if re.search(r"[\r\n]|\*\*|##", value):
        return "line ends, ** and ## cannot be in a value"
    if value != value.strip():
        return "DB2's setup program takes blanks at the ends away"
    if keyword == "LIC_AGREEMENT" and value != "ACCEPT":
        return "the licence must be accepted with ACCEPT"
    if keyword in CHOICES and value not in CHOICES[keyword]:
        return f"it must be one of {', '.join(CHOICES[keyword])}"
    if keyword in SHAPES and not re.fullmatch(SHAPES[keyword][0], value):
        return f"it must be {SHAPES[keyword][1]}"
    if keyword in PORTS and not (value.isdigit() and 1024 <= int(value) <= 65535):
        return "it must be a port from 1024 to 65535"
    if keyword == "FILE":
        return _path_problem(value, system)
    if system == "aix" and keyword in UNIX_USERS:
        return user_problem(value)
    if system == "windows" and keyword in WINDOWS_USERS and not re.fullmatch(r'[^/\\\[\]:;|=,+*?<>"@]{1,20}', value):
        return "a Windows user name has 1 to 20 characters"
    return None


def _path_problem(value: str, system: System) -> str | None:
    if system == "windows":
        match = re.fullmatch(r"[A-Za-z]:\\[^<>|?*\"]{1,107}", value)
        return None if match else "it must be a path of at most 110 characters that begins with a drive"
    good = re.fullmatch(r"(/(?!\.{1,2}(/|$))[A-Za-z0-9_.]+)+/?", value) and len(value) <= 128
    return None if good else "it must be an absolute path of at most 128 letters, digits, _ and ."
