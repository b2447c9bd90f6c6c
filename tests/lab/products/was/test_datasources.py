"""Testing a data source from a process of WAS."""

from __future__ import annotations

import ssl
from pathlib import Path
from typing import Any

import pytest

from lab.host import Host
from lab.products.db2 import client
from lab.products.was.errors import ScriptingError
from lab.products.was.layout import Installation, Profile
from lab.products.was.model.element import Element
from lab.products.was.model.workspace import Workspace
from lab.products.was.servers import datasources, server_index
from lab.products.was.servers.logs import SystemOut
from lab.products.was.servers.runtime import Runtime
from lab.products.was.xor import encode
from tests.lab.products.was.running_host import ROOT, installed

CELL, NODE, SERVER = "cell1", "node1", "server1"
LIBRARIES = f"{ROOT}/universalDriver/lib"


class Setup:
    """A server with a data source of its cell; `asked` is what the database was connected with."""

    def __init__(self, folder: Path) -> None:
        host = installed(folder, "node1")
        host.make_profile("App", "default", first=21000, node=NODE, cell=CELL, server=SERVER)
        profile = Profile(host, "App", f"{ROOT}/profiles/App", "default", default=True)
        self.server = Runtime(
            host=host, installation=Installation(host, ROOT), profile=profile, cell=CELL, node=NODE, name=SERVER,
            entry=server_index.read(profile.config, CELL, NODE).servers[SERVER],
            document=server_index.read_server(profile.config, CELL, NODE, SERVER), log=SystemOut(host, profile, SERVER),
        )  # fmt: skip
        self.workspace = Workspace(profile.config)
        self.asked: tuple[Any, ...] = ()
        self.error = ""
        self.source = self._create()

    def _create(self) -> Element:
        workspace = self.workspace
        cell = workspace.list("Cell")[0]
        classpath = "${DB2UNIVERSAL_JDBC_DRIVER_PATH}/db2jcc.jar;${UNIVERSAL_JDBC_DRIVER_PATH}/db2jcc_license_cu.jar"
        attributes = {
            "name": "DB2",
            "implementationClassName": "com.ibm.db2.jcc.DB2XADataSource",
            "classpath": classpath,
        }
        provider = workspace.create("JDBCProvider", cell, attributes)
        security = workspace.list("Security")[0]
        login = {"alias": "gateway", "userId": "stgw", "password": encode("S3cret!")}
        self.login = workspace.create("JAASAuthData", security, login)
        source = workspace.create("DataSource", provider, {"name": "rtc", "authDataAlias": "gateway"})
        group = workspace.create("J2EEResourcePropertySet", source, {})
        self.properties = {
            name: workspace.create("J2EEResourceProperty", group, {"name": name, "value": value})
            for name, value in {
                "databaseName": "STGW", "driverType": "4", "serverName": "db.example.com", "portNumber": "50001",
            }.items()
        }  # fmt: skip
        self.variable("DB2UNIVERSAL_JDBC_DRIVER_PATH", LIBRARIES)
        return source

    def variable(self, name: str, value: str) -> None:
        """Set a variable of the node."""
        for entry in self.workspace.list("VariableSubstitutionEntry"):
            if entry.get("symbolicName") == name and f"nodes/{NODE}/variables" in entry.document.path:
                self.workspace.modify(entry, {"value": value})
                return
        raise LookupError(name)

    def connect(self, host: Host, *asked: Any) -> Any:
        self.asked = asked
        if self.error:
            raise client.DatabaseError(self.error)
        return self

    def close(self) -> None:
        pass

    def test(self) -> str:
        self.workspace.save()
        return datasources.test(self.server, self.workspace.config_id(self.source))


@pytest.fixture
def setup(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Setup:
    made = Setup(tmp_path)
    monkeypatch.setattr(client, "connect", made.connect)
    return made


def test_a_connection(setup: Setup) -> None:
    assert setup.test() == "WASX7217I: Connection to provided datasource was successful."
    assert setup.asked == ("db.example.com", 50001, "STGW", "stgw", "S3cret!", None)


def test_tls_trusts_who_is_in_the_trust_store(setup: Setup) -> None:
    group = setup.source.children["propertySet"][0]
    setup.workspace.create("J2EEResourceProperty", group, {"name": "sslConnection", "value": "true"})
    setup.test()
    context = setup.asked[-1]
    assert (context.verify_mode, context.check_hostname) == (ssl.CERT_REQUIRED, False)
    assert context.cert_store_stats()["x509"] == 1


def test_what_the_database_says_is_shown(setup: Setup) -> None:
    setup.error = "SQL1403N  The username and/or password supplied is incorrect.  SQLSTATE=08004"
    with pytest.raises(
        ScriptingError,
        match=r"DSRA8040I: Failed to connect to the DataSource.*SQL1403N.*SQL State = 08004, Error Code = -1,403",
    ):
        setup.test()


def test_the_driver_must_be_where_the_variables_say(setup: Setup) -> None:
    setup.variable("DB2UNIVERSAL_JDBC_DRIVER_PATH", "")
    with pytest.raises(ScriptingError, match=r"ClassNotFoundException: DSRA8000E.*Path: /db2jcc.jar"):
        setup.test()


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("portNumber", "many", "NumberFormatException"),
        ("driverType", "2", "db2jcct2"),
    ],
)
def test_wrong_properties(setup: Setup, name: str, value: str, message: str) -> None:
    setup.workspace.modify(setup.properties[name], {"value": value})
    with pytest.raises(ScriptingError, match=message):
        setup.test()


def test_an_alias_that_is_not_there(setup: Setup) -> None:
    setup.workspace.modify(setup.login, {"alias": "other"})
    with pytest.raises(ScriptingError, match="authentication alias gateway is not defined"):
        setup.test()
    assert setup.asked == ()


def test_no_data_source(setup: Setup) -> None:
    setup.workspace.save()
    provider = setup.source.parent
    assert provider
    with pytest.raises(ScriptingError, match="WASX7216E"):
        datasources.test(setup.server, setup.workspace.config_id(provider))
