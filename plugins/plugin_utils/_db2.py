# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""What the DB2 modules have in common: names, their rules, and commands run for an instance."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ansible.errors import AnsibleActionFail

from ._programs import Parameter
from ._target import Target

DEFAULT_PATH = {"unix": "/opt/IBM/db2/V9.1", "windows": r"C:\Program Files\IBM\SQLLIB"}

RESERVED_NAMES = ("users", "admins", "guests", "public", "local")
RESERVED_BEGINNINGS = ("sql", "ibm", "sys")


def user_problem(name: str) -> str | None:
    """What is wrong with the name of an AIX user that DB2 works with."""
    if not re.fullmatch("[a-z_][a-z0-9_]{0,7}", name):
        return "DB2 on AIX allows 1 to 8 lower-case letters, digits and _, not beginning with a digit"
    if name in RESERVED_NAMES or name.startswith(RESERVED_BEGINNINGS):
        return f"DB2 reserves {', '.join(RESERVED_NAMES)} and names that begin with {', '.join(RESERVED_BEGINNINGS)}"
    return None


def database_problem(name: str) -> str | None:
    """What is wrong with the name of a database."""
    if not re.fullmatch("[A-Za-z@#$][A-Za-z0-9@#$_]{0,7}", name):
        return (
            f"it has {len(name)} characters; DB2 allows 1 to 8 letters, digits, @, #, $ and _, beginning with no digit"
        )
    return None


def refuse_name(option: str, name: str, problem: str | None) -> None:
    """Raise when there is a problem with the value `name` of `option`."""
    if problem:
        raise AnsibleActionFail(f"{option}: {name!r} is not possible: {problem}")


def run_commands(target: Target, path: str, instance: str, commands: Sequence[str]) -> str:
    """Run DB2 commands, such as `db2 get dbm cfg`, in one session of the instance; what they say."""
    parameters: dict[str, Parameter] = {"name": instance, "commands": list(commands)}
    if target.windows:
        parameters["path"] = path
    outcome = target.execute("db2_run", parameters, check=False)
    said = (outcome.blob or "").strip()
    if outcome.rc != 0:
        raise AnsibleActionFail(f"instance {instance}: {outcome.stderr.strip()}\n{target.mask(said)}".rstrip())
    return said
