# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# The code of this module is the action plugin of the same name.

from __future__ import annotations

DOCUMENTATION = r"""
module: was_federated_repository
short_description: Have an LDAP directory among the federated repositories of a WebSphere cell
version_added: 0.5.0
description:
  - Adds a directory to the repositories of the cell's default realm, changes it or takes it away, and makes the
    federated repositories the active user registry. The file of users stays among them, with the administrator.
  - Compares C(wimconfig.xml) and C(security.xml), and launches wsadmin once, with the commands that are due.
  - A running server judges logins by what it read when it started. So a wrong value shows after the restart, when
    nobody can log in any more. The role C(ldap_security) proves the values before, restarts, and puts the configuration
    back when nobody can log in then.
  - A name must not be in two repositories; WebSphere lets nobody log in with it. In 6.1 a repository that does not
    answer keeps everybody out.
options:
  id:
    description: Id of the repository.
    type: str
    required: true
  state:
    description: Whether it is there. Taking it away leaves the active registry as it is.
    type: str
    choices: [present, absent]
    default: present
  server_type:
    description: Kind of the directory; V(IDS6) is IBM Tivoli Directory Server 6.
    type: str
    choices: [IDS, IDS4, IDS51, IDS52, IDS6, SUNONE, DOMINO5, DOMINO6, DOMINO65, NDS, AD, AD2003, ADAM, ZOSDS, CUSTOM]
    default: IDS6
  server:
    description: Host of the directory; required for V(present).
    type: str
  server_port:
    description: Its port.
    type: int
    default: 389
  tls:
    description: Whether to talk TLS (ldaps). The signer of the directory's certificate has to be in the trust store.
    type: bool
    default: false
  ssl_alias:
    description:
      - SSL configuration to use with O(tls). Empty leaves it as it is, which is the default one in the beginning.
    type: str
    default: ""
  bind_dn:
    description: Who WebSphere is in the directory. Empty for a directory that it asks anonymously.
    type: str
    default: ""
  bind_password:
    description: Password of O(bind_dn).
    type: str
    default: ""
  base_entry:
    description: Name of the directory's entries in the realm; required for V(present).
    type: str
  base_in_repository:
    description: Name of that entry in the directory. Default is O(base_entry).
    type: str
  login_properties:
    description: Attributes that a user may log in with, the one that names the user first.
    type: list
    elements: str
    default: [uid, mail]
  person_classes:
    description: Object classes of persons. Empty leaves them as they are, C(inetOrgPerson) in the beginning.
    type: list
    elements: str
    default: []
  person_bases:
    description: Entries to look for persons below. Empty leaves them as they are, all in the beginning.
    type: list
    elements: str
    default: []
  connect_timeout:
    description: Seconds that WebSphere waits for a connection.
    type: int
extends_documentation_fragment:
  - sametime.gateway.target
  - sametime.gateway.was
seealso:
  - module: sametime.gateway.ldap_probe
  - module: sametime.gateway.was_ldap_registry
author:
  - The sametime.gateway authors (@sametime-gateway)
"""

EXAMPLES = r"""
- name: Know the people of the directory
  sametime.gateway.was_federated_repository:
    profile: /usr/IBM/WebSphere/STgateway/profiles/RTCGW_Profile
    user: wasadmin
    password: "{{ vault_was_admin_password }}"
    id: ITDS
    server: ldapsrv1.rtp.example
    bind_dn: uid=stgwbind,o=rtp,c=us
    bind_password: "{{ vault_ldap_bind_password }}"
    base_entry: o=rtp,c=us
"""

RETURN = r"""
operations:
  description: The commands that were run, in order, and what each was about.
  returned: success
  type: list
  elements: str
  sample:
    - "addIdMgrLDAPServer ITDS: ldapsrv1.rtp.example:389"
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
  description:
    - Servers that have to be restarted for the changes to work, as C(node/server).
    - They all judge logins by what they read when they started.
  returned: success
  type: list
  elements: str
  sample: [stgdm1Node/dmgr, stgpn1Node/RTCGWServer]
state:
  description: Attributes of C(security.xml) that were asked for as they are, or would be, by path. Secrets are masked.
  returned: success
  type: dict
  sample: {'/Cell:stgwCell/Security:/': {activeUserRegistry: '/Cell:stgwCell/Security:/WIMUserRegistry:/'}}
"""
