"""What DB2 9.1 needs of AIX, looked up with AIX's own commands."""

from __future__ import annotations

import re

from lab.host import Host

LOWEST_RUNTIME = (8, 0, 0, 4)
FILESETS = ("xlC.rte", "xlC.aix50.rte")
LOWEST_AIX = {"5200": 8, "5300": 3}


def missing(host: Host) -> list[str]:
    """What is not there, one sentence each."""
    return [*_system(host), *_runtime(host), *_async_io(host)]


def _system(host: Host) -> list[str]:
    problems = []
    level = host.run(["oslevel", "-r"])[1].strip()
    match = re.match(r"(\d{4})-(\d{2})", level)
    if not match or match[1] not in LOWEST_AIX or int(match[2]) < LOWEST_AIX[match[1]]:
        problems.append(
            f"The operating system level {level} is not supported: AIX 5.3 needs technology level 3 or later."
        )
    if host.run(["bootinfo", "-K"])[1].strip() != "64":
        problems.append("The 64-bit kernel is not running.")
    return problems


def _runtime(host: Host) -> list[str]:
    problems = []
    for fileset in FILESETS:
        code, said, _ = host.run(["lslpp", "-qLc", fileset])
        fields = said.split(":")
        installed = tuple(int(part) for part in fields[2].split(".")) if code == 0 and len(fields) > 2 else ()
        if installed < LOWEST_RUNTIME:
            problems.append(f"The fileset {fileset} 8.0.0.4 or later is required and is not installed.")
    return problems


def _async_io(host: Host) -> list[str]:
    said = host.run(["lsdev", "-Cc", "aio"])[1]
    if not re.search(r"^aio0\s+Available", said, re.MULTILINE):
        return ["Asynchronous I/O is not available: the device aio0 must be in state Available."]
    return []
