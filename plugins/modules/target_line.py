# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# The code of this module is the action plugin of the same name.

from __future__ import annotations

DOCUMENTATION = r"""
module: target_line
short_description: Keep single lines of a text file of a target
version_added: 0.1.0
description:
  - For files that several products share, such as C(/etc/services). The rest of the file, its mode, owner,
    group and ends of line stay as they are.
  - A missing file is made when a line must be in it.
  - Not for files that hold secrets, because the diff shows what stands around a changed line.
options:
  path:
    description: Absolute path of the file on the target.
    type: str
    required: true
  lines:
    description: The lines to look after, in order.
    type: list
    elements: dict
    required: true
    suboptions:
      line:
        description: The line as it must be. Required unless O(lines[].state=absent).
        type: str
      regexp:
        description:
          - Regular expression (Python) that finds the line to replace or remove. The last line found is replaced by
            O(lines[].line), further ones stay.
          - Without it the line is found by being equal to O(lines[].line).
        type: str
      section:
        description:
          - Section of an INI file, without its brackets, that the line is looked for and put in. It is added at the end
            of the file when it is missing.
          - Without it the whole file is looked at, and a new line comes at its end.
        type: str
        version_added: 0.5.0
      state:
        description: Whether the line is there. With V(absent) every line found is removed.
        type: str
        choices: [present, absent]
        default: present
extends_documentation_fragment:
  - sametime.gateway.target
seealso:
  - module: sametime.gateway.target_file
author:
  - The sametime.gateway authors (@sametime-gateway)
"""

EXAMPLES = r"""
- name: Give the DB2 instance its port
  sametime.gateway.target_line:
    path: /etc/services
    lines:
      - regexp: '^db2c_db2inst1\s'
        line: "db2c_db2inst1 50000/tcp"

- name: Tell a Sametime server which gateways it may trust
  sametime.gateway.target_line:
    path: /local/notesdata/sametime.ini
    lines:
      - section: Config
        regexp: '(?i)^\s*VPS_TRUSTED_IPS\s*='
        line: VPS_TRUSTED_IPS=9.42.111.2,9.42.111.3
"""

RETURN = r"""
operations:
  description: What was done, in order.
  returned: success
  type: list
  elements: str
  sample: ["write /etc/services"]
state:
  description: The content reached, or in check mode the one that would be.
  returned: success
  type: dict
  sample:
    content: "db2c_db2inst1 50000/tcp\n"
"""
