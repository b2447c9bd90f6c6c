# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""Launches wsadmin once: one script, one request, one result, and each way to fail in plain words."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ansible.errors import AnsibleActionFail

from ._outcome import Outcome
from ._programs import jy_source
from ._target import Target
from ._was_credentials import soap_properties

MARK = "@@STGW "
TAIL_LINES = 25

NOT_CONNECTED = ("WASX7023E", "WASX8011W", "WASX7213I", "ADMC0016E")
REFUSED = ("WASX7246E", "ADMN0022E", "SECJ0305I", "SECJ0369E")
NO_PROFILE = "WCMD0003E"
LOST = "ADMC0009E"
NOT_SAVED = "WASX7309W"


@dataclass(frozen=True)
class Access:
    """How wsadmin reaches the configuration; `profile` is a path on the target. `port` is that of SOAP."""

    profile: str
    user: str | None
    password: str | None
    connection: str
    host: str
    port: int
    timeout: int

    @classmethod
    def of(cls, options: Mapping[str, Any], port: int) -> Access:
        """From the options of a module, where `port` is what they leave out."""
        return cls(
            profile=options["profile"],
            user=options["user"],
            password=options["password"],
            connection=options.get("connection", "soap"),
            host=options["host"],
            port=options["port"] or port,
            timeout=options["timeout"],
        )

    @property
    def arguments(self) -> list[str]:
        """The words of wsadmin's command line that say so."""
        if self.connection == "none":
            return ["-conntype", "NONE"]
        return ["-conntype", "SOAP", "-host", self.host, "-port", str(self.port)]

    @property
    def place(self) -> str:
        return f"{self.host}:{self.port}"


def launch(target: Target, access: Access, program: str, request: str, ahead: str = "") -> dict[str, Any]:
    """Run `programs/<program>.jy` with a file of the text `request`; the literal that it prints behind `MARK`. `ahead`
    is a text of Jython 2.1 that it builds on.

    Raises when there is none, with the option to correct.
    """
    credentials = ""
    if access.user and access.connection == "soap":
        credentials = soap_properties(access.user, access.password or "").rstrip("\n")
    outcome = target.execute(
        "was_launch",
        {
            "profile_path": access.profile,
            "connection": access.arguments,
            "credentials": credentials,
            "script": (ahead + jy_source(program)).rstrip("\n"),
            "request": request.rstrip("\n"),
            "timeout": access.timeout,
            "work_dir": r"C:\WINDOWS\Temp" if target.windows else "/tmp",  # noqa: S108 - the program makes a folder there
        },
    )
    return result_of(outcome, access, target)


def result_of(outcome: Outcome, access: Access, target: Target) -> dict[str, Any]:
    """The result in what wsadmin said; raises where it is none."""
    said = target.mask(outcome.blob or "")
    if outcome.get("timeout"):
        raise AnsibleActionFail(
            f"timeout: wsadmin did not end within {access.timeout} seconds and was ended. Look at the SystemOut.log of"
            f" the deployment manager, or raise timeout, and run the task again: what was saved stays.\n{_tail(said)}"
        )
    if any(number in said for number in REFUSED):
        raise AnsibleActionFail(
            f"user, password: {access.place} refuses {access.user or 'a connection without user'};"
            f" give an administrator of the cell and the right password.\n{_tail(said)}"
        )
    if access.connection == "soap" and any(number in said for number in NOT_CONNECTED):
        raise AnsibleActionFail(
            f"host, port: no deployment manager answers at {access.place}; start it (sametime.gateway.was_server), or"
            f" correct host and port, its SOAP_CONNECTOR_ADDRESS.\n{_tail(said)}"
        )
    if NO_PROFILE in said:
        raise AnsibleActionFail(f"profile: WebSphere does not know {access.profile} as a profile.\n{_tail(said)}")
    found = re.search(rf"^{MARK}(.*)$", outcome.blob or "", re.MULTILINE)
    if not found and LOST in said:
        raise AnsibleActionFail(
            f"the deployment manager at {access.place} went away meanwhile; see its SystemOut.log, start it"
            " (sametime.gateway.was_server), and run the task again: it compares anew with what was saved.\n"
            f"{_tail(said)}"
        )
    if not found:
        # Killed before or after the save: who can tell.
        saved = f"nothing was saved ({NOT_SAVED})" if NOT_SAVED in said else "run the task again, it compares anew"
        raise AnsibleActionFail(
            f"wsadmin ended with exit code {outcome.get('rc')} and no result; {saved}. It said:\n{_tail(said)}"
        )
    result: dict[str, Any] = ast.literal_eval(found[1].strip())
    return result


def _tail(text: str) -> str:
    return "\n".join(text.strip().splitlines()[-TAIL_LINES:]) or "it said nothing"
