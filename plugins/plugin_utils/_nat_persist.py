# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""The files from which a Linux router loads its rules when it starts, with ours in them and all else as it is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fnmatch import fnmatchcase
from pathlib import PurePosixPath

from ._nat_rules import Rules
from ._nat_rules_iptables import CHAINS, rule_lines

_INCLUDE = re.compile(r'^\s*include\s+"([^"]+)"\s*;?\s*$')
_NEW_MAIN = "#!/usr/sbin/nft -f\n"
_BUILTIN = ("PREROUTING", "INPUT", "OUTPUT", "POSTROUTING")
_NEW_TABLE = ["*nat", *(f":{chain} ACCEPT [0:0]" for chain in _BUILTIN), "COMMIT"]


def nftables_main(text: str | None, file: str, *, wanted: bool) -> str | None:
    """The main file of nftables with or without a line that includes `file`; None stands for no file."""
    lines = (text or "").splitlines()
    if wanted:
        included = any(_covers(pattern, file) for line in lines for pattern in _INCLUDE.findall(line))
        return text if included else f'{(text or _NEW_MAIN).rstrip()}\n\ninclude "{file}"\n'
    # A pattern stays: it may stand for other files too, and a pattern without any file is no error.
    kept = [line for line in lines if _INCLUDE.findall(line) != [file]]
    if kept == lines:
        return text
    rest = "\n".join(kept).rstrip() + "\n"
    return None if rest == _NEW_MAIN else rest


def _covers(pattern: str, file: str) -> bool:
    # Unlike a shell's, the pattern of `fnmatch` goes past a slash.
    return fnmatchcase(file, pattern) and PurePosixPath(pattern).parent == PurePosixPath(file).parent


def iptables_rules(text: str | None, rules: Rules, outside: str) -> str | None:
    """The file that `iptables-restore` loads, with the `rules` of one version of IP; None stands for no file."""
    before = (text or "").splitlines()
    lines = [line for line in before if not _is_ours(line)]
    if not rules:
        if lines == before:
            return text
        return None if lines == _NEW_TABLE else "".join(f"{line}\n" for line in lines)
    if "*nat" not in lines:
        lines += _NEW_TABLE
    lines[_first_rule(lines) : _first_rule(lines)] = [
        *(f":{chain} - [0:0]" for chain in CHAINS.values()),
        *(f"-A {builtin} -j {chain}" for builtin, chain in CHAINS.items()),
        *rule_lines(rules, outside),
    ]
    return "".join(f"{line}\n" for line in lines)


def _is_ours(line: str) -> bool:
    words = line.split()
    return bool({words[0].removeprefix(":"), *words[1:]} & set(CHAINS.values())) if words else False


def _first_rule(lines: Sequence[str]) -> int:
    """Where the first rule of the nat table stands, or would."""
    start = lines.index("*nat") + 1
    return next(number for number in range(start, len(lines)) if not lines[number].startswith((":", "#")))
