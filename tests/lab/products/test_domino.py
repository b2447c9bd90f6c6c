"""The simulated Domino is as strict as the real one."""

from __future__ import annotations

import shutil
import signal
import socket
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lab import namespaces
from lab.products import domino
from lab.products.domino import layout, profile, server
from tests.lab.products.domino_host import DominoHost

AIX = {
    "-G licenseAccepted": "true",
    "-W InstallDataOnlyOptionPanel.InstallDataOnly": "false",
    "-P installLocation": '"/opt/ibm/lotus"',
    "-W normalData.installLocationData": '"/local/notesdata"',
    "-W NameUserGroupPanel.UserName": '"notes"',
    "-W NameUserGroupPanel.GroupName": '"notes"',
    "-W SetupTypePanel.selectedSetupTypeId": "EnterpriseServer",
    "-W ServerSetupPanel.ServerSetupType": '"Manual"',
}
WINDOWS = {
    "-G licenseAccepted": "true",
    "-P installLocation": '"C:\\Program Files\\IBM\\Lotus\\Domino"',
    "-W normalData.installLocationData": '"C:\\Program Files\\IBM\\Lotus\\Domino\\data"',
}


@pytest.fixture
def host(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> DominoHost:
    """An AIX host; this machine has no user `notes`."""
    monkeypatch.setattr(shutil, "chown", lambda *_: None)
    return DominoHost(tmp_path)


def install(host: DominoHost, options: dict[str, str]) -> int:
    place = "C:\\options" if host.platform == "windows" else "/options"
    host.path(place).parent.mkdir(exist_ok=True)
    host.path(place).write_text("".join(f"{key}={value}\n" for key, value in options.items()))
    return domino.PROGRAMS["install"](host, ["-silent", "-options", place])


@pytest.fixture
def set_up(host: DominoHost) -> DominoHost:
    """A host whose server is set up."""
    assert install(host, AIX) == 0
    record(host)
    as_notes(host)
    assert domino.PROGRAMS["server"](host, ["-silent", "/p.pds"]) == 0
    return host


def record(host: DominoHost, **changes: str) -> None:
    host.path("/p.pds").write_bytes(profile.pack(profile.unpack(profile.recorded()) | changes))


def as_notes(host: DominoHost) -> None:
    host.who, host.directory = "notes", "/local/notesdata"


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"-G licenseAccepted": "false"}, "license agreement is not accepted"),
        ({"-P installLocation": '"opt/lotus"'}, "must be an absolute path"),
        ({"-P installLocation": '"/local/notesdata"'}, "must not be the program folder"),
        ({"-P installLocation": '"/local/notesdata/bin"'}, "must not lie below the data folder"),
        ({"-W NameUserGroupPanel.UserName": '"root"'}, "rights of root"),
        ({"-W NameUserGroupPanel.UserName": '"nobody1"'}, "The user nobody1 does not exist"),
        ({"-W NameUserGroupPanel.GroupName": '"staff"'}, "is no member of the group staff"),
        ({"-W SetupTypePanel.selectedSetupTypeId": "Everything"}, "must be one of EnterpriseServer"),
        ({"-P MadeUpFeature.active": "true"}, "not known to this installation"),
        ({"-W ServerSetupPanel.ServerSetupType": '"Remote"'}, "not played out"),
        ({"Licence": "yes"}, "not understood"),
    ],
    ids=str,
)
def test_options_that_are_refused(
    host: DominoHost, capsys: pytest.CaptureFixture[str], change: dict[str, str], says: str
) -> None:
    assert install(host, AIX | change) == 1
    assert says in capsys.readouterr().out
    assert host.installed == {}


def _no_root(host: DominoHost) -> None:
    host.who = "notes"


def _no_ports(host: DominoHost) -> None:
    host.completion_ports = "Defined"


def _no_room(host: DominoHost) -> None:
    host.room_mb = 100


def _no_licence(host: DominoHost) -> None:
    host.ordered["domino:prerequisites"] = "licence-refused"


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (_no_root, "must be root"), (_no_ports, "I/O Completion Ports"), (_no_room, "not enough disk space"),
        (_no_licence, "could not be registered"),
    ],
)  # fmt: skip
def test_machines_that_are_refused(
    host: DominoHost, capsys: pytest.CaptureFixture[str], spoil: Callable[[DominoHost], None], says: str
) -> None:
    spoil(host)
    assert install(host, AIX) == 1
    assert says in capsys.readouterr().out
    assert layout.installed(host) is None


def test_an_installation_that_broke_is_done_again(host: DominoHost) -> None:
    host.ordered["domino:install"] = "disk-full"
    assert install(host, AIX) == 1
    assert layout.installed(host) is None
    assert install(host, AIX) == 0
    assert host.path("/opt/ibm/lotus/notes/latest/ibmpow/server").exists()
    assert not layout.is_set_up(host)


def test_windows_gets_a_service_named_after_the_data(tmp_path: Path) -> None:
    host = DominoHost(tmp_path, platform="windows")
    assert install(host, WINDOWS) == 0
    created = next(call for call in host.calls if call[:2] == ["sc", "create"])
    assert created[2] == "Lotus Domino Server (CProgramFilesIBMLotusDominodata)"
    assert install(host, WINDOWS | {"-W NameUserGroupPanel.UserName": '"notes"'}) == 1, "no option of Windows"


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["-ServerName", "stsrv1", "/p.pds"], 0, ""),
        (["-isFirstServer", "false", "/p.pds"], 1, "cannot be changed"),
        (["-OrganizationName", "ab", "/p.pds"], 1, "not valid"),
        (["-ServerName", "stsrv1", "/nothing.pds"], 1, "cannot be read"),
        (["-ServerName", "stsrv1", "/options"], 1, "was not recorded"),
        (["-ServerName", "a", "-HostName", "b", "/p.pds"], 1, "Usage"),
    ],
    ids=str,
)
def test_the_editor(
    host: DominoHost, capsys: pytest.CaptureFixture[str], words: list[str], code: int, says: str
) -> None:
    install(host, AIX)
    record(host)
    capsys.readouterr()
    host.directory = "/opt/ibm/lotus/notes/80010/ibmpow"
    assert domino.PROGRAMS["java"](host, ["-cp", "cfgdomserver.jar", profile.EDITOR, *words]) == code
    assert says in capsys.readouterr().out
    name = profile.unpack(host.path("/p.pds").read_bytes())["ServerName"]
    assert name == ("recorded" if code else "stsrv1")


def test_the_dump_hides_passwords(host: DominoHost, capsys: pytest.CaptureFixture[str]) -> None:
    install(host, AIX)
    record(host, AdminPassword="S3cret!")
    host.directory = "/opt/ibm/lotus/notes/80010/ibmpow"
    assert domino.PROGRAMS["java"](host, ["-cp", "cfgdomserver.jar", profile.EDITOR, "-dump", "/p.pds"]) == 0
    shown = capsys.readouterr().out
    assert "ServerName = recorded" in shown
    assert "S3cret!" not in shown


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({profile.FIRST: "false"}, "additional server"),
        ({"OrganizationPassword": "abc"}, "no usable OrganizationPassword"),
        ({"DominoDomainName": ""}, "no usable DominoDomainName"),
    ],
)
def test_a_profile_that_is_not_enough(
    host: DominoHost, capsys: pytest.CaptureFixture[str], changes: dict[str, str], says: str
) -> None:
    install(host, AIX)
    record(host, **changes)
    as_notes(host)
    assert domino.PROGRAMS["server"](host, ["-silent", "/p.pds"]) == 1
    assert says in capsys.readouterr().out
    assert not layout.is_set_up(host)


def test_a_set_up(set_up: DominoHost) -> None:
    found = layout.installed(set_up)
    assert found
    settings = layout.read_ini(set_up, found)
    assert (settings["domain"], settings["mailserver"]) == ("RECORDED", "CN=recorded/O=Recorded")
    passwords = [value for key, value in profile.unpack(set_up.path("/p.pds").read_bytes()).items() if "Pass" in key]
    for file in set_up.path("/local/notesdata").iterdir():
        assert not [word for word in passwords if file.is_file() and word in file.read_text()], file
    assert domino.PROGRAMS["server"](set_up, ["-silent", "/p.pds"]) == 1, "set up already"


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"who": "root"}, "must not be run by root"),
        ({"who": "guest"}, "belongs to notes"),
        ({"directory": "/"}, "started in its data folder"),
        ({"completion_ports": "Defined"}, "I/O Completion Ports"),
        ({"ordered": {"domino:start": "start-fails"}}, "could not be started"),
    ],
    ids=str,
)
def test_a_start_that_is_refused(
    set_up: DominoHost,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    change: dict[str, Any],
    says: str,
) -> None:
    monkeypatch.setattr(server, "_may_bind", lambda *_: True)
    for name, value in change.items():
        setattr(set_up, name, value)
    assert domino.PROGRAMS["server"](set_up, []) == 1
    assert says in capsys.readouterr().err


def test_a_helper_that_lost_its_power(set_up: DominoHost, capsys: pytest.CaptureFixture[str]) -> None:
    set_up.path("/opt/ibm/lotus/notes/80010/ibmpow/bindsock").chmod(0o755)
    assert domino.PROGRAMS["server"](set_up, []) == 1
    assert "bindsock has lost its set-user-ID" in capsys.readouterr().err


def test_add_ins_start_and_end_with_the_server(set_up: DominoHost, monkeypatch: pytest.MonkeyPatch) -> None:
    found = layout.installed(set_up)
    assert found
    monkeypatch.setattr(namespaces, "set_title", lambda _: None)
    monkeypatch.setattr(server, "_may_bind", lambda *_: True)
    for name in ("NRPC_PORT", "HTTP_PORT"):
        monkeypatch.setattr(layout, name, 0)
    monkeypatch.setattr(threading.Event, "wait", lambda *_: True)
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    layout.write_ini(set_up, found, {"ServerTasks": "Router, HTTP ,STADDIN"})
    assert domino.PROGRAMS["server"](set_up, []) == 0
    assert set_up.started == [], "its program is not there"
    set_up.install_program(found.task("staddin"), "sametime:staddin")
    assert domino.PROGRAMS["server"](set_up, []) == 0
    assert set_up.started == [f"sametime:staddin as {found.task('staddin')}", "killed 4711"]


def test_http_answers_and_nrpc_does_not() -> None:
    for answer in (b"", server._PAGE):
        ours, theirs = socket.socketpair()
        with theirs:
            theirs.sendall(b"GET / HTTP/1.0\r\n\r\n")
            server._answer(ours, answer)
            assert theirs.recv(4096) == answer
