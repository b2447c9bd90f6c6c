"""installp -a: verify everything first, then install fileset by fileset."""

from __future__ import annotations

import os
import sys

from lab.aix.userland import odm
from lab.aix.userland.command import native
from lab.aix.userland.filesets import STORE, installed, matches, version
from lab.aix.userland.installp_report import RULE, banner, section, summary

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from lab.aix.userland.filesets import Filesets


class Installation:
    """One run: `media` are the filesets offered, `wanted` the names asked for, `flags` those of installp."""

    def __init__(self, media: Filesets, wanted: list[str], flags: set[str]) -> None:
        self._media = media
        self._flags = flags
        self._present = installed(odm.read(STORE))
        self._missing = [name for name in wanted if not any(matches(found, name) for found in media)]
        self._selected = [name for name in media if any(matches(name, pattern) for pattern in wanted)]
        self._asked = frozenset(self._selected)
        self._skipped: dict[str, str] = {}
        self._failures: list[str] = []

    def run(self) -> int:
        """Do it; 0 when all that could be asked for is there, 1 when a fileset failed."""
        banner("Pre-installation Verification...")
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
        banner("Installing Software...")
        results = [(name, self._install(name)) for name in chosen]
        print("Finished processing all filesets.  (Total time:  4 secs).\n")
        self._summaries(results)
        return 0 if all(done for _, done in results) and not self._failures and not self._missing else 1

    def _skip_installed(self) -> None:
        for name in self._selected:
            entry = self._present.get(name)
            if entry is None:
                continue
            old, new = version(entry["level"]), version(self._media[name]["level"])
            if old == new and "F" not in self._flags:
                self._skipped[name] = "Already installed"
            elif old > new and "F" not in self._flags:
                self._skipped[name] = f"Already superseded by {entry['level']}"

    def _satisfied(self, name: str, level: str) -> bool:
        entry = self._present.get(name)
        return entry is not None and version(entry["level"]) >= version(level)

    def _unsatisfied(self, name: str) -> dict[str, str]:
        requisites: dict[str, str] = self._media[name].get("requisites", {})
        return {need: level for need, level in requisites.items() if not self._satisfied(need, level)}

    def _offers(self, name: str, level: str) -> bool:
        return name in self._media and version(self._media[name]["level"]) >= version(level)

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
        """What passes the checks of licences, requisites and room; notes a text for each kind of failure."""
        unlicensed = [name for name in chosen if self._media[name].get("licence") and "Y" not in self._flags]
        if unlicensed:
            self._failures.append(
                section(
                    "Not Accepted License Agreements",
                    "The license agreements of the following filesets must be accepted\n"
                    "  (installp -Y) before the filesets can be installed.",
                    self._titles(unlicensed),
                )
            )
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
            elif name not in unlicensed:
                passed.append(name)
        if failed:
            self._failures.append(self._requisite_failures(failed))
        passed = self._wanted_of(passed)
        return passed if not passed or self._make_room(passed) else []

    def _wanted_of(self, passed: list[str]) -> list[str]:
        """Without requisites (added by -g) of filesets that did not pass."""
        wanted: set[str] = set()
        queue = [name for name in passed if name in self._asked]
        while queue:
            name = queue.pop()
            wanted.add(name)
            queue += [need for need in self._media[name].get("requisites", {}) if need in passed and need not in wanted]
        return [name for name in passed if name in wanted]

    def _requisite_failures(self, failed: dict[str, dict[str, str]]) -> str:
        everything = {need: level for needs in failed.values() for need, level in needs.items()}
        on_media = {need: level for need, level in everything.items() if self._offers(need, level)}
        absent = {need: level for need, level in everything.items() if need not in on_media and need not in failed}
        text = section(
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
                    section(
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
        banner("Summaries:")
        if self._skipped:
            print(
                "Pre-installation Failure/Warning Summary\n----------------------------------------\n"
                f"{'Name':<26}{'Level':<16}Pre-installation Failure/Warning\n{RULE}"
            )
            for name, why in self._skipped.items():
                print(f"{name:<26}{self._media[name]['level']:<16}{why}")
            print()
        if results:
            summary([(name, self._media[name]["level"], "APPLY", done) for name, done in results])


def _configure(program: str, name: str, level: str) -> bool:
    """Run a fileset's configuration program; whether it succeeded."""
    labexe = native("/.lab/bin/labexe")
    return os.spawnv(os.P_WAIT, labexe, [labexe, program, "configure", name, level]) == 0
