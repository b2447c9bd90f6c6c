# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# The code of this module is the action plugin of the same name.

from __future__ import annotations

DOCUMENTATION = r"""
module: sametime_client
short_description: Do what people do at a Sametime client
version_added: 0.4.0
description:
  - Calls a program that stands for a person at a Sametime client, any number of times in one round trip.
    Sametime itself has no such program; the role P(sametime.gateway.verify#role) says what it has to understand.
  - Without O(commands) it only tells whether the program is there.
  - It fails when the program cannot be called. Whether the person got what was wanted, its exit code tells.
  - In check mode nothing is sent.
options:
  program:
    description: Absolute path of the program on the target.
    type: str
    required: true
  commands:
    description:
      - The calls, each a list of words. No word may be empty, or hold a control character, C(") or C(%).
    type: list
    elements: list
    default: []
attributes:
  check_mode:
    description: Skipped, for it would send messages to others.
    support: none
extends_documentation_fragment:
  - sametime.gateway.target.read_only
seealso:
  - module: sametime.gateway.sip_probe
author:
  - The sametime.gateway authors (@sametime-gateway)
"""

EXAMPLES = r"""
- name: Alice writes to Bob
  sametime.gateway.sametime_client:
    program: /opt/stclient/stclient
    commands:
      - [alice@rtp.example, presence, bob@partner.example, "10"]
      - [alice@rtp.example, say, bob@partner.example, good morning, "10"]
"""

RETURN = r"""
found:
  description: Whether the program is there.
  returned: success
  type: bool
  sample: true
answers:
  description: For each call its words, the lines that were printed, and the exit code.
  returned: success
  type: list
  elements: dict
  sample:
    - words: [alice@rtp.example, presence, bob@partner.example, "10"]
      said: [status=online]
      exit: 0
"""
