# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# The code of this module is the action plugin of the same name.

from __future__ import annotations

DOCUMENTATION = r"""
module: sip_probe
short_description: Talk SIP from a host and judge what came of it
version_added: 0.4.0
description:
  - Sends a request from the host, answers what comes back, ends what it began, and returns every message with times and
    addresses. It is a SIP user agent of its own and needs no product on the host.
  - A subscription waits for its first NOTIFY. A session sends O(text) and says goodbye.
  - Requests follow the route and the contact that the other side names, over a connection that the probe opened to just
    that address and port, as a gateway does. So a wrong address in a header shows.
  - Without O(expect) nothing that the other side does is a failure; judge what is returned.
options:
  host:
    description: Whom to talk to, as a name that the probing host can resolve or as an IPv4 address.
    type: str
    required: true
  port:
    description: Port of O(host). V(0) is 5060, or 5061 with TLS.
    type: int
    default: 0
  transport:
    description:
      - How to talk.
      - Nobody can open a TLS connection to the probe, which has no certificate. Requests come back over TLS only on the
        connection that the probe has opened.
      - The certificate of O(host) is not judged, but for its name where that is expected. On AIX and Linux it is looked
        at in a connection of its own before the talk.
    type: str
    choices: [udp, tcp, tls]
    default: tcp
  method:
    description: What to begin with.
    type: str
    choices: [OPTIONS, SUBSCRIBE, MESSAGE, INVITE]
    default: OPTIONS
  sender:
    description: Who asks, as V(user@domain). Empty for a user V(sip_probe) at the probe's own address.
    type: str
    default: ""
  recipient:
    description:
      - Who is asked, as V(user@domain). Every method but V(OPTIONS) needs it.
      - An V(OPTIONS) without it is for the machine itself.
    type: str
    default: ""
  text:
    description: What a MESSAGE says, alone or in a session.
    type: str
    default: sip_probe
  expires:
    description: Seconds that a subscription is asked for. The probe ends it before.
    type: int
    default: 60
  stay:
    description: Seconds to stay and answer after all was said, before the session or subscription is ended.
    type: int
    default: 0
  timeout:
    description: Seconds for everything, from 1 to 120. O(stay) is a part of it, and a quarter of the rest is kept for
      ending what was begun.
    type: int
    default: 10
  listen_address:
    description: Own address. Empty for the one that leads to O(host).
    type: str
    default: ""
  listen_port:
    description: Own port. V(0) is a free one. With a firewall on the host give one that it lets in.
    type: int
    default: 0
  advertise:
    description: Name or address, and port behind a colon, to write into Via, Contact, Call-ID and SDP instead of the
      probe's own.
    type: str
    default: ""
  max_forwards:
    description: How many proxies may pass the request on.
    type: int
    default: 70
  inside:
    description: Addresses, networks and host names that must not show to an outsider. What of them shows is returned.
    type: list
    elements: str
    default: []
  expect:
    description: What has to come of it. Everything that does not is told, and the module fails.
    type: dict
    suboptions:
      status:
        description: The first request is answered by one of these. Empty for whatever it is, an answer or none.
        type: list
        elements: int
        default: []
      notify:
        description: Whether a NOTIFY comes.
        type: bool
      subscription_state:
        description: The state in the last NOTIFY is one of these.
        type: list
        elements: str
        default: []
      basic:
        description: The basic status of the presence in the last NOTIFY is one of these, V(open) or V(closed).
        type: list
        elements: str
        default: []
      no_inside:
        description: Nothing of O(inside) shows.
        type: bool
        default: false
      max_rtt_ms:
        description: The first request is answered within so many milliseconds.
        type: int
      hosts:
        description: For names of headers, or V(SDP), V(Request-URI), V(body), V(peer), the hosts that may be seen
          there. At least one has to be.
        type: dict
        default: {}
      certificate_name:
        description: The certificate of O(host) is for this name.
        type: str
  perl:
    description: The interpreter on AIX and Linux, Perl 5.8 or later.
    type: path
    default: /usr/bin/perl
  openssl:
    description: The program that speaks TLS on AIX and Linux.
    type: path
    default: /usr/bin/openssl
extends_documentation_fragment:
  - sametime.gateway.target.probe
author:
  - The sametime.gateway authors (@sametime-gateway)
"""

EXAMPLES = r"""
- name: Is the SIP proxy there, seen from the partner
  sametime.gateway.sip_probe:
    host: rtp_nat.ibm.com
    port: 5062
    expect:
      status: [200]

- name: Presence of a user, seen from the partner, with nothing of the inside in it
  sametime.gateway.sip_probe:
    host: rtp_nat.ibm.com
    port: 5062
    method: SUBSCRIBE
    sender: bob@partner.example
    recipient: alice@rtp.example
    inside:
      - 9.42.111.0/24
      - sipproxy1
    expect:
      status: [200]
      notify: true
      subscription_state: [active]
      no_inside: true
      hosts:
        Contact: [rtp_nat.ibm.com]
        Record-Route: [rtp_nat.ibm.com, rtp_natpool1.ibm.com]

- name: A conversation that waits five seconds for an answer
  sametime.gateway.sip_probe:
    host: rtp_nat.ibm.com
    port: 5062
    method: INVITE
    sender: bob@partner.example
    recipient: alice@rtp.example
    text: Are you there?
    stay: 5
    timeout: 20
  register: talk
"""

RETURN = r"""
status:
  description: Status of the final answer to the first request, 0 when there was none.
  returned: when something was sent
  type: int
  sample: 200
reason:
  description: Words of that answer, or why there is none.
  returned: when something was sent
  type: str
  sample: OK
rtt_ms:
  description: Milliseconds from the first request to its final answer, 0 when there was none. With TLS on AIX and
    Linux it has the handshake in it.
  returned: when something was sent
  type: float
  sample: 4.2
steps:
  description: Every request of the probe but ACK, in order.
  returned: when something was sent
  type: list
  elements: dict
  contains:
    method:
      description: What was asked.
      type: str
    status:
      description: Status of the final answer, 0 when there was none.
      type: int
    reason:
      description: Words of the answer, or why there is none.
      type: str
    rtt_ms:
      description: Milliseconds until the final answer.
      type: float
  sample:
    - method: SUBSCRIBE
      status: 200
      reason: OK
      rtt_ms: 4.2
requests:
  description: Requests that came to the probe, repeated ones once.
  returned: when something was sent
  type: list
  elements: dict
  contains:
    method:
      description: What was asked.
      type: str
    peer:
      description: Address and port that it came from.
      type: str
    new_connection:
      description: Whether the other side opened a connection for it.
      type: bool
    body:
      description: Its content.
      type: str
  sample:
    - method: NOTIFY
      peer: 192.0.2.45:41022
      new_connection: true
      body: ""
notify:
  description: The last NOTIFY before the probe ended its subscription, with empty texts when none came.
  returned: when something was sent
  type: dict
  contains:
    subscription_state:
      description: V(active), V(pending) or V(terminated).
      type: str
    basic:
      description: Basic status in the presence document, V(open) or V(closed).
      type: str
    content_type:
      description: Type of the content.
      type: str
    body:
      description: The content.
      type: str
  sample:
    subscription_state: active
    basic: open
    content_type: application/pidf+xml
    body: ""
texts:
  description: Texts of MESSAGE requests that came.
  returned: when something was sent
  type: list
  elements: str
  sample: []
messages:
  description: Every message in order. One that was sent again over UDP is there again.
  returned: when something was sent
  type: list
  elements: dict
  contains:
    direction:
      description: V(sent) or V(received).
      type: str
    at_ms:
      description: Milliseconds since the beginning.
      type: float
    transport:
      description: V(udp), V(tcp) or V(tls).
      type: str
    local:
      description: Own address and port, V(-) with TLS on AIX and Linux.
      type: str
    peer:
      description: Address and port of the other side.
      type: str
    connection:
      description: Number of the connection, 0 for UDP.
      type: int
    start_line:
      description: First line.
      type: str
    headers:
      description: Pairs of name and value. Short names are written out.
      type: list
      elements: list
    body:
      description: The content.
      type: str
  sample: []
addresses:
  description: Hosts that the received messages name, by header, V(SDP), V(Request-URI) and V(body). V(peer) are the
    addresses they came from. What the probe wrote of itself is not among them.
  returned: when something was sent
  type: dict
  sample:
    Contact: [rtp_nat.ibm.com]
    peer: ["192.0.2.45"]
certificate_names:
  description: Whom the certificate of the other side is for, its common name first. Empty without TLS.
  returned: when something was sent
  type: list
  elements: str
  sample: []
inside_seen:
  description: What of O(inside) showed.
  returned: when something was sent
  type: list
  elements: dict
  contains:
    where:
      description: Key of RV(addresses).
      type: str
    value:
      description: The address or name.
      type: str
    message:
      description: Place in RV(messages), from 0.
      type: int
  sample: []
problems:
  description: Where it was not as expected.
  returned: when something was sent
  type: list
  elements: str
  sample: []
"""
