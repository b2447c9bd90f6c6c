"""What is on a Windows host before anything is installed on it; one that Python 3.8 runs on has that."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path, PurePath
from typing import Any

from lab.windows.machine import ENVIRONMENT_KEY, REBOOT_KEY, SYSTEM_FOLDER, USER_ENVIRONMENT_KEY, Machine
from lab.windows.registry import Value
from lab.windows.release import release

_FOLDERS = (
    "C:\\Documents and Settings\\All Users", "C:\\Program Files\\Common Files", "C:\\WINDOWS\\Temp",
    "C:\\WINDOWS\\system32\\drivers\\etc", "C:\\WINDOWS\\system32\\config\\systemprofile\\Local Settings\\Temp",
)  # fmt: skip
SYSTEM_PROGRAMS = {
    "cmd.exe": "cmd", "hostname.exe": "hostname", "whoami.exe": "whoami", "net.exe": "net", "sc.exe": "sc",
    "reg.exe": "reg", "netstat.exe": "netstat", "taskkill.exe": "taskkill", "tasklist.exe": "tasklist",
    "shutdown.exe": "shutdown",
    "WindowsPowerShell\\v1.0\\powershell.exe": "powershell",
}  # fmt: skip
_SERVICES = (
    ("Eventlog", "Event Log"), ("PlugPlay", "Plug and Play"), ("RpcSs", "Remote Procedure Call (RPC)"),
    ("lanmanserver", "Server"), ("lanmanworkstation", "Workstation"), ("W32Time", "Windows Time"),
    ("WinRM", "Windows Remote Management (WS-Management)"), ("winmgmt", "Windows Management Instrumentation"),
)  # fmt: skip
_PYTHON = "C:\\Program Files\\Python38\\python.exe"
"""Where the installer of Python 3.8 puts it for all users."""


def install(directory: Path, description: Mapping[str, Any], users: Mapping[str, str]) -> Machine:
    """The machine in `directory`, made when it is not there; `users` (name to password) are its administrators."""
    (directory / "state").mkdir(parents=True, exist_ok=True)
    written = directory / "host.json"
    written.write_text(json.dumps(description, indent=1), "utf-8")
    machine = Machine(directory)
    if machine.store.read("accounts"):
        return machine
    for folder in _FOLDERS:
        machine.tree.path(folder).mkdir(parents=True, exist_ok=True)
    for file, program in SYSTEM_PROGRAMS.items():
        install_program(machine, f"{SYSTEM_FOLDER}\\{file}", f"system:{program}")
    if release(machine.hardware).runs_python:
        install_program(machine, _PYTHON, "python:python")
    _write_hosts(machine)
    _write_registry(machine)
    for name, display in _SERVICES:
        machine.services.create(
            name, f"{SYSTEM_FOLDER}\\svchost.exe -k netsvcs", display_name=display, start="auto", built_in=True
        )
    machine.accounts.prepare(users)
    for name in users:
        machine.make_profile(name)
    return machine


def install_program(machine: Machine, native: str, entry: str) -> None:
    """Put the simulated program `entry` at `native`."""
    file = machine.tree.path(native)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(program_text(file, entry), "ascii", newline="")


def program_text(file: PurePath, entry: str) -> str:
    """The content of a file that is the simulated program `entry`."""
    mark = "@rem" if file.suffix.lower() in (".bat", ".cmd") else "MZ"
    return f"{mark} LABEXE {entry}\r\n"


def _write_hosts(machine: Machine) -> None:
    lines = ["127.0.0.1       localhost"]
    lines += [f"{address:<15} {name}" for name, address in machine.description["names"].items()]
    file = machine.tree.path(SYSTEM_FOLDER + "\\drivers\\etc\\hosts")
    file.write_text("".join(line + "\r\n" for line in lines), "ascii", newline="")


def _write_registry(machine: Machine) -> None:
    registry = machine.registry
    version = "HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion"
    for key in (ENVIRONMENT_KEY, REBOOT_KEY, USER_ENVIRONMENT_KEY, version,
                "HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Uninstall",
                "HKLM\\SYSTEM\\CurrentControlSet\\Control\\ComputerName\\ComputerName"):  # fmt: skip
        registry.create(key)
    windows = release(machine.hardware)
    for name, text in (
        ("ProductName", windows.product), ("CurrentVersion", windows.version), ("CurrentBuildNumber", windows.build),
        ("CSDVersion", windows.service_pack),
    ):  # fmt: skip
        registry.set(version, Value(name, "REG_SZ", text))
    path = f"{SYSTEM_FOLDER};C:\\WINDOWS;{SYSTEM_FOLDER}\\Wbem;{SYSTEM_FOLDER}\\WindowsPowerShell\\v1.0"
    processors = str(machine.hardware["cpu_count"])
    for name, kind, text in (
        ("Path", "REG_EXPAND_SZ", path), ("ComSpec", "REG_EXPAND_SZ", f"{SYSTEM_FOLDER}\\cmd.exe"),
        ("PATHEXT", "REG_SZ", ".COM;.EXE;.BAT;.CMD"), ("windir", "REG_EXPAND_SZ", "C:\\WINDOWS"),
        ("OS", "REG_SZ", "Windows_NT"), ("PROCESSOR_ARCHITECTURE", "REG_SZ", "x86"),
        ("NUMBER_OF_PROCESSORS", "REG_SZ", processors),
    ):  # fmt: skip
        registry.set(ENVIRONMENT_KEY, Value(name, kind, text))
