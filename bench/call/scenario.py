"""What SIPp, as the partner's gateway, says in one session.

Every session is one of another user of the partner, for a gateway has one session at a time for each pair of people.
"""

from __future__ import annotations

STEPS = ("INVITE", "MESSAGE", "BYE")
"""The requests whose answers are timed."""

_SDP = """\
Content-Type: application/sdp
Content-Length: [len]

v=0
o=- 1 1 IN IP4 [local_ip]
s=session
c=IN IP4 [local_ip]
t=0 0
m=message [local_port] sip null
a=accept-types:text/plain
"""
_TEXT = """\
Content-Type: text/plain
Content-Length: [len]

session [call_number]
"""
_NOTHING = """\
Content-Length: 0

"""


def text(domain: str, recipient: str) -> str:
    """The scenario; `recipient` is somebody who is online. Option `-d` of SIPp says how long a session lasts."""
    outside = (f"sip:{recipient}", f"To: <sip:{recipient}>")
    # SIPp fills in what the answer to INVITE has told.
    inside = ("[next_url]", "[last_To:]\n[routes]")
    steps = [
        _send("INVITE 1", domain, outside, _SDP),
        '<recv response="100" optional="true"/>',
        '<recv response="200" rtd="INVITE" rrs="true"/>',
        _send("ACK 1", domain, inside, _NOTHING),
        _send("MESSAGE 2", domain, inside, _TEXT),
        '<recv response="200" rtd="MESSAGE"/>',
        "<pause/>",
        _send("BYE 3", domain, inside, _NOTHING),
        '<recv response="200" rtd="BYE"/>',
    ]
    head = ['<?xml version="1.0" encoding="ISO-8859-1"?>', '<scenario name="session">']
    return "\n".join([*head, *steps, "</scenario>\n"])


def _send(request: str, domain: str, to: tuple[str, str], rest: str) -> str:
    method, number = request.split()
    target, fields = to
    timed = f' start_rtd="{method}"' if method in STEPS else ""
    return f"""<send{timed}><![CDATA[
{method} {target} SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
Max-Forwards: 70
From: <sip:caller[call_number]@{domain}>;tag=[call_number]
{fields}
Call-ID: [call_id]
CSeq: {number} {method}
Contact: <sip:[local_ip]:[local_port];transport=[transport]>
{rest}]]></send>"""
