"""Logs: errpt errlogger errclear alog logger."""

from __future__ import annotations

import sys
import time

from lab.aix.userland import odm
from lab.aix.userland.command import NOT_EMULATED, CommandError, parse, read_text, write_text
from lab.aix.userland.machine import Machine

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from lab.aix.userland.command import Command

STORE = "errorlog"


def errpt(arguments: Sequence[str]) -> None:
    """The error log, newest entry first: one line each, or all details (-a)."""
    usage = "Usage: errpt [-a] [-N ResourceNameList] [-J ErrorLabelList]"
    options = parse("errpt", arguments, "aN:J:", usage, unemulated="cdDegijklLmPqRstTvFA")
    if options.operands:
        raise CommandError(usage)
    entries = [
        entry
        for entry in odm.read(STORE).get("entries", [])
        if options.get("N", entry["resource"]) == entry["resource"]
        and options.get("J", entry["label"]) == entry["label"]
    ]
    if entries and "a" not in options:
        print("IDENTIFIER TIMESTAMP  T C RESOURCE_NAME  DESCRIPTION")
    for entry in reversed(entries):
        moment = time.localtime(entry["time"])
        kind, resource = f"{entry['type']} {entry['class']}", entry["resource"]
        if "a" not in options:
            stamp = time.strftime("%m%d%H%M%y", moment)
            print(f"{entry['identifier']}   {stamp} {kind} {resource:<14} {entry['title']}")
            continue
        print("-" * 75)
        print(f"LABEL:          {entry['label']}\nIDENTIFIER:     {entry['identifier']}\n")
        print(f"Date/Time:       {time.strftime('%a %b %d %H:%M:%S %Y', moment)}\nSequence Number: {entry['sequence']}")
        print(f"Machine Id:      {Machine().machine_id}\nNode Id:         {Machine().name}")
        print(f"Class:           {entry['class']}\nType:            {entry['type']}\nResource Name:   {resource}\n")
        print(f"Description\n{entry['title']}\n")
        print(f"Detail Data\nMESSAGE FROM ERRLOGGER COMMAND\n{entry['detail']}\n")


def errlogger(arguments: Sequence[str]) -> None:
    """Note a message of the operator in the error log."""
    options = parse("errlogger", arguments, "", "Usage: errlogger Message")
    if not options.operands:
        raise CommandError("Usage: errlogger Message")
    with odm.Change(STORE) as data:
        sequence = data["sequence"] = int(data.get("sequence", 0)) + 1
        data.setdefault("entries", []).append(
            {
                "sequence": sequence,
                "identifier": "AA8AB241",
                "label": "OPMSG",
                "time": int(time.time()),
                "type": "T",
                "class": "O",
                "resource": "OPERATOR",
                "title": "OPERATOR NOTIFICATION",
                "detail": " ".join(options.operands),
            }
        )


def errclear(arguments: Sequence[str]) -> None:
    """Remove the entries older than some days; 0 removes all."""
    usage = "Usage: errclear [-N ResourceNameList] Days"
    options = parse("errclear", arguments, "", usage, unemulated="NdiJjKklmRsTty")
    if len(options.operands) != 1 or not options.operands[0].isdigit():
        raise CommandError(usage)
    limit = time.time() - int(options.operands[0]) * 86400
    with odm.Change(STORE) as data:
        data["entries"] = [entry for entry in data.get("entries", []) if entry["time"] > limit]


def alog(arguments: Sequence[str]) -> None:
    """Keep standard input in a log of a type (-t) or file (-f) and pass it on; -o shows the log."""
    usage = "Usage: alog -f LogFile [-o] | [-q] ; alog -t LogType [-o] | [-q]"
    options = parse("alog", arguments, "f:t:oq", usage, unemulated="sLCHVw")
    logs = {"boot": "/var/adm/ras/bootlog", "console": "/var/adm/ras/conslog", "bosinst": "/var/adm/ras/bosinstlog"}
    if "t" in options and options.get("t") not in logs:
        raise CommandError(f"alog: The log type {options.get('t')} is not known.")
    path = options.get("f") or logs.get(options.get("t"), "")
    if not path or options.operands:
        raise CommandError(usage)
    if "o" in options:
        sys.stdout.write(read_text(path))
        return
    text = sys.stdin.read()
    write_text(path, read_text(path) + text)
    if "q" not in options:
        sys.stdout.write(text)


def logger(arguments: Sequence[str]) -> None:
    """Checked and dropped: the lab runs no syslogd, and AIX's default configuration keeps nothing."""
    usage = "Usage: logger [-f File] [-i] [-p Priority] [-t Tag] [Message]"
    options = parse("logger", arguments, "ip:t:", usage, unemulated="f")
    if not options.operands:
        raise CommandError("logger: lab: a message from standard input is not emulated", NOT_EMULATED)


COMMANDS: dict[str, Command] = {
    "errpt": errpt,
    "errlogger": errlogger,
    "errclear": errclear,
    "alog": alog,
    "logger": logger,
}
