"""cmd.exe and the programs of Windows, as by `raw`."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from lab.windows.machine import Machine
from tests.lab.windows.conftest import Ran

Dos = Callable[[str], Ran]


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("echo hi there", "hi there\n"),
        ("echo one & echo two", "one\ntwo\n"),
        ("type C:\\no 2>nul || echo missing", "missing\n"),
        ("echo a && echo b", "a\nb\n"),
        ("set X=5& echo %X% %NOPE%", "5 %NOPE%\n"),
        ("if exist C:\\WINDOWS echo yes", "yes\n"),
        ('if not exist "C:\\no such" (echo no) else (echo yes)', "no\n"),
        ('if "a"=="a" echo same', "same\n"),
        ("cd C:\\WINDOWS & cd", "C:\\WINDOWS\n"),
        ("echo text> C:\\t.txt & echo more>> C:\\t.txt & type c:\\T.TXT", "text\nmore\n"),
        ('echo "a & b"', '"a & b"\n'),
        ("md C:\\d & echo x> C:\\d\\f & dir /b C:\\d", "f\n"),
        ("hostname", "trial\n"),
        ("whoami", "trial\\administrator\n"),
        ("ver", "\nMicrosoft Windows [Version 5.2.3790]\n"),
        ("cmd /c echo nested", "nested\n"),
    ],
)
def test_lines(dos: Dos, line: str, wanted: str) -> None:
    assert dos(line) == (0, wanted, "")


@pytest.mark.parametrize(
    ("line", "code", "said"),
    [
        ("nonsense", 9009, "is not recognized as an internal or external command"),
        ("C:\\no\\such.exe", 9009, "is not recognized"),
        ("type C:\\no", 1, "cannot find the file specified"),
        ("echo a | sort", 1, "pipes of cmd are not imitated"),
        ("exit 7", 7, ""),
        ("net start nonsense", 2, "The service name is invalid."),
        ("net user nobody", 2, "The user name could not be found."),
        ("reg query HKLM\\SOFTWARE\\None", 1, "unable to find the specified registry key"),
        ("reg add", 1, "Invalid syntax"),
        ("shutdown -r", 1, "not imitated"),
    ],
)
def test_refusals(dos: Dos, line: str, code: int, said: str) -> None:
    found, _, err = dos(line)
    assert found == code
    assert said in err


def test_a_line_that_is_too_long(dos: Dos) -> None:
    assert dos("echo " + "x" * 8190) == (1, "", "The command line is too long.\n")


def test_a_batch_file(dos: Dos, machine: Machine) -> None:
    lines = ["@echo off", "rem words", "set WHO=%1", "if \"%2\"==\"\" goto short", "echo long", "goto end", ":short",
             "echo %WHO% in %~dp0", ":end", "exit /b 3"]  # fmt: skip
    machine.tree.path("C:\\b.bat").write_text("\r\n".join(lines))
    assert dos("C:\\b.bat joe & echo rc %ERRORLEVEL%") == (0, "joe in C:\\\nrc 3\n", "")
    assert dos("call C:\\b.bat joe x")[:2] == (3, "long\n")


def test_services_by_sc_and_net(dos: Dos, idle_service: str) -> None:
    assert dos("sc query sleeper")[:2] == (
        1060,
        "[SC] EnumQueryServicesStatus:OpenService FAILED 1060:\n\n"
        "The specified service does not exist as an installed service.\n\n",
    )
    assert dos(f'sc create sleeper binPath= "{idle_service}" DisplayName= "The Sleeper"')[:2] == (
        0,
        "[SC] CreateService SUCCESS\n",
    )
    assert dos(f'sc create other binPath="{idle_service}"')[0] == 1639
    assert "START_TYPE         : 3   DEMAND_START" in dos("sc qc sleeper")[1]
    assert dos('net start "The Sleeper"')[:2] == (
        0,
        "The The Sleeper service is starting.\nThe The Sleeper service was started successfully.\n\n",
    )
    assert "STATE              : 4  RUNNING" in dos("sc query sleeper")[1]
    assert dos("net start sleeper")[0] == 2
    assert "STATE              : 1  STOPPED" in dos("sc stop sleeper")[1]
    assert dos("sc delete sleeper")[1] == "[SC] DeleteService SUCCESS\n"


def test_accounts_by_net(dos: Dos, machine: Machine) -> None:
    assert dos("net user joe pw1 /add")[0] == 0
    assert dos('net localgroup staff /add /comment:"The staff"')[0] == 0
    assert dos("net localgroup staff joe /add")[0] == 0
    assert dos("net localgroup staff")[1].endswith("joe\nThe command completed successfully.\n\n")
    assert machine.accounts.check_password("joe", "pw1")
    assert dos("net user joe /delete")[0] == 0
    assert machine.accounts.user("joe") is None


def test_the_registry_by_reg(dos: Dos) -> None:
    assert dos("reg add HKLM\\SOFTWARE\\IBM /v Level /t REG_DWORD /d 16 /f")[0] == 0
    assert dos("reg query HKLM\\Software\\ibm /v level")[1] == (
        "\nHKEY_LOCAL_MACHINE\\SOFTWARE\\IBM\n    Level\tREG_DWORD\t0x10\n\n"
    )
    assert dos("reg delete HKLM\\SOFTWARE\\IBM /f")[0] == 0
