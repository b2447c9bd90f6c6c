"""Who a WinRM client is: HTTP Basic, or NTLM with protected messages."""

from __future__ import annotations

import base64
import binascii
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import spnego
from spnego.exceptions import SpnegoError

SCHEMES = ("Negotiate", 'Basic realm="WSMAN"')
PROTECTED = 'multipart/encrypted;protocol="application/HTTP-SPNEGO-session-encrypted";boundary="Encrypted Boundary"'
_PART = b"\tContent-Type: application/octet-stream\r\n"
_END = b"--Encrypted Boundary--"


@dataclass(frozen=True)
class Passwords:
    """How to check a password (Basic), and a file of `domain:user:password` lines for NTLM that lies in memory only."""

    check: Callable[[str, str], bool]
    known_to_ntlm: str


def provide_to_ntlm(users: Mapping[str, str], domain: str) -> str:
    """Hand pyspnego the passwords by the file it wants, without a file: the path of a descriptor that stays open."""
    lines = "".join(f"{where}:{name}:{password}\n" for name, password in users.items() for where in ("", ".", domain))
    descriptor = os.memfd_create("ntlm")
    os.write(descriptor, lines.encode())
    path = f"/proc/{os.getpid()}/fd/{descriptor}"
    os.environ["NTLM_USER_FILE"] = path
    return path


@dataclass
class Reply:
    """What to tell the client: let it in (`user`), or ask for (more of) its credentials by these challenges."""

    user: str | None = None
    challenges: tuple[str, ...] = ()


@dataclass
class Connection:
    """The state of one HTTP connection: NTLM authenticates the connection, not the request."""

    passwords: Passwords
    context: Any = None
    user: str | None = None
    protected: bool = field(default=False)

    def authenticate(self, header: str) -> Reply:
        """Judge an Authorization header, which may be missing on a connection that is authenticated."""
        kind, _, token = header.partition(" ")
        try:
            data = base64.b64decode(token, validate=True)
        except binascii.Error:
            return Reply(challenges=SCHEMES)
        if kind.casefold() == "basic":
            return self._basic(data)
        if kind.casefold() in ("negotiate", "ntlm"):
            return self._negotiate(kind, data)
        return Reply(user=self.user) if self.user is not None else Reply(challenges=SCHEMES)

    def _basic(self, data: bytes) -> Reply:
        name, _, password = data.decode("utf-8", "replace").partition(":")
        if self.passwords.check(name, password):
            return Reply(user=_bare(name))
        return Reply(challenges=SCHEMES)

    def _negotiate(self, kind: str, data: bytes) -> Reply:
        if self.context is None or self.context.complete:
            self.context = spnego.server(protocol="ntlm", options=spnego.NegotiateOptions.wrapping_winrm)
            self.user = None
        try:
            token = self.context.step(data)
        except SpnegoError:
            self.context = None
            return Reply(challenges=SCHEMES)
        if not self.context.complete:
            return Reply(challenges=(f"{kind} {base64.b64encode(token or b'').decode()}",))
        self.user = _bare(str(self.context.client_principal))
        return Reply(user=self.user)

    def unprotect(self, content_type: str, body: bytes) -> bytes:
        """The request in a body, deciphered where it is protected. Raises ValueError for what is neither."""
        if not content_type.startswith("multipart/encrypted"):
            self.protected = False
            if self.context is not None and body:
                raise ValueError("unprotected message on a connection authenticated by NTLM")
            return body
        if self.context is None or not self.context.complete:
            raise ValueError("protected message on an unauthenticated connection")
        self.protected = True
        sealed = body.split(_PART, 1)[1].rsplit(_END, 1)[0]
        length = int.from_bytes(sealed[:4], "little")
        opened: bytes = self.context.unwrap_winrm(sealed[4 : 4 + length], sealed[4 + length :])
        return opened

    def protect(self, body: bytes) -> bytes:
        """A body as `PROTECTED` says."""
        header, sealed, _ = self.context.wrap_winrm(body)
        return b"".join(
            (
                b"--Encrypted Boundary\r\n\tContent-Type: application/HTTP-SPNEGO-session-encrypted\r\n",
                b"\tOriginalContent: type=application/soap+xml;charset=UTF-8;Length=%d\r\n" % len(body),
                b"--Encrypted Boundary\r\n" + _PART,
                len(header).to_bytes(4, "little") + header + sealed,
                _END + b"\r\n",
            )
        )


def _bare(name: str) -> str:
    return re.split(r"[\\]", name.partition("@")[0])[-1]
