"""Why a request is not served."""

from __future__ import annotations


class Refused(Exception):
    """`.status` is the SIP status that the asking side gets, `.reason` its phrase; the text says to an operator why."""

    def __init__(self, status: int, reason: str, why: str) -> None:
        super().__init__(why)
        self.status, self.reason = status, reason
