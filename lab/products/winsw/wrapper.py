"""WinSW as the service control manager starts it: without arguments, with a file of its name and `.xml` beside it."""

from __future__ import annotations

import ntpath
import re
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from types import FrameType
from xml.etree import ElementTree as ET

from lab.host import Host
from lab.windows import command_line
from lab.windows.host import WindowsHost

_NOT_EMULATED = 99
_KNOWN = frozenset({
    "id", "name", "description", "executable", "arguments", "logpath", "log", "stoptimeout",
})  # fmt: skip
_SYSTEM = "SYSTEM"


class BadSettings(Exception):
    """The file cannot be used."""


@dataclass(frozen=True)
class Settings:
    """What the file says; the time is in seconds."""

    identifier: str
    executable: str
    arguments: str
    log_folder: str
    stop_within: float


def read(text: str, folder: str) -> Settings:
    """The settings in `text`; `%BASE%` is `folder`. Raises `BadSettings`."""
    try:
        root = ET.fromstring(text)
    except ET.ParseError as error:
        raise BadSettings(str(error)) from error
    unknown = sorted({element.tag for element in root} - _KNOWN)
    missing = sorted({"id", "executable"} - {element.tag for element in root})
    if root.tag != "service" or unknown or missing:
        raise BadSettings(f"lab: unknown {unknown}, missing {missing} in <{root.tag}>")

    def value(tag: str, default: str = "") -> str:
        return (root.findtext(tag) or default).replace("%BASE%", folder)

    return Settings(
        identifier=value("id"),
        executable=value("executable"),
        arguments=value("arguments"),
        log_folder=value("logpath", folder),
        stop_within=_seconds(value("stoptimeout", "15 sec")),
    )


def _seconds(text: str) -> float:
    found = re.fullmatch(r"(\d+) sec", text)
    if found is None:
        raise BadSettings(f"lab: {text!r} is no time as it is emulated, such as 15 sec")
    return float(found[1])


def run(host: Host, arguments: Sequence[str]) -> int:
    """Run the program until the service is stopped."""
    if arguments or not isinstance(host, WindowsHost):
        print(f"WinSW: lab: {' '.join(arguments)} is not emulated", file=sys.stderr)
        return _NOT_EMULATED
    base = ntpath.splitext(host.program)[0]
    try:
        settings = read(host.path(base + ".xml").read_text("utf-8"), ntpath.dirname(base))
    except (OSError, BadSettings) as error:
        print(f"WinSW: {base}.xml: {error}", file=sys.stderr)
        return 1
    return _Service(host, base, settings).run()


class _Service:
    def __init__(self, host: WindowsHost, base: str, settings: Settings) -> None:
        self._host = host
        self._base = ntpath.basename(base)
        self._settings = settings
        self._stopping = False
        self._process: subprocess.Popen[bytes] | None = None

    def run(self) -> int:
        signal.signal(signal.SIGTERM, self._stop)
        while True:
            code = self._once()
            if self._stopping:
                return 0
            # It ends, and the service control manager starts it again when it was told to; here in the same process.
            again = self._host.machine.services.restart_after(self._settings.identifier)
            if again is None:
                return code
            time.sleep(again)

    def _once(self) -> int:
        machine, settings = self._host.machine, self._settings
        environment = machine.environment(_SYSTEM)
        program = machine.processes.find(settings.executable, environment, "C:\\WINDOWS\\system32")
        if program is None:
            return 2
        logs = machine.tree.path(settings.log_folder)
        with (logs / f"{self._base}.out.log").open("ab") as out, (logs / f"{self._base}.err.log").open("ab") as err:
            self._process = machine.processes.start(
                program, command_line.split(settings.arguments), user=_SYSTEM, environment=environment,
                directory=settings.log_folder, stdout=out, stderr=err, own_group=False,
            )  # fmt: skip
        self._host.report_running()
        return self._process.wait()

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        """Control-C first, the end afterwards."""
        self._stopping = True
        process = self._process
        if process is None:
            sys.exit(0)
        process.send_signal(signal.SIGINT)
        try:
            process.wait(self._settings.stop_within)
        except subprocess.TimeoutExpired:
            process.kill()
