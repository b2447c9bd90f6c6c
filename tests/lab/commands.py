"""What hosts of a running lab start while something runs: every command line, however short its life."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import IO

from lab.settings import REPOSITORY
from tests.lab.conftest import Lab

_BEGINS_WITHIN_S = 60


@contextmanager
def traced(lab: Lab, *hosts: str) -> Iterator[list[str]]:
    """The command lines of all programs that the hosts start while the context is open; complete when it is closed."""
    lines: list[str] = []
    with ExitStack() as traces:
        for host in hosts:
            traces.enter_context(_trace(lab, host, lines))
        yield lines


@contextmanager
def _trace(lab: Lab, host: str, lines: list[str]) -> Iterator[None]:
    began = threading.Event()
    tracer = subprocess.Popen(
        [sys.executable, "-m", "lab", "trace", host],
        cwd=REPOSITORY,
        env={**os.environ, **lab.environment},
        stdout=subprocess.PIPE,
        text=True,
    )

    def read(output: IO[str]) -> None:
        for line in output:
            lines.append(line.rstrip("\n"))
            began.set()

    assert tracer.stdout
    reader = threading.Thread(target=read, args=(tracer.stdout,))
    reader.start()
    try:
        assert began.wait(_BEGINS_WITHIN_S), f"{host} is not traced"
        yield
        assert tracer.poll() is None, f"the trace of {host} ended early: it may have missed something"
    finally:
        # What it wrote is read to the end.
        tracer.terminate()
        tracer.wait()
        reader.join()
