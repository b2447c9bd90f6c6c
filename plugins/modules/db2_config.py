# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# The code of this module is the action plugin of the same name.

from __future__ import annotations

DOCUMENTATION = r"""
module: db2_config
short_description: Keep parameters of a DB2 database's configuration as they should be
version_added: 0.5.0
description:
  - Changes what C(get db cfg) shows. The parameters of the database manager are an option of
    M(sametime.gateway.db2_instance).
  - A parameter that DB2 calculates compares as V(AUTOMATIC), whatever number it is at.
options:
  database:
    description: Name of the database.
    type: str
    required: true
  instance:
    description: The instance that holds it, on AIX also the name of the instance's owner.
    type: str
    required: true
  parameters:
    description: Parameters by name, in any case, and the value that each must have.
    type: dict
    required: true
  path:
    description: Directory of the DB2 copy. Its usual place unless given.
    type: str
extends_documentation_fragment:
  - sametime.gateway.target
seealso:
  - module: sametime.gateway.db2_instance
author:
  - The sametime.gateway authors (@sametime-gateway)
"""

EXAMPLES = r"""
- name: Let nobody wait for a lock for ever
  sametime.gateway.db2_config:
    database: STGW
    instance: db2inst1
    parameters:
      LOCKTIMEOUT: 30
      LOGSECOND: 20
"""

RETURN = r"""
operations:
  description: What was done, in order.
  returned: success
  type: list
  elements: str
  sample: ["db2 update db cfg for STGW using LOCKTIMEOUT 30"]
reactivation_required:
  description: Whether a change waits until all applications have left the database.
  returned: success
  type: bool
  sample: false
state:
  description: The parameters asked for as they are now, or would be.
  returned: success
  type: dict
  sample:
    LOCKTIMEOUT: "30"
"""
