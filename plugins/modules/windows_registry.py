# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# The code of this module is the action plugin of the same name.

from __future__ import annotations

DOCUMENTATION = r"""
module: windows_registry
short_description: Keep values of a key of the Windows registry as they should be
version_added: 0.5.0
description:
  - Writes values of one key below C(HKLM), and makes the key where it is missing. Works with PowerShell 2.0 on Windows
    Server 2003.
  - Windows reads many settings, such as those of TCP/IP, only when it starts. The module restarts nothing.
options:
  key:
    description: The key, as V(HKLM:\\SYSTEM\\CurrentControlSet\\Services\\Tcpip\\Parameters).
    type: str
    required: true
  values:
    description: Values of the key.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: Name of the value. Capitals do not matter.
        type: str
        required: true
      type:
        description: V(dword) is a number from 0 to 2147483647, V(string) one line of printable ASCII.
        type: str
        choices: [dword, string]
        default: dword
      data:
        description: What the value holds. Required unless O(values[].state=absent).
        type: str
      state:
        description: Whether there is such a value.
        type: str
        choices: [present, absent]
        default: present
extends_documentation_fragment:
  - sametime.gateway.target
author:
  - The sametime.gateway authors (@sametime-gateway)
"""

EXAMPLES = r"""
- name: Send keep-alive probes before a router forgets the connection
  sametime.gateway.windows_registry:
    key: HKLM:\SYSTEM\CurrentControlSet\Services\Tcpip\Parameters
    values:
      - name: KeepAliveTime
        data: "600000"
"""

RETURN = r"""
operations:
  description: What was done, in order.
  returned: success
  type: list
  elements: str
  sample: ["KeepAliveTime = dword 600000"]
state:
  description: The values asked for as they are now, or would be; those that do not exist are left out.
  returned: success
  type: dict
  sample:
    KeepAliveTime: dword 600000
"""
