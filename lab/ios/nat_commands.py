"""The commands for translations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lab.ios.nat import Dynamic, Pool, Static, similar
from lab.ios.syntax import Grammar, Refused

if TYPE_CHECKING:
    from lab.ios.editor import Editor

_STATIC = "ip nat inside source static"
_PORT_STATIC = "{tcp|udp}:protocol ip:local port:local_port ip:public port:public_port"
_SIZES = ("netmask ip:mask", "prefix-length bits:bits")
_TARGETS = ("pool word:pool", "interface interface:interface")


def _static(extendable: str = "", **values: Any) -> Static:
    return Static(**values, extendable=bool(extendable))


def _nat_static(editor: Editor, **values: Any) -> None:
    new = _static(**values)
    if editor.fault("ios:static") == "conflict":
        raise similar(new)
    editor.configuration.nat.add_static(new)


def _no_nat_static(editor: Editor, **values: Any) -> None:
    nat = editor.configuration.nat
    static = nat.find_static(_static(**values))
    if editor.in_use(static):
        answer = editor.ask("\nStatic entry in use, do you want to delete child entries? [no]: ")
        if not answer.lower().startswith("y"):
            raise Refused("%: Error: static entry in use, cannot remove\n")
        editor.forget(static)
    nat.statics.remove(static)


def _pool(editor: Editor, mask: str = "", bits: int = 0, **values: Any) -> None:
    size = f"netmask {mask}" if mask else f"prefix-length {bits}"
    editor.configuration.nat.add_pool(Pool(**values, size=size))


def _no_pool(editor: Editor, name: str, **_: Any) -> None:
    editor.configuration.nat.remove_pool(name)


def _dynamic(editor: Editor, access_list: str, pool: str = "", interface: str = "", overload: str = "") -> Dynamic:
    if pool and pool not in editor.configuration.nat.pools:
        raise Refused(f"%Pool {pool} not found\n")
    # Onto one address, only ports can keep connections apart.
    return Dynamic(access_list, f"pool {pool}" if pool else f"interface {interface}", bool(overload or interface))


def _nat_list(editor: Editor, **values: Any) -> None:
    new = _dynamic(editor, **values)
    dynamics = editor.configuration.nat.dynamics
    dynamics[:] = [*(each for each in dynamics if each.access_list != new.access_list), new]


def _no_nat_list(editor: Editor, **values: Any) -> None:
    old = _dynamic(editor, **values)
    dynamics = editor.configuration.nat.dynamics
    dynamics[:] = [each for each in dynamics if (each.access_list, each.target) != (old.access_list, old.target)]


def _sip(editor: Editor, protocol: str, port: int) -> None:
    editor.configuration.nat.sip.add((protocol, port))


def _no_sip(editor: Editor, protocol: str, port: int) -> None:
    editor.configuration.nat.sip.discard((protocol, port))


def add_to(config: Grammar) -> None:
    """Know them in the global mode."""
    for ends in (_PORT_STATIC, "ip:local ip:public"):
        config.add(f"{_STATIC} {ends} [{{extendable}}:extendable]", _nat_static, no=_no_nat_static)
    for size in _SIZES:
        config.add(f"ip nat pool word:name ip:start ip:end {size}", _pool, no=_no_pool)
    config.add("no ip nat pool word:name", _no_pool)
    for target in _TARGETS:
        pattern = f"ip nat inside source list word:access_list {target} [{{overload}}:overload]"
        config.add(pattern, _nat_list, no=_no_nat_list)
    config.add("ip nat service sip {tcp|udp}:protocol port port:port", _sip, no=_no_sip)
