"""Answers to requests (RFC 3261 8.2.6)."""

from __future__ import annotations

from http.client import responses as _of_http

from sipmessage import Request, Response

from lab.sip import headers

# Where SIP and HTTP differ; the rest is the same text.
_REASONS = {
    100: "Trying",
    180: "Ringing",
    202: "Accepted",
    408: "Request Timeout",
    415: "Unsupported Media Type",
    420: "Bad Extension",
    423: "Interval Too Brief",
    480: "Temporarily Unavailable",
    481: "Call/Transaction Does Not Exist",
    482: "Loop Detected",
    483: "Too Many Hops",
    486: "Busy Here",
    487: "Request Terminated",
    488: "Not Acceptable Here",
    489: "Bad Event",
    491: "Request Pending",
    500: "Server Internal Error",
    505: "Version Not Supported",
    513: "Message Too Large",
    600: "Busy Everywhere",
    603: "Decline",
}


def reason_of(status: int) -> str:
    """The usual reason phrase."""
    return _REASONS.get(status) or _of_http.get(status, "Unknown")


def answer(request: Request, status: int, reason: str = "", to_tag: str | None = None) -> Response:
    """An answer with what every answer copies from its request; `to_tag` if the request has none."""
    response = Response(status, reason or reason_of(status))
    fields = response.headers
    fields.setlist("Via", list(request.headers.getlist("Via")))
    to = request.headers["To"]
    if to_tag and status > 100 and headers.tag(to) is None:
        to = f"{to};tag={to_tag}"
    fields.set("From", request.headers["From"])
    fields.set("To", to)
    fields.set("Call-ID", request.headers["Call-ID"])
    fields.set("CSeq", request.headers["CSeq"])
    return response
