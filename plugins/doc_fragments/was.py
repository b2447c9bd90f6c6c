# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What every module that configures WebSphere through wsadmin has in common."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  profile:
    description:
      - Path of the profile whose configuration is changed, as the target knows it. That of the deployment manager, or
        one that belongs to no cell.
    type: str
    required: true
  user:
    description: Administrator of the cell; leave it out where administrative security is off.
    type: str
  password:
    description:
      - Password of O(user). It stands in the profile's C(soap.client.props), which only the user of the connection can
        read then, while wsadmin works; then the original comes back.
    type: str
  connection:
    description:
      - V(soap) works through the running deployment manager.
      - V(none) works on the files, and is refused while the deployment manager runs.
    type: str
    choices: [soap, none]
    default: soap
  host:
    description: Name of the deployment manager's host, as the target knows it.
    type: str
    default: localhost
  port:
    description: SOAP port of the deployment manager. Default is the one in the profile's own C(serverindex.xml).
    type: int
  sync:
    description: Synchronise the nodes whose node agents run, after a change.
    type: bool
    default: true
  timeout:
    description: Seconds after which wsadmin is ended.
    type: int
    default: 600
"""
