# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# The code of this module is the action plugin of the same name.

from __future__ import annotations

DOCUMENTATION = r"""
module: target_account
short_description: Keep local groups and users of a target
version_added: 0.1.0
description:
  - Looks after any number of groups and users in one call. All are read in one round trip and changed in one more.
  - Groups are made before users, users are removed before groups.
  - Membership is added, never taken away.
  - Passwords cannot be read back, so they are set when the user is made and otherwise only on request.
  - On Linux what is said here of AIX holds, but O(users[].limits) are refused and a home directory is not made.
  - AIX 5.3 compares only the first eight characters of a password unless the administrator chose another algorithm.
options:
  groups:
    description: Local groups.
    type: list
    elements: dict
    default: []
    suboptions:
      name:
        description: Name of the group. On AIX at most eight characters.
        type: str
        required: true
      gid:
        description: Number of the group. AIX only. Without it the system chooses one.
        type: int
      comment:
        description: What the group is for. Windows only.
        type: str
      members:
        description: Users that must be members. Others stay members.
        type: list
        elements: str
        default: []
      state:
        description: Whether the group exists.
        type: str
        choices: [present, absent]
        default: present
  users:
    description: Local users.
    type: list
    elements: dict
    default: []
    suboptions:
      name:
        description: Name of the user. On AIX at most eight characters, on Windows at most twenty.
        type: str
        required: true
      uid:
        description: Number of the user. AIX only. Without it the system chooses one.
        type: int
      group:
        description: Primary group. AIX only.
        type: str
      groups:
        description: Groups the user must be a member of, apart from the primary one. Other memberships stay.
        type: list
        elements: str
        default: []
      home:
        description: Home directory. AIX only.
        type: str
      shell:
        description: Login shell. AIX only.
        type: str
      comment:
        description: Full name or purpose.
        type: str
      limits:
        description:
          - Process limits by their AIX names, C(cpu), C(core), C(data), C(fsize), C(nofiles), C(rss), C(stack), each
            also with C(_hard) appended. V(-1) is unlimited.
          - AIX only.
        type: dict
        default: {}
      password:
        description: Password in clear text.
        type: str
      update_password:
        description: With V(on_create) the password is set only for a user made by this call, with V(always) each time.
        type: str
        choices: [on_create, always]
        default: on_create
      password_expires:
        description: Whether the password must be renewed after a time. Left as it is unless given. Windows only.
        type: bool
      state:
        description: Whether the user exists. A removed user's home directory stays.
        type: str
        choices: [present, absent]
        default: present
extends_documentation_fragment:
  - sametime.gateway.target.any_platform
author:
  - The sametime.gateway authors (@sametime-gateway)
"""

EXAMPLES = r"""
- name: Make the accounts of a DB2 instance on AIX
  sametime.gateway.target_account:
    groups:
      - name: db2iadm1
        gid: 999
    users:
      - name: db2inst1
        uid: 1004
        group: db2iadm1
        groups: [staff]
        home: /home/db2inst1
        password: "{{ vault_db2_instance_password }}"
        limits:
          fsize: -1
          data: -1
          nofiles: -1

- name: Make the account of the DB2 services on Windows
  sametime.gateway.target_account:
    users:
      - name: db2admin
        groups: [Administrators]
        password: "{{ vault_db2_windows_password }}"
        password_expires: false
"""

RETURN = r"""
operations:
  description: What was done, in order, without passwords.
  returned: success
  type: list
  elements: str
  sample: ["mkgroup id=999 db2iadm1"]
state:
  description: The accounts asked for as they are now, or would be, by C(group NAME) and C(user NAME).
  returned: success
  type: dict
  sample:
    group db2iadm1:
      gid: 999
      members: [db2inst1]
"""
