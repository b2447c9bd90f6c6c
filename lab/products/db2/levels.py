"""`db2ls` and `db2level`: which copies there are, and at which level."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

from lab.host import Host
from lab.products.db2 import manager, memory
from lab.products.db2.editions import EDITIONS

HEADER = "Install Path                       Level   Fix Pack   Special Install Number   Install Date"
# Fix pack: build level and program temporary fix, as `db2level` shows them.
BUILDS = {0: ("n060119", ""), 4: ("s071028", "U814639")}


def db2ls(host: Host, arguments: Sequence[str]) -> int:
    """List copies (`[-c]`), or the products and features of one (`-q -b path [-a] [-p] [-c]`)."""
    words = list(arguments)
    base = ""
    if "-b" in words and words.index("-b") + 1 < len(words):
        position = words.index("-b")
        base = words[position + 1].rstrip("/")
        del words[position : position + 2]
    if any(word not in {"-c", "-q", "-a", "-p"} for word in words) or bool(base) != ("-q" in words):
        print("Usage: db2ls [-q -b base-install-path [-a] [-p]] [-c]")
        return 1
    copies = {path: copy for path, copy in memory.snapshot(host)["copies"].items() if copy["complete"]}
    if base:
        return _features(copies.get(base), base, "-c" in words, only_products="-p" in words)
    if not copies:
        print("db2ls: No DB2 copies are installed.")
        return 1
    if "-c" in words:
        print("#PATH:VRMF:FIXPACK:SPECIAL:DATE:UID")
    else:
        print(f"\n{HEADER}\n{'-' * len(HEADER)}")
    for path, copy in copies.items():
        if "-c" in words:
            print(f"{path}:{memory.level(copy)}:{copy['fixpack']}::{copy['installed']}:0")
        else:
            print(f"{path:<34} {memory.level(copy)}  {copy['fixpack']:>3} {'':>24}   {copy['installed']}")
    return 0


def _features(copy: dict[str, Any] | None, base: str, colons: bool, *, only_products: bool) -> int:
    if copy is None:
        print(f"db2ls: There is no DB2 copy in {base}.")
        return 1
    edition = EDITIONS[copy["edition"]]
    rows = [(edition.keyword, edition.title)]
    if not only_products:
        rows += [("BASE_DB2_ENGINE", "Base server support"), ("TCPIP_DB2_LISTENER_SUPPORT", "TCP/IP listener support")]
    if not colons:
        print(
            f"\nInstall Path : {base}\n\n"
            f"Feature Response File ID        Level    Fix Pack   Feature Description\n{'-' * 80}"
        )
    for identifier, text in rows:
        if colons:
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
    identifier = f"010{fixpack + 1}0107"
    print(f'DB21085I  Instance "{instance}" uses "{bits}" bits and DB2 code release "SQL0901{fixpack}"')
    print(f'with level identifier "{identifier}".')
    version = "9.1.0.189" if windows and not fixpack else f"9.1.0.{fixpack}"
    print(f'Informational tokens are "DB2 v{version}", "{build}", "{temporary_fix}", and Fix Pack "{fixpack}".')
    named = f' with DB2 Copy Name "{copy["name"]}"' if windows else ""
    print(f'Product is installed at "{path}"{named}.')
    return 0
