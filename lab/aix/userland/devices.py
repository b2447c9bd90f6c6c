"""Devices and their attributes: lsdev lsattr chdev mkdev rmdev cfgmgr lscfg bosboot."""

from __future__ import annotations

from lab.aix.userland import odm
from lab.aix.userland.command import NOT_EMULATED, CommandError, pairs, parse
from lab.aix.userland.machine import Machine

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from lab.aix.userland.command import Command

STORE = "devices"
Attribute = tuple[str, str, bool]
"""Value, description, whether the user may set it."""


class Device:
    """A line of `lsdev`, with its attributes."""

    def __init__(  # noqa: PLR0917
        self,
        category: str,
        state: str,
        location: str,
        title: str,
        attributes: dict[str, Attribute] | None = None,
        kind: str = "",
    ) -> None:
        self.category = category
        self.state = state
        self.location = location
        self.title = title
        self.attributes = attributes or {}
        self.kind = kind


_AIO: dict[str, Attribute] = {
    "autoconfig": ("defined", "STATE to be configured at system restart", True),
    "fastpath": ("enable", "State of fast path", True),
    "kprocprio": ("39", "Server PRIORITY", True),
    "maxreqs": ("4096", "Maximum number of REQUESTS", True),
    "maxservers": ("10", "MAXIMUM number of servers per cpu", True),
    "minservers": ("1", "MINIMUM number of servers", True),
}
CHOICES = {"autoconfig": ("available", "defined"), "fullcore": ("true", "false"), "iostat": ("true", "false")}
RANGES = {"maxuproc": range(40, 131073), "max_logname": range(9, 257)}


def devices() -> dict[str, Device]:
    """Every device by name, with what chdev and mkdev have changed."""
    machine = Machine()
    table = {
        "sys0": Device(
            "sys",
            "Available",
            "",
            "System Object",
            {
                "autorestart": ("true", "Automatically REBOOT OS after a crash", True),
                "fullcore": ("false", "Enable full CORE dump", True),
                "fwversion": ("IBM,RG041029_d79e00_regatta", "Firmware version and revision levels", False),
                "iostat": ("false", "Continuously maintain DISK I/O history", True),
                "max_logname": ("9", "Maximum login name length at boot time", True),
                "maxuproc": ("128", "Maximum number of PROCESSES allowed per user", True),
                "modelname": (machine.model, "Machine name", False),
                "ncargs": ("6", "ARG/ENV list size in 4K byte blocks", True),
                "realmem": (str(machine.memory_mb * 1024), "Amount of usable physical memory in Kbytes", False),
                "systemid": (f"IBM,02{machine.serial}", "Hardware system identifier", False),
            },
            "sys",
        ),
        "sysplanar0": Device("planar", "Available", "", "System Planar"),
        "mem0": Device(
            "memory",
            "Available",
            "",
            "Memory",
            {
                "goodsize": (str(machine.memory_mb), "Amount of usable physical memory in Mbytes", False),
                "size": (str(machine.memory_mb), "Total amount of physical memory in Mbytes", False),
            },
            "totmem",
        ),
        "hdisk0": Device(
            "disk",
            "Available",
            "1S-08-00-8,0",
            "16 Bit LVD SCSI Disk Drive",
            {
                "queue_depth": ("3", "Queue DEPTH", False),
            },
            "scsd",
        ),
        "cd0": Device("cdrom", "Available", "1G-19-00", "IDE DVD-ROM Drive"),
        "ent0": Device(
            "adapter",
            "Available",
            "1L-08",
            "10/100 Mbps Ethernet PCI Adapter II (1410ff01)",
            {
                "media_speed": ("Auto_Negotiation", "Media Speed", True),
            },
        ),
        "en0": Device(
            "if",
            "Available",
            "1L-08",
            "Standard Ethernet Network Interface",
            {
                "mtu": ("1500", "Maximum IP Packet Size for This Device", True),
                "netaddr": (machine.addresses[0], "Internet Address", True),
                "state": ("up", "Current Interface Status", True),
            },
            "en",
        ),
        "lo0": Device(
            "if",
            "Available",
            "",
            "Loopback Network Interface",
            {
                "mtu": ("16896", "Maximum IP Packet Size for This Device", True),
            },
            "lo",
        ),
        "inet0": Device(
            "tcpip",
            "Available",
            "",
            "Internet Network Extension",
            {
                "hostname": (machine.name, "Host Name", True),
            },
            "inet",
        ),
        "aio0": Device("aio", "Defined", "", "Asynchronous I/O (Legacy)", dict(_AIO), "aio"),
        "posix_aio0": Device("posix_aio", "Defined", "", "Posix Asynchronous I/O", dict(_AIO), "posix_aio"),
        "iocp0": Device("iocp", "Defined", "", "I/O Completion Ports", {"autoconfig": _AIO["autoconfig"]}, "iocp"),
    }
    for number in range(machine.cpu_count):
        table[f"proc{number}"] = Device(
            "processor",
            "Available",
            f"00-{number:02}",
            "Processor",
            {
                "frequency": (str(machine.cpu_mhz * 1_000_000), "Processor Speed", False),
                "state": ("enable", "Processor state", False),
                "type": (machine.cpu, "Processor type", False),
            },
            "proc_rspc",
        )
    for name, changes in odm.read(STORE).items():
        device = table[name]
        device.state = changes.get("state", device.state)
        for key, value in changes.get("attributes", {}).items():
            _, title, settable = device.attributes[key]
            device.attributes[key] = (value, title, settable)
    return table


def _device(command: str, name: str) -> Device:
    table = devices()
    if name not in table:
        raise CommandError(
            f"{command}: 0514-519 The following device was not found in the customized\n"
            f"\tdevice configuration database:\n\t{name}",
            255 if command == "lsattr" else 1,
        )
    return table[name]


def _change(name: str, state: str = "", attributes: dict[str, str] | None = None) -> None:
    with odm.Change(STORE) as data:
        changes = data.setdefault(name, {})
        if state:
            changes["state"] = state
        if attributes:
            changes.setdefault("attributes", {}).update(attributes)


def lsdev(arguments: Sequence[str]) -> None:
    """List the configured devices."""
    usage = "Usage: lsdev [-C] [-c Class] [-s Subclass] [-t Type] [-l Name] [-S State] [-r Column] [-F Format | -H]"
    options = parse("lsdev", arguments, "Cc:l:S:t:HF:r:", usage, unemulated="Psxp")
    if options.operands:
        raise CommandError(usage)
    if "l" in options:
        _device("lsdev", options.get("l"))
    rows = [
        {"name": name, "class": d.category, "status": d.state, "location": d.location, "description": d.title}
        for name, d in sorted(devices().items())
        if options.get("l", name) == name
        and options.get("c", d.category) == d.category
        and options.get("t", d.kind) == d.kind
        and {"a": "Available", "d": "Defined"}.get(options.get("S")[:1].lower(), d.state) == d.state
    ]
    if "r" in options:
        for value in sorted({row[options.get("r")] for row in rows if options.get("r") in row}):
            print(value)
        return
    if "H" in options:
        print("name      status     location     description\n")
    for row in rows:
        if "F" in options:
            print(_format(options.get("F"), row, "lsdev"))
        else:
            location = row["location"]
            print(
                f"{row['name']:<9} {row['status']:<9} {location:<12} {row['description']}"
                if location
                else f"{row['name']:<9} {row['status']:<9}              {row['description']}"
            )


def _format(template: str, row: dict[str, str], command: str) -> str:
    """AIX's -F: column names with the characters between them."""
    out = word = ""
    for letter in template + "\0":
        if letter.isalpha() or letter == "_":
            word += letter
            continue
        if word:
            if word not in row:
                raise CommandError(f"{command}: lab: the column {word} is not emulated", NOT_EMULATED)
            out += row[word]
            word = ""
        out += letter
    return out[:-1]


def lsattr(arguments: Sequence[str]) -> None:
    """Show the effective attributes of a device."""
    usage = "Usage: lsattr {-D[-O] | -E[-O] | -F Format} -l Name [-a Attribute]... [-H]"
    options = parse("lsattr", arguments, "El:a:HOF:D", usage, unemulated="RcstPZ")
    if options.operands or "l" not in options or not ("E" in options or "F" in options):
        raise CommandError(usage)
    table = _device("lsattr", options.get("l")).attributes
    for name in options.all("a"):
        if name not in table:
            raise CommandError(
                f'lsattr: 0514-528 The "{name}" attribute does not exist in the predefined\n'
                "\tdevice configuration database.",
                255,
            )
    rows = [(name, *table[name]) for name in table if not options.all("a") or name in options.all("a")]
    texts = [row[:3] for row in rows]
    if "F" in options:
        for name, value, title, settable in rows:
            row = {"attribute": name, "value": value, "description": title, "user_settable": str(settable)}
            print(_format(options.get("F"), row, "lsattr"))
        return
    if "O" in options:
        print("#" + ":".join(row[0] for row in rows))
        print(":".join(row[1] for row in rows))
        return
    wide = [max((len(text[column]) for text in texts), default=0) for column in (0, 1, 2)]
    if "H" in options:
        print("attribute value description user_settable\n")
    for name, value, title, settable in rows:
        print(f"{name:<{wide[0]}} {value:<{wide[1]}} {title:<{wide[2]}} {settable}")


def chdev(arguments: Sequence[str]) -> None:
    """Change attributes of a device (-P: in the data base only, which is what the lab does anyway)."""
    usage = "Usage: chdev -l Name [-a Attribute=Value ...] [-p Parent] [-P | -T]"
    options = parse("chdev", arguments, "l:a:P", usage, unemulated="pTwfhqS")
    values, bad = pairs([pair for word in options.all("a") for pair in word.split()])
    if options.operands or bad or "l" not in options or not values:
        raise CommandError(usage)
    name = options.get("l")
    table = _device("chdev", name).attributes
    for key, value in values.items():
        if key not in table:
            raise CommandError(
                f"chdev: 0514-025 Cannot get configuration information about the\n\tattribute {key} of {name}."
            )
        wrong = not table[key][2] or value not in CHOICES.get(key, (value,))
        wrong = wrong or (key in RANGES and value.isdigit() and int(value) not in RANGES[key])
        if wrong or (table[key][0].isdigit() and not value.isdigit()):
            raise CommandError(
                f"chdev: 0514-018 The values specified for the following attributes\n\tare not valid:\n\t{key}"
            )
    _change(name, attributes=values)
    print(f"{name} changed")


def mkdev(arguments: Sequence[str]) -> None:
    """Make a defined device available."""
    usage = "Usage: mkdev -l Name [-h] [-q] [-S]"
    options = parse("mkdev", arguments, "l:", usage, unemulated="ctsapwdhqSR")
    if options.operands or "l" not in options:
        raise CommandError(usage)
    _device("mkdev", options.get("l"))
    _change(options.get("l"), state="Available")
    print(f"{options.get('l')} Available")


def rmdev(arguments: Sequence[str]) -> None:
    """Make an available pseudo device defined again."""
    usage = "Usage: rmdev -l Name [-d | -S] [-h] [-q] [-R]"
    options = parse("rmdev", arguments, "l:", usage, unemulated="dShqRpg")
    if options.operands or "l" not in options:
        raise CommandError(usage)
    if _device("rmdev", options.get("l")).category not in ("aio", "posix_aio", "iocp"):
        raise CommandError(
            "rmdev: 0514-062 Cannot perform the requested function because the\n"
            f"\tspecified device is busy.\n\t{options.get('l')}"
        )
    _change(options.get("l"), state="Defined")
    print(f"{options.get('l')} Defined")


def cfgmgr(arguments: Sequence[str]) -> None:
    """Look for new devices: there are none."""
    parse(
        "cfgmgr", arguments, "", "Usage: cfgmgr [-f | -s | -p Phase] [-i Device] [-l Name] [-v]", unemulated="fspilvR"
    )


def lscfg(arguments: Sequence[str]) -> None:
    """List the hardware."""
    usage = "Usage: lscfg [-v] [-p] [-s] [-l Name]"
    options = parse("lscfg", arguments, "l:", usage, unemulated="vps")
    if options.operands:
        raise CommandError(usage)
    if "l" in options:
        device = _device("lscfg", options.get("l"))
        print(f"  {options.get('l'):<16} {device.location:<16} {device.title}")
        return
    machine = Machine()
    print("INSTALLED RESOURCE LIST\n\nThe following resources are installed on the machine.")
    print("+/- = Added or deleted from Resource List.\n*   = Diagnostic support not available.\n")
    print(f"  Model Architecture: chrp\n  Model Implementation: Multiple Processor, PCI bus ({machine.model})\n")
    for name, device in sorted(devices().items()):
        if device.category not in ("aio", "posix_aio", "iocp", "if", "tcpip"):
            print(f"+ {name:<16} {device.location:<16} {device.title}")


def bosboot(arguments: Sequence[str]) -> None:
    """Write a boot image."""
    usage = "Usage: bosboot -a [-d device]"
    options = parse("bosboot", arguments, "ad:", usage, unemulated="vqwkbplDILMTUr")
    if options.operands or "a" not in options:
        raise CommandError(usage)
    print("\nbosboot: Boot image is 23795 512 byte blocks.")


COMMANDS: dict[str, Command] = {
    "lsdev": lsdev,
    "lsattr": lsattr,
    "chdev": chdev,
    "mkdev": mkdev,
    "rmdev": rmdev,
    "cfgmgr": cfgmgr,
    "lscfg": lscfg,
    "bosboot": bosboot,
}
