# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# The code of this module is the action plugin of the same name.

from __future__ import annotations

DOCUMENTATION = r"""
module: was_profile
short_description: Create or delete a WebSphere profile
version_added: 0.2.0
description:
  - Creates a profile with C(manageprofiles), unless the installation's registry of profiles has it already.
  - The options travel in a response file that only its owner can read and that is gone when the command ends.
  - The verdict is taken from what C(manageprofiles) says, since its exit code differs between fix packs when a profile
    was created with errors.
  - What an interrupted creation left behind is recognised, a reservation in the registry or a folder that no entry
    of the registry speaks of. It is removed, and the profile is created again.
  - Works detached from the connection. A task that is run again while it works waits for that one.
options:
  root:
    description: Directory of the installation.
    type: str
    required: true
  name:
    description: Name of the profile.
    type: str
    required: true
  state:
    description: Whether the profile exists. V(absent) removes its folder too.
    type: str
    choices: [present, absent]
    default: present
  path:
    description: Directory of the profile. Default is O(name) below C(profiles) in O(root).
    type: str
  template:
    description: Template of the profile. Needed to create one.
    type: str
    choices: [dmgr, default, managed]
  cell:
    description: Name of its cell. Not compared once the node was federated, because its cell is another one then.
    type: str
  node:
    description: Name of its node.
    type: str
  host:
    description: Host name, fully qualified.
    type: str
  server:
    description: Name of the server that template V(default) makes.
    type: str
  starting_port:
    description: First of the ports of its server. Mutually exclusive with O(ports).
    type: int
  ports:
    description: Ports of its server by end point, such as C(SOAP_CONNECTOR_ADDRESS). Others get the product's numbers.
    type: dict
  security:
    description: Administrative security of a new profile. Off when left out. Not compared with an existing profile.
    type: dict
    suboptions:
      user:
        description: Administrator.
        type: str
        required: true
      password:
        description: Password of O(security.user).
        type: str
        required: true
  default:
    description: Whether a new profile becomes the default one of the installation. Not compared with an existing one.
    type: bool
    default: false
  timeout:
    description: Seconds that the creation may take.
    type: int
    default: 3600
extends_documentation_fragment:
  - sametime.gateway.target
seealso:
  - module: sametime.gateway.was_node
  - module: sametime.gateway.was_server
author:
  - The sametime.gateway authors (@sametime-gateway)
"""

EXAMPLES = r"""
- name: Have the profile of the deployment manager
  sametime.gateway.was_profile:
    root: /usr/IBM/WebSphere/STgateway
    name: RTCGW_Profile
    template: dmgr
    cell: rtpCell
    node: stgdm1Node
    host: stgdm1.rtp.example
    security:
      user: wasadmin
      password: "{{ vault_was_admin_password }}"
"""

RETURN = r"""
operations:
  description: What was done, in order.
  returned: success
  type: list
  elements: str
  sample: [manageprofiles -create RTCGW_Profile]
state:
  description: The profile as it is now, or would be. Empty when there is none.
  returned: success
  type: dict
  sample:
    profile: complete
    path: /usr/IBM/WebSphere/STgateway/profiles/RTCGW_Profile
    template: dmgr
    cell: rtpCell
    node: dmNode
    host: rtp-dm.example.com
log_excerpt:
  description: The last lines of what C(manageprofiles) printed, without secrets.
  returned: when it ran
  type: str
"""
