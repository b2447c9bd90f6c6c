"""Stanza files (`/etc/security/*`, `/etc/filesystems`): `name:` and, below it, indented `attribute = value` lines."""

from __future__ import annotations

from lab.aix.userland.command import lines_of, read_text, write_text

Stanzas = dict[str, dict[str, str]]


def parse_stanzas(text: str) -> Stanzas:
    """The stanzas in the order of the file; lines starting with `*` are comments."""
    stanzas: Stanzas = {}
    current: dict[str, str] = {}
    for line in lines_of(text):
        if line[0].isspace():
            key, _, value = line.partition("=")
            current[key.strip()] = value.strip()
        else:
            current = stanzas.setdefault(line.strip().removesuffix(":"), {})
    return stanzas


def format_stanzas(stanzas: Stanzas, equals: str = " = ") -> str:
    """The text of a stanza file, an empty line after each stanza."""
    return "".join(
        f"{name}:\n" + "".join(f"\t{key}{equals}{value}\n" for key, value in values.items()) + "\n"
        for name, values in stanzas.items()
    )


def read_stanzas(path: str) -> Stanzas:
    """The stanzas of a file of the host."""
    return parse_stanzas(read_text(path))


def write_stanzas(path: str, stanzas: Stanzas, equals: str = " = ") -> None:
    """Replace a stanza file, keeping the comments at its top."""
    head = ""
    for line in read_text(path).splitlines(keepends=True):
        if not line.startswith("*"):
            break
        head += line
    write_text(path, head + format_stanzas(stanzas, equals))
