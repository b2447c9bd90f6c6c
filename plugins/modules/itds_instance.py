# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# The code of this module is the action plugin of the same name.

from __future__ import annotations

DOCUMENTATION = r"""
module: itds_instance
short_description: Create, configure, start and stop an instance of IBM Tivoli Directory Server
version_added: 0.1.0
description:
  - Brings an instance of ITDS 6.0 or 6.1 into a state with the product's own tools, in one round trip to read and at
    most one to change. What the instance is like is read from the product's list of instances, from its
    C(ibmslapd.conf) and from the answers of its server.
  - The server is stopped for changes of its configuration, and started again.
  - Seed and passwords reach the tools as answers to their prompts, not as arguments. That is why the tools run without
    their option C(-n).
  - Suffixes and databases are added and never removed. Ports and administrator are changed. Version and location of an
    instance cannot change; another one is refused.
  - The encryption seed and the password of the database's owner are used for creation only; the product gives no way
    to compare them.
options:
  name:
    description: Name of the instance, and of the operating system's user that owns it and must exist.
    type: str
    required: true
  version:
    description: Version of the product.
    type: str
    choices: ['6.0', '6.1']
    default: '6.1'
  home:
    description:
      - Folder of the product.
      - Default is V(/opt/IBM/ldap/V6.1) on AIX and V(C:\\Program Files\\IBM\\LDAP\\V6.1) on Windows, by O(version).
    type: path
  registry:
    description: The product's list of instances. Default is V(idsinstinfo/idsinstances.ldif) beside O(home).
    type: path
  location:
    description: Folder that will hold the instance's folder C(idsslapd-name). Needed for creation.
    type: path
  description:
    description: Description that a new instance gets.
    type: str
  port:
    description: Port of the server.
    type: int
    default: 389
  secure_port:
    description: Port of the server for SSL, which is off until a key database is configured.
    type: int
    default: 636
  admin_port:
    description: Port of the administration daemon.
    type: int
    default: 3538
  admin_secure_port:
    description: Port of the administration daemon for SSL.
    type: int
    default: 3539
  encryption_seed:
    description: 12 to 1016 printable characters from which the instance derives its keys. Needed for creation.
    type: str
  encryption_salt:
    description:
      - Exactly 12 printable characters, for an instance that must share encrypted data with another one.
      - Without it the product makes one. C(idsicrt) takes it as an argument only, so every user of the target can see
        it while the instance is created; an administrator can read it from the running server too.
    type: str
  admin_dn:
    description: DN of the administrator.
    type: str
    default: cn=root
  admin_password:
    description: Password of the administrator. A running server is asked whether it is right.
    type: str
  database:
    description: The DB2 database behind the instance. An instance that has one keeps it.
    type: dict
    suboptions:
      name:
        description: Name of the database, at most 8 characters. Default is O(name).
        type: str
      owner:
        description: Owner of the DB2 instance, which has the same name. Default is O(name).
        type: str
      password:
        description: Password of the owner.
        type: str
        required: true
      location:
        description: Folder or drive of the database. Default is O(location).
        type: path
  suffixes:
    description: Suffixes that the server must hold.
    type: list
    elements: str
    default: []
  state:
    description: Whether the server runs.
    type: str
    choices: [started, stopped]
    default: started
  autostart:
    description:
      - Whether the server starts with the machine. The product itself starts only its administration daemon.
      - An entry in C(/etc/inittab) on AIX, the start type of the service on Windows.
    type: bool
    default: true
  inittab_id:
    description: Identifier of the entry in C(/etc/inittab). Default is V(itds) and O(name).
    type: str
  service:
    description: Name of the server's service on Windows. Default is V(idsslapd-) and O(name).
    type: str
  secret_prompts:
    description: How often a tool asks for a secret that it was not given. V(2) for a tool that has it confirmed.
    type: int
    default: 1
  timeout:
    description: Seconds to wait for the server to start or to stop.
    type: int
    default: 120
extends_documentation_fragment:
  - sametime.gateway.target
seealso:
  - module: sametime.gateway.ldap_entry
  - module: sametime.gateway.db2_instance
author:
  - The sametime.gateway authors (@sametime-gateway)
"""

EXAMPLES = r"""
- name: Make a directory server and keep it running
  sametime.gateway.itds_instance:
    name: ldapdb2
    location: /home/ldapdb2
    encryption_seed: "{{ vault_itds_encryption_seed }}"
    admin_password: "{{ vault_itds_admin_password }}"
    database:
      password: "{{ vault_itds_instance_password }}"
    suffixes:
      - o=rtp,c=us

- name: Stop the server for a backup
  sametime.gateway.itds_instance:
    name: ldapdb2
    state: stopped
"""

RETURN = r"""
operations:
  description: What was done, in order.
  returned: success
  type: list
  elements: str
  sample: [created instance ldapdb2, set the administrator, started the server]
state:
  description: The instance as it is, or as it would be.
  returned: success
  type: dict
  sample: {version: '6.1', port: 389, suffixes: ['o=rtp,c=us'], state: started}
"""
