"""installp: filesets from the lab's packages (`lab.aix.userland.bff`) installed, listed and removed."""

from __future__ import annotations

import json
import os
import sys

from lab.aix.userland import odm
from lab.aix.userland.command import CommandError, native, parse
from lab.aix.userland.filesets import STORE, SYSTEM_FILESETS, installed, matches, package_of
from lab.aix.userland.installp_apply import Installation
from lab.aix.userland.installp_report import banner, section, summary

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from lab.aix.userland.command import Command
    from lab.aix.userland.filesets import Filesets

USAGE = """\
Usage:  installp [-a|-a -c [-N]] [-eLogFile] [-VNumber] [-dDevice] [-E] [-Y] [-b]
        [-S] [-B] [-D] [-I] [-p] [-Q] [-q] [-v] [-X] [-F|-g] [-O{[r][s][u]}]
        [-tSaveDirectory] [-w] [-zBlockSize] {FilesetName [Level]... | -f ListFile | all}
        installp -u [-eLogFile] [-VNumber] [-b] [-g] [-p] [-v] [-X] [-O{[r][s][u]}]
        [-w] {FilesetName [Level]... | -f ListFile}
        installp {-l|-L} [-eLogFile] [-dDevice] [-B] [-I] [-q] [-zBlockSize] [-O{[s][u]}]
        installp -C [-b] [-eLogFile]"""


def installp(arguments: Sequence[str]) -> int:
    """Install (-a), remove (-u) or list (-l, -L) filesets; -p only previews."""
    options = parse("installp", arguments, "acCNpgXYFQqvIulLd:V:wM:", USAGE, unemulated="ersAibSBDEOtzfRJ")
    modes = {flag for flag, _ in options.flags if flag in "aulLC"}
    if len(modes) != 1:
        raise CommandError("0503-430 installp:  Exactly one of the actions -a, -u, -l, -L or -C is wanted.\n" + USAGE)
    mode = modes.pop()
    if mode == "C":
        print(
            "0503-439 installp:  No filesets were found in the Software Vital\n"
            "\tProduct Database that could be cleaned up."
        )
        return 0
    if mode == "u":
        return _remove(_wanted(options.operands), "g" in options, "p" in options)
    media = _read_media(options.get("d", "/dev/cd0"))
    if mode in "lL":
        _list_media(media, colons=mode == "L", quiet="q" in options)
        return 0
    return Installation(media, _wanted(options.operands), {flag for flag, _ in options.flags}).run()


def _wanted(operands: list[str]) -> list[str]:
    """The fileset names on the command line; a level may follow each."""
    names = [word for word in operands if not word[:1].isdigit()]
    if not names:
        raise CommandError(
            "0503-438 installp:  This function of installp requires a list of\n\tinstallable filesets to be provided.\n"
            + USAGE
        )
    return names


def _read_media(device: str) -> Filesets:
    """The filesets of the packages in a directory, or of one package."""
    place = native(device)
    if os.path.isdir(place):
        files = [os.path.join(place, name) for name in sorted(os.listdir(place)) if name.endswith((".bff", ".I"))]
    elif os.path.isfile(place):
        files = [place]
    else:
        raise CommandError(
            f"0503-012 installp:  Device {device} could not be accessed.\n\tSpecify a valid device name."
        )
    media: Filesets = {}
    for path in files:
        try:
            with open(path, encoding="utf-8") as file:
                content = json.load(file)
            filesets = content["filesets"]
        except (ValueError, KeyError, TypeError):
            sys.stderr.write(f"0503-014 installp:  {os.path.basename(path)} is not in backup file format.\n")
            continue
        media.update({entry["name"]: entry for entry in filesets})
    if not media:
        raise CommandError(f"0503-105 installp:  No installable images were found on {device}.")
    return media


def _list_media(media: Filesets, *, colons: bool, quiet: bool) -> None:
    if colons:
        for name, entry in media.items():
            print(f"{package_of(name)}:{name}:{entry['level']}::I:C:::::N:{entry['description']}::::0::")
        return
    if not quiet:
        print("  Fileset Name                Level                     I/U Q Content")
        print("  " + "=" * 68)
    for name, entry in media.items():
        print(f"  {name:<27} {entry['level']:<26} I  N usr,root\n#   {entry['description']}\n")


def _remove(wanted: list[str], dependents: bool, preview: bool) -> int:
    """Deinstall filesets, with -g also those that need them."""
    data = installed(odm.read(STORE))
    chosen = [name for name in data if any(matches(name, pattern) for pattern in wanted)]
    banner("Pre-deinstall Verification...")
    print("Verifying selections...done\nVerifying requisites...done\nResults...\n")
    missing = [pattern for pattern in wanted if not any(matches(name, pattern) for name in data)]
    if dependents:
        grew = True
        while grew:
            more = [
                name
                for name, entry in data.items()
                if name not in chosen and set(entry.get("requisites", {})) & set(chosen)
            ]
            chosen += more
            grew = bool(more)
    system = [name for name in chosen if name in SYSTEM_FILESETS]
    needed = {
        name: [other for other, entry in data.items() if other not in chosen and name in entry.get("requisites", {})]
        for name in chosen
    }
    blocked = [name for name, others in needed.items() if others or name in system]
    if missing or blocked:
        print(
            "FAILURES\n--------\n  Filesets listed in this section failed pre-deinstall verification\n"
            "  and will not be removed.\n"
        )
        if missing:
            print(section("Not Installed", "The following filesets are not installed on the system.", missing))
        if blocked:
            print(
                section(
                    "Requisite Failures",
                    "The following filesets are needed by installed software.",
                    (f"{name}  (by {', '.join(needed[name]) or 'the operating system'})" for name in blocked),
                )
            )
        print("  << End of Failure Section >>\n")
    removable = [name for name in chosen if name not in blocked]
    if preview or not removable:
        return 1 if missing or blocked else 0
    banner("Deinstalling Software...")
    rows = []
    from lab.aix.userland import storage  # noqa: PLC0415

    with odm.Change(STORE) as current, odm.Change(storage.STORE) as disks:
        table = storage.filesystems(disks)
        for name in removable:
            entry = installed(current).pop(name)
            for path in (*entry.get("files", ()), *entry.get("programs", ())):
                if os.path.exists(native(path)):
                    os.unlink(native(path))
            for directory, megabytes in entry.get("sizes", {}).items():
                mount = storage.holder(table, directory)
                table[mount]["used"] = max(0, int(table[mount]["used"]) - megabytes)
            print(f"installp:  DEINSTALLING software for:\n        {name} {entry['level']}\n")
            rows.append((name, entry["level"], "DEINSTALL", True))
    print("Finished processing all filesets.  (Total time:  2 secs).\n")
    banner("Summaries:")
    summary(rows)
    return 1 if missing or blocked else 0


COMMANDS: dict[str, Command] = {"installp": installp}
