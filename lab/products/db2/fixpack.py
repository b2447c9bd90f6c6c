"""`installFixPack`: brings one copy on AIX to the level of a fix pack image, with its instances."""

from __future__ import annotations

import time
from collections.abc import Sequence

from lab.host import Host, NoSpace
from lab.products.db2 import logs, manager, memory

OK, FATAL, ACTIVE, WRONG_COPY, BAD_PARAMETER = 0, 67, 70, 82, 87
FIXPACK_MB = 250
FORCED = ("level", "db2lib", "nobackup")
USAGE = "Usage: installFixPack -b <base-install-path> [-l log-file] [-t trace-file] [-n] [-f level | db2lib | nobackup]"


def install_fix_pack(host: Host, arguments: Sequence[str], level: int) -> int:
    """The program on the image of fix pack `level`."""
    options = {"-l": f"/tmp/installFixPack.log.{time.time_ns() // 1000000 % 100000}"}  # noqa: S108
    words = list(arguments)
    flags = set()
    while words:
        word = words.pop(0)
        if word == "-n":
            flags.add(word)
        elif words and (word in {"-b", "-l", "-t"} or (word == "-f" and words[0] in FORCED)):
            options[word] = words.pop(0)
        else:
            print(f"DBI1192E  The parameter {word} is not valid.\n{USAGE}")
            return BAD_PARAMETER
    if not host.user.administrator:
        print("DBI1005E  The user must be root to run installFixPack.")
        return FATAL
    if "-b" not in options:
        print(USAGE)
        return BAD_PARAMETER
    unwritable = logs.problem(host, options["-l"])
    if unwritable:
        print(f"DBI1192E  The parameter -l is not valid: {unwritable}.\n{USAGE}")
        return BAD_PARAMETER
    lines = [f"DB2 installFixPack log file started at: {time.ctime()}"]
    code = _install(host, options["-b"].rstrip("/"), level, "-f" in options and options["-f"] == "level", lines)
    ended = {OK: "The execution completed successfully."}.get(code, "The execution failed.")
    host.path(options["-l"]).write_text("\n".join([*lines, ended, ""]), "utf-8")
    print(f'{ended}\n\nFor more information see the DB2 installation log at "{options["-l"]}".')
    return code


def _install(host: Host, path: str, level: int, force: bool, lines: list[str]) -> int:
    known = memory.snapshot(host)
    copy = known["copies"].get(path)
    if copy is None or not copy["complete"]:
        lines.append(f"ERROR: There is no DB2 copy in {path}.")
        return WRONG_COPY
    if copy["fixpack"] > level or (copy["fixpack"] == level and not force and not copy.get("updating")):
        lines.append(f"ERROR: The copy in {path} is at level {memory.level(copy)} already.")
        return WRONG_COPY
    ours = [name for name, record in known["instances"].items() if record["path"] == path]
    active = [name for name in ours if manager.running(host, name)]
    if active or any("db2fmcd" in title for title in host.processes().values()):
        lines.append(f"ERROR: DBI1065E  Instances or the fault monitor are active: {', '.join(active) or 'db2fmcd'}.")
        return ACTIVE
    try:
        if not copy.get("updating"):
            host.claim_space(path, FIXPACK_MB)
        with host.store(memory.STORE) as store:
            memory.copies(store)[path]["updating"] = True
        lines.append("Installing DB2 file sets :.......Success")
        if host.fault("installFixPack") == "disk-full":
            raise NoSpace("/opt", FIXPACK_MB, 0)
    except NoSpace as full:
        lines.append(f"ERROR: DBI1284E  There is not enough space in the file system {full.mount}.")
        return FATAL
    with host.store(memory.STORE) as store:
        record = memory.copies(store)[path]
        record["fixpack"] = level
        record.pop("updating", None)
    lines += [f"Updating instance {name} :.......Success" for name in ours]
    return OK
