"""`python -m lab.windows.powershell FILE.ps1 --tree DIR`: try a text on a host of its own, kept in DIR."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TextIO

from lab.windows.installation import install
from lab.windows.powershell.program import run_text
from lab.windows.sample import DESCRIPTION
from lab.windows.session import Session


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path, help="the PowerShell text")
    parser.add_argument("--tree", type=Path, required=True, help="the host's folder, made when it is not there")
    options = parser.parse_args()
    machine = install(options.tree.absolute(), DESCRIPTION, {"Administrator": "lab"})
    session = Session(
        machine, "Administrator", machine.environment("Administrator"), "C:\\Documents and Settings\\Administrator",
        sys.stdin.buffer.read, _writer(sys.stdout), _writer(sys.stderr),
    )  # fmt: skip
    return run_text(session, options.file.read_text("utf-8"))


def _writer(stream: TextIO) -> Callable[[bytes], None]:
    def write(data: bytes) -> None:
        stream.buffer.write(data)
        stream.buffer.flush()

    return write


if __name__ == "__main__":
    sys.exit(main())
