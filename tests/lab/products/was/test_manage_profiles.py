"""The simulated manageprofiles: every action, what it refuses, what it leaves."""

from __future__ import annotations

import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Literal

import pytest

from lab.products.was import security
from lab.products.was.layout import Installation
from tests.lab.products.was_host import ROOTS, FolderHost, KilledError, install_was

ROOT = ROOTS["aix"]
PROGRAM = f"{ROOT}/bin/manageprofiles.sh"
DMGR = {
    "profileName": "Dmgr01", "profilePath": f"{ROOT}/profiles/Dmgr01", "cellName": "rtpCell", "nodeName": "dmNode",
    "templatePath": f"{ROOT}/profileTemplates/dmgr", "hostName": "stgdm1.rtp.example",
}  # fmt: skip


@pytest.fixture
def host(tmp_path: Path) -> FolderHost:
    made = FolderHost(tmp_path)
    install_was(made)
    return made


def create(host: FolderHost, *flags: str, **changes: str) -> tuple[int, str]:
    values = {**DMGR, **changes}
    arguments = [word for name, value in values.items() if value for word in (f"-{name}", value)]
    return host(PROGRAM, "-create", *arguments, *flags)


def config(host: FolderHost, name: str = "Dmgr01") -> Path:
    return host.path(f"{ROOT}/profiles/{name}/config")


def test_a_deployment_manager(host: FolderHost) -> None:
    code, said = create(host)
    path = DMGR["profilePath"]
    assert code == 0
    assert said == (
        "INSTCONFSUCCESS: Success: Profile Dmgr01 now exists. Please consult "
        f"{path}/logs/AboutThisProfile.txt for more information about this profile.\n"
    )
    profile = Installation(host, ROOT).profile("")
    assert profile is not None
    assert (profile.name, profile.path, profile.cell, profile.node) == ("Dmgr01", path, "rtpCell", "dmNode")
    assert (config(host) / "cells/rtpCell/nodes/dmNode/servers/dmgr/server.xml").exists()
    assert host.read(f"{path}/bin/startManager.sh") == "LABEXE was:startserver"
    assert not host.path(f"{path}/bin/addNode.sh").exists()
    assert "SOAP_CONNECTOR_ADDRESS=8879\n" in host.read(f"{path}/properties/portdef.props")
    assert "com.ibm.SOAP.securityEnabled=false" in host.read(f"{path}/properties/soap.client.props")
    about = host.read(f"{path}/logs/AboutThisProfile.txt")
    for line in ("Administrative console port: 9060", "Management SOAP connector port: 8879", "Cell name: rtpCell"):
        assert f"{line}\n" in about
    assert "INSTCONFSUCCESS" in host.read(f"{ROOT}/logs/manageprofiles/Dmgr01_create.log").splitlines()[-1]
    for file in ("etc/key.p12", "etc/trust.p12", "properties/ssl.client.props", "properties/wsadmin.properties"):
        assert host.path(f"{path}/{file}").exists()


def test_security(host: FolderHost) -> None:
    code, _ = create(host, enableAdminSecurity="true", adminUserName="wasadmin", adminPassword="s3<cret&")
    assert code == 0
    assert security.enabled(config(host))
    assert security.verify(config(host), "wasadmin", "s3<cret&")
    assert not security.verify(config(host), "wasadmin", "other")
    assert not security.verify(config(host), "nobody", "s3<cret&")
    assert "com.ibm.SOAP.securityEnabled=true" in host.read(f"{DMGR['profilePath']}/properties/soap.client.props")
    for file in host.path(ROOT).rglob("*"):
        assert not file.is_file() or b"s3<cret&" not in file.read_bytes(), file


def test_an_application_server_gets_its_name_and_ports(host: FolderHost) -> None:
    template = f"{ROOT}/profileTemplates/default"
    code, said = create(
        host, profileName="A", profilePath="", templatePath=template, serverName="S1", startingPort="20000"
    )
    assert code == 0, said
    index = (config(host, "A") / "cells/rtpCell/nodes/dmNode/serverindex.xml").read_text("utf-8")
    assert 'serverName="S1"' in index
    assert 'port="20000"' in index
    ports = host.read(f"{ROOT}/profiles/A/properties/portdef.props").split()
    assert ports[0] == "BOOTSTRAP_ADDRESS=20000"
    assert ports[-1] == "WC_defaulthost_secure=20017"


def test_without_wishes_ports_and_names_avoid_those_of_other_profiles(host: FolderHost) -> None:
    create(host)
    code, _ = create(host, profileName="Dmgr02", profilePath="", cellName="", nodeName="")
    assert code == 0
    assert "SOAP_CONNECTOR_ADDRESS=8880\n" in host.read(f"{ROOT}/profiles/Dmgr02/properties/portdef.props")
    profile = Installation(host, ROOT).profile("Dmgr02")
    assert profile is not None
    assert (profile.cell, profile.node, profile.default) == ("stgdm1Cell02", "stgdm1CellManager02", False)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"profileName": ""}, "required: profileName"),
        ({"templatePath": "/tmp"}, "is no profile template"),
        ({"templatePath": f"{ROOT}/profileTemplates/cell"}, "is no profile template"),
        ({"cellName": "a/b"}, 'cellName: "a/b" has a character'),
        ({"hostName": "a b"}, 'hostName: "a b" is not a host name'),
        ({"profilePath": "profiles/x"}, "is not a full path"),
        ({"enableAdminSecurity": "true"}, "adminUserName and adminPassword are required"),
        ({"enableAdminSecurity": "yes"}, "neither true nor false"),
        ({"startingPort": "x"}, "is not a number"),
        ({"startingPort": "65530"}, "is not a port"),
        ({"startingPort": "1000", "portsFile": "/tmp/p"}, "Only one of startingPort, portsFile"),
        ({"dmgrHost": "x"}, "dmgrHost: it is not a parameter of the template dmgr"),
        ({"winserviceCheck": "true"}, "lab: winserviceCheck"),
        ({"colour": "blue"}, "not valid with -create: colour"),
        ({"portsFile": "/nowhere"}, "/nowhere does not exist"),
    ],
)
def test_refused(host: FolderHost, changes: dict[str, str], said: str) -> None:
    host.write("/tmp/p", "SOAP_CONNECTOR_ADDRESS=1\n")
    code, printed = create(host, **changes)
    assert code == 1
    assert printed.startswith("INSTCONFFAILED: ")
    assert said in printed
    assert list(Installation(host, ROOT).profiles()) == []


def test_refused_command_lines(host: FolderHost) -> None:
    for words in ([], ["create"], ["-create", "-delete"], ["-create", "-profileName"], ["-response", "/nowhere"]):
        code, said = host(PROGRAM, *words)
        assert code == 1, words
        assert said.startswith("INSTCONFFAILED: ")


def test_ports_of_a_file(host: FolderHost) -> None:
    assert "UNKNOWN is not an end point" in create(host, portsFile=host.write("/tmp/p", "UNKNOWN=1\n"))[1]
    assert create(host, portsFile=host.write("/tmp/p", "SOAP_CONNECTOR_ADDRESS=18879\n"))[0] == 0
    index = (config(host) / "cells/rtpCell/nodes/dmNode/serverindex.xml").read_text("utf-8")
    assert 'port="18879"' in index


def test_validated_ports(host: FolderHost) -> None:
    create(host)
    code, said = create(host, "-defaultPorts", "-validatePorts", profileName="B", profilePath="")
    assert code == 1
    assert "SOAP_CONNECTOR_ADDRESS: The port 8879 is in use." in said


@pytest.mark.parametrize("platform", ["aix", "windows"])
def test_a_response_file(tmp_path: Path, platform: Literal["aix", "windows"]) -> None:
    host = FolderHost(tmp_path, platform)
    install_was(host)
    root = ROOTS[platform]
    windows = platform == "windows"
    template = f"{root}\\profileTemplates\\dmgr" if windows else f"{root}/profileTemplates/dmgr"
    program = f"{root}\\bin\\manageprofiles.bat" if windows else PROGRAM
    lines = ["create", "profileName=D", f"templatePath={template}", "cellName=c", "nodeName=n", "isDefault=true"]
    text = "\n".join(lines)
    if windows:
        assert host(program, "-response", host.write("C:\\r.txt", text))[0] == 1, "a single backslash is an escape"
    code, said = host(program, "-response", host.write("C:\\r.txt", text.replace("\\", "\\\\")))
    assert code == 0, said
    profile = Installation(host, root).profile("D")
    assert profile is not None
    assert profile.cell == "c"
    assert profile.default


def test_what_is_there(host: FolderHost) -> None:
    assert host(PROGRAM, "-listProfiles") == (0, "[]\n")
    assert host(PROGRAM, "-getDefaultName")[0] == 1
    create(host)
    create(host, profileName="B", profilePath=f"{ROOT}/profiles/B")
    assert host(PROGRAM, "-listProfiles") == (0, "[Dmgr01, B]\n")
    assert host(PROGRAM, "-getDefaultName") == (0, "Dmgr01\n")
    assert host(PROGRAM, "-getPath", "-profileName", "B") == (0, f"{ROOT}/profiles/B\n")
    assert host(PROGRAM, "-getName", "-profilePath", f"{ROOT}/profiles/B") == (0, "B\n")
    assert host(PROGRAM, "-getPath", "-profileName", "C")[0] == 1
    assert host(PROGRAM, "-augment", "-profileName", "B", "-templatePath", f"{ROOT}/x")[0] == 1


def test_deletion_leaves_the_logs_and_they_are_in_the_way(host: FolderHost) -> None:
    create(host)
    code, said = host(PROGRAM, "-delete", "-profileName", "Dmgr01")
    assert (code, said) == (0, "INSTCONFSUCCESS: Success: The profile no longer exists.\n")
    assert [child.name for child in host.path(DMGR["profilePath"]).iterdir()] == ["logs"]
    code, said = create(host)
    assert code == 1
    assert "exists and is not empty" in said
    assert host(PROGRAM, "-delete", "-profileName", "Dmgr01")[0] == 1


def test_deletion_under_a_running_server_is_half_a_deletion(host: FolderHost) -> None:
    create(host)
    host.titles[5] = (
        f"{ROOT}/java/bin/java com.ibm.ws.runtime.WsServer {DMGR['profilePath']}/config rtpCell dmNode dmgr"
    )
    code, said = host(PROGRAM, "-delete", "-profileName", "Dmgr01")
    assert code == 2
    assert said.startswith("INSTCONFPARTIALSUCCESS: The profile no longer exists, but errors occurred.")
    assert config(host).exists()


def test_delete_all(host: FolderHost) -> None:
    create(host)
    create(host, profileName="B", profilePath="")
    assert host(PROGRAM, "-deleteAll")[0] == 0
    assert host(PROGRAM, "-listProfiles")[1] == "[]\n"


def test_a_killed_creation_leaves_a_ticket_and_a_folder(host: FolderHost) -> None:
    host.faults["was:manageprofiles"] = "killed"
    with pytest.raises(KilledError):
        create(host)
    assert 'isAReservationTicket="true"' in host.read(f"{ROOT}/properties/profileRegistry.xml")
    assert host(PROGRAM, "-listProfiles")[1] == "[]\n"
    said = create(host)[1]
    assert "The profile Dmgr01 already exists." in said
    assert f"The directory {DMGR['profilePath']} exists and is not empty." in said
    assert host(PROGRAM, "-validateRegistry")[1] == "[Dmgr01]\n"
    assert host(PROGRAM, "-validateAndUpdateRegistry")[1] == "[Dmgr01]\n"
    remove_tree(host.path(DMGR["profilePath"]))
    host.path(DMGR["profilePath"]).mkdir()
    assert create(host)[0] == 0, "an empty folder does no harm"


@pytest.mark.parametrize(("fault", "code"), [("disk-full", 1), ("start-fails", 2)])
def test_faults(host: FolderHost, fault: str, code: int) -> None:
    host.faults["was:manageprofiles"] = fault
    got, said = create(host)
    assert got == code
    assert bool(Installation(host, ROOT).profile("Dmgr01")) is (code == 2), said


def test_backup_and_restore(host: FolderHost) -> None:
    create(host)
    assert host(PROGRAM, "-backupProfile", "-profileName", "Dmgr01", "-backupFile", "/tmp/b.zip")[0] == 0
    assert host(PROGRAM, "-restoreProfile", "-backupFile", "/tmp/b.zip")[0] == 1, "it is there"
    host(PROGRAM, "-delete", "-profileName", "Dmgr01")
    remove_tree(host.path(DMGR["profilePath"]))
    assert host(PROGRAM, "-restoreProfile", "-backupFile", "/tmp/b.zip")[0] == 0
    assert (config(host) / "cells/rtpCell/cell.xml").exists()
    assert host(PROGRAM, "-listProfiles")[1] == "[Dmgr01]\n"


def remove_tree(folder: Path) -> None:
    for file in sorted(folder.rglob("*"), reverse=True):
        file.unlink() if file.is_file() else file.rmdir()
    folder.rmdir()


@pytest.mark.parametrize("code", [0, 255])
def test_a_managed_profile_joins_at_once(host: FolderHost, monkeypatch: pytest.MonkeyPatch, code: int) -> None:
    seen: list[tuple[str, list[str]]] = []

    def joins(twin: FolderHost, arguments: list[str]) -> int:
        seen.append((twin.program, arguments))
        print("ADMU0111E: no")
        return code

    monkeypatch.setitem(sys.modules, "lab.products.was.servers.add_node", SimpleNamespace(main=joins))
    got, said = create(
        host, profileName="N", profilePath="", templatePath=f"{ROOT}/profileTemplates/managed", dmgrHost="dm",
        dmgrAdminUserName="u", dmgrAdminPassword="p",
    )  # fmt: skip
    assert seen == [(f"{ROOT}/profiles/N/bin/addNode.sh", ["dm", "8879", "-username", "u", "-password", "p"])]
    assert bool(got) is bool(code)
    assert ("ADMU0111E" in said) is bool(code)
    assert bool(Installation(host, ROOT).profile("N")) is not bool(code)


def test_a_managed_profile_for_later(host: FolderHost) -> None:
    managed = {"profileName": "N", "profilePath": "", "templatePath": f"{ROOT}/profileTemplates/managed"}
    assert "dmgrHost is required" in create(host, **managed)[1]
    assert create(host, **managed, federateLater="true")[0] == 0
    assert host.read(f"{ROOT}/profiles/N/bin/addNode.sh") == "LABEXE was:addnode"
    assert "not a parameter of the template managed" in create(
        host, **{**managed, "profileName": "M"}, federateLater="true", enableAdminSecurity="true"
    )[1]  # fmt: skip
