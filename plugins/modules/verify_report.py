# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# The code of this module is the action plugin of the same name.

from __future__ import annotations

DOCUMENTATION = r"""
module: verify_report
short_description: Write the results of test cases as JSON, JUnit XML and a page
version_added: 0.4.0
description:
  - Writes C(verify.json), C(junit.xml) and C(index.html) on the controller. The page needs nothing besides itself.
  - Fails when a test case failed, after the reports are written.
  - That a report is another one each time is not a change. In check mode nothing is written.
options:
  folder:
    description: Folder of the controller for the reports. It is made when it is not there.
    type: str
    required: true
  runs:
    description:
      - What the role P(sametime.gateway.verify#role) noted for each site, C(site), C(partner), C(mode), C(transport),
        C(public), C(started), C(duration) and C(cases).
    type: list
    elements: dict
    required: true
extends_documentation_fragment:
  - sametime.gateway.target.controller
seealso:
  - module: sametime.gateway.sip_probe
  - module: sametime.gateway.sametime_client
author:
  - The sametime.gateway authors (@sametime-gateway)
"""

EXAMPLES = r"""
- name: Write what became of the test cases
  sametime.gateway.verify_report:
    folder: build/verify
    runs: "{{ runs }}"
"""

RETURN = r"""
verdict:
  description: V(passed), V(failed), or V(skipped) when nothing was tried.
  returned: always
  type: str
  sample: passed
counts:
  description: Number of test cases by their result.
  returned: always
  type: dict
  sample: {passed: 15, failed: 0, skipped: 12}
exchanged:
  description: What was seen to get through, by kind and direction.
  returned: always
  type: dict
  sample: {status_out: 3, status_in: 3, message_out: 3, message_in: 3}
closing:
  description:
    - All of it in one line, which the callback P(sametime.gateway.summary#callback) repeats at the end of the run.
  returned: always
  type: str
  sample: "presence and messages exchanged both ways through the NAT: out 3 statuses and 3 messages, in 3 statuses
    and 3 messages; 15 test cases passed, 0 failed, 12 skipped"
files:
  description: The reports.
  returned: always
  type: list
  elements: str
  sample: [build/verify/verify.json, build/verify/junit.xml, build/verify/index.html]
"""
