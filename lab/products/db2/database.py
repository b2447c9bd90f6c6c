"""One database: SQLite under a catalogue like DB2's, and as much of DB2's SQL as installation scripts use."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

SYSTEM_TABLES = ("SYSTABLES", "SYSCOLUMNS", "SYSINDEXES", "SYSTABAUTH", "SYSDBAUTH", "SYSTABLESPACES", "SYSBUFFERPOOLS")

_NAME = r'(?:"[^"]+"|[A-Za-z@#$][A-Za-z0-9@#$_]*)'
_QUALIFIED = rf"(?:({_NAME})\.)?({_NAME})"

_CATALOGUE = """
create table syscat_schemata (schemaname text, owner text);
create table syscat_tables (tabschema text, tabname text, type text, tbspace text);
create table syscat_columns (tabschema text, tabname text, colname text);
create table syscat_indexes (indschema text, indname text, tabschema text, tabname text);
create table syscat_bufferpools (bpname text, npages integer, pagesize integer);
create table syscat_tablespaces (tbspace text, pagesize integer);
create table syscat_dbauth (grantee text, dbadmauth text, connectauth text);
create table syscat_tabauth (grantee text, tabschema text, tabname text);
create table sysibm_sysdummy1 (ibmreqd text);
insert into sysibm_sysdummy1 values ('Y');
insert into syscat_bufferpools values ('IBMDEFAULTBP', 1000, 4096);
insert into syscat_tablespaces values ('SYSCATSPACE', 4096), ('TEMPSPACE1', 4096), ('USERSPACE1', 4096);
insert into syscat_schemata values ('SYSIBM', 'SYSIBM'), ('SYSCAT', 'SYSIBM');
"""


class SqlError(Exception):
    """What DB2 answers; `.code` is the exit code of the command line processor."""

    def __init__(self, text: str, code: int = 4) -> None:
        super().__init__(text)
        self.code = code


@dataclass(frozen=True)
class Rows:
    """A result set."""

    columns: tuple[str, ...]
    rows: list[tuple[object, ...]]


def create(file: Path, owner: str) -> None:
    """Lay out an empty database."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with sqlite3.connect(file) as connection:
        connection.executescript(_CATALOGUE)
        connection.execute("insert into syscat_dbauth values (?, 'Y', 'Y')", (owner,))
        connection.executemany(
            "insert into syscat_tables values ('SYSIBM', ?, 'T', 'SYSCATSPACE')", [(name,) for name in SYSTEM_TABLES]
        )
    connection.close()


class Database:
    """A connection of one user, whose name in capitals is the default schema."""

    def __init__(self, file: Path, user: str) -> None:
        self._connection = sqlite3.connect(file, isolation_level=None)
        self.schema = user.upper()

    def execute(self, statement: str) -> Rows | None:
        """Run one statement; raises `SqlError`."""
        text = statement.strip()
        for pattern, action in self._actions():
            match = re.fullmatch(pattern, text, re.IGNORECASE | re.DOTALL)
            if match:
                return action(match)
        if re.match(r"(select|values|with)\b", text, re.IGNORECASE):
            return self._select(text)
        if re.match(r"(insert|update|delete)\b", text, re.IGNORECASE):
            self._change(text)
            return None
        first = text.split()[0] if text else "END-OF-STATEMENT"
        raise SqlError(
            f'SQL0104N  An unexpected token "{first}" was found following \n"BEGIN-OF-STATEMENT".  Expected tokens may '
            'include:  "<space>".  SQLSTATE=42601'
        )

    def rows(
        self, schema: str, table: str, columns: Sequence[str], *, everything: bool = False
    ) -> list[tuple[object, ...]]:
        """Columns of a table in its schema, if the user may read it, or may read `everything`; raises `SqlError`."""
        names = [schema, table, *columns]
        if not all(re.fullmatch(_NAME, name) for name in names):
            raise SqlError(f"SQL0104N  An unexpected token was found in one of {', '.join(names)}.  SQLSTATE=42601")
        self._require(fold(schema), fold(table))
        known = {row[0] for row in self._connection.execute(
            "select colname from syscat_columns where tabschema = ? and tabname = ?", (fold(schema), fold(table))
        )}  # fmt: skip
        for column in columns:
            if fold(column) not in known:
                raise SqlError(
                    f'SQL0206N  "{fold(column)}" is not valid in the context where it is used.  SQLSTATE=42703'
                )
        if not everything and not self._may_read(fold(schema), fold(table)):
            raise SqlError(
                f'SQL0551N  "{self.schema}" does not have the privilege to perform operation "SELECT" on object \n'
                f'"{fold(schema)}.{fold(table)}".  SQLSTATE=42501'
            )
        text = f'select {", ".join(map(fold, columns))} from "{fold(schema)}.{fold(table)}"'  # noqa: S608 - checked names
        return list(self._connection.execute(text))

    def _may_read(self, schema: str, table: str) -> bool:
        return (
            self.schema == schema
            or self._one("select 1 from syscat_dbauth where grantee = ? and dbadmauth = 'Y'", self.schema) is not None
            or self._one(
                "select 1 from syscat_tabauth where grantee in (?, 'PUBLIC') and tabschema = ? and tabname = ?",
                self.schema, schema, table,
            ) is not None
        )  # fmt: skip

    def begin(self) -> None:
        """Begin a unit of work."""
        self._connection.execute("begin")

    def end(self, *, commit: bool) -> None:
        """End it, and keep what it has changed or not."""
        self._connection.execute("commit" if commit else "rollback")

    def close(self) -> None:
        """End the connection."""
        self._connection.close()

    def _actions(self) -> list[tuple[str, Callable[[re.Match[str]], None]]]:
        return [
            (rf"create\s+schema\s+({_NAME})(?:\s+authorization\s+{_NAME})?", self._create_schema),
            (rf"set\s+(?:current\s+)?schema\s*=?\s*({_NAME})", self._set_schema),
            (rf"create\s+bufferpool\s+({_NAME})(.*)", self._create_bufferpool),
            (rf"create\s+(?:\w+\s+){{0,2}}tablespace\s+({_NAME})(.*)", self._create_tablespace),
            (rf"create\s+table\s+{_QUALIFIED}\s*\((.*)\)\s*(in\s+{_NAME}.*)?", self._create_table),
            (rf"create\s+(?:unique\s+)?index\s+{_QUALIFIED}\s+on\s+{_QUALIFIED}\s*\(.*\).*", self._create_index),
            (rf"drop\s+table\s+{_QUALIFIED}", self._drop_table),
            (rf"grant\s+.*\s+on\s+(?:table\s+)?{_QUALIFIED}\s+to\s+(?:user\s+|group\s+)?({_NAME})", self._grant_table),
            (rf"grant\s+.*\s+on\s+database\s+to\s+(?:user\s+|group\s+)?({_NAME})", self._grant_database),
            (rf"lock\s+table\s+{_QUALIFIED}\s+in\s+(?:share|exclusive)\s+mode", self._lock_table),
            (r"commit(\s+work)?|comment\s+on\s+.*", _nothing),
        ]

    # -- definitions ---------------------------------------------------------------------------------------------------
    def _create_schema(self, match: re.Match[str]) -> None:
        self._insert_new("schemata", "schemaname", fold(match[1]), "SCHEMA", (fold(match[1]), self.schema))

    def _set_schema(self, match: re.Match[str]) -> None:
        self.schema = fold(match[1])

    def _create_bufferpool(self, match: re.Match[str]) -> None:
        size = re.search(r"\bsize\s+(\d+)", match[2], re.IGNORECASE)
        values = (fold(match[1]), int(size[1]) if size else 1000, _page_size(match[2]))
        self._insert_new("bufferpools", "bpname", fold(match[1]), "BUFFERPOOL", values)

    def _create_tablespace(self, match: re.Match[str]) -> None:
        pool = re.search(rf"\bbufferpool\s+({_NAME})", match[2], re.IGNORECASE)
        size = _page_size(match[2])
        if pool:
            found = self._one("select pagesize from syscat_bufferpools where bpname = ?", fold(pool[1]))
            if found is None:
                raise SqlError(f'SQL0204N  "{fold(pool[1])}" is an undefined name.  SQLSTATE=42704')
            if found[0] != size:
                raise SqlError(
                    f'SQL1582N  The PAGESIZE of the table space "{fold(match[1])}" does not match the PAGESIZE \n'
                    f'of the bufferpool "{fold(pool[1])}".  SQLSTATE=428CB'
                )
        self._insert_new("tablespaces", "tbspace", fold(match[1]), "TABLESPACE", (fold(match[1]), size))

    def _create_table(self, match: re.Match[str]) -> None:
        schema, name = self._qualified(match[1], match[2])
        space = fold(match[4].split()[1]) if match[4] else "USERSPACE1"
        if self._one("select 1 from syscat_tablespaces where tbspace = ?", space) is None:
            raise SqlError(f'SQL0204N  "{space}" is an undefined name.  SQLSTATE=42704')
        if self._table(schema, name):
            raise _duplicate(f"{schema}.{name}", "TABLE")
        columns = _without_db2_words(match[3])
        try:
            self._connection.execute(f'create table "{schema}.{name}" ({columns})')
        except sqlite3.Error as error:
            raise SqlError(f"SQL0104N  An unexpected token was found: {error}.  SQLSTATE=42601") from error
        if self._one("select 1 from syscat_schemata where schemaname = ?", schema) is None:
            self._connection.execute("insert into syscat_schemata values (?, ?)", (schema, self.schema))
        self._connection.execute("insert into syscat_tables values (?, ?, 'T', ?)", (schema, name, space))
        for column in self._connection.execute(f'pragma table_info("{schema}.{name}")'):
            self._connection.execute("insert into syscat_columns values (?, ?, ?)", (schema, name, column[1].upper()))

    def _create_index(self, match: re.Match[str]) -> None:
        schema, name = self._qualified(match[1], match[2])
        table_schema, table = self._qualified(match[3], match[4])
        self._require(table_schema, table)
        if self._one("select 1 from syscat_indexes where indschema = ? and indname = ?", schema, name):
            raise _duplicate(f"{schema}.{name}", "INDEX")
        self._connection.execute("insert into syscat_indexes values (?, ?, ?, ?)", (schema, name, table_schema, table))

    def _drop_table(self, match: re.Match[str]) -> None:
        schema, name = self._qualified(match[1], match[2])
        self._require(schema, name)
        self._connection.execute(f'drop table "{schema}.{name}"')
        for table in ("tables", "columns", "indexes", "tabauth"):
            self._connection.execute(f"delete from syscat_{table} where tabschema = ? and tabname = ?", (schema, name))  # noqa: S608

    def _lock_table(self, match: re.Match[str]) -> None:
        """Who holds it is the business of `locks`."""
        self._require(*self._qualified(match[1], match[2]))

    def _grant_table(self, match: re.Match[str]) -> None:
        if fold(match[2]) == "DATABASE" and match[1] is None:
            self._connection.execute("insert into syscat_dbauth values (?, 'N', 'Y')", (fold(match[3]),))
            return
        schema, name = self._qualified(match[1], match[2])
        self._require(schema, name)
        self._connection.execute("insert into syscat_tabauth values (?, ?, ?)", (fold(match[3]), schema, name))

    def _grant_database(self, match: re.Match[str]) -> None:
        self._connection.execute("insert into syscat_dbauth values (?, 'N', 'Y')", (fold(match[1]),))

    # -- rows ----------------------------------------------------------------------------------------------------------
    def _select(self, text: str) -> Rows:
        if text.lower().startswith("values"):
            text = "select " + re.sub(r"(?i)^values\s*", "", text).strip("()")
        cursor = self._run(text)
        columns = tuple(
            str(number) if "(" in entry[0] or not re.fullmatch(r"\w+", entry[0]) else entry[0].upper()
            for number, entry in enumerate(cursor.description, 1)
        )
        return Rows(columns, cursor.fetchall())

    def _change(self, text: str) -> None:
        if self._run(text).rowcount == 0:
            raise SqlError(
                "SQL0100W  No row was found for FETCH, UPDATE or DELETE; or the result of a \n"
                "query is an empty table.  SQLSTATE=02000",
                code=1,
            )

    def _run(self, text: str) -> sqlite3.Cursor:
        try:
            return self._connection.execute(self._translated(text))
        except sqlite3.IntegrityError as error:
            raise SqlError(
                "SQL0803N  One or more values in the INSERT statement, UPDATE statement, or \n"
                f"foreign key update caused by a DELETE statement are not valid ({error}).  SQLSTATE=23505"
            ) from error
        except sqlite3.Error as error:
            raise SqlError(f"SQL0104N  An unexpected token was found: {error}.  SQLSTATE=42601") from error

    def _translated(self, text: str) -> str:
        """The statement with DB2's table names turned into those of the file; strings stay as they are."""
        parts = re.split(r"('(?:[^']|'')*')", text)
        for number in range(0, len(parts), 2):
            part = re.sub(r"(?i)\b(syscat|sysibm)\.(\w+)", lambda m: f"{m[1].lower()}_{m[2].lower()}", parts[number])
            part = re.sub(r"(?i)\bfetch\s+first\s+(\d+)\s+rows?\s+only\b", r"limit \1", part)
            part = re.sub(r"(?i)\bcurrent\s+(timestamp|date|time)\b", r"current_\1", part)
            part = re.sub(r"(?i)\s+with\s+ur\b", "", part)
            parts[number] = re.sub(
                rf"(?i)\b(from|join|into|update)\s+{_QUALIFIED}",
                lambda m: (
                    m[0] if m[3].lower().startswith(("syscat_", "sysibm_")) else f"{m[1]} {self._file_name(m[2], m[3])}"
                ),
                part,
            )
        return "".join(parts)

    def _file_name(self, schema: str | None, name: str) -> str:
        full = self._qualified(schema, name)
        self._require(*full)
        return f'"{full[0]}.{full[1]}"'

    def tables(self, text: str) -> list[str]:
        """The tables that a statement names, each with its schema; strings do not count."""
        bare = re.sub(r"'(?:[^']|'')*'", "''", text)
        found = re.findall(rf"(?i)\b(?:from|join|into|update|table)\s+{_QUALIFIED}", bare)
        return [".".join(self._qualified(schema or None, name)) for schema, name in found]

    # -- helpers -------------------------------------------------------------------------------------------------------
    def _qualified(self, schema: str | None, name: str) -> tuple[str, str]:
        return (fold(schema) if schema else self.schema, fold(name))

    def _table(self, schema: str, name: str) -> bool:
        return self._one("select 1 from syscat_tables where tabschema = ? and tabname = ?", schema, name) is not None

    def _require(self, schema: str, name: str) -> None:
        if not self._table(schema, name):
            raise SqlError(f'SQL0204N  "{schema}.{name}" is an undefined name.  SQLSTATE=42704')

    def _one(self, query: str, *values: str) -> tuple[object, ...] | None:
        row: tuple[object, ...] | None = self._connection.execute(query, values).fetchone()
        return row

    def _insert_new(self, table: str, key: str, name: str, kind: str, values: tuple[object, ...]) -> None:
        if self._one(f"select 1 from syscat_{table} where {key} = ?", name):  # noqa: S608
            raise _duplicate(name, kind)
        places = ", ".join("?" * len(values))
        self._connection.execute(f"insert into syscat_{table} values ({places})", values)  # noqa: S608


def _nothing(match: re.Match[str]) -> None:
    """What changes nothing here."""
    del match


def fold(name: str) -> str:
    """An identifier as the catalogue holds it: in capitals unless it is quoted."""
    return name[1:-1] if name.startswith('"') else name.upper()


def _duplicate(name: str, kind: str) -> SqlError:
    return SqlError(
        f"SQL0601N  The name of the object to be created is identical to the existing \n"
        f'name "{name}" of type "{kind}".  SQLSTATE=42710'
    )


def _page_size(text: str) -> int:
    match = re.search(r"\bpagesize\s+(\d+)\s*(k?)", text, re.IGNORECASE)
    return int(match[1]) * (1024 if match[2] else 1) if match else 4096


def _without_db2_words(columns: str) -> str:
    """Column definitions without what SQLite does not know."""
    columns = re.sub(r"(?i)\s+generated\s+(always|by\s+default)\s+as\s+identity\s*(\([^)]*\))?", "", columns)
    columns = re.sub(r"(?i)\bwith\s+default\b", "default", columns)
    columns = re.sub(r"(?i)\bcurrent\s+(timestamp|date|time)\b", r"current_\1", columns)
    columns = re.sub(r"(?i)\s+for\s+bit\s+data\b|\s+(not\s+)?logged\b|\s+(not\s+)?compact\b", "", columns)
    # A foreign key would have to name the file's own table name.
    return re.sub(rf"(?i)\s+references\s+{_QUALIFIED}(\s*\([^)]*\))?(\s+on\s+delete\s+\w+)?", "", columns)
