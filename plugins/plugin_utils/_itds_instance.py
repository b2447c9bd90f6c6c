# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""A directory server instance of ITDS: what its list of instances, `ibmslapd.conf` and its server say."""

from __future__ import annotations

import re
import time
from typing import Any

from ansible.errors import AnsibleActionFail

from ._detached import WORK_DIR
from ._ldif import LdifEntry, normal_dn, parse_ldif
from ._options import require_absolute
from ._outcome import Outcome
from ._resource import Resource, State
from ._target import Target

# Where ibmslapd.conf keeps what; names of LDIF attributes in small letters.
CONFIGURATION = "cn=configuration"
ADMIN = "cn=admin,cn=configuration"
SSL = "cn=ssl,cn=configuration"
DIRECTORY = "cn=directory,cn=rdbm backends,cn=ibm directory,cn=schemas,cn=configuration"

PORTS = ("port", "secure_port", "admin_port", "admin_secure_port")

AS_GIVEN = "as given"
ANOTHER = "another one"
UNSET = "not set"
UNKNOWN = "cannot be tried while the server is stopped"

SUCCESS, SERVER_DOWN = 0, 81
SEED_LENGTH = (12, 1016)
# How long another run may be at work on the instance, and how often it is asked, in seconds.
OTHER_RUN_TIMEOUT, OTHER_RUN_INTERVAL = 1800, 5
SALT_LENGTH = 12


class ItdsInstance(Resource):
    """One instance; the options are those of `itds_instance`."""

    def __init__(self, options: dict[str, Any], target: Target) -> None:
        self._options = options
        self._target = target
        self._instance: str = options["name"]
        self.name = f"directory server instance {self._instance}"
        self._home = options["home"] or _default_home(options["version"], target)
        self._installed = False
        self._starts = False
        self._check_options()

    # -- reading -------------------------------------------------------------------------------------------------------
    def read(self) -> State:
        outcome = self._target.execute(
            "itds_instance_read",
            {
                "home_dir": self._home,
                "registry": self._options["registry"] or _beside(self._home, self._target),
                "name": self._instance,
                "admin_dn": self._options["admin_dn"],
                "admin_password": self._options["admin_password"],
                **self._autostart_parameters(),
            },
        )
        self._installed = bool(outcome.get("product"))
        # Also without the instance: dropping one leaves our entry in /etc/inittab.
        self._starts = bool(outcome.get("autostart"))
        entries = {normal_dn(entry.dn): entry for entry in parse_ldif(outcome.blob or "")}
        listed = entries.get(normal_dn(f"cn={self._instance},cn=IDS INSTANCES"))
        if listed is None:
            return {}
        if CONFIGURATION not in entries:
            raise AnsibleActionFail(
                f"{self.name}: it is in the product's list of instances, but its ibmslapd.conf at "
                f"{listed.get('ids-instanceLocation')} cannot be read; drop it with 'idsidrop -I {self._instance}'"
            )
        return self._state(listed, entries, outcome)

    def _state(self, listed: LdifEntry, entries: dict[str, LdifEntry], outcome: Outcome) -> State:
        nothing = LdifEntry("", {})
        configuration, backend = entries[CONFIGURATION], entries.get(DIRECTORY, nothing)
        admin, ssl = entries.get(ADMIN, nothing), entries.get(SSL, nothing)
        database: State = {}
        if backend.get("ibm-slapdDbName"):
            database = {
                "name": backend.get("ibm-slapdDbName"),
                "owner": backend.get("ibm-slapdDbUserID"),
                "location": backend.get("ibm-slapdDbLocation"),
            }
        return {
            "version": listed.get("ids-instanceVersion"),
            "location": listed.get("ids-instanceLocation"),
            "port": _number(configuration.get("ibm-slapdPort")),
            "secure_port": _number(ssl.get("ibm-slapdSecurePort")),
            "admin_port": _number(admin.get("ibm-slapdPort")),
            "admin_secure_port": _number(admin.get("ibm-slapdSecurePort")),
            "admin_dn": configuration.get("ibm-slapdAdminDN"),
            "admin_password": self._password_state(outcome),
            "database": database,
            "suffixes": backend.all("ibm-slapdSuffix"),
            "state": _server_state(outcome),
            "autostart": self._starts,
        }

    def _password_state(self, outcome: Outcome) -> str:
        if not outcome.get("admin_password_set"):
            return UNSET
        if not outcome.get("bind_rc"):
            return UNKNOWN
        return AS_GIVEN if outcome.get("bind_rc") == str(SUCCESS) else ANOTHER

    # -- comparing -----------------------------------------------------------------------------------------------------
    def wanted(self, current: State) -> State:
        options = self._options
        if current:
            self._refuse_moving(current)
        else:
            self._require_for_creation()
        wanted: State = {
            "version": options["version"],
            "location": current.get("location") or options["location"],
            **{port: options[port] for port in PORTS},
            "admin_dn": options["admin_dn"],
            "admin_password": self._wanted_password(current),
            "database": current.get("database") or self._wanted_database(),
            "suffixes": self._wanted_suffixes(current.get("suffixes", [])),
            "state": options["state"],
            "autostart": options["autostart"],
        }
        if current and normal_dn(current["admin_dn"]) == normal_dn(wanted["admin_dn"]):
            wanted["admin_dn"] = current["admin_dn"]
        return wanted

    def _wanted_password(self, current: State) -> str:
        if not self._options["admin_password"]:
            return str(current.get("admin_password", UNSET))
        # A server that stays down cannot be asked; one that is to be started gets the password as given.
        return UNKNOWN if self._options["state"] == "stopped" else AS_GIVEN

    def _wanted_database(self) -> State:
        database = self._options["database"]
        if not database:
            return {}
        return {
            "name": database["name"] or self._instance,
            "owner": database["owner"] or self._instance,
            "location": database["location"] or self._options["location"],
        }

    def _wanted_suffixes(self, present: list[str]) -> list[str]:
        known = {normal_dn(suffix) for suffix in present}
        return [*present, *(suffix for suffix in self._options["suffixes"] if normal_dn(suffix) not in known)]

    # -- changing ------------------------------------------------------------------------------------------------------
    def change(self, current: State, wanted: State) -> list[str]:
        deadline = time.monotonic() + OTHER_RUN_TIMEOUT
        outcome = self._change(current, wanted)
        while outcome.get("busy"):
            if time.monotonic() >= deadline:
                raise AnsibleActionFail(
                    f"{self.name}: another run is at work on it and has not ended within {OTHER_RUN_TIMEOUT} seconds"
                )
            time.sleep(OTHER_RUN_INTERVAL)
            # What that run does need not be done again.
            current = self.read()
            wanted = self.wanted(current)
            if current == wanted:
                return ["waited for another run"]
            outcome = self._change(current, wanted)
        return outcome.all("done")

    def _change(self, current: State, wanted: State) -> Outcome:
        if not self._installed:
            raise AnsibleActionFail(f"home: no server at {self._home}; install ITDS {wanted['version']} first")
        database = self._options["database"] or {}
        new_database = wanted["database"] if wanted["database"] != current.get("database") else {}
        added = wanted["suffixes"][len(current.get("suffixes", [])) :]
        set_ports = bool(current) and any(current[port] != wanted[port] for port in PORTS)
        set_admin = bool(self._options["admin_password"]) and (
            current.get("admin_password") not in (AS_GIVEN, wanted["admin_password"])
            or wanted["admin_dn"] != current.get("admin_dn")
        )
        reconfigured = bool(new_database or added or set_ports or set_admin)
        runs = current.get("state", "stopped") != "stopped"
        stop = runs and (reconfigured or wanted["state"] == "stopped" or current["state"] != wanted["state"])
        return self._target.execute(
            "itds_instance_change",
            {
                "home_dir": self._home,
                "name": self._instance,
                "location": wanted["location"],
                **{port: wanted[port] for port in PORTS},
                "create": not current,
                "description": self._options["description"] or f"{self._instance} of the Sametime Gateway",
                "database_instance": wanted["database"].get("owner", self._instance),
                "seed": self._options["encryption_seed"],
                "salt": self._options["encryption_salt"],
                "set_ports": set_ports,
                "set_admin": set_admin,
                "admin_dn": wanted["admin_dn"],
                "admin_password": self._options["admin_password"],
                "database": new_database.get("name"),
                "database_owner": new_database.get("owner"),
                "database_password": database.get("password"),
                "database_location": new_database.get("location"),
                "suffixes": added,
                "stop": stop,
                "start": wanted["state"] == "started" and (stop or not runs),
                "autostart": self._autostart_step(wanted),
                "repeats": self._options["secret_prompts"],
                "timeout": self._options["timeout"],
                "lock": self._lock(),
                **self._autostart_parameters(),
            },
        )

    def _lock(self) -> str:
        separator = "\\" if self._target.windows else "/"
        return WORK_DIR[self._target.platform] + separator + f"itds-{self._instance}.lock"

    def _autostart_step(self, wanted: State) -> str | None:
        if self._starts == wanted["autostart"]:
            return None
        return "add" if wanted["autostart"] else "remove"

    def _autostart_parameters(self) -> dict[str, str]:
        if self._target.windows:
            return {"service": self._options["service"] or f"idsslapd-{self._instance}"}
        return {"autostart_id": self._options["inittab_id"] or f"itds{self._instance}"}

    # -- options -------------------------------------------------------------------------------------------------------
    def _check_options(self) -> None:
        options = self._options
        if not re.fullmatch("[a-z][a-z0-9]{0,7}", self._instance):
            raise AnsibleActionFail(
                f"name: {self._instance!r} cannot be the name of an instance and its owner; use 1 to 8 small letters "
                "and digits, a letter first"
            )
        ports = [options[port] for port in PORTS]
        for port in PORTS:
            if not 1 <= options[port] <= 65535:
                raise AnsibleActionFail(f"{port}: {options[port]} is not a port; use 1 to 65535")
            if ports.count(options[port]) > 1:
                raise AnsibleActionFail(f"{port}: {options[port]} is given for two ports of the instance; use four")
        for name in ("encryption_seed", "admin_password"):
            _require_plain(name, options[name])
        seed, salt = options["encryption_seed"], options["encryption_salt"]
        if seed and not SEED_LENGTH[0] <= len(seed) <= SEED_LENGTH[1]:
            raise AnsibleActionFail(f"encryption_seed: it has {len(seed)} characters; use 12 to 1016")
        if salt and not re.fullmatch(f"[!-~]{{{SALT_LENGTH}}}", salt):
            raise AnsibleActionFail(f"encryption_salt: it has {len(salt)} characters; use exactly 12 printable ones")
        for name, values in {"admin_dn": [options["admin_dn"]], "suffixes": options["suffixes"]}.items():
            for value in values:
                if "=" not in value or '"' in value or "\n" in value:
                    raise AnsibleActionFail(f"{name}: {value!r} is not a DN such as o=example,c=us")
        if options["location"]:
            require_absolute(options["location"] + "/.", self._target, "location")
        self._check_database(options["database"])
        if options["secret_prompts"] < 1:
            raise AnsibleActionFail(f"secret_prompts: {options['secret_prompts']} is not a number above 0")

    def _check_database(self, database: dict[str, Any] | None) -> None:
        if not database:
            return
        _require_plain("database.password", database["password"])
        for name in ("name", "owner"):
            value = database[name]
            if value and not re.fullmatch("[A-Za-z][A-Za-z0-9]{0,7}", value):
                raise AnsibleActionFail(
                    f"database.{name}: {value!r} is not a name that DB2 takes; use 1 to 8 letters and digits, a letter "
                    "first"
                )

    def _require_for_creation(self) -> None:
        options = self._options
        if not options["encryption_seed"]:
            raise AnsibleActionFail("encryption_seed: it is needed to create the instance; give 12 to 1016 characters")
        if not options["location"]:
            raise AnsibleActionFail("location: it is needed to create the instance; give the folder for its files")
        if options["state"] == "started" and not options["admin_password"]:
            raise AnsibleActionFail("admin_password: the server does not start without one; give it")

    def _refuse_moving(self, current: State) -> None:
        for name in ("version", "location"):
            is_, asked = current[name], self._options[name]
            if asked and is_.rstrip("\\/").lower() != asked.rstrip("\\/").lower():
                raise AnsibleActionFail(
                    f"{name}: {self.name} has {is_}, asked for is {asked}; an instance cannot be moved, drop it with "
                    f"'idsidrop -I {self._instance}' or give {is_}"
                )


def _require_plain(name: str, secret: str | None) -> None:
    """A secret is the answer to a prompt: one line, and read in another code page if it is not ASCII."""
    if secret and not re.fullmatch("[ -~]+", secret):
        raise AnsibleActionFail(f"{name}: it has characters other than printable ASCII; use only those")


def _default_home(version: str, target: Target) -> str:
    return rf"C:\Program Files\IBM\LDAP\V{version}" if target.windows else f"/opt/IBM/ldap/V{version}"


def _beside(home: str, target: Target) -> str:
    separator = "\\" if target.windows else "/"
    return separator.join([*home.rstrip(separator).split(separator)[:-1], "idsinstinfo", "idsinstances.ldif"])


def _number(text: str) -> int:
    return int(text) if text.isdecimal() else 0


def _server_state(outcome: Outcome) -> str:
    if outcome.get("search_rc") in ("", str(SERVER_DOWN)):
        return "stopped"
    return "started for configuration only" if outcome.get("mode").upper() == "TRUE" else "started"
