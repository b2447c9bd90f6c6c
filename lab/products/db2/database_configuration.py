"""The configuration of a database: what `db2 get db cfg` shows and `db2 update db cfg` changes."""

from __future__ import annotations

import re
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass
from typing import Any

from lab.products.db2 import clp_text
from lab.products.db2.database import SqlError
from lab.products.db2.response import Check, number, one_of

UPDATED = "DB20000I  The UPDATE DATABASE CONFIGURATION command completed successfully."
NOT_AT_ONCE = (
    "\nSQL1363W  One or more of the parameters submitted for immediate modification \nwere not changed dynamically. "
    "For these configuration parameters, all \napplications must disconnect from this database before the changes "
    "become \neffective."
)
_LOG_FILES = 256
_NUMBER_OR_AUTOMATIC = re.compile(r"AUTOMATIC|\d{1,10}")


@dataclass(frozen=True)
class Parameter:
    """What it is called, its value in a new database, what it takes, and whether a change works at once."""

    title: str
    default: str
    check: Check
    at_once: bool = False


def _size(value: str) -> str | None:
    return None if _NUMBER_OR_AUTOMATIC.fullmatch(value) else "must be a number or AUTOMATIC"


def _seconds(value: str) -> str | None:
    return None if value == "-1" else number(0, 32767)(value)


_ON_OFF = one_of("ON", "OFF")
PARAMETERS: Mapping[str, Parameter] = {
    "DFT_QUERYOPT": Parameter("Default query optimization class", "5", number(0, 9), at_once=True),
    "DLCHKTIME": Parameter("Interval for checking deadlock (ms)", "10000", number(1000, 600000), at_once=True),
    "SELF_TUNING_MEM": Parameter("Self tuning memory", "ON", _ON_OFF, at_once=True),
    "DATABASE_MEMORY": Parameter("Size of database shared memory (4KB)", "AUTOMATIC", _size, at_once=True),
    "LOCKLIST": Parameter("Max storage for lock list (4KB)", "AUTOMATIC", _size, at_once=True),
    "MAXLOCKS": Parameter("Percent. of lock lists per application", "AUTOMATIC", _size, at_once=True),
    "PCKCACHESZ": Parameter("Package cache size (4KB)", "AUTOMATIC", _size, at_once=True),
    "SORTHEAP": Parameter("Sort list heap (4KB)", "AUTOMATIC", _size, at_once=True),
    "DBHEAP": Parameter("Database heap (4KB)", "1200", number(32, 524288), at_once=True),
    "LOGBUFSZ": Parameter("Log buffer size (4KB)", "8", number(4, 65535)),
    "LOCKTIMEOUT": Parameter("Lock timeout (sec)", "-1", _seconds),
    "CHNGPGS_THRESH": Parameter("Changed pages threshold", "60", number(5, 99)),
    "NUM_IOCLEANERS": Parameter("Number of asynchronous page cleaners", "AUTOMATIC", _size),
    "MAXAPPLS": Parameter("Max number of active applications", "AUTOMATIC", _size, at_once=True),
    "MAXFILOP": Parameter("Max DB files open per application", "64", number(2, 61440), at_once=True),
    "LOGFILSIZ": Parameter("Log file size (4KB)", "1000", number(4, 262144)),
    "LOGPRIMARY": Parameter("Number of primary log files", "3", number(2, _LOG_FILES)),
    "LOGSECOND": Parameter("Number of secondary log files", "2", number(0, 254), at_once=True),
    "AUTO_MAINT": Parameter("Automatic maintenance", "ON", _ON_OFF, at_once=True),
    "AUTO_RUNSTATS": Parameter("Automatic runstats", "ON", _ON_OFF, at_once=True),
}


def listing(name: str, entry: Mapping[str, Any]) -> str:
    """What `db2 get db cfg for` prints; `entry` is the record of the database."""
    utf8 = entry["codeset"] == "UTF-8"
    lines = ["", f"       Database Configuration for Database {name}", ""]
    for title, value in (
        ("Database configuration release level", "0x0b00"),
        ("Database territory", entry["territory"]),
        ("Database code page", "1208" if utf8 else "819"),
        ("Database code set", entry["codeset"]),
        ("Database country/region code", "1"),
    ):
        lines.append(f" {title:<55} = {value}")
    values = entry.get("config", {})
    for key, parameter in PARAMETERS.items():
        lines.append(f" {parameter.title:<40} {f'({key})':>16} = {values.get(key, parameter.default)}")
    return "\n".join(lines) + "\n"


def update(entry: MutableMapping[str, Any], text: str) -> bool:
    """Change parameters in the record of a database as the text behind `USING` says, all of them or none; whether all
    work at once. Raises `SqlError`."""
    changes = clp_text.changes(text.upper(), {key: parameter.check for key, parameter in PARAMETERS.items()})
    values = {**entry.get("config", {}), **changes}
    files = sum(int(values.get(key, PARAMETERS[key].default)) for key in ("LOGPRIMARY", "LOGSECOND"))
    if files > _LOG_FILES:
        raise SqlError("SQL5101N  The requested change would cause LOGPRIMARY + LOGSECOND to be greater than 256.")
    entry["config"] = values
    return all(PARAMETERS[key].at_once for key in changes)
