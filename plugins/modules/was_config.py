# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# The code of this module is the action plugin of the same name.

from __future__ import annotations

DOCUMENTATION = r"""
module: was_config
short_description: Bring any objects of a WebSphere cell's configuration into a state, in one launch of wsadmin
version_added: 0.2.0
description:
  - Reads the configuration's own documents, compares them with what is asked for, and launches wsadmin only when
    something differs, once for all O(resources), with one save and one synchronisation. Then it reads again and proves
    the result.
  - Types, attributes and values are checked against the types of WebSphere 6.1 before anything is launched.
  - When somebody else changed the same document meanwhile, everything is read and compared again, and tried once more.
options:
  resources:
    description: What is wanted, in order. Each entry has exactly one of these keys.
    type: list
    elements: dict
    required: true
    suboptions:
      object:
        description: An object of any type.
        type: dict
        suboptions:
          type:
            description: Its type, as wsadmin's C(AdminConfig.types) names it.
            type: str
            required: true
          parent:
            description: The object that contains it, as a containment path such as V(/Cell:stgwCell/Node:stgpn1Node/).
            type: str
            required: true
          feature:
            description: Attribute of the parent that holds it, where its type does not tell.
            type: str
          identity:
            description:
              - Attributes that tell it from its siblings, by name. Leave it out where there is only one.
            type: dict
            default: {}
          attributes:
            description:
              - Attributes by name. A mapping is a contained object, a list of mappings a list of them, the containment
                path of an object a reference, and no value unsets an attribute.
              - In a list, a contained object is found by its name, or by all attributes that are given where its type
                has no name; C(_identity) lists the attributes that count instead.
              - C(_type) is needed where several types fit; C(_state) is V(present), V(absent) or V(existing).
            type: dict
            default: {}
          secrets:
            description: Attributes that hold passwords, by name. They are compared, but never shown.
            type: dict
            default: {}
          list_mode:
            description: Whether contained lists are added to, or hold exactly what is given.
            type: str
            choices: [merge, exact]
            default: merge
          state:
            description: Whether the object exists. V(existing) fails when it does not, instead of creating it.
            type: str
            choices: [present, absent, existing]
            default: present
      application_server:
        description: An application server.
        type: dict
        suboptions:
          node:
            description: Node of the server.
            type: str
            required: true
          server:
            description: Name of the server.
            type: str
            required: true
          template:
            description: What a new server is made from.
            type: str
            default: default
          unique_ports:
            description: Let WebSphere choose ports for a new server.
            type: bool
            default: true
          sole:
            description: >-
              An object that no other server of the cell may have. Where one has it, nothing is changed, and the task
              fails.
            type: dict
            version_added: 0.5.0
            suboptions:
              type:
                description: Its type, for example V(Library).
                type: str
                required: true
              name:
                description: Its name.
                type: str
                required: true
          state:
            description: Whether the server exists.
            type: str
            choices: [present, absent]
            default: present
      cell_property:
        description: The options of M(sametime.gateway.was_cell_property).
        type: dict
      cluster:
        description: The options of M(sametime.gateway.was_cluster).
        type: dict
      endpoint:
        description: The options of M(sametime.gateway.was_endpoint).
        type: dict
      jdbc:
        description: The options of M(sametime.gateway.was_jdbc).
        type: dict
      jvm:
        description: The options of M(sametime.gateway.was_jvm).
        type: dict
      replication_domain:
        description: The options of M(sametime.gateway.was_replication_domain).
        type: dict
      sip_proxy:
        description: The options of M(sametime.gateway.was_sip_proxy).
        type: dict
extends_documentation_fragment:
  - sametime.gateway.target
  - sametime.gateway.was
seealso:
  - module: sametime.gateway.was_cell_property
  - module: sametime.gateway.was_cluster
  - module: sametime.gateway.was_sip_proxy
author:
  - The sametime.gateway authors (@sametime-gateway)
"""

EXAMPLES = r"""
- name: Make the cluster, and what belongs to it, in one launch
  sametime.gateway.was_config:
    profile: /usr/IBM/WebSphere/STgateway/profiles/RTCGW_Profile
    user: wasadmin
    password: "{{ vault_was_admin_password }}"
    resources:
      - cluster:
          name: SametimeGatewayCluster
          first: {node: stgpn1Node, server: RTCGWServer}
          members:
            - {node: stgsn1Node, server: RTCGWServer}
      - jvm: {node: stgsn1Node, server: RTCGWServer, maximum_heap_mb: 1024}
      - cell_property: {name: com.ibm.sametime.gateway.fqdn, value: rtp_nat.ibm.com}

- name: Roll the log of a server over at 20 megabytes, and name a variable
  sametime.gateway.was_config:
    profile: /usr/IBM/WebSphere/STgateway/profiles/RTCGW_Profile
    user: wasadmin
    password: "{{ vault_was_admin_password }}"
    resources:
      - object:
          type: Server
          parent: /Cell:rtpCell/Node:stgpn1Node/
          identity: {name: RTCGWServer}
          attributes:
            outputStreamRedirect: {rolloverSize: 20, maxNumberOfBackupFiles: 5}
          state: existing
      - object:
          type: VariableSubstitutionEntry
          parent: /Cell:rtpCell/VariableMap:/
          identity: {symbolicName: STGW_LOGS}
          attributes: {value: /var/stgw/logs}
"""

RETURN = r"""
operations:
  description: What was done, in order, as path, attribute, and value before and after.
  returned: success
  type: list
  elements: str
  sample: ['modify /Cell:stgwCell/Node:stgpn1Node/Server:RTCGWServer/outputStreamRedirect: rolloverSize: 1 -> 20']
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
findings:
  description: What was found that a person should look at, such as custom properties that override a proxy's sprayer.
  returned: success
  type: list
  elements: str
  sample: []
tested:
  description: What WebSphere said to the test of each data source that was tested, by path.
  returned: success
  type: dict
  sample: {}
state:
  description: The attributes that were asked for as they are, or would be, by path. Secrets are masked.
  returned: success
  type: dict
  sample: {'/Cell:stgwCell/Node:stgpn1Node/Server:RTCGWServer/outputStreamRedirect': {rolloverSize: '20'}}
"""
