"""The simulated installer of the gateway: what it refuses, what each type leaves, what a broken run leaves."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Literal

import pytest

from lab.products import gateway, was
from lab.products.db2 import engine
from lab.products.gateway import layout, response
from lab.products.was import security
from lab.products.was.installation import manage_profiles, packages, product, update
from lab.products.was.layout import Installation
from lab.products.was.model.workspace import Workspace
from tests.lab.products.db2_host import Db2Host
from tests.lab.products.test_db2_manager import OWNER
from tests.lab.products.test_db2_setup import install as install_db2
from tests.lab.products.was_host import ROOTS, FolderHost, KilledError, install_was, unpack

ROOT = ROOTS["aix"]
PROFILE = f"{ROOT}/profiles/RTCGW_Profile"
NAMES = {"db2srv1.rtp.example": "127.0.0.1", "stgdm1.rtp.example": "9.42.111.1"}
DATABASE = {name for name, key in response.KEYS.items() if "Proxy" not in key.types}


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of a DB2 with the gateway's database."""
    db2 = Db2Host(tmp_path_factory.mktemp("db2"))
    install_db2(db2)
    db2("db2icrt", "-s", "wse", "-u", "db2fenc1", "db2inst1")
    db2("db2start", **OWNER)
    for statement in (
        "create database stgw using codeset UTF-8 territory US",
        "create database empty using codeset UTF-8 territory US",
        "connect to stgw", "create table community (id integer not null)",
    ):  # fmt: skip
        assert db2("db2", statement, **OWNER)[0] == 0
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            while True:
                try:
                    stream, _ = server.accept()
                except OSError:
                    return
                engine.serve(db2, "db2inst1", stream)

        threading.Thread(target=serve, daemon=True).start()
        yield server.getsockname()[1]


def raise_level(host: FolderHost) -> None:
    """Apply the fix pack."""
    for package in packages.fix_packs(host.platform):
        assert update.process(Installation(host, ROOTS[host.platform]), package, update.INSTALL)


@pytest.fixture
def host(tmp_path: Path) -> FolderHost:
    made = FolderHost(tmp_path, names=NAMES)
    install_was(made)
    raise_level(made)
    return made


def values(port: int, root: str = ROOT, **changes: str) -> dict[str, str]:
    """What a response file says; an empty change leaves a key out."""
    found = {
        "licenseAgreement.accepted": "true", "INSTALL_TYPE": "PrimaryNode", "INSTALL_LOCATION": root,
        "NODE_NAME": "stgpn1Node", "CELL_NAME": "stgpn1Cell", "HOST_NAME": "stgdm1.rtp.example",
        "WAS_ADMIN_USER": "wasadmin", "WAS_ADMIN_PASSWORD": "w4sPass", "DB_HOST": "db2srv1.rtp.example",
        "DB_PORT": str(port), "DB_NAME": "STGW", "DB_USER": "db2inst1", "DB_PASSWORD": "right",
        "DB_SCHEMA_USER": "db2inst1", "DB_SCHEMA_PASSWORD": "right", **changes,
    }  # fmt: skip
    if found["INSTALL_TYPE"] == "Proxy":
        found = {name: value for name, value in found.items() if name not in DATABASE or name in changes}
    return {name: value for name, value in found.items() if value}


def install(host: FolderHost, said: dict[str, str] | str) -> tuple[int, str]:
    """Run the installer: exit code and its log."""
    media = unpack(host, "gateway", gateway.media(host.platform))
    text = said if isinstance(said, str) else "".join(
        f'-{"W" if "." in name else "V"} {name}="{value}"\n' for name, value in said.items()
    )  # fmt: skip
    windows = host.platform == "windows"
    file = host.write("C:\\r.txt" if windows else "/tmp/r.txt", f"# a comment\n\n{text}")
    code, _ = host(f"{media}\\install.bat" if windows else f"{media}/install.sh", "-silent", "-options", file)
    logs = [f"{ROOTS[host.platform]}/logs/installlog.txt", "/tmp/installlog.txt", "C:\\WINDOWS\\Temp\\installlog.txt"]
    return code, next(host.read(log) for log in logs if host.path(log).exists())


def installed(host: FolderHost) -> str:
    found = product.read(Installation(host, ROOTS[host.platform]), "RTCGW")
    return found.version if found else ""


def test_a_primary_node(host: FolderHost, database: int) -> None:
    code, log = install(host, values(database))
    assert code == 0, log
    assert log.rstrip().endswith("Installation completed successfully.")
    assert "w4sPass" not in log
    assert installed(host) == "8.0.1.0"
    assert host.path(f"{ROOT}/rtc_gw_lib/rtc.gatewayAPI.jar").exists()
    profile = Installation(host, ROOT).profile("RTCGW_Profile")
    assert profile is not None
    assert (profile.path, profile.cell, profile.node) == (PROFILE, "stgpn1Cell", "stgpn1Node")
    assert security.verify(profile.config, "wasadmin", "w4sPass")
    assert security.enabled(profile.config)


def test_what_a_primary_node_has_in_its_configuration(host: FolderHost, database: int) -> None:
    install(host, values(database))
    workspace = Workspace(host.path(f"{PROFILE}/config"))
    (server,) = workspace.resolve("/Node:stgpn1Node/Server:RTCGWServer/")
    (source,) = [each for each in workspace.list("DataSource", server) if each.name == "STGW"]
    given = {each.get("name"): each.get("value") for each in source.walk() if each.type == "J2EEResourceProperty"}
    assert given == {
        "databaseName": "STGW", "driverType": "4", "serverName": "db2srv1.rtp.example", "portNumber": str(database),
        "currentSchema": "DB2INST1",
    }  # fmt: skip
    (alias,) = [each for each in workspace.list("JAASAuthData") if each.get("alias") == source.get("authDataAlias")]
    assert alias.get("userId") == "db2inst1"
    assert (alias.get("password") or "").startswith("{xor}")
    (entry,) = [each for each in workspace.list("ServerEntry") if each.get("serverName") == "RTCGWServer"]
    applications = (entry.get("deployedApplications") or "").split(";")
    assert len(applications) == 2
    for application in applications:
        assert workspace.exists(f"cells/stgpn1Cell/applications/{application}/deployment.xml")
    assert {each.get("nodeName") for each in workspace.list("ServerTarget")} == {"stgpn1Node"}


@pytest.mark.parametrize(
    ("kind", "server", "sources"),
    [
        ("DeploymentManager", "dmgr", 0), ("SecondaryNode", "", 0), ("Proxy", "", 0), ("Standalone", "RTCGWServer", 1),
    ],
)  # fmt: skip
def test_the_other_types(host: FolderHost, database: int, kind: str, server: str, sources: int) -> None:
    code, log = install(host, values(database, INSTALL_TYPE=kind))
    assert code == 0, log
    config = host.path(f"{PROFILE}/config")
    servers = config / "cells/stgpn1Cell/nodes/stgpn1Node/servers"
    assert [path.name for path in servers.glob("*")] == ([server] if server else [])
    assert len([each for each in Workspace(config).list("DataSource") if each.name == "STGW"]) == sources
    assert security.enabled(config) is bool(server)


def test_windows_with_websphere_from_its_image(tmp_path: Path, database: int) -> None:
    host = FolderHost(tmp_path, "windows", names=NAMES)
    media = unpack(host, "was", was.media("windows"))
    root = ROOTS["windows"]
    said = values(database, root, INSTALL_TYPE="Standalone", WAS_MEDIA_PATH=media)
    code, log = install(host, said)
    assert code == 0, log
    assert installed(host) == "8.0.1.0"
    websphere = product.read(Installation(host, root), "WAS")
    assert websphere is not None
    assert websphere.version == "6.1.0.11"
    assert host.read(f"{root}\\profiles\\RTCGW_Profile\\bin\\startServer.bat") == "LABEXE was:startserver"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"licenseAgreement.accepted": "false"}, "The license agreement is not accepted."),
        ({"licenseAgreement.accepted": ""}, "licenseAgreement.accepted is missing."),
        ({"INSTALL_TYPE": "primary"}, 'INSTALL_TYPE: "primary" is not valid.'),
        ({"NODE_NAME": ""}, "NODE_NAME is missing."),
        ({"NODE_NAME": "a b"}, 'NODE_NAME: "a b" is not valid.'),
        ({"COLOUR": "blue"}, "-V COLOUR is not known."),
        ({"node.name": "x"}, "-W node.name is not known."),
        ({"DB_PORT": "0"}, 'DB_PORT: "0" is not valid.'),
        ({"INSTALL_TYPE": "Proxy", "DB_HOST": "x"}, "DB_HOST: the type Proxy does not ask for it."),
        ({"LDAP_HOST": "ldapsrv1"}, "all of them or none."),
        ({"HOST_NAME": "nowhere.rtp.example"}, "HOST_NAME: the host name nowhere.rtp.example cannot be resolved."),
        ({"DB_HOST": "nowhere.rtp.example"}, "SQL30081N"),
        ({"DB_NAME": "OTHER"}, "SQL30061N"),
        ({"DB_PASSWORD": "wrong"}, "cannot be used by DB_USER db2inst1: SQL30082N"),
        ({"DB_SCHEMA_PASSWORD": "wrong"}, "cannot be used by DB_SCHEMA_USER db2inst1: SQL30082N"),
        ({"DB_NAME": "EMPTY"}, "has no tables in the schema DB2INST1."),
    ],
)
def test_refused(host: FolderHost, database: int, changes: dict[str, str], said: str) -> None:
    code, log = install(host, values(database, **changes))
    assert code == 1
    assert said in log
    assert "Installation failed." in log.splitlines()[-1]
    assert "wrong" not in log
    assert not host.path(f"{ROOT}/rtc_gw_lib").exists()
    assert not host.path(PROFILE).exists()


def test_a_database_must_answer(host: FolderHost) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        free = server.getsockname()[1]
    assert "SQL30081N" in install(host, values(free))[1]
    assert install(host, values(free, INSTALL_TYPE="Proxy"))[0] == 0, "a proxy needs none"


@pytest.mark.parametrize(
    "line", ['-OPT NODE_NAME="x"', "NODE_NAME=x", '-V NODE_NAME="x', '-V NODE_NAME="x"\n-V NODE_NAME="x"']
)
def test_refused_lines(host: FolderHost, line: str) -> None:
    assert install(host, line)[0] == 1


def test_other_modes_are_refused(host: FolderHost, database: int) -> None:
    install(host, values(database, NODE_NAME=""))
    for words in (["-console"], ["-silent"], ["-options", "/tmp/r.txt"], ["-options-record", "/tmp/x"]):
        assert host("/m/gateway/install.sh", *words)[0] == 1, words


def test_who_and_where(host: FolderHost, database: int) -> None:
    host.administrator = False
    assert "must be root" in install(host, values(database))[1]
    host.administrator = True
    host.titles[4] = f"{ROOT}/java/bin/java -x {ROOT}/profiles/other/config"
    assert "are running" in install(host, values(database))[1]
    host.titles.clear()
    host.path("/tmp/.aix_ISMP_lock____").unlink()
    assert ".aix_ISMP_lock____ does not exist" in install(host, values(database))[1]


def test_websphere_must_be_there_and_new_enough(tmp_path: Path, database: int) -> None:
    host = FolderHost(tmp_path, names=NAMES)
    assert "WAS_MEDIA_PATH is not given" in install(host, values(database))[1]
    assert "holds no image" in install(host, values(database, WAS_MEDIA_PATH="/m/none"))[1]
    install_was(host)
    assert "ND 6.1.0.11 or later is needed" in install(host, values(database))[1]
    raise_level(host)
    assert install(host, values(database))[0] == 0


def test_twice_is_refused(host: FolderHost, database: int) -> None:
    install(host, values(database))
    code, log = install(host, values(database))
    assert code == 1
    assert f"A gateway is installed in {ROOT}." in log


def heal(host: FolderHost) -> None:
    """What an administrator does to what a broken run left."""
    host.program = f"{ROOT}/bin/manageprofiles.sh"
    with redirect_stdout(StringIO()):
        manage_profiles.main(host, ["-validateAndUpdateRegistry"])
        manage_profiles.main(host, ["-delete", "-profileName", layout.PROFILE])
    folder = host.path(PROFILE)
    for file in sorted(folder.rglob("*"), reverse=True):
        file.unlink() if file.is_file() else file.rmdir()
    if folder.exists():
        folder.rmdir()


@pytest.mark.parametrize(
    ("step", "registered", "folder"),
    [
        ("gateway:prerequisites", False, False), ("gateway:install", False, False),
        ("was:manageprofiles", False, True), ("gateway:profile", True, True),
    ],
)  # fmt: skip
def test_a_killed_run_can_be_repeated(
    host: FolderHost, database: int, step: str, registered: bool, folder: bool
) -> None:
    host.faults[step] = "killed"
    with pytest.raises(KilledError):
        install(host, values(database))
    assert not installed(host)
    assert bool(Installation(host, ROOT).profile(layout.PROFILE)) is registered
    assert host.path(PROFILE).exists() is folder
    if folder:
        log = install(host, values(database))[1]
        assert f"The directory {PROFILE} exists and is not empty." in log
        heal(host)
    free = host.free_mb
    code, log = install(host, values(database))
    assert code == 0, log
    assert installed(host)
    assert free - host.free_mb <= 500


@pytest.mark.parametrize(
    ("step", "kind"),
    [("gateway:prerequisites", "licence-refused"), ("gateway:install", "disk-full"), ("gateway:profile", "start-fails"),
     ("was:manageprofiles", "disk-full")],
)  # fmt: skip
def test_faults(host: FolderHost, database: int, step: str, kind: Literal["disk-full"]) -> None:
    host.faults[step] = kind
    code, log = install(host, values(database))
    assert code == 1
    assert "Installation failed." in log.splitlines()[-1]
    assert not installed(host)


def test_without_room(host: FolderHost, database: int) -> None:
    host.free_mb = 350
    code, log = install(host, values(database))
    assert code == 1
    assert "not enough disk space" in log


def test_uninstaller(host: FolderHost, database: int) -> None:
    install(host, values(database))
    program = f"{ROOT}/_uninstgw/uninstaller"
    assert host(program)[0] == 1
    assert host(program, "-silent")[0] == 0
    assert not installed(host)
    assert host.path(PROFILE).exists()
    assert product.read(Installation(host, ROOT), "WAS") is not None
