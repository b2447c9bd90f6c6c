"""The workspace: changes are private until they are saved, and a conflict is found."""

from __future__ import annotations

from pathlib import Path

import pytest

from lab.products.was.errors import ScriptingError
from lab.products.was.model.workspace import Workspace
from tests.lab.products.was.small_cell import DOCUMENTS, lay

CELL = "C(cells/C|cell.xml#Cell_1)"


def ids(workspace: Workspace, containment: str) -> list[str]:
    return [each.id for each in workspace.resolve(containment)]


def test_changes_are_private_until_saved(tmp_path: Path) -> None:
    workspace = lay(tmp_path)
    workspace.create("Property", workspace.find(CELL), {"name": "a", "value": "b"})
    assert workspace.changed() == ["cells/C/cell.xml"]
    assert (tmp_path / "cells/C/cell.xml").read_text() == DOCUMENTS["cells/C/cell.xml"]
    workspace.save()
    assert workspace.changed() == []
    assert [each.name for each in Workspace(tmp_path).list("Property")] == ["a"]


def test_only_changed_files_are_written(tmp_path: Path) -> None:
    workspace = lay(tmp_path)
    before = {path: (tmp_path / path).stat().st_mtime_ns for path in DOCUMENTS}
    workspace.modify(workspace.list("ThreadPool")[0], {"maximumSize": "9"})
    workspace.save()
    after = {path: (tmp_path / path).stat().st_mtime_ns for path in DOCUMENTS}
    assert [path for path in DOCUMENTS if before[path] != after[path]] == ["cells/C/nodes/N/servers/one/server.xml"]
    assert not list(tmp_path.rglob(".*"))


def test_discard_forgets(tmp_path: Path) -> None:
    workspace = lay(tmp_path)
    workspace.remove(workspace.list("VirtualHost")[0])
    workspace.add_text("cells/C/new.txt", "x")
    workspace.discard()
    assert workspace.changed() == [] and len(workspace.list("VirtualHost")) == 2


def test_a_conflict_rolls_everything_back(tmp_path: Path) -> None:
    lay(tmp_path)
    mine, theirs = Workspace(tmp_path), Workspace(tmp_path)
    mine.create("Property", mine.find(CELL), {"name": "mine"})
    mine.modify(mine.list("Security")[0], {"enabled": "false"})
    theirs.create("Property", theirs.find(CELL), {"name": "theirs"})
    theirs.save()
    with pytest.raises(ScriptingError, match=r"cells/C/cell\.xml"):
        mine.save()
    assert 'enabled="true"' in (tmp_path / "cells/C/security.xml").read_text()
    mine.save(overwrite=True)
    assert [each.name for each in Workspace(tmp_path).list("Property")] == ["mine"]


def test_containment_paths(tmp_path: Path) -> None:
    workspace = lay(tmp_path)
    assert ids(workspace, "/Cell:C/Node:N/Server:one/") == ["Server_1"]
    assert ids(workspace, "/Server:one") == ["Server_1"]
    assert ids(workspace, "/Cell:C/VirtualHost:admin_host/") == ["VirtualHost_2"]
    assert ids(workspace, "/Node:N/ServerIndex:/ServerEntry:one/") == ["ServerEntry_1"]
    assert ids(workspace, "/Server:one/Node:N/") == []
    assert ids(workspace, "/Cell:C/Server:one/") == []
    assert ids(workspace, "/Node:other/") == []
    with pytest.raises(ScriptingError, match="ADMG0007E: The configuration data type Nod is not valid"):
        workspace.resolve("/Nod:N/")


def test_list_knows_heirs_and_scopes(tmp_path: Path) -> None:
    workspace = lay(tmp_path)
    assert [each.id for each in workspace.list("TransportChannel")] == ["TCPInboundChannel_1", "odd"]
    node = workspace.resolve("/Node:N/")[0]
    assert len(workspace.list("Server", node)) == 1
    assert workspace.list("VirtualHost", node) == []
    assert workspace.list("Chain", workspace.list("ThreadPoolManager")[0]) == []


def test_ids_of_objects(tmp_path: Path) -> None:
    workspace = lay(tmp_path)
    pool = workspace.list("ThreadPool")[0]
    config_id = workspace.config_id(pool)
    assert config_id == '"Web Container(cells/C/nodes/N/servers/one|server.xml#ThreadPool_1)"'
    assert workspace.find(config_id) is pool and workspace.find(config_id.strip('"')) is pool
    assert workspace.config_id(workspace.list("Security")[0]) == "(cells/C|security.xml#Security_1)"
    for wrong, message in {
        "C(cells/C|cell.xml#Cell_1": "WASX7077E: Incomplete config id: need closing parenthesis",
        "C": "WASX7077E",
        "C(cells/C|cell.xml#Cell_2)": "ADMG0001E",
        "C(cells/D|cell.xml#Cell_1)": "ADMG0001E",
    }.items():
        with pytest.raises(ScriptingError, match=message):
            workspace.find(wrong)


def test_removing_drops_references(tmp_path: Path) -> None:
    workspace = lay(tmp_path)
    workspace.remove(workspace.list("HTTPInboundChannel")[0])
    workspace.remove(workspace.list("ThreadPool")[0])
    chain, channel = workspace.list("Chain")[0], workspace.list("TCPInboundChannel")[0]
    assert chain.get("transportChannels") == "TCPInboundChannel_1"
    assert "threadPool" not in channel.attributes


def test_removing_a_server_takes_its_folder_and_entries(tmp_path: Path) -> None:
    workspace = lay(tmp_path)
    workspace.remove(workspace.resolve("/Server:one/")[0])
    assert workspace.list("ServerEntry") == []
    workspace.save()
    assert not (tmp_path / "cells/C/nodes/N/servers").exists()
    assert (tmp_path / "cells/C/nodes/N/node.xml").exists()


def test_removing_a_cluster_takes_its_servers(tmp_path: Path) -> None:
    workspace = lay(tmp_path)
    cluster = workspace.create("ServerCluster", workspace.find(CELL), {"name": "X"})
    workspace.create("ClusterMember", cluster, {"memberName": "one", "nodeName": "N"})
    workspace.remove(cluster)
    assert workspace.list("Server") == workspace.list("ServerCluster") == workspace.list("ServerEntry") == []


def test_new_ids_count_up_by_type(tmp_path: Path) -> None:
    workspace = lay(tmp_path)
    cell = workspace.find(CELL)
    first, second = (workspace.create("Property", cell, {"name": name}) for name in "ab")
    assert first.id.startswith("Property_")
    assert int(second.id.rpartition("_")[2]) > int(first.id.rpartition("_")[2])


def test_objects_of_a_folder_go_to_their_document(tmp_path: Path) -> None:
    workspace = lay(tmp_path)
    cell = workspace.find(CELL)
    made = {
        name: workspace.create(name, cell, {"name": "x"}).document.path
        for name in ("DataReplicationDomain", "JDBCProvider", "VirtualHost", "ServerCluster", "CoreGroup", "Library")
    }
    assert made == {
        "DataReplicationDomain": "cells/C/multibroker.xml",
        "JDBCProvider": "cells/C/resources.xml",
        "VirtualHost": "cells/C/virtualhosts.xml",
        "ServerCluster": "cells/C/clusters/x/cluster.xml",
        "CoreGroup": "cells/C/coregroups/x/coregroup.xml",
        "Library": "cells/C/libraries.xml",
    }
    with pytest.raises(ScriptingError, match='WASX7129E: Cannot create objects of type "HostAlias" in parents of type'):
        workspace.create("HostAlias", cell, {})


def test_a_single_place_holds_one_object(tmp_path: Path) -> None:
    workspace = lay(tmp_path)
    domain = workspace.create("DataReplicationDomain", workspace.find(CELL), {"name": "d"})
    workspace.create("DataReplication", domain, {"numberOfReplicas": "1"})
    second = workspace.create("DataReplication", domain, {"numberOfReplicas": "-1"})
    assert domain.children == {"defaultDataReplicationSettings": [second]}


def test_copies_have_ids_and_references_of_their_own(tmp_path: Path) -> None:
    workspace = lay(tmp_path)
    server = workspace.resolve("/Server:one/")[0]
    service = workspace.list("TransportChannelService")[0]
    copied = workspace.copy(service, server, {}, "services")
    chain = copied.children["chains"][0]
    assert chain.get("transportChannels") == " ".join(each.id for each in copied.children["transportChannels"])
    assert copied.id != service.id and workspace.find(workspace.config_id(chain)) is chain


def test_values_are_checked_and_passwords_hidden(tmp_path: Path) -> None:
    workspace = lay(tmp_path)
    security = workspace.list("Security")[0]
    entry = workspace.create("JAASAuthData", security, {"alias": "a", "userId": "u", "password": "secret"})
    assert entry.attributes["password"] == "{xor}LDo8LTor"
    with pytest.raises(ScriptingError, match="ADMG0012E: The attribute value x for attribute cacheTimeout"):
        workspace.modify(security, {"cacheTimeout": "x"})
    with pytest.raises(ScriptingError, match="ADMG0012E: The attribute value CSIV2 for attribute activeProtocol"):
        workspace.modify(security, {"activeProtocol": "CSIV2"})
    with pytest.raises(ScriptingError, match='WASX7080E: Invalid attributes specified for type "Security" -- "x"'):
        workspace.modify(security, {"x": "1"})
    with pytest.raises(ScriptingError, match="ADMG0014E"):
        workspace.modify(workspace.list("ApplicationServer")[0], {"server": "Server_1"})
