# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# The code of this module is the action plugin of the same name.

from __future__ import annotations

DOCUMENTATION = r"""
module: was_service
short_description: Have a server of a WebSphere profile as a Windows service
version_added: 0.4.0
description:
  - Makes the Windows service that starts a server with the machine, by C(WASService.exe) of WebSphere 6.1, which calls
    it C(IBMWAS61Service - NAME). Neither starts nor stops it. M(sametime.gateway.was_server) does, because
    C(startServer.bat) hands over to the service.
  - The service gets no password. Stopped by the service control manager, it needs the user and password of
    C(soap.client.props) where administrative security is on; C(stopServer.bat) takes its own.
  - Which server and profile a service is for, Windows does not tell. Take another name for another server.
options:
  name:
    description: Name of the service, without C(IBMWAS61Service - ) in front.
    type: str
    required: true
  root:
    description: Folder of WebSphere.
    type: str
    required: true
  profile:
    description: Path of the profile.
    type: str
    required: true
  server:
    description: Name of the server.
    type: str
    required: true
  state:
    description: Whether there is the service.
    type: str
    choices: [present, absent]
    default: present
  start_type:
    description: Whether it starts with the machine.
    type: str
    choices: [automatic, manual]
    default: automatic
extends_documentation_fragment:
  - sametime.gateway.target.windows
seealso:
  - module: sametime.gateway.was_server
  - module: sametime.gateway.target_service
author:
  - The sametime.gateway authors (@sametime-gateway)
"""

EXAMPLES = r"""
- name: Have a standalone gateway start with the machine
  sametime.gateway.was_service:
    name: rtcgw
    root: C:\Program Files\IBM\WebSphere\STgateway
    profile: C:\Program Files\IBM\WebSphere\STgateway\profiles\RTCGW_Profile
    server: RTCGWServer
"""

RETURN = r"""
operations:
  description: What was done, in order.
  returned: success
  type: list
  elements: str
  sample: ['added service IBMWAS61Service - rtcgw']
state:
  description: How the service is, or would be; empty when there is none.
  returned: success
  type: dict
  sample: {start_type: automatic}
"""
