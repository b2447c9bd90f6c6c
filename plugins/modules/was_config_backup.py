# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# The code of this module is the action plugin of the same name.

from __future__ import annotations

DOCUMENTATION = r"""
module: was_config_backup
short_description: Keep copies of documents of a WebSphere profile's configuration, and put them back
version_added: 0.5.0
description:
  - Keeps the documents as they are before a change that may lock everybody out, in a folder of the profile that only
    the user of the connection can read. Once the change has proven itself they are taken away.
  - Otherwise they are put back. The server that reads them is ended before, as a process; it lets nobody in who could
    stop it. Start it afterwards.
options:
  profile:
    description: Path of the profile, as the target knows it.
    type: str
    required: true
  name:
    description: Name of the copies.
    type: str
    required: true
  state:
    description:
      - V(present) keeps copies, unless there are some of that name already.
      - V(restored) ends the process of O(server), puts the copies back and takes them away. Without copies nothing is
        done.
      - V(absent) takes the copies away.
    type: str
    choices: [present, absent, restored]
    default: present
  documents:
    description: The documents, as paths below C(config), where C({cell}) is the name of the cell. For V(present).
    type: list
    elements: str
    default: []
  server:
    description: Name of the server whose process is ended. For V(restored).
    type: str
  timeout:
    description: Seconds that the process may take to end.
    type: int
    default: 60
extends_documentation_fragment:
  - sametime.gateway.target
seealso:
  - module: sametime.gateway.was_login
  - module: sametime.gateway.was_server
author:
  - The sametime.gateway authors (@sametime-gateway)
"""

EXAMPLES = r"""
- name: Keep what says who may log in
  sametime.gateway.was_config_backup:
    profile: /usr/IBM/WebSphere/STgateway/profiles/RTCGW_Profile
    name: ldap_security
    documents: ["cells/{cell}/security.xml", "cells/{cell}/wim/config/wimconfig.xml"]

- name: Put it back
  sametime.gateway.was_config_backup:
    profile: /usr/IBM/WebSphere/STgateway/profiles/RTCGW_Profile
    name: ldap_security
    state: restored
    server: dmgr
"""

RETURN = r"""
state:
  description: Whether there are copies. Empty where there is no profile.
  returned: success
  type: dict
  sample: {kept: true}
operations:
  description: What was done.
  returned: success
  type: list
  elements: str
  sample: [save ldap_security]
"""
