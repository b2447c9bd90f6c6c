"""What ITDS asks of DB2, done by DB2's own programs."""

from __future__ import annotations

import re
from collections.abc import Mapping

from lab.host import Host
from lab.products.itds.dialog import ToolError
from lab.products.itds.layout import Layout

DB2_COPIES = r"HKLM\SOFTWARE\IBM\DB2\InstalledCopies"
"""Registry key of the installed copies of DB2 on Windows."""


class Database:
    """The DB2 copy that `ldapdb.properties` names."""

    def __init__(self, host: Host, layout: Layout) -> None:
        self.host = host
        self.layout = layout
        properties = read_properties(host, layout)
        self.path = properties.get("currentDB2InstallPath", "")
        if not self.path:
            raise ToolError(
                "GLPCTL109E No supported DB2 is configured: currentDB2InstallPath is not set in "
                f"{layout.properties}. Install DB2 before the directory server."
            )

    def instances(self) -> list[str]:
        """The names of the DB2 instances."""
        program = f"{self.path}\\BIN\\db2ilist.exe" if self.layout.windows else f"{self.path}/instance/db2ilist"
        code, output, errors = self.host.run([program])
        if code != 0:
            raise ToolError(f"GLPCTL005E Failed to list database instances: {(errors or output).strip()}")
        return [line.strip().lower() for line in output.splitlines() if line.strip()]

    def create_instance(self, name: str) -> None:
        """Make a DB2 instance owned by the user of that name."""
        if self.layout.windows:
            raise ToolError(f"GLPCTL004E Failed to create database instance: '{name}'. lab: let DB2's setup make it.")
        code, output, errors = self.host.run([f"{self.path}/instance/db2icrt", "-s", "ese", "-u", name, name])
        if code != 0:
            raise ToolError(f"GLPCTL004E Failed to create database instance: '{name}'. {(errors or output).strip()}")

    def start(self, instance: str) -> None:
        """Start the instance unless it runs."""
        code, output, _ = self._run(instance, "db2start")
        if code != 0 and "SQL1026N" not in output:
            raise ToolError(f"GLPCTL010E Failed to start database manager of instance: '{instance}'. {output}")

    def databases(self, instance: str) -> list[str]:
        """The aliases in the instance's directory of databases."""
        _, output, _ = self._run(instance, "db2", "list db directory")
        return re.findall(r"Database alias\s*=\s*(\S+)", output)

    def create(self, instance: str, database: str, location: str) -> None:
        """Make a database of the instance unless it is there."""
        if database.upper() in self.databases(instance):
            return
        where = location[:2] if self.layout.windows else location
        statement = f"create database {database} on {where} using codeset UTF-8 territory US"
        code, output, _ = self._run(instance, "db2", statement)
        if code != 0:
            raise ToolError(f"GLPCTL028E Failed to create database: '{database}'. {output.strip()}")

    def drop(self, instance: str, database: str) -> None:
        """Remove the database with all that is in it."""
        code, output, _ = self._run(instance, "db2", f"drop database {database}")
        if code != 0:
            raise ToolError(f"GLPCTL031E Failed to drop database: '{database}'. {output.strip()}")

    def _run(self, instance: str, program: str, words: str = "") -> tuple[int, str, str]:
        if self.layout.windows:
            settings = f"set DB2CLP=**$$**&& set DB2INSTANCE={instance.upper()}&& "
            return self.host.run(["cmd", "/c", f'{settings}"{self.path}\\BIN\\{program}.exe" {words}'])
        return self.host.run(["su", "-", instance, "-c", f". ./sqllib/db2profile; {program} {words}"])


def read_properties(host: Host, layout: Layout) -> Mapping[str, str]:
    """`ldapdb.properties`; empty when there is none."""
    path = host.path(layout.properties)
    if not path.exists():
        return {}
    pairs = (line.partition("=") for line in path.read_text("utf-8").splitlines())
    return {key.strip(): value.strip() for key, equals, value in pairs if equals}


def write_properties(host: Host, layout: Layout, path: str, level: str) -> None:
    """Note the DB2 copy, or that there is none."""
    file = host.path(layout.properties)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"currentDB2InstallPath={path}\ncurrentDB2Version={level}\n", "utf-8")


def installed_copy(host: Host, layout: Layout) -> tuple[str, str]:
    """Path and level of the newest DB2 on the host; empty texts when there is none."""
    if layout.windows:
        _, output, _ = host.run(["reg", "query", DB2_COPIES, "/s"])
        path = re.search(r"DB2 Path Name\s+REG_SZ\s+(.+)", output)
        level = re.search(r"Version\s+REG_SZ\s+(.+)", output)
        return (path[1].strip(), level[1].strip() if level else "") if path else ("", "")
    if not host.path("/usr/local/bin/db2ls").exists():
        return "", ""
    _, output, _ = host.run(["/usr/local/bin/db2ls", "-c"])
    rows = [line.split(":") for line in output.splitlines() if line.startswith("/")]
    return (rows[-1][0], rows[-1][1]) if rows else ("", "")
