"""The simulated setup.exe on a Windows host: what it refuses, and what it leaves when it succeeds."""

from __future__ import annotations

import io
from contextlib import redirect_stdout
from pathlib import Path

import pytest

from lab.products.db2 import PROGRAMS
from lab.windows.host import WindowsHost
from lab.windows.installation import install
from lab.windows.sample import DESCRIPTION

RESPONSE = """\
PROD = WORKGROUP_SERVER_EDITION
FILE = C:\\Program Files\\IBM\\SQLLIB
LIC_AGREEMENT = ACCEPT
INSTANCE = DB2
DB2.NAME = DB2
DB2.USERNAME = db2admin
DB2.PASSWORD = right
DB2.SVCENAME = db2c_DB2
DB2.PORT_NUMBER = 50000
DB2.START_DURING_INSTALL = NO
"""
LOG = "C:\\WINDOWS\\Temp\\db2.log"


@pytest.fixture
def host(tmp_path: Path) -> WindowsHost:
    machine = install(tmp_path / "host", DESCRIPTION, {"Administrator": "admin", "db2admin": "right"})
    environment = machine.environment("Administrator")
    return WindowsHost(machine, "Administrator", environment, "C:\\")


def setup(host: WindowsHost, response: str = RESPONSE) -> tuple[int, str]:
    host.path("C:\\r.rsp").write_text(response, "ascii")
    code = PROGRAMS["setup-wse"](host, ["/u", "C:\\r.rsp", "/l", LOG, "/f"])
    return code, host.path(LOG).read_text("cp1252")


def test_success(host: WindowsHost) -> None:
    code, log = setup(host)
    assert code == 0, log
    assert host.path("C:\\Program Files\\IBM\\SQLLIB\\BIN\\db2level.exe").read_text() == "MZ LABEXE db2:db2level\n"
    service = host.machine.services.get("DB2")
    assert service.display_name == "DB2 - DB2COPY1 - DB2"
    assert service.start == "auto"
    assert service.account == ".\\db2admin"
    assert host.machine.registry.get("HKLM\\SOFTWARE\\IBM\\DB2\\InstalledCopies\\DB2COPY1", "DB2 Path Name")
    assert "db2c_DB2\t50000/tcp" in host.path("C:\\WINDOWS\\system32\\drivers\\etc\\services").read_text()
    assert setup(host)[0] == 0, "again, over itself"


@pytest.mark.parametrize(
    ("change", "code", "said"),
    [
        (("LIC_AGREEMENT = ACCEPT\n", ""), 86, "license agreement is not accepted"),
        (("DB2.SVCENAME", "DB2.SVCNAME"), 86, 'keyword "DB2.SVCNAME" is not valid'),
        (("DB2.USERNAME", "DB2.FENCED_USERNAME"), 86, 'keyword "DB2.FENCED_USERNAME" is not valid'),
        (("FILE = C:", "FILE = "), 86, "beginning with a drive"),
        (("WORKGROUP", "ENTERPRISE"), 86, "is not on this image"),
        (("PASSWORD = right", "PASSWORD = wrong"), 1603, "The password of the user db2admin is not valid."),
        (("USERNAME = db2admin", "USERNAME = nobody"), 1603, "The user nobody does not exist."),
        (("LIC", "DAS_USERNAME = db2admin\nDAS_PASSWORD = wrong\nLIC"), 1603, "The password of the user db2admin"),
        (("LIC", "ENCRYPTED = DB2.PASSWORD\nLIC"), 86, 'lab: the keyword "ENCRYPTED" is not played out'),
    ],
)
def test_refused(host: WindowsHost, change: tuple[str, str], code: int, said: str) -> None:
    got, log = setup(host, RESPONSE.replace(*change))
    assert got == code
    assert said in log
    assert "wrong" not in log
    assert not host.path("C:\\Program Files\\IBM").exists()


@pytest.mark.parametrize(
    "arguments",
    [[], ["/u"], ["/x", "C:\\r.rsp"], ["C:\\r.rsp"], ["/u", "r.rsp"], ["/u", "C:\\r.rsp", "/l", "db2.log"]],
)
def test_bad_arguments(host: WindowsHost, arguments: list[str]) -> None:
    assert PROGRAMS["setup-wse"](host, arguments) == 87


def test_what_would_not_wait_is_not_played_out(host: WindowsHost, capsys: pytest.CaptureFixture[str]) -> None:
    host.path("C:\\r.rsp").write_text(RESPONSE, "ascii")
    assert PROGRAMS["setup-wse"](host, ["/u", "C:\\r.rsp", "/c"]) == 87
    assert "/c" in capsys.readouterr().out


def test_administration_server_and_security_groups(host: WindowsHost) -> None:
    assert setup(host, RESPONSE + "DB2_EXTSECURITY = NO\n")[0] == 0
    assert host.group_members("DB2ADMNS") is None
    more = "DB2_USERSGROUP_NAME = Readers\nDAS_USERNAME = db2admin\nDAS_PASSWORD = right\n"
    assert setup(host, RESPONSE + more)[0] == 0
    assert host.group_members("DB2ADMNS") == ()
    assert host.group_members("Readers") == ()
    assert host.machine.services.get("DB2DAS00").account == ".\\db2admin"


@pytest.mark.parametrize(
    ("program", "arguments"),
    [("db2icrt", ["NEW", "-s", "wse", "-u", "db2admin,right"]), ("db2icrt", ["NEW"]), ("db2idrop", ["DB2"])],
)
def test_instances_are_made_by_the_setup_only(
    host: WindowsHost, capsys: pytest.CaptureFixture[str], program: str, arguments: list[str]
) -> None:
    setup(host)
    assert PROGRAMS[program](host, arguments) == 1
    assert "lab: not played out on Windows" in capsys.readouterr().out
    assert PROGRAMS["db2ilist"](host, []) == 0
    assert capsys.readouterr().out == "DB2\n"


def test_the_processor_outside_of_its_window(host: WindowsHost) -> None:
    setup(host)
    said = io.StringIO()
    with redirect_stdout(said):
        assert PROGRAMS["db2"](host, ["list db directory"]) == 4
    assert "DB21061E" in said.getvalue()
