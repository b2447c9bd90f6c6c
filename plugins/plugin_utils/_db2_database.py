# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""A DB2 database, created by a command or by a vendor's script, and proven by a query."""

from __future__ import annotations

import ntpath
import posixpath
import re
from collections.abc import Callable, Mapping
from typing import Any

from ansible.errors import AnsibleActionFail

from ._db2 import DEFAULT_PATH, database_problem, refuse_name, run_commands, user_problem
from ._detached import DetachedJob, Work
from ._options import require_absolute
from ._outcome import Outcome
from ._programs import Parameter, quote_sh
from ._resource import Resource, State
from ._target import Target

WORKING = "creation"
PROFILE = '. "$HOME/sqllib/db2profile" && '
STOPPED = "SQL1032N"
WINDOWS_LOG = r"C:\Windows\Temp\stgw-{name}.log"


class Db2Database(Resource):
    """One database; the options are those of `db2_database`. `show` gets a line of progress now and then."""

    def __init__(self, options: Mapping[str, Any], target: Target, show: Callable[[str], None], *, check: bool) -> None:
        refuse_name("name", options["name"], database_problem(options["name"]))
        if not target.windows:
            refuse_name("instance", options["instance"], user_problem(options["instance"]))
        if options["script"]:
            require_absolute(options["script"][0], target, "script")
        self._options = options
        self._target = target
        self._check = check
        self._path: str = options["path"] or DEFAULT_PATH[target.platform]
        self._instance: str = options["instance"]
        self._database: str = options["name"].upper()
        self.name = f"DB2 database {self._database}"
        self._tables = 0
        self._job = DetachedJob(target, self._work(), show)

    # -- state ---------------------------------------------------------------------------------------------------------

    def read(self) -> State:
        verify = self._options["verify"] or {}
        parameters: dict[str, Parameter] = {
            "name": self._instance,
            "database": self._database,
            "query": verify.get("query"),
        }
        if self._target.windows:
            parameters["path"] = self._path
        said = self._target.execute("db2_database_read", parameters)
        state: State = {WORKING: "still working"} if self._job.status() == "running" else {}
        if not said.get("exists"):
            return state
        if not said.get("connected") and not state:
            if self._check and STOPPED in said.get("problem"):
                # A dry run: the step before this one would have started the instance. Nothing speaks against the
                # database, so nothing is announced.
                return self.wanted({key: said.get(key) for key in ("codeset", "territory") if said.get(key)})
            raise AnsibleActionFail(
                f"name: the database {self._database} exists, but DB2 does not let anybody in:"
                f" {said.get('problem') or 'it does not say why'}"
            )
        if not said.get("connected"):
            return state
        self._tables = self._number(said, "tables", "syscat.tables")
        state |= {
            "database": self._database,
            "codeset": said.get("codeset"),
            "territory": said.get("territory"),
        }
        if verify:
            state["complete"] = self._number(said, "count", "verify.query") >= verify["at_least"]
        return state

    def _number(self, said: Outcome, key: str, what: str) -> int:
        """A number that was asked for. Its absence must not pass for 0: a database with 0 tables may be dropped."""
        if not re.fullmatch(r"\d+", said.get(key)):
            raise AnsibleActionFail(f"{what}: the database {self._database} says {said.get(key)!r} instead of a number")
        return int(said.get(key))

    def wanted(self, current: State) -> State:
        state: State = {
            "database": self._database,
            "codeset": self._options["codeset"].upper(),
            "territory": self._options["territory"].upper(),
        }
        for key in ("codeset", "territory"):
            found = str(current.get(key, state[key])).upper()
            if found != state[key]:
                raise AnsibleActionFail(
                    f"{key}: the database {self._database} has {found}, not {state[key]}, which cannot be changed; drop"
                    " the database if it holds nothing of value, or ask for what it has"
                )
        if self._options["verify"]:
            state["complete"] = True
        return state

    # -- change --------------------------------------------------------------------------------------------------------

    def change(self, current: State, wanted: State) -> list[str]:
        done = []
        if WORKING not in current and current.get("database"):
            self._require_worthless()
            commands = ["db2 force application all", f"db2 drop database {self._database}", "db2 terminate"]
            run_commands(self._target, self._path, self._instance, commands)
            done.append(f"dropped the incomplete database {self._database}")
        job = self._job.run(join=WORKING in current)
        if not self.read():
            option = "script" if self._options["script"] else "name"
            raise AnsibleActionFail(
                f"{option}: the creation of {self._database} ended with exit code {job.rc}, but there is no such"
                f" database afterwards. End of what it said:\n{job.excerpt}"
            )
        del wanted
        return [*done, f"waited for the creation of {self._database}" if job.attached else f"created {self._database}"]

    def _require_worthless(self) -> None:
        allowed = self._options["replace_incomplete"]
        if allowed == "always" or (allowed == "empty" and not self._tables):
            return
        raise AnsibleActionFail(
            f"replace_incomplete: the database {self._database} is not what verify asks for and has {self._tables}"
            f" tables; {allowed!r} forbids to drop it. If its creation was interrupted and nothing in it is of value,"
            " run once with 'always'; otherwise check verify.query"
        )

    # -- creation ------------------------------------------------------------------------------------------------------

    def _work(self) -> Work:
        options = self._options
        log = None
        environment: dict[str, str] = {}
        if self._target.windows:
            log = WINDOWS_LOG.format(name=self._database.lower())
            bin_folder = self._path + r"\BIN"
            environment = {
                "DB2CLP": "**$$**",
                "DB2INSTANCE": self._instance,
                "Path": rf"{bin_folder};C:\WINDOWS\system32;C:\WINDOWS",
            }
            argv = self._windows_argv(bin_folder)
        else:
            argv = ["su", "-", self._instance, "-c", self._unix_command()]
        return Work(
            name=f"create DB2 database {self._database}",
            argv=argv,
            log=log,
            environment=environment,
            accepted_rc=options["accepted_rc"],
            timeout=options["timeout"],
        )

    def _statement(self) -> str:
        options = self._options
        where = f" on {options['database_path']}" if options["database_path"] else ""
        codeset, territory = options["codeset"], options["territory"]
        return f"create database {self._database}{where} using codeset {codeset} territory {territory}"

    def _unix_command(self) -> str:
        script = self._options["script"]
        if not script:
            return f"{PROFILE}db2 {quote_sh(self._statement())}"
        folder = posixpath.dirname(script[0])
        # By sh: media copied from elsewhere often have lost their x bits.
        words = " ".join(quote_sh(word) for word in ["./" + posixpath.basename(script[0]), *script[1:]])
        return f"{PROFILE}cd {quote_sh(folder)} && exec /bin/sh {words}"

    def _windows_argv(self, bin_folder: str) -> list[str]:
        script = self._options["script"]
        words = script or [ntpath.join(bin_folder, "db2.exe"), self._statement()]
        # `call` in front: cmd would take off the first and last quote of a line that begins with one.
        return ["cmd.exe", "/c", "call", *words, ">", "{log}", "2>&1"]
