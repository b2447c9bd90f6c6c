"""The simulated db2setup, installFixPack, db2ls and db2licm refuse what the real ones refuse."""

from __future__ import annotations

from pathlib import Path

import pytest

from lab.products.db2 import media
from tests.lab.products.db2_host import Db2Host, KilledError

PATH = "/opt/IBM/db2/V9.1"
RESPONSE = f"""\
* a comment
PROD = WORKGROUP_SERVER_EDITION
FILE = {PATH} ** the rest is a comment
LIC_AGREEMENT = ACCEPT
INSTALL_TYPE = TYPICAL
LANG = EN
"""


@pytest.fixture
def host(tmp_path: Path) -> Db2Host:
    return Db2Host(tmp_path)


def install(host: Db2Host, response: str = RESPONSE, program: str = "db2setup-wse") -> tuple[int, str, str]:
    host.path("/tmp/r.rsp").write_text(response)
    code, said = host(program, "-r", "/tmp/r.rsp", "-l", "/tmp/db2setup.log")
    log = host.path("/tmp/db2setup.log")
    return code, said, log.read_text() if log.exists() else ""


def test_success(host: Db2Host) -> None:
    code, said, log = install(host)
    assert code == 0
    assert said.startswith("DBI1191I  db2setup is installing")
    assert "The execution completed successfully." in said
    assert "Initializing instance list :.......Success" in log
    assert host.path(f"{PATH}/instance/db2icrt").read_text() == "db2:db2icrt"
    assert host.path("/usr/local/bin/db2ls").is_symlink()
    assert host("db2ls", "-c")[1].splitlines()[1].startswith(f"{PATH}:9.1.0.0:0::")
    assert "WORKGROUP_SERVER_EDITION" in host("db2ls", "-q", "-b", PATH, "-p")[1]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("LIC_AGREEMENT = ACCEPT", "LIC_AGREEMENT = DECLINE"), "license agreement is not accepted"),
        (("LIC_AGREEMENT = ACCEPT\n", ""), "license agreement is not accepted"),
        (("LANG = EN", "LANGUAGE = EN"), 'keyword "LANGUAGE" is not valid'),
        (("LANG = EN", "lang = EN"), 'keyword "lang" is not valid'),
        (("LANG = EN", "LANG EN"), "not of the form KEYWORD = VALUE"),
        (("LANG = EN", "INSTALL_TYPE = COMPACT"), "given twice"),
        (("LANG = EN", "COMP = JDBC_SUPPORT"), "only valid with INSTALL_TYPE=CUSTOM"),
        (("WORKGROUP_SERVER_EDITION", "ENTERPRISE_SERVER_EDITION"), "is not on this image"),
        (("WORKGROUP_SERVER_EDITION", "UDB_WORKGROUP_SERVER_EDITION"), 'value "UDB_WORKGROUP'),
        ((f"FILE = {PATH}", "FILE = opt/db2"), 'keyword "FILE" is not valid: it must be an absolute path'),
        (("LANG = EN", "DB2_COPY_NAME = X"), 'keyword "DB2_COPY_NAME" is not valid'),
        (("LANG = EN", "INSTANCE = i\ni.NAME = Db2Inst1\ni.FENCED_USERNAME = db2fenc1"), 'value "Db2Inst1"'),
        (("LANG = EN", "INSTANCE = i\ni.NAME = db2instance\ni.FENCED_USERNAME = db2fenc1"), "1 to 8 lower-case"),
        (("LANG = EN", "INSTANCE = i\ni.NAME = db2inst1"), '"i.FENCED_USERNAME" is required'),
        (
            ("LANG = EN", "INSTANCE = i\ni.NAME = db2inst1\ni.FENCED_USERNAME = db2fenc1\ni.TYPE = ESE"),
            "no instances of that type",
        ),
        (("LANG = EN", "i.NAME = db2inst1"), 'keyword "i.NAME" is not valid'),
    ],
)
def test_a_bad_response_file(host: Db2Host, change: tuple[str, str], said: str) -> None:
    code, printed, log = install(host, RESPONSE.replace(*change))
    assert code == 86
    assert 'The response file specified "/tmp/r.rsp" is not valid.' in printed
    assert said in log
    assert not host.path(PATH).exists()


def test_a_missing_response_file(host: Db2Host) -> None:
    assert host("db2setup-wse", "-r", "/tmp/none.rsp")[0] == 86


@pytest.mark.parametrize("arguments", [["-r", "r.rsp"], ["-x"], ["-r"], ["-f", "sysreq", "-r", "/tmp/r.rsp"], []])
def test_bad_arguments(host: Db2Host, arguments: list[str]) -> None:
    assert host("db2setup-wse", *arguments)[0] == 87


def test_only_root(host: Db2Host) -> None:
    host.path("/tmp/r.rsp").write_text(RESPONSE)
    assert host("db2setup-wse", "-r", "/tmp/r.rsp", user="db2inst1")[0] == 67


@pytest.mark.parametrize(
    ("command", "answer", "said"),
    [
        ("oslevel", (0, "5300-02\n"), "technology level 3"),
        ("bootinfo", (0, "32\n"), "64-bit kernel"),
        ("lslpp", (1, ""), "xlC.rte 8.0.0.4 or later is required"),
        ("lslpp", (0, "xlC.rte:xlC.rte:7.0.0.9: : :C:\n"), "xlC.aix50.rte 8.0.0.4 or later is required"),
        (
            "lsdev",
            (0, "aio0      Defined                  Asynchronous I/O (Legacy)\n"),
            "aio0 must be in state Available",
        ),
    ],
)
def test_a_missing_prerequisite(host: Db2Host, command: str, answer: tuple[int, str], said: str) -> None:
    host.commands[command] = answer
    code, printed, log = install(host)
    assert code == 67
    assert "The execution failed." in printed
    assert said in log


def test_a_full_disk_and_then_room(host: Db2Host) -> None:
    host.space_mb = 500
    code, _, log = install(host)
    assert code == 67
    assert "DBI1284E" in log
    assert host.space_mb == 500, "what was taken for unpacking is given back"
    host.space_mb = 4096
    assert install(host)[0] == 0


def test_killed_and_run_again(host: Db2Host) -> None:
    host.faults["db2setup"] = "killed"
    with pytest.raises(KilledError):
        install(host)
    assert host("db2ls")[0] == 1, "a half installed copy is none"
    left = host.space_mb
    code, _, log = install(host)
    assert code == 0
    assert "incomplete installation was found" in log
    assert host.space_mb == left, "its room was taken already"


def test_another_copy_cannot_lie_in_the_first(host: Db2Host) -> None:
    install(host)
    code, _, log = install(host, RESPONSE.replace(PATH, f"{PATH}/second"))
    assert code == 67
    assert "below the path of another copy" in log


def test_instance_in_the_response_file(host: Db2Host) -> None:
    text = (
        RESPONSE
        + "INSTANCE = i\ni.NAME = db2inst1\ni.FENCED_USERNAME = db2fenc1\ni.SVCENAME = db2c_i\ni.PORT_NUMBER = 50000\n"
    )
    text += "i.START_DURING_INSTALL = NO\n"
    code, _, log = install(host, text)
    assert code == 0
    assert 'The instance "db2inst1" has been created successfully.' in log
    assert "db2c_i\t50000/tcp" in host.path("/etc/services").read_text()


def test_fix_pack(host: Db2Host) -> None:
    install(host)
    assert host("installFixPack", "-b", PATH, "-l", "/tmp/fp.log", "-n")[0] == 0
    assert f"{PATH}:9.1.0.4:4::" in host("db2ls", "-c")[1]
    assert host("installFixPack", "-b", PATH, "-l", "/tmp/fp.log")[0] == 82, "it is at that level"
    assert host("installFixPack", "-b", "/opt/none", "-l", "/tmp/fp.log")[0] == 82
    assert host("installFixPack", "-q")[0] == 87


def test_fix_pack_with_something_running(host: Db2Host) -> None:
    install(host)
    host.spawn("db2:db2fmcd", [], title=f"{PATH}/bin/db2fmcd")
    assert host("installFixPack", "-b", PATH, "-l", "/tmp/fp.log")[0] == 70


def test_licence(host: Db2Host) -> None:
    install(host)
    files = media("aix")
    host.path("/tmp/wse.lic").write_text(files["wse/db2/license/db2wse_o.lic"])
    host.path("/tmp/ese.lic").write_text(files["ese/db2/license/db2ese_o.lic"])
    assert '"Trial"' in host("db2licm", "-l")[1]
    assert host("db2licm", "-a", "/tmp/ese.lic")[0] == 1, "of another edition"
    assert host("db2licm", "-a", "/tmp/none.lic")[0] == 1
    assert host("db2licm", "-a", "/tmp/wse.lic") == (0, "DBI1402I License added successfully.\n")
    assert 'Product identifier:               "db2wse"' in host("db2licm", "-l")[1]
