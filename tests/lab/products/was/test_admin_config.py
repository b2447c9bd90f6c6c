"""AdminConfig: its formats, its errors, and that it can handle objects of any type."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from lab.products.was.admin import Argument, Process
from lab.products.was.admin.config import Config
from lab.products.was.admin.config_command import Context
from lab.products.was.errors import ScriptingError
from lab.products.was.model.types import Attribute, TypeInfo, holders, subtypes, types
from lab.products.was.model.workspace import Workspace
from tests.lab.products.was.small_cell import lay

CELL = "C(cells/C|cell.xml#Cell_1)"
NODE = "N(cells/C/nodes/N|node.xml#Node_1)"
SERVER = "one(cells/C/nodes/N/servers/one|server.xml#Server_1)"
JVM = "(cells/C/nodes/N/servers/one|server.xml#JavaVirtualMachine_1)"


class Client:
    """A scripting client: `client.show(...)` calls `AdminConfig.show`."""

    def __init__(self, folder: Path, platform: str = "aix", process: Process | None = None) -> None:
        self.workspace = Workspace(folder)
        self.printed = ""
        self.faults: dict[str, str] = {}
        host = SimpleNamespace(platform=platform, path=Path, fault=lambda step: self.faults.pop(step, None))
        profile = SimpleNamespace(path="/profile")
        running = {f"WebSphere:mbeanIdentifier={SERVER[4:-1].replace('|', '/')},*": "WebSphere:name=one"}
        self._config = Config(
            Context(cast(Any, host), cast(Any, profile), process, self.workspace, lambda query: running.get(query, ""))
        )

    def __getattr__(self, method: str) -> Any:
        def call(*arguments: Argument) -> Any:
            reply = self._config.call(method, arguments)
            self.printed = reply.printed
            return reply.value

        return call


@pytest.fixture
def client(tmp_path: Path) -> Client:
    lay(tmp_path)
    return Client(tmp_path)


def test_show(client: Client) -> None:
    assert client.show(SERVER, ["name", "services", "developmentMode", "processDefinition", "properties"]).split(
        "\n"
    ) == [
        "[name one]",
        "[services [(cells/C/nodes/N/servers/one|server.xml#TransportChannelService_1)"
        " (cells/C/nodes/N/servers/one|server.xml#ThreadPoolManager_1)]]",
        "[developmentMode false]",
        "[properties []]",
    ]
    shown = client.show(JVM).split("\n")
    assert shown == sorted(shown) and "[initialHeapSize 256]" in shown and "[classpath /a;/b]" in shown


def test_show_quotes_blanks(client: Client) -> None:
    client.modify(JVM, [["genericJvmArguments", "-Da=b -Dc=d"], ["debugArgs", ""]])
    assert client.show(JVM, "[genericJvmArguments debugArgs]") == '[genericJvmArguments "-Da=b -Dc=d"]\n[debugArgs []]'
    assert client.showAttribute(JVM, "genericJvmArguments") == "-Da=b -Dc=d"


def test_show_attribute_of_nothing(client: Client) -> None:
    assert client.showAttribute(JVM, "hprofArguments") is None
    assert client.showAttribute(JVM, "bootClasspath") == "[]"
    assert client.showAttribute(JVM, "systemProperties") == "[]"
    assert client.showAttribute("(cells/C|virtualhosts.xml#HostAlias_1)", "port") == "80"


def test_showall_is_nested(client: Client) -> None:
    host = "default_host(cells/C|virtualhosts.xml#VirtualHost_1)"
    assert client.showall(host) == "[aliases [[[hostname *]\n[port 80]]]]\n[mimeTypes []]\n[name default_host]"
    client.create("DataReplicationDomain", CELL, "[[name d] [defaultDataReplicationSettings [[useSSL true]]]]")
    domain = client.list("DataReplicationDomain")
    assert client.showall(domain).startswith("[defaultDataReplicationSettings [[encryptionType NONE]\n")
    assert client.showall(domain).endswith("[useSSL true]]]\n[name d]")


def test_the_type_of_a_server_follows_from_the_index(client: Client) -> None:
    assert client.showAttribute(SERVER, "serverType") == "APPLICATION_SERVER"
    assert "serverType" not in client.workspace.list("Server")[0].attributes
    with pytest.raises(ScriptingError, match="ADMG0014E"):
        client.modify(SERVER, [["serverType", "PROXY_SERVER"]])


def test_lines_end_as_on_the_platform(tmp_path: Path) -> None:
    lay(tmp_path)
    assert "\r\n" in Client(tmp_path, "windows").list("VirtualHost")
    assert "\r" not in Client(tmp_path).list("VirtualHost")


def test_list_and_getid(client: Client) -> None:
    assert client.getid("/Cell:C/Node:N/Server:one/") == SERVER
    assert client.getid("/Server:one/Node:N/") == ""
    assert client.list("TransportChannel", SERVER).count("\n") == 1
    assert client.list("VirtualHost", "admin*").startswith("admin_host(")
    assert client.list("VirtualHost", ".*_host").count("\n") == 1
    assert client.list("DataSource") == ""
    with pytest.raises(ScriptingError, match="data type Sever is not valid"):
        client.list("Sever")


def test_types_describe_themselves(client: Client) -> None:
    assert client.attributes("IPSprayer") == (
        "host String\nisEnabled boolean\nport int\nproperties Property(DescriptiveProperty, TypedProperty)*"
    )
    assert "sessionPersistenceMode ENUM(NONE, DATABASE, DATA_REPLICATION)" in client.attributes("SessionManager")
    attributes = client.attributes("TCPInboundChannel").split("\n")
    assert "threadPool ThreadPool@" in attributes and "addressIncludeList String*" in attributes
    assert client.required("Server") == "Attribute                       Type\nname                            String"
    assert client.required("JavaVirtualMachine").startswith("WASX7361I: No required attribute found for type")
    assert client.defaults("StateManageable").split("\n")[1] == (
        "initialState                    ENUM(START, STOP)               START"
    )
    assert client.parents("Server") == "Node\nServerCluster"
    assert client.parents("Cell").startswith("WASX7351I")
    assert client.types("IPSp*") == client.types("IPSp.*") == "IPSprayer"


def test_create_in_both_forms(client: Client) -> None:
    first = client.create("Property", CELL, [["name", "a"], ["value", "b c"]])
    second = client.create("Property", CELL, '[[name "my name"] [value x,y]]')
    assert client.showAttribute(first, "value") == "b c"
    assert second.startswith('"my name(cells/C|cell.xml#Property_') and second.endswith(')"')
    assert client.showAttribute(CELL, "properties") == f"[{first} {second}]"


def test_modify_appends_to_lists(client: Client) -> None:
    client.modify(JVM, [["systemProperties", [[["name", "a"]], [["name", "b"]]]], ["classpath", "/b;/c"]])
    client.modify(JVM, [["systemProperties", [["name", "c"]]]])
    assert client.showAttribute(JVM, "classpath") == "/a;/b;/c"
    assert client.showAttribute(JVM, "systemProperties").count("Property_") == 3
    client.modify(JVM, [["systemProperties", []], ["classpath", ""]])
    assert client.showAttribute(JVM, "systemProperties") == client.showAttribute(JVM, "classpath") == "[]"


def test_modify_changes_a_contained_object(client: Client) -> None:
    provider = client.create("JDBCProvider", CELL, [["name", "p"], ["implementationClassName", "x.Y"]])
    source = client.create("DataSource", provider, "[[name d] [jndiName jdbc/d] [connectionPool [[maxConnections 5]]]]")
    pool = client.showAttribute(source, "connectionPool")
    client.modify(source, [["connectionPool", [["minConnections", "2"]]]])
    assert client.showAttribute(source, "connectionPool") == pool
    assert client.show(pool, "[maxConnections minConnections]") == "[maxConnections 5]\n[minConnections 2]"
    assert client.showAttribute(source, "provider") == provider


def test_references_are_ids(client: Client) -> None:
    pool = client.create("ThreadPool", client.list("ThreadPoolManager"), [["name", "new pool"]])
    channel = client.list("TCPInboundChannel")
    client.modify(channel, [["threadPool", pool]])
    assert client.showAttribute(channel, "threadPool") == pool
    chain = client.list("Chain")
    before = client.showAttribute(chain, "transportChannels")
    client.modify(chain, [["transportChannels", []]])
    client.modify(chain, [["transportChannels", before]])
    assert client.showAttribute(chain, "transportChannels") == before
    with pytest.raises(ScriptingError, match="ADMG0012E"):
        client.modify(channel, [["threadPool", chain]])


def test_references_cross_documents(client: Client) -> None:
    adapter = client.create("J2CResourceAdapter", NODE, [["name", "RRA"]])
    provider = client.create("JDBCProvider", CELL, [["name", "p"], ["implementationClassName", "x.Y"]])
    source = client.create(
        "DataSource", provider, [["name", "d"], ["jndiName", "j"], ["relationalResourceAdapter", adapter]]
    )
    client.save()
    assert client.showAttribute(source, "relationalResourceAdapter") == adapter
    client.remove(adapter)
    assert client.showAttribute(source, "relationalResourceAdapter") is None
    assert "href" not in client.workspace.find(source).document.text()


def test_a_failed_create_leaves_nothing(client: Client) -> None:
    with pytest.raises(ScriptingError, match="ADMG0012E"):
        client.create("VirtualHost", CELL, [["name", "h"], ["mimeTypes", [[["type", "t"], ["extensions", [["x"]]]]]]])
    assert client.list("VirtualHost").count("\n") == 1
    assert client.hasChanges() == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("Foo", CELL, []), "ADMG0007E: The configuration data type Foo is not valid."),
        (("Service", SERVER, []), 'WASX7128E: Cannot create objects of abstract type "Service".'),
        (
            ("Property", "", [["name", "a"]]),
            'WASX7444E: Invalid parameter value "" for parameter "parent config id" on',
        ),
        (("Property", None, [["name", "a"]]), 'WASX7444E: Invalid parameter value "null"'),
        (("Property", CELL, [["nme", "a"]]), 'WASX7080E: Invalid attributes specified for type "Property" -- "nme"'),
        (("Property", CELL, ["name", "a"]), 'WASX7122E: Expected "\\[" not found.'),
        (("Property", CELL, []), "ADMG0015E: Required attributes of type Property are missing: name"),
        (("HostAlias", CELL, [["hostname", "*"]]), 'WASX7129E: Cannot create objects of type "HostAlias"'),
        (("Property", CELL, [["name", "a"]], "x"), 'WASX7080E: Invalid attributes specified for type "Cell" -- "x"'),
        (("Property",), r"create\(\): expected 3-4 args; got 1"),
        (("Server", NODE, [["name", "one"]]), "ADMG0248E: one exists within node N."),
    ],
)
def test_create_refuses(client: Client, arguments: tuple[Argument, ...], message: str) -> None:
    with pytest.raises(ScriptingError, match=message):
        client.create(*arguments)


def test_two_places_need_the_attribute(client: Client) -> None:
    settings = client.create("SIPProxySettings", SERVER, [])
    with pytest.raises(ScriptingError, match="tcpSprayer tlsSprayer udpSprayer"):
        client.create("IPSprayer", settings, [["host", "h"]])
    sprayer = client.create("IPSprayer", settings, [["host", "h"], ["port", 5060]], "tlsSprayer")
    assert client.showAttribute(settings, "tlsSprayer") == sprayer
    assert client.getid("/Node:N/Server:one/SIPProxySettings:/") == settings


def test_booleans_are_converted_with_a_warning(client: Client) -> None:
    client.modify(JVM, [["verboseModeClass", "yes"]])
    assert client.printed == "WASX7435W: Value yes is converted to a boolean value of false.\n"
    client.modify(JVM, [["verboseModeClass", "TRUE"]])
    assert client.printed == "" and client.showAttribute(JVM, "verboseModeClass") == "true"


def test_unset_and_remove(client: Client) -> None:
    client.unsetAttributes(JVM, '["initialHeapSize" "classpath"]')
    assert client.showAttribute(JVM, "initialHeapSize") == "0"
    assert client.remove(JVM) == ""
    with pytest.raises(ScriptingError, match="ADMG0001E"):
        client.show(JVM)


def test_passwords_are_not_shown(client: Client) -> None:
    entry = client.create("JAASAuthData", client.list("Security"), "[[alias a] [userId u] [password secret]]")
    assert client.showAttribute(entry, "password") == "*****"
    assert "secret" not in client.showall(client.list("Security"))


def test_changes_and_modes(client: Client, tmp_path: Path) -> None:
    assert client.queryChanges() == "WASX7241I: There are no unsaved changes in this workspace."
    client.create("Property", CELL, [["name", "a"]])
    assert client.queryChanges().split("\n") == [
        "WASX7146I: The following configuration files contain unsaved changes:",
        "cells/C|cell.xml",
    ]
    assert (client.hasChanges(), client.getSaveMode()) == (1, "rollbackOnConflict")
    other = Client(tmp_path)
    other.create("Property", CELL, [["name", "b"]])
    assert other.save() == ""
    with pytest.raises(ScriptingError, match=r"cells/C/cell\.xml"):
        client.save()
    client.setSaveMode("overwriteOnConflict")
    client.save()
    assert (client.hasChanges(), Client(tmp_path).list("Property").startswith("a(")) == (0, True)
    with pytest.raises(ScriptingError, match='WASX7444E: Invalid parameter value "x" for parameter "save mode"'):
        client.setSaveMode("x")


@pytest.mark.parametrize(("kind", "said"), [("conflict", "newer version"), ("disk-full", "not enough space")])
def test_a_save_that_is_made_to_fail(client: Client, kind: str, said: str) -> None:
    client.create("Property", CELL, [["name", "a"]])
    client.faults["repository:save"] = kind
    with pytest.raises(ScriptingError, match=rf"cells/C/cell\.xml .*{said}"):
        client.save()
    client.reset()
    assert client.list("Property") == ""
    client.create("Property", CELL, [["name", "a"]])
    assert client.save() == ""


def test_documents(client: Client, tmp_path: Path) -> None:
    copy = str(tmp_path / "copy")
    seen = client.extract("cells/C/nodes/N/servers/one/policy.txt", copy)
    Path(copy).write_text("changed\n")
    client.checkin("cells/C/nodes/N/servers/one/policy.txt", copy, seen)
    assert (tmp_path / "cells/C/nodes/N/servers/one/policy.txt").read_text() == "changed\n"
    with pytest.raises(ScriptingError, match=r"policy\.txt"):
        client.checkin("cells/C/nodes/N/servers/one/policy.txt", copy, seen)
    client.createDocument("cells/C/new.txt", copy)
    assert client.existsDocument("cells/C/new.txt") == 1
    client.deleteDocument("cells/C/new.txt")
    assert client.existsDocument("cells/C/new.txt") == 0
    with pytest.raises(ScriptingError, match="ADMG0002E"):
        client.extract("cells/C/new.txt", copy)


def test_a_copy_of_the_configuration_cannot_be_changed(tmp_path: Path) -> None:
    lay(tmp_path)
    client = Client(tmp_path, process=Process("nodeagent", "N", "NodeAgent"))
    with pytest.raises(ScriptingError, match="WASX7070E: The configuration service"):
        client.list("Server")
    assert client.help("show").startswith("WASX7061I: Method: show\n\nArguments: config id, attributes\n")


def test_running_objects_have_names(client: Client) -> None:
    assert client.getObjectName(SERVER) == "WebSphere:name=one"
    assert client.getObjectName(JVM) == ""


def test_what_61_has_not(client: Client) -> None:
    with pytest.raises(ScriptingError):
        client.getObjectType(CELL)


def _value(attribute: Attribute) -> str:
    numbers = dict.fromkeys(("int", "long", "float"), "1")
    return {**numbers, "boolean": "true", "ENUM": (*attribute.values, "")[0]}.get(attribute.type, "v")


def _attributes(info: TypeInfo) -> list[list[str]]:
    return [[name, _value(each)] for name, each in info.attributes.items()]


def _concrete() -> list[str]:
    # Servers come from templates, deployments with applications; a property set stands in no document of a cell.
    elsewhere = {"Server", "Node", "Cell", "Deployment", "PropertySet"}
    needs_reference = {name for name, each in types().items() if any(r.required for r in each.references.values())}
    return [
        name for name, each in types().items() if not each.abstract and name not in elsewhere | needs_reference
    ]  # fmt: skip


@pytest.mark.parametrize("name", _concrete())
def test_objects_of_every_type(name: str, client: Client) -> None:
    """Created where the model has a place for it, listed, shown, changed, written, read again, removed."""
    parent, place = _parent(client, name, ())
    if set(types()[name].documents) == {"deployment.xml"}:
        assert parent is None
        return
    assert parent is not None
    given = _attributes(types()[name])
    made = client.create(name, parent, given, *([place] if place else []))
    client.save()
    assert made in client.list(name).split("\n")
    client.modify(made, given)
    client.showall(made)
    for attribute, value in given:
        hidden = attribute.lower().endswith("password")
        assert client.showAttribute(made, attribute) == ("*****" if hidden else value)
    client.remove(made)
    assert made not in client.list(name).split("\n")


def _parent(client: Client, name: str, above: tuple[str, ...]) -> tuple[str | None, str]:
    """An object that can hold one of that type, made if need be, and the feature; the first short way is taken."""
    if not client.list("SIBus"):
        client.create("SIBus", CELL, [["name", "b"]])
    for holder in ("Cell", "Node", "Server", "SIBus"):
        try:
            owner = client.workspace.list(holder)[0]
            place = client.workspace.place(name, owner)
        except ScriptingError:
            continue
        return client.workspace.config_id(owner), place.name if place else ""
    for holder, feature in holders(name):
        there = client.list(holder).split("\n")[0]
        if there:
            return there, feature.name
    if len(above) > 6:
        return None, ""
    for holder, feature in holders(name):
        if holder in (*above, name) or holder not in subtypes(holder):
            continue
        grand, inner = _parent(client, holder, (*above, name))
        if grand is not None and not any(each.required for each in types()[holder].references.values()):
            return client.create(holder, grand, _attributes(types()[holder]), *([inner] if inner else [])), feature.name
    return None, ""
