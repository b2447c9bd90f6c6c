# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# The code of this module is the action plugin of the same name.

from __future__ import annotations

DOCUMENTATION = r"""
module: aix_device
short_description: Keep a device of AIX available and its attributes as they should be
version_added: 0.1.0
description:
  - Looks after what C(lsdev), C(lsattr), C(mkdev) and C(chdev) manage. That includes settings of the operating system,
    such as C(maxuproc) of C(sys0) and asynchronous I/O, C(aio0).
options:
  name:
    description: Name of the device. It must exist.
    type: str
    required: true
  attributes:
    description: Attributes and the values they must have.
    type: dict
    default: {}
  minimum:
    description: Attributes that are numbers, and the lowest value that will do. Greater values stay.
    type: dict
    default: {}
  available:
    description: Whether the device must be available now.
    type: bool
    default: false
  at_restart:
    description: Whether the attributes are changed for the next start of the machine only.
    type: bool
    default: false
extends_documentation_fragment:
  - sametime.gateway.target
author:
  - The sametime.gateway authors (@sametime-gateway)
"""

EXAMPLES = r"""
- name: Allow DB2 its processes
  sametime.gateway.aix_device:
    name: sys0
    minimum:
      maxuproc: 4096

- name: Have asynchronous I/O now and after each start
  sametime.gateway.aix_device:
    name: aio0
    available: true
    attributes:
      autoconfig: available
    at_restart: true
"""

RETURN = r"""
operations:
  description: What was done, in order.
  returned: success
  type: list
  elements: str
  sample: ["chdev -l sys0 -a maxuproc=4096"]
state:
  description: The device as it is now, or would be.
  returned: success
  type: dict
  sample:
    available: true
    maxuproc: "4096"
"""
