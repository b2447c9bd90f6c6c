"""addNode."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from lab.host import Host
from lab.products.was import ports
from lab.products.was.connector import Connection
from lab.products.was.errors import NotReachable, ScriptingError
from lab.products.was.installation import product
from lab.products.was.servers import federation, launch, node_agent, repository, server_index, synchronisation, tool
from lab.products.was.servers.tool import Place, Refused, Report, Words

PORT = 8879
CLOCKS_WITHIN_S = 300
_AGENT_WITHIN_S = 300.0
_OPTIONS = {
    "-includeapps": False,
    "-startingport": True,
    "-portprops": True,
    "-nodeagentshortname": True,
    "-nodegroupname": True,
    "-includebuses": False,
    "-registerservice": False,
    "-serviceusername": True,
    "-servicepassword": True,
    "-coregroupname": True,
    "-noagent": False,
    "-statusport": True,
    "-nowait": False,
    "-localusername": True,
    "-localpassword": True,
}
_NOT_IMITATED = ("-nodeagentshortname", "-includebuses", "-registerservice", "-serviceusername", "-servicepassword")

_NOTES = (
    "ADMU0306I: Note:",
    "ADMU0302I: Any cell-level documents from the standalone configuration have not been migrated to the new cell.",
    "ADMU0307I: You might want to:",
    "ADMU0303I: Update the configuration on the Deployment Manager with values from the old cell-level documents.",
)
_NOTES_ON_APPLICATIONS = (
    "ADMU0306I: Note:",
    "ADMU0304I: Because -includeapps was not specified, applications installed on the standalone node were not "
    "installed on the new cell.",
    "ADMU0307I: You might want to:",
    "ADMU0305I: Install applications onto the cell using wsadmin $AdminApp or the Administrative Console.",
)


def main(host: Host, arguments: Sequence[str]) -> int:
    """Federate the profile's node into the cell of a deployment manager."""
    try:
        where = tool.place(host, arguments)
        words = tool.read(arguments, _OPTIONS, _NOT_IMITATED)
        if not 1 <= len(words.operands) <= 2 or not words.operands[-1].isdigit() == (len(words.operands) == 2):
            raise Refused("ADMU9994E: Usage: addNode dmgr_host [dmgr_port] [options]")
    except Refused as refused:
        tool.show(str(refused))
        return refused.code
    report = Report(where, words, "addNode.log")
    try:
        _Federation(where, words, report).run()
    except Refused as refused:
        report.fail(str(refused))
        return refused.code
    return 0


@dataclass(frozen=True)
class _Cell:
    """The cell to join."""

    name: str
    applications: Sequence[str]


class _Federation:
    """One run."""

    def __init__(self, where: Place, words: Words, report: Report) -> None:
        self._where, self._words, self._report = where, words, report
        self._host, self._profile = where.host, where.profile
        self._node = where.profile.node
        self._manager_host = words.operands[0]
        self._port = int(words.operands[1]) if len(words.operands) > 1 else PORT

    def run(self) -> None:
        """All steps. Raises `Refused`; what was changed then is taken back."""
        say, node = self._report.say, self._node
        say(f"ADMU0001I: Begin federation of node {node} with Deployment Manager at {self._manager_host}:{self._port}.")
        manager = federation.connect_manager(self._where, self._words, self._manager_host, self._port)
        say(f"ADMU0009I: Successfully connected to Deployment Manager Server: {self._manager_host}:{self._port}")
        cell = self._check(manager)
        names = federation.list_servers(self._where, self._report)
        local = self._words.value("-localusername"), self._words.value("-localpassword")
        user, password = local if local[0] else (self._words.user, self._words.value("-password"))
        federation.stop_servers(self._where, names, user, password, self._report)
        federation.back_up(self._profile, self._report)
        try:
            self._join(manager, cell)
        except (NotReachable, ScriptingError, Refused) as error:
            self._roll_back(manager)
            raise Refused(
                f"ADMU0027E: An error occurred during federation {error}; rolling back to original configuration."
            ) from None
        if "-noagent" not in self._words:
            self._start_agent()
        say(f"ADMU0300I: The node {node} was successfully added to the {cell.name} cell.")
        self._notes()
        say(f"ADMU0003I: Node {node} has been successfully federated.")

    def _check(self, manager: Connection) -> _Cell:
        profile, node = self._profile, self._node
        index = server_index.read(profile.config, profile.cell, node)
        if server_index.is_managed(profile.config, profile.cell, node):
            raise Refused(f"{tool.EXITING}ADMU0124E: The node {node} is part of the cell {profile.cell} already.")
        found: dict[str, Any] = json.loads(str(manager.call("Server", "admits", [node, index.host]).value))
        level = product.read(self._where.installation, "WAS") or product.nd(product.BASE_LEVEL)
        theirs: str = json.loads(str(manager.call("Server", "level", []).value))
        ahead = self._host.now() - float(json.loads(str(manager.call("Server", "time", []).value)))
        problem = found["problem"]
        if found["cell"] == profile.cell:
            problem = f"The name of the cell of the node, {profile.cell}, is that of the cell it is to be added to"
        elif self._host.resolve(found["host"]) is None:
            problem = f"java.net.UnknownHostException: {found['host']}"
        elif product.numbers(theirs) < product.numbers(level.version):
            problem = (
                f"ADMU0125E: The Deployment Manager is of version {theirs}, node {node} of the later {level.version}"
            )
        elif abs(ahead) > CLOCKS_WITHIN_S:
            problem = (
                f"ADMU0126E: The system clock of the new node {node} is not synchronized with that of the Deployment "
                f"Manager: they differ by {abs(ahead) / 60:.0f} minutes, and 5 are allowed"
            )
        if problem:
            raise Refused(
                f"ADMU0027E: An error occurred during federation {problem}; rolling back to original configuration."
            )
        return _Cell(found["cell"], found["applications"])

    def _join(self, manager: Connection, cell: _Cell) -> None:
        say, node, config = self._report.say, self._node, self._profile.config
        say(f"ADMU0012I: Creating Node Agent configuration for node: {node}")
        node_agent.create(self._profile, self._ports(), keep_applications="-includeapps" in self._words)
        say(f"ADMU0014I: Adding node {node} configuration to cell: {cell.name}")
        documents = self._documents(cell)
        manager.call("Server", "upload", [json.dumps(documents)])
        self._fail_if(self._host.fault("addNode:upload"))
        group = self._words.value("-nodegroupname", "DefaultNodeGroup")
        manager.call("Server", "join", [node, group, self._words.value("-coregroupname", "DefaultCoreGroup")])
        say("ADMU0016I: Synchronizing configuration between node and cell.")
        self._fail_if(self._host.fault("addNode:sync"))
        synchronisation.take_over(self._host, config, cell.name, node, manager)
        before = self._profile.cell
        federation.change_cell(self._profile, cell.name)
        federation.point_scripts_to(self._profile, self._manager_host, self._port)
        shutil.rmtree(config / "cells" / before)

    def _documents(self, cell: _Cell) -> dict[str, str]:
        """What the node brings along, under the name of its new cell."""
        config, before = self._profile.config, self._profile.cell
        own = config / "cells" / before
        files = [*(own / "nodes" / self._node).rglob("*")]
        if "-includeapps" in self._words:
            new = [path for path in (own / "applications").glob("*.ear") if path.name not in cell.applications]
            files += [file for path in new for file in path.rglob("*")]
        paths = [file.relative_to(config).as_posix() for file in files if file.is_file()]
        found = repository.read(config, paths)
        return {path.replace(f"cells/{before}/", f"cells/{cell.name}/", 1): text for path, text in found.items()}

    def _ports(self) -> Mapping[str, int]:
        words = self._words
        if "-startingport" in words and "-portprops" in words:
            raise Refused("ADMU9995E: The options -startingport and -portprops exclude each other.")
        if "-startingport" in words:
            return ports.numbered("nodeagent", words.number("-startingport", 0))
        if "-portprops" in words:
            return node_agent.ports_of_file(self._host.path(words.value("-portprops")))
        return ports.DEFAULTS["nodeagent"]

    def _start_agent(self) -> None:
        say, node = self._report.say, self._node
        say(f"ADMU0018I: Launching Node Agent process for node: {node}")
        say(f"ADMU0020I: Reading configuration for Node Agent process: {node_agent.NAME}")
        self._fail_if(self._host.fault("addNode:agent"))
        launched = launch.launch(
            self._where.installation, self._profile, node_agent.NAME, within_s=_AGENT_WITHIN_S,
            status_port=self._words.number("-statusport", 0),
        )  # fmt: skip
        say("ADMU0022I: Node Agent launched. Waiting for initialization status.")
        if launched.state != "open":
            raise Refused(
                f"{tool.EXITING}ADMU0019E: The Node Agent failed to initialize. See the log files of the node agent."
            )
        say(f"ADMU0030I: Node Agent initialization completed successfully. Process id is: {launched.pid}")

    def _roll_back(self, manager: Connection) -> None:
        """Undo what was done, as far as that can be."""
        with suppress(Refused):
            federation.restore(self._profile)
        with suppress(NotReachable, ScriptingError):
            manager.call("Server", "leave", [self._node])

    @staticmethod
    def _fail_if(kind: str | None) -> None:
        if kind:
            raise Refused(f"com.ibm.websphere.management.exception.AdminException: {kind}")

    def _notes(self) -> None:
        for text in _NOTES if "-includeapps" in self._words else (*_NOTES, *_NOTES_ON_APPLICATIONS):
            self._report.say(text)
