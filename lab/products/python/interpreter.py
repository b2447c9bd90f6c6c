"""`python.exe`: `-c CODE` or a script, with arguments. Nothing else is emulated."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from lab.host import Host

_REAL = "/usr/bin/python3"
_SITE = str(Path(__file__).parent / "site")
_NOT_EMULATED = 99
# The script lies elsewhere here than it believes to.
_SCRIPT = """\
import sys, zipfile, zipimport
place, *sys.argv = sys.argv[1:]
sys.path.insert(0, place)
if zipfile.is_zipfile(place):
    code = zipimport.zipimporter(place).get_code("__main__")
else:
    code = compile(open(place).read(), sys.argv[0], "exec")
exec(code, {"__name__": "__main__"})
"""


def run(host: Host, arguments: Sequence[str]) -> int:
    """Become this machine's Python."""
    if arguments[:1] == ["-c"] and len(arguments) > 1:
        return _become(host, list(arguments))
    if not arguments or arguments[0].startswith("-"):
        print(f"python: lab: {' '.join(arguments)} is not emulated", file=sys.stderr)
        return _NOT_EMULATED
    script = host.path(arguments[0])
    if not script.is_file():
        print(f"python: can't open file '{arguments[0]}': [Errno 2] No such file or directory", file=sys.stderr)
        return 2
    return _become(host, ["-c", _SCRIPT, str(script), *arguments])


def _become(host: Host, words: Sequence[str]) -> NoReturn:
    environment = {"PATH": "/usr/bin", "PYTHONPATH": _SITE, "LAB_DRIVE_C": str(host.path("C:\\"))}
    os.execve(_REAL, ["python.exe", *words], environment)
