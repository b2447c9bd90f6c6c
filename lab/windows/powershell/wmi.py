"""Windows Management Instrumentation: the classes that are imitated, their instances, a small WQL."""

from __future__ import annotations

import re
import subprocess
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from lab.windows import command_line
from lab.windows.accounts import ACCOUNT_DISABLED, PASSWORD_NEVER_EXPIRES, User
from lab.windows.powershell.conversions import to_number, to_string
from lab.windows.powershell.dotnet.exceptions import NetFailure
from lab.windows.powershell.values import Long
from lab.windows.processes import NotAProgram, Process
from lab.windows.release import release
from lab.windows.services import RUNNING, Service

if TYPE_CHECKING:
    from lab.windows.session import Session

Fields = dict[str, Any]
START_MODES = {"auto": "Auto", "demand": "Manual", "disabled": "Disabled"}


def _moment(seconds: float) -> str:
    return time.strftime("%Y%m%d%H%M%S.000000+000", time.gmtime(seconds))


def _operating_system(session: Session) -> list[Fields]:
    hardware = session.machine.hardware
    memory = int(hardware["memory_mb"]) * 1024
    windows = release(hardware)
    return [{
        "Caption": windows.caption, "Version": windows.full,
        "BuildNumber": windows.build, "CSDVersion": windows.service_pack, "ServicePackMajorVersion": windows.pack,
        "ServicePackMinorVersion": 0, "CSName": session.machine.computer_name,
        "SystemDirectory": "C:\\WINDOWS\\system32", "WindowsDirectory": "C:\\WINDOWS", "SystemDrive": "C:",
        "TotalVisibleMemorySize": Long(memory), "FreePhysicalMemory": Long(memory * 3 // 4),
        "SizeStoredInPagingFiles": Long(int(hardware["paging_mb"]) * 1024), "LastBootUpTime": _moment(_boot_time()),
        "LocalDateTime": _moment(session.machine.now()),
    }]  # fmt: skip


def _boot_time() -> float:
    return time.time() - time.monotonic() % 3600


def _computer_system(session: Session) -> list[Fields]:
    hardware = session.machine.hardware
    return [{
        "Name": session.machine.computer_name, "Manufacturer": "IBM", "Model": hardware["model"],
        "Domain": "WORKGROUP", "NumberOfProcessors": int(hardware["cpu_count"]),
        "TotalPhysicalMemory": Long(int(hardware["memory_mb"]) * 1024 * 1024), "SystemType": "X86-based PC",
        "UserName": None, "PartOfDomain": False,
    }]  # fmt: skip


def _processors(session: Session) -> list[Fields]:
    hardware = session.machine.hardware
    return [
        {
            "DeviceID": f"CPU{number}",
            "Name": hardware["cpu"],
            "MaxClockSpeed": int(hardware["cpu_mhz"]),
            "AddressWidth": 32,
        }
        for number in range(int(hardware["cpu_count"]))
    ]


def _logical_disks(session: Session) -> list[Fields]:
    size, free = session.machine.disk()
    return [{
        "DeviceID": "C:", "Name": "C:", "DriveType": 3, "FileSystem": "NTFS", "VolumeName": "",
        "Size": Long(size * 1024 * 1024), "FreeSpace": Long(free * 1024 * 1024),
    }]  # fmt: skip


def _network(session: Session) -> list[Fields]:
    return [{
        "Description": "Broadcom NetXtreme Gigabit Ethernet", "IPEnabled": True, "DHCPEnabled": False,
        "IPAddress": [str(session.machine.description["address"])], "DNSHostName": session.machine.name,
        "DNSDomain": session.machine.description["domain"],
    }]  # fmt: skip


def _services(session: Session) -> list[Fields]:
    return [service_fields(service) for service in session.machine.services.all()]


def service_fields(service: Service) -> Fields:
    """A service as Win32_Service."""
    running = service.state == RUNNING
    return {
        "Name": service.name, "DisplayName": service.display_name, "PathName": service.binary,
        "StartMode": START_MODES[service.start], "StartName": service.account,
        "State": "Running" if running else "Stopped", "Started": running, "Status": "OK",
        "ProcessId": service.pid, "ExitCode": service.exit_code, "Description": service.description,
    }  # fmt: skip


def _processes(session: Session) -> list[Fields]:
    return [process_fields(process) for process in session.machine.processes.list()]


def process_fields(process: Process) -> Fields:
    """A process as Win32_Process."""
    return {
        "ProcessId": process.pid, "Handle": str(process.pid), "Name": process.name, "Caption": process.name,
        "CommandLine": process.command_line, "CreationDate": _moment(process.started),
    }  # fmt: skip


def _users(session: Session) -> list[Fields]:
    return [_user_fields(session, user) for user in session.machine.accounts.users()]


def _user_fields(session: Session, user: User) -> Fields:
    return {
        "Name": user.name, "FullName": user.full_name, "Description": user.comment, "LocalAccount": True,
        "Domain": session.machine.computer_name, "Caption": f"{session.machine.computer_name}\\{user.name}",
        "Disabled": bool(user.flags & ACCOUNT_DISABLED), "PasswordExpires": not user.flags & PASSWORD_NEVER_EXPIRES,
        "PasswordRequired": True, "Lockout": False, "SID": f"S-1-5-21-1-1-1-{1000 + len(user.name)}",
    }  # fmt: skip


def _groups(session: Session) -> list[Fields]:
    accounts = session.machine.accounts
    return [
        {"Name": name, "Description": accounts.group_comment(name), "LocalAccount": True,
         "Domain": session.machine.computer_name, "Caption": f"{session.machine.computer_name}\\{name}"}
        for name in accounts.groups()
    ]  # fmt: skip


def _environment(session: Session) -> list[Fields]:
    from lab.windows.machine import ENVIRONMENT_KEY  # noqa: PLC0415 - one use

    return [
        {"Name": value.name, "VariableValue": value.data, "UserName": "<SYSTEM>", "SystemVariable": True}
        for value in session.machine.registry.values(ENVIRONMENT_KEY)
    ]


CLASSES: dict[str, tuple[str, Callable[[Session], list[Fields]]]] = {
    name.casefold(): (name, instances)
    for name, instances in {
        "Win32_OperatingSystem": _operating_system, "Win32_ComputerSystem": _computer_system,
        "Win32_Processor": _processors, "Win32_LogicalDisk": _logical_disks,
        "Win32_NetworkAdapterConfiguration": _network, "Win32_Service": _services, "Win32_Process": _processes,
        "Win32_UserAccount": _users, "Win32_Group": _groups, "Win32_Environment": _environment,
    }.items()
}  # fmt: skip


# -- queries -----------------------------------------------------------------------------------------------------------
_TERM = re.compile(
    r"\s*(?P<name>\w+)\s*(?P<sign><>|!=|<=|>=|=|<|>|\bLIKE\b)\s*"
    r"(?P<value>'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"|-?\d+|TRUE|FALSE|NULL)\s*(?P<joint>AND\b|OR\b)?",
    re.IGNORECASE,
)


def _invalid() -> NetFailure:
    return NetFailure("System.Management.ManagementException", "Invalid query ")


def select(fields: list[Fields], condition: str) -> list[Fields]:
    """The instances for which a WQL condition holds: comparisons joined by AND or OR."""
    if not condition.strip():
        return fields
    alternatives: list[list[re.Match[str]]] = [[]]
    place = 0
    joint = ""
    while True:
        found = _TERM.match(condition, place)
        if found is None:
            raise _invalid()
        if joint == "or":
            alternatives.append([])
        alternatives[-1].append(found)
        place = found.end()
        joint = (found["joint"] or "").casefold()
        if not joint:
            break
    if condition[place:].strip():
        raise _invalid()
    return [each for each in fields if any(all(_holds(each, term) for term in terms) for terms in alternatives)]


def _holds(fields: Fields, term: re.Match[str]) -> bool:
    name = next((each for each in fields if each.casefold() == term["name"].casefold()), None)
    if name is None:
        raise _invalid()
    have, text, sign = fields[name], term["value"], term["sign"].casefold()
    if text.casefold() == "null":
        return (have is None) == (sign == "=")
    if text.casefold() in ("true", "false"):
        return (bool(have) == (text.casefold() == "true")) == (sign == "=")
    wanted: Any = re.sub(r"\\(.)", r"\1", text[1:-1]) if text[0] in "'\"" else int(text)
    if sign == "like":
        pattern = re.escape(to_string(wanted)).replace("%", ".*").replace("_", ".")
        return re.fullmatch(pattern, to_string(have), re.IGNORECASE | re.DOTALL) is not None
    if isinstance(have, str) or isinstance(wanted, str):
        left, right = to_string(have).casefold(), to_string(wanted).casefold()
        decided = (left > right) - (left < right)
    else:
        decided = int((to_number(have) > wanted) - (to_number(have) < wanted))
    return {"=": decided == 0, "<>": decided != 0, "!=": decided != 0, "<": decided < 0, ">": decided > 0,
            "<=": decided <= 0, ">=": decided >= 0}[sign]  # fmt: skip


def create_process(session: Session, line: str, directory: str | None) -> tuple[int, int]:
    """Win32_Process.Create: return value and process id. The process belongs to no WinRM shell."""
    words = command_line.split(line)
    machine = session.machine
    environment = machine.environment(session.user)
    where = directory or "C:\\WINDOWS\\system32"
    program = machine.processes.find(words[0], environment, where) if words else None
    if program is None:
        # 9: path not found.
        return 9, 0
    try:
        process = machine.processes.start(
            program, words[1:], user=session.user, environment=environment, directory=where,
            stdin=subprocess.DEVNULL,
        )  # fmt: skip
    except NotAProgram:
        return 8, 0
    return 0, process.pid
