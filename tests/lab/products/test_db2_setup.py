"""The simulated db2setup, installFixPack, db2ls and db2licm refuse what the real ones refuse."""

from __future__ import annotations

from collections.abc import Sequence
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
    host.path("/tmp/r.rsp").write_bytes(response.encode("latin-1"))
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
        ((f"FILE = {PATH}", "FILE = /opt/IBM/../db2"), "without .."),
        ((f"FILE = {PATH}", "FILE = /"), "must be an absolute path"),
        (("= ACCEPT", "= ACCEPT\r"), 'of the keyword "LIC_AGREEMENT" is not valid'),
        (("LANG = EN", "LANG = \u00e9"), 'keyword "LANG" is not valid'),
        (("LANG = EN", "i.NAME = db2inst1"), 'keyword "i.NAME" is not valid'),
        (
            ("LANG = EN", "INSTANCE = i\ni.NAME = db2inst1\ni.FENCED_USERNAME = db2fenc1\ni.MAX_LOGICAL_NODES = 2"),
            '"i.MAX_LOGICAL_NODES" is only valid for instances of type ESE',
        ),
        (("LANG = EN", "DAS_USERNAME = dasusr1"), 'lab: the keyword "DAS_USERNAME" is not played out'),
        (("LANG = EN", "DATABASE = d\nd.DATABASE_NAME = x"), 'lab: the keyword "DATABASE" is not played out'),
        (("LANG = EN", "ENCRYPTED = DAS_PASSWORD"), 'lab: the keyword "ENCRYPTED" is not played out'),
        (("LANG = EN", "CONFIG_ONLY = NO"), 'lab: the keyword "CONFIG_ONLY" is not played out'),
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


@pytest.mark.parametrize(
    "arguments",
    [
        ["-r", "r.rsp"],
        ["-x"],
        ["-r"],
        ["-f", "sysreq", "-r", "/tmp/r.rsp"],
        ["-i", "zz", "-r", "/tmp/r.rsp"],
        ["-r", "/tmp/r.rsp", "-l", "/none/db2setup.log"],
        ["-r", "/tmp/r.rsp", "-t", "/tmp"],
        [],
    ],
)
def test_bad_arguments(host: Db2Host, arguments: list[str]) -> None:
    host.path("/tmp/r.rsp").write_text(RESPONSE)
    code, said = host("db2setup-wse", *arguments)
    assert code == 87
    assert "Usage: db2setup" in said
    assert not host.path(PATH).exists()


def test_the_usage_is_no_error(host: Db2Host) -> None:
    code, said = host("db2setup-wse", "-?")
    assert code == 0
    assert said.startswith("Usage: db2setup")


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


def test_registry_and_users_of_the_response_file(host: Db2Host, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[tuple[list[str], str]] = []

    def run(argv: Sequence[str], *, stdin: str = "", user: str | None = None) -> tuple[int, str, str]:
        calls.append((list(argv), stdin))
        return (*host.commands.get(argv[0], (0, "")), "")

    monkeypatch.setattr(host, "run", run)
    text = RESPONSE + "DB2COMM = SSL\nINSTANCE = i\ni.NAME = newinst\ni.FENCED_USERNAME = db2fenc1\ni.UID = 700\n"
    install(host, text + "i.GROUP_NAME = newgrp\ni.GID = 701\ni.HOME_DIRECTORY = /home/new\ni.PASSWORD = secret\n")
    assert (["mkgroup", "id=701", "newgrp"], "") in calls
    assert (["mkuser", "id=700", "pgrp=newgrp", "home=/home/new", "newinst"], "") in calls
    assert (["chpasswd", "-c"], "newinst:secret\n") in calls
    install(host, RESPONSE + "DB2COMM = SSL\nINSTANCE = i\ni.NAME = db2inst1\ni.FENCED_USERNAME = db2fenc1\n")
    assert "DB2COMM=SSL" in host("db2set", "-all", user="db2inst1", instance="db2inst1")[1]


def test_db2ls_forms(host: Db2Host) -> None:
    install(host)
    query = ("db2ls", "-q", "-b", PATH)
    assert "BASE_DB2_ENGINE" not in host(*query)[1], "hidden"
    assert "BASE_DB2_ENGINE" in host(*query, "-a")[1]
    assert host(*query, "-p", "-c")[1] == "WORKGROUP_SERVER_EDITION:9.1.0.0:0:DB2 Workgroup Server Edition\n"
    assert host(*query, "-f", "WORKGROUP_SERVER_EDITION")[0] == 0
    assert host(*query, "-f", "JDK")[0] == 1
    said = host("db2ls", "-l", "/tmp/db2ls.log")[1]
    assert host.path("/tmp/db2ls.log").read_text() == said
    for wrong in (["-x"], ["-q"], ["-b", PATH], ["-a"], ["-l", "/none/x"], ["-q", "-b", "/none"], ["extra"]):
        assert host("db2ls", *wrong)[0] == 1, wrong


def test_fix_pack(host: Db2Host) -> None:
    install(host)
    assert host("installFixPack", "-b", PATH, "-l", "/tmp/fp.log", "-n")[0] == 0
    assert f"{PATH}:9.1.0.4:4::" in host("db2ls", "-c")[1]
    assert host("installFixPack", "-b", PATH, "-l", "/tmp/fp.log")[0] == 82, "it is at that level"
    assert host("installFixPack", "-b", "/opt/none", "-l", "/tmp/fp.log")[0] == 82
    for wrong in (["-q"], ["-p", "x"], ["-b", PATH, "-f", "all"], ["-b", PATH, "-l", "/none/fp.log"], ["-n"]):
        assert host("installFixPack", *wrong)[0] == 87, wrong


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
