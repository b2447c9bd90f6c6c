"""What runs on the router: `ios` is a session on the command line, `ios -c COMMAND` does one command, and
`ios STARTUP-CONFIG` is what happens when the router gets power."""

from __future__ import annotations

import sys
from pathlib import Path

from lab.ios.router import HOME, Router
from lab.ios.shell import Shell
from lab.ios.terminal import Terminal


def main(arguments: list[str]) -> int:
    """Serve whoever logged in; the exit code."""
    router = Router(Path("/", HOME))
    if arguments and arguments[0] != "-c":
        router.start()
        return 0
    shell = Shell(router, Terminal())
    if arguments:
        shell.execute(arguments[1])
        return 0
    return shell.run()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
