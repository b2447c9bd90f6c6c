"""The recorded answers of a server set-up (`.pds`), and the editor of them.

What the product keeps in such a file is not public. Here it is a compressed JSON mapping behind a mark, so that nobody
but the editor and the set-up can do anything with it, and anything else is refused.
"""

from __future__ import annotations

import json
import re
import secrets
import zlib
from collections.abc import Callable, Mapping, Sequence

from lab.host import Host
from lab.products.domino.installation import JAR

MARK = b"\x00Domino set-up profile\x00"
EDITOR = "lotus.domino.setup.DominoServerProfileEdit"
PASSWORDS = ("AdminPassword", "OrganizationPassword", "OrgUnitPassword", "ServerPassword")
FIRST = "isFirstServer"
HIDDEN = "********"


def _shape(regex: str) -> Callable[[str], bool]:
    return lambda value: re.fullmatch(regex, value) is not None


_NAME = _shape(r'[^@"/\\=+]{1,255}')
_ANY = _shape(r".+")
KEYS: Mapping[str, Callable[[str], bool]] = {
    "AdminFirstName": _NAME, "AdminMiddleName": _NAME, "AdminLastName": _NAME, "AdminIDFile": _ANY,
    "CountryCode": _shape("[A-Z]{2}"), "DominoDomainName": _shape("[A-Za-z0-9_.-]{1,31}"),
    "HostName": _shape("[A-Za-z0-9.-]{1,255}"), "OrgUnitIDFile": _ANY, "OrgUnitName": _NAME,
    "OrganizationIDFile": _ANY, "OrganizationName": _shape(r'[^@"/\\=+]{3,64}'), "OtherDirectoryServerAddress": _ANY,
    "OtherDirectoryServerName": _ANY, "ServerIDFile": _ANY, "ServerName": _NAME, "SystemDatabasePath": _ANY,
    **dict.fromkeys(PASSWORDS, _shape(r".{5,}")),
}  # fmt: skip
"""What the editor changes, and what a value of it may be. Whether the server is the first of its domain it does not."""


class BadProfile(Exception):
    """The file is no profile."""


def pack(values: Mapping[str, str]) -> bytes:
    """The file with these answers."""
    return MARK + zlib.compress(json.dumps(dict(values)).encode())


def unpack(content: bytes) -> dict[str, str]:
    """The answers in a file. Raises `BadProfile`."""
    if not content.startswith(MARK):
        raise BadProfile("it was not recorded by the Domino Server Setup program")
    try:
        values: dict[str, str] = json.loads(zlib.decompress(content.removeprefix(MARK)))
    except (zlib.error, ValueError) as error:
        raise BadProfile("it is damaged") from error
    return values


def recorded() -> bytes:
    """A profile of a first server as somebody recorded it on another machine, with passwords that he made up."""
    names = {
        FIRST: "true", "ServerName": "recorded", "OrganizationName": "Recorded", "DominoDomainName": "RECORDED",
        "HostName": "recorded.example", "AdminFirstName": "Domino", "AdminLastName": "Administrator",
    }  # fmt: skip
    return pack(names | {name: secrets.token_urlsafe(12) for name in PASSWORDS[:2]})


def java(host: Host, arguments: Sequence[str]) -> int:
    """The product's JVM, which here runs nothing but the editor: one value in one call, or `-dump`."""
    words = list(arguments)
    if words[:1] != ["-cp"] or len(words) < 3 or words[2] != EDITOR:
        print(f"lab: only java -cp {JAR} {EDITOR} is played out")
        return 2
    if not words[1].endswith(JAR) or not host.path(words[1]).is_file():
        print(f'Exception in thread "main" java.lang.NoClassDefFoundError: {EDITOR.replace(".", "/")}')
        return 1
    return _edit(host, words[3:])


def _edit(host: Host, words: Sequence[str]) -> int:
    if len(words) != (2 if words[:1] == ["-dump"] else 3):
        print("Usage: DominoServerProfileEdit -<setting> <value> <profile>, or -dump <profile>")
        return 1
    file = host.path(words[-1])
    try:
        values = unpack(file.read_bytes())
    except (OSError, BadProfile) as error:
        print(f"The profile {words[-1]} cannot be read: {getattr(error, 'strerror', None) or error}")
        return 1
    if words[0] == "-dump":
        for key, value in sorted(values.items()):
            print(f"{key} = {HIDDEN if key in PASSWORDS else value}")
        return 0
    name = words[0].removeprefix("-")
    wrong = _refusal(name, words[1])
    if not wrong and host.fault("domino:profile"):
        wrong = f"The profile {words[-1]} could not be written."
    if not wrong:
        file.write_bytes(pack(values | {name: words[1]}))
    print(wrong, end="\n" if wrong else "")
    return 1 if wrong else 0


def _refusal(name: str, value: str) -> str:
    if name not in KEYS:
        return f"The setting {name} cannot be changed."
    return "" if KEYS[name](value) else f"The value of {name} is not valid."


def problem(values: Mapping[str, str]) -> str:
    """What the set-up of a first server lacks in a profile; empty when nothing."""
    if values.get(FIRST) != "true":
        return "lab: the set-up of an additional server is not played out; record a profile of a first server"
    needed = ("ServerName", "OrganizationName", "DominoDomainName", "HostName", "AdminLastName", *PASSWORDS[:2])
    missing = [name for name in needed if not KEYS[name](values.get(name, ""))]
    return f"the profile has no usable {', '.join(missing)}" if missing else ""
