"""The machine behind the shells: drive, registry, accounts, services, programs."""

from __future__ import annotations

import datetime
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from lab import clocks
from lab.host import NoSpace
from lab.windows import command_line
from lab.windows.accounts import AccountError
from lab.windows.environment import Environment
from lab.windows.host import WindowsHost
from lab.windows.installation import install_program
from lab.windows.machine import Machine
from lab.windows.registry import NoSuchKey, Value
from lab.windows.services import ServiceError
from lab.windows.tree import PathRefused, Tree, absolute
from tests.lab.windows.conftest import PASSWORD, Ran

SLEEPER = "C:\\WINDOWS\\system32\\WindowsPowerShell\\v1.0\\powershell.exe -Command Start-Sleep 60"


@pytest.mark.parametrize(
    ("native", "wanted"),
    [
        ("C:\\a\\..\\b\\.\\c\\", "C:\\b\\c"),
        ("c:/x/y", "C:\\x\\y"),
        ("x", "C:\\here\\x"),
        ("\\x", "C:\\x"),
        ("C:x", "C:\\here\\x"),
        ("C:\\..\\..\\x", "C:\\x"),
    ],
)
def test_paths_are_made_absolute(native: str, wanted: str) -> None:
    assert absolute(native, "C:\\here") == wanted


@pytest.mark.parametrize(
    ("native", "reason"),
    [
        ("\\\\server\\share", "network"),
        ("D:\\x", "drive"),
        ("C:\\a|b", "format"),
        ("C:\\a:b", "format"),
        ("C:\\nul", "format"),
        ("C:\\" + "x" * 260, "too-long"),
    ],
)
def test_paths_that_windows_refuses(native: str, reason: str) -> None:
    with pytest.raises(PathRefused) as refused:
        absolute(native)
    assert refused.value.reason == reason


def test_names_are_found_without_regard_to_case_and_keep_theirs(tmp_path: Path) -> None:
    tree = Tree(tmp_path)
    tree.path("C:\\Program Files").mkdir()
    assert tree.path("c:\\PROGRAM FILES\\x") == tmp_path / "Program Files" / "x"
    assert tree.native(tree.path("c:\\program files")) == "C:\\Program Files"
    assert tree.path("C:\\Program Files. ") == tmp_path / "Program Files"
    for each in ("STgateway", "STgateway.old", "short"):
        tree.path(f"C:\\Program Files\\{each}").mkdir()
    assert tree.path("C:/progra~1/STGATE~1/x") == tmp_path / "Program Files" / "STgateway" / "x"
    assert tree.path("C:\\PROGRA~1\\STGATE~1.OLD") == tmp_path / "Program Files" / "STgateway.old"
    for unknown in ("PROGRA~2", "PROGRA~1\\SHORT~1"):
        assert not tree.path(f"C:\\{unknown}").exists()


def test_the_drive_can_fill_up(machine: Machine) -> None:
    size, free = machine.disk()
    machine.claim_space(free - 10)
    assert machine.disk() == (size, 10)
    with pytest.raises(NoSpace, match="C:"):
        machine.claim_space(11)


def test_registry(machine: Machine) -> None:
    registry = machine.registry
    registry.create("HKLM\\SOFTWARE\\IBM\\DB2")
    registry.set("hklm\\software\\ibm\\db2", Value("Level", "REG_SZ", "9.1"))
    registry.set("HKLM\\SOFTWARE\\IBM\\DB2", Value("LEVEL", "REG_DWORD", 9))
    assert registry.values("HKEY_LOCAL_MACHINE\\Software\\IBM\\DB2") == [Value("Level", "REG_DWORD", 9)]
    assert registry.children("HKLM\\SOFTWARE\\ibm") == ["DB2"]
    registry.delete("HKLM\\SOFTWARE\\IBM")
    assert not registry.exists("HKLM\\SOFTWARE\\IBM\\DB2")
    with pytest.raises(NoSuchKey):
        registry.values("HKLM\\SOFTWARE\\IBM")
    with pytest.raises(ValueError, match="HKXX"):
        registry.exists("HKXX\\a")


def test_accounts(machine: Machine) -> None:
    accounts = machine.accounts
    accounts.create_user("db2admin", "pw1")
    accounts.create_group("DB2ADMNS", "DB2 administrators")
    accounts.add_member("db2admns", "DB2ADMIN")
    assert accounts.members("DB2ADMNS") == ("db2admin",)
    assert accounts.check_password("TRIAL\\db2admin", "pw1")
    accounts.set_password("db2admin", "pw2")
    assert not accounts.check_password("db2admin", "pw1")
    with pytest.raises(AccountError) as refused:
        accounts.create_user("DB2Admin", "x")
    assert refused.value.code == 2224
    accounts.delete_user("db2admin")
    assert accounts.members("DB2ADMNS") == ()
    assert accounts.check_password("Administrator", PASSWORD)


def test_no_password_is_kept_in_clear(machine: Machine) -> None:
    assert not any(PASSWORD in file.read_text() for file in machine.store.directory.glob("*.json"))


def test_a_service_really_runs_and_ends(machine: Machine, idle_service: str) -> None:
    services = machine.services
    services.create("sleeper", idle_service, display_name="The Sleeper", start="demand")
    with pytest.raises(ServiceError) as refused:
        services.create("SLEEPER", idle_service)
    assert refused.value.code == 1073
    services.start("sleeper")
    running = services.find("the sleeper")
    assert running.state == "RUNNING"
    assert running.pid in {process.pid for process in machine.processes.list()}
    machine.processes.kill(running.pid)
    assert services.get("sleeper").state == "STOPPED"
    assert services.get("sleeper").exit_code == 1067
    services.start("sleeper")
    services.stop("sleeper")
    assert services.get("sleeper").state == "STOPPED"
    services.delete("sleeper")
    with pytest.raises(ServiceError):
        services.get("sleeper")


@pytest.mark.parametrize(
    ("binary", "start", "code"),
    [
        ("C:\\no\\such.exe", "demand", 2),
        ("C:\\WINDOWS\\system32\\hostname.exe", "disabled", 1058),
        ("C:\\WINDOWS\\system32\\hostname.exe", "demand", 1067),
        ("C:\\text.exe", "demand", 193),
    ],
)
def test_services_that_do_not_start(machine: Machine, binary: str, start: str, code: int) -> None:
    machine.tree.path("C:\\text.exe").write_text("no program")
    machine.services.create("broken", binary, start=start)
    with pytest.raises(ServiceError) as refused:
        machine.services.start("broken")
    assert refused.value.code == code


def test_a_program_that_never_says_that_it_runs_is_no_service(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lab.windows.services.RUNS_WITHIN_S", 0.1)
    machine.services.create("broken", SLEEPER)
    with pytest.raises(ServiceError) as refused:
        machine.services.start("broken")
    assert refused.value.code == 1053
    assert machine.services.get("broken").exit_code == 1053
    assert machine.processes.list() == []


def test_a_service_needs_what_it_depends_on(machine: Machine, idle_service: str) -> None:
    services = machine.services
    services.create("first", idle_service)
    services.create("second", idle_service, depends=("first",))
    services.start("second")
    assert services.get("first").state == "RUNNING"
    with pytest.raises(ServiceError) as refused:
        services.stop("first")
    assert refused.value.code == 1051
    services.stop("first", with_dependents=True)
    assert services.get("second").state == "STOPPED"


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('a "b c" d', ["a", "b c", "d"]),
        ('"C:\\x y\\z.exe" /k', ["C:\\x y\\z.exe", "/k"]),
        ('a\\\\"b c"', ["a\\b c"]),
        ('\\"a\\"', ['"a"']),
        ('x=""', ["x="]),
        ("C:\\a\\", ["C:\\a\\"]),
    ],
)
def test_command_lines_split_as_by_the_c_runtime(line: str, words: list[str]) -> None:
    assert command_line.split(line) == words


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('/c ""C:\\a b\\x.bat" "y z" > "C:\\o p" 2>&1"', '"C:\\a b\\x.bat" "y z" > "C:\\o p" 2>&1'),
        ('/d /c "C:\\a b\\x.exe"', '"C:\\a b\\x.exe"'),
        ('/c "C:\\x.bat"', "C:\\x.bat"),
        ("/C echo a  b", "echo a  b"),
    ],
)
def test_cmd_takes_one_line_without_its_outer_quotes(text: str, line: str) -> None:
    words = command_line.arguments("C:\\WINDOWS\\system32\\cmd.exe", text)
    assert words[-1] == line
    assert words[-2].casefold() == "/c"
    assert command_line.arguments("C:\\x\\other.exe", text) == command_line.split(text)


@pytest.mark.parametrize("word", ["", "a", "a b", 'say "hi"', "C:\\dir\\", "C:\\a b\\", 'x\\"y', "\\\\"])
def test_joined_words_split_again(word: str) -> None:
    assert command_line.split(command_line.join(["p", word, "q"])) == ["p", word, "q"]


def test_the_host_as_simulators_see_it(machine: Machine) -> None:
    environment = Environment(machine.environment("Administrator"))
    host = WindowsHost(machine, "Administrator", environment, "C:\\")
    assert host.platform == "windows"
    assert host.user.administrator
    assert host.run(["hostname"]) == (0, "trial\r\n", "")
    assert host.run(["cmd", "/c", "echo hi"], stdin="")[1] == "hi\r\n"
    with host.store("db2") as store:
        store["x"] = 1
    with host.store("db2") as store:
        assert store == {"x": 1}
    pid = host.spawn("system:powershell", ["-Command", "Start-Sleep 60"], title="db2syscs")
    assert host.processes()[pid] == "db2syscs"
    host.kill(pid)
    _gone(host, pid)
    assert host.resolve("TRIAL") == "127.0.0.1"
    assert host.resolve("nowhere") is None


def _gone(host: WindowsHost, pid: int) -> None:
    deadline = time.monotonic() + 5
    while pid in host.processes():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_a_program_file_names_its_program(machine: Machine) -> None:
    install_program(machine, "C:\\tools\\say.bat", "system:hostname")
    install_program(machine, "C:\\tools\\say2.exe", "system:hostname")
    assert machine.tree.path("C:\\tools\\say.bat").read_text() == "@rem LABEXE system:hostname\n"
    assert machine.tree.path("C:\\tools\\say2.exe").read_text() == "MZ LABEXE system:hostname\n"
    assert machine.processes.find("SAY", {"PATH": "C:\\tools"}, "C:\\") == "C:\\tools\\say.bat"


def test_faults_strike_once(machine: Machine) -> None:
    host = WindowsHost(machine, "Administrator", {}, "C:\\")
    with machine.store.open("faults") as faults:
        faults["db2.copy"] = ["disk-full"]
    assert host.fault("db2.copy") == "disk-full"
    assert host.fault("db2.copy") is None


def test_a_wrong_clock(machine: Machine, ps: Callable[..., Ran]) -> None:
    clocks.set_off(machine.store, 24 * 3600)
    tomorrow = datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=1)
    texts = ["[DateTime]::UtcNow.ToString('yyyy-MM-dd')", "[DateTime]::Now.ToString('yyyy-MM-dd')"]
    texts.append("(Get-Date).ToString('yyyy-MM-dd')")
    assert ps("; ".join(texts))[1].split() == [f"{tomorrow:%Y-%m-%d}"] * 3
