# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# The code of this module is the action plugin of the same name.

from __future__ import annotations

DOCUMENTATION = r"""
module: aix_tunable
short_description: Keep tunables of AIX's kernel as they should be, now and after each restart
version_added: 0.5.0
description:
  - Looks after what C(no) (network) and C(vmo) (virtual memory) manage. Values are compared with those in force and
    with those that the next start of the machine brings. All that differ are changed, those of a kind by one command.
  - Tunables that AIX takes at a restart only are set for it; RV(restart_required) says that one is due.
options:
  network:
    description:
      - Tunables of C(no) by name, and the number that each must have, in the unit of the tunable, such as half seconds
        for C(tcp_keepidle).
    type: dict
    default: {}
  memory:
    description: Tunables of C(vmo) in the same way.
    type: dict
    default: {}
extends_documentation_fragment:
  - sametime.gateway.target
notes:
  - Tunables that AIX 6.1 and later restrict are changed only after an answer to a question, which the module does not
    give; AIX then refuses the change. Their default values there are those that AIX 5.3 has to be told.
author:
  - The sametime.gateway authors (@sametime-gateway)
"""

EXAMPLES = r"""
- name: Send keep-alive probes before a router forgets the connection
  sametime.gateway.aix_tunable:
    network:
      tcp_keepidle: 1200

- name: Let programs have the memory before files do
  sametime.gateway.aix_tunable:
    memory:
      maxperm%: 90
      maxclient%: 90
      minperm%: 3
      lru_file_repage: 0
"""

RETURN = r"""
operations:
  description: What was done, in order.
  returned: success
  type: list
  elements: str
  sample: ["no -p -o tcp_keepidle=1200"]
restart_required:
  description: Whether the machine has to be restarted for a value to be in force.
  returned: success
  type: bool
  sample: false
state:
  description: The tunables as they are now, or would be.
  returned: success
  type: dict
  sample:
    no tcp_keepidle: "1200"
"""
