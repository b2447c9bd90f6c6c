"""The commands of those who have not entered the configuration: user and privileged mode."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from lab.ios import access_lists, translations
from lab.ios.passwords import matches
from lab.ios.syntax import Grammar, Refused

if TYPE_CHECKING:
    from lab.ios.shell import Shell

_TRIES = 3
_VERSION = """\
Cisco Internetwork Operating System Software
IOS (tm) 3600 Software (C3620-IK9O3S7-M), Version 12.3(26), RELEASE SOFTWARE (fc2)
Technical Support: http://www.cisco.com/techsupport
Copyright (c) 1986-2008 by cisco Systems, Inc.

ROM: System Bootstrap, Version 11.1(20)AA2, EARLY DEPLOYMENT RELEASE SOFTWARE (fc1)

{hostname} uptime is 1 minute
System returned to ROM by power-on
System image file is "flash:c3620-ik9o3s7-mz.123-26.bin"

cisco 3620 (R4700) processor (revision 0x81) with 60416K/5120K bytes of memory.
Processor board ID 00000000
R4700 CPU at 80MHz, Implementation 33, Rev 1.0
2 FastEthernet interface(s)
DRAM configuration is 32 bits wide with parity disabled.
29K bytes of NVRAM.
32768K bytes of processor board System flash (Read/Write)

Configuration register is 0x2102

"""


# -- the session -------------------------------------------------------------------------------------------------------
def _enable(shell: Shell) -> None:
    stored = shell.configuration().enable_secret
    if not stored:
        raise Refused("% No password set\n")
    for _ in range(_TRIES):
        if matches(shell.ask("Password: ", shown=False), stored):
            shell.privileged = True
            return
    raise Refused("% Bad secrets\n")


def _disable(shell: Shell) -> None:
    shell.privileged = False


def _leave(shell: Shell) -> None:
    shell.ended = True


def _length(shell: Shell, lines: int) -> None:
    shell.terminal.length = lines


def _width(shell: Shell, columns: int) -> None:
    """Lines are never cut here."""


def _privilege(shell: Shell) -> None:
    shell.show(f"Current privilege level is {15 if shell.privileged else 1}\n")


def _version(shell: Shell) -> None:
    shell.show(_VERSION.format(hostname=shell.configuration().hostname))


# -- configurations ----------------------------------------------------------------------------------------------------
def _running_config(shell: Shell) -> None:
    text = shell.configuration().text()
    shell.show(f"Building configuration...\n\nCurrent configuration : {len(text)} bytes\n{text}\n")


def _startup_config(shell: Shell) -> None:
    text = shell.router.startup()
    shell.show(f"Using {len(text)} out of 29688 bytes\n{text}\n")


def _configure(shell: Shell) -> None:
    shell.show("Enter configuration commands, one per line.  End with CNTL/Z.\n")
    shell.edit()


def _write(shell: Shell) -> None:
    shell.show("Building configuration...\n")
    shell.router.save()
    shell.show("[OK]\n")


def _copy(shell: Shell) -> None:
    name = shell.ask("Destination filename [startup-config]? ")
    if name not in ("", "startup-config"):
        raise Refused(f"%Error opening nvram:{name} (Permission denied)\n")
    _write(shell)


# -- translations and lists --------------------------------------------------------------------------------------------
def _translations(shell: Shell) -> None:
    rows = [(each.protocol, each.inside_global, each.inside_local, each.outside) for each in translations.current()]
    for static in shell.configuration().nat.statics:
        ends = (static.public, static.local)
        if static.protocol:
            ends = (f"{static.public}:{static.public_port}", f"{static.local}:{static.local_port}")
        rows.append((static.protocol or "---", *ends, "---"))
    if not rows:
        return
    lines = [("Pro", "Inside global", "Inside local", "Outside local", "Outside global")]
    lines += [(*row, row[3]) for row in rows]
    shell.show("".join(f"{a:<3} {b:<21} {c:<18} {d:<18} {e}\n" for a, b, c, d, e in lines))


def _statistics(shell: Shell) -> None:
    configuration = shell.configuration()
    fixed, moving = len(configuration.nat.statics), translations.current()
    lines = [
        f"Total active translations: {fixed + len(moving)} ({fixed} static, {len(moving)} dynamic; "
        f"{len(moving) + sum(bool(static.protocol) for static in configuration.nat.statics)} extended)"
    ]
    for side in ("outside", "inside"):
        names = [name for name, each in sorted(configuration.interfaces.items()) if each.nat == side]
        lines += [f"{side.capitalize()} interfaces:", f"  {', '.join(names)}"]
    lines.append("Dynamic mappings:")
    lines += ["-- Inside Source"] * bool(configuration.nat.dynamics)
    for number, dynamic in enumerate(configuration.nat.dynamics, 1):
        lines.append(f"[Id: {number}] access-list {dynamic.access_list} {dynamic.target} refcount 0")
    shell.show("\n".join([*lines, ""]))


def _clear(_: Shell) -> None:
    translations.forget_all()


def _access_lists(shell: Shell, name: str = "") -> None:
    for each, entries in shell.configuration().access_lists.items():
        if name in ("", each):
            kind = "Standard" if each.isdecimal() and int(each) < 100 else "Extended"
            lines = access_lists.lines("list", entries)[1:]
            shell.show("".join([f"{kind} IP access list {each}\n", *(f"   {line}\n" for line in lines)]))


def _interfaces(shell: Shell) -> None:
    lines = ["Interface                  IP-Address      OK? Method Status                Protocol\n"]
    for name, each in sorted(shell.configuration().interfaces.items()):
        status, protocol = ("administratively down", "down") if each.shutdown else ("up", "up")
        lines.append(f"{name:<26} {each.address or 'unassigned':<15} YES NVRAM  {status:<21} {protocol}\n")
    shell.show("".join(lines))


_EVERYBODY: dict[str, Callable[..., None]] = {
    "enable": _enable,
    "exit": _leave,
    "logout": _leave,
    "quit": _leave,
    "terminal length length:lines": _length,
    "terminal width length:columns": _width,
    "show privilege": _privilege,
    "show version": _version,
    "show ip nat translations": _translations,
    "show ip nat statistics": _statistics,
    "show ip interface brief": _interfaces,
    "show ip access-lists [word:name]": _access_lists,
    "show access-lists [word:name]": _access_lists,
}
_ADMINISTRATORS: dict[str, Callable[..., None]] = {
    "disable": _disable,
    "show running-config": _running_config,
    "show startup-config": _startup_config,
    "configure terminal": _configure,
    "write [memory]": _write,
    "copy running-config startup-config": _copy,
    "clear ip nat translation *": _clear,
}


def _grammar(*commands: dict[str, Callable[..., None]]) -> Grammar:
    grammar = Grammar()
    for table in commands:
        for pattern, handler in table.items():
            grammar.add(pattern, handler)
    return grammar


USER = _grammar(_EVERYBODY)
PRIVILEGED = _grammar(_EVERYBODY, _ADMINISTRATORS)
