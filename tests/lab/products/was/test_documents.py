"""The documents of a new profile, and what becomes of them when nodes and servers join."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path
from typing import Literal

import pytest

from lab.products.was.documents import nodes, servers
from lab.products.was.documents.profile import lay
from lab.products.was.model.document import Document
from lab.products.was.model.element import Element
from lab.products.was.model.types import contexts, is_a
from lab.products.was.model.workspace import Workspace
from tests.lab.products.was.cell import SPEC, Cell

NOT_XMI = {"metadata.xml", "wimconfig.xml", "fileRegistry.xml", "servertype-metadata.xml", "template-metadata.xml"}
SERVER_TEMPLATES = {
    "APPLICATION_SERVER/servers/default",
    "PROXY_SERVER/servers/proxy_server",
    "PROXY_SERVER/servers/sip_proxy_server",
    "PROXY_SERVER/servers/http_sip_proxy_server",
}


@pytest.fixture
def cell(tmp_path: Path) -> Cell:
    return Cell(tmp_path)


@pytest.mark.parametrize(("template", "server"), [("dmgr", "dmgr"), ("default", "RTCGWServer"), ("managed", "")])
def test_every_document_fits_the_metamodel(
    tmp_path: Path, template: Literal["dmgr", "default", "managed"], server: str
) -> None:
    lay(tmp_path, replace(SPEC, template=template, server=server))
    for file in sorted(tmp_path.rglob("*.xml")):
        path = file.relative_to(tmp_path).as_posix()
        if file.name in NOT_XMI:
            ET.parse(file)
            continue
        document = Document.parse(path, file.read_text("utf-8"))
        ids = [each.id for each in document.walk()]
        assert len(ids) == len(set(ids)), path
        for element in document.walk():
            assert element.id, (path, element.type)
            known = {*element.info.attributes, *element.info.references}
            assert element.attributes.keys() <= known, (path, element.type)
            assert element.children.keys() <= element.info.children.keys(), (path, element.type)
            for name in element.info.references.keys() & element.attributes.keys():
                assert set(element.attributes[name].split()) <= {*ids, ""}, (path, element.type, name)
        for kind in {path.split("/")[-3]} & contexts().keys():
            roots = contexts()[kind].get(file.name, [])
            assert all(any(is_a(each.type, root) for root in roots) for each in document.roots), path


def test_what_a_deployment_manager_has(tmp_path: Path) -> None:
    lay(tmp_path, SPEC)
    workspace = Workspace(tmp_path)
    (cell,) = workspace.resolve("/Cell:C/")
    assert cell.get("cellType") == "DISTRIBUTED"
    (index,) = workspace.resolve("/Node:D/ServerIndex:/")
    assert index.get("hostName") == "dm.example.com"
    referred = {each.get("endPointName") for each in workspace.referenced(index, "endPointRefs")}
    assert referred == {"CELL_DISCOVERY_ADDRESS", "BOOTSTRAP_ADDRESS"}
    (security,) = workspace.resolve("/Cell:C/Security:/")
    assert security.get("enabled") == "true"
    (registry,) = workspace.referenced(security, "activeUserRegistry")
    assert (registry.type, registry.get("primaryAdminId")) == ("WIMUserRegistry", "wasadmin")
    (settings,) = workspace.referenced(security, "defaultSSLSettings")
    assert settings.get("alias") == "CellDefaultSSLSettings"
    assert {each.get("name") for each in security.children["keyStores"]} == {
        "CellDefaultKeyStore",
        "CellDefaultTrustStore",
        "CellLTPAKeys",
    }
    folders = {
        path.rpartition("/")[0].removeprefix("templates/servertypes/") for path in workspace.paths("templates/*")
    }
    assert folders >= SERVER_TEMPLATES
    assert next(each.get("name") for each in workspace.templates("VirtualHost")) == "default_host"
    names = {each.get("name") for each in workspace.templates("JDBCProvider")}
    assert {"DB2 Universal JDBC Driver Provider", "DB2 Universal JDBC Driver Provider (XA)"} <= names


def test_an_unfederated_server_has_a_cell_of_its_own(tmp_path: Path) -> None:
    spec = replace(SPEC, template="default", node="N", server="RTCGWServer", ports={"WC_defaulthost": 9081})
    lay(tmp_path, replace(spec, security=False, platform="windows", path="C:\\IBM\\profiles\\P"))
    workspace = Workspace(tmp_path)
    (cell,) = workspace.resolve("/Cell:C/")
    assert cell.get("cellType") == "STANDALONE"
    (security,) = workspace.resolve("/Cell:C/Security:/")
    assert security.get("enabled") == "false"
    assert [each.get("alias") for each in security.children["repertoire"]] == ["NodeDefaultSSLSettings"]
    entries = workspace.list("VariableSubstitutionEntry")
    variables = {each.get("symbolicName"): each.get("value") for each in entries}
    assert variables["USER_INSTALL_ROOT"] == "C:/IBM/profiles/P"
    assert variables["SERVER_LOG_ROOT"] == "${LOG_ROOT}/RTCGWServer"
    (host,) = workspace.resolve("/VirtualHost:default_host/")
    assert "9081" in [each.get("port") for each in host.children["aliases"]]
    assert "80" not in [each.attributes.get("port") for each in host.children["aliases"]]
    metadata = (tmp_path / "cells/C/nodes/N/node-metadata.properties").read_text("utf-8")
    assert "com.ibm.websphere.nodeOperatingSystem=windows" in metadata


def test_an_agent_makes_the_index_refer_to_its_end_points(cell: Cell) -> None:
    index = cell.one("/Node:N/ServerIndex:/")
    referred = {each.get("endPointName") for each in cell.workspace.referenced(index, "endPointRefs")}
    assert len(referred) == 7
    assert {"BOOTSTRAP_ADDRESS", "SOAP_CONNECTOR_ADDRESS", "DCS_UNICAST_ADDRESS"} & referred == set()
    ports = cell.ports("N", "nodeagent")
    assert ports["NODE_MULTICAST_DISCOVERY_ADDRESS"] == ("232.133.104.73", "5000")
    assert ports["SOAP_CONNECTOR_ADDRESS"] == ("n.example.com", "8878")


def _server(cell: Cell, name: str, template: str, *, unique: bool) -> Element:
    kind = "APPLICATION_SERVER" if template == "default" else "PROXY_SERVER"
    folder = servers.template_folder(kind, template)
    return servers.new_server(cell.workspace, "N", name, folder, unique_ports=unique)


def test_a_new_server_is_a_copy_with_ids_of_its_own(cell: Cell) -> None:
    server = _server(cell, "S", "default", unique=True)
    template = cell.workspace.document("templates/servertypes/APPLICATION_SERVER/servers/default/server.xml").roots[0]
    assert [each.type for each in server.walk()] == [each.type for each in template.walk()]
    assert {each.id for each in server.walk()} & {each.id for each in template.walk()} == set()
    assert server.get("name") == "S"
    (service,) = cell.workspace.list("AdminService", server)
    assert service.attributes["standalone"] == "false"
    (connector,) = cell.workspace.referenced(service, "preferredConnector")
    assert connector.type == "SOAPConnector"
    chains = {each.get("name"): each for each in cell.workspace.list("Chain", server)}
    channels = cell.workspace.referenced(chains["SIPCInboundDefault"], "transportChannels")
    assert [each.type for each in channels] == ["TCPInboundChannel", "SIPInboundChannel", "SIPContainerInboundChannel"]
    cell.workspace.save()
    written = {path.name for path in (cell.profile.config / "cells/C/nodes/N/servers/S").iterdir()}
    assert len(written) == 11
    assert "sib-service.xml" in written


def test_unique_ports_are_the_first_free_ones_of_the_host(cell: Cell) -> None:
    _server(cell, "S", "default", unique=True)
    _server(cell, "T", "default", unique=True)
    first, second = cell.ports("N", "S"), cell.ports("N", "T")
    assert first["SIP_DEFAULTHOST"] == ("*", "5060")
    assert second["SIP_DEFAULTHOST"] == ("*", "5062"), "5061 is the secure one's of the first"
    assert second["SIP_DEFAULTHOST_SECURE"] == ("*", "5063")
    assert second["BOOTSTRAP_ADDRESS"] == ("n.example.com", "9811")
    taken = [port for server in ("S", "T", "nodeagent") for _, port in cell.ports("N", server).values()]
    assert len(taken) == len(set(taken))
    aliases = [each.get("port") for each in cell.one("/VirtualHost:default_host/").children["aliases"]]
    assert {"5062", "5063", "9081", "9444"} <= set(aliases)
    assert len(aliases) == len(set(aliases))


def test_without_unique_ports_the_defaults_are_taken_twice(cell: Cell) -> None:
    _server(cell, "S", "default", unique=False)
    _server(cell, "T", "default", unique=False)
    assert cell.ports("N", "S") == cell.ports("N", "T")


@pytest.mark.parametrize(
    ("template", "end_points", "settings"),
    [
        ("sip_proxy_server", {"PROXY_SIP_ADDRESS": "5060", "PROXY_SIPS_ADDRESS": "5061"}, ["SIPProxySettings"]),
        ("proxy_server", {"PROXY_HTTP_ADDRESS": "80", "PROXY_HTTPS_ADDRESS": "443"}, ["ProxySettings"]),
        (
            "http_sip_proxy_server",
            {
                "PROXY_HTTP_ADDRESS": "80",
                "PROXY_HTTPS_ADDRESS": "443",
                "PROXY_SIP_ADDRESS": "5060",
                "PROXY_SIPS_ADDRESS": "5061",
            },
            ["ProxySettings", "SIPProxySettings"],
        ),
    ],
)
def test_a_proxy_server_serves_its_protocols(
    cell: Cell, template: str, end_points: dict[str, str], settings: list[str]
) -> None:
    server = _server(cell, "P", template, unique=False)
    ports = {name: port for name, (_, port) in cell.ports("N", "P").items() if name.startswith("PROXY_")}
    assert ports == end_points
    listened = {each.get("endPointName") for each in cell.workspace.list("TCPInboundChannel", server)}
    assert {name for name in listened if str(name).startswith("PROXY_")} == end_points.keys()
    document = cell.workspace.document("cells/C/nodes/N/servers/P/proxy-settings.xml")
    assert [each.type for each in document.roots] == settings
    if "SIPProxySettings" in settings:
        (sprayer,) = cell.one("/Server:P/SIPProxySettings:/").children["tlsSprayer"]
        assert (sprayer.get("isEnabled"), sprayer.get("host"), sprayer.get("port")) == ("false", "", None)
    entry = cell.one("/Node:N/ServerIndex:/ServerEntry:P/")
    assert entry.get("serverType") == "PROXY_SERVER"


def test_a_node_that_leaves_is_forgotten(cell: Cell) -> None:
    assert len(cell.workspace.list("SSLConfig")) == 3
    nodes.leave(cell.workspace, "N")
    assert [each.get("nodeName") for each in cell.workspace.list("NodeGroupMember")] == ["D", "M"]
    assert {each.get("nodeName") for each in cell.workspace.list("CoreGroupServer")} == {"D", "M"}
    assert [each.get("scopeName") for each in cell.workspace.list("ManagementScope")] == [
        "(cell):C",
        "(cell):C:(node):M",
    ]
    assert len(cell.workspace.list("SSLConfig")) == 2
    assert len(cell.one("/Cell:C/Security:/").children["keyStores"]) == 5
