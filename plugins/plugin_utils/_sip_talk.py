# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""What a probe says: the exchanges that the programs `sip_probe` carry out, for each method.

Each is one line, `when hop await for_ms until_ms text`, as `programs/sip_probe.pl` describes it.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

CLEAN_UP_SHARE = 0.25
"""Part of the time that is kept for ending what was begun."""

LAST_NOTIFY_MS = 1000

REPLIES = (
    "NOTIFY 200 OK",
    "MESSAGE 200 OK",
    "BYE 200 OK",
    "CANCEL 200 OK",
    "OPTIONS 200 OK",
    "INVITE 486 Busy Here",
    "SUBSCRIBE 489 Bad Event",
)


def token(name: str) -> str:
    """What a program replaces by something that only it knows; no text of a user holds the mark."""
    return f"\x01{name}\x01"


@dataclass(frozen=True)
class _Place:
    """Where a request belongs: whom it is for, which transaction, and `Route` lines before the other headers."""

    uri: str
    to: str
    branch: str
    routes: str = ""


@dataclass(frozen=True)
class Talk:
    """One conversation. `nonce` makes its Call-ID, tag and branches; `work_ms` is the time without `stay_ms`."""

    options: Mapping[str, Any]
    nonce: str
    work_ms: int
    stay_ms: int

    def exchanges(self) -> list[str]:
        """The lines for the program."""
        return {
            "OPTIONS": self._single,
            "MESSAGE": self._single,
            "SUBSCRIBE": self._subscription,
            "INVITE": self._session,
        }[self.options["method"]]()

    # -- conversations -------------------------------------------------------------------------------------------------
    def _single(self) -> list[str]:
        method = self.options["method"]
        body = self.options["text"] if method == "MESSAGE" else ""
        lines = [self._line("always", "first", f"answer:{method}", self._first(method, body=body))]
        return lines + self._stay("always")

    def _subscription(self) -> list[str]:
        extra = ["Event: presence", "Accept: application/pidf+xml"]
        opening = self._first("SUBSCRIBE", [*extra, f"Expires: {self.options['expires']}"])
        ending = self._inside("SUBSCRIBE", 2, [*extra, "Expires: 0"])
        return [
            self._line("always", "first", "answer:SUBSCRIBE", opening),
            self._line("accepted", "first", "request:NOTIFY", None),
            *self._stay("accepted"),
            self._line("accepted", "dialog", "answer:SUBSCRIBE", ending, last=True),
            self._line("accepted", "first", "request:NOTIFY", None, for_ms=LAST_NOTIFY_MS, last=True),
        ]

    def _session(self) -> list[str]:
        sdp = "\r\n".join([
            "v=0",
            f"o=- 0 0 IN IP4 {token('host')}",
            "s=session",
            f"c=IN IP4 {token('host')}",
            "t=0 0",
            f"m=message {token('port')} sip null",
            "a=accept-types:text/plain application/im-iscomposing+xml",
            "",
        ])  # fmt: skip
        return [
            self._line("always", "first", "answer:INVITE", self._first("INVITE", body=sdp)),
            self._line("pending", "first", "answer:INVITE", self._same("CANCEL"), last=True),
            self._line("refused", "first", "-", self._same("ACK"), last=True),
            self._line("accepted", "dialog", "-", self._inside("ACK", 1)),
            self._line("accepted", "dialog", "answer:MESSAGE", self._inside("MESSAGE", 2, body=self.options["text"])),
            *self._stay("accepted"),
            self._line("accepted", "dialog", "answer:BYE", self._inside("BYE", 3), last=True),
        ]

    def _stay(self, when: str) -> list[str]:
        return [self._line(when, "first", "request:-", None, for_ms=self.stay_ms, last=True)] if self.stay_ms else []

    def _line(
        self, when: str, hop: str, wait: str, text: str | None, *, for_ms: int | None = None, last: bool = False
    ) -> str:
        whole = self.work_ms + self.stay_ms
        until = whole if last else round(self.work_ms * (1 - CLEAN_UP_SHARE))
        coded = base64.b64encode(text.encode()).decode() if text is not None else "-"
        return f"{when} {hop} {wait} {whole if for_ms is None else for_ms} {until} {coded}"

    # -- messages ------------------------------------------------------------------------------------------------------
    @property
    def sender(self) -> str:
        return f"sip:{self.options['sender'] or 'sip_probe@' + token('host')}"

    @property
    def recipient(self) -> str:
        if self.options["recipient"]:
            return f"sip:{self.options['recipient']}"
        return f"sip:{self.options['host']}:{self.options['port']};transport={self.options['transport']}"

    def _first(self, method: str, extra: Sequence[str] = (), *, body: str = "") -> str:
        place = _Place(self.recipient, f"<{self.recipient}>", "first")
        return self._message(method, place, 1, extra, body)

    def _same(self, method: str) -> str:
        """CANCEL, or ACK of an answer that refuses: of the transaction that began the talk (RFC 3261 9.1, 17.1.1.3)."""
        to = f"<{self.recipient}>" if method == "CANCEL" else token("to")
        return self._message(method, _Place(self.recipient, to, "first"), 1, (), "")

    def _inside(self, method: str, number: int, extra: Sequence[str] = (), *, body: str = "") -> str:
        place = _Place(token("target"), token("to"), f"{method.lower()}{number}", token("routes"))
        return self._message(method, place, number, extra, body)

    def _message(self, method: str, place: _Place, number: int, extra: Sequence[str], body: str) -> str:
        own = f"{token('host')}:{token('port')}"
        user = self.sender.removeprefix("sip:").partition("@")[0]
        lines = [
            f"{method} {place.uri} SIP/2.0",
            f"Via: SIP/2.0/{token('protocol')} {own};branch=z9hG4bK{self.nonce}{place.branch}",
            f"{place.routes}Max-Forwards: {self.options['max_forwards']}",
            f"From: <{self.sender}>;tag={self.nonce}",
            f"To: {place.to}",
            f"Call-ID: {self.nonce}@{token('host')}",
            f"CSeq: {number} {method}",
        ]
        # RFC 3428 4 forbids a Contact in MESSAGE.
        if method in ("INVITE", "OPTIONS", "SUBSCRIBE"):
            lines.append(f"Contact: <sip:{user}@{own};transport={self.options['transport']}>")
        if body:
            lines.append(f"Content-Type: {'application/sdp' if method == 'INVITE' else 'text/plain;charset=UTF-8'}")
        return "\r\n".join([*lines, *extra, f"Content-Length: {token('length')}", "", body])
