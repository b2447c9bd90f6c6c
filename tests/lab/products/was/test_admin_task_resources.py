"""AdminTask: JDBC, buses and JMS, key stores and SSL, administrators."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from lab.products.was.admin import Argument
from lab.products.was.errors import ScriptingError
from tests.lab.products.was.cell import Cell

DB2 = '-databaseType DB2 -providerType "DB2 Universal JDBC Driver Provider"'
HELPER = "com.ibm.websphere.rsadapter.DB2UniversalDataStoreHelper"


@pytest.fixture
def cell(tmp_path: Path) -> Cell:
    made = Cell(tmp_path)
    made.task("createApplicationServer", "N", "[-name S -genUniquePorts false]")
    return made


def refused(cell: Cell, text: str, name: str, *arguments: Argument) -> None:
    with pytest.raises(ScriptingError) as error:
        cell.task(name, *arguments)
    assert str(error.value).startswith(text)


def test_a_data_source_of_db2(cell: Cell) -> None:
    options = f'[-scope Cell=C {DB2} -implementationType "XA data source" -name STGW]'
    made = cell.task("createJDBCProvider", options)
    provider = cell.workspace.find(made)
    assert provider.get("implementationClassName") == "com.ibm.db2.jcc.DB2XADataSource"
    assert provider.get("xa") == "true"
    assert (provider.get("classpath") or "").split(";")[0] == "${DB2UNIVERSAL_JDBC_DRIVER_PATH}/db2jcc.jar"
    assert cell.task("listJDBCProviders", "[-scope Cell=C]").splitlines().count(made) == 1
    rows = (
        "[[databaseName java.lang.String STGW] [driverType java.lang.Integer 4] "
        '[serverName java.lang.String "db.example.com"] [portNumber java.lang.Integer 50001]]'
    )
    source = cell.task(
        "createDatasource", made,
        f"[-name ds -jndiName jdbc/stgw -dataStoreHelperClassName {HELPER} -componentManagedAuthenticationAlias D/db "
        f"-containerManagedPersistence true -configureResourceProperties {rows}]",
    )  # fmt: skip
    shown = dict(line[1:-1].split(" ", 1) for line in cell.task("showResourceProperties", source).splitlines())
    assert shown["databaseName"] == "STGW"
    assert shown["portNumber"] == "50001"
    element = cell.workspace.find(source)
    assert (element.get("jndiName"), element.get("authDataAlias")) == ("jdbc/stgw", "D/db")
    (adapter,) = cell.workspace.referenced(element, "relationalResourceAdapter")
    assert adapter.get("name") == "WebSphere Relational Resource Adapter"
    (factory,) = cell.workspace.list("CMPConnectorFactory")
    assert factory.get("name") == "ds_CF"
    cell.task("setResourceProperty", source, "[-propertyName portNumber -propertyValue 50002]")
    assert cell.task("showResourceProperties", source, "[-propertyName portNumber]") == "50002"
    refused(
        cell, "WASX8018E: Cannot find a match for option value [[nonsense java.lang.String x]] for step",
        "createDatasource", made, f"[-name d -jndiName j -dataStoreHelperClassName {HELPER} "
        "-configureResourceProperties [[nonsense java.lang.String x]]]",
    )  # fmt: skip
    assert cell.task("listDatasources", "[-scope Cell=C]") == source


@pytest.mark.parametrize(
    ("options", "parameter"),
    [
        (f'-scope Planet=C {DB2} -implementationType "XA data source"', "scope"),
        (f'-scope Node=Q {DB2} -implementationType "XA data source"', "scope"),
        ('-scope Cell=C -databaseType DB3 -providerType x -implementationType "XA data source"', "databaseType"),
        ('-scope Cell=C -databaseType DB2 -providerType x -implementationType "XA data source"', "providerType"),
        (f"-scope Cell=C {DB2} -implementationType XA", "implementationType"),
    ],
)
def test_a_provider_that_is_refused(cell: Cell, options: str, parameter: str) -> None:
    with pytest.raises(ScriptingError, match=f"ADMF0003E: .* for parameter {parameter} for command createJDBCProvider"):
        cell.task("createJDBCProvider", f"[{options}]")


def test_a_bus_with_a_member_and_destinations(cell: Cell) -> None:
    bus = cell.task("createSIBus", "-bus B")
    assert bus.startswith("B(cells/C/buses/B|sib-bus.xml#SIBus_")
    refused(cell, 'CWSJA0000E: Bus "B" already exists.', "createSIBus", "[-bus B]")
    refused(cell, 'CWSJA0001E: Bus "X" not found.', "listSIBusMembers", "[-bus X]")
    refused(cell, "CWSJA0007E", "addSIBusMember", "[-bus B -node N]")
    member = "[-bus B -node N -server S -fileStore true -logSize 200]"
    cell.task("addSIBusMember", member)
    refused(cell, 'CWSJA0003E: Bus member "N.S" already exists.', "addSIBusMember", member)
    engine = cell.workspace.find(cell.task("listSIBEngines", "[-bus B]"))
    assert (engine.get("name"), engine.get("messageStoreType")) == ("N.S-B", "FILESTORE")
    (store,) = engine.children["fileStore"]
    assert store.get("logSize") == "200"
    service = cell.workspace.document("cells/C/nodes/N/servers/S/sib-service.xml").roots[0]
    assert service.get("enable") == "true"
    cell.task("createSIBDestination", "[-bus B -name Q -type Queue -node N -server S]")
    refused(cell, "CWSJA0006E", "createSIBDestination", "[-bus B -name P -type Pipe]")
    refused(cell, "CWSJA0010E", "createSIBDestination", "[-bus B -name Q -type Queue -node N -server S]")
    assert len(cell.task("listSIBDestinations", "[-bus B]").splitlines()) == 2
    assert len(cell.task("listSIBDestinations", "[-bus B -type Queue]").splitlines()) == 1
    cell.task("removeSIBusMember", "[-bus B -node N -server S]")
    assert cell.task("listSIBEngines", "[-bus B]") == ""
    cell.task("deleteSIBus", "[-bus B]")
    assert cell.task("listSIBuses") == ""


def test_jms_resources_of_the_default_provider(cell: Cell) -> None:
    target = cell.workspace.config_id(cell.one("/Cell:C/"))
    factory = cell.task("createSIBJMSConnectionFactory", target, "[-name F -jndiName jms/f -busName B -type queue]")
    refused(cell, "CWSJA1001E", "createSIBJMSConnectionFactory", target, "[-name G -jndiName jms/f -busName B]")
    (definition,) = cell.workspace.referenced(cell.workspace.find(factory), "connectionDefinition")
    assert definition.get("connectionFactoryInterface") == "javax.jms.QueueConnectionFactory"
    assert "[BusName B]" in cell.task("showResourceProperties", factory).splitlines()
    queue = cell.task("createSIBJMSQueue", target, "[-name Q -jndiName jms/q -queueName Q -busName B]")
    topic = cell.task("createSIBJMSTopic", target, "[-name T -jndiName jms/t -topicName T]")
    assert cell.task("listSIBJMSQueues", target) == queue
    assert cell.task("listSIBJMSTopics", target) == topic
    assert cell.task("listSIBJMSConnectionFactories", target, "[-type queue]") == factory
    assert cell.task("listSIBJMSConnectionFactories", target, "[-type topic]") == ""
    options = "[-name A -jndiName jms/a -destinationJndiName jms/q -busName B -destinationType javax.jms.Queue]"
    specification = cell.task("createSIBJMSActivationSpec", target, options)
    assert cell.task("listSIBJMSActivationSpecs", target) == specification


def test_key_stores_and_ssl(cell: Cell) -> None:
    assert len(cell.task("listKeyStores", "[-scopeName (cell):C]").splitlines()) == 3
    assert len(cell.task("listKeyStores", "[-all true]").splitlines()) == 7
    scope = "(cell):C:(node):N:(server):S"
    options = (
        f"-keyStoreName ks -scopeName {scope} -keyStoreType PKCS12 -keyStoreLocation /tmp/k.p12 "
        "-keyStorePassword secret -keyStorePasswordVerify {}"
    )
    refused(cell, "CWPKI0622E", "createKeyStore", f"[{options.format('other')}]")
    store = cell.task("createKeyStore", f"[{options.format('secret')}]")
    assert "secret" not in cell.workspace.document("cells/C/security.xml").text()
    assert f"scopeName: {scope}" in cell.task("listManagementScopes").splitlines()
    refused(cell, "CWPKI0623E", "createKeyStore", f"[{options.format('secret')}]")
    stores = f"-keyStoreName ks -keyStoreScopeName {scope} -trustStoreName CellDefaultTrustStore"
    refused(cell, "ADMF0002E: Required parameter trustStoreName is not found for command createSSLConfig.",
            "createSSLConfig", "[-alias X -keyStoreName ks]")  # fmt: skip
    refused(cell, "CWPKI0624E", "createSSLConfig", "[-alias X -keyStoreName nix -trustStoreName nix]")
    config = cell.task("createSSLConfig", f"[-alias X -scopeName {scope} {stores}]")
    (setting,) = cell.workspace.find(config).children["setting"]
    assert [cell.workspace.config_id(each) for each in cell.workspace.referenced(setting, "keyStore")] == [store]
    cell.task("modifySSLConfig", f"[-alias X -scopeName {scope} -sslProtocol TLS]")
    assert "[sslProtocol TLS]" in cell.task("getSSLConfig", f"[-alias X -scopeName {scope}]")
    assert cell.task("listSSLConfigs", f"[-scopeName {scope} -displayObjectName true]") == config
    cell.task("deleteSSLConfig", f"[-alias X -scopeName {scope}]")
    refused(cell, "CWPKI0626E", "getSSLConfig", f"[-alias X -scopeName {scope}]")


def test_administrators(cell: Cell) -> None:
    cell.task("mapUsersToAdminRole", "[-roleName operator -userids [anna bert]]")
    cell.task("mapUsersToAdminRole", "[-roleName operator -userids anna]")
    cell.task("mapGroupsToAdminRole", ["-roleName", "monitor", "-groupids", "staff"])
    assert "operator=[anna, bert]" in cell.task("listUserIDsOfAuthorizationGroup")
    assert "monitor=[staff]" in cell.task("listGroupIDsOfAuthorizationGroup")
    cell.task("removeUsersFromAdminRole", "[-roleName operator -userids bert]")
    assert "operator=[anna]" in cell.task("listUserIDsOfAuthorizationGroup")
    refused(cell, "ADMF0003E: Invalid parameter value king for parameter roleName", "mapUsersToAdminRole",
            "[-roleName king -userids anna]")  # fmt: skip


def test_a_federated_ldap_repository(cell: Cell) -> None:
    create = "-id ITDS -ldapServerType IDS -loginProperties uid;mail -certificateMapMode exactdn"
    assert cell.task("createIdMgrLDAPRepository", f"[-default true {create}]").startswith("CWWIM5028I")
    refused(cell, "CWWIM5047E", "createIdMgrLDAPRepository", f"[{create}]")
    refused(cell, "ADMF0003E", "createIdMgrLDAPRepository", "[-id X -ldapServerType OPENLDAP]")
    server = "-host ldap.example.com -port 389 -bindDN cn=root -bindPassword secret -referal ignore -sslEnabled false"
    cell.task("addIdMgrLDAPServer", f"[-id ITDS {server}]")
    refused(cell, "CWWIM5046E", "addIdMgrLDAPServer", f"[-id Q {server}]")
    refused(cell, "WASX8009E: Invalid parameter: referral", "addIdMgrLDAPServer", "[-id ITDS -host h -referral ignore]")
    refused(cell, "CWWIM5050E", "addIdMgrRealmBaseEntry", "[-name defaultWIMFileBasedRealm -baseEntry o=x]")
    cell.task("addIdMgrRepositoryBaseEntry", "[-id ITDS -name o=x -nameInRepository o=x]")
    cell.task("addIdMgrRealmBaseEntry", "[-name defaultWIMFileBasedRealm -baseEntry o=x]")
    # With the defaults, persons are there already.
    classes = "[-id ITDS -name PersonAccount -objectClasses inetOrgPerson;ePerson -searchBases o=x]"
    refused(cell, "CWWIM5051E", "addIdMgrLDAPEntityType", classes)
    cell.task("updateIdMgrLDAPEntityType", classes)
    cell.task("addIdMgrLDAPGroupMemberAttr", "[-id ITDS -name member -objectClass groupOfUniqueNames -scope direct]")
    listed = cell.task("listIdMgrRepositories")
    assert "ITDS={repositoryType=LDAP, specificRepositoryType=IDS, host=ldap.example.com}" in listed
    entries = cell.task("listIdMgrRealmBaseEntries", "[-name defaultWIMFileBasedRealm]").splitlines()
    assert entries == ["o=defaultWIMFileBasedRealm", "o=x"]
    cell.workspace.save()
    text = (cell.profile.config / "cells/C/wim/config/wimconfig.xml").read_text("utf-8")
    assert 'xsi:type="config:LdapRepositoryType"' in text
    assert "secret" not in text
    assert all(f"<config:objectClasses>{each}<" in text for each in ("inetOrgPerson", "ePerson"))
    refused(cell, "CWWIM5052E", "updateIdMgrLDAPServer", "[-id ITDS -host other -port 636]")
    cell.task("updateIdMgrLDAPServer", "[-id ITDS -host ldap.example.com -port 636 -sslEnabled true]")
    cell.task("addIdMgrLDAPServer", "[-id ITDS -host second.example.com]")
    cell.task("deleteIdMgrLDAPServer", "[-id ITDS -host ldap.example.com]")
    cell.task("updateIdMgrLDAPRepository", "[-id ITDS -loginProperties mail -ldapServerType IDS6]")
    refused(cell, "CWWIM5050E", "updateIdMgrRepositoryBaseEntry", "[-id ITDS -name o=y -nameInRepository o=z]")
    cell.task("updateIdMgrRepositoryBaseEntry", "[-id ITDS -name o=x -nameInRepository o=z]")
    assert cell.task("listIdMgrRepositoryBaseEntries", "[-id ITDS]") == "{o=x=o=z}"
    assert "host=second.example.com" in cell.task("listIdMgrRepositories")
    cell.workspace.save()
    text = (cell.profile.config / "cells/C/wim/config/wimconfig.xml").read_text("utf-8")
    assert "ldap.example.com" not in text
    assert re.findall(r"<config:loginProperties>(\w+)<", text) == ["mail"]
    cell.task("deleteIdMgrRealmBaseEntry", "[-name defaultWIMFileBasedRealm -baseEntry o=x]")
    cell.task("deleteIdMgrRepository", "[-id ITDS]")
    assert "ITDS" not in cell.task("listIdMgrRepositories")
    assert cell.task("listIdMgrRealms") == cell.task("getIdMgrDefaultRealm") == "defaultWIMFileBasedRealm"


def test_security_is_switched(cell: Cell) -> None:
    assert cell.task("isGlobalSecurityEnabled") == "true"
    assert cell.task("isAppSecurityEnabled") == "false"
    cell.task("setGlobalSecurity", "[-enabled false]")
    assert cell.task("isGlobalSecurityEnabled") == "false"
    refused(cell, "ADMF0002E: Required parameter enabled is not found for command setGlobalSecurity.",
            "setGlobalSecurity")  # fmt: skip
