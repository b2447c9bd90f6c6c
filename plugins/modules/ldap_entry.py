# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# The code of this module is the action plugin of the same name.

from __future__ import annotations

DOCUMENTATION = r"""
module: ldap_entry
short_description: Add, change and delete entries of a directory
version_added: 0.1.0
description:
  - Brings entries of a directory into a state, with the client tools of IBM Tivoli Directory Server on the target. The
    directory may be any that the target reaches. One round trip reads all entries, one changes what differs.
  - Passwords are tried, not compared, and reach the tools on standard input or in a file for C(root) or the
    administrators only, which is gone when the task ends.
  - When a change is refused, those in front of it are done; run the task again to do the rest.
options:
  entries:
    description: The entries, parents in front of their children.
    type: list
    elements: dict
    required: true
    suboptions:
      dn:
        description: Name of the entry.
        type: str
        required: true
      state:
        description: Whether the entry exists.
        type: str
        choices: [present, absent]
        default: present
      attributes:
        description:
          - Attributes, each with a value or a list of all its values. An empty list removes the attribute.
          - An entry needs an C(objectClass); classes that the entry has besides are kept. The attribute that the entry
            is named by is added when it is missing here.
        type: dict
      password:
        description: Password of the entry, its C(userPassword). It is set when a bind with it fails.
        type: str
      exact:
        description: Remove attributes that are not named in O(entries[].attributes).
        type: bool
        default: false
  host:
    description: Name of the directory's host, as the target knows it.
    type: str
    default: localhost
  port:
    description: Port of the directory.
    type: int
    default: 389
  bind_dn:
    description: Who reads and changes the entries.
    type: str
    default: cn=root
  bind_password:
    description: Password of O(bind_dn).
    type: str
    required: true
  version:
    description: Version of the client tools.
    type: str
    choices: ['6.0', '6.1']
    default: '6.1'
  bin:
    description:
      - Folder of the client tools.
      - Default is V(/opt/IBM/ldap/V6.1/bin) on AIX and V(C:\\Program Files\\IBM\\LDAP\\V6.1\\bin) on Windows, by
        O(version).
    type: path
  work_dir:
    description:
      - Where the file with the changes lies for the moment. Default is V(/tmp) on AIX and V(C:\\WINDOWS\\Temp) on
        Windows.
    type: path
extends_documentation_fragment:
  - sametime.gateway.target
seealso:
  - module: sametime.gateway.itds_instance
author:
  - The sametime.gateway authors (@sametime-gateway)
"""

EXAMPLES = r"""
- name: Make the base entry and the user that WebSphere binds as
  sametime.gateway.ldap_entry:
    bind_password: "{{ vault_itds_admin_password }}"
    entries:
      - dn: o=rtp,c=us
        attributes:
          objectClass: organization
      - dn: uid=wasbind,o=rtp,c=us
        attributes:
          objectClass: inetOrgPerson
          cn: WebSphere bind user
          sn: wasbind
          mail: wasbind@example.com
        password: "{{ vault_ldap_bind_password }}"

- name: Delete an entry
  sametime.gateway.ldap_entry:
    bind_password: "{{ vault_itds_admin_password }}"
    entries:
      - dn: uid=leaver,o=rtp,c=us
        state: absent
"""

RETURN = r"""
operations:
  description: What was done, in order.
  returned: success
  type: list
  elements: str
  sample: ['add o=rtp,c=us']
state:
  description: Each entry's attributes as they are, or would be; an empty mapping for an entry that does not exist.
  returned: success
  type: dict
  sample: {'o=rtp,c=us': {objectclass: [organization, top]}}
"""
