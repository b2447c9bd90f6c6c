"""File systems and disks: lsfs crfs chfs rmfs mount unmount umount df lsvg lslv lspv."""

from __future__ import annotations

import os
import sys

from lab.aix.userland import odm
from lab.aix.userland.command import NOT_EMULATED, CommandError, native, now, parse
from lab.aix.userland.stanzas import read_stanzas, write_stanzas
from lab.aix.userland.storage import (
    BLOCKS,
    STORE,
    filesystems,
    free_partitions,
    holder,
    partitions,
    volume_group,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from lab.aix.userland.command import Command

FILESYSTEMS = "/etc/filesystems"
SAME_SIZE = 28
NO_PARTITIONS = (
    "0516-404 allocp: This system cannot fulfill the allocation request.\n"
    "\tThere are not enough free partitions or not enough physical volumes\n"
    "\tto keep strictness and satisfy allocation requests.  The command\n"
    "\tshould be retried with different allocation characteristics."
)


def _table() -> dict[str, dict[str, Any]]:
    return filesystems(odm.read(STORE))


def _mount_of(table: dict[str, dict[str, Any]], word: str) -> str | None:
    """The mount point that a mount point or a device names."""
    for mount, entry in table.items():
        if word in (mount, f"/dev/{entry['device']}"):
            return mount
    return None


# -- definitions -------------------------------------------------------------------------------------------------------
def lsfs(arguments: Sequence[str]) -> int:
    """List file systems with their sizes in 512-byte blocks."""
    usage = "Usage: lsfs [-q] [-c | -l] [-a | -v vfstype | -u mountgroup | [file system ...]]"
    options = parse("lsfs", arguments, "qclav:", usage, unemulated="u")
    table = _table()
    wanted = options.operands or [m for m, e in table.items() if options.get("v", e["vfs"]) == e["vfs"]]
    found = [mount for mount in (_mount_of(table, word) for word in wanted) if mount]
    code = 0
    for word in wanted:
        if not _mount_of(table, word):
            sys.stderr.write(f"lsfs: No record matching '{word}' was found in /etc/filesystems.\n")
            code = 1
    if not found:
        return code
    if "c" in options:
        print("#MountPoint:Device:Vfs:Nodename:Type:Size:Options:AutoMount:Acct")
    else:
        print("Name            Nodename   Mount Pt               VFS   Size    Options    Auto Accounting")
    for mount in found:
        entry = table[mount]
        size, device = int(entry["size"]) * BLOCKS, f"/dev/{entry['device']}"
        auto = "yes" if entry["auto"] else "no"
        if "c" in options:
            print(f"{mount}:{device}:{entry['vfs']}:::{size}:{entry['options']}:{auto}:no")
        else:
            print(
                f"{device:<15} --         {mount:<22} {entry['vfs']:<5} {size:<7} {entry['options']:<10} {auto:<4} no "
            )
        if "q" in options:
            print(
                f"  (lv size: {size}, fs size: {size}, block size: 4096, sparse files: yes, inline log: no, "
                "inline log size: 0, EAformat: v1, Quota: no, DMAPI: no, VIX: no)"
            )
    return code


def _megabytes(command: str, value: str, current: int) -> int:
    """A `size` attribute (`4194304`, `+1G`, `-512M`) as megabytes, rounded up to whole partitions."""
    sign = value[:1] if value[:1] in "+-" else ""
    digits, unit = (value[len(sign) : -1], value[-1]) if value[-1:] in "MG" else (value[len(sign) :], "")
    if not digits.isdigit():
        raise CommandError(f"{command}: 0506-930 {value} is not a valid size.")
    number = int(digits) * {"": 1, "M": BLOCKS, "G": BLOCKS * 1024}[unit]
    size = -(-number // BLOCKS)
    size = current + size if sign == "+" else current - size if sign == "-" else size
    return partitions(size) * int(volume_group()["partition_size"])


def _attributes(command: str, values: list[str], known: set[str], usage: str) -> dict[str, str]:
    attributes = {}
    for value in values:
        key, equals, text = value.partition("=")
        if not equals or key not in known:
            raise CommandError(f"{command}: 0506-928 {value} is not a valid attribute.\n{usage}")
        attributes[key] = text
    return attributes


def crfs(arguments: Sequence[str]) -> None:
    """Create a JFS2 file system on a new logical volume, and its entry in `/etc/filesystems`; does not mount it."""
    usage = (
        "Usage: crfs -v vfstype {-g volumegroup | -d device} -m mountpoint [-u mountgroup] [-A yes|no]\n"
        "       [-t yes|no] [-p ro|rw] [-l logpartitions] [-n nodename] [-a attribute=value]"
    )
    options = parse("crfs", arguments, "v:g:m:A:t:p:a:", usage, unemulated="dulnx")
    if options.operands or not all(flag in options for flag in "vgma"):
        raise CommandError(usage)
    if options.get("v") != "jfs2":
        raise CommandError(f"crfs: lab: the file system type {options.get('v')} is not emulated", NOT_EMULATED)
    known = {"size", "agblksize", "logname", "ea", "options", "logsize"}
    attributes = _attributes("crfs", options.all("a"), known, usage)
    mount, group = options.get("m"), options.get("g")
    if group != volume_group()["name"]:
        raise CommandError(
            f"0516-306 getlvodm: Unable to find volume group {group} in the Device\n\tConfiguration Database."
        )
    if not mount.startswith("/") or mount == "/" or "size" not in attributes:
        raise CommandError(usage)
    for flag in "At":
        if options.get(flag, "no") not in ("yes", "no"):
            raise CommandError(usage)
    with odm.Change(STORE) as data:
        table = filesystems(data)
        if mount in table:
            raise CommandError(f"crfs: 0506-909 {mount} file system already exists.")
        size = _megabytes("crfs", attributes["size"], 0)
        if partitions(size) > free_partitions(table):
            raise CommandError(NO_PARTITIONS + "\n0516-822 mklv: Unable to create logical volume.")
        used = {entry["device"] for entry in table.values()}
        device = next(f"fslv{number:02}" for number in range(256) if f"fslv{number:02}" not in used)
        table[mount] = {
            "size": size,
            "used": 0,
            "device": device,
            "vfs": "jfs2",
            "mounted": False,
            "auto": options.get("A") == "yes",
            "options": options.get("p", "rw"),
        }
        stanzas = read_stanzas(FILESYSTEMS)
        stanzas[mount] = {
            "dev": f"/dev/{device}",
            "vfs": "jfs2",
            "log": attributes.get("logname", "/dev/hd8"),
            "mount": "true" if options.get("A") == "yes" else "false",
            "options": options.get("p", "rw"),
            "account": "true" if options.get("t") == "yes" else "false",
        }
        write_stanzas(FILESYSTEMS, stanzas, "\t\t= ")
    os.makedirs(native(mount), exist_ok=True)
    print(f"File system created successfully.\n{size * 1024 - 236} kilobytes total disk space.")
    print(f"New File System size is {size * BLOCKS}")


def chfs(arguments: Sequence[str]) -> int:
    """Change a file system; code 28 when it has that size already."""
    usage = (
        "Usage: chfs [-n nodename] [-m newmtpt] [-u mountgroup] [-A yes|no] [-p ro|rw] [-t yes|no]\n"
        "       [-a attribute=value] [-d attribute] filesystem"
    )
    options = parse("chfs", arguments, "a:A:p:t:", usage, unemulated="nmudx")
    if len(options.operands) != 1:
        raise CommandError(usage)
    attributes = _attributes("chfs", options.all("a"), {"size", "options"}, usage)
    with odm.Change(STORE) as data:
        table = filesystems(data)
        mount = _mount_of(table, options.operands[0])
        if mount is None:
            raise CommandError(f"chfs: 0506-932 {options.operands[0]} is not a known file system.")
        entry = table[mount]
        if "A" in options:
            entry["auto"] = options.get("A") == "yes"
        if "size" not in attributes:
            return 0
        size = _megabytes("chfs", attributes["size"], int(entry["size"]))
        if size == entry["size"]:
            print(f"The filesystem size is already {size * BLOCKS}.")
            return SAME_SIZE
        if partitions(size) - partitions(int(entry["size"])) > free_partitions(table):
            raise CommandError(NO_PARTITIONS)
        if size < entry["used"]:
            raise CommandError("chfs: There is not enough free space to shrink the file system.")
        entry["size"] = size
    print(f"Filesystem size changed to {size * BLOCKS}")
    return 0


def rmfs(arguments: Sequence[str]) -> None:
    """Remove an unmounted file system and its logical volume; -r removes the mount point too."""
    usage = "Usage: rmfs [-r] [-i] filesystem"
    options = parse("rmfs", arguments, "r", usage, unemulated="i")
    if len(options.operands) != 1:
        raise CommandError(usage)
    with odm.Change(STORE) as data:
        table = filesystems(data)
        mount = _mount_of(table, options.operands[0])
        if mount is None:
            raise CommandError(f"rmfs: 0506-932 {options.operands[0]} is not a known file system.")
        if table[mount]["mounted"]:
            raise CommandError(f"rmfs: 0506-921 {mount} is currently mounted.")
        entry = table.pop(mount)
        stanzas = read_stanzas(FILESYSTEMS)
        stanzas.pop(mount, None)
        write_stanzas(FILESYSTEMS, stanzas, "\t\t= ")
    if "r" in options:
        os.rmdir(native(mount))
    print(f"rmlv: Logical volume {entry['device']} is removed.")


# -- mounting ----------------------------------------------------------------------------------------------------------
def mount(arguments: Sequence[str]) -> None:
    """Mount a file system of `/etc/filesystems`, or list what is mounted. A state of the lab: nothing is hidden."""
    usage = (
        "Usage: mount [-fipraS] [-n node] [-o options] [-t type] [-{v|V} vfs] [-a | all | [[node:]device] [directory]]"
    )
    options = parse("mount", arguments, "", usage, unemulated="fipraSnotvV")
    if not options.operands:
        _list_mounts()
        return
    if len(options.operands) > 1:
        raise CommandError("mount: lab: only `mount directory` is emulated", NOT_EMULATED)
    word = options.operands[0]
    with odm.Change(STORE) as data:
        table = filesystems(data)
        where = _mount_of(table, word)
        if where is None:
            raise CommandError(f"mount: 0506-334 {word} is not a known file system.")
        device = f"/dev/{table[where]['device']}"
        if table[where]["mounted"]:
            raise CommandError(f"mount: 0506-324 Cannot mount {device} on {where}: The requested resource is busy.")
        if not os.path.isdir(native(where)):
            raise CommandError(
                f"mount: 0506-324 Cannot mount {device} on {where}: "
                "A file or directory in the path name does not exist."
            )
        table[where]["mounted"] = True


def _list_mounts() -> None:
    import time  # noqa: PLC0415

    print("  node       mounted        mounted over    vfs       date        options      ")
    print("-------- ---------------  ---------------  ------ ------------ --------------- ")
    date = time.strftime("%b %d %H:%M", time.localtime(now() - 3600))
    for where, entry in _table().items():
        if entry["mounted"]:
            device = f"/dev/{entry['device']}"
            print(f"         {device:<16} {where:<16} {entry['vfs']:<6} {date} {entry['options']},log=/dev/hd8 ")


def unmount(arguments: Sequence[str]) -> None:
    """Unmount a file system."""
    usage = "Usage: unmount [-f] {-a | all | directory | device}"
    options = parse("unmount", arguments, "f", usage, unemulated="ant")
    if len(options.operands) != 1:
        raise CommandError(usage)
    with odm.Change(STORE) as data:
        table = filesystems(data)
        where = _mount_of(table, options.operands[0])
        if where is None or not table[where]["mounted"]:
            raise CommandError("umount: 0506-347 Cannot find anything to unmount.")
        if where in ("/", "/usr", "/var", "/tmp"):  # noqa: S108 - mount points of the simulated host
            raise CommandError(
                f"umount: 0506-349 Cannot unmount /dev/{table[where]['device']}: The requested resource is busy."
            )
        table[where]["mounted"] = False


# -- room --------------------------------------------------------------------------------------------------------------
def _mounts_of(table: dict[str, dict[str, Any]], operands: list[str]) -> tuple[list[str], int]:
    """The mount points that hold some paths (all mounted ones without a path), and an exit code."""
    if not operands:
        return [where for where, entry in table.items() if entry["mounted"]], 0
    mounts = []
    for path in operands:
        where = holder(table, os.path.abspath(path)) if os.path.exists(native(path)) else _mount_of(table, path)
        if where:
            mounts.append(where)
        else:
            sys.stderr.write(f"df: {path}: A file or directory in the path name does not exist.\n")
    return mounts, int(len(mounts) < len(operands))


def df(arguments: Sequence[str]) -> int:
    """Show the room in file systems, in 512-byte blocks unless -k, -m or -g is given."""
    usage = "Usage: df [[-gkmP] | [-iMtv]] [-s] [filesystem ...] [file ...]"
    options = parse("df", arguments, "gkmPI", usage, unemulated="iMtvs")
    unit, title = BLOCKS * 1.0, "512-blocks"
    for flag, size, name in (("k", 1024.0, "1024-blocks"), ("m", 1.0, "MB blocks"), ("g", 1 / 1024, "GB blocks")):
        if flag in options:
            unit, title = size, name
    table = _table()
    mounts, code = _mounts_of(table, options.operands)
    if not mounts:
        return code

    def count(megabytes: float) -> str:
        return f"{megabytes * unit:.2f}" if unit <= 1 else f"{megabytes * unit:.0f}"

    if "P" in options:
        print(f"Filesystem    {title}      Used Available Capacity Mounted on")
    elif "I" in options:
        print(f"Filesystem    {title}      Used      Free %Used Mounted on")
    else:
        print(f"Filesystem    {title}      Free %Used    Iused %Iused Mounted on")
    for where in mounts:
        size, used = int(table[where]["size"]), int(table[where]["used"])
        percent = f"{-(-used * 100 // size)}%"
        device = f"/dev/{table[where]['device']}"
        head = f"{device:<13} {count(size):>10}"
        free = f"{count(size - used):>9}"
        if "P" in options:
            print(f"{head} {count(used):>9} {free} {percent:>8} {where}")
        elif "I" in options:
            print(f"{head} {count(used):>9} {free} {percent:>5} {where}")
        else:
            inodes = used * 8 + 120
            print(f"{head} {free} {percent:>5} {inodes:>8} {-(-inodes * 100 // (size * 256)):>5}% {where}")
    return code


# -- volumes -----------------------------------------------------------------------------------------------------------
def _volumes(table: dict[str, dict[str, Any]]) -> list[tuple[str, str, int, str, str]]:
    """Every logical volume: name, type, partitions, state, mount point."""
    paging = partitions(int((odm.description().get("machine") or {}).get("paging_mb", 4096)))
    system = [("hd5", "boot", 1, "closed/syncd", "N/A"), ("hd6", "paging", paging, "open/syncd", "N/A")]
    system.append(("hd8", "jfs2log", 1, "open/syncd", "N/A"))
    return system + [
        (
            str(entry["device"]),
            "jfs2",
            partitions(int(entry["size"])),
            "open/syncd" if entry["mounted"] else "closed/syncd",
            where,
        )
        for where, entry in table.items()
    ]


def lsvg(arguments: Sequence[str]) -> None:
    """Show volume groups: names, or one's state, disks (-p) or logical volumes (-l)."""
    usage = "Usage: lsvg [-o] | [-l | -p] volumegroup ..."
    options = parse("lsvg", arguments, "olp", usage, unemulated="LMinRP")
    group = volume_group()
    if not options.operands:
        print(group["name"])
        return
    for name in options.operands:
        if name != group["name"]:
            raise CommandError(
                f"0516-306 lsvg: Unable to find volume group {name} in the Device\n\tConfiguration Database."
            )
        table = _table()
        free, total, size = free_partitions(table), int(group["partitions"]), int(group["partition_size"])
        if "p" in options:
            print(f"{name}:\nPV_NAME           PV STATE          TOTAL PPs   FREE PPs    FREE DISTRIBUTION")
            print(f"hdisk0            active            {total:<11} {free:<11} 00..00..00..00..{free:02}")
        elif "l" in options:
            print(f"{name}:\nLV NAME             TYPE       LPs   PPs   PVs  LV STATE      MOUNT POINT")
            for volume, kind, count, state, where in _volumes(table):
                print(f"{volume:<19} {kind:<10} {count:<5} {count:<5} 1    {state:<13} {where}")
        else:
            rows = (
                (f"VOLUME GROUP:       {name}", "VG IDENTIFIER:  00c8d5e100004c00000001183f3c1e92"),
                ("VG STATE:           active", f"PP SIZE:        {size} megabyte(s)"),
                ("VG PERMISSION:      read/write", f"TOTAL PPs:      {total} ({total * size} megabytes)"),
                ("MAX LVs:            256", f"FREE PPs:       {free} ({free * size} megabytes)"),
                (
                    f"LVs:                {len(_volumes(table))}",
                    f"USED PPs:       {total - free} ({(total - free) * size} megabytes)",
                ),
            )
            for left, right in rows:
                print(f"{left:<40} {right}")


def lslv(arguments: Sequence[str]) -> None:
    """Show a logical volume."""
    usage = "Usage: lslv [-l | -m] logicalvolume"
    options = parse("lslv", arguments, "", usage, unemulated="lmLn")
    if len(options.operands) != 1:
        raise CommandError(usage)
    group = volume_group()
    for volume, kind, count, state, where in _volumes(_table()):
        if volume == options.operands[0]:
            rows = (
                (f"LOGICAL VOLUME:     {volume}", f"VOLUME GROUP:   {group['name']}"),
                (f"TYPE:               {kind}", f"LV STATE:       {state}"),
                ("MAX LPs:            512", f"PP SIZE:        {group['partition_size']} megabyte(s)"),
                (f"LPs:                {count}", f"PPs:            {count}"),
                (f"MOUNT POINT:        {where}", f"LABEL:          {where}"),
            )
            for left, right in rows:
                print(f"{left:<38} {right}")
            return
    raise CommandError(f"0516-306 lslv: Unable to find  {options.operands[0]} in the Device\n\tConfiguration Database.")


def lspv(arguments: Sequence[str]) -> None:
    """List the disks."""
    usage = "Usage: lspv [physicalvolume]"
    options = parse("lspv", arguments, "", usage, unemulated="lpMLnv")
    if options.operands:
        raise CommandError("lspv: lab: a disk's details are not emulated", NOT_EMULATED)
    print(f"hdisk0          00c8d5e13f3c1e92                    {volume_group()['name']:<16}active          ")


COMMANDS: dict[str, Command] = {
    "lsfs": lsfs,
    "crfs": crfs,
    "chfs": chfs,
    "rmfs": rmfs,
    "mount": mount,
    "unmount": unmount,
    "umount": unmount,
    "df": df,
    "lsvg": lsvg,
    "lslv": lslv,
    "lspv": lspv,
}
