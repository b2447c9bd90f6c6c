"""The simulated Update Installer, its packages, and what versionInfo says then."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import pytest

from lab.products.was import layout
from lab.products.was.installation import packages, product
from lab.products.was.layout import Installation
from tests.lab.products.was_host import ROOTS, FolderHost, KilledError, install_was

UPDI = {"aix": "/usr/IBM/WebSphere/UpdateInstaller", "windows": "C:\\Program Files\\IBM\\WebSphere\\UpdateInstaller"}
ROOT = ROOTS["aix"]
SDK, WAS = "6.1.0-WS-WASSDK-AixPPC32-FP0000011", "6.1.0-WS-WAS-AixPPC32-FP0000011"
UPDATE = "/usr/IBM/WebSphere/UpdateInstaller/update.sh"


def install_updi(host: FolderHost, **keys: str) -> int:
    """Install the Update Installer from the image that `install_was` laid out."""
    windows = host.platform == "windows"
    values = {"silentInstallLicenseAcceptance": "true", "installLocation": UPDI[host.platform], **keys}
    response = host.write("/tmp/updi.txt", "".join(f'-OPT {key}="{value}"\n' for key, value in values.items()))
    program = (
        "C:\\stgw\\media\\was\\UpdateInstaller\\install.exe" if windows else "/m/was/UpdateInstaller/install"
    )  # fmt: skip
    return host(program, "-options", response, "-silent")[0]


def update(host: FolderHost, *names: str, **values: str) -> int:
    """Apply packages of the image by a response file."""
    values = {
        "maintenance_package": ";".join(f"/m/was/fixpack/{name}.pak" for name in names),
        "product_location": ROOT, "update_type": "install", **values,
    }  # fmt: skip
    text = "".join(f'-W {key.replace("_", ".")}="{value}"\n' for key, value in values.items())
    return host(UPDATE, "-silent", "-options", host.write("/tmp/update.txt", text))[0]


def verdict(host: FolderHost, name: str, action: str = "install") -> str:
    return host.read(f"{ROOT}/logs/update/{name}.{action}/updatelog.txt").splitlines()[-1]


def version(host: FolderHost, name: str = "WAS") -> str:
    found = product.read(Installation(host, ROOT), name)
    assert found is not None
    return found.version


@pytest.fixture
def host(tmp_path: Path) -> FolderHost:
    made = FolderHost(tmp_path)
    install_was(made)
    assert install_updi(made) == 0
    return made


@pytest.mark.parametrize("platform", ["aix", "windows"])
def test_what_the_update_installer_leaves(tmp_path: Path, platform: Literal["aix", "windows"]) -> None:
    host = FolderHost(tmp_path, platform)
    install_was(host)
    assert install_updi(host) == 0
    updater = Installation(host, UPDI[platform])
    assert updater.file(layout.script(host, "update")).read_text("utf-8") == "LABEXE was:update"
    assert "Version 6.1.0.11" in updater.file("version.txt").read_text("utf-8")
    assert "INSTCONFSUCCESS" in updater.file("logs", "install", "log.txt").read_text("utf-8")
    assert "-W update.type" in updater.file("responsefiles", "install.txt").read_text("utf-8")


def test_the_update_installer_refuses(host: FolderHost) -> None:
    assert install_updi(host) == 1
    assert "is not empty" in host.read("/updilogs/log.txt")
    assert install_updi(host, silentInstallLicenseAcceptance="no", installLocation="/opt/u") == 1
    host.faults["was:updi"] = "disk-full"
    assert install_updi(host, installLocation="/opt/u") == 0
    assert "INSTCONFFAILED" in host.read("/opt/u/logs/install/log.txt")


def test_both_packages_in_order(host: FolderHost) -> None:
    assert update(host, SDK, WAS) == 0
    assert "INSTCONFSUCCESS" in verdict(host, SDK)
    assert "INSTCONFSUCCESS" in verdict(host, WAS)
    assert (version(host), version(host, "SDK")) == ("6.1.0.11", "6.1.0.11")
    found = product.read(Installation(host, ROOT), "WAS")
    assert found is not None
    assert found.level.startswith("cf110734.")
    update(host, WAS)
    assert "INSTCONFFAILED" in verdict(host, WAS), "a second time"


def test_was_before_its_sdk_is_refused(host: FolderHost) -> None:
    update(host, WAS, SDK)
    assert "INSTCONFFAILED" in verdict(host, WAS)
    assert version(host, "SDK") == "6.1.0.0", "what follows a failure is not tried"


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"product_location": "/usr/other"}, 'product.location "/usr/other" holds no'),
        ({"update_type": "uninstall"}, 'update.type "uninstall" is neither'),
        ({"maintenance_package": ""}, '"" is no maintenance package'),
        ({"relaunch_active": "false"}, "-W relaunch.active is not known"),
    ],
)
def test_refused_before_anything_changes(host: FolderHost, values: dict[str, str], said: str) -> None:
    assert update(host, SDK, **values) == 1
    trace = host.read("/usr/IBM/WebSphere/UpdateInstaller/logs/tmp/updatetrace.log")
    assert said in trace
    assert "INSTCONFFAILED" in trace
    assert list(packages.installed(Installation(host, ROOT))) == []


def test_no_update_under_running_processes(host: FolderHost) -> None:
    host.titles[9] = f"{ROOT}/java/bin/java -Xmx256m com.ibm.ws.bootstrap.WSLauncher {ROOT}/profiles/P/config c n s"
    assert update(host, SDK) == 1
    host.titles = {9: f"/usr/bin/tail -f {ROOT}/logs/install/log.txt"}
    assert update(host, SDK) == 0


def test_a_package_must_be_one_of_this_platform_and_keep_its_name(host: FolderHost) -> None:
    foreign = packages.fix_packs("windows")[0]
    host.write(f"/m/was/fixpack/{foreign.id}.pak", foreign.text)
    update(host, foreign.id)
    assert "The package is for WinX32" in host.read(f"{ROOT}/logs/update/{foreign.id}.install/updatelog.txt")
    host.write("/m/was/fixpack/sdk.pak", host.read(f"/m/was/fixpack/{SDK}.pak"))
    assert update(host, "sdk") == 1


def test_a_broken_update_can_be_repeated(host: FolderHost) -> None:
    host.faults["was:fixpack"] = "killed"
    with pytest.raises(KilledError):
        update(host, SDK)
    assert "INSTCONF" not in verdict(host, SDK)
    host.faults["was:fixpack"] = "disk-full"
    update(host, SDK)
    assert "INSTCONFFAILED" in verdict(host, SDK)
    free = host.free_mb
    update(host, SDK, WAS)
    assert version(host) == "6.1.0.11"
    assert host.free_mb == free - 300, "the room that the broken ones took is used"


def test_a_lost_connection_does_not_end_it(host: FolderHost) -> None:
    host.faults["was:fixpack"] = "connection-lost"
    update(host, SDK)
    assert "INSTCONFSUCCESS" in verdict(host, SDK)


def test_packages_come_out_again(host: FolderHost) -> None:
    update(host, SDK, WAS)

    def remove(name: str) -> None:
        package = f"{ROOT}/properties/version/nif/backup/{name}.pak"
        update(host, update_type="uninstallMaintenancePackage", maintenance_package="", backup_package=package)

    remove(SDK)
    assert "INSTCONFFAILED" in verdict(host, SDK, "uninstall")
    remove(WAS)
    remove(SDK)
    assert (version(host), version(host, "SDK")) == ("6.1.0.0", "6.1.0.0")


def test_version_info(host: FolderHost) -> None:
    update(host, SDK, WAS)
    code, said = host(f"{ROOT}/bin/versionInfo.sh", "-maintenancePackages")
    assert code == 0
    order = [
        "WVER0010I", "WVER0012I", "Installation Status Report", "Report at date and time", "Product Directory",
        f"Version Directory  {ROOT}/properties/version\n", "TMP Directory", "Product List", "Installed Product",
        "IBM WebSphere Application Server - ND", "6.1.0.11", "cf110734.", "End Installation Status Report",
    ]  # fmt: skip
    places = [said.index(text) for text in order]
    assert places == sorted(places)
    assert f"Maintenance Package ID  {SDK}" in said
    assert SDK not in host(f"{ROOT}/bin/versionInfo.sh")[1]
    assert host(f"{ROOT}/bin/versionInfo.sh", "-long")[0] == 1
