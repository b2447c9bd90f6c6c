# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# The code of this module is the action plugin of the same name.

from __future__ import annotations

DOCUMENTATION = r"""
module: was_sync
short_description: Bring the nodes of a cell to the configuration of its deployment manager
version_added: 0.2.0
description:
  - Synchronises the nodes of a cell whose copy of the configuration is not the deployment manager's. Runs on the host
    of the deployment manager. One launch of C(wsadmin) looks at all nodes and synchronises those that need it.
  - The launch is saved when the nodes tell by O(copies) that they have what they should. To learn what a node has, run
    this module with O(state=read) and the profile of the node on the node's host, and hand over RV(digest).
  - The digests cover the documents of the cell, of the node itself, and which servers the other nodes have. A
    difference that means nothing costs one launch and no harm.
  - The node agents of the nodes must run.
options:
  profile:
    description: Path of the deployment manager's profile; with O(state=read) also of a node's.
    type: str
    required: true
  state:
    description: V(read) changes nothing and returns the digests only.
    type: str
    choices: [synced, read]
    default: synced
  nodes:
    description: The nodes to synchronise. Default is every node that has a node agent.
    type: list
    elements: str
  copies:
    description: What nodes said of their copies, RV(digest) by name of the node. A node without one is looked at.
    type: dict
    default: {}
  user:
    description: Administrator. Needed when administrative security is on.
    type: str
  password:
    description: Password of O(user).
    type: str
  host:
    description: Host that the deployment manager listens on.
    type: str
    default: localhost
  port:
    description: Its SOAP port. Default is the one in its C(serverindex.xml).
    type: int
  timeout:
    description: Seconds that the launch may take.
    type: int
    default: 600
extends_documentation_fragment:
  - sametime.gateway.target
seealso:
  - module: sametime.gateway.was_node
author:
  - The sametime.gateway authors (@sametime-gateway)
"""

EXAMPLES = r"""
- name: Synchronise every node of the cell
  sametime.gateway.was_sync:
    profile: /usr/IBM/WebSphere/STgateway/profiles/RTCGW_Profile
    user: wasadmin
    password: "{{ vault_was_admin_password }}"

- name: Tell what a node has
  sametime.gateway.was_sync:
    profile: /usr/IBM/WebSphere/STgateway/profiles/RTCGW_Profile
    state: read
  register: copy

- name: Synchronise the nodes that need it
  sametime.gateway.was_sync:
    profile: /usr/IBM/WebSphere/STgateway/profiles/RTCGW_Profile
    user: wasadmin
    password: "{{ vault_was_admin_password }}"
    copies:
      stgpn1Node: "{{ hostvars['stgpn1'].copy.digest }}"
"""

RETURN = r"""
operations:
  description: What was done, in order.
  returned: success
  type: list
  elements: str
  sample: [synchronised pnNode]
state:
  description: Which nodes are in sync, or would be.
  returned: success
  type: dict
  sample: {pnNode: true}
sync:
  description: Which of the nodes were synchronised, and whether that worked.
  returned: success
  type: dict
  sample: {pnNode: true}
launches:
  description: How often C(wsadmin) was started.
  returned: success
  type: int
  sample: 1
digests:
  description: What each node of the cell must have, by name of the node. Empty unless O(copies) or O(state=read) asked.
  returned: on the deployment manager
  type: dict
  sample: {pnNode: 2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824}
digest:
  description: What the node of O(profile) has.
  returned: with O(copies) or O(state=read)
  type: str
  sample: 2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824
"""
