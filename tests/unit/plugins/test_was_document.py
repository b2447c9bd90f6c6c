"""Documents of both root shapes as objects, with defaults, references and paths."""

from __future__ import annotations

import pytest

from plugins.plugin_utils._was_document import NotXmi, parse
from plugins.plugin_utils._was_model import AdminConfig
from plugins.plugin_utils._was_repository import Repository
from plugins.plugin_utils._was_request import literal, request_lines, request_text
from plugins.plugin_utils._was_xor import decode, encode

XMI = 'xmi:version="2.0" xmlns:xmi="http://www.omg.org/XMI"'
SIP = 'xmlns:sipproxy="http://www.ibm.com/websphere/appserver/schemas/7.0/sipproxy.xmi"'
CELL = (
    f'<topology.cell:Cell {XMI} xmlns:topology.cell="x" xmi:id="Cell_1" name="C">'
    '<properties xmi:id="Property_1" name="a" value="1"/></topology.cell:Cell>'
)
NODE = f'<topology.node:Node {XMI} xmlns:topology.node="x" xmi:id="Node_1" name="N"/>'
SERVER = (
    f'<process:Server {XMI} xmlns:process="x" xmlns:applicationserver="y" xmi:id="Server_1" name="S">'
    '<components xmi:type="applicationserver:ApplicationServer" xmi:id="ApplicationServer_1"/></process:Server>'
)
PROXY = (
    '<sipproxy:SIPProxySettings {} xmi:id="SIPProxySettings_1"><tcpSprayer xmi:id="IPSprayer_1"/>'
    "</sipproxy:SIPProxySettings>"
)
WRAPPED = f"<xmi:XMI {XMI} {SIP}>{PROXY.format('')}</xmi:XMI>"
RESOURCES = (
    f'<xmi:XMI {XMI} xmlns:resources.jdbc="x" xmlns:resources.j2c="y">'
    '<resources.jdbc:JDBCProvider xmi:id="JDBCProvider_1" name="My Provider"><classpath>/a</classpath>'
    '<classpath>/b</classpath><factories xmi:type="resources.jdbc:DataSource" xmi:id="DataSource_1" name="d" '
    'relationalResourceAdapter="builtin_rra"/></resources.jdbc:JDBCProvider>'
    '<resources.j2c:J2CResourceAdapter xmi:id="builtin_rra" name="r"/></xmi:XMI>'
)


@pytest.fixture
def config() -> AdminConfig:
    texts = {
        "cells/C/cell.xml": CELL,
        "cells/C/resources.xml": RESOURCES,
        "cells/C/nodes/N/node.xml": NODE,
        "cells/C/nodes/N/servers/S/server.xml": SERVER,
        "cells/C/nodes/N/servers/S/proxy-settings.xml": WRAPPED,
        "templates/x/server.xml": SERVER,
    }
    return AdminConfig(Repository("C", texts), lenient=False)


@pytest.mark.parametrize("text", [PROXY.format(f"{XMI} {SIP}"), WRAPPED], ids=["alone", "in xmi:XMI"])
def test_both_root_shapes(text: str) -> None:
    (settings,) = parse("cells/C/nodes/N/servers/S/proxy-settings.xml", text)
    (sprayer,) = settings.children["tcpSprayer"]
    assert (settings.type, sprayer.type) == ("SIPProxySettings", "IPSprayer")
    assert (settings.get("enableAccessLog"), sprayer.get("isEnabled"), sprayer.get("port")) == ("false", "false", "")


def test_a_document_that_was_cut_off() -> None:
    with pytest.raises(NotXmi, match=r"cells/C/cell.xml is not well-formed"):
        parse("cells/C/cell.xml", CELL[:-9])


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("/Cell:C/", "C(cells/C|cell.xml#Cell_1)"),
        ("/Cell:/Node:N/Server:/", "S(cells/C/nodes/N/servers/S|server.xml#Server_1)"),
        (
            "/Node:N/Server:S/SIPProxySettings:/",
            "(cells/C/nodes/N/servers/S|proxy-settings.xml#SIPProxySettings_1)",
        ),
        ("/Cell:C/JDBCProvider:My Provider/", '"My Provider(cells/C|resources.xml#JDBCProvider_1)"'),
        ("/Cell:C/JDBCProvider:My Provider/DataSource:d/", "d(cells/C|resources.xml#DataSource_1)"),
        ("/Node:N/Cell:C/", ""),
        ("/Cell:C/Server:S/", ""),
        ("/Cell:D/", ""),
    ],
)
def test_containment_paths(config: AdminConfig, path: str, found: str) -> None:
    assert config.getid(path) == found


def test_answers_have_websphere_s_formats(config: AdminConfig) -> None:
    cell, provider = config.getid("/Cell:C/"), config.getid("/Cell:C/JDBCProvider:/")
    assert config.showAttribute(cell, "properties") == "[a(cells/C|cell.xml#Property_1)]"
    assert config.showAttribute(provider, "classpath") == "/a;/b"
    source = config.getid("/Cell:C/JDBCProvider:/DataSource:d/")
    assert config.showAttribute(source, "relationalResourceAdapter") == "r(cells/C|resources.xml#builtin_rra)"
    assert config.list("Server", cell) == config.getid("/Node:N/Server:S/"), "templates are no servers"
    assert config.list("DataSource", provider) == source


@pytest.mark.parametrize(
    ("stored", "plain"),
    [("{xor}Lz4sLChvLTs=", "passw0rd"), ("plain", "plain"), ("{xor}?", "{xor}?"), ("", "")],
)
def test_stored_secrets(stored: str, plain: str) -> None:
    assert decode(stored) == plain
    assert decode(encode(plain)) == plain


@pytest.mark.parametrize("value", ["plain", "it's \"\\ $x\n", "Grüße", "\u20ac", "", None, 3, ["a", {"b": [None]}]])
def test_requests_are_literals(value: object) -> None:
    text = request_text({"dry": 0}, [{"value": value}])
    assert text.isascii() and len(text.splitlines()) == 2
    assert request_lines(text) == [{"dry": 0}, {"value": value}]


def test_requests_have_no_words_that_jython_lacks() -> None:
    assert literal([True, False, "\u20ac", "ä"]) == r"[1, 0, u'\u20ac', '\xe4']"
    with pytest.raises(TypeError):
        literal(1.5)
