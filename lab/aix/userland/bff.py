"""The lab's installation packages: what a product simulator puts on its media for `installp`.

A package is a file whose name ends in `.bff` or `.I`: JSON with a list of filesets. A fileset may bring plain files,
programs (`product:program`, as in `Host.install_program`) and a `configure` program, which installp runs after the
files are in place as `configure <fileset> <level>`; when it fails, the installation of the fileset fails.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TypedDict

FORMAT = "lab backup-file format package"


class _Required(TypedDict):
    name: str
    level: str
    description: str


class Fileset(_Required, total=False):
    """A fileset on a medium. `sizes` maps a directory to the megabytes needed there, `requisites` a fileset to the
    lowest level that will do, `licence` says that installp needs -Y."""

    sizes: Mapping[str, int]
    requisites: Mapping[str, str]
    licence: bool
    files: Mapping[str, str]
    programs: Mapping[str, str]
    configure: str


def package(*filesets: Fileset) -> str:
    """The text of a package file."""
    return json.dumps({"format": FORMAT, "filesets": filesets}, indent=1) + "\n"
