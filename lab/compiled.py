"""Compile what the machines can only read: `python3 -m lab.compiled`; nothing where that is done already."""

from __future__ import annotations

import compileall
import sys

from lab.errors import LabError
from lab.products.was.wsadmin import build
from lab.settings import REPOSITORY


def ensure() -> None:
    """The Java program of wsadmin, and this package, which would be compiled at every start of a simulated program;
    raises `LabError`."""
    build.ensure()
    for package in ("lab", "plugins/plugin_utils"):
        compileall.compile_dir(REPOSITORY / package, quiet=2)


if __name__ == "__main__":
    try:
        ensure()
    except LabError as error:
        sys.exit(f"lab: {error}")
