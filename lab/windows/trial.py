"""`python -m lab.windows.trial DIRECTORY ADDRESS:PORT USER`: a host without a lab around it, password on stdin."""

from __future__ import annotations

import socket
import sys
from pathlib import Path

from lab.windows.installation import install
from lab.windows.sample import DESCRIPTION
from lab.windows.server import make_server


def main(directory: str, listen: str, user: str) -> None:
    """Serve WinRM in the foreground."""
    users = {user: sys.stdin.readline().rstrip("\n")}
    address, _, port = listen.partition(":")
    listener = socket.create_server((address, int(port)), backlog=64)
    make_server(install(Path(directory).absolute(), DESCRIPTION, users), listener, users).serve_forever()


if __name__ == "__main__":
    main(*sys.argv[1:])
