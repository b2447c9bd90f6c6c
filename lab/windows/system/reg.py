"""reg query, add, delete."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence

from lab.host import Host
from lab.windows.host import WindowsHost
from lab.windows.registry import KINDS, Data, NoSuchKey, Registry, Value

_MISSING = "ERROR: The system was unable to find the specified registry key or value."
_DONE = "The operation completed successfully.\n"


class _Usage(Exception):
    """The options are not as reg wants them."""


def main(host: Host, arguments: Sequence[str]) -> int:
    """`reg query|add|delete KEY [/v NAME | /ve] [/t TYPE] [/d DATA] [/f] [/s]`."""
    assert isinstance(host, WindowsHost)
    verb = _VERBS.get(arguments[0].casefold() if arguments else "")
    try:
        if verb is None or len(arguments) < 2:
            raise _Usage
        return verb(host.machine.registry, arguments[1], _options(arguments[2:]))
    except (_Usage, ValueError):
        print('ERROR: Invalid syntax.\nType "REG /?" for usage.', file=sys.stderr)
    except NoSuchKey:
        print(f"\n{_MISSING}", file=sys.stderr)
    return 1


def _options(words: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    rest = list(words)
    while rest:
        word = rest.pop(0).casefold()
        if word in ("/v", "/t", "/d"):
            if not rest:
                raise _Usage
            found[word] = rest.pop(0)
        elif word in ("/ve", "/f", "/s"):
            found[word] = ""
        else:
            raise _Usage
    return found


def _wanted(options: dict[str, str]) -> str | None:
    return "" if "/ve" in options else options.get("/v")


def _query(registry: Registry, key: str, options: dict[str, str]) -> int:
    name = _wanted(options)
    values = registry.values(key)
    if name is not None:
        values = [value for value in values if value.name.casefold() == name.casefold()]
        if not values:
            print(f"\n{_MISSING}", file=sys.stderr)
            return 1
    print(f"\n{registry.spelled(key)}")
    for value in values:
        print(f"    {value.name or '<NO NAME>'}\t{value.kind}\t{_shown(value)}")
    print()
    if name is None:
        for child in registry.children(key):
            print(f"{registry.spelled(key)}\\{child}")
            if "/s" in options:
                _query(registry, f"{key}\\{child}", options)
    return 0


def _shown(value: Value) -> str:
    if isinstance(value.data, list):
        if value.kind == "REG_BINARY":
            return "".join(f"{int(item):02X}" for item in value.data)
        return "\\0".join(map(str, value.data))
    return f"0x{value.data:x}" if isinstance(value.data, int) else value.data


def _add(registry: Registry, key: str, options: dict[str, str]) -> int:
    name = _wanted(options)
    kind = options.get("/t", "REG_SZ").upper()
    if kind not in KINDS:
        raise _Usage
    registry.create(key)
    if name is not None:
        if registry.get(key, name) is not None and "/f" not in options:
            # Without /f reg asks, and without a user the answer is no.
            print(f"Value {name} exists, overwrite(Yes/No)? ")
            return 1
        registry.set(key, Value(name, kind, _data(kind, options.get("/d", ""))))
    print(_DONE)
    return 0


def _data(kind: str, text: str) -> Data:
    if kind in ("REG_DWORD", "REG_QWORD"):
        return int(text or "0", 0)
    if kind == "REG_BINARY":
        return list(bytes.fromhex(text))
    return text.split("\\0") if kind == "REG_MULTI_SZ" else text


def _delete(registry: Registry, key: str, options: dict[str, str]) -> int:
    if "/f" not in options:
        print("Permanently delete (Yes/No)? ")
        return 1
    name = _wanted(options)
    if name is None:
        registry.delete(key)
    else:
        try:
            registry.delete_value(key, name)
        except KeyError:
            print(f"\n{_MISSING}", file=sys.stderr)
            return 1
    print(_DONE)
    return 0


_VERBS: dict[str, Callable[[Registry, str, dict[str, str]], int]] = {"query": _query, "add": _add, "delete": _delete}
