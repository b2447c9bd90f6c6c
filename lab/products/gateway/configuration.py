"""What the installer writes into the configuration of a primary node or a standalone server."""

from __future__ import annotations

from collections.abc import Mapping
from xml.sax.saxutils import quoteattr

from lab.products.gateway import layout
from lab.products.was.layout import Profile
from lab.products.was.model.document import Document
from lab.products.was.model.element import Element
from lab.products.was.model.workspace import Workspace

APPLICATIONS: Mapping[str, str] = {"RTCGateway": "rtcgw.sip.war", "RTCGatewayAdmin": "rtcgw.admin.war"}
"""The names of the applications and their modules are the lab's own."""
PROVIDER = "DB2 Universal JDBC Driver Provider"
DATA_SOURCE = "STGW"
JNDI_NAME = "jdbc/stgw"
ALIAS = "stgwDatabase"

_DEPLOYMENT = """\
<?xml version="1.0" encoding="UTF-8"?>
<appdeployment:Deployment xmi:version="2.0" xmlns:xmi="http://www.omg.org/XMI" \
xmlns:appdeployment="http://www.ibm.com/websphere/appserver/schemas/5.0/appdeployment.xmi" xmi:id="Deployment_1">
  <deployedObject xmi:type="appdeployment:ApplicationDeployment" xmi:id="ApplicationDeployment_1" \
startingWeight="10" binariesURL="$(APP_INSTALL_ROOT)/$(CELL)/{name}.ear">
    <targetMappings xmi:id="DeploymentTargetMapping_1" enable="true" target="ServerTarget_1"/>
    <classloader xmi:id="Classloader_1" mode="PARENT_FIRST"/>
    <modules xmi:type="appdeployment:WebModuleDeployment" xmi:id="WebModuleDeployment_1" startingWeight="10000" \
uri={module}>
      <targetMappings xmi:id="DeploymentTargetMapping_2" target="ServerTarget_1"/>
    </modules>
  </deployedObject>
  <deploymentTargets xmi:type="appdeployment:ServerTarget" xmi:id="ServerTarget_1" name={server} nodeName={node}/>
</appdeployment:Deployment>
"""


def write(profile: Profile, values: Mapping[str, str]) -> None:
    """Applications, and the way to the database; `values` are those of the response file."""
    workspace = Workspace(profile.config)
    (server,) = workspace.resolve(f"/Node:{profile.node}/Server:{layout.SERVER}/")
    _applications(workspace, profile)
    _data_source(workspace, server, values)
    workspace.save()


def _applications(workspace: Workspace, profile: Profile) -> None:
    entry = next(each for each in workspace.list("ServerEntry") if each.get("serverName") == layout.SERVER)
    for name, module in APPLICATIONS.items():
        path = f"cells/{workspace.cell}/applications/{name}.ear/deployments/{name}/deployment.xml"
        text = _DEPLOYMENT.format(
            name=name, module=quoteattr(module), server=quoteattr(layout.SERVER), node=quoteattr(profile.node)
        )
        workspace.add(Document.parse(path, text))
        profile.file("installedApps", profile.cell, f"{name}.ear").mkdir(parents=True, exist_ok=True)
    workspace.modify(
        entry, {"deployedApplications": ";".join(f"{name}.ear/deployments/{name}" for name in APPLICATIONS)}
    )


def _data_source(workspace: Workspace, server: Element, values: Mapping[str, str]) -> None:
    (security,) = workspace.list("Security")
    workspace.create(
        "JAASAuthData",
        security,
        {"alias": ALIAS, "userId": values["DB_USER"], "password": values["DB_PASSWORD"]},
        "authDataEntries",
    )
    provider = workspace.create(
        "JDBCProvider",
        server,
        {
            "name": PROVIDER,
            "providerType": PROVIDER,
            "implementationClassName": "com.ibm.db2.jcc.DB2ConnectionPoolDataSource",
            "classpath": "${UNIVERSAL_JDBC_DRIVER_PATH}/db2jcc.jar;${UNIVERSAL_JDBC_DRIVER_PATH}/db2jcc_license_cu.jar",
        },
    )
    source = workspace.create(
        "DataSource",
        provider,
        {
            "name": DATA_SOURCE,
            "jndiName": JNDI_NAME,
            "authDataAlias": ALIAS,
            "authMechanismPreference": "BASIC_PASSWORD",
            "datasourceHelperClassname": "com.ibm.websphere.rsadapter.DB2UniversalDataStoreHelper",
        },
        "factories",
    )
    properties = workspace.create("J2EEResourcePropertySet", source, {}, "propertySet")
    for name, kind, value in (
        ("databaseName", "String", values["DB_NAME"]),
        ("driverType", "Integer", "4"),
        ("serverName", "String", values["DB_HOST"]),
        ("portNumber", "Integer", values["DB_PORT"]),
        ("currentSchema", "String", values["DB_SCHEMA_USER"].upper()),
    ):
        attributes = {"name": name, "type": f"java.lang.{kind}", "value": value}
        workspace.create("J2EEResourceProperty", properties, attributes, "resourceProperties")
    workspace.create("ConnectionPool", source, {}, "connectionPool")
