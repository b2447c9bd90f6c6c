"""Changes of a configuration, a command at a time, and what a new router has."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from lab import topology
from lab.errors import LabError
from lab.ios import disk
from lab.ios.editor import Editor, read
from lab.ios.nat import Static
from lab.ios.passwords import matches
from lab.ios.router import HOME
from lab.ios.syntax import Refused
from lab.settings import Settings
from tests.lab.ios.simulated import configured

STATIC = "ip nat inside source static 9.42.111.5 9.42.124.46 extendable"


@pytest.mark.parametrize(("answer", "removed"), [("yes", True), ("y", True), ("no", False), ("", False)])
def test_an_entry_in_use_is_removed_when_somebody_agrees(answer: str, removed: bool) -> None:
    asked: list[str] = []
    forgotten: list[Static] = []

    def ask(question: str) -> str:
        asked.append(question)
        return answer

    changed = Editor(configured(STATIC), ask=ask, in_use=lambda _: True, forget=forgotten.append)
    if removed:
        changed.execute(f"no {STATIC}")
    else:
        with pytest.raises(Refused, match="%: Error: static entry in use, cannot remove"):
            changed.execute(f"no {STATIC}")
    assert asked == ["\nStatic entry in use, do you want to delete child entries? [no]: "]
    assert list(map(str, forgotten)) == ([STATIC] if removed else [])
    assert (STATIC in changed.configuration.text()) is not removed


def test_a_configuration_is_what_its_text_says() -> None:
    text = configured(
        f"{STATIC}\naccess-list 10 permit 9.42.111.0 0.0.0.255\n"
        "ip nat pool P 9.42.124.50 9.42.124.59 netmask 255.255.255.0\n"
        "ip nat inside source list 10 pool P\nip nat service sip udp port 5070\nno ip nat service sip udp port 5060\n"
        "ip route 0.0.0.0 0.0.0.0 9.42.124.2\nip access-list extended X\npermit tcp any eq 25 host 9.42.124.45 eq www\n"
        "interface FastEthernet0/1\nip access-group X in\ndescription a word or two\nip nat outside\nshutdown"
    ).text()
    assert read(text).text() == text
    assert "ip nat inside source list 10 pool P\n" in text


def test_a_new_router_has_addresses_and_a_secret_and_keeps_what_is_saved(tmp_path: Path) -> None:
    router = topology.load(Settings.from_environment({"LAB_ROUTER": "ios"})).router
    assert router.platform == "ios"
    disk.install(tmp_path, router, "a secret")
    new = (tmp_path / HOME / "startup-config").read_text()
    found = read(new)
    assert {name: each.address for name, each in found.interfaces.items()} == {
        "FastEthernet0/0": "9.42.111.254",
        "FastEthernet0/1": "9.42.124.1",
    }
    assert json.loads((tmp_path / HOME / "devices.json").read_text()) == {
        "FastEthernet0/0": "in0",
        "FastEthernet0/1": "out0",
    }
    assert "a secret" not in new
    assert matches("a secret", found.enable_secret)
    assert not matches("another", found.enable_secret)
    (tmp_path / HOME / "startup-config").write_text(configured(STATIC).text())
    disk.install(tmp_path, router, "a secret")
    assert STATIC in (tmp_path / HOME / "startup-config").read_text()


def test_a_router_that_there_is_not() -> None:
    with pytest.raises(LabError, match="LAB_ROUTER=junos: there are linux, ios"):
        Settings.from_environment({"LAB_ROUTER": "junos"})
