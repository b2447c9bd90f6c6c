# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""A server of a WebSphere profile: whether it runs."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

from ansible.errors import AnsibleActionFail

from ._options import require_absolute
from ._outcome import Outcome
from ._resource import Resource, State
from ._serverindex import DMGR, NODE_AGENT, SOAP, ServerEntry, parse
from ._target import Target
from ._was_command import Leftover, Said, WasCommand

STARTED, STOPPED, STARTING, RESTARTED, ABSENT = "started", "stopped", "starting", "restarted", "absent"
TOOLS = {DMGR: "Manager", NODE_AGENT: "Node"}
RUNS_ALREADY = "ADMU3027E"
STOPPED_ALREADY = "ADMU0509I"
DENIED = ("ADMN0022E", "SECJ0305I")
PAUSE_S = 2


class WasServer(Resource):
    """One server; the options are those of `was_server`. `show` gets a line of progress now and then."""

    def __init__(self, options: Mapping[str, Any], target: Target, show: Callable[[str], None]) -> None:
        require_absolute(options["profile"], target, "profile")
        if options["timeout"] <= 0:
            raise AnsibleActionFail(f"timeout: {options['timeout']} is not a number of seconds above 0")
        self._options = options
        self._target = target
        self._show = show
        self._profile: str = options["profile"].rstrip("\\/")
        self._leftover = Leftover(target, self._profile)
        self._server: str = options["name"]
        self._restart_due = options["state"] == RESTARTED
        self._said = Outcome(0, (), None, "")
        self._entry: ServerEntry | None = None
        self.name = f"server {self._server}"

    @property
    def facts(self) -> dict[str, Any]:
        """`pid` while it runs, `kind`, `ports`; `newer`: documents that it does not know, or did not when it was
        stopped; `stale`: it runs without knowing them; `start_failed`: it was stopped, and its start failed then."""
        pid = self._said.get("pid")
        newer = self._said.all("newer")
        return {
            "stale": bool(pid and newer),
            "newer": newer,
            "start_failed": bool(self._said.get("failed")),
            **({"pid": int(pid)} if pid else {}),
            **({"kind": self._entry.kind, "ports": self._entry.ports} if self._entry else {}),
        }

    # -- state ---------------------------------------------------------------------------------------------------------

    def read(self) -> State:
        return {"status": self._seen(), **self._leftover.state()}

    def _seen(self) -> str:
        """Look at the server again."""
        said = self._target.execute("was_server_read", {"profile_path": self._profile, "name": self._server})
        self._said = said
        self._entry = next((entry for entry in parse(said.blob).servers if entry.name == self._server), None)
        return self._status

    @property
    def _known(self) -> bool:
        return self._entry is not None and bool(self._said.get("configured"))

    @property
    def _status(self) -> str:
        if not self._known:
            return ABSENT
        if not self._said.get("pid"):
            return STOPPED
        return STARTED if self._port_open else STARTING

    @property
    def _port(self) -> int:
        return self._entry.ports.get(SOAP, 0) if self._entry else 0

    @property
    def _port_open(self) -> bool:
        return not self._port or str(self._port) in self._said.all("listening")

    def wanted(self, current: State) -> State:
        if self._restart_due:
            return {"status": RESTARTED}
        if self._options["state"] == STOPPED:
            # What is not there does not run; on a host where nothing is installed yet there is nothing to stop.
            return {"status": ABSENT if current["status"] == ABSENT else STOPPED}
        return {"status": STARTED}

    # -- change --------------------------------------------------------------------------------------------------------

    def change(self, current: State, wanted: State) -> list[str]:
        if current["status"] == ABSENT and wanted["status"] != ABSENT:
            raise AnsibleActionFail(self._unknown())
        done = []
        if Leftover.KEY in current:
            done.append(self._leftover.remove())
        status = current["status"]
        if status in (STARTED, STARTING) and wanted["status"] in (RESTARTED, STOPPED):
            done.append(self._stop())
            status = STOPPED
        if status in (STOPPED, STARTING) and wanted["status"] in (RESTARTED, STARTED):
            done.append(self._start())
        self._restart_due = False
        return done

    def _unknown(self) -> str:
        profile = self._profile
        if not self._said.get("cell"):
            return f"profile: there is no profile in {profile}; create it with was_profile"
        return (
            f"name: the configuration of {profile} has no server {self._server!r} on node {self._said.get('node')}; a"
            " server that was made at the deployment manager is there once the node is synchronised"
        )

    def _start(self) -> str:
        if not self._said.get("pid") and self._port and self._port_open:
            raise AnsibleActionFail(
                f"{self.name}: its port {self._port} ({SOAP}) is in use by another program of this host, so it cannot"
                " be started; end that program, or change the port in the configuration"
            )
        tool, arguments = self._tool("start")
        if self._said.get("pid"):
            # It is on its way, or hangs.
            self._await_port(Said(0, ""))
            return f"waited for {self._server} to start"
        said = self._run(tool, arguments, None)
        if said.rc in (0, None) or RUNS_ALREADY in said.text:
            self._await_port(said)
            return " ".join([tool, *arguments[:-2]])
        raise AnsibleActionFail(self._start_failure(tool, said), result={"log_excerpt": said.text})

    def _await_port(self, said: Said) -> None:
        deadline = time.monotonic() + self._options["timeout"]
        while self._seen() != STARTED:
            if not self._said.get("pid"):
                raise AnsibleActionFail(
                    f"{self.name}: it was started and has ended again; see SystemOut.log in {self._logs}\n{said.text}"
                )
            if time.monotonic() >= deadline:
                raise AnsibleActionFail(
                    f"{self.name}: process {self._said.get('pid')} is there, but does not open its port {self._port}"
                    f" within {self._options['timeout']} seconds; see SystemOut.log in {self._logs}"
                )
            time.sleep(PAUSE_S)

    def _start_failure(self, tool: str, said: Said) -> str:
        taken = self._taken_ports()
        if taken:
            return (
                f"{self.name}: {tool} failed with exit code {said.rc}; other programs of this host may have taken its"
                f" ports {', '.join(taken)}\n{said.text}"
            )
        return f"{self.name}: {tool} failed with exit code {said.rc}; see SystemOut.log in {self._logs}\n{said.text}"

    def _taken_ports(self) -> list[str]:
        """End points of the stopped server that something listens on."""
        self._seen()
        if self._said.get("pid") or self._entry is None:
            return []
        listening = set(self._said.all("listening"))
        return [f"{port} ({name})" for name, port in self._entry.ports.items() if port and str(port) in listening]

    def _stop(self) -> str:
        credentials = self._credentials()
        tool, arguments = self._tool("stop")
        pid = self._said.get("pid")
        said = self._run(tool, arguments, credentials)
        words = " ".join([tool, *arguments[:-2]])
        # Another process is one that somebody started behind the stop: init, a node agent, an administrator.
        if self._seen() == STOPPED or self._said.get("pid") != pid:
            return words
        if any(number in said.text for number in DENIED) or (STOPPED_ALREADY in said.text and credentials):
            # Without rights the product says that the server cannot be reached.
            raise AnsibleActionFail(
                f"{self.name}: it runs on, {tool} did not get through to it: is {self._options['user']} an"
                f" administrator of its cell, and the password right?\n{said.text}",
                result={"log_excerpt": said.text},
            )
        raise AnsibleActionFail(
            f"{self.name}: {tool} ended with exit code {said.rc}, but process {self._said.get('pid')} is still there\n"
            f"{said.text}",
            result={"log_excerpt": said.text},
        )

    def _credentials(self) -> tuple[str, str] | None:
        if self._options["user"]:
            return self._options["user"], self._options["password"]
        if self._said.get("security") and not self._said.get("login"):
            raise AnsibleActionFail(
                f"user: administrative security is on and {self.name} runs, so user and password are needed to stop it"
            )
        return None

    def _tool(self, verb: str) -> tuple[str, list[str]]:
        kind = TOOLS.get(self._entry.kind if self._entry else "")
        wait = ["-timeout", str(self._options["timeout"])]
        return (f"{verb}{kind}", wait) if kind else (f"{verb}Server", [self._server, *wait])

    def _run(self, tool: str, arguments: list[str], credentials: tuple[str, str] | None) -> Said:
        command = WasCommand(
            self._target,
            self._profile,
            tool,
            arguments,
            self._show,
            credentials=credentials,
            timeout=self._options["timeout"],
        )
        return command.run()

    @property
    def _logs(self) -> str:
        separator = "\\" if self._target.windows else "/"
        return separator.join([self._profile, "logs", self._server])
