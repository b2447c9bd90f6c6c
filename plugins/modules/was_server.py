# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# The code of this module is the action plugin of the same name.

from __future__ import annotations

DOCUMENTATION = r"""
module: was_server
short_description: Start, stop or restart a server of a WebSphere profile
version_added: 0.2.0
description:
  - Starts, stops or restarts the deployment manager, the node agent, or any other server of a profile with the
    product's own command for it, C(startManager), C(startNode) or C(startServer) and their counterparts.
  - Whether it runs is read without starting a JVM, from the process in its C(.pid) file and its SOAP port. A process
    whose port is not open yet is waited for.
  - The commands work detached from the connection. A task that is run again while one works waits for that one.
  - A stop needs credentials when administrative security is on. No command line shows them. They stand in the profile's
    C(soap.client.props), readable for its owner only, for as long as the command works, and the original comes back
    however the command ends. What a crash of the machine leaves of that is put right by the next run.
options:
  profile:
    description: Path of the profile.
    type: str
    required: true
  name:
    description: Name of the server, V(dmgr) for the deployment manager and V(nodeagent) for the node agent.
    type: str
    required: true
  state:
    description: V(restarted) always stops and starts it.
    type: str
    choices: [started, stopped, restarted]
    default: started
  user:
    description:
      - Administrator, for stopping when administrative security is on. Not needed for starting, nor when
        C(soap.client.props) of the profile holds a user and password of its own.
    type: str
  password:
    description: Password of O(user).
    type: str
  timeout:
    description: Seconds that a start or a stop may take.
    type: int
    default: 600
extends_documentation_fragment:
  - sametime.gateway.target
seealso:
  - module: sametime.gateway.was_node
  - module: sametime.gateway.was_profile
author:
  - The sametime.gateway authors (@sametime-gateway)
"""

EXAMPLES = r"""
- name: Have the deployment manager running
  sametime.gateway.was_server:
    profile: /usr/IBM/WebSphere/STgateway/profiles/RTCGW_Profile
    name: dmgr

- name: Restart the SIP proxy
  sametime.gateway.was_server:
    profile: /usr/IBM/WebSphere/STgateway/profiles/RTCGW_Profile
    name: SIPProxyServer
    state: restarted
    user: wasadmin
    password: "{{ vault_was_admin_password }}"
"""

RETURN = r"""
operations:
  description: What was done, in order.
  returned: success
  type: list
  elements: str
  sample: [startManager]
state:
  description:
    - The server as it is now, or would be.
    - C(status) is V(started), V(stopped), V(starting) for a process whose SOAP port is not open yet, or
      V(absent) when the configuration of the profile does not know it.
  returned: success
  type: dict
  sample: {status: started}
pid:
  description: Number of its process.
  returned: when it runs
  type: int
  sample: 270384
stale:
  description:
    - Whether it runs, and its own documents, the index of its node's servers, its cluster, the custom properties of
      the cell, its federated repositories, its security or a key store of an SSL configuration that the server names
      are newer than its start.
    - It does not know of a change then that waits for a restart.
  returned: success
  type: bool
  sample: false
newer:
  description:
    - Documents that it does not know, because they are newer than its start, by their paths below the folder of the
      cell.
    - Of a server that does not run, those that changed between its last start and the stop after that.
  returned: success
  type: list
  elements: str
  version_added: 0.3.0
  sample: [cell.xml]
start_failed:
  description: Whether it does not run because it was stopped, and the start after that failed.
  returned: success
  type: bool
  version_added: 0.3.0
  sample: false
kind:
  description: Kind of server, C(serverType) of C(serverindex.xml).
  returned: when the server is in the configuration
  type: str
  version_added: 0.3.0
  sample: DEPLOYMENT_MANAGER
ports:
  description: Its end points, from C(serverindex.xml).
  returned: when the server is in the configuration
  type: dict
  sample: {SOAP_CONNECTOR_ADDRESS: 8879}
"""
