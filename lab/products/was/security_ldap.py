"""A directory as the security of WAS asks it: real searches and binds, by OpenLDAP's `ldapsearch`."""

from __future__ import annotations

import base64
import os
import re
import socket
import ssl
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_WITHIN_S = 10
# Exit codes of the program that are no codes of LDAP; source: ldap(3), LDAP_SERVER_DOWN and LDAP_TIMEOUT.
_UNREACHABLE = (-1 & 0xFF, -5 & 0xFF)
_EXCEPTIONS = {
    32: ("NameNotFoundException", "No Such Object"),
    48: ("AuthenticationNotSupportedException", "Inappropriate Authentication"),
    49: ("AuthenticationException", "Invalid Credentials"),
}


class DirectoryError(Exception):
    """A directory refuses or does not answer; the text is what JNDI says of it."""


@dataclass(frozen=True)
class Directory:
    """One server: its address, whether it is spoken to by TLS, and who binds (empty: nobody)."""

    host: str
    address: str
    port: int
    tls: bool
    bind_dn: str
    bind_password: str
    signers: str = ""
    """Certificates in PEM that TLS trusts."""

    def find(self, base: str, query: str) -> list[str]:
        """The names of the entries below `base` that fit. Raises `DirectoryError`."""
        return list(_names(self._search(self.bind_dn, self.bind_password, base, "sub", query)))

    def accepts(self, name: str, password: str) -> bool:
        """Whether somebody binds with that password; without one nobody does. Raises `DirectoryError`."""
        if not password:
            return False
        try:
            self._search(name, password, "", "base", "(objectClass=*)")
        except DirectoryError as error:
            if "error code 49" in str(error):
                return False
            raise
        return True

    def connect(self) -> None:
        """Bind. Raises `DirectoryError`."""
        self._search(self.bind_dn, self.bind_password, "", "base", "(objectClass=*)")

    def _search(self, name: str, password: str, base: str, scope: str, query: str) -> str:
        if self.tls:
            self._require_trust()
        words = [
            str(_program()), "-LLL", "-x", "-o", "ldif-wrap=no", "-o", f"nettimeout={_WITHIN_S}", "-l", str(_WITHIN_S),
            "-H", f"{self._scheme}://{self.address}:{self.port}", "-b", base, "-s", scope,
        ]  # fmt: skip
        secrets: list[int] = []
        if name:
            secrets.append(_memory_file(password))
            words += ["-D", name, "-y", f"/proc/self/fd/{secrets[0]}"]
        try:
            done = subprocess.run(
                [*words, query, "1.1"], capture_output=True, text=True, pass_fds=secrets, check=False,
                env={"LDAPTLS_REQCERT": "never"}, timeout=4 * _WITHIN_S,
            )  # fmt: skip
        finally:
            for secret in secrets:
                os.close(secret)
        if done.returncode in _UNREACHABLE:
            raise self._not_reached()
        if done.returncode in _EXCEPTIONS:
            exception, words_of = _EXCEPTIONS[done.returncode]
            raise DirectoryError(f"javax.naming.{exception}: [LDAP: error code {done.returncode} - {words_of}]")
        if done.returncode != 0:
            raise DirectoryError(f"javax.naming.NamingException: [LDAP: error code {done.returncode}]")
        return done.stdout

    @property
    def _scheme(self) -> str:
        return "ldaps" if self.tls else "ldap"

    def _not_reached(self) -> DirectoryError:
        return DirectoryError(f"javax.naming.CommunicationException: {self._scheme}://{self.host}:{self.port}")

    def _require_trust(self) -> None:
        """The signers of the trust store count, and no name: Java of then compares none."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        try:
            if self.signers:
                context.load_verify_locations(cadata=self.signers)
            with (
                socket.create_connection((self.address, self.port), _WITHIN_S) as plain,
                context.wrap_socket(plain),
            ):
                pass
        except ssl.SSLError as error:
            raise DirectoryError(
                f"javax.naming.CommunicationException: {self._scheme}://{self.host}:{self.port} "
                f"[Root exception is javax.net.ssl.SSLHandshakeException: {error.reason}]"
            ) from None
        except OSError:
            raise self._not_reached() from None


def escaped(value: str) -> str:
    """A value as a filter holds it (RFC 4515)."""
    return re.sub(r"[\\*()\0]", lambda found: f"\\{ord(found[0]):02x}", value)


def _names(text: str) -> Iterator[str]:
    for line in text.splitlines():
        if line.startswith("dn:: "):
            yield base64.b64decode(line[5:]).decode()
        elif line.startswith("dn: "):
            yield line[4:]


def _program() -> Path:
    confined = Path("/.lab/usr/bin/ldapsearch")
    return confined if confined.is_file() else Path("/usr/bin/ldapsearch")


def _memory_file(text: str) -> int:
    descriptor = os.memfd_create("ldap")
    os.write(descriptor, text.encode())
    return descriptor
