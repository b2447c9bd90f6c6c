"""AdminConfig: resource adapter archives."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from lab.products.was.admin import Argument
from lab.products.was.admin.config import Config
from lab.products.was.admin.config_command import Context
from lab.products.was.errors import ScriptingError
from tests.lab.products.was.cell import Cell

FILE = "/tmp/eis.rar"
DECLARED = """<connector xmlns="http://java.sun.com/xml/ns/j2ee" version="1.5">
<display-name>Some EIS</display-name><vendor-name>V</vendor-name><eis-type>E</eis-type>
<resourceadapter><resourceadapter-class>x.Adapter</resourceadapter-class>
<config-property><config-property-name>server</config-property-name>
<config-property-type>java.lang.String</config-property-type>
<config-property-value>here</config-property-value></config-property>
<outbound-resourceadapter><connection-definition>
<managedconnectionfactory-class>x.Factory</managedconnectionfactory-class>
<config-property><config-property-name>port</config-property-name>
<config-property-type>java.lang.Integer</config-property-type>
<config-property-value>7</config-property-value></config-property>
<connectionfactory-interface>x.Connections</connectionfactory-interface>
</connection-definition><transaction-support>LocalTransaction</transaction-support>
<authentication-mechanism><authentication-mechanism-type>BasicPassword</authentication-mechanism-type>
<credential-interface>javax.resource.spi.security.PasswordCredential</credential-interface>
</authentication-mechanism><reauthentication-support>false</reauthentication-support></outbound-resourceadapter>
<inbound-resourceadapter><messageadapter><messagelistener><messagelistener-type>x.Listener</messagelistener-type>
<activationspec><activationspec-class>x.Spec</activationspec-class><required-config-property>
<config-property-name>where</config-property-name></required-config-property></activationspec>
</messagelistener></messageadapter></inbound-resourceadapter>
<adminobject><adminobject-interface>x.Object</adminobject-interface>
<adminobject-class>x.ObjectImpl</adminobject-class></adminobject></resourceadapter></connector>"""


class Client:
    """AdminConfig and AdminTask on one cell."""

    def __init__(self, folder: Path) -> None:
        self.cell = Cell(folder)
        self._config = Config(Context(self.cell.host, self.cell.profile, None, self.cell.workspace, lambda query: ""))
        self.archive(DECLARED)

    def archive(self, declared: str) -> None:
        """Write the archive."""
        file = self.cell.host.path(FILE)
        file.parent.mkdir(parents=True, exist_ok=True)
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr("META-INF/ra.xml", declared)

    def __call__(self, method: str, *arguments: Argument) -> str:
        return str(self._config.call(method, arguments).value)


@pytest.fixture
def client(tmp_path: Path) -> Client:
    return Client(tmp_path)


def test_an_adapter_offers_what_its_descriptor_declares(client: Client) -> None:
    made = client("installResourceAdapter", FILE, "N", "[-rar.desc 'Resource Adapter']")
    assert made.startswith('"Some EIS(cells/C/nodes/N|resources.xml#J2CResourceAdapter_')
    assert client("showAttribute", made, "description") == "Resource Adapter"
    assert client("showAttribute", made, "archivePath") == "${CONNECTOR_INSTALL_ROOT}/eis.rar"
    properties = client("list", "J2EEResourceProperty", made).splitlines()
    assert "[value here]" in client("show", next(each for each in properties if each.startswith("server(")))
    task = client.cell.task
    assert task("listConnectionFactoryInterfaces", made) == "x.Connections"
    assert task("listMessageListenerTypes", made) == "x.Listener"
    assert task("listAdminObjectInterfaces", made) == "x.Object"
    factory = task(
        "createJ2CConnectionFactory", made, "[-connectionFactoryInterface x.Connections -name f -jndiName f]"
    )
    assert "port(" in client("list", "J2EEResourceProperty", factory)
    client("uninstallResourceAdapter", made, "-force")
    assert client("getid", "/Node:N/J2CResourceAdapter:Some EIS/") == ""


def test_options_of_an_adapter(client: Client) -> None:
    options = ["-rar.name", "eis", "-rar.classpath", "/a.jar", "-rar.propertiesSet", [["server", "there"]]]
    made = client("installResourceAdapter", FILE, "N", options)
    assert client("showAttribute", made, "classpath") == "/a.jar"
    assert "[value there]" in client("show", client("list", "J2EEResourceProperty", made).splitlines()[0])
    client("installResourceAdapter", FILE, "M", "[-rar.name eis]")
    for arguments, text in (
        ((FILE, "N", "[-rar.name eis]"), "ADMG0"),
        ((FILE, "X"), "WASX7444E"),
        (("/no.rar", "N"), "WASX7115E"),
        ((FILE, "N", "[-name x]"), "WASX7103E"),
    ):
        with pytest.raises(ScriptingError, match=text):
            client("installResourceAdapter", *arguments)


def test_an_adapter_of_the_first_architecture(client: Client) -> None:
    client.archive(
        "<connector><display-name>Old</display-name><spec-version>1.0</spec-version><resourceadapter>"
        "<connectionfactory-interface>x.Connections</connectionfactory-interface></resourceadapter></connector>"
    )
    made = client("installResourceAdapter", FILE, "N")
    assert "[connectionFactoryInterface x.Connections]" in client("show", client("list", "ResourceAdapter", made))
    client.archive("<connector>")
    with pytest.raises(ScriptingError, match=r"eis\.rar cannot be opened"):
        client("installResourceAdapter", FILE, "N", "[-rar.name other]")
    with pytest.raises(ScriptingError, match="WASX7444E"):
        client("uninstallResourceAdapter", client("getid", "/Node:N/"))
