"""AdminApp: what is installed, where it runs, and what changes that."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from lab.products.was.admin import Argument, Process, Reply
from lab.products.was.admin.app import AdminApp
from lab.products.was.admin.help import Help
from lab.products.was.admin.task import AdminTask
from lab.products.was.errors import ScriptingError
from tests.lab.products.was.cell import Cell

EAR = "/tmp/shop.ear"
DESCRIPTOR = """\
<?xml version="1.0" encoding="UTF-8"?>
<application xmlns="http://java.sun.com/xml/ns/j2ee">
  <display-name>Shop</display-name>
  <module><web><web-uri>shop.war</web-uri><context-root>/shop</context-root></web></module>
  <module><ejb>orders.jar</ejb></module>
</application>
"""
SERVER = "WebSphere:cell=C,node=N,server=S"


@pytest.fixture
def cell(tmp_path: Path) -> Cell:
    made = Cell(tmp_path)
    made.task("createApplicationServer", "N", "[-name S -genUniquePorts false]")
    ear = made.host.path(EAR)
    ear.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(ear, "w") as archive:
        archive.writestr("META-INF/application.xml", DESCRIPTOR)
    return made


def app(cell: Cell, method: str, *arguments: Argument) -> Reply:
    process = Process("dmgr", "D", "DeploymentManager")
    return AdminApp(cell.workspace, cell.host, cell.profile, process).call(method, arguments)


def deployed(cell: Cell, node: str, server: str) -> str:
    return cell.one(f"/Node:{node}/ServerIndex:/ServerEntry:{server}/").get("deployedApplications") or ""


@pytest.mark.parametrize(
    "options",
    [
        "[-server S -node N]",
        ["-server", "S", "-node", "N", "-usedefaultbindings", "-nopreCompileJSPs"],
        f"[-MapModulesToServers [[.* .* {SERVER}]]]",
        ["-MapModulesToServers", [[".*", ".*", SERVER]], "-MapWebModToVH", [[".*", ".*", "default_host"]]],
    ],
)
def test_an_application_is_installed(cell: Cell, options: Argument) -> None:
    said = app(cell, "install", EAR, options).printed.splitlines()
    assert said[0] == "ADMA5016I: Installation of Shop started."
    assert said[-1] == "ADMA5013I: Application Shop installed successfully."
    assert app(cell, "list").value == "Shop"
    assert deployed(cell, "N", "S") == "Shop.ear/deployments/Shop"
    lines = str(app(cell, "listModules", "Shop", "-server").value).splitlines()
    assert lines == [
        f"Shop#shop.war+WEB-INF/web.xml#{SERVER}",
        f"Shop#orders.jar+META-INF/ejb-jar.xml#{SERVER}",
    ]
    cell.workspace.save()
    assert (cell.profile.config / "cells/C/applications/Shop.ear/Shop.ear").exists()
    assert app(cell, "isAppReady", "Shop").value == "true"


def test_only_one_server_needs_no_target_but_two_do(cell: Cell) -> None:
    cell.task("createApplicationServer", "M", "[-name T]")
    with pytest.raises(ScriptingError, match="ADMA5014E"):
        app(cell, "install", EAR)
    cell.task("deleteServer", "[-serverName T -nodeName M]")
    app(cell, "install", EAR, "[-appname Other]")
    assert app(cell, "list", SERVER).value == "Other"


@pytest.mark.parametrize(
    ("method", "arguments", "text"),
    [
        ("install", ("/tmp/none.ear",), "WASX7115E"),
        ("install", (EAR, "[-server Q]"), "ADMA0037E: The target server=Q does not exist."),
        ("install", (EAR, "[-cluster Q]"), "ADMA0037E"),
        ("install", (EAR, "[-sever S]"), 'WASX7103E: Invalid option "-sever" specified.'),
        ("install", (EAR, "[-server S -MapWebModToVH [[.* .* nowhere]]]"), "ADMA0085E"),
        ("uninstall", ("Shop",), 'WASX7280E: An application with name "Shop" does not exist.'),
        ("view", ("Shop",), "WASX7280E"),
        ("uninstall", (), "WASX7085E"),
    ],
)
def test_what_is_refused(cell: Cell, method: str, arguments: tuple[Argument, ...], text: str) -> None:
    before = cell.workspace.changed()
    with pytest.raises(ScriptingError) as error:
        app(cell, method, *arguments)
    assert str(error.value).startswith(text)
    assert cell.workspace.changed() == before


def test_a_name_is_taken_once(cell: Cell) -> None:
    app(cell, "install", EAR, "[-server S]")
    with pytest.raises(ScriptingError, match="WASX7279E"):
        app(cell, "install", EAR, "[-server S]")


def test_modules_are_mapped_to_a_cluster_and_its_later_members(cell: Cell) -> None:
    app(cell, "install", EAR, "[-server S]")
    cell.task("createCluster", "[-clusterConfig [-clusterName X]]")
    member = "[-clusterName X -memberConfig [-memberNode {} -memberName T]]"
    cell.task("createClusterMember", member.format("N"))
    row = "[shop shop.war,WEB-INF/web.xml WebSphere:cell=C,cluster=X+WebSphere:cell=C,node=N,server=S]"
    app(cell, "edit", "Shop", f"[-MapModulesToServers [{row}]]")
    assert deployed(cell, "N", "T") == deployed(cell, "N", "S") == "Shop.ear/deployments/Shop"
    view = str(app(cell, "view", "Shop", "-MapModulesToServers").value)
    assert "URI:  shop.war,WEB-INF/web.xml\nServer:  WebSphere:cell=C,cluster=X+" in view
    cell.task("createClusterMember", member.format("M"))
    assert deployed(cell, "M", "T") == "Shop.ear/deployments/Shop"
    with pytest.raises(ScriptingError, match="WASX7108E"):
        app(cell, "edit", "Shop", f"[-MapModulesToServers [[nothing nothing.war,WEB-INF/web.xml {SERVER}]]]")


def test_the_applications_of_a_converted_server_become_the_clusters(cell: Cell) -> None:
    app(cell, "install", EAR, "[-server S]")
    cell.task("createCluster", "[-clusterConfig [-clusterName X] -convertServer [-serverNode N -serverName S]]")
    assert "#WebSphere:cell=C,cluster=X" in str(app(cell, "listModules", "Shop", "-server").value)
    assert deployed(cell, "N", "S") == "Shop.ear/deployments/Shop"


def test_virtual_hosts_and_context_roots_are_shown(cell: Cell) -> None:
    app(cell, "install", EAR, "[-server S]")
    app(cell, "edit", "Shop", ["-MapWebModToVH", [[".*", ".*", "admin_host"]]])
    assert "Virtual host:  admin_host" in str(app(cell, "view", "Shop", "[-MapWebModToVH]").value)
    assert "Context Root:  /shop" in str(app(cell, "view", "Shop", "[-CtxRootForWebMod]").value)


def test_context_roots_and_shared_libraries_are_set(cell: Cell) -> None:
    app(cell, "install", EAR, ["-target", SERVER, "-CtxRootForWebMod", [[".*", ".*", "/store"]]])
    assert deployed(cell, "N", "S") == "Shop.ear/deployments/Shop"
    assert "Context Root:  /store" in str(app(cell, "view", "Shop", "[-CtxRootForWebMod]").value)
    app(cell, "edit", "Shop", ["-CtxRootForWebMod", [["shop", "shop.war,WEB-INF/web.xml", "/a&b"]]])
    assert "Context Root:  /a&b" in str(app(cell, "view", "Shop", "[-CtxRootForWebMod]").value)
    app(cell, "edit", "Shop", ["-MapSharedLibForMod", [["Shop", "META-INF/application.xml", "one+two"]]])
    libraries = [each.get("libraryName") for each in cell.workspace.list("LibraryRef")]
    assert libraries == ["one", "two"]


def test_applications_of_the_cell_and_of_a_server(cell: Cell) -> None:
    app(cell, "install", EAR, ["-target", SERVER])
    assert app(cell, "list", "WebSphere:cell=C").value == "Shop"
    assert app(cell, "list", SERVER).value == "Shop"
    with pytest.raises(ScriptingError, match="ADMA0037E"):
        app(cell, "list", "WebSphere:cell=other")


def test_tasks_that_bind_references_are_taken(cell: Cell) -> None:
    rows = ["-MapResRefToEJB", [["shop", "", "shop.war,WEB-INF/web.xml", "jdbc/x", "javax.sql.DataSource", "jdbc/y"]]]
    app(cell, "install", EAR, ["-target", SERVER, *rows, "-MapRolesToUsers", [["admin", "No", "No", "u", ""]]])
    assert app(cell, "list").value == "Shop"


def test_an_update_keeps_the_targets(cell: Cell) -> None:
    app(cell, "install", EAR, "[-server S]")
    app(cell, "update", "Shop", "app", f"[-operation update -contents {EAR}]")
    assert deployed(cell, "N", "S") == "Shop.ear/deployments/Shop"
    with pytest.raises(ScriptingError, match="WASX7430E"):
        app(cell, "update", "Shop", "partialapp", f"[-operation update -contents {EAR}]")


def test_an_application_goes_with_all_it_left(cell: Cell) -> None:
    app(cell, "install", EAR, "[-server S]")
    said = app(cell, "uninstall", "Shop").printed.splitlines()
    assert "ADMA5104I: The server index entry for WebSphere:cell=C,node=N is updated successfully." in said
    assert said[-1] == "ADMA5106I: Application Shop uninstalled successfully."
    assert deployed(cell, "N", "S") == ""
    assert cell.workspace.paths("cells/C/applications/*") == []
    assert app(cell, "list").value == ""


def test_without_a_connection_nobody_knows_whether_it_is_ready(cell: Cell) -> None:
    app(cell, "install", EAR, "[-server S]")
    with pytest.raises(ScriptingError, match="WASX7206W"):
        AdminApp(cell.workspace, cell.host, cell.profile, None).call("isAppReady", ["Shop"])


def test_help_knows_the_other_objects(cell: Cell) -> None:
    made = Help(cell.workspace, cell.host, cell.profile, None)
    assert str(made.call("help", []).value).startswith("WASX7028I")
    for name, message in (("AdminApp", "WASX7095I"), ("AdminTask", "WASX8001I"), ("AdminConfig", "WASX7053I")):
        assert str(made.call(name, []).value).startswith(message)
    with pytest.raises(ScriptingError, match="WASX7072E"):
        made.call("attributes", ["WebSphere:type=Server,name=S"])
    with pytest.raises(ScriptingError, match="WASX7085E"):
        made.call("attributes", [])


@pytest.mark.parametrize("kind", ["NodeAgent", "ManagedProcess"])
def test_a_process_with_a_copy_of_the_configuration_changes_nothing(cell: Cell, kind: str) -> None:
    process = Process("nodeagent", "N", kind)
    client = (cell.workspace, cell.host, cell.profile, process)
    with pytest.raises(ScriptingError, match="WASX7070E"):
        AdminApp(*client).call("list", [])
    with pytest.raises(ScriptingError, match="WASX7070E"):
        AdminTask(*client).call("listServers", [])
    assert str(AdminTask(*client).call("help", []).value).startswith("WASX8001I")
