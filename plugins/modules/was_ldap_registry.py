# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# The code of this module is the action plugin of the same name.

from __future__ import annotations

DOCUMENTATION = r"""
module: was_ldap_registry
short_description: Have an LDAP directory as the standalone user registry of a WebSphere cell
version_added: 0.5.0
description:
  - Sets the values of the standalone LDAP registry in C(security.xml), and makes it the active one.
  - It is the only registry then. The file of users does not count any more, so the administrator has to be in the
    directory, with the password that others use to log in.
  - A running server judges logins by what it read when it started. So a wrong value shows after the restart, when
    nobody can log in any more. The role C(ldap_security) proves the values before, restarts, and puts the configuration
    back when nobody can log in then.
options:
  type:
    description: Kind of the directory, which the default filters are for.
    type: str
    choices: [IBM_DIRECTORY_SERVER, SECUREWAY, IPLANET, NETSCAPE, DOMINO502, NDS, ACTIVE_DIRECTORY, CUSTOM]
    default: IBM_DIRECTORY_SERVER
  server:
    description: Host of the directory.
    type: str
    required: true
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
  base_dn:
    description: The entry that users and groups are below.
    type: str
    required: true
  primary_administrator:
    description: User of the directory who may administer the cell.
    type: str
    required: true
  user_filter:
    description: Filter that finds a user; C(%v) stands for the name. No value leaves it as it is, for C(ePerson) in the
      beginning.
    type: str
  group_filter:
    description: Filter that finds a group; C(%v) stands for the name. No value leaves it as it is.
    type: str
  ignore_case:
    description: Whether names are compared without regard to case.
    type: bool
    default: true
  search_timeout:
    description: Seconds that WebSphere waits for an answer.
    type: int
    default: 120
  active:
    description:
      - Whether to make it the active registry, with administrative security on. Otherwise only its values are set.
    type: bool
    default: true
extends_documentation_fragment:
  - sametime.gateway.target
  - sametime.gateway.was
seealso:
  - module: sametime.gateway.ldap_probe
  - module: sametime.gateway.was_federated_repository
author:
  - The sametime.gateway authors (@sametime-gateway)
"""

EXAMPLES = r"""
- name: Have the people of the directory administer the cell
  sametime.gateway.was_ldap_registry:
    profile: /usr/IBM/WebSphere/STgateway/profiles/RTCGW_Profile
    user: wasadmin
    password: "{{ vault_was_admin_password }}"
    server: ldapsrv1.rtp.example
    bind_dn: uid=stgwbind,o=rtp,c=us
    bind_password: "{{ vault_ldap_bind_password }}"
    base_dn: o=rtp,c=us
    primary_administrator: wasadmin
    user_filter: (&(uid=%v)(objectclass=inetOrgPerson))
"""

RETURN = r"""
operations:
  description: What was done, in order, as path, attribute, and value before and after.
  returned: success
  type: list
  elements: str
  sample:
    - "modify /Cell:stgwCell/Security:/userRegistries:LDAPUserRegistry: baseDN: '' -> o=rtp,c=us"
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
