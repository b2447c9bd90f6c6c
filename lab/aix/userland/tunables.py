"""Kernel and network tunables: no, vmo."""

from __future__ import annotations

from lab.aix.userland import odm
from lab.aix.userland.command import CommandError, parse

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import MutableMapping, Sequence
    from typing import Any, Literal

    from lab.aix.userland.command import Command

STORE = "tunables"
Tunable = tuple[int, int, int, str, str]
"""Default, least and largest value, unit, and type (D dynamic, R at reboot, C for new connections, S never)."""

TUNABLES: dict[str, dict[str, Tunable]] = {
    "no": {
        "ipforwarding": (0, 0, 1, "boolean", "D"),
        "ipqmaxlen": (100, 100, 2147483647, "numeric", "R"),
        "rfc1323": (0, 0, 1, "boolean", "C"),
        "sb_max": (1048576, 1, 2147483647, "byte", "D"),
        "somaxconn": (1024, 0, 32767, "numeric", "C"),
        "tcp_finwait2": (1200, 0, 65535, "halfsecond", "D"),
        "tcp_keepidle": (14400, 1, 2147483647, "halfsecond", "C"),
        "tcp_keepinit": (150, 1, 2147483647, "halfsecond", "C"),
        "tcp_keepintvl": (150, 1, 32767, "halfsecond", "C"),
        "tcp_nodelayack": (0, 0, 1, "boolean", "D"),
        "tcp_recvspace": (16384, 4096, 1048576, "byte", "C"),
        "tcp_sendspace": (16384, 4096, 1048576, "byte", "C"),
        "tcp_timewait": (1, 1, 5, "15_second", "D"),
        "udp_recvspace": (42080, 4096, 1048576, "byte", "C"),
        "udp_sendspace": (9216, 4096, 1048576, "byte", "C"),
    },
    "vmo": {
        "lru_file_repage": (1, 0, 1, "boolean", "D"),
        "memory_frames": (524288, 524288, 524288, "4KB pages", "S"),
        "maxclient%": (80, 1, 100, "% memory", "D"),
        "maxfree": (1088, 16, 838860, "4KB pages", "D"),
        "maxperm%": (80, 1, 100, "% memory", "D"),
        "minfree": (960, 8, 838860, "4KB pages", "D"),
        "minperm%": (20, 1, 100, "% memory", "D"),
        "strict_maxclient": (1, 0, 1, "boolean", "D"),
        "v_pinshm": (0, 0, 1, "boolean", "D"),
    },
}


def _tune(command: str, arguments: Sequence[str]) -> None:
    """Show or set tunables; -p now and after a reboot, -r after a reboot only."""
    usage = f"Usage: {command} [-p | -r] {{-o Tunable[=NewValue]}} | [-F] -x [Tunable] | -a | -d Tunable"
    options = parse(command, arguments, "prao:xFd:", usage, unemulated="DLhK")
    if "p" in options and "r" in options:
        raise CommandError(usage)
    with odm.Change(STORE) as data:
        values = Values(command, data)
        if "a" in options:
            for name in TUNABLES[command]:
                print(f"{name:>26} = {values.now(name)}")
        elif "x" in options:
            for name in options.operands or TUNABLES[command]:
                print(values.row(name))
        elif "o" in options or "d" in options:
            for word in options.all("o") + [f"{name}={values.known(name)[0]}" for name in options.all("d")]:
                name, equals, value = word.partition("=")
                if equals:
                    values.set(name, value, now="r" not in options, boot="r" in options or "p" in options)
                else:
                    print(f"{name} = {values.now(name)}")
            values.require_sense()
        else:
            raise CommandError(usage)


class Values:
    """The values of one command's tunables, those of now and those after the next boot.

    `data` holds by command the ones that were set; whoever only looks leaves it as it is.
    """

    def __init__(self, command: str, data: MutableMapping[str, Any]) -> None:
        self._command = command
        self._data = data

    def _set(self, when: Literal["now", "boot"]) -> dict[str, int]:
        found: dict[str, int] = self._data.get(self._command, {}).get(when, {})
        return found

    def _keep(self, when: Literal["now", "boot"], name: str, value: int) -> None:
        self._data.setdefault(self._command, {}).setdefault(when, {})[name] = value

    def known(self, name: str) -> Tunable:
        """What there is to know of a tunable."""
        if name not in TUNABLES[self._command]:
            raise CommandError(f"{self._command}: 1485-102 The tunable {name} is unknown.")
        return TUNABLES[self._command][name]

    def now(self, name: str) -> int:
        """The value in force."""
        default = self.known(name)[0]
        return self._set("now").get(name, default)

    def row(self, name: str) -> str:
        """The line of -x: name, current, default, at reboot, least, largest, unit, type."""
        default, least, largest, unit, kind = self.known(name)
        boot = self._set("boot").get(name, default)
        return f"{name},{self.now(name)},{default},{boot},{least},{largest},{unit},{kind},"

    def set(self, name: str, value: str, *, now: bool, boot: bool) -> None:
        """Change a value, with the texts AIX gives."""
        _, least, largest, _, kind = self.known(name)
        if kind == "S":
            raise CommandError(f"{self._command}: 1485-117 Value for tunable {name} cannot be changed.")
        if not value.isdigit() or not least <= int(value) <= largest:
            raise CommandError(f"{self._command}: 1485-110 {value} is not a valid value for the tunable {name}.")
        if now and kind == "R":
            raise CommandError(
                f"{self._command}: 1485-111 The tunable {name} changes at the next boot only: use the -r flag."
            )
        if now:
            self._keep("now", name, int(value))
            print(f"Setting {name} to {value}")
        if boot:
            self._keep("boot", name, int(value))
            print(f"Setting {name} to {value} in nextboot file")
        if kind == "C":
            print(f"Change to tunable {name}, will only be effective for future connections")

    def require_sense(self) -> None:
        """Refuse values that contradict each other; those of one command are judged together."""
        for low, high in (("minperm%", "maxperm%"), ("maxclient%", "maxperm%")):
            if self._command == "vmo" and self.now(low) > self.now(high):
                raise CommandError(f"vmo: 1485-112 {low} ({self.now(low)}) must not exceed {high} ({self.now(high)}).")


def no(arguments: Sequence[str]) -> None:
    """Network tunables."""
    _tune("no", arguments)


def vmo(arguments: Sequence[str]) -> None:
    """Tunables of the virtual memory manager."""
    _tune("vmo", arguments)


COMMANDS: dict[str, Command] = {"no": no, "vmo": vmo}
