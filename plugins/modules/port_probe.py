# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# The code of this module is the action plugin of the same name.

from __future__ import annotations

DOCUMENTATION = r"""
module: port_probe
short_description: Try TCP connections from a host
version_added: 0.5.0
description:
  - Connects from the host to names or addresses and ports, all at the same time, and closes what was taken again.
    Nothing is sent on it.
  - What comes of a connection is no failure; judge what is returned.
options:
  connects:
    description: What to connect to.
    type: list
    elements: dict
    required: true
    suboptions:
      host:
        description: A name that the host can resolve, or an IPv4 address.
        type: str
        required: true
      port:
        description: TCP port.
        type: int
        required: true
  timeout:
    description: Seconds for all of them together, from 1 to 60. A firewall that drops packets takes it all.
    type: int
    default: 5
  perl:
    description: The interpreter on AIX and Linux, Perl 5.8 or later.
    type: path
    default: /usr/bin/perl
extends_documentation_fragment:
  - sametime.gateway.target.probe
author:
  - The sametime.gateway authors (@sametime-gateway)
"""

EXAMPLES = r"""
- name: See whether the database and the directory can be reached
  sametime.gateway.port_probe:
    connects:
      - {host: db2srv1.rtp.example, port: 50000}
      - {host: ldapsrv1.rtp.example, port: 389}
  register: ports
"""

RETURN = r"""
results:
  description: What came of each connection, in the order of O(connects).
  returned: when not skipped
  type: list
  elements: dict
  contains:
    host:
      description: As it was given.
      type: str
    port:
      description: As it was given.
      type: int
    result:
      description:
        - V(open), something took the connection; V(refused), the host was reached and nobody listens, or a firewall
          refuses openly; V(timeout), no answer, as of a firewall that drops packets or a host that is down;
          V(unreachable), a router said so; V(unresolved), the name has no address there.
      type: str
    ms:
      description:
        - Milliseconds until it was decided. PowerShell looks at one after the other, so there it is an upper bound.
      type: int
    reason:
      description: What the operating system says, in its language; empty of an open one.
      type: str
  sample:
    - {host: db2srv1.rtp.example, port: 50000, result: open, ms: 2, reason: ""}
"""
