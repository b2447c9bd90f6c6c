# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""The texts that run on targets: `programs/<name>.sh` (POSIX sh, ksh88), `programs/<name>.ps1` (PowerShell 2.0),
`programs/<name>.jy` (Jython 2.1, in wsadmin) and `programs/<name>.pl` (Perl 5.8, started by a sh program).

A program is the file's text behind assignments of its parameters. It travels on standard input, so neither a parameter
nor a secret is ever an argument that `ps` could show.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

Parameter = str | int | bool | None | Sequence[str]

PROGRAMS = Path(__file__).parent / "programs"

SH_COMMAND = "/bin/sh -s"

# Short and constant: cmd.exe of Windows 2003 cuts command lines at 8191 characters, so the program itself goes by
# standard input. PowerShell 2.0 reads that as text in the machine's code page, hence Base64.
PS_COMMAND = (
    "$stgw = -join @($input); Invoke-Expression ([Text.Encoding]::UTF8.GetString([Convert]::FromBase64String($stgw)))"
)


def quote_sh(value: str) -> str:
    """`value` as one word of sh, whatever it holds."""
    return "'" + value.replace("'", "'\\''") + "'"


def quote_ps(value: str) -> str:
    """`value` as a PowerShell literal string; typographic quotes end a literal in PowerShell and are doubled too."""
    for mark in "'\u2018\u2019\u201a\u201b":
        value = value.replace(mark, mark * 2)
    return "'" + value + "'"


def quote_pl(value: str) -> str:
    """`value` as a literal of Perl, whatever it holds."""
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _sh_literal(value: Parameter) -> str:
    if isinstance(value, bool):
        return quote_sh("1" if value else "")
    if value is None:
        return quote_sh("")
    if isinstance(value, (str, int)):
        return quote_sh(str(value))
    return quote_sh("\n".join(value))


def _ps_literal(value: Parameter) -> str:
    if isinstance(value, bool):
        return "$true" if value else "$false"
    if value is None:
        return "$null"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        return quote_ps(value)
    return "@(" + ", ".join(quote_ps(item) for item in value) + ")"


def render_sh(name: str, parameters: Mapping[str, Parameter]) -> bytes:
    """The program for `/bin/sh -s`: lists are newline-separated, booleans are `1` or empty.

    The braces make the shell read the whole program before it runs a line of it, so that a command in it cannot eat
    the rest from standard input.
    """
    body = sh_source(name)
    lines = [f"{key}={_sh_literal(value)}" for key, value in parameters.items()]
    return "\n".join(["{", *lines, body.rstrip("\n"), "} </dev/null", ""]).encode()


def sh_source(name: str) -> str:
    """The text of a sh program, each line `# include: x` replaced by `programs/parts/x.sh`."""
    return _with_parts(name, "sh")


def ps_source(name: str) -> str:
    """The text of a PowerShell program, each line `# include: x` replaced by `programs/parts/x.ps1`."""
    return _with_parts(name, "ps1")


def jy_source(name: str) -> str:
    """The text of a program for wsadmin, each line `# include: x` replaced by `programs/parts/x.jy`."""
    return _with_parts(name, "jy")


def perl_text(name: str, parameters: Mapping[str, str | int | Sequence[str]]) -> str:
    """A program as Perl reads it: texts and numbers are `$key`, lists `@key`."""
    lines = []
    for key, value in parameters.items():
        if isinstance(value, int):
            lines.append(f"my ${key} = {value};")
        elif isinstance(value, str):
            lines.append(f"my ${key} = {quote_pl(value)};")
        else:
            lines.append(f"my @{key} = ({', '.join(quote_pl(item) for item in value)});")
    return "\n".join([*lines, _with_parts(name, "pl")])


def _with_parts(name: str, suffix: str) -> str:
    body = (PROGRAMS / f"{name}.{suffix}").read_text("utf-8")
    return re.sub(
        r"^# include: (\w+)$",
        lambda found: (PROGRAMS / "parts" / f"{found[1]}.{suffix}").read_text("utf-8").rstrip("\n"),
        body,
        flags=re.M,
    )


def render_ps(name: str, parameters: Mapping[str, Parameter]) -> bytes:
    """The program for `PS_COMMAND`, Base64 on one line."""
    return base64.b64encode(ps_text(name, parameters).encode()) + b"\n"


def ps_text(name: str, parameters: Mapping[str, Parameter]) -> str:
    """The program as PowerShell reads it."""
    lines = [f"${key} = {_ps_literal(value)}" for key, value in parameters.items()]
    return "\n".join(["$ErrorActionPreference = 'Stop'", *lines, ps_source(name)])
