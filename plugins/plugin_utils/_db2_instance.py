# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""A DB2 instance: its licence, its configuration, its port, and whether it runs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ansible.errors import AnsibleActionFail

from ._db2 import DEFAULT_PATH, refuse_name, run_commands, user_problem
from ._lines import FileLines
from ._options import refuse
from ._outcome import Outcome
from ._programs import Parameter
from ._resource import Resource, State, ensure
from ._target import Target

SERVICES = {"unix": "/etc/services", "windows": r"C:\WINDOWS\system32\drivers\etc\services"}
# DB2 says it is started although it could not open its port.
NO_PROTOCOL = "SQL5043N"

PLAIN = re.compile(r"[\w./:\\,+-]+")


class Db2Instance(Resource):
    """One instance; the options are those of `db2_instance`."""

    def __init__(self, options: Mapping[str, Any], target: Target) -> None:
        self._options = options
        self._target = target
        self._path: str = options["path"] or DEFAULT_PATH[target.platform]
        self._instance: str = options["name"]
        self.name = f"DB2 instance {self._instance}"
        self.restart_required = False
        """Whether a change waits for a restart that was not asked for."""
        self._service_key = ""
        if target.windows:
            refuse(options, ("fenced_user",), target)
            refuse_name("name", self._instance, None if len(self._instance) <= 8 else "DB2 allows 1 to 8 characters")
        else:
            refuse_name("name", self._instance, user_problem(self._instance))
            if options["fenced_user"]:
                refuse_name("fenced_user", options["fenced_user"], user_problem(options["fenced_user"]))
        for option in ("registry", "configuration"):
            for key, value in options[option].items():
                if not PLAIN.fullmatch(str(value)):
                    raise AnsibleActionFail(f"{option}.{key}: {value!r} holds characters that DB2 values do not have")
        if options["port"] is not None and not options["service"]:
            raise AnsibleActionFail(f"port: {options['port']} needs a service name too; set service")
        self._registry = {key.upper(): _registry_value(key, str(value)) for key, value in options["registry"].items()}
        self._configuration = {key.upper(): str(value) for key, value in options["configuration"].items()}
        if options["service"]:
            self._configuration["SVCENAME"] = options["service"]

    # -- state ---------------------------------------------------------------------------------------------------------

    def read(self) -> State:
        parameters: dict[str, Parameter] = {
            "path": self._path,
            "name": self._instance,
            "service": self._options["service"],
            "port": self._options["port"],
            "services": SERVICES[self._target.platform],
        }
        if self._target.windows:
            parameters["copy_name"] = self._options["copy_name"]
        said = self._target.execute("db2_instance_read", parameters)
        if said.get("taken"):
            raise AnsibleActionFail(
                f"port: {self._options['port']} belongs to the service {said.get('taken')} in"
                f" {SERVICES[self._target.platform]}; choose another port or take that line out"
            )
        return self._state(said)

    def _state(self, said: Outcome) -> State:
        state: State = {}
        if self._options["port"] is not None and said.get("port"):
            state["port"] = said.get("port")
        if self._options["licence_file"] and said.get("copy"):
            state["licence"] = "registered" if said.get("licence") else "missing"
        if not said.get("instance"):
            return state
        state["instance"] = "usable" if said.get("usable") else "incomplete"
        if not said.get("usable"):
            return state
        self._service_key = said.get("service_key")
        values = dict(said.fields)
        for option, asked in (("registry", self._registry), ("configuration", self._configuration)):
            prefix = "config." if option == "configuration" else "registry."
            found = {key: values[prefix + key] for key in asked if values.get(prefix + key)}
            state[option] = {key: _registry_value(key, value) for key, value in found.items()}
        if self._options["autostart"] is not None:
            state["autostart"] = (said.get("autostart") or values.get("registry.DB2AUTOSTART", "NO")) == "YES"
        if self._options["state"] != "present":
            state["running"] = bool(said.get("running"))
            if self._options["port"] is not None:
                state["listening"] = bool(said.get("listening"))
        return state

    def wanted(self, current: State) -> State:
        options = self._options
        state: State = {
            "instance": "usable",
            "registry": dict(self._registry),
            "configuration": dict(self._configuration),
        }
        if options["licence_file"]:
            state["licence"] = "registered"
        if options["port"] is not None:
            state["port"] = f"{options['port']}/tcp"
        if options["autostart"] is not None:
            state["autostart"] = options["autostart"]
        if options["state"] != "present":
            runs = options["state"] == "started"
            state["running"] = runs
            if options["port"] is not None:
                state["listening"] = runs
        del current
        return state

    # -- change --------------------------------------------------------------------------------------------------------

    def change(self, current: State, wanted: State) -> list[str]:
        done = []
        if wanted.get("licence") != current.get("licence"):
            self._setup("licence")
            done.append(f"db2licm -a {self._options['licence_file']}")
        if wanted.get("port") != current.get("port"):
            done += self._write_service()
        runs = bool(current.get("running"))
        if current.get("instance") != "usable":
            done += self._create(current)
            # The fault monitor starts a new instance at once, before it has its port.
            runs = self._runs()
        done += self._configure(current, wanted)
        if "running" in wanted:
            done += self._run(wanted, runs=runs, listening=bool(current.get("listening")))
        return done

    def _create(self, current: State) -> list[str]:
        if self._target.windows:
            raise AnsibleActionFail(
                f"name: there is no usable instance {self._instance} of the copy {self._options['copy_name']};"
                " on Windows the setup program makes it, so run it with this instance in its response file"
            )
        if not self._options["fenced_user"]:
            raise AnsibleActionFail(f"fenced_user: needed to create the instance {self._instance}")
        action = "repair" if current.get("instance") else "create"
        self._setup(action)
        return [f"{'db2iupdt' if action == 'repair' else 'db2icrt'} {self._instance}"]

    def _write_service(self) -> list[str]:
        service, port = self._options["service"], self._options["port"]
        line = f"{service}\t{port}/tcp"
        entry = {"line": line, "regexp": rf"^{re.escape(service)}\s", "section": None, "state": "present"}
        path = SERVICES[self._target.platform]
        ensure(FileLines({"path": path, "lines": [entry]}, self._target), check=False)
        return [f"{service} is port {port} in {path}"]

    def _configure(self, current: State, wanted: State) -> list[str]:
        registry, configuration = (
            {key: value for key, value in wanted[option].items() if current.get(option, {}).get(key) != value}
            for option in ("registry", "configuration")
        )
        commands = [f"db2set {key}={value}" for key, value in registry.items()]
        if configuration:
            pairs = " ".join(f"{key} {value}" for key, value in configuration.items())
            commands += [f"db2 update dbm cfg using {pairs}", "db2 terminate"]
        if commands:
            run_commands(self._target, self._path, self._instance, commands)
        done = [command for command in commands if command != "db2 terminate"]
        if wanted.get("autostart") != current.get("autostart"):
            self._setup("autostart")
            done.append(f"start with the machine: {'yes' if wanted['autostart'] else 'no'}")
        self.restart_required = bool(commands) and bool(current.get("running"))
        return done

    def _run(self, wanted: State, *, runs: bool, listening: bool) -> list[str]:
        done = []
        # An instance that runs without its port was started before it was configured.
        restart = runs and wanted["running"] and not listening and "listening" in wanted
        if runs and (restart or not wanted["running"]):
            self._stop()
            done.append("db2stop")
            runs = False
        if wanted["running"] and not runs:
            self._start()
            self.restart_required = False
            done.append("db2start")
        return done

    def restart(self) -> list[str]:
        """Stop and start the instance, whoever is connected."""
        done = []
        if self._runs():
            self._stop()
            done.append("db2stop")
        self._start()
        self.restart_required = False
        return [*done, "db2start"]

    def _runs(self) -> bool:
        parameters: dict[str, Parameter] = {
            "path": self._path,
            "name": self._instance,
            "service": None,
            "port": None,
            "services": None,
        }
        if self._target.windows:
            parameters["copy_name"] = self._options["copy_name"]
        return bool(self._target.execute("db2_instance_read", parameters).get("running"))

    def _stop(self) -> None:
        run_commands(self._target, self._path, self._instance, ["db2stop force"])

    def _start(self) -> None:
        said = run_commands(self._target, self._path, self._instance, ["db2start"])
        if NO_PROTOCOL in said:
            raise AnsibleActionFail(
                f"{self.name}: it runs, but could not open its port. Is another program listening on"
                f" {self._options['port']}?\n{said.strip()}"
            )

    def _setup(self, action: str) -> None:
        parameters: dict[str, Parameter] = {
            "action": action,
            "path": self._path,
            "licence": self._options["licence_file"],
            "on": bool(self._options["autostart"]),
        }
        if self._target.windows:
            parameters["service_key"] = self._service_key
        else:
            parameters |= {
                "name": self._instance,
                "fenced": self._options["fenced_user"],
                "type": self._options["type"],
            }
        self._target.execute("db2_instance_setup", parameters)


def _registry_value(key: str, value: str) -> str:
    """Values as they compare: protocols mean the same in any case."""
    return value.upper() if key.upper() == "DB2COMM" else value
