"""Processes and sessions: ps who."""

from __future__ import annotations

import os
import time

from lab.aix.userland.accounts import PASSWD, User
from lab.aix.userland.command import NOT_EMULATED, CommandError, parse, read_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from lab.aix.userland.command import Command

_TICKS = os.sysconf("SC_CLK_TCK")


class Process:
    """A row of /proc."""

    def __init__(self, pid: int, names: dict[int, str], boot: float) -> None:
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as file:
            head, _, tail = file.read().rpartition(")")
        fields = tail.split()
        self.pid = pid
        self.state = fields[0]
        self.ppid, self.pgid, terminal = int(fields[1]), int(fields[2]), int(fields[4])
        self.seconds = (int(fields[11]) + int(fields[12])) // _TICKS
        self.nice = int(fields[16]) + 20
        self.size_kb = int(fields[20]) // 1024
        self.start = boot + int(fields[19]) / _TICKS
        self.comm = head.partition("(")[2]
        self.uid = os.stat(f"/proc/{pid}").st_uid
        self.user = names.get(self.uid, str(self.uid))
        self.tty = f"pts/{terminal & 255}" if terminal >> 8 == 136 else "-"
        with open(f"/proc/{pid}/cmdline", encoding="utf-8", errors="replace") as file:
            words = file.read().rstrip("\0").split("\0")
        # A program of the lab runs under an interpreter that AIX does not have.
        if len(words) > 2 and words[0].startswith("/.lab/") and words[1] == "-IS":
            words = words[2:]
        self.args = " ".join(words) if words != [""] else self.comm

    @property
    def cpu_time(self) -> str:
        """Minutes and seconds of CPU time, as `ps -f` shows them."""
        return f"{self.seconds // 60:>2}:{self.seconds % 60:02}"

    @property
    def elapsed(self) -> str:
        """Time since the start, as `[[dd-]hh:]mm:ss`."""
        seconds = max(0, int(time.time() - self.start))
        days, hours, minutes = seconds // 86400, seconds // 3600 % 24, seconds // 60 % 60
        text = f"{minutes:02}:{seconds % 60:02}"
        text = f"{hours:02}:{text}" if hours or days else text
        return f"{days:02}-{text}" if days else text

    @property
    def began(self) -> str:
        """The time of the start today, the day before."""
        moment = time.localtime(self.start)
        recent = time.time() - self.start < 86400
        return time.strftime("%H:%M:%S" if recent else "%b %d", moment)


FIELDS: dict[str, tuple[str, Callable[[Process], str]]] = {
    "args": ("COMMAND", lambda p: p.args),
    "comm": ("COMMAND", lambda p: p.comm),
    "etime": ("ELAPSED", lambda p: p.elapsed),
    "group": ("GROUP", lambda p: str(p.uid)),
    "nice": ("NI", lambda p: str(p.nice)),
    "pgid": ("PGID", lambda p: str(p.pgid)),
    "pid": ("PID", lambda p: str(p.pid)),
    "ppid": ("PPID", lambda p: str(p.ppid)),
    "ruser": ("RUSER", lambda p: p.user),
    "time": ("TIME", lambda p: f"00:{p.seconds // 60:02}:{p.seconds % 60:02}"),
    "tty": ("TT", lambda p: p.tty),
    "user": ("USER", lambda p: p.user),
    "vsz": ("VSZ", lambda p: str(p.size_kb)),
}
LEFT = ("args", "comm", "user", "ruser", "group")


def _all() -> list[Process]:
    names = {user.uid: user.name for user in map(User, reversed(read_text(PASSWD).splitlines()))}
    with open("/proc/uptime", encoding="ascii") as file:
        boot = time.time() - float(file.read().split()[0])
    found = []
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                found.append(Process(int(entry), names, boot))
            except (FileNotFoundError, ProcessLookupError):
                continue
    return sorted(found, key=lambda process: process.pid)


def ps(arguments: Sequence[str]) -> int:
    """List processes: -e or -A all, -f full, -o chosen columns, -p and -u chosen processes."""
    usage = (
        "Usage: ps [-AMNZaedfklm] [-n namelist] [-F Format] [-o specifier[=header],...] [-p proclist]\n"
        "          [-G|-g grouplist]\n"
        "          [-t termlist] [-U|-u userlist]"
    )
    words = list(arguments)
    if words and not words[0].startswith("-"):
        raise CommandError("ps: lab: the BSD flags (ps aux) are not emulated", NOT_EMULATED)
    options = parse("ps", words, "Aaedfo:F:p:u:U:", usage, unemulated="MNZklmcngGtTX")
    if options.operands:
        raise CommandError(usage)
    processes = _all()
    if "p" in options:
        wanted = options.get("p").replace(",", " ").split()
        processes = [process for process in processes if str(process.pid) in wanted]
    elif "u" in options or "U" in options:
        users = (options.get("u") or options.get("U")).replace(",", " ").split()
        processes = [process for process in processes if process.user in users or str(process.uid) in users]
    elif not {flag for flag, _ in options.flags} & set("eAad"):
        session = os.getsid(0)
        processes = [process for process in processes if _session(process.pid) == session]
    columns = options.all("o") + options.all("F")
    if columns:
        _print_columns(columns, processes)
    elif "f" in options:
        print("     UID     PID    PPID   C    STIME    TTY  TIME CMD")
        for process in processes:
            print(
                f"{process.user:>8} {process.pid:>7} {process.ppid:>7}   0 {process.began:>8} {process.tty:>6} "
                f"{process.cpu_time} {process.args}"
            )
    else:
        print("     PID    TTY  TIME CMD")
        for process in processes:
            print(f"{process.pid:>8} {process.tty:>6} {process.cpu_time} {process.comm}")
    return 0 if processes else 1


def _session(pid: int) -> int:
    try:
        return os.getsid(pid)
    except OSError:
        return -1


def _print_columns(specifications: list[str], processes: list[Process]) -> None:
    columns: list[tuple[str, str | None]] = []
    for specification in specifications:
        while specification:
            # A header of its own (`pid=Number`) takes the rest of the word.
            comma, equals = specification.find(","), specification.find("=")
            if equals >= 0 and (comma < 0 or equals < comma):
                columns.append((specification[:equals], specification[equals + 1 :]))
                break
            name, _, specification = specification.partition(",")  # noqa: PLW2901 - eaten from the left
            columns.append((name, None))
    for name, _ in columns:
        if name not in FIELDS:
            raise CommandError(f"ps: lab: the column {name} is not emulated", NOT_EMULATED)
    headers = [FIELDS[name][0] if header is None else header for name, header in columns]
    rows = [[FIELDS[name][1](process) for name, _ in columns] for process in processes]
    table = [headers, *rows] if any(headers) else rows
    wide = [max(len(row[at]) for row in table) for at in range(len(columns))] if table else []
    for row in table:
        cells = [
            text.ljust(width) if name in LEFT else text.rjust(width)
            for text, width, (name, _) in zip(row, wide, columns, strict=True)
        ]
        print(" ".join(cells).rstrip())


def who(arguments: Sequence[str]) -> None:
    """When the host was started (-b), its run level (-r); nobody is logged in."""
    usage = "Usage: who [-a | -b -d -i -l -m -p -q -r -s -t -u -w -A -H -T -X] [File]"
    options = parse("who", arguments, "brmsu", usage, unemulated="adilpqtwAHTX")
    if options.operands:
        raise CommandError("who: lab: only -b and -r are emulated", NOT_EMULATED)
    with open("/proc/1/stat", encoding="ascii", errors="replace") as file:
        ticks = int(file.read().rpartition(")")[2].split()[19])
    with open("/proc/uptime", encoding="ascii") as file:
        boot = time.time() - float(file.read().split()[0]) + ticks / _TICKS
    stamp = time.strftime("%b %d %H:%M", time.localtime(boot))
    if "b" in options:
        print(f"   .        system boot {stamp}")
    if "r" in options:
        print(f"   .        run-level 2 {stamp}       2    0    S")


COMMANDS: dict[str, Command] = {"ps": ps, "who": who}
