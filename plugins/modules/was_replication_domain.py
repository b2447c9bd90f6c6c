# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# The code of this module is the action plugin of the same name.

from __future__ import annotations

DOCUMENTATION = r"""
module: was_replication_domain
short_description: Let two WebSphere servers replicate their sessions
version_added: 0.2.0
description:
  - Brings a replication domain into a state, and sets the session managers of its servers to use it.
options:
  name:
    description: Name of the domain.
    type: str
    required: true
  state:
    description:
      - Whether the domain exists. With V(absent), the servers that are named keep their sessions to themselves again.
    type: str
    choices: [present, absent]
    default: present
  servers:
    description: The two servers that replicate to each other; required when O(state=present).
    type: list
    elements: dict
    suboptions:
      node:
        description: Node of the server.
        type: str
        required: true
      server:
        description: Name of the server.
        type: str
        required: true
  replicas:
    description: Number of copies of each session. V(-1) is one on every server of the domain.
    type: int
    default: 1
  request_timeout:
    description: Seconds that a server waits for an answer of another one.
    type: int
    default: 5
  encryption:
    description: How replicated data is encrypted.
    type: str
    choices: [NONE, DES, TRIPLE_DES]
    default: NONE
  ssl:
    description: Whether servers talk by SSL.
    type: bool
    default: false
extends_documentation_fragment:
  - sametime.gateway.target
  - sametime.gateway.was
seealso:
  - module: sametime.gateway.was_cluster
  - module: sametime.gateway.was_config
author:
  - The sametime.gateway authors (@sametime-gateway)
"""

EXAMPLES = r"""
- name: Let both gateways take over each other's sessions
  sametime.gateway.was_replication_domain:
    profile: /usr/IBM/WebSphere/STgateway/profiles/RTCGW_Profile
    user: wasadmin
    password: "{{ vault_was_admin_password }}"
    name: SametimeGatewayDomain
    servers:
      - node: stgpn1Node
        server: RTCGWServer
      - node: stgsn1Node
        server: RTCGWServer
"""

RETURN = r"""
operations:
  description: What was done, in order, as path, attribute, and value before and after.
  returned: success
  type: list
  elements: str
  sample: ['create /Cell:stgwCell/DataReplicationDomain:SametimeGatewayDomain/']
launches:
  description: How many times wsadmin was launched; V(0) when nothing differed.
  returned: success
  type: int
  sample: 1
save:
  description: Whether the configuration was saved.
  returned: success
  type: bool
  sample: true
sync:
  description: For each node whose node agent ran whether it was synchronised.
  returned: success
  type: dict
  sample: {stgpn1Node: true}
restart_required:
  description: Servers that have to be restarted for the changes to work, as C(node/server).
  returned: success
  type: list
  elements: str
  sample: [stgpn1Node/RTCGWServer, stgsn1Node/RTCGWServer]
state:
  description: The attributes that were asked for as they are, or would be, by path. Secrets are masked.
  returned: success
  type: dict
  sample: {'/Cell:stgwCell/DataReplicationDomain:SametimeGatewayDomain/': {name: SametimeGatewayDomain}}
"""
