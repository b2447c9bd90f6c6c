"""`db2`, the command line processor: its options, its commands, what it prints and its exit codes."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from lab.host import Host, NoSpace
from lab.products.db2 import (
    clp_text,
    configuration,
    database,
    database_configuration,
    locks,
    manager,
    memory,
    response,
    unit_of_work,
)
from lab.products.db2.clp_options import Options, parse
from lab.products.db2.database import Database, Rows, SqlError

OK, NO_ROW, WARNING, ERROR, SYSTEM_ERROR = 0, 1, 2, 4, 8

NO_ENVIRONMENT = "DB21061E  Command line environment not initialized."
NOT_CONNECTED = "SQL1024N  A database connection does not exist.  SQLSTATE=08003"
NO_DIRECTORY = "SQL1031N  The database directory cannot be found on the indicated file system. \nSQLSTATE=58031"
EMPTY_DIRECTORY = "SQL1057W  The system database directory is empty.  SQLSTATE=01606"
DATABASE_MB = 120
# The lab knows a selection of either.
CODESETS = {"UTF-8", "ISO8859-1", "ISO8859-15", "IBM-850", "1252", "IBM-1252"}
TERRITORIES = {"US", "GB", "CA", "DE", "AT", "CH", "FR", "IT", "ES", "BR", "JP", "CN", "KR", "IN"}
PAGE_SIZES = {size for kilobytes in (4, 8, 16, 32) for size in (kilobytes, kilobytes * 1024)}
BANNER = "(c) Copyright IBM Corporation 1993,2006\nCommand Line Processor for DB2 SDK 9.1.0\n"


def db2(host: Host, arguments: Sequence[str]) -> int:
    """The program: one command as arguments, a file of commands (`-f`), or commands on standard input."""
    if host.platform == "windows" and not host.environment.get("DB2CLP"):
        print(NO_ENVIRONMENT)
        return ERROR
    options = parse(arguments)
    if options is None:
        print(f'DB21014E  Invalid command line option "{" ".join(arguments)}".')
        return ERROR
    processor = Processor(host, options)
    if options.file:
        file = host.path(options.file)
        if not file.is_file():
            print(f'DB21005E  An error occurred while reading the file "{options.file}".')
            return ERROR
        return processor.script(file.read_text("utf-8"))
    if options.words:
        return processor.command(" ".join(options.words))
    print(BANNER)
    return processor.script(sys.stdin.read())


class Processor:
    """A run of the processor. Connections outlive it until `terminate`, for the processes of the same parent."""

    def __init__(self, host: Host, options: Options) -> None:
        self._host = host
        self._options = options
        self._instance = manager.current(host)
        self._session = f"{host.user.name}:{os.getppid()}"

    # -- input ---------------------------------------------------------------------------------------------------------
    def script(self, text: str) -> int:
        """Run the commands of a text; the exit codes are combined by OR."""
        code = OK
        for command in clp_text.split(text, self._options.semicolon):
            if command.lower() in {"quit", "quit;"}:
                break
            code |= self.command(command)
            if self._options.stop and code >= ERROR:
                break
        return code

    def command(self, text: str) -> int:
        """Run one command and print what it says."""
        text = text.strip().rstrip(";") if self._options.semicolon else text.strip()
        if self._options.echo:
            print(clp_text.without_password(text))
        try:
            said, code = self._run(text)
        except SqlError as error:
            known = str(error).startswith("SQL") and clp_text.is_sql(text)
            prefix = "DB21034E  The command was processed as an SQL statement because it was not a \n"
            prefix += "valid Command Line Processor command.  During SQL processing it returned:\n"
            said, code = (f"{prefix if known and error.code >= ERROR else ''}{error}", error.code)
        if code == WARNING and not self._options.warnings:
            return OK
        if self._options.output:
            print(said if self._options.bare else f"{said}\n", flush=True)
        return code

    def _run(self, text: str) -> tuple[str, int]:
        for pattern, action in self._commands():
            match = re.fullmatch(pattern, text, re.IGNORECASE | re.DOTALL)
            if match:
                if self._instance is None:
                    raise SqlError(manager.NO_INSTANCE)
                return action(match)
        if not clp_text.is_sql(text):
            raise clp_text.unknown(text)
        return self._sql(text)

    def _commands(self) -> list[tuple[str, Callable[[re.Match[str]], tuple[str, int]]]]:
        manager_words = r"(?:dbm|database\s+manager)\s+(?:cfg|config|configuration)"
        database_words = r"(?:db|database)\s+(?:cfg|config|configuration)\s+for"
        return [
            (r"list\s+(?:db|database)\s+directory", self._list_databases),
            (r"create\s+(?:db|database)\s+(\S+)(.*)", self._create_database),
            (r"drop\s+(?:db|database)\s+(\S+)", self._drop_database),
            (r"connect\s+reset", self._disconnect),
            (r"connect\s+to\s+(\S+)(?:\s+user\s+(\S+)(?:\s+using\s+(\S+))?)?", self._connect),
            (r"terminate", self._terminate),
            (rf"get\s+{manager_words}", self._get_manager),
            (rf"update\s+{manager_words}\s+using\s+(.*)", self._update_manager),
            (rf"get\s+{database_words}\s+(\S+)", self._get_database),
            (rf"update\s+{database_words}\s+(\S+)\s+using\s+(.*)", self._update_database),
            (r"get\s+instance", self._get_instance),
            (r"force\s+applications?\s+all", self._force),
            (r"list\s+applications(?:\s+show\s+detail)?", self._list_applications),
        ]

    # -- instance ------------------------------------------------------------------------------------------------------
    @property
    def _name(self) -> str:
        assert self._instance is not None
        return self._instance

    def _record(self) -> dict[str, Any]:
        found: dict[str, Any] = memory.snapshot(self._host)["instances"][self._name]
        return found

    def _require_started(self) -> None:
        if not manager.running(self._host, self._name):
            raise SqlError(manager.NO_START)

    def _require_authority(self) -> None:
        if not manager.may_administer(self._host, self._name):
            raise SqlError(manager.NO_AUTHORITY.format(user=self._host.user.name.upper()))

    def _get_instance(self, match: re.Match[str]) -> tuple[str, int]:
        del match
        return f"\n The current database manager instance is:  {self._name}\n", OK

    def _get_manager(self, match: re.Match[str]) -> tuple[str, int]:
        del match
        return configuration.listing(self._record()), OK

    def _update_manager(self, match: re.Match[str]) -> tuple[str, int]:
        self._require_authority()
        checks = {key: response.CONFIGURATION.get(key) for key in configuration.PARAMETERS}
        changes = clp_text.changes(match[1], checks)
        with self._host.store(memory.STORE) as store:
            memory.instances(store)[self._name]["config"] |= changes
        return "DB20000I  The UPDATE DATABASE MANAGER CONFIGURATION command completed \nsuccessfully.", OK

    def _force(self, match: re.Match[str]) -> tuple[str, int]:
        del match
        self._require_started()
        self._require_authority()
        with self._host.store(memory.STORE) as store:
            store["connections"] = {}
            store["pending"] = {}
            store["locks"] = {}
        return (
            "DB20000I  The FORCE APPLICATION command completed successfully.\n"
            "DB21024I  This command is asynchronous and may not be effective immediately.\n",
            OK,
        )

    def _list_applications(self, match: re.Match[str]) -> tuple[str, int]:
        del match
        self._require_started()
        with self._host.store(memory.STORE) as store:
            connections = dict(store.get("connections", {}))
        if not connections:
            return "SQL1611W  No data was returned by Database System Monitor.  SQLSTATE=00000", WARNING
        lines = ["", "Auth Id  Application    Appl.      Application Id                 DB       # of", "-" * 78]
        lines += [
            f"{session.split(':')[0].upper():<8} db2bp          {session.split(':')[1]:<10} {name}"
            for session, name in connections.items()
        ]
        return "\n".join(lines), OK

    # -- databases -----------------------------------------------------------------------------------------------------
    def _list_databases(self, match: re.Match[str]) -> tuple[str, int]:
        del match
        record = self._record()
        if "directory" not in record:
            raise SqlError(NO_DIRECTORY)
        if not record["databases"]:
            raise SqlError(EMPTY_DIRECTORY, WARNING)
        count = len(record["databases"])
        lines = ["", " System Database Directory", "", f" Number of entries in the directory = {count}"]
        for number, (alias, entry) in enumerate(record["databases"].items(), 1):
            rows = {
                "Database alias": alias,
                "Database name": alias,
                "Local database directory": entry["path"],
                "Database release level": "b.00",
                "Comment": "",
                "Directory entry type": "Indirect",
                "Catalog database partition number": "0",
                "Alternate server hostname": "",
                "Alternate server port number": "",
            }
            lines += ["", f"Database {number} entry:", ""]
            lines += [f" {key:<36} = {value}".rstrip() for key, value in rows.items()]
        return "\n".join(lines) + "\n", OK

    def _create_database(self, match: re.Match[str]) -> tuple[str, int]:
        name, rest = match[1].upper(), match[2]
        self._require_started()
        self._require_authority()
        if not re.fullmatch("[A-Z@#$][A-Z0-9@#$_]{0,7}", name):
            raise SqlError(f'SQL1001N  "{match[1]}" is not a valid database name.  SQLSTATE=2E000')
        wanted = re.fullmatch(
            r"(?:\s+automatic\s+storage\s+(?:yes|no))?(?:\s+on\s+(\S+))?(?:\s+alias\s+\S+)?"
            r"(?:\s+using\s+codeset\s+(\S+)\s+territory\s+(\w+))?(?:\s+collate\s+using\s+\w+)?"
            r"(?:\s+pagesize\s+(\d+)\s*k?)?(?:\s+with\s+.*)?",
            rest,
            re.IGNORECASE | re.DOTALL,
        )
        if not wanted:
            raise SqlError(f'SQL0104N  An unexpected token was found following "{name}".  SQLSTATE=42601')
        record = self._record()
        if name in record["databases"]:
            raise SqlError(
                f'SQL1005N  The database alias "{name}" already exists in either the local \n'
                "database directory or system database directory."
            )
        path = wanted[1] or ("C:" if self._host.platform == "windows" else record["config"]["DFTDBPATH"])
        if not self._host.path(path + ("\\" if path.endswith(":") else "")).is_dir():
            raise SqlError(f'SQL1052N  The database path "{path}" does not exist.')
        codeset, territory = (wanted[2] or "UTF-8").upper(), (wanted[3] or "US").upper()
        if codeset not in CODESETS:
            raise SqlError(f'SQL1205N  The code page "{codeset}" that has been specified is not valid.')
        if territory not in TERRITORIES:
            raise SqlError(f'SQL1205N  The territory "{territory}" that has been specified is not valid.')
        if wanted[4] and int(wanted[4]) not in PAGE_SIZES:
            raise SqlError(f'SQL0104N  An unexpected token "{wanted[4]}" was found following "PAGESIZE".')
        try:
            self._host.claim_space(path + ("\\" if path.endswith(":") else ""), DATABASE_MB)
            entry = {"path": path, "codeset": codeset, "territory": territory}
            with self._host.store(memory.STORE) as store:
                found = memory.instances(store)[self._name]
                found["directory"] = True
                found["databases"][name] = entry
            database.create(self._file(name, entry), self._host.user.name.upper())
            if self._host.fault("createdb") == "disk-full":
                raise NoSpace(path, DATABASE_MB, 0)
        except NoSpace as full:
            self._forget(name)
            raise SqlError("SQL0968C  The file system is full.  SQLSTATE=57011") from full
        return "DB20000I  The CREATE DATABASE command completed successfully.", OK

    def _drop_database(self, match: re.Match[str]) -> tuple[str, int]:
        name = match[1].upper()
        self._require_started()
        self._require_authority()
        self._known(name)
        with self._host.store(memory.STORE) as store:
            if name in store.get("connections", {}).values():
                raise SqlError("SQL1035N  The database is currently in use.  SQLSTATE=57019")
        self._forget(name)
        return "DB20000I  The DROP DATABASE command completed successfully.", OK

    def _forget(self, name: str) -> None:
        with self._host.store(memory.STORE) as store:
            entry = memory.instances(store)[self._name]["databases"].pop(name, None)
        if entry:
            self._file(name, entry).unlink(missing_ok=True)

    def _known(self, name: str) -> dict[str, Any]:
        entry: dict[str, Any] | None = self._record()["databases"].get(name)
        if entry is None:
            raise SqlError(
                f'SQL1013N  The database alias name or database name "{name}" could not be \nfound.  SQLSTATE=42705'
            )
        return entry

    def _get_database(self, match: re.Match[str]) -> tuple[str, int]:
        name = match[1].upper()
        return database_configuration.listing(name, self._known(name)), OK

    def _update_database(self, match: re.Match[str]) -> tuple[str, int]:
        name = match[1].upper()
        self._require_authority()
        self._known(name)
        self._host.fault("updatedb")
        with self._host.store(memory.STORE) as store:
            entry = memory.instances(store)[self._name]["databases"][name]
            at_once = database_configuration.update(entry, match[2])
            active = name in store.get("connections", {}).values()
        if active and not at_once:
            return database_configuration.UPDATED + database_configuration.NOT_AT_ONCE, WARNING
        return database_configuration.UPDATED, OK

    def _file(self, name: str, entry: dict[str, Any]) -> Path:
        return memory.database_file(self._host, self._name, name, entry)

    # -- connection ----------------------------------------------------------------------------------------------------
    def _connect(self, match: re.Match[str]) -> tuple[str, int]:
        name, user, password = match[1].upper(), match[2] or self._host.user.name, match[3]
        entry = self._known(name)
        self._require_started()
        if match[2] and not self._host.check_password(user, (password or "").strip("'\"")):
            raise SqlError(
                'SQL30082N  Security processing failed with reason "24" ("USERNAME AND/OR \nPASSWORD INVALID").  '
                "SQLSTATE=08001"
            )
        with self._host.store(memory.STORE) as store:
            store.setdefault("connections", {})[self._session] = name
            unit_of_work.pending(store, self._session).clear()
        system = "DB2/NT 9.1.0" if self._host.platform == "windows" else "DB2/AIX64 9.1.0"
        del entry
        return (
            "\n   Database Connection Information\n\n"
            f" Database server        = {system}\n"
            f" SQL authorization ID   = {user.upper()}\n"
            f" Local database alias   = {name}\n",
            OK,
        )

    def _disconnect(self, match: re.Match[str]) -> tuple[str, int]:
        del match
        self._drop_connection()
        return "DB20000I  The SQL command completed successfully.", OK

    def _terminate(self, match: re.Match[str]) -> tuple[str, int]:
        del match
        self._drop_connection()
        return "DB20000I  The TERMINATE command completed successfully.", OK

    def _drop_connection(self) -> None:
        """Both ways to end a connection commit what is open."""
        with self._host.store(memory.STORE) as store:
            name = store.setdefault("connections", {}).pop(self._session, None)
            pending = store.get("pending", {}).pop(self._session, [])
            locks.release(store, self._session)
        if pending and name in self._record()["databases"]:
            self._work(name, pending, "commit")

    def _work(self, name: str, pending: list[str], text: str) -> Rows | None:
        """Run a statement in the unit of work of this session, whose changes so far are `pending`."""
        opened = Database(self._file(name, self._known(name)), self._host.user.name)
        try:
            locks.acquire(self._host, name, self._session, text, opened.tables(text))
            return unit_of_work.run(opened, pending, text, commit=self._options.commit)
        finally:
            opened.close()

    def _sql(self, text: str) -> tuple[str, int]:
        with self._host.store(memory.STORE) as store:
            name = store.get("connections", {}).get(self._session)
            pending = list(unit_of_work.pending(store, self._session))
        if self._instance is None or name is None or not manager.running(self._host, self._name):
            raise SqlError(NOT_CONNECTED)
        self._host.fault("sql")
        if text.strip().lower() == "commit":
            self._host.fault("sql:commit")
        try:
            rows = self._work(name, pending, text)
        finally:
            with self._host.store(memory.STORE) as store:
                unit_of_work.pending(store, self._session)[:] = pending
                if self._options.commit or text.strip().lower() in {"commit", "rollback"}:
                    locks.release(store, self._session)
        if rows is None:
            return "DB20000I  The SQL command completed successfully.", OK
        return clp_text.table(rows, bare=self._options.bare), OK if rows.rows else NO_ROW
