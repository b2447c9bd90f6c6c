# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# The code of this module is the action plugin of the same name.

from __future__ import annotations

DOCUMENTATION = r"""
module: target_file
short_description: Keep a file or a directory of a target as it should be
version_added: 0.1.0
description:
  - Writes a file, makes a directory, or removes either.
  - A file is replaced in one step, so nobody ever sees half of it. With the same content it is not touched.
  - What is not asked for (mode, owner, group) stays as it is.
  - The directory that holds the path must exist when the change is made. In check mode it may still be missing.
options:
  path:
    description: Absolute path on the target.
    type: str
    required: true
  state:
    description:
      - With V(file) the path is a file with O(content), or that of O(src). Without either only mode, owner and group of
        a file that exists are looked after.
      - With V(directory) it is a directory. Missing parents are made too.
      - With V(absent) it does not exist. A directory goes with all that is in it.
    type: str
    choices: [file, directory, absent]
    default: file
  content:
    description:
      - Text of the file, for example from P(ansible.builtin.template#lookup). A last line without an end of line gets
        one.
    type: str
  src:
    description:
      - File of the controller whose bytes the file has, whatever they are. They are compared by their SHA-1. One that
        Ansible Vault encrypted is decrypted.
      - They travel as one text, so this is for files of a few megabytes.
      - On AIX C(uudecode) unpacks them, on Linux C(base64).
      - Excludes O(content).
    type: path
    version_added: 0.4.0
  validate:
    description:
      - Command that has to accept the new content before it gets its name, as a list of words. The word C(%s) stands
        for a file with it in the same folder. On Windows the program is named without C(.exe).
      - When it ends with another code than 0 what was there stays, and the error says what the command said.
    type: list
    elements: str
    default: []
    version_added: 0.4.0
  newline:
    description: How lines end. V(native) is V(lf) on AIX and V(crlf) on Windows.
    type: str
    choices: [native, lf, crlf]
    default: native
  sensitive:
    description:
      - The content is secret. The diff says only that it differs.
      - It is compared by its SHA-1, so that it never comes back from the target.
    type: bool
    default: false
  private:
    description:
      - Only the owner may read it (AIX, mode 0600 or 0700), or only administrators and the system (Windows).
      - Excludes O(mode).
    type: bool
    default: false
  service:
    description:
      - Windows service whose virtual account (C(NT SERVICE\name)) may read what is O(private), or change what is in a
        directory that is, besides administrators and the system. Windows only.
    type: str
    version_added: 0.4.0
  mode:
    description: Permissions as four octal digits, in quotes. Not on Windows.
    type: str
  owner:
    description: Name of the owner. Not on Windows.
    type: str
  group:
    description: Name of the group. Not on Windows.
    type: str
extends_documentation_fragment:
  - sametime.gateway.target.any_platform
seealso:
  - module: sametime.gateway.target_line
author:
  - The sametime.gateway authors (@sametime-gateway)
"""

EXAMPLES = r"""
- name: Make the folder for installation logs
  sametime.gateway.target_file:
    path: /var/stgw/log
    state: directory
    mode: "0755"

- name: Write a file that holds a password
  sametime.gateway.target_file:
    path: C:\stgw\bind.properties
    content: |
      password={{ vault_ldap_bind_password }}
    sensitive: true
    private: true

- name: Write a configuration that its program accepts
  sametime.gateway.target_file:
    path: /etc/sipnat/sipnat.json
    content: "{{ configuration | to_nice_json }}"
    validate: [/opt/freeware/bin/python3, /opt/sipnat/sipnat.pyz, check, -c, "%s"]
"""

RETURN = r"""
operations:
  description: What was done, in order.
  returned: success
  type: list
  elements: str
  sample: ["write /etc/motd"]
state:
  description: The state reached, or in check mode the one that would be. Empty for a path that does not exist.
  returned: success
  type: dict
  sample:
    type: file
    mode: "0644"
    owner: root
    group: system
    content: "Welcome\n"
"""
