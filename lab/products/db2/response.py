"""Response files of DB2's setup programs: what they may say, and what is wrong with one."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

Check = Callable[[str], str | None]
"""What is wrong with a value, or None."""


def one_of(*values: str) -> Check:
    """A check for a closed list of values."""
    return lambda value: None if value in values else f"must be one of {', '.join(values)}"


def pattern(regex: str, meaning: str) -> Check:
    """A check for a shape."""
    return lambda value: None if re.fullmatch(regex, value) else f"must be {meaning}"


def number(lowest: int, highest: int) -> Check:
    """A check for a number in a range."""

    def check(value: str) -> str | None:
        good = value.isdigit() and lowest <= int(value) <= highest
        return None if good else f"must be a number from {lowest} to {highest}"

    return check


def anything(value: str) -> str | None:
    """A check that finds nothing wrong."""
    del value
    return None


YES_NO = one_of("YES", "NO")
RESERVED_USERS = {"users", "admins", "guests", "public", "local"}


def user_unix(value: str) -> str | None:
    """A user name that may own an instance."""
    if not re.fullmatch("[a-z_][a-z0-9_]{0,7}", value):
        return "must be a user name of 1 to 8 lower-case letters, digits and _, not beginning with a digit"
    if value in RESERVED_USERS or value.startswith(("sql", "ibm", "sys")):
        return "must not be a reserved name or begin with sql, ibm or sys"
    return None


GROUP = pattern("[a-z_][a-z0-9_]{0,29}", "a group name of at most 30 lower-case characters")
HOME = pattern("/.{1,63}", "an absolute path of at most 64 characters")
NUMBER = number(1, 2**31 - 1)
SERVICE = pattern("[A-Za-z0-9_]{1,14}|BLANK", "a service name of at most 14 characters")
PATH_UNIX = pattern(
    r"/(?!.*\.\.)[A-Za-z0-9_./]{1,127}", "an absolute path of at most 128 letters, digits, _ and ., without .."
)
PATH_WINDOWS = pattern(r"[A-Za-z]:\\[^<>|?*\"]{0,107}", "a path of at most 110 characters, beginning with a drive")

COMPONENTS = one_of(
    "JDBC_SUPPORT", "LDAP_EXPLOITATION", "TCPIP_DB2_LISTENER_SUPPORT", "FIRST_STEPS", "CONTROL_CENTER",
    "SQL_PROCEDURES", "JAVA_SUPPORT", "JDK", "REPL_CLIENT", "DB2_SAMPLE_DATABASE", "BASE_CLIENT", "BASE_DB2_ENGINE",
    "COMMUNICATION_SUPPORT_TCPIP", "TCPIP_DB2_CLIENT_SUPPORT", "CONFIGURATION_ASSISTANT", "ACS",
)  # fmt: skip
LANGUAGES = one_of("EN", "DE", "FR", "ES", "IT", "JP", "KR", "CN", "TW", "BR", "PL", "RU", "CZ", "FI", "SE", "DK", "NO")

CONFIGURATION: Mapping[str, Check] = {
    "AGENTPRI": anything, "AUDIT_BUF_SZ": number(0, 65000),
    "AUTHENTICATION": one_of("SERVER", "CLIENT", "SERVER_ENCRYPT"),
    "DFTDBPATH": anything, "DFT_MON_BUFPOOL": one_of("ON", "OFF"), "DFT_MON_LOCK": one_of("ON", "OFF"),
    "DFT_MON_SORT": one_of("ON", "OFF"), "DFT_MON_STMT": one_of("ON", "OFF"), "DIAGLEVEL": number(0, 4),
    "DIAGPATH": anything, "FEDERATED": YES_NO, "HEALTH_MON": one_of("ON", "OFF"), "INSTANCE_MEMORY": anything,
    "INTRA_PARALLEL": one_of("YES", "NO", "SYSTEM"), "JAVA_HEAP_SZ": number(0, 524288), "MAXAGENTS": number(1, 64000),
    "MON_HEAP_SZ": anything, "NUMDB": number(1, 256), "NUM_POOLAGENTS": anything, "SHEAPTHRES": number(0, 2**31 - 1),
    "SYSADM_GROUP": anything, "SYSCTRL_GROUP": anything, "SYSMAINT_GROUP": anything, "SYSMON_GROUP": anything,
    "SVCENAME": SERVICE,
}  # fmt: skip
"""Parameters of the database manager's configuration."""

REGISTRY: Mapping[str, Check] = {
    "DB2COMM": pattern("(?i)(tcpip|npipe|ssl)(,(tcpip|npipe|ssl))*", "protocols such as TCPIP, separated by commas"),
    "DB2AUTOSTART": YES_NO, "DB2CODEPAGE": number(1, 65535), "DB2COUNTRY": number(1, 999),
    "DB2TERRITORY": number(1, 999),
    "DB2_EXTSECURITY": YES_NO, "DB2_GRP_LOOKUP": anything, "DB2_PARALLEL_IO": anything,
    "DB2_SKIPDELETED": one_of("ON", "OFF"),
    "DB2_SKIPINSERTED": one_of("ON", "OFF"), "DB2_EVALUNCOMMITTED": one_of("ON", "OFF"), "DB2RSHCMD": anything,
    "DB2SYSTEM": anything, "DB2ADMINSERVER": anything, "DB2INSTPROF": anything, "DB2_HASH_JOIN": YES_NO,
}  # fmt: skip
"""Registry variables that `db2set` knows."""

_COMMON: Mapping[str, Check] = {
    "PROD": one_of(
        "WORKGROUP_SERVER_EDITION", "ENTERPRISE_SERVER_EDITION", "EXPRESS_EDITION", "PERSONAL_EDITION",
        "CONNECT_SERVER", "CLIENT", "RUNTIME_CLIENT",
    ),
    "LIC_AGREEMENT": one_of("ACCEPT", "DECLINE"),
    "INTERACTIVE": one_of("NONE", "YES", "MACHINE"),
    "INSTALL_TYPE": one_of("TYPICAL", "COMPACT", "CUSTOM"),
    "COMP": COMPONENTS,
    "LANG": LANGUAGES,
    "DAS_CONTACT_LIST": one_of("LOCAL", "REMOTE"),
    "DAS_CONTACT_LIST_HOSTNAME": anything,
    "INSTANCE": pattern("[A-Za-z][A-Za-z0-9_]{0,7}", "an identifier of at most 8 characters"),
    "DATABASE": pattern("[A-Za-z][A-Za-z0-9_]{0,7}", "an identifier of at most 8 characters"),
    "ENCRYPTED": anything,
    "DAS_PASSWORD": anything,
}  # fmt: skip

UNIX: Mapping[str, Check] = {
    **_COMMON,
    "FILE": PATH_UNIX,
    "CONFIG_ONLY": YES_NO,
    "DAS_USERNAME": user_unix,
    "DAS_GROUP_NAME": GROUP,
    "DAS_HOME_DIRECTORY": HOME,
    "DAS_UID": NUMBER,
    "DAS_GID": NUMBER,
}

WINDOWS: Mapping[str, Check] = {
    **_COMMON,
    "FILE": PATH_WINDOWS,
    "DAS_USERNAME": pattern('[^/\\\\\\[\\]:;|=,+*?<>"@]{1,20}', "a Windows user name of at most 20 characters"),
    "DEFAULT_INSTANCE": anything,
    "DB2_EXTSECURITY": YES_NO,
    "DB2_USERSGROUP_NAME": anything,
    "DB2_USERSGROUP_DOMAIN_NAME": anything,
    "DB2_ADMINGROUP_NAME": anything,
    "DB2_ADMINGROUP_DOMAIN_NAME": anything,
    "DB2_COPY_NAME": pattern("[A-Za-z0-9_]{1,64}", "a copy name of letters, digits and _"),
    "DEFAULT_COPY": YES_NO,
    "REBOOT": YES_NO,
    "KILL_PROCESSES": YES_NO,
}

_INSTANCE_COMMON: Mapping[str, Check] = {
    "TYPE": one_of("ESE", "WSE", "STANDALONE", "CLIENT"),
    "AUTOSTART": YES_NO,
    "START_DURING_INSTALL": YES_NO,
    "PORT_NUMBER": number(1024, 65535),
    "FCM_PORT_NUMBER": number(1024, 65535),
    "MAX_LOGICAL_NODES": number(1, 999),
    "PASSWORD": anything,
    **CONFIGURATION,
}

INSTANCE_UNIX: Mapping[str, Check] = {
    **_INSTANCE_COMMON,
    "NAME": user_unix,
    "UID": NUMBER,
    "GID": NUMBER,
    "GROUP_NAME": GROUP,
    "HOME_DIRECTORY": HOME,
    "FENCED_USERNAME": user_unix,
    "FENCED_GROUP_NAME": GROUP,
    "FENCED_HOME_DIRECTORY": HOME,
    "FENCED_UID": NUMBER,
    "FENCED_GID": NUMBER,
    "FENCED_PASSWORD": anything,
}

INSTANCE_WINDOWS: Mapping[str, Check] = {
    **_INSTANCE_COMMON,
    "NAME": pattern("[A-Za-z][A-Za-z0-9_]{0,7}", "an instance name of at most 8 characters"),
    "USERNAME": pattern('[^/\\\\\\[\\]:;|=,+*?<>"@]{1,20}', "a Windows user name of at most 20 characters"),
}

DATABASE: Mapping[str, Check] = {
    "DATABASE_NAME": pattern("[A-Za-z@#$][A-Za-z0-9@#$_]{0,7}", "a database name of at most 8 characters"),
    "INSTANCE": anything,
    "ALIAS": pattern("[A-Za-z@#$][A-Za-z0-9@#$_]{0,7}", "an alias of at most 8 characters"),
    "LOCATION": one_of("LOCAL", "REMOTE"),
    "PATH": anything,
    "USERNAME": anything,
    "PASSWORD": anything,
    "SYSTEM_NAME": anything,
    "SVCENAME": SERVICE,
}

REPEATABLE = {"COMP", "LANG", "INSTANCE", "DATABASE", "ENCRYPTED"}


@dataclass
class Response:
    """What a response file says, and what is wrong with it."""

    values: dict[str, list[str]] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    def get(self, keyword: str, default: str = "") -> str:
        """The value of `keyword`."""
        return self.values.get(keyword, [default])[-1]

    def instance(self, identifier: str) -> dict[str, str]:
        """The keywords of one instance without their prefix."""
        prefix = f"{identifier}."
        return {key.removeprefix(prefix): found[-1] for key, found in self.values.items() if key.startswith(prefix)}


def parse(text: str, *, windows: bool) -> Response:
    """Read a response file; every problem is listed, as the setup programs do in their log."""
    response = Response()
    # On UNIX a carriage return is a character like any other, and so spoils the value it ends.
    for count, raw in enumerate(text.splitlines() if windows else text.split("\n"), 1):
        line = raw.strip(" \t")
        if not line or line[0] in "*#":
            continue
        line = re.split(r"\*\*|##", line)[0].rstrip(" \t")
        match = re.fullmatch(r"([^\s=]+)\s*=[ \t]*(.*)", line, re.DOTALL)
        if not match:
            response.problems.append(f"line {count}: not of the form KEYWORD = VALUE")
            continue
        keyword, value = match.groups()
        if keyword in response.values and keyword not in REPEATABLE:
            response.problems.append(f'line {count}: the keyword "{keyword}" is given twice')
        response.values.setdefault(keyword, []).append(value)
    _check(response, windows)
    return response


def unplayed(response: Response, beginnings: tuple[str, ...]) -> list[str]:
    """Problems with keywords that the product knows and the lab does not act out."""
    found = [keyword for keyword in response.values if keyword.startswith(beginnings)]
    return [f'lab: the keyword "{keyword}" is not played out.' for keyword in found]


def _check(response: Response, windows: bool) -> None:
    plain = WINDOWS if windows else UNIX
    prefixed = dict.fromkeys(response.values.get("INSTANCE", []), INSTANCE_WINDOWS if windows else INSTANCE_UNIX)
    prefixed |= dict.fromkeys(response.values.get("DATABASE", []), DATABASE)
    for keyword, values in response.values.items():
        identifier, dot, name = keyword.partition(".")
        known = prefixed.get(identifier, {}) if dot else plain
        check = known.get(name if dot else keyword) or REGISTRY.get(name if dot else keyword)
        if check is None or (dot and identifier not in prefixed):
            response.problems.append(f'The keyword "{keyword}" is not valid in this response file.')
            continue
        for value in values:
            wrong = check(value)
            if wrong:
                shown = "" if name.endswith("PASSWORD") else f' "{value}"'
                response.problems.append(f'The value{shown} of the keyword "{keyword}" is not valid: it {wrong}.')
    _check_rules(response, windows)


def _check_rules(response: Response, windows: bool) -> None:
    configure_only = response.get("CONFIG_ONLY") == "YES"
    if not configure_only and "PROD" not in response.values:
        response.problems.append('The keyword "PROD" is required.')
    if configure_only and "PROD" in response.values:
        response.problems.append('The keyword "PROD" is not allowed with CONFIG_ONLY=YES.')
    if not configure_only and not windows and "FILE" not in response.values:
        response.problems.append('The keyword "FILE" is required.')
    if response.get("LIC_AGREEMENT", "DECLINE") != "ACCEPT":
        response.problems.append('The license agreement is not accepted: "LIC_AGREEMENT" must be ACCEPT.')
    if "COMP" in response.values and response.get("INSTALL_TYPE") != "CUSTOM":
        response.problems.append('The keyword "COMP" is only valid with INSTALL_TYPE=CUSTOM.')
    for identifier in response.values.get("INSTANCE", []):
        said = response.instance(identifier)
        required = ("NAME",) if windows else ("NAME", "FENCED_USERNAME")
        if not windows and said.get("TYPE") == "CLIENT":
            required = ("NAME",)
        response.problems += [
            f'The keyword "{identifier}.{name}" is required.' for name in required if name not in said
        ]
