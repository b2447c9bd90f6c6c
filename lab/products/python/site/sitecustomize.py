"""Python at its start on a Windows host: names of files below `C:` mean the host's own disk."""

from __future__ import annotations

import builtins
import functools
import io
import os
import re
import signal
from collections.abc import Callable
from typing import Any

_DRIVE = os.environ["LAB_DRIVE_C"]
_NATIVE = re.compile(r"(?:.*/)?[Cc]:[\\/](.*)", re.DOTALL)
# What a program tried here uses.
_FUNCTIONS = {
    os: (
        "access",
        "chmod",
        "listdir",
        "lstat",
        "mkdir",
        "open",
        "remove",
        "rename",
        "replace",
        "scandir",
        "stat",
        "unlink",
    ),
    io: ("open",),
    builtins: ("open",),
}
_LACKING = ("SIGHUP", "SIGUSR1", "SIGUSR2")


def _place(name: Any) -> Any:
    text = os.fspath(name) if isinstance(name, os.PathLike) else name
    found = _NATIVE.fullmatch(text) if isinstance(text, str) else None
    if found is None:
        return name
    place = _DRIVE
    for part in filter(None, re.split(r"[\\/]", found[1])):
        # Names are found without regard to case.
        there = [entry for entry in (_listdir(place) if _isdir(place) else []) if entry.casefold() == part.casefold()]
        place = f"{place}/{there[0] if there else part}"
    return place


def _mapped(function: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(function)
    def mapped(name: Any, *arguments: Any, **named: Any) -> Any:
        return function(_place(name), *map(_place, arguments), **named)

    return mapped


_listdir, _isdir = os.listdir, os.path.isdir
for _module, _names in _FUNCTIONS.items():
    for _name in _names:
        setattr(_module, _name, _mapped(getattr(_module, _name)))
for _name in _LACKING:
    delattr(signal, _name)
if hasattr(os, "fork"):
    del os.fork
