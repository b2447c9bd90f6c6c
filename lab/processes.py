"""How the first process of a machine starts others."""

from __future__ import annotations

import os
import signal
from collections.abc import Mapping, Sequence


def start(
    program: str, argv: Sequence[str], environment: Mapping[str, str], connection: int | None, errors: str
) -> int:
    """Start `program` in a session of its own with the descriptor `connection`, or nothing, as input and output, and
    the file `errors` as error output; its id. What this process does on signals is not inherited."""
    pid = os.fork()
    if pid:
        return pid
    try:
        os.setsid()
        signal.set_wakeup_fd(-1)
        for number in (signal.SIGCHLD, signal.SIGHUP, signal.SIGTERM):
            signal.signal(number, signal.SIG_DFL)
        source = os.open(os.devnull, os.O_RDWR) if connection is None else connection
        os.dup2(source, 0)
        os.dup2(source, 1)
        os.dup2(os.open(errors, os.O_WRONLY), 2)
        os.execve(program, list(argv), dict(environment))
    finally:
        os._exit(127)
