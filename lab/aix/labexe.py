"""`/.lab/bin/labexe`: the interpreter of simulated programs, and the starter of simulated daemons.

A program file's first line `#!/.lab/bin/labexe product:program` makes the system call it with that entry, the file's
path and the caller's arguments. `Host.spawn` calls it with `--daemon`, the title, the entry and the arguments.
"""

from __future__ import annotations

import importlib
import sys

from lab import namespaces
from lab.aix.host import AixHost
from lab.host import Program, Programs


def find(entry: str) -> Program:
    """The function behind `product:program`; raises `LookupError`."""
    product, _, name = entry.partition(":")
    try:
        programs: Programs = importlib.import_module(f"lab.products.{product}").PROGRAMS
        return programs[name]
    except (ModuleNotFoundError, KeyError) as error:
        raise LookupError(f"{entry}: no such simulated program ({error})") from error


def main(arguments: list[str]) -> int:
    """Run one program to its end."""
    if arguments[0] == "--daemon":
        path = ""
        _, title, entry, *rest = arguments
        namespaces.set_title(title)
    else:
        entry, path, *rest = arguments
        # What `ps` shows is the program, as it would be without an interpreter.
        namespaces.set_title(" ".join([path, *rest]))
    try:
        program = find(entry)
    except LookupError as error:
        print(f"labexe: {error.args[0]}", file=sys.stderr)
        return 127
    try:
        code = program(AixHost(path), rest)
        sys.stdout.flush()
    except BrokenPipeError:
        # Nobody reads it, so nothing must flush it at exit.
        sys.stdout = None
        return 1
    return code
