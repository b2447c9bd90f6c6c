"""The client tools, with IBM's options and output around this machine's LDAP tools."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Sequence

from lab.host import Host
from lab.products.itds import ldif, online
from lab.products.itds.dialog import ToolError, parse
from lab.products.itds.directory import machine_files
from lab.products.itds.layout import Layout

SERVER_DOWN = 81
"""Exit code for a server that cannot be reached; others are the LDAP result itself."""
FILTER_ERROR = 87

_WITH_VALUE = "abCdDefFGhilmoOpsTVwz"
_WITHOUT = "ABLRStvnM"
_CONNECTION = "DdhOpVwz"

MESSAGES = {
    20: "Type or value exists",
    32: "No such object",
    49: "Invalid credentials",
    50: "Insufficient access",
    53: "DSA is unwilling to perform",
    64: "Naming violation",
    65: "Object class violation",
    66: "Operation not allowed on nonleaf",
    68: "Already exists",
    SERVER_DOWN: "Can't contact LDAP server",
    FILTER_ERROR: "Bad search filter",
}
LIBRARY_ERRORS = {255: SERVER_DOWN, 249: FILTER_ERROR}
"""Exit codes of this machine's tools for errors of the LDAP library, which it counts downwards from 0."""
ROOT_DSE = (
    "*",
    "namingContexts",
    "subschemaSubentry",
    "supportedControl",
    "supportedExtension",
    "supportedLDAPVersion",
)
"""What a search for the root DSE shows; slapd would have to be asked for most of it."""


def idsldapsearch(host: Host, layout: Layout, arguments: Sequence[str]) -> int:
    """`idsldapsearch [options] filter [attributes]`: LDIF with `-L`, else lines `attribute=value`."""
    options = _options(arguments, _WITH_VALUE, _WITHOUT, operands=100)
    operands = _operands(options)
    if not operands:
        raise ToolError("usage: idsldapsearch [options] filter [attributes...]")
    base = options.get("b", host.environment.get("LDAP_BASEDN"))
    if base is None:
        base = ""
    if (base, options.get("s")) == ("", "base") and len(operands) == 1:
        operands += ROOT_DSE
    if online.is_configuration(base):
        return _configuration(
            lambda: online.search(host, layout, {**options, "b": base}, _password(options)), "ldap_search"
        )
    command = ["ldapsearch", "-LLL", "-b", base, "-s", options.get("s", "sub")]
    for letter in "alz":
        if letter in options:
            command += [f"-{letter}", options[letter]]
    if "A" in options:
        command.append("-A")
    code, output, errors = _run(command, options, operands, password=_password(options))
    text = output if "L" in options else _plain(output)
    sys.stdout.write(text)
    if code:
        what = "ldap_simple_bind" if code in (49, SERVER_DOWN) else "ldap_search"
        print(f"{what}: {_message(code, errors)}", file=sys.stderr)
    return code


def _configuration(act: Callable[[], str], what: str) -> int:
    try:
        sys.stdout.write(act())
    except online.Refused as refusal:
        print(f"{what}: {_message(refusal.code, '')}", file=sys.stderr)
        return refusal.code
    return 0


def _modified(dns: Sequence[str]) -> str:
    return "".join(f"Operation {number} modifying entry {dn}\n" for number, dn in enumerate(dns))


def _plain(text: str) -> str:
    return "\n".join(
        "\n".join([entry.dn, *(f"{name}={value}" for name, value in entry.attributes)]) + "\n"
        for entry in ldif.parse(text)
    )


def idsldapmodify(host: Host, layout: Layout, arguments: Sequence[str]) -> int:
    """`idsldapmodify [options] [-f file]`: the changes of an LDIF file or of standard input."""
    return _change(host, layout, arguments, adding=False)


def idsldapadd(host: Host, layout: Layout, arguments: Sequence[str]) -> int:
    """As `idsldapmodify -a`: entries without a changetype are added."""
    return _change(host, layout, arguments, adding=True)


def _change(host: Host, layout: Layout, arguments: Sequence[str], *, adding: bool) -> int:
    options = _options(arguments, _CONNECTION + "fgiCGk", "abBcrRvnM")
    password = _password(options)
    if "f" in options:
        file = host.path(options["f"])
        if not file.is_file():
            raise ToolError(f"{options['f']}: No such file or directory")
        text = file.read_text("utf-8")
    else:
        text = sys.stdin.read()
    if online.concerns_configuration(text):
        return _configuration(lambda: _modified(online.modify(host, layout, options, password, text)), "ldap_modify")
    command = ["ldapmodify", *(["-a"] if adding or "a" in options else []), *(["-c"] if "c" in options else [])]
    code, output, errors = _run(command, options, [], password=password, changes=text)
    number = 0
    for line in output.splitlines():
        if line.startswith(("adding new entry", "modifying entry", "deleting entry")):
            verb, _, dn = line.partition(' "')
            print(f"Operation {number} {verb} {dn.rstrip(chr(34))}")
            number += 1
    if code:
        what = "ldap_simple_bind" if code in (49, SERVER_DOWN) and not number else "ldap_modify"
        print(f"{what}: {_message(code, errors)}", file=sys.stderr)
        detail = next((line.strip() for line in errors.splitlines() if "additional info:" in line), "")
        if detail:
            print(f"{what}: {detail}", file=sys.stderr)
    return code


def idsldapdelete(host: Host, layout: Layout, arguments: Sequence[str]) -> int:
    """`idsldapdelete [options] dn...`."""
    del host, layout
    options = _options(arguments, _CONNECTION + "fgiCGk", "cnRsvM", operands=100)
    operands = _operands(options)
    if not operands:
        raise ToolError("usage: idsldapdelete [options] dn...")
    code, _, errors = _run(["ldapdelete"], options, operands, password=_password(options))
    if code:
        what = "ldap_simple_bind" if code in (49, SERVER_DOWN) else "ldap_delete"
        print(f"{what}: {_message(code, errors)}", file=sys.stderr)
    return code


def _options(arguments: Sequence[str], values: str, flags: str, operands: int = 0) -> dict[str, str]:
    try:
        options = parse(arguments, values, flags, operands)
    except ToolError as error:
        # The real ones know more (SSL, Kerberos, referrals); what the lab does not play out is refused by name.
        raise ToolError(f"ldap client: lab: {str(error).removeprefix('lab: ')}") from None
    unplayed = [letter for letter in "CefFGioOTtVRmn" if letter in options and letter not in "fi"]
    if unplayed:
        raise ToolError(f"ldap client: lab: the option -{unplayed[0]} is not played out")
    return options


def _operands(options: dict[str, str]) -> list[str]:
    return [options[key] for key in sorted((key for key in options if key.isdigit()), key=int)]


def _password(options: dict[str, str]) -> str | None:
    """What `-w` says; `?` asks for it."""
    if "D" not in options:
        return None
    if options.get("w") == "?":
        print("Enter password ==> ", end="", file=sys.stderr, flush=True)
        return sys.stdin.readline().rstrip("\r\n")
    return options.get("w", "")


def _run(
    command: list[str],
    options: dict[str, str],
    operands: list[str],
    *,
    password: str | None,
    changes: str | None = None,
) -> tuple[int, str, str]:
    """Run OpenLDAP's tool; secrets and changes reach it by memory files, no argument shows them."""
    url = f"ldap://{options.get('h', 'localhost')}:{options.get('p', '389')}"
    words = [str(machine_files() / "bin" / command[0]), *command[1:], "-x", "-H", url]
    kept = []
    if password is not None:
        kept.append(_memory_file(password))
        words += ["-D", options["D"], "-y", f"/proc/self/fd/{kept[-1]}"]
    if changes is not None:
        kept.append(_memory_file(changes))
        words += ["-f", f"/proc/self/fd/{kept[-1]}"]
    try:
        done = subprocess.run([*words, *operands], capture_output=True, text=True, pass_fds=kept, check=False)
    finally:
        for descriptor in kept:
            os.close(descriptor)
    return LIBRARY_ERRORS.get(done.returncode, done.returncode), done.stdout, done.stderr


def _memory_file(text: str) -> int:
    descriptor = os.memfd_create("ldap")
    os.write(descriptor, text.encode())
    return descriptor


def _message(code: int, errors: str) -> str:
    known = MESSAGES.get(code)
    return known or (errors.strip().splitlines() or ["Unknown error"])[0]
