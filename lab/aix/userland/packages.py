"""Installed software: lslpp, and its installation from the lab's packages (`lab.aix.userland.bff`): installp."""

from __future__ import annotations

import json
import os
import sys

from lab.aix.userland import odm
from lab.aix.userland.command import NOT_EMULATED, CommandError, native, parse

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Any

    from lab.aix.userland.command import Command

    Filesets = dict[str, dict[str, Any]]

STORE = "packages"
_OS = "5.3.7.0"
SYSTEM_FILESETS = {
    "X11.base.lib": (_OS, "AIXwindows Runtime Libraries"),
    "X11.base.rte": (_OS, "AIXwindows Runtime Environment"),
    "X11.motif.lib": (_OS, "AIXwindows Motif Libraries"),
    "bos.64bit": (_OS, "Base Operating System 64 bit Runtime"),
    "bos.acct": (_OS, "Accounting Services"),
    "bos.adt.base": (_OS, "Base Application Development Toolkit"),
    "bos.adt.libm": (_OS, "Base Application Development Math Library"),
    "bos.adt.syscalls": (_OS, "System Calls Application Development Toolkit"),
    "bos.iocp.rte": (_OS, "I/O Completion Ports API"),
    "bos.loc.iso.en_US": (_OS, "Base System Locale ISO Code Set - U.S. English"),
    "bos.mp64": (_OS, "Base Operating System 64-bit Multiprocessor Runtime"),
    "bos.net.tcp.client": (_OS, "TCP/IP Client Support"),
    "bos.net.tcp.server": (_OS, "TCP/IP Server"),
    "bos.perf.libperfstat": (_OS, "Performance Statistics Library Interface"),
    "bos.rte": (_OS, "Base Operating System Runtime"),
    "bos.rte.aio": (_OS, "Asynchronous I/O Extension"),
    "bos.rte.libc": (_OS, "libc Library"),
    "openssh.base.server": ("4.3.0.5301", "Open Secure Shell Server"),
    "xlC.aix50.rte": ("8.0.0.10", "C Set ++ Runtime for AIX 5.0"),
    "xlC.rte": ("8.0.0.10", "C Set ++ Runtime"),
}
RULE = "-" * 79
BANNER = "+" + "-" * 77 + "+"


def installed(data: Filesets) -> Filesets:
    """The installed filesets in a store; on first sight those of the operating system."""
    if not data:
        for name, (level, description) in SYSTEM_FILESETS.items():
            data[name] = {"level": level, "description": description}
    return data


def _version(level: str) -> tuple[int, ...]:
    return tuple(int(part) if part.isdigit() else 0 for part in level.split("."))


def _matches(name: str, pattern: str) -> bool:
    """A pattern names a fileset, the package it belongs to, or several by `*`."""
    if pattern == "all":
        return True
    if "*" in pattern or "?" in pattern or "[" in pattern:
        from fnmatch import fnmatchcase  # noqa: PLC0415

        return fnmatchcase(name, pattern)
    return name == pattern or name.startswith(pattern + ".")


# -- lslpp -------------------------------------------------------------------------------------------------------------
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
            pattern in ("all", name) or (set(pattern) & set("*?[") and _matches(name, pattern)) for pattern in patterns
        )
    ]
    code = 0
    for pattern in patterns:
        exact = not set(pattern) & set("*?[")
        if pattern != "all" and not any(name == pattern if exact else _matches(name, pattern) for name in data):
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
        print(f"  {name:<22} {entry['level']:>11}  COMMITTED  {entry['description']}")


def _short_levels(filesets: Filesets, colons: bool, quiet: bool) -> None:
    if colons:
        if not quiet:
            print(
                "#Package Name:Fileset:Level:State:PTF Id:Fix State:Type:Description:Destination Dir.:Uninstaller:"
                "Message Catalog:Message Set:Message Number:Parent:Automatic:EFIX Locked:Install Path:Build Date"
            )
        for name, entry in filesets.items():
            package = name.rpartition(".")[0] if name.count(".") > 1 else name
            print(f"{package}:{name}:{entry['level']}: : :C: :{entry['description']}: : : : : : :0:0:/:")
        return
    if not quiet:
        print("  Fileset                      Level  State  Type  Description (Uninstaller)")
        print("  " + "-" * 76)
    for name, entry in filesets.items():
        print(f"  {name:<22} {entry['level']:>11}    C     F    {entry['description']}")
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


# -- installp ----------------------------------------------------------------------------------------------------------
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
    options = parse("installp", arguments, "acCNpgXYFQqvIulLd:e:V:wM:", USAGE, unemulated="rsAibSBDEOtzfRJ")
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
            package = name.rpartition(".")[0] if name.count(".") > 1 else name
            print(f"{package}:{name}:{entry['level']}::I:C:::::N:{entry['description']}::::0::")
        return
    if not quiet:
        print("  Fileset Name                Level                     I/U Q Content")
        print("  " + "=" * 68)
    for name, entry in media.items():
        print(f"  {name:<27} {entry['level']:<26} I  N usr,root\n#   {entry['description']}\n")


class Installation:
    """One `installp -a`: verify everything first, then install fileset by fileset."""

    def __init__(self, media: Filesets, wanted: list[str], flags: set[str]) -> None:
        self._media = media
        self._flags = flags
        self._present = installed(odm.read(STORE))
        self._missing = [name for name in wanted if not any(_matches(found, name) for found in media)]
        self._selected = [name for name in media if any(_matches(name, pattern) for pattern in wanted)]
        self._skipped: dict[str, str] = {}
        self._failures: list[str] = []

    def run(self) -> int:
        """Do it; 0 when all that could be asked for is there, 1 when a fileset failed."""
        _banner("Pre-installation Verification...")
        print("Verifying selections...done\nVerifying requisites...done\nResults...\n")
        self._skip_installed()
        if "g" in self._flags:
            self._add_requisites()
        chosen = [name for name in self._ordered() if name not in self._skipped]
        chosen = self._verified(chosen)
        self._report(chosen)
        if not chosen:
            self._summaries([])
            return 1 if self._failures or self._missing else 0
        if "p" in self._flags:
            print("******************************************************************************")
            print("End of installp PREVIEW operation.  No apply operation has actually occurred.")
            print("******************************************************************************")
            return 1 if self._failures or self._missing else 0
        _banner("Installing Software...")
        results = [(name, self._install(name)) for name in chosen]
        print("Finished processing all filesets.  (Total time:  4 secs).\n")
        self._summaries(results)
        return 0 if all(done for _, done in results) and not self._failures and not self._missing else 1

    def _skip_installed(self) -> None:
        for name in self._selected:
            entry = self._present.get(name)
            if entry is None:
                continue
            old, new = _version(entry["level"]), _version(self._media[name]["level"])
            if old == new and "F" not in self._flags:
                self._skipped[name] = "Already installed"
            elif old > new and "F" not in self._flags:
                self._skipped[name] = f"Already superseded by {entry['level']}"

    def _satisfied(self, name: str, level: str) -> bool:
        entry = self._present.get(name)
        return entry is not None and _version(entry["level"]) >= _version(level)

    def _unsatisfied(self, name: str) -> dict[str, str]:
        requisites: dict[str, str] = self._media[name].get("requisites", {})
        return {need: level for need, level in requisites.items() if not self._satisfied(need, level)}

    def _offers(self, name: str, level: str) -> bool:
        return name in self._media and _version(self._media[name]["level"]) >= _version(level)

    def _add_requisites(self) -> None:
        queue = list(self._selected)
        while queue:
            for need, level in self._unsatisfied(queue.pop()).items():
                if need not in self._selected and self._offers(need, level):
                    self._selected.append(need)
                    queue.append(need)

    def _ordered(self) -> list[str]:
        """The selected filesets, requisites before what needs them."""
        ordered: list[str] = []

        def visit(name: str, path: tuple[str, ...]) -> None:
            if name in ordered or name in path:
                return
            for need in self._media[name].get("requisites", {}):
                if need in self._selected:
                    visit(need, (*path, name))
            ordered.append(name)

        for name in self._selected:
            visit(name, ())
        return ordered

    def _verified(self, chosen: list[str]) -> list[str]:
        """What passes the checks of requisites, licences and room; notes a text for each kind of failure."""
        failed: dict[str, dict[str, str]] = {}
        passed: list[str] = []
        for name in chosen:
            needs = {
                need: level
                for need, level in self._unsatisfied(name).items()
                if need not in passed or not self._offers(need, level)
            }
            if needs:
                failed[name] = needs
            else:
                passed.append(name)
        if failed:
            self._failures.append(self._requisite_failures(failed))
        unlicensed = [name for name in passed if self._media[name].get("licence")] if "Y" not in self._flags else []
        if unlicensed:
            self._failures.append(
                _section(
                    "Not Accepted License Agreements",
                    (
                        "The license agreements of the following filesets must be accepted\n"
                        "  (installp -Y) before the filesets can be installed."
                    ),
                    self._titles(unlicensed),
                )
            )
            passed = [name for name in passed if name not in unlicensed]
        return passed if not passed or self._make_room(passed) else []

    def _requisite_failures(self, failed: dict[str, dict[str, str]]) -> str:
        everything = {need: level for needs in failed.values() for need, level in needs.items()}
        on_media = {need: level for need, level in everything.items() if self._offers(need, level)}
        absent = {need: level for need, level in everything.items() if need not in on_media and need not in failed}
        text = _section(
            "Requisite Failures",
            (
                "SELECTED FILESETS:  The following is a list of filesets that you asked to\n"
                "  install.  They cannot be installed until all of their requisite filesets\n"
                "  are also installed.  See subsequent lists for details of requisites."
            ),
            self._titles(failed),
        )
        if absent:
            text += (
                "\n  MISSING REQUISITES:  The following filesets are required by one or more\n"
                "  of the selected filesets listed above.  They are not currently installed\n"
                "  and could not be found on the installation media.\n\n"
            )
            text += "".join(f"    {need} {level}{'':<20}# Base Level Fileset\n" for need, level in absent.items())
        if on_media:
            text += (
                "\n  AVAILABLE REQUISITES:  The following filesets are requisites of one or more\n"
                "  of the selected filesets listed above.  They are available on the\n"
                "  installation media.  To install these requisites with the selected\n"
                "  filesets, specify the option to automatically install requisite software\n"
                "  (-g flag).\n\n"
            )
            text += "".join(f"    {need} {level}{'':<20}# Base Level Fileset\n" for need, level in on_media.items())
        return text

    def _titles(self, names: Iterable[str]) -> list[str]:
        return [f"{name + ' ' + self._media[name]['level']:<44}# {self._media[name]['description']}" for name in names]

    def _make_room(self, chosen: list[str]) -> bool:
        """Claim the room the filesets need; -X lets file systems grow. False (and a failure noted) without room."""
        from lab.aix.userland import storage  # noqa: PLC0415

        needs: dict[str, int] = {}
        grown = []
        with odm.Change(storage.STORE) as data:
            table = storage.filesystems(data)
            for name in chosen:
                for directory, megabytes in self._media[name].get("sizes", {}).items():
                    mount = storage.holder(table, directory)
                    needs[mount] = needs.get(mount, 0) + megabytes
            short = []
            sizes = {mount: int(entry["size"]) for mount, entry in table.items()}
            for mount, megabytes in needs.items():
                lacking = megabytes - (int(table[mount]["size"]) - int(table[mount]["used"]))
                more = storage.partitions(max(lacking, 0))
                if more and ("X" not in self._flags or more > storage.free_partitions(table)):
                    short.append((mount, megabytes, int(table[mount]["size"]) - int(table[mount]["used"])))
                elif more:
                    table[mount]["size"] += more * int(storage.volume_group()["partition_size"])
                    grown.append(int(table[mount]["size"]) * storage.BLOCKS)
            if short:
                for mount, size in sizes.items():
                    table[mount]["size"] = size
                rows = "".join(f"  {mount:<30} {need * 2048:>12} {free * 2048:>12}\n" for mount, need, free in short)
                self._failures.append(
                    "  Not Enough Free Disk Space\n  --------------------------\n"
                    "  (All sizes are in 512-byte blocks)\n"
                    f"  {'Filesystem':<30} {'Needed':>12} {'Free':>12}\n{rows}\n"
                    "  Use the -X flag to extend file systems, or free some space.\n"
                )
                return False
            if "p" in self._flags:
                for mount, size in sizes.items():
                    table[mount]["size"] = size
            else:
                for mount, megabytes in needs.items():
                    table[mount]["used"] += megabytes
        for size in grown if "p" not in self._flags else ():
            print(f"Filesystem size changed to {size}")
        return True

    def _report(self, chosen: list[str]) -> None:
        if self._missing or self._failures:
            print(
                "FAILURES\n--------\n  Filesets listed in this section failed pre-installation verification\n"
                "  and will not be installed.\n"
            )
            if self._missing:
                print(
                    _section(
                        "Missing Filesets",
                        (
                            "The following filesets could not be found on the installation media.\n"
                            "  If you feel these filesets really are on the media, check for typographical\n"
                            "  errors in the name specified or, if installing from directory, check for\n"
                            "  discrepancies between the Table of Contents file (.toc) and the images that\n"
                            "  reside in the directory."
                        ),
                        self._missing,
                    )
                )
            for text in self._failures:
                print(text)
            print("  << End of Failure Section >>\n")
        if self._skipped:
            print(
                "WARNINGS\n--------\n  Problems described in this section are not likely to be the source of any\n"
                "  immediate or serious failures, but further actions may be necessary or\n  desired.\n\n"
                "  Already Installed\n  -----------------\n"
                "  The number of selected filesets that are either already installed\n"
                f"  or effectively installed through superseding filesets is {len(self._skipped)}.  See the\n"
                "  summaries at the end of this installation for details.\n\n"
                "  << End of Warning Section >>\n"
            )
        if chosen:
            print(
                "SUCCESSES\n---------\n  Filesets listed in this section passed pre-installation verification\n"
                "  and will be installed.\n"
            )
            print("  Selected Filesets\n  -----------------")
            for title in self._titles(chosen):
                print(f"  {title}")
            print("\n  << End of Success Section >>\n")
        total = len(self._selected) + len(self._missing)
        failed = total - len(self._skipped) - len(chosen)
        print(f"FILESET STATISTICS \n------------------\n{total:>5}  Selected to be installed, of which:")
        for number, text in (
            (len(chosen), "Passed pre-installation verification"),
            (len(self._skipped), "Already installed (directly or via superseding filesets)"),
            (failed, "FAILED pre-installation verification"),
        ):
            if number:
                print(f"    {number:>5}  {text}")
        print(f"  ----\n{len(chosen):>5}  Total to be installed\n")

    def _install(self, name: str) -> bool:
        entry = self._media[name]
        print(f"installp:  APPLYING software for:\n        {name} {entry['level']}\n")
        files = {path: (text, 0o644) for path, text in entry.get("files", {}).items()}
        for path, program in entry.get("programs", {}).items():
            files[path] = (f"#!/.lab/bin/labexe {program}\n", 0o755)
        for path, (text, mode) in files.items():
            place = native(path)
            os.makedirs(os.path.dirname(place), exist_ok=True)
            with open(place, "w", encoding="utf-8") as file:
                file.write(text)
            os.chmod(place, mode)
        print(f"Restoring files, please wait.\n{max(len(files), 1)} files restored.")
        sys.stdout.flush()
        if entry.get("configure") and not _configure(entry["configure"], name, entry["level"]):
            print(
                f'0503-464 installp:  The installation has FAILED for the "usr" part\n\tof the following filesets:\n'
                f"\t        {name} {entry['level']}\n"
            )
            return False
        with odm.Change(STORE) as data:
            installed(data)[name] = {
                "level": entry["level"],
                "description": entry["description"],
                "requisites": entry.get("requisites", {}),
                "sizes": entry.get("sizes", {}),
                "files": list(entry.get("files", {})),
                "programs": list(entry.get("programs", {})),
            }
        return True

    def _summaries(self, results: list[tuple[str, bool]]) -> None:
        _banner("Summaries:")
        if self._skipped:
            print(
                "Pre-installation Failure/Warning Summary\n----------------------------------------\n"
                f"{'Name':<26}{'Level':<16}Pre-installation Failure/Warning\n{RULE}"
            )
            for name, why in self._skipped.items():
                print(f"{name:<26}{self._media[name]['level']:<16}{why}")
            print()
        if results:
            _summary([(name, self._media[name]["level"], "APPLY", done) for name, done in results])


def _section(title: str, text: str, names: Iterable[str]) -> str:
    return f"  {title}\n  {'-' * len(title)}\n  {text}\n\n" + "".join(f"    {name}\n" for name in names)


def _banner(title: str) -> None:
    print(f"{BANNER}\n{title:^79}".rstrip() + f"\n{BANNER}")


def _summary(rows: list[tuple[str, str, str, bool]]) -> None:
    print(
        f"Installation Summary\n--------------------\n{'Name':<28}{'Level':<16}Part        Event       Result\n{RULE}"
    )
    for name, level, event, done in rows:
        print(f"{name:<28}{level:<16}USR         {event:<12}{'SUCCESS' if done else 'FAILED'}")
    print()


def _configure(program: str, name: str, level: str) -> bool:
    """Run a fileset's configuration program; whether it succeeded."""
    labexe = native("/.lab/bin/labexe")
    return os.spawnv(os.P_WAIT, labexe, [labexe, program, "configure", name, level]) == 0  # noqa: S606 - no shell wanted


def _remove(wanted: list[str], dependents: bool, preview: bool) -> int:
    """Deinstall filesets, with -g also those that need them."""
    data = installed(odm.read(STORE))
    chosen = [name for name in data if any(_matches(name, pattern) for pattern in wanted)]
    _banner("Pre-deinstall Verification...")
    print("Verifying selections...done\nVerifying requisites...done\nResults...\n")
    missing = [pattern for pattern in wanted if not any(_matches(name, pattern) for name in data)]
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
            print(_section("Not Installed", "The following filesets are not installed on the system.", missing))
        if blocked:
            print(
                _section(
                    "Requisite Failures",
                    "The following filesets are needed by installed software.",
                    (f"{name}  (by {', '.join(needed[name]) or 'the operating system'})" for name in blocked),
                )
            )
        print("  << End of Failure Section >>\n")
    removable = [name for name in chosen if name not in blocked]
    if preview or not removable:
        return 1 if missing or blocked else 0
    _banner("Deinstalling Software...")
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
    _banner("Summaries:")
    _summary(rows)
    return 1 if missing or blocked else 0


COMMANDS: dict[str, Command] = {"lslpp": lslpp, "installp": installp}
