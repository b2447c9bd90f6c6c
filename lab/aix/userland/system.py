"""What the host says about itself: uname oslevel lsconf prtconf bootinfo getconf lsps vmstat instfix emgr."""

from __future__ import annotations

from lab.aix.userland import odm
from lab.aix.userland.command import NOT_EMULATED, CommandError, parse
from lab.aix.userland.machine import Machine

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from lab.aix.userland.command import Command


def uname(arguments: Sequence[str]) -> None:
    """Name, version and machine. On AIX -v is the version (5) and -r the release (3)."""
    usage = "Usage: uname [-amnprsuvxlfLFMW] | [-S Name] | [-T Name]"
    options = parse("uname", arguments, "amnprsuvLMW", usage, unemulated="xlfFST")
    if options.operands:
        raise CommandError(usage)
    machine = Machine()
    version, release = machine.version
    values = {
        "s": "AIX",
        "n": machine.name,
        "r": str(release),
        "v": str(version),
        "m": machine.machine_id,
        "p": "powerpc",
        "M": machine.model,
        "u": f"IBM,02{machine.serial}",
        "L": "-1 NULL",
        "W": "0",
    }
    wanted = {flag for flag, _ in options.flags} or {"s"}
    if "a" in wanted:
        wanted = wanted - {"a"} | set("snrvm")
    print(" ".join(value for flag, value in values.items() if flag in wanted))


def oslevel(arguments: Sequence[str]) -> None:
    """The level of the operating system: version, technology level (-r), service pack (-s)."""
    usage = "Usage: oslevel [-l Level | -g | -q] [-r | -s] [-f]"
    options = parse("oslevel", arguments, "rs", usage, unemulated="lgqf")
    if options.operands:
        raise CommandError(usage)
    level = Machine().os_level
    if "s" in options:
        print(level)
    elif "r" in options:
        print("-".join(level.split("-")[:2]))
    else:
        print(f"{level[0]}.{level[1]}.{level[2]}.{level[3]}")


def prtconf(arguments: Sequence[str]) -> None:
    """The configuration of the system, or one of its facts."""
    usage = "Usage: lsconf [-c] [-k] [-f] [-l Name] [-L] [-m] [-n] [-s] [[-p] [-v]]"
    options = parse("lsconf", arguments, "ckLms", usage, unemulated="flnpv")
    if options.operands:
        raise CommandError(usage)
    machine = Machine()
    single = {
        "c": "CPU Type: 64-bit",
        "k": "Kernel Type: 64-bit",
        "L": "LPAR Info: 1 NULL",
        "m": f"Memory Size: {machine.memory_mb} MB",
        "s": f"Processor Clock Speed: {machine.cpu_mhz} MHz",
    }
    if options.flags:
        for flag, _ in options.flags:
            print(single[flag])
        return
    mask = 0xFFFFFFFF << (32 - machine.prefix) & 0xFFFFFFFF
    print(
        f"System Model: {machine.model}\nMachine Serial Number: {machine.serial}\nProcessor Type: {machine.cpu}\n"
        f"Number Of Processors: {machine.cpu_count}\n{single['s']}\n{single['c']}\n{single['k']}\n{single['L']}\n"
        f"{single['m']}\nGood Memory Size: {machine.memory_mb} MB\nPlatform Firmware level: Not Available\n"
        "Firmware Version: IBM,RG041029_d79e00_regatta\nConsole Login: enable\nAuto Restart: true\nFull Core: false\n"
    )
    print(
        f"Network Information\n\tHost Name: {machine.name}\n\tIP Address: {machine.addresses[0]}\n"
        f"\tSub Netmask: {'.'.join(str(mask >> shift & 255) for shift in (24, 16, 8, 0))}\n"
        f"\tGateway: {machine.routes[0][1] if machine.routes else ''}\n\tName Server: \n"
        f"\tDomain Name: {machine.domain}\n"
    )
    print(f"Paging Space Information\n\tTotal Paging Space: {machine.paging_mb}MB\n\tPercent Used: 1%")


def bootinfo(arguments: Sequence[str]) -> None:
    """Kernel and hardware width (-K, -y), memory in KB (-r), platform (-p), size of a disk in MB (-s)."""
    usage = "Usage: bootinfo [-b | -K | -m | -p | -r | -s Disk | -y | -z]"
    options = parse("bootinfo", arguments, "Kyrpzs:b", usage, unemulated="cemoqtuvTBD")
    if options.operands or len(options.flags) != 1:
        raise CommandError(usage)
    machine = Machine()
    values = {
        "K": "64",
        "y": "64",
        "r": str(machine.memory_mb * 1024),
        "p": "chrp",
        "z": "1" if machine.cpu_count > 1 else "0",
        "s": "70006",
        "b": "hdisk0",
    }
    print(values[options.flags[0][0]])


def getconf(arguments: Sequence[str]) -> None:
    """One configuration value."""
    machine = Machine()
    values = {
        "ARG_MAX": "24576",
        "BOOT_DEVICE": "hdisk0",
        "CHILD_MAX": "128",
        "HARDWARE_BITMODE": "64",
        "KERNEL_BITMODE": "64",
        "LINE_MAX": "2048",
        "LONG_BIT": "32",
        "MACHINE_ARCHITECTURE": "chrp",
        "MP_CAPABLE": "1",
        "NGROUPS_MAX": "64",
        "OPEN_MAX": "65534",
        "PATH": "/usr/bin:/etc:/usr/sbin:/usr/ucb:/usr/bin/X11:/sbin",
        "REAL_MEMORY": str(machine.memory_mb * 1024),
        "_NPROCESSORS_CONF": str(machine.cpu_count),
        "_NPROCESSORS_ONLN": str(machine.cpu_count),
    }
    usage = "Usage: getconf [-v specification] [system_wide_configuration_variable] | [-a]"
    options = parse("getconf", arguments, "a", usage, unemulated="v")
    if "a" in options:
        for name, value in values.items():
            print(f"{name + ':':<32} {value}")
        return
    if len(options.operands) != 1:
        raise CommandError(usage)
    if options.operands[0] not in values:
        raise CommandError(f"getconf: Invalid argument ({options.operands[0]})")
    print(values[options.operands[0]])


def lsps(arguments: Sequence[str]) -> None:
    """Paging space: the total (-s) or every space (-a)."""
    usage = "Usage: lsps {-s | [-c | -l] {-a | -t {lv|nfs} | PagingSpace}}"
    options = parse("lsps", arguments, "sa", usage, unemulated="clt")
    if options.operands or len(options.flags) != 1:
        raise CommandError(usage)
    size = Machine().paging_mb
    if "s" in options:
        print(f"Total Paging Space   Percent Used\n      {size}MB               1%")
    else:
        print("Page Space      Physical Volume   Volume Group    Size %Used Active  Auto  Type")
        print(f"hd6             hdisk0            rootvg        {size}MB     1   yes   yes    lv")


def vmstat(arguments: Sequence[str]) -> None:
    """Memory statistics (-v)."""
    usage = "Usage: vmstat [-fsviItlw] [Drives] [Interval [Count]]"
    options = parse("vmstat", arguments, "v", usage, unemulated="fsiItlw")
    if options.operands or not options.flags:
        raise CommandError("vmstat: lab: only -v is emulated", NOT_EMULATED)
    pages = Machine().memory_mb * 256
    for number, text in (
        (pages, "memory pages"),
        (pages * 95 // 100, "lruable pages"),
        (pages // 2, "free pages"),
        (2, "memory pools"),
        (pages // 8, "pinned pages"),
    ):
        print(f"{number:>21} {text}")


def instfix(arguments: Sequence[str]) -> int:
    """Whether fixes or maintenance levels are installed (-i -k)."""
    usage = "Usage: instfix [-i [-c] [-q] [-t Type] [-v] [-F]] [-k Keyword... | -f File] [-d Device]"
    options = parse("instfix", arguments, "icqk:", usage, unemulated="tvFfdTSp")
    if "i" not in options or "k" not in options:
        raise CommandError("instfix: lab: only `-i -k keyword` is emulated", NOT_EMULATED)
    version, level = Machine().os_level.split("-")[:2]
    found = {f"{version}-{number:02}_AIX_ML" for number in range(1, int(level) + 1)} | set(odm.read("fixes"))
    code = 0
    for keyword in " ".join([*options.all("k"), *options.operands]).split():
        if keyword in found:
            print(f"    All filesets for {keyword} were found.")
        else:
            print(f"    There was no data for {keyword} in the fix database.")
            code = 1
    return code


def emgr(arguments: Sequence[str]) -> None:
    """Interim fixes: there are none."""
    options = parse("emgr", arguments, "lP", "Usage: emgr -l | -P", unemulated="eidXpqCRUcbLmMnrsufTvDHxw")
    if options.operands or len(options.flags) != 1:
        raise CommandError("Usage: emgr -l | -P")
    print("There is no efix data on this system.")


COMMANDS: dict[str, Command] = {
    "uname": uname,
    "oslevel": oslevel,
    "lsconf": prtconf,
    "prtconf": prtconf,
    "bootinfo": bootinfo,
    "getconf": getconf,
    "lsps": lsps,
    "vmstat": vmstat,
    "instfix": instfix,
    "emgr": emgr,
}
