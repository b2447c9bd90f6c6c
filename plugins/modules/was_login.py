# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# The code of this module is the action plugin of the same name.

from __future__ import annotations

DOCUMENTATION = r"""
module: was_login
short_description: Prove that a user can log in to the deployment manager of a WebSphere cell
version_added: 0.5.0
description:
  - Launches wsadmin with the user and the password, and fails with the reason when the running deployment manager, or
    the one server of a profile that belongs to no cell, does not let the user in.
  - Nobody logs in in check mode.
options:
  profile:
    description: Path of the profile, as the target knows it. That of the deployment manager, or one without a cell.
    type: str
    required: true
  user:
    description: Who logs in.
    type: str
    required: true
  password:
    description: Password of O(user).
    type: str
    required: true
  sync:
    description: Synchronise the nodes whose node agents run, at the same time.
    type: bool
    default: false
  host:
    description: Name of the deployment manager's host, as the target knows it.
    type: str
    default: localhost
  port:
    description: SOAP port of the deployment manager. Default is the one in the profile's own C(serverindex.xml).
    type: int
  timeout:
    description: Seconds after which wsadmin is ended.
    type: int
    default: 600
extends_documentation_fragment:
  - sametime.gateway.target.probe
seealso:
  - module: sametime.gateway.was_config_backup
author:
  - The sametime.gateway authors (@sametime-gateway)
"""

EXAMPLES = r"""
- name: The administrator still gets in
  sametime.gateway.was_login:
    profile: /usr/IBM/WebSphere/STgateway/profiles/RTCGW_Profile
    user: wasadmin
    password: "{{ vault_was_admin_password }}"
"""

RETURN = r"""
cell:
  description: Cell of the server that let the user in.
  returned: when somebody logged in
  type: str
  sample: STGWCell
node:
  description: Its node.
  returned: when somebody logged in
  type: str
  sample: stgdm1Node
server:
  description: Its name.
  returned: when somebody logged in
  type: str
  sample: dmgr
sync:
  description: With O(sync), for each node whose node agent ran whether it was synchronised.
  returned: when somebody logged in
  type: dict
  sample: {stgpn1Node: true}
launches:
  description: How many times wsadmin was launched.
  returned: when somebody logged in
  type: int
  sample: 1
"""
