"""AdminTask: how commands are written, servers, templates and clusters."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from lab.products.was.admin import Argument
from lab.products.was.admin.task.commands import COMMANDS
from lab.products.was.errors import ScriptingError
from lab.settings import REPOSITORY
from tests.lab.products.was.cell import Cell

MEMBER = "-clusterName X -memberConfig [-memberNode {} -memberName {} -memberWeight 2 -genUniquePorts false]"


@pytest.fixture
def cell(tmp_path: Path) -> Cell:
    return Cell(tmp_path)


def refused(cell: Cell, text: str, name: str, *arguments: Argument) -> None:
    with pytest.raises(ScriptingError) as error:
        cell.task(name, *arguments)
    assert str(error.value).startswith(text)


@pytest.mark.parametrize(
    "options",
    [
        "[-name S -genUniquePorts false]",
        "-name S -genUniquePorts false",
        '[-name "S" -genUniquePorts "false"]',
        ["-name", "S", "-genUniquePorts", "false"],
        "[-genUniquePorts false -name S -ConfigCoreGroup [-coregroupName DefaultCoreGroup]]",
        "[-genUniquePorts false -name S -ConfigCoreGroup[[DefaultCoreGroup]]]",
        ["-name", "S", "-genUniquePorts", "false", "-ConfigCoreGroup", [["DefaultCoreGroup"]]],
    ],
)
def test_options_as_text_and_as_list(cell: Cell, options: Argument) -> None:
    made = cell.task("createApplicationServer", "N", options)
    assert re.fullmatch(r"S\(cells/C/nodes/N/servers/S\|server\.xml#Server_\d{13}\)", made)
    assert cell.ports("N", "S")["SOAP_CONNECTOR_ADDRESS"] == ("n.example.com", "8880")


def test_an_option_in_quotes_is_a_value(cell: Cell) -> None:
    cell.task("createApplicationServer", "N", "[-name S]")
    cell.task("setJVMProperties", '[-serverName S -nodeName N -genericJvmArguments "-Dx=y -Xquick"]')
    (jvm,) = cell.workspace.list("JavaVirtualMachine", cell.one("/Server:S/"))
    assert jvm.get("genericJvmArguments") == "-Dx=y -Xquick"
    refused(
        cell, "WASX8009E: Invalid parameter: Dx=y", "setJVMProperties",
        ["-serverName", "S", "-nodeName", "N", "-genericJvmArguments", "-Dx=y"],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "name", "arguments"),
    [
        ("ADMF0002E: Required parameter name is not found for command createApplicationServer.",
         "createApplicationServer", ("N", "[-genUniquePorts true]")),
        ("ADMF0003E: Invalid parameter value maybe for parameter genUniquePorts for command createApplicationServer.",
         "createApplicationServer", ("N", "[-name S -genUniquePorts maybe]")),
        ("WASX8009E: Invalid parameter: nome", "createApplicationServer", ("N", "[-nome S]")),
        ("ADMG0250E: Node D is not a valid node.", "createApplicationServer", ("[-name S]",)),
        ("ADMG0250E: Node Q is not a valid node.", "createApplicationServer", ("Q", "[-name S]")),
        ("ADMG0249E: The server name a/b is invalid.", "createApplicationServer", ("N", "[-name a/b]")),
        ("ADMG0253E: Matching template t could not be found or is not valid for this server.",
         "createApplicationServer", ("N", "[-name S -templateName t]")),
        ("ADMG0248E: nodeagent exists within node N.", "createApplicationServer", ("N", "[-name nodeagent]")),
        ("ADMG8253E: Core group G does not exist.",
         "createApplicationServer", ("N", "[-name S -ConfigCoreGroup [-coregroupName G]]")),
        ("ADMG0256E: S does not exist within node N.", "deleteServer", ("[-serverName S -nodeName N]",)),
        ("ADMG0258E: Node Q is not a valid node.", "deleteServer", ("[-serverName S -nodeName Q]",)),
        ("ADMF0002E: Required parameter clusterName is not found for command clusterConfig.", "createCluster", ()),
        ("ADMF0003E: Invalid parameter value x for parameter memberWeight for command memberConfig.",
         "createClusterMember", ("[-clusterName X -memberConfig [[N S x true false]]]",)),
        ("ADMF0002E: Required parameter memberNode is not found for command memberConfig.",
         "createClusterMember", ("[-clusterName X -memberConfig [-memberName S]]",)),
        ("ADMG9202E: Cannot find server S on node N.",
         "createCluster", ("[-clusterConfig [-clusterName X] -convertServer [-serverNode N -serverName S]]",)),
        ("ADMG9216E: Cannot find cluster X.", "deleteCluster", ("[-clusterName X]",)),
        ("WASX7122E", "createCluster", ("[-clusterConfig [-clusterName X]",)),
    ],
)  # fmt: skip
def test_what_is_refused(cell: Cell, text: str, name: str, arguments: tuple[Argument, ...]) -> None:
    refused(cell, text, name, *arguments)
    assert cell.workspace.changed() == []


@pytest.mark.parametrize(
    "name", ["createAuthDataEntry", "setVariable", "configureAdminLDAPUserRegistry", "applyConfigProperties"]
)
def test_commands_of_later_versions_do_not_exist(cell: Cell, name: str) -> None:
    assert name not in cell.admin_task.names()


@pytest.mark.parametrize(
    ("options", "template"),
    [
        ("[-name P -templateName sip_proxy_server -genUniquePorts false]", {"SIPProxySettings"}),
        ("[-name P -selectProtocols [-list [SIP]]]", {"SIPProxySettings"}),
        ("[-name P -selectProtocols [[[sip]]]]", {"SIPProxySettings"}),
        ("[-name P -selectProtocols [-list [HTTP, SIP]]]", {"ProxySettings", "SIPProxySettings"}),
        ("[-name P]", {"ProxySettings"}),
    ],
)
def test_a_proxy_server_by_template_or_by_protocols(cell: Cell, options: str, template: set[str]) -> None:
    made = cell.task("createProxyServer", "M", options)
    assert made.startswith("P(cells/C/nodes/M/servers/P|server.xml#Server_")
    roots = cell.workspace.document("cells/C/nodes/M/servers/P/proxy-settings.xml").roots
    assert {each.type for each in roots} == template
    assert cell.task("listServers", "[-serverType PROXY_SERVER]") == made
    assert cell.task("getServerType", "[-serverName P -nodeName M]") == "PROXY_SERVER"


def test_servers_are_listed_shown_and_deleted(cell: Cell) -> None:
    server = cell.task("createApplicationServer", "N", "[-name S]")
    assert len(cell.task("listServers").splitlines()) == 4
    assert cell.task("listServers", "[-serverType APPLICATION_SERVER -nodeName N]") == server
    assert cell.task("listServers", "-serverType APPLICATION_SERVER -nodeName M") == ""
    assert "[serverType APPLICATION_SERVER]" in cell.task("showServerInfo", server).splitlines()
    cell.task("deleteServer", "[-serverName S -nodeName N]")
    assert cell.task("listServers", "[-serverType APPLICATION_SERVER]") == ""
    assert "S" not in {each.get("serverName") for each in cell.workspace.list("CoreGroupServer")}
    assert cell.workspace.paths("cells/C/nodes/N/servers/S/*") == []


def test_a_template_of_a_server(cell: Cell) -> None:
    cell.task("createApplicationServer", "N", "[-name S]")
    cell.task("setJVMProperties", "[-serverName S -nodeName N -maximumHeapSize 777]")
    options = "[-templateName big -serverName S -nodeName N]"
    template = cell.task("createApplicationServerTemplate", options)
    assert template.startswith("big(templates/servertypes/APPLICATION_SERVER/servers/big|server.xml#Server_")
    refused(cell, "ADMG0262E: Template big already exists.", "createApplicationServerTemplate", options)
    assert template in cell.task("listServerTemplates", "[-serverType APPLICATION_SERVER]").splitlines()
    cell.task("createApplicationServer", "M", "[-name T -templateName big]")
    (jvm,) = cell.workspace.list("JavaVirtualMachine", cell.one("/Node:M/Server:T/"))
    assert jvm.get("maximumHeapSize") == "777"
    cell.task("deleteServerTemplate", template)
    assert "big" not in cell.task("listServerTemplates")


def test_a_cluster_of_a_converted_server_and_a_copy(cell: Cell) -> None:
    cell.task("createApplicationServer", "N", "[-name RTCGWServer -genUniquePorts false]")
    cell.task("setJVMProperties", "[-serverName RTCGWServer -nodeName N -maximumHeapSize 512]")
    made = cell.task(
        "createCluster",
        "[-clusterConfig [-clusterName X -preferLocal true] "
        "-convertServer [-serverNode N -serverName RTCGWServer -memberWeight 3 -replicatorEntry false]]",
    )
    assert re.fullmatch(r"X\(cells/C/clusters/X\|cluster\.xml#ServerCluster_\d{13}\)", made)
    cluster = cell.one("/ServerCluster:X/")
    assert (cluster.get("nodeGroupName"), cluster.get("preferLocal")) == ("DefaultNodeGroup", "true")
    refused(
        cell, "ADMG9222E", "createClusterMember", f"[{MEMBER.format('M', 'S')} -firstMember [-templateName default]]"
    )
    refused(cell, "ADMG9217E: Server nodeagent already exists on node M.", "createClusterMember",
            f"[{MEMBER.format('M', 'nodeagent')}]")  # fmt: skip
    refused(cell, "ADMG9218E: Cannot find node Q.", "createClusterMember", f"[{MEMBER.format('Q', 'S')}]")
    member = cell.task("createClusterMember", f"[{MEMBER.format('M', 'RTCGWServer')}]")
    assert re.fullmatch(r"RTCGWServer\(cells/C/clusters/X\|cluster\.xml#ClusterMember_\d{13}\)", member)
    members = [(each.get("nodeName"), each.get("weight")) for each in cluster.children["members"]]
    assert members == [("N", "3"), ("M", "2")]
    for node in ("N", "M"):
        server = cell.one(f"/Node:{node}/Server:RTCGWServer/")
        assert server.get("clusterName") == "X"
        (jvm,) = cell.workspace.list("JavaVirtualMachine", server)
        assert jvm.get("maximumHeapSize") == "512", "later members are made like the first"
    assert cell.ports("M", "RTCGWServer")["SIP_DEFAULTHOST"] == ("*", "5060")
    refused(cell, "ADMG9200E: Cluster X already exists.", "createCluster", "[-clusterConfig [[X true]]]")
    cell.workspace.save()
    assert (cell.profile.config / "templates/clusters/X/servers/V6.1MemberTemplate/server.xml").exists()


@pytest.mark.parametrize(("scope", "of_server", "of_cluster"), [("server", 1, 0), ("both", 1, 1), ("cluster", 0, 1)])
def test_resources_of_a_converted_server(cell: Cell, scope: str, of_server: int, of_cluster: int) -> None:
    cell.task("createApplicationServer", "N", "[-name S]")
    provider = '-databaseType DB2 -providerType "DB2 Universal JDBC Driver Provider"'
    kind = '-implementationType "XA data source"'
    cell.task("createJDBCProvider", f"[-scope Node=N,Server=S {provider} {kind} -name STGW]")
    convert = f"-convertServer [-serverNode N -serverName S -resourcesScope {scope}]"
    cell.task("createCluster", f"[-clusterConfig [-clusterName X] {convert}]")
    assert cell.task("listJDBCProviders", "[-scope Node=N,Server=S]").count("STGW(") == of_server
    assert cell.task("listJDBCProviders", "[-scope Cluster=X]").count("STGW(") == of_cluster


def test_the_first_member_by_template(cell: Cell) -> None:
    cluster = cell.task("createCluster", "[-clusterConfig[-clusterName X]]")
    refused(cell, "ADMG9223E: Cannot find server template t.", "createClusterMember",
            f"[{MEMBER.format('N', 'S')} -firstMember [-templateName t]]")  # fmt: skip
    first = "-firstMember [-templateName default -nodeGroup DefaultNodeGroup -coreGroup DefaultCoreGroup]"
    options = f"[-memberConfig [[N S 4 true true]] {first}]"
    cell.task("createClusterMember", cluster, options)
    (member,) = cell.one("/ServerCluster:X/").children["members"]
    assert (member.get("memberName"), member.get("weight")) == ("S", "4")
    (drs,) = cell.workspace.list("DRSSettings", cell.one("/Server:S/"))
    assert drs.get("messageBrokerDomainName") == "X"
    cell.task("deleteClusterMember", "[-clusterName X -memberNode N -memberName S]")
    assert cell.workspace.resolve("/Server:S/") == []
    cell.task("deleteCluster", "[-clusterName X]")
    assert cell.workspace.resolve("/ServerCluster:/") == []
    assert cell.workspace.paths("templates/clusters/*") == []


def test_a_replication_domain_comes_and_goes_with_its_cluster(cell: Cell) -> None:
    cell.task("createCluster", "[-clusterConfig [-clusterName X] -replicationDomain [-createDomain true]]")
    (settings,) = cell.workspace.list("DataReplication", cell.one("/DataReplicationDomain:X/"))
    assert settings.get("numberOfReplicas") == "1"
    cell.task("deleteCluster", "[-clusterName X -replicationDomain [-deleteRepDomain true]]")
    assert cell.workspace.resolve("/DataReplicationDomain:/") == []


def test_help(cell: Cell) -> None:
    assert cell.task("help").startswith("WASX8001I")
    assert "createCluster - " in cell.task("help", "-commands")
    assert "ServerManagement" in cell.task("help", "-commandGroups").splitlines()
    text = cell.task("help", "createProxyServer")
    assert text.startswith("WASX8006I: Detailed help for command: createProxyServer\n")
    assert "  *name - String" in text.splitlines()
    assert "selectProtocols" in text
    assert "*memberNode" in cell.task("help", "createClusterMember", "memberConfig")
    refused(cell, "WASX8014E", "help", "nonsense")


def test_a_generic_server_has_no_ports_and_no_core_group(cell: Cell) -> None:
    options = "[-name G -ConfigProcDef [-startCommand /opt/g/start -workingDirectory /opt/g]]"
    made = cell.task("createGenericServer", "N", options)
    assert cell.task("listServers", "[-serverType GENERIC_SERVER]") == made
    (definition,) = cell.workspace.find(made).children["processDefinitions"]
    assert (definition.get("startCommand"), definition.get("workingDirectory")) == ("/opt/g/start", "/opt/g")
    assert cell.one("/Node:N/ServerIndex:/ServerEntry:G/").children == {}
    assert "G" not in {each.get("serverName") for each in cell.workspace.list("CoreGroupServer")}
    types = cell.task("listServerTypes").splitlines()
    assert types == ["APPLICATION_SERVER", "GENERIC_SERVER", "PROXY_SERVER", "WEB_SERVER"]
    cell.task("deleteServer", "[-serverName G -nodeName N]")
    assert cell.task("listServers", "[-serverType GENERIC_SERVER]") == ""


def test_every_command_and_message_has_a_row_of_evidence() -> None:
    page = (REPOSITORY / "docs/evidence/was_admintask.md").read_text("utf-8")
    assert COMMANDS.keys() - set(re.findall(r"\w+", page)) == set()
    admin = REPOSITORY / "lab/products/was/admin"
    files = [*(admin / "task").glob("*.py"), *admin.glob("app*.py"), admin / "help.py"]
    used = {number for file in files for number in re.findall(r"\b[A-Z]{4,5}\d{4}[EWI]\b", file.read_text("utf-8"))}
    assert used - set(re.findall(r"\w+", page)) == set()
