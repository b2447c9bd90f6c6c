"""WinRM as a stranger's client (pywinrm) sees it."""

from __future__ import annotations

import base64
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Literal

import pytest
import requests
import winrm
from winrm.exceptions import InvalidCredentialsError, WinRMError
from winrm.protocol import Protocol

from lab.settings import REPOSITORY
from lab.windows.machine import Machine
from lab.windows.server import make_server
from plugins.plugin_utils._programs import PS_COMMAND
from tests.lab.windows.conftest import PASSWORD


@pytest.fixture
def url(machine: Machine) -> Iterator[str]:
    listener = socket.create_server(("127.0.13.99", 0), backlog=16)
    server = make_server(machine, listener, {"Administrator": PASSWORD})
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield f"http://127.0.13.99:{listener.getsockname()[1]}/wsman"
    server.cut()
    server.shutdown()
    server.server_close()
    thread.join()


def protocol(url: str, transport: Literal["basic", "ntlm"] = "ntlm", password: str = PASSWORD) -> Protocol:
    return Protocol(
        url,
        transport=transport,
        username="Administrator",
        password=password,
        operation_timeout_sec=2,
        read_timeout_sec=5,
    )


def run(client: Protocol, shell: str, line: str, words: tuple[str, ...] = ()) -> tuple[str, str, int]:
    command = client.run_command(shell, line, words, console_mode_stdin=True)
    out, err, code = client.get_command_output(shell, command)
    return out.decode(), err.decode(), code


@pytest.mark.parametrize("transport", ["basic", "ntlm"])
def test_commands_and_powershell(url: str, transport: Literal["basic", "ntlm"]) -> None:
    session = winrm.Session(url, auth=("Administrator", PASSWORD), transport=transport)
    done = session.run_ps("[Console]::Out.WriteLine('on ' + $env:COMPUTERNAME); exit 3")
    assert (done.status_code, done.std_out, done.std_err) == (3, b"on TRIAL\r\n", b"")
    done = session.run_cmd("hostname")
    assert (done.status_code, done.std_out) == (0, b"trial\r\n")


@pytest.mark.parametrize("transport", ["basic", "ntlm"])
def test_a_wrong_password_is_refused(url: str, transport: Literal["basic", "ntlm"]) -> None:
    with pytest.raises(InvalidCredentialsError):
        protocol(url, transport, password="wrong").open_shell()


def test_with_ntlm_nothing_readable_crosses_the_wire(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[bytes] = []
    client = protocol(url)
    shell = client.open_shell()
    session = client.transport.session
    assert session is not None
    send = session.send

    def watch(request: Any, **options: Any) -> Any:
        seen.append(request.body or b"")
        return send(request, **options)

    monkeypatch.setattr(session, "send", watch)
    assert run(client, shell, "echo", ("top-secret",))[0] == "top-secret\r\n"
    assert seen
    assert not any(b"top-secret" in body or base64.b64encode(b"top-secret") in body for body in seen)


def test_a_program_comes_by_standard_input(url: str) -> None:
    client = protocol(url)
    shell = client.open_shell()
    encoded = base64.b64encode(PS_COMMAND.encode("utf-16-le")).decode()
    line = f"PowerShell -NoProfile -NonInteractive -ExecutionPolicy Unrestricted -EncodedCommand {encoded}"
    command = client.run_command(shell, line, (), console_mode_stdin=False)
    program = base64.b64encode(b"[Console]::Out.WriteLine('a=1'); exit 4") + b"\n"
    client.send_command_input(shell, command, program[:20])
    client.send_command_input(shell, command, program[20:], end=True)
    assert client.get_command_output(shell, command) == (b"a=1\r\n", b"", 4)


def test_an_answer_that_takes_longer_than_the_operation_timeout(url: str) -> None:
    client = protocol(url)
    shell = client.open_shell()
    out, _, code = run(client, shell, "powershell", ("-EncodedCommand", _encoded("Start-Sleep 3; exit 5")))
    assert (out, code) == ("", 5)


def _encoded(text: str) -> str:
    return base64.b64encode(text.encode("utf-16-le")).decode()


def test_terminate_ends_the_command(url: str, machine: Machine) -> None:
    client = protocol(url)
    shell = client.open_shell()
    text = "while ($true) { [IO.File]::AppendAllText('C:\\\\beat', 'x'); Start-Sleep -Milliseconds 50 }"
    command = client.run_command(shell, "powershell", ("-EncodedCommand", _encoded(text)), console_mode_stdin=True)
    beat = machine.tree.path("C:\\beat")
    _wait(beat.exists)
    client.cleanup_command(shell, command)
    time.sleep(0.5)
    size = beat.stat().st_size
    time.sleep(0.3)
    assert beat.stat().st_size == size


def test_delete_ends_the_shell_and_its_programs_but_not_what_wmi_started(url: str, machine: Machine) -> None:
    client = protocol(url)
    shell = client.open_shell()
    sleep = "powershell.exe -Command Start-Sleep 30"
    text = f"[void]([wmiclass]'Win32_Process').Create('{sleep}'); & powershell.exe -Command Start-Sleep 31"
    client.run_command(shell, "powershell", ("-EncodedCommand", _encoded(text)), console_mode_stdin=True)

    def sleeping(seconds: int) -> list[int]:
        return [p.pid for p in machine.processes.list() if f"Start-Sleep {seconds}" in p.command_line]

    _wait(lambda: bool(sleeping(30) and sleeping(31)))
    client.close_shell(shell)
    _wait(lambda: not sleeping(31))
    assert sleeping(30)
    for pid in sleeping(30):
        machine.processes.kill(pid)


def test_an_unknown_shell_is_refused(url: str) -> None:
    client = protocol(url)
    with pytest.raises(WinRMError):
        client.run_command("00000000-0000-0000-0000-000000000000", "ver", ())
    shell = client.open_shell()
    client.close_shell(shell)
    with pytest.raises(WinRMError):
        client.run_command(shell, "ver", ())


def test_a_command_line_beyond_8191_characters_is_refused(url: str) -> None:
    client = protocol(url)
    shell = client.open_shell()
    with pytest.raises(WinRMError):
        client.run_command(shell, "echo " + "x" * 8190, ())


def test_ansible_modules_get_the_answer_of_an_old_powershell(url: str) -> None:
    client = protocol(url)
    shell = client.open_shell()
    text = "$codeJson = foreach ($line in $input) { $line }"
    command = client.run_command(shell, "PowerShell", ("-EncodedCommand", _encoded(text)), console_mode_stdin=False)
    client.send_command_input(shell, command, b"{}", end=True)
    out, _, code = client.get_command_output(shell, command)
    assert (b"Ansible requires PowerShell v5.1" in out, code) == (True, 1)


def _wait(condition: Callable[[], bool], seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_a_lost_connection_ends_the_command_and_not_the_host(tmp_path: Path) -> None:
    listen = ("127.0.13.98", 15985)
    trial = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "lab.windows.trial",
            str(tmp_path / "host"),
            f"{listen[0]}:{listen[1]}",
            "Administrator",
        ],
        stdin=subprocess.PIPE,
        cwd=REPOSITORY,
    )
    try:
        assert trial.stdin is not None
        trial.stdin.write(PASSWORD.encode() + b"\n")
        trial.stdin.close()
        _wait(lambda: socket.socket().connect_ex(listen) == 0)
        client = protocol(f"http://{listen[0]}:{listen[1]}/wsman")
        shell = client.open_shell()
        command = client.run_command(shell, "powershell", ("-EncodedCommand", _encoded("Start-Sleep 20")))
        threading.Timer(0.5, Machine(tmp_path / "host").processes.cut_connections).start()
        with pytest.raises((requests.exceptions.RequestException, WinRMError)):
            client.get_command_output(shell, command)
        again = protocol(f"http://{listen[0]}:{listen[1]}/wsman")
        assert run(again, again.open_shell(), "hostname")[0] == "trial\r\n"
    finally:
        trial.kill()
        trial.wait()
