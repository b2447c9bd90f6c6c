# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""The certificate that a server shows from its key database of GSKit."""

from __future__ import annotations

import re
import ssl
from typing import Any

from ansible.errors import AnsibleActionFail

from ._key_store import Unreadable, from_der
from ._options import require_absolute
from ._resource import Resource, State
from ._target import Target

COMMANDS = {
    "unix": "/usr/opt/ibm/gskta/bin/gsk7capicmd_64",
    "windows": r"C:\Program Files\IBM\gsk7\bin\gsk7capicmd.exe",
}
SIZES = (1024, 2048)
MAX_DAYS = 7300

_SUBJECT = re.compile(r"CN=[^,=\"\\]+(,\s*(OU|O|L|ST|C)=[^,=\"\\]+)*")
_LABEL = re.compile(r"[A-Za-z0-9]([A-Za-z0-9 ._-]*[A-Za-z0-9])?")


class GskitCertificate(Resource):
    """One certificate; the options are those of `gskit_certificate`. `certificate` is what was read last, PEM, and
    `fingerprint` its SHA-1 fingerprint; both are empty where there is none."""

    def __init__(self, options: dict[str, Any], target: Target) -> None:
        self._options = options
        self._target = target
        self._command = options["command"] or COMMANDS[target.platform]
        # Windows takes the owner's rights from the folder.
        self._owned = {
            key: options[key] for key in ("owner", "group") if options["owner"] and options[key] and not target.windows
        }
        self._database_there = False
        self._command_there = False
        self.certificate = self.fingerprint = ""
        self.name = f"key database {options['database']}"
        self._check_options()

    def read(self) -> State:
        outcome = self._target.execute(
            "gskit_read",
            {
                "command": self._command,
                "database": self._options["database"],
                "label": self._options["label"],
                "work_dir": r"C:\WINDOWS\Temp" if self._target.windows else "/tmp",  # noqa: S108
            },
        )
        self._command_there = bool(outcome.get("command"))
        self._database_there = bool(outcome.get("database"))
        self.certificate = (outcome.blob or "").strip() if outcome.get("extract_rc") == "0" else ""
        if not self.certificate:
            return {}
        owned = {key: ", ".join(dict.fromkeys(outcome.all(key))) for key in self._owned}
        try:
            known = from_der(ssl.PEM_cert_to_DER_cert(self.certificate))
        except (ValueError, Unreadable):
            return {"label": self._options["label"], "names": [], **owned}
        self.fingerprint = known.fingerprint
        names = dict.fromkeys([*known.common_names, *known.alternative_names])
        return {"label": self._options["label"], "names": list(names), **owned}

    def wanted(self, current: State) -> State:
        name = self._options["subject"].partition(",")[0].removeprefix("CN=").strip()
        if current and name.lower() not in [known.lower() for known in current["names"]]:
            raise AnsibleActionFail(
                f"subject: the certificate {current['label']} in {self._options['database']} is for "
                f"{', '.join(current['names']) or 'nobody that can be read'}, asked for is {name}; give the name that "
                "it is for, or another label"
            )
        return {"label": self._options["label"], "names": [name], **current, **self._owned}

    def change(self, current: State, wanted: State) -> list[str]:
        del wanted
        if not self._command_there:
            raise AnsibleActionFail(f"command: {self._command} is not on the host; install GSKit, or name the command")
        if not self._database_there and not self._options["password"]:
            raise AnsibleActionFail("password: it is needed to make the key database; give one")
        outcome = self._target.execute(
            "gskit_change",
            {
                "command": self._command,
                "database": self._options["database"],
                "create": not self._database_there,
                "password": self._options["password"],
                "label": self._options["label"],
                "subject": self._options["subject"],
                "size": self._options["size"],
                "days": self._options["days"],
                **self._ownership(current),
            },
        )
        return outcome.all("done")

    def _ownership(self, current: State) -> dict[str, Any]:
        if self._target.windows:
            return {}
        # A run that was killed before it gave the files to their owner leaves only that to do.
        return {"certify": not current, "owner": self._options["owner"], "group": self._options["group"]}

    def _check_options(self) -> None:
        options = self._options
        require_absolute(options["database"], self._target, "database")
        if not options["database"].endswith(".kdb"):
            raise AnsibleActionFail(f"database: {options['database']} does not end in .kdb, as GSKit wants it")
        for name, pattern, what in (
            ("label", _LABEL, "letters, digits, blanks, dots, - and _ only"),
            ("subject", _SUBJECT, "a name such as CN=ldapsrv1.rtp.example,O=Example"),
            ("password", re.compile("[ -~]*"), "printable ASCII only"),
        ):
            if not pattern.fullmatch(options[name] or ""):
                shown = "it" if name == "password" else repr(options[name])
                raise AnsibleActionFail(f"{name}: {shown} is not {what}")
        if options["size"] not in SIZES:
            raise AnsibleActionFail(f"size: {options['size']} is not {' or '.join(map(str, SIZES))}")
        if not 1 <= options["days"] <= MAX_DAYS:
            raise AnsibleActionFail(f"days: {options['days']} is not within 1 to {MAX_DAYS}")
