# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# The code of this module is the action plugin of the same name.

from __future__ import annotations

DOCUMENTATION = r"""
module: tls_probe
short_description: Shake hands over TLS from a host and judge the certificate
version_added: 0.5.0
description:
  - Connects from the host, ends the handshake, sends nothing, and fails when the certificate is not that of O(name), or
    nobody of O(authorities) vouches for it. The certificate is judged on the controller.
  - On AIX and Linux C(openssl) shakes hands, on Windows .NET, which tells the certificate of the other side only; those
    between it and its root have to be among O(authorities) there.
options:
  host:
    description: A name that the host can resolve, or an IPv4 address.
    type: str
    required: true
  port:
    description: TCP port.
    type: int
    required: true
  name:
    description: Whom the certificate has to name, as partners compare it; nothing for anybody.
    type: str
    default: ""
  authorities:
    description: >-
      Certificates as PEM, one of which has to be that of the other side or of who signed it, over any number of steps;
      nothing for anybody.
    type: str
    default: ""
  timeout:
    description: Seconds, from 1 to 60.
    type: int
    default: 10
  perl:
    description: The interpreter on AIX and Linux, Perl 5.8 or later.
    type: path
    default: /usr/bin/perl
  openssl:
    description: The program on AIX and Linux.
    type: path
    default: /usr/bin/openssl
extends_documentation_fragment:
  - sametime.gateway.target.probe
author:
  - The sametime.gateway authors (@sametime-gateway)
"""

EXAMPLES = r"""
- name: See that the SIP proxy shows the certificate that partners expect
  sametime.gateway.tls_probe:
    host: sipproxy1.rtp.example
    port: 5061
    name: rtp_nat.ibm.com
    authorities: "{{ lookup('ansible.builtin.file', 'root.pem') }}"
"""

RETURN = r"""
subject:
  description: Whom the certificate of the other side is for.
  returned: when there was a handshake
  type: str
  sample: CN=rtp_nat.ibm.com,O=IBM,C=US
issuer:
  description: Who signed it.
  returned: when there was a handshake
  type: str
  sample: CN=Authority,O=Example
alternative_names:
  description: Its alternative names.
  returned: when there was a handshake
  type: list
  elements: str
  sample: [rtp_nat.ibm.com]
not_after:
  description: Until when it is valid, in UTC.
  returned: when there was a handshake
  type: str
  sample: '2036-11-23T09:00:05Z'
days_left:
  description: Whole days until then.
  returned: when there was a handshake
  type: int
  sample: 3649
fingerprint:
  description: Its SHA-1 fingerprint.
  returned: when there was a handshake
  type: str
  sample: FF:DF:4C:08:52:73:BE:CE:3D:1D:5D:DA:B7:DD:6F:36:E7:83:F6:E7
"""
