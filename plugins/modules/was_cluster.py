# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# The code of this module is the action plugin of the same name.

from __future__ import annotations

DOCUMENTATION = r"""
module: was_cluster
short_description: Create a WebSphere cluster from a server, and its members
version_added: 0.2.0
description:
  - Brings a cluster into a state. Its first member is a server that exists already and is converted, the others are
    made after its example.
  - Members that are not named stay.
options:
  name:
    description: Name of the cluster.
    type: str
    required: true
  state:
    description: Whether the cluster exists. V(absent) deletes its members' servers too.
    type: str
    choices: [present, absent]
    default: present
  prefer_local:
    description: Whether requests between applications prefer the member on their own node.
    type: bool
    default: true
  first:
    description: The server that is converted to the first member. Without it a new cluster is empty.
    type: dict
    suboptions:
      node: &node
        description: Node of the member.
        type: str
        required: true
      server: &server
        description: Name of the member's server.
        type: str
        required: true
      weight: &weight
        description: Share of the work that the member gets.
        type: int
        default: 2
  members:
    description:
      - The other members. Servers of the same name on different nodes are in order.
      - The replication domain of a member that goes stays; M(sametime.gateway.was_replication_domain) changes it.
    type: list
    elements: dict
    default: []
    suboptions:
      node: *node
      server: *server
      weight: *weight
      state:
        description: Whether it is a member. V(absent) deletes its server too.
        type: str
        choices: [present, absent]
        default: present
  unique_ports:
    description: Let WebSphere choose ports for new members. Without it SIP stays on 5060 and 5061.
    type: bool
    default: false
  node_group:
    description: Node group of a new cluster.
    type: str
extends_documentation_fragment:
  - sametime.gateway.target
  - sametime.gateway.was
seealso:
  - module: sametime.gateway.was_replication_domain
  - module: sametime.gateway.was_config
author:
  - The sametime.gateway authors (@sametime-gateway)
"""

EXAMPLES = r"""
- name: Make the cluster from the primary node's server
  sametime.gateway.was_cluster:
    profile: /usr/IBM/WebSphere/STgateway/profiles/RTCGW_Profile
    user: wasadmin
    password: "{{ vault_was_admin_password }}"
    name: SametimeGatewayCluster
    first:
      node: stgpn1Node
      server: RTCGWServer
    members:
      - node: stgsn1Node
        server: RTCGWServer
"""

RETURN = r"""
operations:
  description: What was done, in order, as path, attribute, and value before and after.
  returned: success
  type: list
  elements: str
  sample:
    - >-
      createCluster SametimeGatewayCluster from stgpn1Node/RTCGWServer
    - >-
      createClusterMember stgsn1Node/RTCGWServer of SametimeGatewayCluster
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
  sample: [stgpn1Node/RTCGWServer]
state:
  description: The attributes that were asked for as they are, or would be, by path. Secrets are masked.
  returned: success
  type: dict
  sample: {'/Cell:stgwCell/ServerCluster:SametimeGatewayCluster/': {preferLocal: 'true'}}
"""
