# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""The first set-up of a Domino server, by recorded answers."""

from __future__ import annotations

import base64
import re
import subprocess
from collections.abc import Callable, Mapping
from typing import Any

from ansible.errors import AnsibleActionFail

from ._detached import DetachedJob, Work, job_folder, program_argv, program_text
from ._file import write_path
from ._options import refuse, require_absolute
from ._programs import Parameter, quote_sh
from ._resource import Resource, State
from ._target import Target

UNDER_WAY = "under way"
LEFT_BEHIND = "profile_left_behind"
DOMAIN = "DominoDomainName"
PROFILE = "stgw-setup.pds"
JAR = "cfgdomserver.jar"
EDITOR = "lotus.domino.setup.DominoServerProfileEdit"


class DominoSetup(Resource):
    """One server; the options are those of `domino_setup`. `read_file` gives the bytes of a file of the controller,
    `show` gets a line of progress now and then."""

    def __init__(
        self,
        options: Mapping[str, Any],
        target: Target,
        read_file: Callable[[str], bytes],
        show: Callable[[str], None],
    ) -> None:
        for name in ("location", "data"):
            require_absolute(options[name], target, name)
        if target.windows:
            refuse(options, ("user",), target)
        elif not re.fullmatch("[a-z_][a-z0-9_]*", options["user"] or ""):
            raise AnsibleActionFail(f"user: {options['user']!r} is not the user of the server; name it, such as notes")
        self._values = {name: str(value) for name, value in options["values"].items()}
        check_values(self._values)
        self._options = options
        self._target = target
        self._read_file = read_file
        self._show = show
        self._separator = "\\" if target.windows else "/"
        self._location: str = options["location"].rstrip("\\/")
        self._data: str = options["data"].rstrip("\\/")
        self._profile = self._join(self._data, PROFILE)
        self.name = f"Domino server in {self._data}"
        self.facts: dict[str, Any] = {}
        """`log_excerpt` once the set-up ran."""

    def _join(self, *parts: str) -> str:
        return self._separator.join(parts)

    # -- state ---------------------------------------------------------------------------------------------------------

    def read(self) -> State:
        ini = self._join(self._location if self._target.windows else self._data, "notes.ini")
        said = self._target.execute("domino_setup_read", {"ini": ini, "recorded": self._profile})
        state: State = {}
        if said.get("setup"):
            state = {"set_up": True, "domain": said.get("domain")}
        elif said.get("leftover") and self._job(b"").status() == "running":
            return {"set_up": UNDER_WAY}
        if said.get("leftover"):
            state[LEFT_BEHIND] = True
        return state

    def wanted(self, current: State) -> State:
        domain = self._values.get(DOMAIN, current.get("domain"))
        return {"set_up": True} if domain is None else {"set_up": True, "domain": domain}

    # -- change --------------------------------------------------------------------------------------------------------

    def change(self, current: State, wanted: State) -> list[str]:
        if current.get("set_up") is True:
            if current["domain"] != wanted["domain"]:
                raise AnsibleActionFail(
                    f"values.{DOMAIN}: the server in {self._data} is set up with the domain {current['domain']!r},"
                    f" which cannot become {wanted['domain']!r}; correct the value, or remove the server first"
                )
            write_path(self._target, self._profile, {}, None)
            return ["removed the profile that an interrupted run left behind"]
        under_way = current.get("set_up") == UNDER_WAY
        content = b"" if under_way else self._read_file(self._options["profile"])
        done = self._job(content).run(join=under_way)
        self.facts = {"log_excerpt": done.excerpt}
        return ["waited for the running set-up" if done.attached else "set the server up"]

    def _job(self, content: bytes) -> DetachedJob:
        name = f"Domino set-up {self._data}"
        parameters: dict[str, Parameter] = {
            "recorded": self._profile,
            "content": base64.encodebytes(content).decode("ascii").removesuffix("\n"),
        }
        if self._target.windows:
            parameters |= {
                "editor": self._editor[0],
                "edits": [subprocess.list2cmdline([*self._editor[1:], *self._edit(name)]) for name in self._values],
                "server": self._join(self._location, "nserver.exe"),
                "folder": job_folder(self._target, name),
            }
        else:
            parameters |= {"user": self._options["user"], "steps": self._steps()}
        return DetachedJob(
            self._target,
            Work(
                name=name,
                argv=program_argv(self._target),
                response_file=program_text(self._target, "domino_setup_run", parameters),
                log=self._join(self._data, "setuplog.txt"),
                timeout=self._options["timeout"],
            ),
            self._show,
        )

    @property
    def _programs(self) -> str:
        if self._options["programs"]:
            return str(self._options["programs"])
        return self._location if self._target.windows else f"{self._location}/notes/latest/ibmpow"

    @property
    def _editor(self) -> list[str]:
        if self._options["editor"]:
            return list(self._options["editor"])
        if self._target.windows:
            java = self._join(self._programs, "jvm", "bin", "java.exe")
            return [java, "-cp", self._join(self._programs, JAR), EDITOR]
        return ["./java", "-cp", JAR, EDITOR]

    def _edit(self, name: str) -> list[str]:
        return [f"-{name}", self._values[name], self._profile]

    def _steps(self) -> str:
        """What the server's user does on AIX, as text of sh."""

        def step(*words: str) -> str:
            return " ".join(map(quote_sh, words)) + " </dev/null || exit 1"

        lines = [f"cd {quote_sh(self._programs)} || exit 1"]
        lines += [step(*self._editor, *self._edit(name)) for name in self._values]
        # The server finds its notes.ini in the folder that it starts in.
        lines += [
            f"cd {quote_sh(self._data)} || exit 1",
            step(f"{self._location}/bin/server", "-silent", self._profile),
        ]
        return "\n".join(lines)


def check_values(values: Mapping[str, str]) -> None:
    """Raise unless every setting can be given to the editor of profiles, whose arguments every local user can see."""
    for name, value in values.items():
        if not re.fullmatch("[A-Za-z]+", name):
            raise AnsibleActionFail(f"values: {name!r} is no setting of a profile; use names such as ServerName")
        if "password" in name.lower():
            raise AnsibleActionFail(
                f"values.{name}: the editor takes it as an argument, which every user of the host can see; record it in"
                " the profile with server -record, and leave it out here"
            )
        # What cmd.exe of Windows would not take as it stands.
        if not re.fullmatch(r'[^"%&|<>^\n\r]+', value):
            raise AnsibleActionFail(
                f'values.{name}: {value!r} is empty or has one of " % & | < > ^ in it; use other characters'
            )
