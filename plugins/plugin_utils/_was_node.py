# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""The node of a WebSphere profile: whether it belongs to the cell of a deployment manager."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from ansible.errors import AnsibleActionFail

from ._options import require_absolute
from ._resource import Resource, State, ensure
from ._serverindex import DMGR, NODE_AGENT, SOAP, ServerEntry, parse
from ._target import Target
from ._was_command import Leftover, Said, WasCommand
from ._was_server import WasServer

NONE, COMPLETE, INTERRUPTED, UNDER_WAY = "none", "complete", "interrupted", "under way"
FEDERATED = "ADMU0003I"

# What the commands say, and what that means here. `{host}` and `{port}` are those of the deployment manager.
REASONS = {
    "name": (
        r"UnknownHostException",
        "dmgr_host: the name {host} cannot be resolved on this host, or the deployment manager cannot resolve the name"
        " of this host; correct DNS or the hosts file",
    ),
    "clock": (
        r"ADMU0126E|system clock",
        "the clocks of this host and of {host} are more than five minutes apart; set them by NTP or by hand",
    ),
    "level": (
        r"ADMU0125E",
        "the WebSphere of {host} is older than that of this host; bring it to the same level first",
    ),
    "rights": (
        r"ADMN0022E|SECJ0305I|authentication fail",
        "user, password: {host}:{port} refuses them; they must be those of an administrator of its cell",
    ),
    "taken": (
        r"ADMU0045E|already exists in the cell",
        "the cell of {host}:{port} has a node of this name already; give the profile another node, or remove the node"
        " that is there with cleanupNode at the deployment manager if its host is gone",
    ),
    "cell": (
        r"same name as|[Cc]ell name|name of the cell",
        "cell: the profile's own cell has the same name as the cell of {host}:{port}; create the profile with another",
    ),
    "connection": (
        r"ADMU0006E|ADMC0016E|ConnectorNotAvailableException|ConnectException|Connection refused",
        "dmgr_host, dmgr_port: no deployment manager answers at {host}:{port}; is it started, is this its SOAP port"
        " (SOAP_CONNECTOR_ADDRESS), and does this host find its name?",
    ),
}
# Nothing can be cleaned up at the deployment manager when it is one of these.
HINDRANCES = ("name", "rights", "connection")


class WasNode(Resource):
    """One node; the options are those of `was_node`. `show` gets a line of progress now and then."""

    def __init__(self, options: Mapping[str, Any], target: Target, show: Callable[[str], None]) -> None:
        require_absolute(options["profile"], target, "profile")
        self._options = options
        self._target = target
        self._show = show
        self._profile: str = options["profile"].rstrip("\\/")
        self._leftover = Leftover(target, self._profile)
        self._credentials = (options["user"], options["password"]) if options["user"] else None
        self._own: tuple[ServerEntry, ...] = ()
        self._begun = False
        self._copy = False
        self.facts: dict[str, Any] = {}
        """`log_excerpt` once a command ran."""
        self.name = f"node of {self._profile}"

    @property
    def _dmgr(self) -> str:
        return f"{self._options['dmgr_host']}:{self._options['dmgr_port']}"

    # -- state ---------------------------------------------------------------------------------------------------------

    def read(self) -> State:
        said = self._target.execute("was_node_read", {"profile_path": self._profile})
        node = said.get("node")
        if not node:
            return {}
        documents = {name: parse(text).servers for name, text in _documents(said.blob or "")}
        self._own = documents.get(node, ())
        self._begun = bool(said.get("begun"))
        self._copy = bool(said.get("copy"))
        dmgr = next((entry for entries in documents.values() for entry in entries if entry.kind == DMGR), None)
        if dmgr is not None and dmgr in self._own:
            raise AnsibleActionFail(
                f"profile: {self._profile} is the profile of a deployment manager, which is no node to federate"
            )
        state: State = {"node": node, "federation": self._federation(dmgr)}
        if state["federation"] == COMPLETE and dmgr is not None:
            state["cell"] = said.get("cell")
            state["dmgr"] = f"{dmgr.host}:{dmgr.ports.get(SOAP, 0)}"
        return {**state, **self._leftover.state()}

    def _federation(self, dmgr: ServerEntry | None) -> str:
        # The commands of a profile get their new cell when all else is done.
        if self._agent and dmgr is not None:
            return COMPLETE
        if self._half or dmgr is not None or self._begun:
            return UNDER_WAY if self._options["dmgr_host"] and self._add().running else INTERRUPTED
        return NONE

    @property
    def _agent(self) -> bool:
        return any(entry.kind == NODE_AGENT for entry in self._own)

    @property
    def _half(self) -> bool:
        """Whether addNode has changed the profile itself and not come to its end."""
        return self._agent or not self._copy

    def wanted(self, current: State) -> State:
        node = current.get("node", "")
        if self._options["state"] == "absent":
            return {"node": node, "federation": NONE} if current else {}
        state = {"node": node, "federation": COMPLETE, "cell": f"that of {self._dmgr}", "dmgr": self._dmgr}
        if current.get("federation") == COMPLETE and self._same(current["dmgr"]):
            state |= {"cell": current["cell"], "dmgr": current["dmgr"]}
        return state

    def _same(self, dmgr: str) -> bool:
        """Whether `dmgr` is the one asked for: a short name means the same host as the full one."""
        host, _colon, port = dmgr.casefold().rpartition(":")
        asked = str(self._options["dmgr_host"]).casefold()
        if "." not in host or "." not in asked:
            host, asked = host.partition(".")[0], asked.partition(".")[0]
        return host == asked and port == str(self._options["dmgr_port"])

    # -- change --------------------------------------------------------------------------------------------------------

    def change(self, current: State, wanted: State) -> list[str]:
        if not current:
            raise AnsibleActionFail(f"profile: there is no profile in {self._profile}; create it with was_profile")
        federation = current["federation"]
        done: list[str] = []
        if Leftover.KEY in current:
            done.append(self._leftover.remove())
        if federation == INTERRUPTED:
            done += self._undo(current["node"])
            federation = NONE
        if wanted["federation"] == NONE:
            if federation == UNDER_WAY:
                raise AnsibleActionFail(f"state: addNode is at work on {self._profile}; wait for it")
            if federation != NONE:
                self._check_cell(current)
                done.append(self._remove())
            return done
        if federation == COMPLETE:
            self._check_cell(current)
            return done
        if federation == NONE:
            done += self._stop_servers()
        done.append(self._federate())
        return done

    def _check_cell(self, current: State) -> None:
        if self._options["dmgr_host"] and not self._same(current.get("dmgr", "")):
            raise AnsibleActionFail(
                f"dmgr_host: the node {current['node']} is federated into the cell {current.get('cell')} of"
                f" {current.get('dmgr')} already, not into that of {self._dmgr}; take it out there first, with"
                " state: absent and without dmgr_host"
            )

    def _undo(self, node: str) -> list[str]:
        """Undo what an interrupted addNode did, on this host and at the deployment manager."""
        if not self._options["dmgr_host"]:
            raise AnsibleActionFail(
                f"dmgr_host: addNode was interrupted on {node}; dmgr_host is needed to clean up at the deployment"
                " manager"
            )
        done = self._stop_servers()
        if self._half:
            said = self._command("removeNode", ["-force"]).run()
            self._judge("removeNode -force", said)
            done.append("removeNode -force")
        said = self._command("cleanupNode", [node, *self._dmgr.rsplit(":", 1)]).run()
        # It has nothing to clean up when addNode did not come that far; addNode tells if it is something else.
        if said.rc not in (0, None) and _reason(said.text) in HINDRANCES:
            self._judge("cleanupNode", said)
        self._settle()
        return [*done, f"cleanupNode {node} {self._dmgr.replace(':', ' ')}"]

    def _stop_servers(self) -> list[str]:
        local = self._options["local_user"] or self._options["user"]
        password = self._options["local_password"] if self._options["local_user"] else self._options["password"]
        done: list[str] = []
        for entry in self._own:
            options = {
                "profile": self._profile,
                "name": entry.name,
                "state": "stopped",
                "user": local,
                "password": password,
                "timeout": min(self._options["timeout"], 600),
            }
            done += ensure(WasServer(options, self._target, self._show), check=False)["operations"]
        return done

    def _add(self) -> WasCommand:
        options = self._options
        arguments = [options["dmgr_host"], str(options["dmgr_port"])]
        if options["include_apps"]:
            arguments.append("-includeapps")
        if options["starting_port"] is not None:
            arguments += ["-startingport", str(options["starting_port"])]
        if not options["node_agent"]:
            arguments.append("-noagent")
        return self._command("addNode", arguments)

    def _federate(self) -> str:
        said = self._add().run()
        if said.rc is not None and FEDERATED not in said.text:
            self._judge("addNode", Said(said.rc or 1, said.text))
        self._judge("addNode", said)
        return f"addNode {self._dmgr.replace(':', ' ')}"

    def _remove(self) -> str:
        self._judge("removeNode", self._command("removeNode", []).run())
        self._settle()
        return "removeNode"

    def _settle(self) -> None:
        """Whatever became of the last addNode is over."""
        self._target.execute("was_node_settle", {"profile_path": self._profile})

    def _command(self, tool: str, arguments: list[str]) -> WasCommand:
        return WasCommand(
            self._target,
            self._profile,
            tool,
            arguments,
            self._show,
            credentials=self._credentials,
            timeout=self._options["timeout"],
        )

    def _judge(self, what: str, said: Said) -> None:
        """Raise with the reason when a command failed."""
        self.facts = {"log_excerpt": said.text}
        if said.rc in (0, None):
            return
        host, _colon, port = self._dmgr.rpartition(":")
        reason = _reason(said.text)
        because = f": {REASONS[reason][1].format(host=host, port=port)}" if reason else ""
        raise AnsibleActionFail(
            f"{self.name}: {what} failed with exit code {said.rc}{because}\n{said.text}", result=dict(self.facts)
        )


def _reason(text: str) -> str:
    """Why a command failed, as `REASONS` has it; the product breaks its lines anywhere."""
    plain = " ".join(text.split())
    return next((name for name, (pattern, _cure) in REASONS.items() if re.search(pattern, plain)), "")


def _documents(blob: str) -> list[tuple[str, str]]:
    """The documents of a blob, each with the node it stands for."""
    parts = re.split(r"^@@ (.*?)\r?\n", blob, flags=re.MULTILINE)
    return list(zip(parts[1::2], parts[2::2], strict=True))
