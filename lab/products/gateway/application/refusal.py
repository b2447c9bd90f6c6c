"""Why a request is not served."""

from __future__ import annotations

from lab.sip.responses import reason_of


class Refused(Exception):
    """`.status` is the SIP status that the asking side gets, `.reason` its phrase (the usual one unless another is
    given); the text says to an operator why."""

    def __init__(self, status: int, why: str, reason: str = "") -> None:
        super().__init__(why)
        self.status, self.reason = status, reason or reason_of(status)
