# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# The code of this module is the action plugin of the same name.

from __future__ import annotations

DOCUMENTATION = r"""
module: was_node
short_description: Federate a node into the cell of a deployment manager, or take it out
version_added: 0.2.0
description:
  - Adds the node of a profile to a cell with C(addNode), or takes it out with C(removeNode). Runs on the node's host.
  - Whether it is federated, and to which deployment manager, is read from the profile's own documents without a JVM.
  - The command works detached from the connection, and its progress is shown. A task that is run again while it works
    waits for that one.
  - A federation that was interrupted is recognised. It is undone with C(removeNode -force) on the node and with
    C(cleanupNode) at the deployment manager, and done again.
  - Servers of the profile that run are stopped first, with O(local_user) when that is another one.
  - No command line shows a password. See M(sametime.gateway.was_server).
options:
  profile:
    description: Path of the node's profile.
    type: str
    required: true
  state:
    description: Whether the node belongs to the cell of O(dmgr_host).
    type: str
    choices: [federated, absent]
    default: federated
  dmgr_host:
    description:
      - Host name of the deployment manager, as its own configuration has it, fully qualified.
      - Needed unless O(state=absent).
    type: str
  dmgr_port:
    description: SOAP port of the deployment manager.
    type: int
    default: 8879
  user:
    description: Administrator of the cell. Needed when its administrative security is on.
    type: str
  password:
    description: Password of O(user).
    type: str
  local_user:
    description: Administrator of the profile before it is federated, to stop its servers. Default is O(user).
    type: str
  local_password:
    description: Password of O(local_user).
    type: str
  include_apps:
    description: Whether the applications of the profile come to the cell with it.
    type: bool
    default: false
  starting_port:
    description: First port of the node agent. Without it the product's own numbers are used.
    type: int
  node_agent:
    description: Whether the node agent is started once the node is federated.
    type: bool
    default: true
  timeout:
    description: Seconds that the federation may take.
    type: int
    default: 3600
extends_documentation_fragment:
  - sametime.gateway.target
seealso:
  - module: sametime.gateway.was_profile
  - module: sametime.gateway.was_server
author:
  - The sametime.gateway authors (@sametime-gateway)
"""

EXAMPLES = r"""
- name: Federate the primary node with its applications
  sametime.gateway.was_node:
    profile: /usr/IBM/WebSphere/STgateway/profiles/RTCGW_Profile
    dmgr_host: stgdm1.rtp.example
    user: wasadmin
    password: "{{ vault_was_admin_password }}"
    include_apps: true
"""

RETURN = r"""
operations:
  description: What was done, in order.
  returned: success
  type: list
  elements: str
  sample: [stopServer RTCGWServer, addNode rtp-dm.example.com 8879]
state:
  description:
    - The node as it is now, or would be. Empty when there is no such profile.
    - C(federation) is V(none), V(complete) or V(interrupted).
  returned: success
  type: dict
  sample:
    node: rtpNode
    federation: complete
    cell: rtpCell
    dmgr: rtp-dm.example.com:8879
log_excerpt:
  description: The last lines of what C(addNode) or C(removeNode) printed, without secrets.
  returned: when one of them ran
  type: str
"""
