"""AdminTask: processes, ports, nodes, node and core groups, chains."""

from __future__ import annotations

from pathlib import Path

import pytest

from lab.products.was.admin import Argument
from lab.products.was.errors import ScriptingError
from tests.lab.products.was.cell import Cell


@pytest.fixture
def cell(tmp_path: Path) -> Cell:
    made = Cell(tmp_path)
    made.task("createApplicationServer", "N", "[-name S -genUniquePorts false]")
    return made


def refused(cell: Cell, text: str, name: str, *arguments: Argument) -> None:
    with pytest.raises(ScriptingError) as error:
        cell.task(name, *arguments)
    assert str(error.value).startswith(text)


def test_the_jvm_of_a_server(cell: Cell) -> None:
    where = "-serverName S -nodeName N"
    heap = "-initialHeapSize 512 -maximumHeapSize 1024 -verboseModeGarbageCollection true"
    assert cell.task("setJVMProperties", f"[{where} {heap}]") == "true"
    assert cell.task("showJVMProperties", f"[{where} -propertyName maximumHeapSize]") == "1024"
    cell.task("setJVMInitialHeapSize", f"[{where} -initialHeapSize 256]")
    cell.task("setJVMMaxHeapSize", f"[{where} -maximumHeapSize 2048]")
    cell.task("setJVMDebugMode", f"[{where} -debugMode true]")
    shown = cell.task("showJVMProperties", f"[{where}]").splitlines()
    assert {"[maximumHeapSize 2048]", "[debugMode true]"} <= set(shown)
    assert "[initialHeapSize 256]" in shown
    assert "[genericJvmArguments []]" in shown
    refused(cell, "ADMF0003E: Invalid parameter value 1g for parameter maximumHeapSize for command setJVMProperties.",
            "setJVMProperties", f"[{where} -maximumHeapSize 1g]")  # fmt: skip
    refused(cell, "WASX8009E", "setJVMProperties", f"[{where} -verboseGarbageCollection true]")


def test_system_properties_of_the_jvm_are_set_once(cell: Cell) -> None:
    where = "-serverName S -nodeName N"
    for value in ("1", "2"):
        cell.task("setJVMSystemProperties", f"[{where} -propertyName p -propertyValue {value}]")
    assert cell.task("showJVMSystemProperties", f"[{where}]") == "[p 2]"
    assert cell.task("showJVMSystemProperties", f"[{where} -propertyName p]") == "2"


def test_trace_and_process_definition(cell: Cell) -> None:
    cell.task("setTraceSpecification", "[-serverName S -traceSpecification *=info:com.ibm.ws.sip.*=all]")
    (service,) = cell.workspace.list("TraceService", cell.one("/Server:S/"))
    assert service.get("startupTraceSpecification") == "*=info:com.ibm.ws.sip.*=all"
    cell.task("setProcessDefinition", "[-serverName S -workingDirectory /tmp]")
    assert cell.task("showProcessDefinition", "[-serverName S -propertyName workingDirectory]") == "/tmp"


def test_a_port_that_channels_share_is_changed_on_purpose_only(cell: Cell) -> None:
    options = "-nodeName N -endPointName SIP_DEFAULTHOST -host * -port 5070"
    refused(cell, "ADMF0003E: Invalid parameter value false for parameter modifyShared", "modifyServerPort", "S",
            f"[{options}]")  # fmt: skip
    cell.task("modifyServerPort", "S", f"[{options} -modifyShared true]")
    assert cell.ports("N", "S")["SIP_DEFAULTHOST"] == ("*", "5070")
    cell.task("modifyServerPort", "S", ["-nodeName", "N", "-endPointName", "WC_adminhost", "-port", "9099"])
    assert cell.ports("N", "S")["WC_adminhost"] == ("*", "9099")
    refused(cell, "ADMF0003E: Invalid parameter value X for parameter endPointName for command modifyServerPort.",
            "modifyServerPort", "S", "[-nodeName N -endPointName X -port 1]")  # fmt: skip
    lines = cell.task("listServerPorts", "S", "[-nodeName N]").splitlines()
    assert "[[SIP_DEFAULTHOST [[[host *] [node N] [server S] [port 5070] ]]]]" in lines


def test_nodes_and_what_they_are(cell: Cell) -> None:
    assert cell.task("listNodes").splitlines() == ["D", "M", "N"]
    cell.task("createUnmanagedNode", "[-nodeName W -hostName w.example.com -nodeOperatingSystem windows]")
    assert cell.task("listManagedNodes").splitlines() == ["D", "M", "N"]
    assert cell.task("listUnmanagedNodes") == "W"
    assert cell.task("listNodes", "[-nodeGroup DefaultNodeGroup]").splitlines() == ["D", "N", "M", "W"]
    assert cell.task("getNodePlatformOS", "[-nodeName W]") == "windows"
    assert cell.task("getNodeBaseProductVersion", "[-nodeName N]") == "6.1.0.11"
    assert cell.task("getNodeMajorVersion", "-nodeName N") == "6"
    assert cell.task("getNodeMinorVersion", "[-nodeName N]") == "1.0.11"
    assert cell.task("isNodeZOS", "[-nodeName N]") == "false"
    assert cell.task("compareNodeVersion", "[-nodeName N -version 6.1]") == "0"
    assert cell.task("compareNodeVersion", "[-nodeName N -version 7]") == "-1"
    name = "com.ibm.websphere.baseProductShortName"
    assert cell.task("getMetadataProperty", f"[-nodeName N -propertyName {name}]") == "ND"
    refused(cell, "ADMF0003E", "createUnmanagedNode", "[-nodeName Z -hostName z -nodeOperatingSystem beos]")
    refused(cell, "ADMG0258E: Node Q is not a valid node.", "getNodePlatformOS", "[-nodeName Q]")
    cell.task("removeUnmanagedNode", "[-nodeName W]")
    assert cell.workspace.resolve("/Node:W/") == []
    refused(cell, "ADMG0302E", "removeUnmanagedNode", "[-nodeName N]")


def test_node_groups(cell: Cell) -> None:
    made = cell.task("createNodeGroup", "G", '[-description "two words"]')
    assert made.startswith("G(cells/C/nodegroups/G|nodegroup.xml#NodeGroup_")
    cell.task("addNodeGroupMember", "G", "[-nodeName N]")
    assert cell.task("listNodeGroups").splitlines() == ["DefaultNodeGroup", "G"]
    assert cell.task("listNodeGroups", "M") == "DefaultNodeGroup"
    refused(cell, "ADMG0308E", "removeNodeGroup", "G")
    cell.task("removeNodeGroupMember", "G", "[-nodeName N]")
    cell.task("removeNodeGroup", "G")
    refused(cell, "ADMG0308E", "removeNodeGroup", "DefaultNodeGroup")


def test_core_groups(cell: Cell) -> None:
    assert cell.task("doesCoreGroupExist", "[-coreGroupName G]") == "false"
    cell.task("createCoreGroup", "[-coreGroupName G]")
    assert cell.task("getAllCoreGroupNames").splitlines() == ["DefaultCoreGroup", "G"]
    move = "[-source {} -target {} -nodeName N -serverName S]"
    cell.task("moveServerToCoreGroup", move.format("DefaultCoreGroup", "G"))
    assert cell.task("getCoreGroupNameForServer", "[-nodeName N -serverName S]") == "G"
    document = cell.workspace.document("cells/C/nodes/N/servers/S/hamanagerservice.xml")
    assert document.roots[0].get("coreGroupName") == "G"
    refused(cell, "ADMG8256E", "moveServerToCoreGroup", move.format("DefaultCoreGroup", "G"))
    refused(cell, "ADMG8255E", "deleteCoreGroup", "[-coreGroupName G]")
    cell.task("moveServerToCoreGroup", move.format("G", "DefaultCoreGroup"))
    cell.task("deleteCoreGroup", "[-coreGroupName G]")
    assert cell.task("doesCoreGroupExist", "[-coreGroupName G]") == "false"


def test_a_chain_is_made_of_a_template(cell: Cell) -> None:
    (service,) = cell.workspace.list("TransportChannelService", cell.one("/Server:S/"))
    target = cell.workspace.config_id(service)
    point = cell.task("createTCPEndPoint", target, "[-name SIP_MORE -host * -port 5090]")
    assert cell.ports("N", "S")["SIP_MORE"] == ("*", "5090")
    assert point in cell.task("listTCPEndPoints", target, "[-unusedOnly true]").splitlines()
    templates = cell.task("listChainTemplates", "[-acceptorFilter SIPContainerInboundChannel]").splitlines()
    assert templates[0] == "SIPContainer(templates/chains|sipcontainer-chains.xml#Chain_1)"
    chain = cell.task("createChain", target, f"[-template {templates[0]} -name More -endPoint {point}]")
    channels = cell.workspace.referenced(cell.workspace.find(chain), "transportChannels")
    assert [each.get("name") for each in channels] == ["TCP_6", "SIP_4", "SIPCC_4"]
    assert channels[0].get("endPointName") == "SIP_MORE"
    assert cell.task("getTCPEndPoint", chain) == point
    assert chain in cell.task("listChains", target, "[-acceptorFilter SIPContainerInboundChannel]").splitlines()
    cell.task("deleteChain", chain, "[-deleteChannels true]")
    assert "TCP_6" not in [
        each.get("name") for each in cell.workspace.list("TCPInboundChannel", cell.one("/Server:S/"))
    ]
    pools = [cell.workspace.find(each).get("name") for each in cell.task("listTCPThreadPools", target).splitlines()]
    assert "WebContainer" in pools


def test_reports(cell: Cell) -> None:
    lines = cell.task("reportConfiguredPorts", "[-node N]").splitlines()
    assert "Node N / Host n.example.com" in lines
    assert "  5060 SIP_DEFAULTHOST" in lines
    assert cell.task("reportConfigInconsistencies").splitlines()[1:] == ["No problems were found."]
    cell.workspace.delete("cells/C/nodes/N/servers/S/server.xml")
    assert cell.task("reportConfigInconsistencies").splitlines()[1:] == [
        "Server S is in the index of node N but has no configuration."
    ]
