"""User and password of a client of a server: from the command line, `soap.client.props`, or typed in."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

from lab.products.was.layout import Profile
from lab.products.was.wsadmin import java_properties
from lab.products.was.xor import decode

_FILE = ("properties", "soap.client.props")


@dataclass(frozen=True)
class Credentials:
    """Who a client says it is. Both empty: nobody. `asks` is whether the client then has the user type it in."""

    user: str = ""
    password: str = ""
    asks: bool = False


def load(file: Path) -> Credentials:
    """What a `soap.client.props` says; nobody when it is not there."""
    values = java_properties.parse(file.read_text("latin-1") if file.exists() else "")
    prefix = "com.ibm.SOAP."
    return Credentials(
        values.get(f"{prefix}loginUserid", ""),
        decode(values.get(f"{prefix}loginPassword", "")),
        asks=values.get(f"{prefix}securityEnabled", "").lower() == "true"
        and values.get(f"{prefix}loginSource", "prompt").lower() in ("prompt", "stdin"),
    )


def find(profile: Profile, user: str, password: str, *, prompt: bool = True) -> Credentials:
    """The credentials of a command of a profile: its options, else the profile's file, else, when that file wants
    it so, what is typed in on standard input."""
    if user:
        return Credentials(user, password)
    found = load(profile.file(*_FILE))
    if found.user or not found.asks or not prompt:
        return found
    return ask(profile.cell)


def ask(realm: str) -> Credentials:
    """Ask whoever runs the command; the end of standard input counts as empty answers."""
    answers = []
    for question in (f"Realm/Cell Name: {realm}", "Username: ", "Password: "):
        print(question, end="", flush=True)
        answers.append("" if question.startswith("Realm") else sys.stdin.readline().rstrip("\r\n"))
        if question.startswith("Realm"):
            print()
    print()
    return Credentials(answers[1], answers[2])
