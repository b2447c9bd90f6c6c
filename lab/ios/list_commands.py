"""The commands for access lists."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lab.ios.access_lists import NO_BITS, Addresses, Entry
from lab.ios.syntax import Grammar

if TYPE_CHECKING:
    from lab.ios.editor import Editor


def _addresses(values: dict[str, Any], side: str) -> Addresses:
    if f"{side}_host" in values:
        return Addresses(values[f"{side}_host"], NO_BITS)
    if side in values:
        return Addresses(values[side], values.get(f"{side}_wildcard", NO_BITS)).normal()
    return Addresses()


def _entry(action: str, protocol: str = "ip", established: str = "", **values: Any) -> Entry:
    return Entry(
        action,
        _addresses(values, "source"),
        protocol,
        _addresses(values, "destination"),
        values.get("source_port", -1),
        values.get("destination_port", -1),
        bool(established),
    )


def _named_list(editor: Editor, name: str) -> None:
    editor.configuration.access_lists.setdefault(name, [])
    editor.access_list = name
    editor.mode = "config-ext-nacl"


def _no_named_list(editor: Editor, name: str) -> None:
    editor.configuration.access_lists.pop(name, None)


def _add(entries: list[Entry], entry: Entry) -> None:
    if entry not in entries:
        entries.append(entry)


def _list_entry(editor: Editor, **values: Any) -> None:
    # Somebody else may have removed the list meanwhile; IOS makes it anew then.
    _add(editor.configuration.access_lists.setdefault(editor.access_list, []), _entry(**values))


def _no_list_entry(editor: Editor, **values: Any) -> None:
    entries = editor.configuration.access_lists.get(editor.access_list, [])
    entries[:] = [entry for entry in entries if entry != _entry(**values)]


def _numbered(editor: Editor, number: int, **values: Any) -> None:
    _add(editor.configuration.access_lists.setdefault(str(number), []), _entry(**values))


def _no_numbered(editor: Editor, number: int, **_: Any) -> None:
    # Before entries had numbers, the negation of one removed the whole list.
    editor.configuration.access_lists.pop(str(number), None)


def _sides(port: str) -> list[str]:
    """The ways to write one end of an entry; `port` is the kind of its port, if it has one."""
    ends = ["any", "host ip:{side}_host", "ip:{side} ip:{side}_wildcard"]
    return [f"{end}{f' [eq {port}:{{side}}_port]' if port else ''}" for end in ends]


def _entries() -> list[str]:
    found = []
    for protocols, port, keywords in (
        ("{ip|icmp}:protocol", "", ""),
        ("{tcp}:protocol", "tcp-port", " [{established}:established]"),
        ("{udp}:protocol", "udp-port", ""),
    ):
        for source in _sides(port):
            for destination in _sides(port):
                ends = f"{source.replace('{side}', 'source')} {destination.replace('{side}', 'destination')}"
                found.append(f"{{permit|deny}}:action {protocols} {ends}{keywords}")
    return found


_STANDARD_ENDS = ("any", "host ip:source_host", "ip:source [ip:source_wildcard]")


def add_to(config: Grammar) -> None:
    """Know them in the global mode."""
    config.add("ip access-list extended word:name", _named_list, no=_no_named_list)
    for end in _STANDARD_ENDS:
        config.add(f"access-list standard:number {{permit|deny}}:action {end}", _numbered, no=_no_numbered)
    for entry in _entries():
        config.add(f"access-list extended:number {entry}", _numbered, no=_no_numbered)
    for kind in ("standard", "extended"):
        config.add(f"no access-list {kind}:number", _no_numbered)


def add_entries_to(mode: Grammar) -> None:
    """Know the entries in the mode of one list."""
    for entry in _entries():
        mode.add(entry, _list_entry, no=_no_list_entry)
