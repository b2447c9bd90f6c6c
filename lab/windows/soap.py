"""WS-Management messages: what a request says, how answers and faults look."""

from __future__ import annotations

import uuid
import xml.etree.ElementTree as ET
from collections.abc import Mapping
from dataclasses import dataclass
from xml.sax.saxutils import escape

SHELL = "http://schemas.microsoft.com/wbem/wsman/1/windows/shell"
SHELL_RESOURCE = SHELL + "/cmd"
NAMESPACES = {
    "s": "http://www.w3.org/2003/05/soap-envelope",
    "a": "http://schemas.xmlsoap.org/ws/2004/08/addressing",
    "w": "http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd",
    "rsp": SHELL,
}
_FAULT_ACTION = "http://schemas.dmtf.org/wbem/wsman/1/wsman/fault"
_FAULT_NAMESPACE = "http://schemas.microsoft.com/wbem/wsman/1/wsmanfault"


class Fault(Exception):
    """A refusal: the fault code of SOAP (`Sender` or `Receiver`), its subcode, and the code of WS-Management."""

    def __init__(self, code: str, subcode: str, number: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.subcode = subcode
        self.number = number


def timed_out() -> Fault:
    """Nothing to tell yet: the client is to ask again."""
    reason = "The WS-Management service cannot complete the operation within the time specified in OperationTimeout."
    return Fault("Receiver", "w:TimedOut", 2150858793, reason)


def no_such_shell() -> Fault:
    """The shell has been deleted, or never was."""
    reason = (
        "The request for the Windows Remote Shell with ShellId failed because the shell was not found on the server. "
        "Possible causes are: the specified ShellId is incorrect or the shell no longer exists on the server."
    )
    return Fault("Sender", "w:InvalidSelectors", 2150858843, reason)


def invalid(reason: str) -> Fault:
    """A request that cannot be served."""
    return Fault("Sender", "w:InvalidParameter", 2150858752, reason)


@dataclass(frozen=True)
class Request:
    """A request: its action's last word, its id, its selectors and options, its body, its timeout in seconds."""

    action: str
    verb: str
    message_id: str
    selectors: Mapping[str, str]
    options: Mapping[str, str]
    timeout: float
    body: ET.Element


def parse(data: bytes) -> Request:
    """Read a request. Raises `Fault`."""
    try:
        envelope = ET.fromstring(data)
    except ET.ParseError as error:
        raise invalid(f"The SOAP XML in the message does not match the XML schema: {error}") from None
    header, body = envelope.find("s:Header", NAMESPACES), envelope.find("s:Body", NAMESPACES)
    if header is None or body is None:
        raise invalid("The SOAP envelope lacks its header or its body.")
    if _text(header, "w:ResourceURI") != SHELL_RESOURCE:
        raise invalid(f"The resource URI {_text(header, 'w:ResourceURI')} is not known.")
    action = _text(header, "a:Action")
    return Request(
        action=action,
        verb=action.rpartition("/")[2],
        message_id=_text(header, "a:MessageID"),
        selectors={each.get("Name", ""): each.text or "" for each in header.iterfind(".//w:Selector", NAMESPACES)},
        options={each.get("Name", ""): each.text or "" for each in header.iterfind(".//w:Option", NAMESPACES)},
        timeout=_seconds(_text(header, "w:OperationTimeout") or "PT60S"),
        body=body,
    )


def _text(header: ET.Element, name: str) -> str:
    found = header.find(name, NAMESPACES)
    return (found.text or "") if found is not None else ""


def _seconds(duration: str) -> float:
    """A duration such as `PT20S`."""
    try:
        return float(duration.removeprefix("PT").removesuffix("S"))
    except ValueError:
        raise invalid(f"The operation timeout {duration} is not understood.") from None


def answer(request: Request, content: str) -> bytes:
    """The answer to a request."""
    header = (
        f"<a:Action>{escape(request.action)}Response</a:Action><a:MessageID>uuid:{new_id()}</a:MessageID>"
        f"<a:RelatesTo>{escape(request.message_id)}</a:RelatesTo>"
    )
    return _envelope(header, content)


def fault(error: Fault) -> bytes:
    """The answer to a request that was refused."""
    reason = escape(str(error))
    content = (
        f"<s:Fault><s:Code><s:Value>s:{error.code}</s:Value><s:Subcode><s:Value>{error.subcode}</s:Value></s:Subcode>"
        f'</s:Code><s:Reason><s:Text xml:lang="en-US">{reason}</s:Text></s:Reason><s:Detail>'
        f'<f:WSManFault xmlns:f="{_FAULT_NAMESPACE}" Code="{error.number}"><f:Message>{reason}</f:Message>'
        "</f:WSManFault></s:Detail></s:Fault>"
    )
    return _envelope(f"<a:Action>{_FAULT_ACTION}</a:Action>", content)


def _envelope(header: str, content: str) -> bytes:
    names = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in NAMESPACES.items())
    return (
        f'<?xml version="1.0"?><s:Envelope {names}><s:Header>{header}</s:Header><s:Body>{content}</s:Body></s:Envelope>'
    ).encode()


def new_id() -> str:
    """A fresh identifier in the usual form."""
    return str(uuid.uuid4()).upper()
