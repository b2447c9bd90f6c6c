"""The commands that change the configuration, by mode."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network
from typing import TYPE_CHECKING, Any

from lab.ios import list_commands, nat_commands
from lab.ios.configuration import Interface
from lab.ios.passwords import digest
from lab.ios.syntax import Grammar, Refused

if TYPE_CHECKING:
    from lab.ios.editor import Editor


def _leave(editor: Editor) -> None:
    editor.mode = "exec" if editor.mode == "config" else "config"


def _end(editor: Editor) -> None:
    editor.mode = "exec"


def _hostname(editor: Editor, name: str) -> None:
    editor.configuration.hostname = name


def _enable_secret(editor: Editor, secret: str) -> None:
    editor.configuration.enable_secret = digest(secret)


def _enable_digest(editor: Editor, secret: str) -> None:
    editor.configuration.enable_secret = secret


def _route(editor: Editor, **values: Any) -> None:
    _no_route(editor, **values)
    editor.configuration.routes.append("ip route {network} {mask} {gateway}".format(**values))


def _no_route(editor: Editor, **values: Any) -> None:
    line = "ip route {network} {mask} {gateway}".format(**values)
    editor.configuration.routes[:] = [route for route in editor.configuration.routes if route != line]


def _interface(editor: Editor, name: str) -> None:
    # A configuration that is read brings its interfaces along; otherwise there are only those of the machine.
    if editor.reading:
        editor.configuration.interfaces.setdefault(name, Interface(name))
    elif name not in editor.configuration.interfaces:
        raise Refused("%Invalid interface type and number\n")
    editor.interface = name
    editor.mode = "config-if"


def _current(editor: Editor) -> Interface:
    return editor.configuration.interfaces[editor.interface]


def _address(editor: Editor, address: str, mask: str) -> None:
    bits = int(IPv4Address(mask))
    if not bits or (~bits & 0xFFFFFFFF) & ((~bits & 0xFFFFFFFF) + 1):
        raise Refused(f"Bad mask 0x{bits:08X} for address {address}\n")
    network = IPv4Network(f"{address}/{mask}", strict=False)
    for other in editor.configuration.interfaces.values():
        if other.name != editor.interface and other.address and network.overlaps(other.network):
            raise Refused(f"% {network.network_address} overlaps with {other.name}\n")
    interface = _current(editor)
    interface.address, interface.mask = address, mask


def _no_address(editor: Editor) -> None:
    interface = _current(editor)
    interface.address = interface.mask = ""


def _nat_side(editor: Editor, side: str) -> None:
    _current(editor).nat = side


def _no_nat_side(editor: Editor, side: str) -> None:
    interface = _current(editor)
    if interface.nat == side:
        interface.nat = ""


def _access_group(editor: Editor, name: str, way: str) -> None:
    _current(editor).filters[way] = name


def _no_access_group(editor: Editor, way: str, name: str = "") -> None:
    filters = _current(editor).filters
    if name in ("", filters.get(way)):
        filters.pop(way, None)


def _description(editor: Editor, text: str) -> None:
    _current(editor).description = text


def _no_description(editor: Editor) -> None:
    _current(editor).description = ""


def _shutdown(editor: Editor) -> None:
    _current(editor).shutdown = True


def _no_shutdown(editor: Editor) -> None:
    _current(editor).shutdown = False


def _config() -> Grammar:
    grammar = Grammar()
    grammar.add("end", _end)
    grammar.add("exit", _leave)
    grammar.add("hostname word:name", _hostname)
    grammar.add("enable secret word:secret", _enable_secret)
    grammar.add("enable secret 5 word:secret", _enable_digest)
    grammar.add("interface interface:name", _interface)
    list_commands.add_to(grammar)
    nat_commands.add_to(grammar)
    grammar.add("ip route ip:network ip:mask ip:gateway", _route, no=_no_route)
    return grammar


def _config_interface() -> Grammar:
    grammar = Grammar()
    grammar.add("exit", _leave)
    grammar.add("ip address ip:address ip:mask", _address)
    grammar.add("no ip address", _no_address)
    grammar.add("ip nat {inside|outside}:side", _nat_side, no=_no_nat_side)
    grammar.add("ip access-group word:name {in|out}:way", _access_group, no=_no_access_group)
    grammar.add("no ip access-group {in|out}:way", _no_access_group)
    grammar.add("description line:text", _description)
    grammar.add("no description", _no_description)
    grammar.add("shutdown", _shutdown, no=_no_shutdown)
    return grammar


def _config_access_list() -> Grammar:
    grammar = Grammar()
    grammar.add("exit", _leave)
    list_commands.add_entries_to(grammar)
    return grammar


MODES = {"config": _config(), "config-if": _config_interface(), "config-ext-nacl": _config_access_list()}
