"""The simulated installer of WAS ND: what it refuses, what it leaves, how it tells."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import pytest

from lab.products.was import layout
from lab.products.was.installation import files, product
from lab.products.was.layout import Installation
from tests.lab.products.was_host import ROOTS, FolderHost, KilledError, install_was

ROOT = ROOTS["aix"]
VPD = "/usr/lib/objrepos/vpd.properties"


@pytest.fixture
def host(tmp_path: Path) -> FolderHost:
    return FolderHost(tmp_path)


@pytest.mark.parametrize("platform", ["aix", "windows"])
def test_what_an_installation_leaves(tmp_path: Path, platform: Literal["aix", "windows"]) -> None:
    host = FolderHost(tmp_path, platform)
    code, log = install_was(host)
    assert code == 0
    assert "INSTCONFSUCCESS" in log.splitlines()[-1]
    assert "CWUPI0000I: EXITCODE=0" in log.splitlines()[-2]
    installation = Installation(host, ROOTS[platform])
    found = product.read(installation, "WAS")
    assert found is not None
    assert (found.id, found.version) == ("ND", "6.1.0.0")
    for name, program in files.ROOT_PROGRAMS.items():
        assert installation.file("bin", layout.script(host, name)).read_text("utf-8") == f"LABEXE was:{program}"
    for folder in ("profileTemplates/dmgr", "profileTemplates/managed", "java/bin", "lib", "universalDriver/lib"):
        assert installation.file(*folder.split("/")).is_dir()
    assert list(installation.profiles()) == []
    if platform == "aix":
        assert f"|{ROOT}|" in host.read(VPD)
    else:
        key = "HKLM\\SOFTWARE\\IBM\\IBM WebSphere Application Server Network Deployment\\6.1.0.0"
        assert [call[2] for call in host.calls] == [key, key]
    assert host.free_mb == 4096 - 1200, "the room to unpack is free again"


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ({"silentInstallLicenseAcceptance": "false"}, "license agreement is not accepted"),
        ({"installLocation": "STgateway"}, "is not a full path"),
        ({"profileType": "dmgr"}, 'profileType "dmgr" is not one of'),
        ({"profileType": "cell"}, "profileType cell"),
        ({"installType": "repair"}, 'installType "repair" is not one of'),
        ({"feature": "samples"}, 'feature "samples" is not one of'),
    ],
)
def test_refused_responses(host: FolderHost, keys: dict[str, str], said: str) -> None:
    code, log = install_was(host, **keys)
    assert code == 1
    assert said in log
    assert "INSTCONFFAILED" in log.splitlines()[-1]
    assert not host.path(ROOT).exists()


def test_an_unknown_key_is_ignored(host: FolderHost) -> None:
    assert install_was(host, createProfile="false")[0] == 0


def test_a_broken_line_is_refused_without_its_value(host: FolderHost) -> None:
    install_was(host)
    response = host.write("/tmp/bad.txt", 'PROF_adminPassword="secret"\n')
    assert host("/m/was/WAS/install", "-options", response, "-silent")[0] == 1
    log = host.read("/waslogs/log.txt")
    assert "Line 1" in log
    assert "secret" not in log


def test_it_needs_silence_an_administrator_and_on_aix_its_lock(host: FolderHost) -> None:
    install_was(host)
    assert host("/m/was/WAS/install", "-options", "/tmp/nd.txt")[0] == 1
    assert host("/m/was/WAS/install", "-options", "/nowhere", "-silent")[0] == 1
    host.administrator = False
    assert "neither root" in install_was(host, installLocation="/opt/other")[1] + host.read("/waslogs/log.txt")
    host.administrator = True
    host.path("/tmp/.aix_ISMP_lock____").unlink()
    assert host("/m/was/WAS/install", "-options", "/tmp/nd.txt", "-silent")[0] == 1
    assert ".aix_ISMP_lock____ does not exist" in host.read("/waslogs/log.txt")


def test_a_target_must_be_free(host: FolderHost) -> None:
    install_was(host)
    assert install_was(host)[0] == 1
    assert "is not empty" in host.read("/waslogs/log.txt")


def test_a_product_that_only_the_registry_knows_is_in_the_way(host: FolderHost) -> None:
    host.write(VPD, f"WSBAA61|6|1|0|0|6.1.0.0|1=x|x|x|IBM|x|6.1.0.0|{ROOT}|0\n")
    assert "is registered" in install_was(host)[1]


def test_without_room_nothing_is_there(host: FolderHost) -> None:
    host.free_mb = 1500
    code, log = install_was(host)
    assert code == 0, "the launcher ran to its end"
    assert "INSTCONFFAILED" in log
    assert not host.path(ROOT).exists()
    host.free_mb = 4096
    assert "INSTCONFSUCCESS" in install_was(host)[1]


def test_a_killed_run_leaves_a_root_that_blocks(host: FolderHost) -> None:
    host.faults["was:install"] = "killed"
    with pytest.raises(KilledError):
        install_was(host)
    assert host.path(ROOT).exists()
    assert product.read(Installation(host, ROOT), "WAS") is None
    assert "is not empty" in install_was(host)[1]


@pytest.mark.parametrize("fault", ["disk-full", "licence-refused"])
def test_faults(host: FolderHost, fault: str) -> None:
    host.faults["was:install"] = fault
    assert "INSTCONFFAILED" in install_was(host)[1].splitlines()[-1]
    assert product.read(Installation(host, ROOT), "WAS") is None


def test_with_a_profile(host: FolderHost) -> None:
    install_was(host, profileType="deploymentManager", PROF_profileName="Dmgr", PROF_cellName="c", PROF_nodeName="n")
    assert [profile.name for profile in Installation(host, ROOT).profiles()] == ["Dmgr"]


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ({"PROF_startingPort": "x"}, 'PROF_startingPort: "x" is not a number'),
        ({"PROF_enableService": "true"}, "lab: PROF_enableService is not played out"),
        ({"PROF_enableAdminSecurity": "true"}, "adminUserName and adminPassword are required"),
    ],
)
def test_a_profile_that_cannot_be_is_half_a_success(host: FolderHost, keys: dict[str, str], said: str) -> None:
    _, log = install_was(host, profileType="standAlone", PROF_profileName="A", **keys)
    assert said in log
    assert "INSTCONFPARTIALSUCCESS" in log.splitlines()[-1]
    assert list(Installation(host, ROOT).profiles()) == []


def test_uninstall(host: FolderHost) -> None:
    install_was(host)
    program = f"{ROOT}/uninstall/uninstall"
    host.titles[7] = f"{ROOT}/java/bin/java -x {ROOT}/profiles/P/config"
    assert host(program, "-silent")[0] == 1, "a server runs"
    host.titles.clear()
    assert host(program)[0] == 1, "a wizard"
    assert host(program, "-silent")[0] == 0
    assert ROOT not in host.read(VPD)
    assert host.free_mb == 4096
