# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""A profile of a WebSphere installation."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, NoReturn

from ansible.errors import AnsibleActionFail

from ._detached import DetachedJob, Work, job_folder, program_argv, program_text
from ._detection import profile_entry
from ._options import require_absolute
from ._resource import Resource, State
from ._serverindex import parse
from ._target import Target
from ._was_credentials import properties_text

COMPLETE, INTERRUPTED, UNDER_WAY = "complete", "interrupted", "under way"
SUCCESS, PARTIAL, FAILED = "INSTCONFSUCCESS", "INSTCONFPARTIALSUCCESS", "INSTCONFFAILED"
# Any: the verdict is a text.
ANY_RC = range(-(2**31), 2**32)
# What an existing profile is compared by, with the option of the same name.
COMPARED = ("path", "template", "node", "host", "cell")


class WasProfile(Resource):
    """One profile; the options are those of `was_profile`. `show` gets a line of progress now and then."""

    def __init__(self, options: Mapping[str, Any], target: Target, show: Callable[[str], None]) -> None:
        require_absolute(options["root"], target, "root")
        self._options = options
        self._target = target
        self._show = show
        self._profile: str = options["name"]
        if not re.fullmatch(r"[A-Za-z0-9_][\w.-]*", self._profile):
            raise AnsibleActionFail(
                f"name: {self._profile!r} is not the name of a profile: letters, digits, _ . - only"
            )
        self._separator = "\\" if target.windows else "/"
        self._root: str = options["root"].rstrip("\\/")
        self._path: str = options["path"] or self._separator.join([self._root, "profiles", self._profile])
        require_absolute(self._path, target, "path")
        self._registered = False
        self._folder = ""
        self._federated = False
        self.facts: dict[str, Any] = {}
        """`log_excerpt` once manageprofiles ran."""
        self.name = f"profile {self._profile}"

    # -- state ---------------------------------------------------------------------------------------------------------

    def read(self) -> State:
        said = self._target.execute("was_profile_read", {"root": self._root, "path": self._path})
        entries = [profile_entry(line) for line in said.all("entry")]
        mine = next((entry for entry in entries if entry.get("name") == self._profile), None)
        self._folder = said.get("folder")
        self._registered = mine is not None
        self._federated = bool(said.get("federated"))
        owner = next((entry for entry in entries if self._same_path(entry.get("path", ""), self._path)), None)
        if owner is not None and owner is not mine:
            raise AnsibleActionFail(
                f"path: {self._path} is the folder of profile {owner.get('name')}; give {self._profile} another"
            )
        if mine is None or mine.get("isAReservationTicket") == "true" or not self._folder:
            return self._unfinished()
        state: State = {"profile": COMPLETE, "path": mine.get("path", ""), "template": _last(mine.get("template", ""))}
        index = parse(said.blob)
        state |= {key: said.get(key) for key in ("cell", "node")}
        if index.host:
            state["host"] = index.host
        if self._options["ports"]:
            ports = {name: port for entry in index.servers for name, port in entry.ports.items()}
            state["ports"] = {name: ports[name] for name in self._options["ports"] if name in ports}
        return state

    def _unfinished(self) -> State:
        """What is there of a profile that is not complete."""
        if not self._registered and self._folder in ("", "empty"):
            return {}
        if self._job("create").status() == "running":
            return {"profile": UNDER_WAY}
        if self._folder == "foreign":
            if self._options["state"] == "absent" and not self._registered:
                return {}
            raise AnsibleActionFail(
                f"path: {self._path} holds files that are not those of a profile; take them away or give another path"
            )
        return {"profile": INTERRUPTED}

    def wanted(self, current: State) -> State:
        if self._options["state"] == "absent":
            return {}
        state: State = {"profile": COMPLETE, "path": self._path}
        for key in COMPARED[1:]:
            value = self._options[key]
            if value is not None or key in current:
                state[key] = current.get(key) if value is None else value
        if current.get("profile") == COMPLETE:
            if self._federated:
                state["cell"] = current["cell"]
            if self._same_path(current["path"], self._path):
                state["path"] = current["path"]
            if "host" in current and current["host"].casefold() == state["host"].casefold():
                state["host"] = current["host"]
        if self._options["ports"]:
            state["ports"] = {name: int(port) for name, port in self._options["ports"].items()}
        return state

    def _same_path(self, one: str, other: str) -> bool:
        if self._target.windows:
            one, other = one.replace("/", "\\").casefold(), other.replace("/", "\\").casefold()
        return one.rstrip("\\/") == other.rstrip("\\/")

    # -- change --------------------------------------------------------------------------------------------------------

    def change(self, current: State, wanted: State) -> list[str]:
        if not wanted:
            return self._delete(current)
        if current.get("profile") == COMPLETE:
            self._refuse(current, wanted)
        done = self._clean() if current.get("profile") == INTERRUPTED else []
        if current.get("profile") != UNDER_WAY:
            self._check_options()
        self._manage("create")
        return [*done, f"manageprofiles -create {self._profile}"]

    def _refuse(self, current: State, wanted: State) -> NoReturn:
        key = next(key for key in (*COMPARED, "ports") if current.get(key) != wanted.get(key))
        raise AnsibleActionFail(
            f"{key}: profile {self._profile} is there with {key} {current.get(key)!r}, which cannot be made"
            f" {wanted.get(key)!r}; correct the option, or delete the profile with state: absent"
        )

    def _check_options(self) -> None:
        for option in ("template", "node", "host"):
            if not self._options[option]:
                raise AnsibleActionFail(f"{option}: needed to create the profile {self._profile}")

    def _clean(self) -> list[str]:
        """Take away what an interrupted creation left."""
        self._target.execute("was_profile_remove", {"path": self._path})
        if self._registered:
            # The product's own way to forget profiles whose folder is gone.
            self._manage("validateAndUpdateRegistry")
        return [f"removed what an interrupted creation of {self._profile} left"]

    def _delete(self, current: State) -> list[str]:
        if current.get("profile") == UNDER_WAY:
            raise AnsibleActionFail(f"state: manageprofiles is creating {self._profile} right now; wait for it")
        if current.get("profile") == INTERRUPTED:
            return self._clean()
        self._manage("delete")
        # The product leaves the logs.
        self._target.execute("was_profile_remove", {"path": self._path})
        return [f"manageprofiles -delete {self._profile}"]

    def _manage(self, action: str) -> None:
        done = self._job(action).run()
        self.facts = {"log_excerpt": done.excerpt}
        text = done.excerpt
        if done.rc is None or (action == "validateAndUpdateRegistry" and done.rc == 0):
            return
        if FAILED not in text and PARTIAL not in text and (SUCCESS in text or (action != "create" and done.rc == 0)):
            return
        verdict = "ended with errors" if PARTIAL in text else f"failed with exit code {done.rc}"
        log = self._separator.join([self._root, "logs", "manageprofiles", f"{self._profile}_{action}.log"])
        raise AnsibleActionFail(
            f"{self.name}: manageprofiles -{action} {verdict}; see {log}\n{text}", result=dict(self.facts)
        )

    def _job(self, action: str) -> DetachedJob:
        ending = ".bat" if self._target.windows else ".sh"
        ports = self._options["ports"] if action == "create" else None
        name = f"manageprofiles {action} {self._path}"
        parameters = {
            "program": self._separator.join([self._root, "bin", f"manageprofiles{ending}"]),
            "answers": self._answers(action).rstrip("\n"),
            "ports": properties_text({name: str(port) for name, port in ports.items()}).rstrip("\n") if ports else "",
            "folder": job_folder(self._target, name),
        }
        return DetachedJob(
            self._target,
            Work(
                name=name,
                argv=program_argv(self._target),
                response_file=program_text(self._target, "was_profile_run", parameters),
                accepted_rc=ANY_RC,
                timeout=self._options["timeout"],
            ),
            self._show,
        )

    def _answers(self, action: str) -> str:
        """The response file: the action, and its arguments as properties."""
        if action == "validateAndUpdateRegistry":
            return f"{action}\n"
        values = {"profileName": self._profile}
        if action != "create":
            return f"{action}\n" + properties_text(values)
        options = self._options
        values["profilePath"] = self._path
        if options["template"]:
            values["templatePath"] = self._separator.join([self._root, "profileTemplates", options["template"]])
        for key, name in (("cell", "cellName"), ("node", "nodeName"), ("host", "hostName"), ("server", "serverName")):
            if options[key]:
                values[name] = options[key]
        if options["default"]:
            values["isDefault"] = "true"
        if options["starting_port"] is not None:
            values["startingPort"] = str(options["starting_port"])
        if options["template"] == "managed":
            values["federateLater"] = "true"
        security = options["security"]
        # A managed profile gets the security of the cell that it joins.
        if options["template"] != "managed":
            values["enableAdminSecurity"] = "true" if security else "false"
        if security and options["template"] != "managed":
            values |= {"adminUserName": security["user"], "adminPassword": security["password"]}
        return f"{action}\n" + properties_text(values)


def _last(path: str) -> str:
    return re.split(r"[\\/]", path)[-1]
