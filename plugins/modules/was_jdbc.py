# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# The code of this module is the action plugin of the same name.

from __future__ import annotations

DOCUMENTATION = r"""
module: was_jdbc
short_description: Have a DB2 data source in WebSphere
version_added: 0.2.0
description:
  - Brings a JDBC provider for DB2, a data source, and the user and password that it connects with into a state, and
    tests the connection.
  - The password is compared with the one in the configuration, but never shown.
options:
  scope:
    description:
      - Where provider and data source live, as a containment path, such as V(/Cell:stgwCell/) or
        V(/ServerCluster:SametimeGatewayCluster/).
    type: str
    required: true
  provider:
    description: The JDBC provider. It is created when it is missing and stays when the data source goes.
    type: dict
    suboptions:
      name:
        description: Name of the provider.
        type: str
        default: DB2 Universal JDBC Driver Provider
      class_name:
        description:
          - Its implementation class. Default is V(com.ibm.db2.jcc.DB2XADataSource) when O(provider.xa) is set, else
            V(com.ibm.db2.jcc.DB2ConnectionPoolDataSource).
        type: str
      xa:
        description: Whether transactions span several resources.
        type: bool
        default: false
      jars:
        description: Archives of the driver, as paths or as names in O(driver_path).
        type: list
        elements: str
        default: [db2jcc.jar, db2jcc_license_cu.jar]
  name:
    description: Name of the data source.
    type: str
    required: true
  jndi_name:
    description: Name that applications look it up by; required when O(state=present).
    type: str
  database:
    description: Name of the database; required when O(state=present).
    type: str
  server:
    description: Host of the database; required when O(state=present).
    type: str
  database_port:
    description: Port of the database on O(server).
    type: int
    default: 50000
  tls:
    description:
      - Whether it connects over TLS, by the property C(sslConnection) of the driver, left as it is without this option.
      - With V(false) a data source that has the property gets it changed, and one that has not stays without it.
      - The signer of the database's certificate has to be in the trust store of the servers, and O(database_port) has
        to be the one for TLS.
    type: bool
    version_added: 0.5.0
  auth_alias:
    description: Name of the user and password in the configuration.
    type: str
  db_user:
    description: User of the database; needs O(auth_alias).
    type: str
  db_password:
    description: Password of O(db_user).
    type: str
  driver_path:
    description: Folder of the driver's archives on the servers. Default is the provider's own variables of WebSphere.
    type: str
  pool:
    description: Settings of the connection pool, such as C(maxConnections), by their names in WebSphere.
    type: dict
    default: {}
  test:
    description:
      - Test the connection, with result C(tested), when something changes and until it succeeds. It takes a running
        deployment manager. The data source's description tells how the last test went.
    type: bool
    default: false
  state:
    description: Whether the data source exists. With V(absent), O(auth_alias) goes too when it is given.
    type: str
    choices: [present, absent]
    default: present
extends_documentation_fragment:
  - sametime.gateway.target
  - sametime.gateway.was
seealso:
  - module: sametime.gateway.was_config
author:
  - The sametime.gateway authors (@sametime-gateway)
"""

EXAMPLES = r"""
- name: Connect the cluster to the gateway's database
  sametime.gateway.was_jdbc:
    profile: /usr/IBM/WebSphere/STgateway/profiles/RTCGW_Profile
    user: wasadmin
    password: "{{ vault_was_admin_password }}"
    scope: /ServerCluster:SametimeGatewayCluster/
    name: STGW
    jndi_name: jdbc/stgw
    database: STGW
    server: db2srv1.rtp.example
    auth_alias: stgwDatabase
    db_user: db2inst1
    db_password: "{{ vault_db2_instance_password }}"
    driver_path: ${UNIVERSAL_JDBC_DRIVER_PATH}
    pool:
      maxConnections: 50
    test: true
"""

RETURN = r"""
operations:
  description: What was done, in order, as path, attribute, and value before and after.
  returned: success
  type: list
  elements: str
  sample: ['create /ServerCluster:SametimeGatewayCluster/JDBCProvider:DB2 Universal JDBC Driver Provider/']
launches:
  description: How many times wsadmin was launched; V(0) when nothing differed.
  returned: success
  type: int
  sample: 1
save:
  description: Whether the configuration was saved.
  returned: success
  type: bool
  sample: true
sync:
  description: For each node whose node agent ran whether it was synchronised.
  returned: success
  type: dict
  sample: {stgpn1Node: true}
restart_required:
  description: Servers that have to be restarted for the changes to work, as C(node/server).
  returned: success
  type: list
  elements: str
  sample: [stgpn1Node/RTCGWServer, stgsn1Node/RTCGWServer]
tested:
  description: What WebSphere said to the test of each data source that was tested, by path.
  returned: success
  type: dict
  sample:
    ? /ServerCluster:SametimeGatewayCluster/JDBCProvider:DB2 Universal JDBC Driver Provider/DataSource:STGW/
    : 'WASX7217I: Connection to provided datasource was successful.'
state:
  description: The attributes that were asked for as they are, or would be, by path. Secrets are masked.
  returned: success
  type: dict
  sample:
    ? /ServerCluster:SametimeGatewayCluster/JDBCProvider:DB2 Universal JDBC Driver Provider/DataSource:STGW/
    : {jndiName: jdbc/stgw}
"""
