# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""LDIF (RFC 2849): the form of directory entries, and of ITDS's configuration files."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

# A value that starts or ends otherwise, or holds other characters, is written in Base64.
_SAFE = re.compile(r"(?![ :<])[\x01-\x09\x0b\x0c\x0e-\x7f]*(?<! )")
_LINE_LENGTH = 76


@dataclass(frozen=True)
class LdifEntry:
    """An entry; attribute names are in small letters, because directories answer them in any case."""

    dn: str
    attributes: Mapping[str, Sequence[str]]

    def get(self, name: str, default: str = "") -> str:
        """The first value of an attribute."""
        values = self.attributes.get(name.lower(), ())
        return values[0] if values else default

    def all(self, name: str) -> list[str]:
        """Every value of an attribute."""
        return list(self.attributes.get(name.lower(), ()))


def parse_ldif(text: str) -> list[LdifEntry]:
    """The entries of a text. What stands in front of the first `dn:`, a prompt for instance, is skipped."""
    entries: list[LdifEntry] = []
    dn: str | None = None
    attributes: dict[str, list[str]] = {}
    for line in [*_unfolded(text), ""]:
        name, colon, rest = line.partition(":")
        if not line.strip():
            if dn is not None:
                entries.append(LdifEntry(dn, attributes))
            dn, attributes = None, {}
        elif line.startswith("#") or not colon:
            continue
        elif re.search(r"(^|\W)dn$", name, re.IGNORECASE):
            dn = _value(rest)
        elif dn is not None:
            attributes.setdefault(name.lower(), []).append(_value(rest))
    return entries


def _unfolded(text: str) -> Iterator[str]:
    pending: str | None = None
    for line in text.splitlines():
        if line.startswith(" ") and pending is not None:
            pending += line[1:]
            continue
        if pending is not None:
            yield pending
        pending = line
    if pending is not None:
        yield pending


def _value(rest: str) -> str:
    if rest.startswith(":"):
        return base64.b64decode(rest[1:]).decode("utf-8", "replace")
    return rest.strip()


def ldif_line(name: str, value: str) -> str:
    """`name: value`, folded, in Base64 when it must be."""
    line = f"{name}: {value}" if _SAFE.fullmatch(value) else f"{name}:: {base64.b64encode(value.encode()).decode()}"
    rest = range(_LINE_LENGTH, len(line), _LINE_LENGTH - 1)
    return "\n".join([line[:_LINE_LENGTH], *(" " + line[start : start + _LINE_LENGTH - 1] for start in rest)])


def ldif_record(dn: str, lines: Iterable[tuple[str, str]]) -> str:
    """One record with an empty line at its end; a line with the name `-` separates modifications."""
    written = [ldif_line("dn", dn)]
    written += ["-" if name == "-" else ldif_line(name, value) for name, value in lines]
    return "\n".join([*written, "", ""])


def normal_dn(dn: str) -> str:
    """A DN to compare with: small letters, no blanks around commas and equal signs."""
    return ",".join("=".join(part.strip() for part in rdn.split("=", 1)) for rdn in split_dn(dn)).lower()


def split_dn(dn: str) -> list[str]:
    r"""The parts of a DN; a comma that a backslash escapes separates nothing."""
    return [part.strip() for part in re.split(r"(?<!\\),", dn)]
