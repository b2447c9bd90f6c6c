"""The network as AIX shows it: host hostname ifconfig netstat entstat."""

from __future__ import annotations

from lab.aix.userland.command import NOT_EMULATED, CommandError, parse, read_text
from lab.aix.userland.machine import Machine

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lab.aix.userland.command import Command

UP = "<UP,BROADCAST,NOTRAILERS,RUNNING,SIMPLEX,MULTICAST,GROUPRT,64BIT,CHECKSUM_OFFLOAD(ACTIVE),CHAIN>"
LOOPBACK = "<UP,BROADCAST,LOOPBACK,RUNNING,SIMPLEX,MULTICAST,GROUPRT,64BIT>"


def host(arguments: Sequence[str]) -> None:
    """Resolve a host name or an address by `/etc/hosts`, the lab's only name service."""
    usage = "Usage: host [-n] HostName | Address"
    options = parse("host", arguments, "n", usage, unemulated="avwt")
    if len(options.operands) != 1:
        raise CommandError(usage)
    wanted = options.operands[0]
    for line in read_text("/etc/hosts").splitlines():
        address, *names = line.partition("#")[0].split() or [""]
        if names and wanted in (address, *names):
            aliases = [name for name in names if name not in (wanted, names[0])]
            shown = names[0] if wanted == address else wanted
            print(f"{shown} is {address}" + (f",  Aliases:   {', '.join(aliases)}" if aliases else ""))
            return
    raise CommandError(f"host: 0827-801 Host name {wanted} does not exist.")


def hostname(arguments: Sequence[str]) -> None:
    """The name of the host, without its domain with -s."""
    options = parse("hostname", arguments, "s", "Usage: hostname [-s] [HostName]")
    if options.operands:
        raise CommandError("hostname: lab: the name cannot be changed", NOT_EMULATED)
    name = Machine().name
    print(name.partition(".")[0] if "s" in options else name)


def ifconfig(arguments: Sequence[str]) -> None:
    """Show interfaces (-a, or one by name)."""
    words = list(arguments)
    machine = Machine()
    if len(words) != 1 or (words[0].startswith("-") and words[0] != "-a"):
        raise CommandError("ifconfig: lab: only `ifconfig -a` and `ifconfig interface` are emulated", NOT_EMULATED)
    if words[0] not in ("-a", machine.device, "lo0"):
        raise CommandError(f"ifconfig: 0821-555 Specify an interface that is known: {words[0]}")
    if words[0] in ("-a", machine.device):
        mask = 0xFFFFFFFF << (32 - machine.prefix) & 0xFFFFFFFF
        print(f"{machine.device}: flags=1e080863,480{UP}")
        for address in machine.addresses:
            print(
                f"        inet {address} netmask 0x{mask:x} broadcast {_dotted(_number(address) | ~mask & 0xFFFFFFFF)}"
            )
        print("         tcp_sendspace 131072 tcp_recvspace 65536")
    if words[0] in ("-a", "lo0"):
        print(f"lo0: flags=e08084b{LOOPBACK}")
        print("        inet 127.0.0.1 netmask 0xff000000 broadcast 127.255.255.255\n        inet6 ::1/0")
        print("         tcp_sendspace 65536 tcp_recvspace 65536")


def _number(address: str) -> int:
    number = 0
    for part in address.split("."):
        number = number << 8 | int(part)
    return number


def _dotted(number: int) -> str:
    return ".".join(str(number >> shift & 255) for shift in (24, 16, 8, 0))


def netstat(arguments: Sequence[str]) -> None:
    """Routes (-r), interfaces (-i) or sockets (-a)."""
    usage = "Usage: netstat [-Aan] [-f AddressFamily] [-i | -r] [-I Interface] [Interval]"
    options = parse("netstat", arguments, "anrif:", usage, unemulated="AcCDgIlmoPpsuvZ")
    if options.operands or options.get("f", "inet") not in ("inet", "inet6"):
        raise CommandError(usage)
    machine = Machine()
    if "r" in options:
        print("Routing tables\nDestination        Gateway           Flags   Refs     Use  If   Exp  Groups\n")
        print("Route Tree for Protocol Family 2 (Internet):")
        for network, gateway in machine.routes:
            name = "default" if network == "0.0.0.0/0" else network.removesuffix("/32")
            print(f"{name:<18} {gateway:<17} UG        1     1204 {machine.device}      -      -   ")
        mask = 0xFFFFFFFF << (32 - machine.prefix) & 0xFFFFFFFF
        own = f"{_dotted(_number(machine.addresses[0]) & mask)}/{machine.prefix}"
        print(f"{own:<18} {machine.addresses[0]:<17} U         3     2210 {machine.device}      -      -   ")
        print("127/8              127.0.0.1         U         5      310 lo0      -      -   ")
    elif "i" in options:
        print("Name  Mtu   Network     Address            Ipkts Ierrs    Opkts Oerrs  Coll")
        print(f"{machine.device}   1500  link#2      {machine.hardware_address:<17} 12044     0     9031     0     0")
        print(f"{machine.device}   1500  {'':<11} {machine.addresses[0]:<17} 12044     0     9031     0     0")
        print(f"lo0   16896 127         127.0.0.1         {'':<1} 2210     0     2214     0     0")
    elif "n" in options:
        print("Active Internet connections" + (" (including servers)" if "a" in options else ""))
        print("Proto Recv-Q Send-Q  Local Address          Foreign Address        (state)")
        for protocol, local, remote, state in _sockets():
            if "a" in options or state != "LISTEN":
                print(f"{protocol:<9}  0      0  {local:<22} {remote:<22} {state}".rstrip())
    else:
        raise CommandError("netstat: lab: sockets are shown with -n only", NOT_EMULATED)


_STATES = {
    1: "ESTABLISHED",
    2: "SYN_SENT",
    3: "SYN_RCVD",
    4: "FIN_WAIT_1",
    5: "FIN_WAIT_2",
    6: "TIME_WAIT",
    7: "CLOSED",
    8: "CLOSE_WAIT",
    9: "LAST_ACK",
    10: "LISTEN",
    11: "CLOSING",
}


def _sockets() -> Iterator[tuple[str, str, str, str]]:
    """Protocol, both ends (`address.port`) and state of every socket of the host."""
    for file, protocol in (("tcp", "tcp4"), ("tcp6", "tcp"), ("udp", "udp4"), ("udp6", "udp")):
        try:
            with open(f"/proc/net/{file}", encoding="ascii") as table:
                rows = table.read().splitlines()[1:]
        except OSError:
            continue
        for row in rows:
            fields = row.split()
            state = _STATES.get(int(fields[3], 16), "") if file.startswith("tcp") else ""
            yield protocol, _end(fields[1]), _end(fields[2]), state


def _end(text: str) -> str:
    address, _, port = text.partition(":")
    number = str(int(port, 16)) if int(port, 16) else "*"
    last = address[-8:]  # of an IPv6 socket, the IPv4 address in it
    if not int(last, 16):
        return f"*.{number}"
    return ".".join(str(int(last[at : at + 2], 16)) for at in (6, 4, 2, 0)) + f".{number}"


def entstat(arguments: Sequence[str]) -> None:
    """Adapter type and hardware address."""
    usage = "Usage: entstat [-d] Device"
    options = parse("entstat", arguments, "", usage, unemulated="drt")
    machine = Machine()
    if options.operands not in ([machine.device], ["ent0"]):
        raise CommandError(f"entstat: 0909-003 Unable to connect to device {' '.join(options.operands)}, errno = 19")
    print(
        "-" * 61 + f"\nETHERNET STATISTICS ({options.operands[0]}) :\nDevice Type: 10/100 Mbps Ethernet PCI Adapter II "
        f"(1410ff01)\nHardware Address: {machine.hardware_address}\n"
    )


COMMANDS: dict[str, Command] = {
    "host": host,
    "hostname": hostname,
    "ifconfig": ifconfig,
    "netstat": netstat,
    "entstat": entstat,
}
