"""`db2ls` and `db2level`: which copies there are, and at which level."""

from __future__ import annotations

import contextlib
import getopt
import io
import time
from collections.abc import Mapping, Sequence
from typing import Any

from lab.host import Host
from lab.products.db2 import logs, manager, memory
from lab.products.db2.editions import EDITIONS

HEADER = "Install Path                       Level   Fix Pack   Special Install Number   Install Date"
USAGE = "Usage: db2ls [-q -b base-install-path [-a] [-p] [-f feature-id]] [-c] [-l log-file]"
FEATURES = [("TCPIP_DB2_LISTENER_SUPPORT", "TCP/IP listener support")]
HIDDEN_FEATURES = [("BASE_DB2_ENGINE", "Base server support")]
# Fix pack: build level and program temporary fix, as `db2level` shows them.
BUILDS = {0: ("n060124", ""), 4: ("s071028", "U814639")}
WINDOWS_GA = ("n060119", "")
WINDOWS_VERSIONS = {0: "9.1.0.189", 4: "9.1.400.359"}


def db2ls(host: Host, arguments: Sequence[str]) -> int:
    """List copies (`[-c]`), or the products and features of one (`-q -b path [-a] [-p] [-f feature] [-c]`)."""
    try:
        options, operands = getopt.getopt(list(arguments), "qapcb:f:l:")
    except getopt.GetoptError as error:
        print(f"db2ls: {error}\n{USAGE}")
        return 1
    said = dict(options)
    if operands or ("-b" in said) != ("-q" in said) or ({"-a", "-p", "-f"} & set(said) and "-q" not in said):
        print(USAGE)
        return 1
    unwritable = logs.problem(host, said["-l"]) if "-l" in said else ""
    if unwritable:
        print(f"db2ls: no log can be written: {unwritable}.")
        return 1
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        code = _query(host, said)
    print(out.getvalue(), end="")
    if "-l" in said:
        host.path(said["-l"]).write_text(out.getvalue(), "utf-8")
    return code


def _query(host: Host, said: Mapping[str, str]) -> int:
    copies = {path: copy for path, copy in memory.snapshot(host)["copies"].items() if copy["complete"]}
    if "-q" in said:
        base = said["-b"].rstrip("/")
        return _features(copies.get(base), base, said)
    if not copies:
        print("db2ls: No DB2 copies are installed.")
        return 1
    if "-c" in said:
        print("#PATH:VRMF:FIXPACK:SPECIAL:DATE:UID")
    else:
        print(f"\n{HEADER}\n{'-' * len(HEADER)}")
    for path, copy in copies.items():
        if "-c" in said:
            print(f"{path}:{memory.level(copy)}:{copy['fixpack']}::{copy['installed']}:0")
        else:
            print(f"{path:<34} {memory.level(copy)}  {copy['fixpack']:>3} {'':>24}   {copy['installed']}")
    return 0


def _features(copy: dict[str, Any] | None, base: str, said: Mapping[str, str]) -> int:
    if copy is None:
        print(f"db2ls: There is no DB2 copy in {base}.")
        return 1
    edition = EDITIONS[copy["edition"]]
    rows = [(edition.keyword, edition.title)]
    if "-p" not in said:
        rows += HIDDEN_FEATURES if "-a" in said else []
        rows += FEATURES
    if "-f" in said:
        rows = [(identifier, text) for identifier, text in [*rows, *HIDDEN_FEATURES] if identifier == said["-f"]][:1]
    if not rows:
        print(f"db2ls: The feature {said['-f']} is not installed in {base}.")
        return 1
    if "-c" not in said:
        print(
            f"\nInstall Path : {base}\n\n"
            f"Feature Response File ID        Level    Fix Pack   Feature Description\n{'-' * 80}"
        )
    for identifier, text in rows:
        if "-c" in said:
            print(f"{identifier}:{memory.level(copy)}:{copy['fixpack']}:{text}")
        else:
            print(f"{identifier:<30} {memory.level(copy)}   {copy['fixpack']:>3}        {text}")
    return 0


def db2level(host: Host, arguments: Sequence[str]) -> int:
    """Tell the level of the copy and the current instance."""
    if arguments:
        print("Usage: db2level")
        return 1
    path = memory.copy_path(host)
    copy = memory.snapshot(host)["copies"][path]
    windows = host.platform == "windows"
    instance = manager.current(host)
    if instance is None:
        print(manager.NO_INSTANCE)
        return 4
    bits = 32 if windows else 64
    fixpack = copy["fixpack"]
    build, temporary_fix = BUILDS.get(fixpack, (time.strftime("s%y%m%d"), ""))
    if windows and not fixpack:
        build, temporary_fix = WINDOWS_GA
    identifier = f"010{fixpack + 1}0107"
    print(f'DB21085I  Instance "{instance}" uses "{bits}" bits and DB2 code release "SQL0901{fixpack}"')
    print(f'with level identifier "{identifier}".')
    version = WINDOWS_VERSIONS[fixpack] if windows else f"9.1.0.{fixpack}"
    print(f'Informational tokens are "DB2 v{version}", "{build}", "{temporary_fix}", and Fix Pack "{fixpack}".')
    named = f' with DB2 Copy Name "{copy["name"]}"' if windows else ""
    print(f'Product is installed at "{path}"{named}.')
    return 0
