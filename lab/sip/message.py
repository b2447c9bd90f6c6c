"""Octets to messages and back."""

from __future__ import annotations

import re

from sipmessage import Message, Request, Response

from lab.sip.host_names import allow_underscores

_FOLD = re.compile(rb"\r\n[ \t]+")
_BLANK_BEFORE_COLON = re.compile(rb"(\r\n[A-Za-z0-9.!%*_+`'~-]+)[ \t]+:")
_CONTENT_LENGTH = re.compile(rb"\r\n(?:content-length|l)[ \t]*:[ \t]*(\d{1,9})[ \t]*(?=\r\n|\Z)", re.I)
_EVERY_MESSAGE = ("Via", "From", "To", "Call-ID", "CSeq")
# A comma that is neither in quotes nor in angle brackets.
_PIECES = re.compile(r'(?:"(?:[^"\\]|\\.)*"|<[^>]*>|[^,"<])+')
_CSEQ = re.compile(r"\d{1,10}\s+(\S+)\Z")
_LISTS = ("Via", "Route", "Record-Route")

SipMessage = Request | Response

allow_underscores()


def parse(data: bytes) -> SipMessage:
    """A whole message. `Via`, `Route` and `Record-Route` have one value an entry. Raises ValueError with the reason.

    The message has all that RFC 3261 8.1.1 demands but Max-Forwards; of the fields only CSeq is looked into.
    """
    head, blank, body = data.partition(b"\r\n\r\n")
    if not blank:
        raise ValueError("no empty line after the header")
    if b"\r\n " in head or b"\r\n\t" in head:
        head = _FOLD.sub(b" ", head)
    head = _BLANK_BEFORE_COLON.sub(rb"\1:", head)
    try:
        message = Message.parse(head + blank + body)
    # TypeError: a parameter of the Request-URI that is called "self".
    except (ValueError, TypeError) as error:
        raise ValueError(str(error)) from None
    for name in _EVERY_MESSAGE:
        if message.headers.get(name) is None:
            raise ValueError(f"no {name}")
    cseq = _CSEQ.match(message.headers["CSeq"])
    if not cseq:
        raise ValueError("CSeq is not valid")
    if isinstance(message, Request) and cseq.group(1) != message.method:
        raise ValueError("the method of CSeq is another than the request's")
    for name in _LISTS:
        values = message.headers.getlist(name)
        if any("," in value for value in values):
            message.headers.setlist(name, [piece.strip() for value in values for piece in _PIECES.findall(value)])
    return message


def parse_datagram(data: bytes) -> SipMessage:
    """A message whose body may be followed by octets to ignore (RFC 3261 18.3). Raises ValueError."""
    length = content_length(data)
    if length is not None:
        end = data.find(b"\r\n\r\n") + 4
        if len(data) < end + length:
            raise ValueError("the body is shorter than Content-Length")
        data = data[: end + length]
    return parse(data)


def content_length(data: bytes) -> int | None:
    """What the header of a message says, None if it does not."""
    found = _CONTENT_LENGTH.search(data, 0, max(data.find(b"\r\n\r\n") + 2, 0))
    return int(found.group(1)) if found else None


def encode(message: SipMessage) -> bytes:
    """The octets, with the Content-Length of the body."""
    length = str(len(message.body))
    if message.headers.get("Content-Length") != length:
        message.headers.set("Content-Length", length)
    return bytes(message)
