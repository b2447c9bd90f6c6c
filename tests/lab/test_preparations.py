"""What the lab makes before machines run: keys, secrets, overlay, media, and its refusals."""

from __future__ import annotations

import hashlib
import os
import pwd
import shutil
from pathlib import Path

import pytest
import yaml

from lab import keyring, media, overlay, prerequisites, state, topology, userns
from lab.errors import LabError
from lab.settings import Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    state, written = str(tmp_path / "state"), str(tmp_path / "overlay")
    made = Settings.from_environment({"LAB_STATE": state, "LAB_OVERLAY": written, "LAB_SUBNET": "77"})
    made.state.mkdir()
    return made


def test_secrets_stay_the_same_for_the_life_of_a_lab(settings: Settings) -> None:
    first = keyring.vault(settings.state)
    assert keyring.vault(settings.state) == first
    assert (settings.state / "vault.json").stat().st_mode & 0o777 == 0o600
    assert len(set(first.values())) == len(first)


def test_the_overlay_holds_connections_and_secrets_and_only_its_owner_reads_the_secrets(settings: Settings) -> None:
    lab = topology.load(settings)
    vault = keyring.vault(settings.state)
    overlay.write(settings, lab, vault)
    secrets = settings.overlay / "group_vars/all/vault.yml"
    assert secrets.stat().st_mode & 0o777 == 0o600
    assert yaml.safe_load(secrets.read_text()) == vault
    aix = yaml.safe_load((settings.overlay / "host_vars/db2srv1.yml").read_text())
    assert (aix["ansible_host"], aix["ansible_port"]) == ("127.0.77.16", 2222)
    windows = (settings.overlay / "host_vars/db2srv2.yml").read_text()
    assert not any(secret in windows for secret in vault.values())
    router = yaml.safe_load((settings.overlay / "host_vars/natrouter.yml").read_text())
    assert (router["ansible_host"], router["nat_router_platform"]) == ("127.0.77.10", "nftables")
    assert router["nat_router_outside_interface"] == "out0"


def test_a_folder_with_another_inventory_is_neither_overwritten_nor_removed(settings: Settings) -> None:
    settings.overlay.mkdir()
    theirs = settings.overlay / "hosts.yml"
    theirs.write_text("---\nall:\n")
    with pytest.raises(LabError, match="has not written"):
        overlay.write(settings, topology.load(settings), keyring.vault(settings.state))
    overlay.remove(settings)
    assert theirs.read_text() == "---\nall:\n"


def test_removing_a_lab_leaves_what_is_not_the_labs(settings: Settings) -> None:
    keyring.vault(settings.state)
    (settings.state / "letter.txt").touch()
    state.remove_all(settings)
    assert [file.name for file in settings.state.iterdir()] == ["letter.txt"]


def test_media_lie_on_the_hosts_that_want_them_and_match_their_checksums(settings: Settings, tmp_path: Path) -> None:
    lab = topology.load(settings)
    names = ("db2srv1", "ldapsrv2", "stgdm1", "stgw2", "stsrv1")
    products = {name: {path.split("/")[0] for path in media.files(lab.host(name))} for name in names}
    assert products == {
        "db2srv1": {"db2", "gateway"}, "ldapsrv2": {"db2", "itds"}, "stgdm1": {"was", "gateway"},
        "stgw2": {"was", "gateway"}, "stsrv1": {"domino", "sametime"},
    }  # fmt: skip
    host = lab.host("db2srv1")
    media.lay_out(host, tmp_path / "media")
    sums = media.checksums(host)
    assert sums
    for path, checksum in sums.items():
        content = (tmp_path / "media" / path).read_bytes()
        assert hashlib.sha1(content, usedforsecurity=False).hexdigest() == checksum


def test_what_the_machine_lacks_is_named_by_its_debian_package(monkeypatch: pytest.MonkeyPatch) -> None:
    found = shutil.which

    def which(name: str, path: str | None = None) -> str | None:
        return None if name == "ip" else found(name, path=path)

    monkeypatch.setattr(shutil, "which", which)
    with pytest.raises(LabError, match="apt-get install iproute2"):
        prerequisites.check()


def test_an_ordinary_user_without_subordinate_ids_is_told_how_to_get_them(tmp_path: Path) -> None:
    table = tmp_path / "subuid"
    table.write_text("somebody:100000:65536\n")
    with pytest.raises(LabError, match="usermod --add-subuids"):
        userns.subordinate(table, pwd.getpwuid(os.getuid()))
