# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# The code of this module is the action plugin of the same name.

from __future__ import annotations

DOCUMENTATION = r"""
module: was_jvm
short_description: Set the heap, the arguments and the system properties of a WebSphere server's JVM
version_added: 0.2.0
description:
  - Changes what is given, and leaves the rest of the server's JVM settings as it is.
options:
  node:
    description: Node of the server.
    type: str
    required: true
  server:
    description: Name of the server.
    type: str
    required: true
  initial_heap_mb:
    description: Initial size of the heap in megabytes.
    type: int
  maximum_heap_mb:
    description: Maximum size of the heap in megabytes.
    type: int
  verbose_gc:
    description: Whether garbage collection is logged.
    type: bool
  generic_arguments:
    description: All further arguments of the JVM.
    type: str
  system_properties:
    description: System properties by name. No value removes one.
    type: dict
    default: {}
extends_documentation_fragment:
  - sametime.gateway.target
  - sametime.gateway.was
seealso:
  - module: sametime.gateway.was_config
author:
  - The sametime.gateway authors (@sametime-gateway)
"""

EXAMPLES = r"""
- name: Give the gateway memory
  sametime.gateway.was_jvm:
    profile: /usr/IBM/WebSphere/STgateway/profiles/RTCGW_Profile
    user: wasadmin
    password: "{{ vault_was_admin_password }}"
    node: stgpn1Node
    server: RTCGWServer
    initial_heap_mb: 512
    maximum_heap_mb: 1024
    system_properties:
      java.net.preferIPv4Stack: "true"
"""

RETURN = r"""
operations:
  description: What was done, in order, as path, attribute, and value before and after.
  returned: success
  type: list
  elements: str
  sample:
    - >-
      modify /Cell:stgwCell/Node:stgpn1Node/Server:RTCGWServer/processDefinitions/jvmEntries: maximumHeapSize:
      256 -> 1024
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
  sample: {'/Cell:stgwCell/Node:stgpn1Node/Server:RTCGWServer/processDefinitions/jvmEntries': {maximumHeapSize: '1024'}}
"""
