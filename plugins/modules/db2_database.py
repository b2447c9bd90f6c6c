# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# The code of this module is the action plugin of the same name.

from __future__ import annotations

DOCUMENTATION = r"""
module: db2_database
short_description: Have a DB2 database, proven by a query
version_added: 0.1.0
description:
  - Creates a database with C(CREATE DATABASE) or with a vendor's script, as the owner of the instance.
  - The creation runs detached on the target like an installer. A task that is run again while it works waits for it.
  - The instance must be started.
options:
  name:
    description: Name of the database, 1 to 8 characters.
    type: str
    required: true
  instance:
    description: Name of the instance. On AIX also its owner.
    type: str
    required: true
  path:
    description:
      - Directory of the DB2 copy. Windows only; on AIX the instance knows its copy.
      - Default is V(C:\\Program Files\\IBM\\SQLLIB).
    type: str
  codeset:
    description: Code set of the database.
    type: str
    default: UTF-8
  territory:
    description: Territory of the database.
    type: str
    default: US
  database_path:
    description: Directory or drive of the database's files. Default is that of the instance. Without O(script) only.
    type: str
  script:
    description:
      - A script that creates the database and what is in it, and its arguments, which everybody on the target can see.
      - Without it the database is created empty.
    type: list
    elements: str
  accepted_rc:
    description: Exit codes of the creation that mean success.
    type: list
    elements: int
    default: [0, 1, 2]
  verify:
    description: What proves that the database is complete.
    type: dict
    suboptions:
      query:
        description: An SQL query for one number.
        type: str
        required: true
      at_least:
        description: The lowest number that will do.
        type: int
        default: 1
  replace_incomplete:
    description:
      - What may happen to an existing database that O(verify) finds incomplete, such as one whose creation was
        interrupted. V(empty) drops and creates it again when it has no table but DB2's own, V(always) drops it with
        all that is in it.
    type: str
    choices: [never, empty, always]
    default: empty
  timeout:
    description: Seconds after which the creation is ended.
    type: int
    default: 3600
extends_documentation_fragment:
  - sametime.gateway.target
seealso:
  - module: sametime.gateway.db2_instance
author:
  - The sametime.gateway authors (@sametime-gateway)
"""

EXAMPLES = r"""
- name: Have the gateway's database
  sametime.gateway.db2_database:
    name: STGW
    instance: db2inst1
    script: [/stgw/media/gateway/database/db2/createDb.sh, STGW, db2inst1]
    verify:
      query: select count(*) from syscat.tables where tabschema = 'DB2INST1'
"""

RETURN = r"""
operations:
  description: What was done, in order.
  returned: success
  type: list
  elements: str
  sample: [created STGW]
state:
  description: The database as it is now, or would be.
  returned: success
  type: dict
  sample:
    database: STGW
    codeset: UTF-8
    territory: US
    complete: true
"""
