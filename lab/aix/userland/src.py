"""The System Resource Controller: mkssys chssys rmssys lssrc startsrc stopsrc refresh.

Subsystems of the signal method run as real processes below a small `srcmstr` process of their own, which knows when
they end and restarts those defined with -R. AIX's own daemons (socket method) are entries without a process.
"""

from __future__ import annotations

import os
import signal
import sys
import time

from lab.aix.userland import odm
from lab.aix.userland.command import NOT_EMULATED, CommandError, native, pairs, parse

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from lab.aix.userland.command import Command

STORE = "src"
HEADER = "Subsystem         Group            PID          Status "
SPEC_HEADER = (
    "#subsysname:synonym:cmdargs:path:uid:auditid:standin:standout:standerr:action:multi:contact:svrkey:svrmtype:"
    "priority:signorm:sigforce:display:waittime:grpname:"
)
FLAGS = "s:p:u:a:e:i:o:t:ORdDqQKI:m:f:n:SE:G:w:"
DEFAULTS: dict[str, Any] = {
    "synonym": "",
    "args": "",
    "path": "",
    "uid": 0,
    "stdin": "/dev/console",
    "stdout": "/dev/console",
    "stderr": "/dev/console",
    "action": "-O",
    "multi": "-Q",
    "contact": "-K",
    "priority": 20,
    "normal": 0,
    "force": 0,
    "display": "-d",
    "wait": 20,
    "group": "",
}


def _system(path: str, group: str, pid: int = 0, args: str = "") -> dict[str, Any]:
    return {**DEFAULTS, "path": path, "group": group, "args": args, "pid": pid, "system": True}


SYSTEM_SUBSYSTEMS: dict[str, dict[str, Any]] = {
    "syslogd": _system("/usr/sbin/syslogd", "ras", 98418),
    "errdemon": _system("/usr/lib/errdemon", "ras", 73878),
    "portmap": _system("/usr/sbin/portmap", "portmap", 110722),
    "inetd": _system("/usr/sbin/inetd", "tcpip", 114820),
    "snmpd": _system("/usr/sbin/snmpd", "tcpip", 118918),
    "xntpd": _system("/usr/sbin/xntpd", "tcpip"),
    "sshd": _system("/usr/sbin/sshd", "ssh", 135310, "-D"),
}


def _subsystems(data: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Every subsystem of the store, AIX's own ones put in on first sight."""
    if not data:
        for name, entry in SYSTEM_SUBSYSTEMS.items():
            data[name] = dict(entry)
    return data


def _alive(entry: dict[str, Any]) -> bool:
    """Whether the process of a subsystem runs; a number given to another process since does not count."""
    if entry.get("system"):
        return bool(entry.get("pid"))
    return bool(entry.get("pid")) and _born(entry["pid"]) == entry.get("born")


def _born(pid: int) -> str:
    """When a process started, in ticks; empty when it is gone or only waits to be collected."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as file:
            fields = file.read().rpartition(")")[2].split()
    except OSError:
        return ""
    return "" if fields[0] in "ZX" else fields[19]


def _state(entry: dict[str, Any]) -> str:
    if not _alive(entry):
        return "inoperative"
    return "stopping" if entry.get("stopping") else "active"


# -- definitions -------------------------------------------------------------------------------------------------------
MKSSYS = (
    "Usage: mkssys {-p path -s subsystem -u uid} [-a arguments] [-e standard error] [-i standard input]\n"
    "       [-o standard output] [-t synonym] [-O | -R] [-d | -D] [-q | -Q]\n"
    "       [-K | [-I message queue -m message type | -f stop force -n stop normal -S]]\n"
    "       [-E priority] [-G group] [-w wait time]"
)
_PLAIN = {"p": "path", "a": "args", "e": "stderr", "i": "stdin", "o": "stdout", "t": "synonym", "G": "group"}
_NUMBERS = {"E": "priority", "w": "wait", "n": "normal", "f": "force"}
_CHOICES = {"O": "action", "R": "action", "d": "display", "D": "display", "q": "multi", "Q": "multi"}


_EXCLUSIVE = ("OR", "dD", "qQ", "KS")
NAME_BYTES, TEXT_BYTES = 29, 200
NICE, SIGNALS = range(40), range(1, 64)


def _define(flags: list[tuple[str, str]], entry: dict[str, Any]) -> None:
    """Apply the flags of mkssys and chssys to a definition."""
    given = {flag for flag, _ in flags}
    for pair in _EXCLUSIVE:
        if set(pair) <= given:
            raise CommandError(f"0513-003 The -{pair[0]} and -{pair[1]} flags exclude each other.\n{MKSSYS}")
    for flag, value in flags:
        if flag in _PLAIN:
            entry[_PLAIN[flag]] = value
        elif flag in _NUMBERS:
            if not value.isdigit():
                raise CommandError(f"0513-003 The -{flag} flag needs a number, not {value}.")
            entry[_NUMBERS[flag]] = int(value)
        elif flag in _CHOICES:
            entry[_CHOICES[flag]] = f"-{flag}"
        elif flag in "SK":
            entry["contact"] = f"-{flag}"
        elif flag in "Im":
            raise CommandError("mkssys: lab: message queues (-I, -m) are not emulated", NOT_EMULATED)
        elif flag == "u":
            entry["uid"] = _uid(value)
    _check(entry)


def _check(entry: dict[str, Any]) -> None:
    """Refuse a definition that the SRC would refuse."""
    if entry["priority"] not in NICE or not {entry["normal"], entry["force"]} <= {0, *SIGNALS}:
        raise CommandError("0513-003 The -E flag takes 0 to 39, the -n and -f flags take signal numbers.\n" + MKSSYS)
    for key, most in (("synonym", NAME_BYTES), ("group", NAME_BYTES), ("path", TEXT_BYTES)):
        if len(entry[key]) > most:
            raise CommandError(f"0513-013 The {key} is longer than {most} characters.")
    if entry["contact"] == "-S" and not (entry["normal"] and entry["force"]):
        raise CommandError("0513-011 Signal communication (-S) needs both -n and -f.\n" + MKSSYS)
    if not entry["path"].startswith("/"):
        raise CommandError(f"0513-012 The path {entry['path']} is not an absolute path name.")
    if len(entry["args"]) > TEXT_BYTES:
        raise CommandError("0513-013 The arguments are longer than 200 characters.")


def _uid(value: str) -> int:
    if value.isdigit():
        return int(value)
    from lab.aix.userland.accounts import Accounts  # noqa: PLC0415

    return Accounts().load().user(value).uid


def mkssys(arguments: Sequence[str]) -> None:
    """Define a subsystem."""
    options = parse("mkssys", arguments, FLAGS, MKSSYS)
    if options.operands or not all(flag in options for flag in "spu"):
        raise CommandError(MKSSYS)
    name = options.get("s")
    if len(name) > NAME_BYTES:
        raise CommandError(f"0513-013 The subsystem name is longer than {NAME_BYTES} characters.\n{MKSSYS}")
    with odm.Change(STORE) as data:
        if name in _subsystems(data):
            raise CommandError(f"0513-081 The {name} Subsystem is already on file.")
        entry = dict(DEFAULTS)
        _define(options.flags, entry)
        data[name] = entry
    print(f"0513-071 The {name} Subsystem has been added.")


def chssys(arguments: Sequence[str]) -> None:
    """Change the definition of a subsystem; a running one keeps the old until it is started again."""
    usage = MKSSYS.replace("mkssys {-p path -s subsystem -u uid}", "chssys -s old subsystem [-p path] [-u uid]")
    options = parse("chssys", arguments, FLAGS, usage)
    if options.operands or "s" not in options:
        raise CommandError(usage)
    old, *new = options.all("s")
    with odm.Change(STORE) as data:
        if old not in _subsystems(data):
            raise CommandError("0513-084 There were no records that matched your request.")
        _define(options.flags, data[old])
        if new:
            data[new[0]] = data.pop(old)
    print("0513-077 Subsystem has been changed.")


def rmssys(arguments: Sequence[str]) -> None:
    """Remove the definition of a stopped subsystem."""
    usage = "Usage: rmssys -s subsystem"
    options = parse("rmssys", arguments, "s:", usage)
    name = options.get("s")
    if not name or options.operands:
        raise CommandError(usage)
    with odm.Change(STORE) as data:
        if name not in _subsystems(data):
            raise CommandError("0513-084 There were no records that matched your request.")
        if _alive(data[name]):
            raise CommandError(f"0513-024 The {name} Subsystem is active and cannot be deleted.")
        del data[name]
    print("0513-083 Subsystem has been Deleted.")


def _selected(
    data: dict[str, Any], options_get: Callable[[str], str], usage: str, *, anything: bool = False
) -> dict[str, dict[str, Any]]:
    """The subsystems that -s, -g (or -a) name."""
    subsystems = _subsystems(data)
    name, group = options_get("s"), options_get("g")
    if anything:
        return subsystems
    if name:
        found = {key: entry for key, entry in subsystems.items() if name in (key, entry["synonym"])}
        if not found:
            raise CommandError(f"0513-085 The {name} Subsystem is not on file.")
        return found
    if not group:
        raise CommandError(usage)
    found = {key: entry for key, entry in subsystems.items() if entry["group"] == group}
    if not found:
        raise CommandError(f"0513-086 The {group} Group is not on file.")
    return found


def lssrc(arguments: Sequence[str]) -> None:
    """Show the state (or with -S the definition) of subsystems."""
    usage = "Usage: lssrc [-h host] { -a | -g group | [-l] -s subsystem | [-S] [-s subsystem] }"
    options = parse("lssrc", arguments, "ag:s:lS", usage, unemulated="htpD")
    if options.operands or not options.flags:
        raise CommandError(usage)
    data = odm.read(STORE)
    everything = "a" in options or ("S" in options and not options.get("s"))
    selected = _selected(data, options.get, usage, anything=everything)
    if "S" in options:
        print(SPEC_HEADER)
        for name, entry in selected.items():
            print(_definition(name, entry))
        return
    print(HEADER)
    for name, entry in selected.items():
        if _alive(entry) or entry["display"] == "-d" or not everything:
            pid = str(entry["pid"]) if _alive(entry) else ""
            print(f" {name:<17}{entry['group']:<17}{pid:<13}{_state(entry)}")


def _definition(name: str, entry: dict[str, Any]) -> str:
    fields = (
        name,
        entry["synonym"],
        entry["args"],
        entry["path"],
        entry["uid"],
        0,
        entry["stdin"],
        entry["stdout"],
        entry["stderr"],
        entry["action"],
        entry["multi"],
        entry["contact"],
        0,
        0,
        entry["priority"],
        entry["normal"],
        entry["force"],
        entry["display"],
        entry["wait"],
        entry["group"],
    )
    return ":".join(str(field) for field in fields) + ":"


# -- starting and stopping ---------------------------------------------------------------------------------------------
def startsrc(arguments: Sequence[str]) -> int:
    """Start subsystems."""
    usage = "Usage: startsrc [-a argument] [-e environment] {-s subsystem | -g group}"
    options = parse("startsrc", arguments, "a:e:s:g:", usage, unemulated="ht")
    if options.operands:
        raise CommandError(usage)
    code = 0
    with odm.Change(STORE) as data:
        for name, entry in _selected(data, options.get, usage).items():
            if _alive(entry):
                if entry["multi"] == "-q" and not entry.get("system"):
                    raise CommandError("startsrc: lab: several instances (-q) are not emulated", NOT_EMULATED)
                sys.stderr.write(
                    f"0513-029 The {name} Subsystem is already active.\nMultiple instances are not supported.\n"
                )
                code = 1
                continue
            if entry.get("system"):
                entry["pid"] = SYSTEM_SUBSYSTEMS.get(name, {}).get("pid") or 139406
            else:
                _check_startable(name, entry)
                entry.update(_launch(name, entry, options.get("a") or entry["args"], options.get("e")), stopping=False)
            print(f"0513-059 The {name} Subsystem has been started. Subsystem PID is {entry['pid']}.")
    return code


def _check_startable(name: str, entry: dict[str, Any]) -> None:
    if not os.access(native(entry["path"]), os.X_OK):
        raise CommandError(
            f"0513-017 The {name} Subsystem could not be started.\n"
            f"The program {entry['path']} does not exist or cannot be executed."
        )


def _launch(name: str, entry: dict[str, Any], args: str, environment: str) -> dict[str, Any]:
    """Start the program below an own `srcmstr` process; its id and birth, told through a pipe."""
    read_end, write_end = os.pipe()
    sys.stdout.flush()
    if os.fork() == 0:
        os.setsid()
        os.close(read_end)
        _detach(write_end)
        _master(name, entry, args, environment, write_end)
        os._exit(0)
    os.close(write_end)
    with os.fdopen(read_end, encoding="ascii") as pipe:
        pid = int(pipe.readline())
    return {"pid": pid, "born": _born(pid)}


def _detach(keep: int = -1) -> None:
    """Leave the caller's descriptors, above all the pipes somebody waits on and the lock of the store."""
    null = os.open("/dev/null", os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(null, descriptor)
    last = max(int(entry) for entry in os.listdir("/proc/self/fd"))
    os.closerange(3, keep if keep > 0 else last + 1)
    os.closerange(max(keep, 2) + 1, last + 1)


def _master(name: str, entry: dict[str, Any], args: str, environment: str, report: int) -> None:
    """The life of one subsystem: start it, wait for its end, start it again when it is defined so."""
    deaths: list[float] = []
    first = True
    while True:
        pid = _child(entry, args, environment)
        if first:
            os.write(report, f"{pid}\n".encode("ascii"))
            os.close(report)
            first = False
            from lab.namespaces import set_title  # noqa: PLC0415 - the program need not wait for this import

            set_title("/usr/sbin/srcmstr")
        else:
            with odm.Change(STORE) as data:
                data[name].update(pid=pid, born=_born(pid))
        os.waitpid(pid, 0)
        deaths = [moment for moment in deaths if time.monotonic() - moment < entry["wait"]] + [time.monotonic()]
        with odm.Change(STORE) as data:
            current = data.get(name, {})
            if current.get("pid") != pid:
                return
            wanted = entry["action"] == "-R" and not current.get("stopping")
            current.update(pid=0, born="", stopping=False)
        if not wanted or len(deaths) > 1:  # AIX gives up after two ends within the wait time
            return


def _child(entry: dict[str, Any], args: str, environment: str) -> int:
    """Fork and execute the program as its user; the id of its process."""
    import shlex  # noqa: PLC0415

    pid = os.fork()
    if pid:
        return pid
    try:
        os.setsid()
        files = ((entry["stdin"], os.O_RDONLY), *((entry[key], -1) for key in ("stdout", "stderr")))
        for descriptor, (path, mode) in enumerate(files):
            place = "/dev/null" if path == "/dev/console" else path
            place = place if place.startswith("/dev/") else native(place)
            flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND if mode < 0 else mode
            os.dup2(os.open(place, flags, 0o644), descriptor)
        variables = {"PATH": "/usr/bin:/etc:/usr/sbin:/usr/ucb", "LANG": "en_US", "TZ": os.environ.get("TZ", "GMT")}
        variables.update(pairs(environment.split())[0])
        os.umask(0o22)
        os.chdir(native("/"))
        _become(entry["uid"])
        for number in (signal.SIGPIPE, signal.SIGHUP, signal.SIGINT, signal.SIGQUIT):
            signal.signal(number, signal.SIG_DFL)
        os.execve(native(entry["path"]), [entry["path"], *shlex.split(args)], variables)
    finally:
        os._exit(126)


def _become(uid: int) -> None:
    if uid == os.getuid():
        return
    from lab.aix.userland.accounts import Accounts  # noqa: PLC0415

    accounts = Accounts().load()
    user = next(user for user in accounts.users.values() if user.uid == uid)
    os.setgroups([accounts.group(name).gid for name in accounts.groups_of(user)])
    os.setgid(user.gid)
    os.setuid(uid)


def stopsrc(arguments: Sequence[str]) -> int:
    """Ask subsystems to stop; they are gone some time later (`lssrc` says `stopping` until then)."""
    usage = "Usage: stopsrc [-f | -c] {-a | -g group | -s subsystem}"
    options = parse("stopsrc", arguments, "fcag:s:", usage, unemulated="hpt")
    if options.operands or ("f" in options and "c" in options):
        raise CommandError(usage)
    code = 0
    with odm.Change(STORE) as data:
        for name, entry in _selected(data, options.get, usage, anything="a" in options).items():
            if not _alive(entry):
                sys.stderr.write(f"0513-004 The Subsystem or Group, {name}, is currently inoperative.\n")
                code = 1
                continue
            if entry.get("system"):
                entry["pid"] = 0
            else:
                _signal(entry, "f" in options, "c" in options)
            print(f"0513-044 The {name} Subsystem was requested to stop.")
    return code


def _signal(entry: dict[str, Any], force: bool, cancel: bool) -> None:
    number = entry["force"] if force else signal.SIGTERM if cancel or entry["contact"] != "-S" else entry["normal"]
    entry["stopping"] = True
    os.kill(entry["pid"], number)
    if cancel and os.fork() == 0:  # -c: SIGKILL for what is still there after the wait time
        _detach()
        time.sleep(entry["wait"])
        if _alive(entry):
            os.kill(entry["pid"], signal.SIGKILL)
        os._exit(0)


def refresh(arguments: Sequence[str]) -> None:
    """Ask subsystems of the socket method to read their configuration again."""
    usage = "Usage: refresh {-s subsystem | -g group}"
    options = parse("refresh", arguments, "s:g:", usage, unemulated="hp")
    if options.operands:
        raise CommandError(usage)
    for name, entry in _selected(odm.read(STORE), options.get, usage).items():
        if entry["contact"] == "-S":
            raise CommandError(f"0513-005 The Subsystem, {name}, only supports signal communication.")
        if not _alive(entry):
            raise CommandError(f"0513-036 The request could not be passed to the {name} subsystem.")
    print("0513-095 The request for subsystem refresh was completed successfully.")


COMMANDS: dict[str, Command] = {
    "mkssys": mkssys,
    "chssys": chssys,
    "rmssys": rmssys,
    "lssrc": lssrc,
    "startsrc": startsrc,
    "stopsrc": stopsrc,
    "refresh": refresh,
}
