"""`target_file` and `target_line`."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path
from typing import Any

import pytest
from ansible.errors import AnsibleActionFail
from ansible.parsing.dataloader import DataLoader
from ansible.parsing.vault import VaultLib, VaultSecret

from plugins.plugin_utils._file import is_private, mode_of, service_sid
from tests.unit.plugins.conftest import RunModule
from tests.unit.plugins.fake_target import Answer

MOTD = "type=file\nmode=-rw-r--r--\nowner=root\ngroup=system\n"


def read(blob: str | None = None, fields: str = MOTD) -> Answer:
    return Answer("target_file_read", fields, blob)


def summed(text: str, fields: str = MOTD) -> Answer:
    return Answer("target_file_read", f"{fields}sha1={hashlib.sha1(text.encode()).hexdigest()}\n")


WRITTEN = Answer("target_file_write")
NOTHING = Answer("target_file_read", "type=absent\n")


@pytest.mark.parametrize(
    ("letters", "mode"),
    [("-rw-r--r--", "0644"), ("drwxrwxrwt", "1777"), ("-rwsr-S---+", "6740"), ("-rwxr-x--T", "1750")],
)
def test_mode_of(letters: str, mode: str) -> None:
    assert mode_of(letters) == mode


@pytest.mark.parametrize(
    ("sddl", "private"),
    [
        ("D:PAI(A;;FA;;;SY)(A;;FA;;;BA)", True),
        ("D:P(A;OICI;FA;;;BA)(A;OICI;FA;;;SY)", True),
        ("D:AI(A;ID;FA;;;BA)(A;ID;FA;;;SY)", False),
        ("D:P(A;;FA;;;BA)(A;;FA;;;SY)(A;;FR;;;BU)", False),
        ("D:P(A;;FA;;;SY)", False),
        ("", False),
    ],
)
def test_is_private(sddl: str, private: bool) -> None:
    assert is_private(sddl) is private


def test_the_sid_of_a_service_is_made_of_its_name() -> None:
    # As `sc showsid TrustedInstaller` tells it on every Windows.
    expected = "S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464"
    assert service_sid("TrustedInstaller") == expected
    assert is_private(f"D:P(A;;FA;;;BA)(A;;FA;;;SY)(A;;FR;;;{expected})", "trustedinstaller")
    assert not is_private("D:P(A;;FA;;;BA)(A;;FA;;;SY)", "trustedinstaller")


def test_same_content_is_left_alone(run_module: RunModule) -> None:
    run = run_module("target_file", {"path": "/etc/motd", "content": "Welcome"}, [read("Welcome\n")])
    assert run.result["changed"] is False
    assert run.sent == [("target_file_read", {"path": "/etc/motd", "content": "text", "access": False})]


def test_new_content_keeps_owner_and_mode(run_module: RunModule) -> None:
    answers = [read("old\n", MOTD.replace("-rw-r--r--", "-rw-r-----")), WRITTEN]
    answers.append(read("new\n", MOTD.replace("-rw-r--r--", "-rw-r-----")))
    run = run_module("target_file", {"path": "/etc/motd", "content": "new\n"}, answers)
    assert run.result["operations"] == ["write /etc/motd"]
    assert run.result["diff"][1]["before"] == "old\n"
    assert run.result["diff"][1]["after"] == "new\n"
    assert run.sent[1] == (
        "target_file_write",
        {
            "path": "/etc/motd",
            "kind": "file",
            "write": "text",
            "content": "new",
            "mode": "0640",
            "owner": "root",
            "group": "system",
            "private": False,
            "validate": [],
            "trustee": "",
        },
    )


def test_check_mode_tells_of_a_new_file_and_writes_nothing(run_module: RunModule) -> None:
    options = {"path": "/stgw/new", "content": "a\n", "owner": "db2inst1"}
    run = run_module("target_file", options, [NOTHING], check=True)
    assert run.result["changed"] is True
    assert run.result["state"] == {"type": "file", "content": "a\n", "owner": "db2inst1", "mode": "0644"}
    assert run.result["operations"] == []


def test_a_secret_shows_nowhere(run_module: RunModule) -> None:
    options = {"path": "/stgw/key", "content": "S3cret", "sensitive": True, "private": True}
    private = MOTD.replace("-rw-r--r--", "-rw-------")
    run = run_module("target_file", options, [summed("0ldS3cret\n"), WRITTEN, summed("S3cret\n", private)])
    assert "S3cret" not in str(run.result)
    assert run.sent[0][1]["content"] == "sha1"
    assert run.result["changed"] is True
    assert run.sent[1][1]["content"] == "S3cret"
    assert run.sent[1][1]["mode"] == "0600"


def test_a_secret_that_is_right_is_left_alone(run_module: RunModule) -> None:
    options = {"path": "/stgw/key", "content": "S3cret", "sensitive": True}
    assert run_module("target_file", options, [summed("S3cret\n")]).result["changed"] is False


def test_only_attributes(run_module: RunModule) -> None:
    options = {"path": "/etc/motd", "mode": "0600"}
    answers = [read(), WRITTEN, read(fields=MOTD.replace("-rw-r--r--", "-rw-------"))]
    run = run_module("target_file", options, answers)
    assert run.sent[1][1]["write"] == ""
    assert run.result["operations"] == ["change /etc/motd"]


def test_directory_and_absence(run_module: RunModule) -> None:
    folder = MOTD.replace("type=file", "type=directory").replace("-rw-r--r--", "drwxr-xr-x")
    run = run_module(
        "target_file", {"path": "/stgw/log", "state": "directory"}, [NOTHING, WRITTEN, read(fields=folder)]
    )
    assert run.result["operations"] == ["make /stgw/log"]
    assert run.sent[1][1]["mode"] == "0755"
    run = run_module("target_file", {"path": "/stgw/log", "state": "absent"}, [read(fields=folder), WRITTEN, NOTHING])
    assert run.sent[1][1]["kind"] == "absent"
    assert run.result["diff"][0]["after"] == ""


def test_windows_ends_its_lines_by_crlf(run_module: RunModule) -> None:
    answers = [NOTHING, WRITTEN, Answer("target_file_read", "type=file\r\n", "a\r\nb\r\n")]
    run = run_module("target_file", {"path": r"C:\stgw\x.txt", "content": "a\nb\n"}, answers, platform="windows")
    assert run.sent[1][1]["content"] == "a\r\nb\r\n"
    run = run_module(
        "target_file",
        {"path": r"C:\stgw\x.txt", "content": "a\nb\n", "newline": "lf"},
        [Answer("target_file_read", "type=file\r\n", "a\nb\n")],
        platform="windows",
    )
    assert run.result["changed"] is False


def test_private_on_windows_is_an_access_list(run_module: RunModule) -> None:
    open_to_all = Answer("target_file_read", "type=file\naccess=D:AI(A;ID;FA;;;BA)(A;ID;FR;;;BU)\n", "a\r\n")
    closed = Answer("target_file_read", "type=file\naccess=D:PAI(A;;FA;;;BA)(A;;FA;;;SY)\n", "a\r\n")
    options = {"path": r"C:\stgw\x", "content": "a", "private": True}
    run = run_module("target_file", options, [open_to_all, WRITTEN, closed], platform="windows")
    assert run.sent[1][1]["private"] is True
    assert run.sent[1][1]["write"] == ""
    assert run.result["diff"][0]["before"] == "private: false\ntype: file\n"


@pytest.mark.parametrize(
    ("options", "platform", "said"),
    [
        ({"path": "etc/motd", "content": ""}, "unix", "path: 'etc/motd' is not an absolute path of AIX"),
        ({"path": "/", "state": "absent"}, "unix", "is not an absolute path"),
        ({"path": "C:\\", "state": "absent"}, "windows", "is not an absolute path of Windows"),
        ({"path": r"C:\x", "content": "", "mode": "0600"}, "windows", "mode: has no meaning on Windows"),
        ({"path": "/x", "mode": "644"}, "unix", "mode: '644' is not four octal digits"),
        ({"path": "/x", "mode": "0644", "private": True}, "unix", "mutually exclusive"),
        ({"path": "/x", "state": "directory", "content": "a"}, "unix", "content: a directory has none"),
        ({"path": "/x", "state": "gone"}, "unix", "value of state must be one of"),
    ],
)
def test_bad_options_are_refused_before_the_first_contact(
    run_module: RunModule, options: dict[str, Any], platform: str, said: str
) -> None:
    with pytest.raises(AnsibleActionFail, match=said.replace("\\", ".")):
        run_module("target_file", options, platform=platform)


def test_a_directory_is_not_overwritten(run_module: RunModule) -> None:
    with pytest.raises(AnsibleActionFail, match="is a directory on the target, not a file"):
        run_module("target_file", {"path": "/etc", "content": "x"}, [read(fields=MOTD.replace("file", "directory"))])


def test_a_missing_file_needs_content(run_module: RunModule) -> None:
    with pytest.raises(AnsibleActionFail, match="content: /x does not exist"):
        run_module("target_file", {"path": "/x", "mode": "0600"}, [NOTHING])


def test_a_change_that_had_no_effect_is_an_error(run_module: RunModule) -> None:
    with pytest.raises(AnsibleActionFail, match="the change did not take effect: mode is '0644', wanted '0600'"):
        run_module("target_file", {"path": "/x", "mode": "0600"}, [read(), WRITTEN, read()])


# -- target_line -------------------------------------------------------------------------------------------------------

SERVICES = "ftp 21/tcp\nssh 22/tcp\ndb2c_db2inst1 60000/tcp\n"
DB2 = {"regexp": r"^db2c_db2inst1\s", "line": "db2c_db2inst1 50000/tcp"}


def test_line_is_replaced_where_it_stands(run_module: RunModule) -> None:
    after = "ftp 21/tcp\ndb2c_db2inst1 50000/tcp\n"
    run = run_module(
        "target_line",
        {"path": "/etc/services", "lines": [DB2, {"line": "ssh 22/tcp", "state": "absent"}]},
        [read(SERVICES), WRITTEN, read(after)],
    )
    assert run.sent[1][1]["content"] == after.removesuffix("\n")
    assert run.sent[1][1]["mode"] == "0644"
    assert run.result["changed"] is True


def test_line_is_added_once(run_module: RunModule) -> None:
    options = {"path": "/etc/services", "lines": [DB2]}
    after = "ftp 21/tcp\ndb2c_db2inst1 50000/tcp\n"
    run = run_module("target_line", options, [read("ftp 21/tcp"), WRITTEN, read(after)])
    assert run.sent[1][1]["content"] == after.removesuffix("\n")
    assert run_module("target_line", options, [read(after)]).result["changed"] is False


def test_line_keeps_the_ends_of_lines_of_the_file(run_module: RunModule) -> None:
    path = r"C:\WINDOWS\system32\drivers\etc\services"
    before = Answer("target_file_read", "type=file\n", "ftp 21/tcp\r\n")
    after = Answer("target_file_read", "type=file\n", "ftp 21/tcp\r\ndb2c_db2inst1 50000/tcp\r\n")
    run = run_module("target_line", {"path": path, "lines": [DB2]}, [before, WRITTEN, after], platform="windows")
    assert run.sent[1][1]["content"] == "ftp 21/tcp\r\ndb2c_db2inst1 50000/tcp\r\n"


def test_line_in_a_missing_file(run_module: RunModule) -> None:
    run = run_module("target_line", {"path": "/etc/new", "lines": [{"line": "a"}]}, [NOTHING], check=True)
    assert run.result["state"] == {"type": "file", "content": "a\n", "mode": "0644"}
    gone = {"path": "/etc/new", "lines": [{"line": "a", "state": "absent"}]}
    assert run_module("target_line", gone, [NOTHING]).result["changed"] is False


INI = "[Debug]\nVPS_TRUSTED_IPS=1\n\n[Config]\nA=1\n\n[Directory]\nB=2\n"
TRUSTED = {"section": "config", "regexp": "^VPS_TRUSTED_IPS=", "line": "VPS_TRUSTED_IPS=10.0.0.1"}


@pytest.mark.parametrize(
    ("before", "entry", "after"),
    [
        (INI, TRUSTED, INI.replace("A=1\n", "A=1\nVPS_TRUSTED_IPS=10.0.0.1\n")),
        (INI.replace("A=1", "VPS_TRUSTED_IPS=2"), TRUSTED, INI.replace("A=1", "VPS_TRUSTED_IPS=10.0.0.1")),
        ("[Debug]\nA=1\n", TRUSTED, "[Debug]\nA=1\n[config]\nVPS_TRUSTED_IPS=10.0.0.1\n"),
        (INI, {**TRUSTED, "section": "Debug", "state": "absent"}, INI.replace("VPS_TRUSTED_IPS=1\n", "")),
        ("[Config]\n", TRUSTED, "[Config]\nVPS_TRUSTED_IPS=10.0.0.1\n"),
    ],
)
def test_line_of_a_section_stays_in_it(run_module: RunModule, before: str, entry: dict[str, Any], after: str) -> None:
    options = {"path": "/data/sametime.ini", "lines": [entry]}
    run = run_module("target_line", options, [read(before), WRITTEN, read(after)])
    assert run.sent[1][1]["content"] == after.removesuffix("\n")
    assert run_module("target_line", options, [read(after)]).result["changed"] is False


def test_what_is_to_be_absent_from_a_section_that_is_not_there_is(run_module: RunModule) -> None:
    gone = {"path": "/data/sametime.ini", "lines": [{"line": "B=2", "state": "absent", "section": "Config"}]}
    assert run_module("target_line", gone, [read("B=2\n")]).result["changed"] is False


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ({"line": "a", "section": "[Config]"}, r"lines\[0\].section: '\[Config\]' is no name of a section"),
        ({"line": "a\nb"}, r"lines\[0\].line: .* is more than one line"),
        ({"line": "a", "regexp": "("}, r"lines\[0\].regexp: '\(' is not a regular expression"),
        ({"line": "a", "regexp": "^b"}, r"lines\[0\].regexp: '\^b' does not find the line 'a'"),
        ({"regexp": "^b"}, "state is present but all of the following are missing: line"),
    ],
)
def test_bad_lines_are_refused(run_module: RunModule, entry: dict[str, Any], said: str) -> None:
    with pytest.raises(AnsibleActionFail, match=said):
        run_module("target_line", {"path": "/etc/services", "lines": [entry]})


def test_text_that_would_not_survive_is_not_touched(run_module: RunModule) -> None:
    with pytest.raises(AnsibleActionFail, match="is not UTF-8 text"):
        run_module("target_line", {"path": "/etc/services", "lines": [DB2]}, [read("caf\udce9\n")])


def test_bytes_of_a_file_of_the_controller(run_module: RunModule, tmp_path: Path) -> None:
    source = tmp_path / "program"
    source.write_bytes(b"\x00\xff" * 100)
    digest = hashlib.sha1(source.read_bytes(), usedforsecurity=False).hexdigest()
    there = Answer("target_file_read", f"{MOTD}sha1={digest}\n")
    options = {"path": "/opt/program", "src": str(source)}
    run = run_module("target_file", options, [NOTHING, WRITTEN, there])
    assert run.sent[1][1]["write"] == "base64"
    assert base64.b64decode(str(run.sent[1][1]["content"])) == source.read_bytes()
    assert run.result["diff"][0]["after"].count(digest) == 1
    assert run_module("target_file", options, [there]).result["changed"] is False


def test_encrypted_file_of_the_controller(run_module: RunModule, tmp_path: Path) -> None:
    secrets = [("default", VaultSecret(b"key"))]
    source = tmp_path / "key.kdb"
    source.write_bytes(VaultLib(secrets).encrypt(b"\x00key\xff"))
    loader = DataLoader()
    loader.set_vault_secrets(secrets)
    digest = hashlib.sha1(b"\x00key\xff", usedforsecurity=False).hexdigest()
    answers = [NOTHING, WRITTEN, Answer("target_file_read", f"{MOTD}sha1={digest}\n")]
    run = run_module("target_file", {"path": "/etc/key.kdb", "src": str(source)}, answers, loader=loader)
    assert base64.b64decode(str(run.sent[1][1]["content"])) == b"\x00key\xff"
    assert loader._tempfiles == set(), "what was decrypted stays"


def test_file_of_the_controller_that_is_not_there(run_module: RunModule) -> None:
    with pytest.raises(AnsibleActionFail, match="src: /nonexistent cannot be read on the controller"):
        run_module("target_file", {"path": "/opt/program", "src": "/nonexistent"})


def test_new_content_is_judged_by_its_program(run_module: RunModule) -> None:
    options = {"path": "/etc/x.json", "content": "{}", "validate": ["/opt/x", "check", "%s"]}
    run = run_module("target_file", options, [NOTHING, WRITTEN, read("{}\n")])
    assert run.sent[1][1]["validate"] == ["/opt/x", "check", "%s"]
    with pytest.raises(AnsibleActionFail, match="validate: none of its words is %s"):
        run_module("target_file", {**options, "validate": ["/opt/x", "check"]})


def test_account_of_a_service_is_for_windows(run_module: RunModule) -> None:
    options = {"path": "/etc/x", "state": "directory", "private": True, "service": "sipnat"}
    with pytest.raises(AnsibleActionFail, match="service: has no meaning on AIX"):
        run_module("target_file", options)
