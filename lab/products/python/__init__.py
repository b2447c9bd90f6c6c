"""Python 3.8 of a Windows host: this machine's Python, which sees `C:` where the host has it."""

from __future__ import annotations

from lab.host import Programs
from lab.products.python.interpreter import run

PROGRAMS: Programs = {"python": run}
