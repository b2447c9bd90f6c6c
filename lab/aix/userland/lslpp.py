"""lslpp: what is installed."""

from __future__ import annotations

import sys

from lab.aix.userland import odm
from lab.aix.userland.command import NOT_EMULATED, CommandError, parse
from lab.aix.userland.filesets import STORE, installed, matches, package_of
from lab.aix.userland.installp_report import column

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from lab.aix.userland.command import Command
    from lab.aix.userland.filesets import Filesets

_HISTORY_RULE = "  " + "-" * 76
STATES = """

State codes:
 A -- Applied.
 B -- Broken.
 C -- Committed.
 E -- EFIX Locked.
 O -- Obsolete.  (partially migrated to newer version)
 ? -- Inconsistent State...Run lppchk -v.

Type codes:
 F -- Installp Fileset
 P -- Product
 C -- Component
 T -- Feature
 R -- RPM Package
 E -- Interim Fix"""


def lslpp(arguments: Sequence[str]) -> int:
    """List installed filesets (-l, -L), their files (-f), history (-h), or whose a file is (-w)."""
    usage = "Usage: lslpp {-d|-E|-f|-h|-i|-l|-L|-p} [-a] [-J] [-c] [-q] [-I] [-O {[r][s][u]}] [Fileset ... | all]"
    options = parse("lslpp", arguments, "lLhfwcqaI", usage, unemulated="dEipJOSeRb")
    modes = [flag for flag, _ in options.flags if flag in "lLhfw"]
    if len(set(modes)) != 1:
        raise CommandError(usage)
    data = installed(odm.read(STORE))
    if modes[0] == "w":
        return _owner(data, options.operands)
    patterns = options.operands or ["all"]
    # Without a wildcard lslpp takes whole fileset names, unlike installp.
    chosen = [
        name
        for name in sorted(data)
        if any(
            pattern in ("all", name) or (set(pattern) & set("*?[") and matches(name, pattern)) for pattern in patterns
        )
    ]
    code = 0
    for pattern in patterns:
        exact = not set(pattern) & set("*?[")
        if pattern != "all" and not any(name == pattern if exact else matches(name, pattern) for name in data):
            sys.stderr.write(f"lslpp: 0504-132  Fileset {pattern} not installed.\n")
            code = 1
    if chosen:
        show = {"l": _levels, "L": _short_levels, "h": _history, "f": _files}[modes[0]]
        show({name: data[name] for name in chosen}, "c" in options, "q" in options)
    return code


def _levels(filesets: Filesets, colons: bool, quiet: bool) -> None:
    if colons:
        if not quiet:
            print("#Path:Fileset:Level:PTF Id:State:Type:Description:EFIX Locked")
        for name, entry in filesets.items():
            print(f"/usr/lib/objrepos:{name}:{entry['level']}::COMMITTED:I:{entry['description']}: ")
        return
    if not quiet:
        print("  Fileset                      Level  State      Description         ")
        print(_HISTORY_RULE)
    print("Path: /usr/lib/objrepos")
    for name, entry in filesets.items():
        print(f"{column(f'  {name}', 25)}{entry['level']:>11}  COMMITTED  {entry['description']}")


def _short_levels(filesets: Filesets, colons: bool, quiet: bool) -> None:
    if colons:
        if not quiet:
            print(
                "#Package Name:Fileset:Level:State:PTF Id:Fix State:Type:Description:Destination Dir.:Uninstaller:"
                "Message Catalog:Message Set:Message Number:Parent:Automatic:EFIX Locked:Install Path:Build Date"
            )
        for name, entry in filesets.items():
            print(f"{package_of(name)}:{name}:{entry['level']}: : :C: :{entry['description']}: : : : : : :0:0:/:")
        return
    if not quiet:
        print("  Fileset                      Level  State  Type  Description (Uninstaller)")
        print("  " + "-" * 76)
    for name, entry in filesets.items():
        print(f"{column(f'  {name}', 25)}{entry['level']:>11}    C     F    {entry['description']}")
    if not quiet:
        print(STATES)


def _history(filesets: Filesets, colons: bool, quiet: bool) -> None:
    if colons:
        raise CommandError("lslpp: lab: -h with -c is not emulated", NOT_EMULATED)
    if not quiet:
        print("  Fileset         Level     Action       Status       Date         Time        ")
        print(_HISTORY_RULE)
    print("Path: /usr/lib/objrepos")
    for name, entry in filesets.items():
        print(f"  {name}")
        print(f"             {entry['level']:>12}   COMMIT       COMPLETE     11/12/07     10:08:31")


def _files(filesets: Filesets, colons: bool, quiet: bool) -> None:
    if colons:
        raise CommandError("lslpp: lab: -f with -c is not emulated", NOT_EMULATED)
    if not quiet:
        print("  Fileset               File")
        print(_HISTORY_RULE)
    print("Path: /usr/lib/objrepos")
    for name, entry in filesets.items():
        paths = [*entry.get("files", []), *entry.get("programs", [])] or ["NONE"]
        print(f"  {name} {entry['level']}")
        for path in paths:
            print(f"                        {path}")


def _owner(data: Filesets, paths: list[str]) -> int:
    if not paths:
        raise CommandError("lslpp: lab: -w needs a file name", NOT_EMULATED)
    owners = {
        path: name for name, entry in data.items() for path in (*entry.get("files", ()), *entry.get("programs", ()))
    }
    found = [path for path in paths if path in owners]
    if found:
        print(f"  {'File':<44}Fileset               Type\n{_HISTORY_RULE}")
    for path in found:
        print(f"  {path:<44}{owners[path]:<22}File")
    for path in paths:
        if path not in owners:
            sys.stderr.write(f"lslpp: 0504-132  Fileset {path} not installed.\n")
    return 0 if len(found) == len(paths) else 1


COMMANDS: dict[str, Command] = {"lslpp": lslpp}
