# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# The code of this module is the action plugin of the same name.

from __future__ import annotations

DOCUMENTATION = r"""
module: was_cell_property
short_description: Set and remove custom properties of a WebSphere cell
version_added: 0.2.0
description:
  - Brings a custom property of the cell into a state, such as C(com.ibm.sametime.gateway.fqdn), the name that partners
    behind the network's address translation reach the gateway by.
  - Reads the configuration's own documents, and launches wsadmin only when something differs.
options:
  name:
    description: Name of the property.
    type: str
    required: true
  value:
    description: Its value; required when O(state=present).
    type: str
  description:
    description: What the console shows beside it. Left as it is when not given.
    type: str
  state:
    description: Whether the property exists.
    type: str
    choices: [present, absent]
    default: present
extends_documentation_fragment:
  - sametime.gateway.target
  - sametime.gateway.was
seealso:
  - module: sametime.gateway.was_config
author:
  - The sametime.gateway authors (@sametime-gateway)
"""

EXAMPLES = r"""
- name: Tell the gateway the name that partners know it by
  sametime.gateway.was_cell_property:
    profile: /usr/IBM/WebSphere/STgateway/profiles/RTCGW_Profile
    user: wasadmin
    password: "{{ vault_was_admin_password }}"
    name: com.ibm.sametime.gateway.fqdn
    value: rtp_nat.ibm.com

- name: Remove a property
  sametime.gateway.was_cell_property:
    profile: /usr/IBM/WebSphere/STgateway/profiles/RTCGW_Profile
    user: wasadmin
    password: "{{ vault_was_admin_password }}"
    name: com.ibm.sametime.gateway.fqdn
    state: absent
"""

RETURN = r"""
operations:
  description: What was done, in order, as path, attribute, and value before and after.
  returned: success
  type: list
  elements: str
  sample: ['create /Cell:stgwCell/properties(name=com.ibm.sametime.gateway.fqdn)']
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
  sample: {'/Cell:stgwCell/properties(name=com.ibm.sametime.gateway.fqdn)': {value: rtp_nat.ibm.com}}
"""
