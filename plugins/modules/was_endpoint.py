# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# The code of this module is the action plugin of the same name.

from __future__ import annotations

DOCUMENTATION = r"""
module: was_endpoint
short_description: Set ports of a WebSphere server, and aliases of a virtual host
version_added: 0.2.0
description:
  - Sets end points of a server, and adds aliases to a virtual host, so that what arrives at a port is let in.
options:
  node:
    description: Node of the server; required with O(end_points).
    type: str
  server:
    description: Name of the server; required with O(end_points).
    type: str
  end_points:
    description:
      - End points by name, such as C(SIP_DEFAULTHOST), each a mapping with C(port) and, where it changes, C(host). They
        must exist.
    type: dict
    default: {}
  virtual_host:
    description: A virtual host, and what it must answer to.
    type: dict
    suboptions:
      name:
        description: Name of the virtual host; it must exist.
        type: str
        default: default_host
      aliases:
        description: Aliases that are added when they are missing, such as V(*:5060).
        type: list
        elements: str
        required: true
extends_documentation_fragment:
  - sametime.gateway.target
  - sametime.gateway.was
seealso:
  - module: sametime.gateway.was_config
author:
  - The sametime.gateway authors (@sametime-gateway)
"""

EXAMPLES = r"""
- name: Keep SIP on its own ports and let it in
  sametime.gateway.was_endpoint:
    profile: /usr/IBM/WebSphere/STgateway/profiles/RTCGW_Profile
    user: wasadmin
    password: "{{ vault_was_admin_password }}"
    node: stgsn1Node
    server: RTCGWServer
    end_points:
      SIP_DEFAULTHOST:
        port: 5060
      SIP_DEFAULTHOST_SECURE:
        port: 5061
    virtual_host:
      aliases: ['*:5060', '*:5061']
"""

RETURN = r"""
operations:
  description: What was done, in order, as path, attribute, and value before and after.
  returned: success
  type: list
  elements: str
  sample: ['create /Cell:stgwCell/VirtualHost:default_host/aliases(hostname=*,port=5060)']
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
  sample: [stgsn1Node/RTCGWServer]
state:
  description: The attributes that were asked for as they are, or would be, by path. Secrets are masked.
  returned: success
  type: dict
  sample:
    /Cell:stgwCell/VirtualHost:default_host/aliases(hostname=*,port=5060): {hostname: '*', port: '5060'}
"""
