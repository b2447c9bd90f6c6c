# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# The code of this module is the action plugin of the same name.

from __future__ import annotations

DOCUMENTATION = r"""
module: db2_instance
short_description: Have a DB2 instance, configured, licensed and running
version_added: 0.1.0
description:
  - Creates an instance of an installed DB2 copy, completes one whose creation was interrupted, sets its registry and
    configuration, registers the licence of the copy, and starts or stops it.
  - DB2's commands run as the owner of the instance, who must exist.
  - On Windows the setup program of DB2 makes the instance. There this module looks after the rest.
options:
  name:
    description: Name of the instance. On AIX also its owner, 1 to 8 lower-case characters.
    type: str
    required: true
  path:
    description:
      - Directory of the DB2 copy.
      - Default is V(/opt/IBM/db2/V9.1) on AIX and V(C:\\Program Files\\IBM\\SQLLIB) on Windows.
    type: str
  state:
    description:
      - V(present) looks after everything but its running.
      - V(restarted) always stops and starts it, whoever is connected.
    type: str
    choices: [present, started, stopped, restarted]
    default: present
  fenced_user:
    description: User of fenced routines. Needed to create an instance. AIX only.
    type: str
  type:
    description: Type of a new instance. AIX only.
    type: str
    choices: [ese, wse, standalone, client]
    default: wse
  service:
    description: TCP/IP service name, the parameter SVCENAME of the instance.
    type: str
  port:
    description: Port of O(service), written to the file C(services). A started instance must listen on it.
    type: int
  registry:
    description: DB2 registry variables of the instance, as C(db2set) sets them, for example C(DB2COMM).
    type: dict
    default: {}
  configuration:
    description: Parameters of the database manager's configuration.
    type: dict
    default: {}
  autostart:
    description: Whether it starts with the machine. On AIX the fault monitor does that. Left as it is unless given.
    type: bool
  licence_file:
    description: Licence file on the target. Registered when the copy has no licence but a trial one.
    type: str
  copy_name:
    description: Name of the DB2 copy. Windows only.
    type: str
    default: DB2COPY1
extends_documentation_fragment:
  - sametime.gateway.target
seealso:
  - module: sametime.gateway.installer
  - module: sametime.gateway.db2_database
author:
  - The sametime.gateway authors (@sametime-gateway)
"""

EXAMPLES = r"""
- name: Have the instance of the gateway's database
  sametime.gateway.db2_instance:
    name: db2inst1
    state: started
    fenced_user: db2fenc1
    service: db2c_db2inst1
    port: 50000
    registry:
      DB2COMM: tcpip
    autostart: true
    licence_file: /stgw/media/db2/wse/db2/license/db2wse_o.lic
"""

RETURN = r"""
operations:
  description: What was done, in order.
  returned: success
  type: list
  elements: str
  sample: [db2icrt db2inst1, db2set DB2COMM=TCPIP, db2start]
state:
  description: The instance as it is now, or would be. Only what was asked for.
  returned: success
  type: dict
  sample:
    instance: usable
    registry: {DB2COMM: TCPIP}
    configuration: {SVCENAME: db2c_db2inst1}
    port: 50000/tcp
    running: true
    listening: true
restart_required:
  description: Whether the instance runs on with an older configuration than it has now.
  returned: unless O(state=restarted)
  type: bool
"""
