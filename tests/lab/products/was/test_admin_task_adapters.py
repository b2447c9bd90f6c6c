"""AdminTask: resource adapters, JMS resources, caches, web servers, bridges between core groups."""

from __future__ import annotations

from pathlib import Path

import pytest

from lab.products.was.admin import Argument
from lab.products.was.errors import ScriptingError
from tests.lab.products.was.cell import Cell

QUEUE = ["-name", "q", "-jndiName", "jms/q", "-queueName", "Q"]


@pytest.fixture
def cell(tmp_path: Path) -> Cell:
    return Cell(tmp_path)


def refused(cell: Cell, text: str, name: str, *arguments: Argument) -> None:
    with pytest.raises(ScriptingError) as error:
        cell.task(name, *arguments)
    assert str(error.value).startswith(text)


def scope(cell: Cell) -> str:
    return cell.workspace.config_id(cell.one("/Cell:C/"))


def adapter(cell: Cell) -> str:
    return cell.workspace.config_id(cell.one("/Cell:C/J2CResourceAdapter:SIB JMS Resource Adapter/"))


def test_resources_of_an_adapter_by_their_interface(cell: Cell) -> None:
    listener = "[-messageListenerType javax.jms.MessageListener"
    assert cell.task("listMessageListenerTypes", adapter(cell)) == "javax.jms.MessageListener"
    assert "javax.jms.Queue" in cell.task("listAdminObjectInterfaces", adapter(cell)).splitlines()
    made = cell.task("createJ2CActivationSpec", adapter(cell), f"{listener} -name a -jndiName jms/a]")
    assert cell.task("listJ2CActivationSpecs", adapter(cell), f"{listener}]") == made
    refused(cell, "ADMF0003E", "listJ2CActivationSpecs", adapter(cell), "[-messageListenerType x.Y]")
    interface = "-connectionFactoryInterface javax.jms.QueueConnectionFactory"
    factory = cell.task("createJ2CConnectionFactory", adapter(cell), f"[{interface} -name f -jndiName jms/f]")
    assert cell.task("listJ2CConnectionFactories", adapter(cell), f"[{interface}]") == factory
    other = "[-connectionFactoryInterface javax.jms.TopicConnectionFactory]"
    assert cell.task("listJ2CConnectionFactories", adapter(cell), other) == ""


def test_jms_resources_are_changed_shown_and_deleted(cell: Cell) -> None:
    made = cell.task("createSIBJMSQueue", scope(cell), QUEUE)
    assert cell.task("modifySIBJMSQueue", made, ["-queueName", "R", "-description", "d"]) == made
    shown = dict(pair.split("=", 1) for pair in cell.task("showSIBJMSQueue", made)[1:-1].split(", "))
    assert (shown["name"], shown["QueueName"], shown["description"]) == ("q", "R", "d")
    cell.task("deleteSIBJMSQueue", made)
    assert cell.task("listSIBJMSQueues", scope(cell)) == ""


def test_options_may_stand_in_one_text_of_a_list(cell: Cell) -> None:
    made = cell.task("createSIBJMSQueue", scope(cell), ["-name q -jndiName jms/q", "-queueName", "Q"])
    assert cell.workspace.find(made).get("jndiName") == "jms/q"


def test_a_bus_with_all_its_options(cell: Cell) -> None:
    options = ["-bus", "B", "-interEngineAuthAlias", "", "-discardOnDelete", "true", "-busSecurity", "true"]
    bus = cell.workspace.find(cell.task("createSIBus", options))
    assert (bus.get("discardMsgsAfterQueueDeletion"), bus.get("secure")) == ("true", "true")


def test_instances_of_a_cache(cell: Cell) -> None:
    provider = cell.workspace.config_id(cell.one("/Cell:C/CacheProvider:/"))
    made = cell.task("createObjectCacheInstance", provider, ["-name", "c", "-jndiName", "cache/c"])
    assert cell.task("listObjectCacheInstances") == made
    assert cell.task("listServletCacheInstances") == ""
    refused(cell, "ADMF0003E", "createObjectCacheInstance", scope(cell), ["-name", "d", "-jndiName", "cache/d"])


def test_a_web_server_is_no_member_of_a_core_group(cell: Cell) -> None:
    steps = "-serverConfig [-webPort 81 -webInstallRoot /opt/IHS -pluginInstallRoot /opt/P -webAppMapping ALL]"
    remote = "-remoteServerConfig [-adminPort 8009 -adminUserID a -adminPasswd b]"
    made = cell.task("createWebServer", "N", f"[-name w -templateName IHS {steps} {remote}]")
    assert cell.task("listServers", "[-serverType WEB_SERVER]") == made
    web = cell.one("/Node:N/Server:w/WebServer:w/")
    assert (web.get("webserverType"), web.get("webserverInstallRoot")) == ("IHS", "/opt/IHS")
    assert cell.ports("N", "w") == {"WEBSERVER_ADDRESS": ("*", "81"), "WEBSERVER_ADMIN_ADDRESS": ("*", "8009")}
    assert "w" not in {each.get("serverName") for each in cell.workspace.list("CoreGroupServer")}
    refused(cell, "ADMG0253E", "createWebServer", "N", "[-name x -templateName NONE]")


def test_a_development_server(cell: Cell) -> None:
    made = cell.task("createApplicationServer", "N", "[-name S -templateName DeveloperServer]")
    assert cell.workspace.find(made).get("developmentMode") == "true"


def test_bridges_forget_a_core_group(cell: Cell) -> None:
    settings = cell.workspace.config_id(cell.one("/CoreGroupBridgeSettings:/"))
    cell.task("createCoreGroup", "[-coreGroupName G]")
    cell.task("createCoreGroupAccessPoint", settings, "[-coreGroupName G]")
    assert cell.task("listCoreGroups", settings, "[-cgapName CGAP_G]") == "G"
    cell.task("deleteCoreGroupAccessPoints", settings, ["-coreGroupName", "G"])
    assert cell.task("listCoreGroups", settings, "[-cgapName CGAP_G]") == ""


def test_a_node_moves_to_another_host(cell: Cell) -> None:
    node = cell.one("/Node:N/")
    assert cell.workspace.value(node, "hostName") == "n.example.com"
    cell.task("changeHostName", "[-nodeName N -hostName x.example.com]")
    assert cell.workspace.value(node, "hostName") == "x.example.com"
    assert cell.ports("N", "nodeagent")["SOAP_CONNECTOR_ADDRESS"][0] == "x.example.com"
