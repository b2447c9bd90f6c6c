"""The LDAP directory that a server finds its people in, asked by this machine's own LDAP tools."""

from __future__ import annotations

import os
import re
import subprocess
import threading
import time
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lab.products.itds.directory import machine_files

if TYPE_CHECKING:
    from collections.abc import Iterator

_WITHIN_S = 5
_REMEMBERED_S = 60.0
"""How long somebody who was found stays known; the product's own cache lasts longer."""

_SPECIAL = {character: f"\\{ord(character):02x}" for character in "*()\\\0"}


@dataclass(frozen=True)
class Search:
    """How people are searched for. `filter` has `%s` where the name of a person is put; `mail` is the attribute that
    holds the address. Without a `bind_dn` the directory is asked anonymously."""

    host: str
    port: int
    bind_dn: str
    bind_password: str
    base: str
    filter: str
    mail: str


class Directory:
    """The people of a directory, by address. `resolve` gives the address of a host, `say` is told what goes wrong.
    Any thread may call."""

    def __init__(self, search: Search, *, resolve: Callable[[str], str | None], say: Callable[[str], None]) -> None:
        self._search, self._resolve, self._say = search, resolve, say
        self._found: dict[str, float] = {}
        self._asking = threading.Lock()

    def knows(self, person: str) -> bool:
        """Whether exactly one entry is found that has this address; not while the directory does not answer."""
        with self._asking:
            if time.monotonic() < self._found.get(person, 0.0):
                return True
            entries = self._ask(person)
            known = len(entries) == 1 and person.casefold() in entries[0]
            if known:
                self._found[person] = time.monotonic() + _REMEMBERED_S
            elif len(entries) > 1:
                self._say(f"{person} is not unique in the directory: {len(entries)} entries")
            return known

    def _ask(self, person: str) -> list[list[str]]:
        """The addresses of each entry that the filter finds."""
        address = self._resolve(self._search.host)
        if address is None:
            self._say(f"the host {self._search.host} of the directory is not known")
            return []
        wanted = self._search.filter.replace("%s", "".join(_SPECIAL.get(letter, letter) for letter in person))
        argv = [
            str(machine_files() / "bin/ldapsearch"), "-x", "-LLL", "-o", "ldif-wrap=no",
            "-o", f"nettimeout={_WITHIN_S}", "-H", f"ldap://{address}:{self._search.port}", "-b", self._search.base,
        ]  # fmt: skip
        with _secret(self._search.bind_password) as password:
            if self._search.bind_dn:
                argv += ["-D", self._search.bind_dn, "-y", f"/proc/self/fd/{password}"]
            done = subprocess.run(
                [*argv, wanted, self._search.mail],
                capture_output=True, text=True, errors="replace", pass_fds=[password], check=False,
            )  # fmt: skip
        if done.returncode:
            said = (done.stderr.strip().splitlines() or [f"exit code {done.returncode}"])[0]
            self._say(f"the directory at {self._search.host}, port {self._search.port}, cannot be searched: {said}")
            return []
        return [_addresses(entry, self._search.mail) for entry in done.stdout.split("\n\n") if entry.startswith("dn:")]


def _addresses(entry: str, attribute: str) -> list[str]:
    return [found.casefold() for found in re.findall(rf"(?mi)^{re.escape(attribute)}: (.+)$", entry)]


@contextmanager
def _secret(text: str) -> Iterator[int]:
    """A file of that text in memory: no argument shows it, and no disk keeps it."""
    descriptor = os.memfd_create("password")
    try:
        os.write(descriptor, text.encode())
        yield descriptor
    finally:
        os.close(descriptor)
