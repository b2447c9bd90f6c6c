"""`python -m lab.windows.labexe product:program ARGUMENTS`: a simulated program as a process of a Windows host."""

from __future__ import annotations

import importlib
import json
import os
import sys
from pathlib import Path

from lab.host import Program, Programs
from lab.windows.environment import Environment
from lab.windows.host import WindowsHost
from lab.windows.machine import Machine
from lab.windows.processes import CONTEXT, EXIT_IN_FILE, exit_file
from lab.windows.session import CODE_PAGE


def find(entry: str) -> Program:
    """The function behind `product:program`; `system` is Windows itself."""
    product, _, name = entry.partition(":")
    module = "lab.windows.system" if product == "system" else f"lab.products.{product}"
    programs: Programs = importlib.import_module(module).PROGRAMS
    return programs[name]


def current_host() -> WindowsHost:
    """The host of this process, from the context its starter left."""
    context = json.loads(os.environ[CONTEXT])
    machine = Machine(Path(context["directory"]))
    environment = Environment(context["environment"])
    return WindowsHost(
        machine, context["user"], environment, context["current"], context["program"],
        service_pipe=context["service_pipe"],
    )  # fmt: skip


def main(arguments: list[str]) -> int:
    """Run the program named first with the other arguments."""
    host = current_host()
    sys.stdin.reconfigure(encoding=CODE_PAGE)  # type: ignore[union-attr]
    for stream in (sys.stdout, sys.stderr):
        # Console programs write carriage returns, and what the code page lacks becomes a question mark.
        stream.reconfigure(encoding=CODE_PAGE, errors="replace", newline="\r\n")  # type: ignore[union-attr]
    try:
        code = find(arguments[0])(host, arguments[1:])
        sys.stdout.flush()
    except BrokenPipeError:
        return 1
    if 0 <= code < EXIT_IN_FILE:
        return code
    exit_file(host.machine.directory, os.getpid()).write_text(str(code & 0xFFFFFFFF))
    return EXIT_IN_FILE


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
