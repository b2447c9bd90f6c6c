# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# The code of this module is the action plugin of the same name.

from __future__ import annotations

DOCUMENTATION = r"""
module: stgw_community
short_description: Have the communities of a Sametime Gateway, and who may talk with them
version_added: 0.4.0
description:
  - Brings the local community, the external ones, their domains, connections, properties and users' access, and the
    properties of the gateway itself into a state.
  - No programming interface for this is public, so there are three ways, O(backend). All of them read everything,
    compare it here, and change what differs at once or not at all; what somebody else changes between the two is
    noticed, and then all is worked out anew.
  - The tables of the product are not public either. Those that V(database) knows have the names that O(database.names)
    lists; where yours are called otherwise, say so there. Try it with check mode first.
  - What an option does not say stays as it is.
options:
  communities:
    description: The communities. A gateway has one local community and any number of external ones.
    type: list
    elements: dict
    default: []
    suboptions:
      name:
        description: Name of the community.
        type: str
        required: true
      state:
        description: Whether there is the community.
        type: str
        choices: [present, absent]
        default: present
      type:
        description:
          - V(local) for the community of the own Sametime servers, V(sametime) for that behind another gateway; V(aol)
            is AOL's clearinghouse, which speaks TLS only; V(google_talk) and V(xmpp) are reached by the XMPP proxy.
          - Needed for a new community, as are O(communities[].host) and O(communities[].port).
        type: str
        choices: [local, sametime, aol, yahoo, google_talk, xmpp]
      protocol:
        description:
          - >-
            The translation protocol: V(vp) of the local community, V(sip_sametime) ("SIP for Sametime Gateway"),
            V(sip_ocs) ("SIP for Lync/OCS"), V(xmpp).
          - >-
            A new community gets what its type usually has: V(sip_ocs) for V(aol) and V(yahoo), V(sip_sametime) for
            V(sametime); nothing else is possible for the other types.
        type: str
        choices: [vp, sip_sametime, sip_ocs, xmpp]
      host:
        description: >-
          Name or address of what the gateway connects to. Of an external community of a site with a SIP NAT proxy it is
          the inside of that proxy.
        type: str
      port:
        description: Its port.
        type: int
      transport:
        description: >-
          V(vp) for the local community, V(tls) for V(aol), which need not be said; V(tcp) or V(tls) for other types,
          and for V(sametime) V(udp) too.
        type: str
        choices: [vp, tcp, tls, udp]
      domains:
        description: All domains of the community. A domain leads to one community.
        type: list
        elements: str
      users:
        description: >-
          The local users who may talk with the external community, all of them; V(*) stands for everybody, and with an
          empty list nobody may.
        type: list
        elements: str
      excluded_users:
        description: The local users who may not, although O(communities[].users) has V(*); all of them.
        type: list
        elements: str
      properties:
        description: Properties of the community by name, such as session limits. One without a value is removed.
        type: dict
  exact:
    description: Whether communities that are not named are removed.
    type: bool
    default: false
  properties:
    description: >-
      Properties of the gateway by name, such as session limits and the blacklist. One without a value is removed.
    type: dict
  backend:
    description:
      - >-
        V(database) works in the tables of the gateway's database that are listed at O(database.names), on the
        database's host, by DB2's command line processor, as the owner of the instance on AIX and as the user of the
        connection on Windows.
      - V(recorded) works there too, with the SQL of O(recording).
      - V(wsadmin) runs a program of yours in wsadmin, O(wsadmin.program).
    type: str
    choices: [database, recorded, wsadmin]
    default: database
    version_added: 0.5.0
  recording:
    description: >-
      Path of a file on the controller with the SQL that was recorded at a gateway. C(docs/communities.md) tells how it
      is made. Needed by O(backend=recorded).
    type: path
    version_added: 0.5.0
  wsadmin:
    description: How wsadmin is started, on the host of the deployment manager or of a standalone gateway.
    type: dict
    version_added: 0.5.0
    suboptions:
      profile:
        description: Path of the profile, as the target knows it.
        type: str
        required: true
      program:
        description:
          - Path of a text on the controller, Jython 2.1 in ASCII, that defines C(read_communities()) and
            C(change_communities(operations)). C(docs/communities.md) tells what they get and return.
          - Wsadmin is started once to read, which a second run does too, and once more to change; that launch reads
            again in front of the change and behind it.
        type: path
        required: true
      user:
        description: Administrator; leave it out where administrative security is off.
        type: str
      password:
        description: Password of O(wsadmin.user). It stands in the profile's C(soap.client.props) while wsadmin works.
        type: str
      host:
        description: Name of the host that wsadmin connects to, as the target knows it.
        type: str
        default: localhost
      port:
        description: SOAP port there. Default is the one in the profile's own C(serverindex.xml).
        type: int
      timeout:
        description: Seconds after which wsadmin is ended.
        type: int
        default: 600
  database:
    description: The gateway's database. Needed by O(backend=database) and O(backend=recorded).
    type: dict
    suboptions:
      name:
        description: Name of the database.
        type: str
        default: STGW
      instance:
        description: Instance of DB2, on AIX also its owner.
        type: str
        required: true
      schema:
        description: Schema of the tables. Needed by O(backend=database).
        type: str
      path:
        description: >-
          Folder of the DB2 copy. Default is V(C:\\Program Files\\IBM\\SQLLIB); on AIX the instance knows it itself.
        type: str
      names:
        description:
          - Tables and columns that are called otherwise in your database, for example
            C({COMMUNITY=GWCOMMUNITY, COMMUNITY.HOST=SERVER}).
          - C(COMMUNITY) has C(ID), C(NAME), C(TYPE), C(PROTOCOL), C(HOST), C(PORT), C(TRANSPORT);
            C(COMMUNITY_PROPERTY) has C(COMMUNITY_ID), C(NAME), C(VALUE); C(DOMAIN_NAME) has C(COMMUNITY_ID), C(NAME);
            C(USER_ACCESS) has C(COMMUNITY_ID), C(USER_NAME), C(ALLOWED); C(GATEWAY_PROPERTY) has C(NAME), C(VALUE).
        type: dict
        default: {}
extends_documentation_fragment:
  - sametime.gateway.target
seealso:
  - module: sametime.gateway.db2_database
  - module: sametime.gateway.nat_plan
author:
  - The sametime.gateway authors (@sametime-gateway)
"""

EXAMPLES = r"""
- name: Have the local community and a partner that everybody may talk with
  sametime.gateway.stgw_community:
    communities:
      - name: local
        type: local
        host: stsrv1.rtp.example
        port: 1516
        domains: [rtp.example]
      - name: partner
        type: sametime
        host: sipproxy1.rtp.example
        port: 5062
        transport: tcp
        domains: [partner.example]
        users: ['*']
    database: {instance: db2inst1, schema: DB2INST1}

- name: Let nobody talk with anybody of a domain, and the partner have fewer sessions
  sametime.gateway.stgw_community:
    communities:
      - name: partner
        properties: {maxIMSessions: 100}
    properties: {blacklist: '*.spam.example'}
    database: {instance: db2inst1, schema: DB2INST1}

- name: Have AOL by a program of our own for wsadmin
  sametime.gateway.stgw_community:
    communities:
      - {name: aol, type: aol, host: sip.aol.example, port: 5061, domains: [aol.com], users: ['*']}
    backend: wsadmin
    wsadmin:
      profile: /usr/IBM/WebSphere/STgateway/profiles/RTCGW_Profile
      program: "{{ playbook_dir }}/files/communities.jy"
      user: wasadmin
      password: "{{ vault_was_admin_password }}"
"""

RETURN = r"""
operations:
  description: What was done, in order.
  returned: success
  type: list
  elements: str
  sample: [added community partner]
launches:
  description: How often wsadmin was started.
  returned: success
  type: int
  sample: 0
state:
  description: The communities by name, and the properties of the gateway, as they are or would be.
  returned: success
  type: dict
  sample:
    communities:
      partner:
        type: sametime
        protocol: sip_sametime
        host: sipproxy1.rtp.example
        port: 5062
        transport: tcp
        domains: [partner.example]
        users: ['*']
        excluded_users: []
        properties: {}
    properties: {}
"""
