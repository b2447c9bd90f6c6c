# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# The code of this module is the action plugin of the same name.

from __future__ import annotations

DOCUMENTATION = r"""
module: was_sip_proxy
short_description: Create and configure a SIP proxy server of a WebSphere cell
version_added: 0.2.0
description:
  - Brings a SIP proxy server into a state, its default cluster, its IP sprayer and its custom properties. A server that
    does not exist is created.
  - The sprayer's address is what the proxy tells partners as its own. Custom properties such as C(tcp.IPSprayer.host)
    win over the sprayer's settings without the console showing it, so they are reported, or removed.
options:
  node:
    description: Node of the server.
    type: str
    required: true
  server:
    description: Name of the server.
    type: str
    default: SIPProxyServer
  state:
    description:
      - Whether the server exists.
      - V(existing) fails when it does not, instead of creating it; it can be used since 0.3.0.
    type: str
    choices: [present, absent, existing]
    default: present
  template:
    description: What a new server is made from.
    type: str
    default: sip_proxy_server
  unique_ports:
    description: Let WebSphere choose ports for a new server. Without it SIP stays on 5060 and 5061.
    type: bool
    default: false
  default_cluster:
    description: Cluster that requests go to. Left as it is when not given.
    type: str
  sprayer:
    description: The one sprayer that is on; those of the other transports are off. Left as they are when not given.
    type: dict
    suboptions:
      transport:
        description: Transport of the sprayer. V(none) turns all of them off.
        type: str
        choices: [none, tcp, tls, udp]
        required: true
      host:
        description: Address or name that the proxy writes into messages.
        type: str
      port:
        description: Port that it writes into messages.
        type: int
  properties:
    description: Custom properties of the proxy's settings, by name. No value removes one.
    type: dict
    default: {}
  overriding_properties:
    description: What happens to custom properties that override the sprayer's settings and are not in O(properties).
    type: str
    choices: [report, remove]
    default: report
  access_log:
    description: Whether the proxy logs each message. Left as it is when not given.
    type: bool
extends_documentation_fragment:
  - sametime.gateway.target
  - sametime.gateway.was
seealso:
  - module: sametime.gateway.was_config
author:
  - The sametime.gateway authors (@sametime-gateway)
"""

EXAMPLES = r"""
- name: Create the proxy in front of the gateway's cluster
  sametime.gateway.was_sip_proxy:
    profile: /usr/IBM/WebSphere/STgateway/profiles/RTCGW_Profile
    user: wasadmin
    password: "{{ vault_was_admin_password }}"
    node: sipproxy1Node
    default_cluster: SametimeGatewayCluster

- name: Let it tell partners the address that the router translates
  sametime.gateway.was_sip_proxy:
    profile: /usr/IBM/WebSphere/STgateway/profiles/RTCGW_Profile
    user: wasadmin
    password: "{{ vault_was_admin_password }}"
    node: sipproxy1Node
    sprayer:
      transport: tcp
      host: rtp_nat.ibm.com
      port: 5060
    overriding_properties: remove
"""

RETURN = r"""
operations:
  description: What was done, in order, as path, attribute, and value before and after.
  returned: success
  type: list
  elements: str
  sample:
    - >-
      modify /Cell:stgwCell/Node:sipproxy1Node/Server:SIPProxyServer/SIPProxySettings:/tcpSprayer: isEnabled:
      false -> true
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
  sample: [sipproxy1Node/SIPProxyServer]
findings:
  description: Custom properties that override the sprayer's settings.
  returned: success
  type: list
  elements: str
  sample: ['tcp.IPSprayer.host=10.0.0.1 of sipproxy1Node/SIPProxyServer overrides the host of the tcp sprayer']
state:
  description: The attributes that were asked for as they are, or would be, by path. Secrets are masked.
  returned: success
  type: dict
  sample:
    ? /Cell:stgwCell/Node:sipproxy1Node/Server:SIPProxyServer/SIPProxySettings:/tcpSprayer
    : {host: rtp_nat.ibm.com, isEnabled: 'true', port: '5060'}
"""
