# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""The SIP NAT proxy as one file that Python runs: built from its source, always with the same bytes.

Imports nothing of Ansible's: `scripts/proxy` uses it too.
"""

from __future__ import annotations

import io
import re
import time
import zipfile
from pathlib import Path

COLLECTION = Path(__file__).resolve().parents[2]
PACKAGE = COLLECTION / "files/proxy/src/sipnat"
LICENCE = COLLECTION / "LICENSES/GPL-3.0-or-later.txt"

# Archives hold times; this is not when somebody built or checked out.
EPOCH = 1767225600

_START = """\
import sys

if sys.version_info < (3, 8):
    sys.exit("sipnat needs Python 3.8 or newer, not " + sys.version.split()[0])

from sipnat.cli import main

sys.exit(main())
"""


def version(package: Path = PACKAGE) -> str:
    """The version that the source says it has. Raises OSError, and ValueError for a source that says none."""
    found = re.search(r'^__version__ = "([0-9A-Za-z.+]+)"$', (package / "__init__.py").read_text("utf-8"), re.M)
    if found is None:
        raise ValueError(f"{package}/__init__.py does not say __version__")
    return found[1]


def build(package: Path = PACKAGE, licence: Path = LICENCE, epoch: int = EPOCH) -> bytes:
    """The zipapp. `epoch` is the time of its entries, seconds since 1970. Raises OSError."""
    files = {"__main__.py": _START.encode(), "LICENSE": licence.read_bytes()}
    for file in package.rglob("*.py"):
        files[f"sipnat/{file.relative_to(package).as_posix()}"] = file.read_bytes()
    stream = io.BytesIO()
    stream.write(b"#!/usr/bin/env python3\n")  # AIX has it, and the launcher of Windows understands it
    # Not compressed: the bytes depend on no version of zlib, and a Python without it can run them.
    with zipfile.ZipFile(stream, "w") as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, time.gmtime(epoch)[:6])
            entry.create_system = 3
            entry.external_attr = 0o100644 << 16
            archive.writestr(entry, files[name])
    return stream.getvalue()
