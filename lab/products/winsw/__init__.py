"""WinSW, the wrapper that makes a Windows service of a program."""

from __future__ import annotations

from lab.host import Programs
from lab.products.winsw.wrapper import run

PROGRAMS: Programs = {"winsw": run}
