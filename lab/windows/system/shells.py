"""cmd.exe and powershell.exe as programs of their own."""

from __future__ import annotations

import base64
import re
import sys
from collections.abc import Callable, Sequence
from typing import IO

from lab.host import Host
from lab.windows import cmd as shell
from lab.windows import command_line
from lab.windows.environment import Environment
from lab.windows.host import WindowsHost
from lab.windows.session import Session


def session_of(host: Host) -> Session:
    """The session of this very process."""
    if not isinstance(host, WindowsHost):
        raise TypeError("a program of Windows runs on Windows")
    return Session(
        host.machine, host.user.name, Environment(host.environment), host.current_directory,
        sys.stdin.buffer.read, _sink(sys.stdout.buffer), _sink(sys.stderr.buffer),
    )  # fmt: skip


def _sink(stream: IO[bytes]) -> Callable[[bytes], None]:
    def write(data: bytes) -> None:
        stream.write(data)
        stream.flush()

    return write


def cmd(host: Host, arguments: Sequence[str]) -> int:
    """`cmd /c LINE`."""
    words = list(arguments)
    while words and re.fullmatch(r"/[dqsaeuv](?::\w+)?", words[0], re.IGNORECASE):
        words.pop(0)
    if not words or words[0].casefold() != "/c":
        print("lab: cmd.exe is imitated with /c only", file=sys.stderr)
        return 1
    # One argument is a whole line; several were split by whoever started cmd and are put together again.
    line = words[1] if len(words) == 2 else command_line.join(words[1:])
    return shell.run_line(session_of(host), line)


def powershell(host: Host, arguments: Sequence[str]) -> int:
    """`powershell [-NoProfile ...] -Command TEXT | -EncodedCommand BASE64 | -File FILE ARGUMENTS`."""
    # Loaded only here: the grammar costs the other programs their quick start.
    from lab.windows.powershell.program import run_text  # noqa: PLC0415

    session = session_of(host)
    words = list(arguments)
    while words:
        word = words.pop(0).casefold().replace("/", "-", 1)
        if word in ("-noprofile", "-noninteractive", "-nologo", "-sta", "-mta"):
            continue
        if word in ("-executionpolicy", "-inputformat", "-outputformat", "-windowstyle", "-version") and words:
            words.pop(0)
            continue
        if word in ("-encodedcommand", "-enc", "-e") and words:
            return run_text(session, base64.b64decode(words[0]).decode("utf-16-le"))
        if word in ("-command", "-c") and words:
            text = sys.stdin.read() if words == ["-"] else " ".join(words)
            return run_text(session, text)
        if word in ("-file", "-f") and words:
            return _file(session, words[0], words[1:])
        break
    print("lab: powershell.exe is imitated with -Command, -EncodedCommand and -File", file=sys.stderr)
    return 1


def _file(session: Session, name: str, arguments: list[str]) -> int:
    from lab.windows.powershell.dotnet.files import decode_file  # noqa: PLC0415 - see above
    from lab.windows.powershell.dotnet.text import ANSI  # noqa: PLC0415
    from lab.windows.powershell.program import run_text  # noqa: PLC0415

    file = session.machine.tree.path(name, session.directory)
    if not name.lower().endswith(".ps1") or not file.is_file():
        session.write_error(f"The argument '{name}' to the -File parameter does not exist.\r\n")
        return 0xFFFD0000
    return run_text(session, decode_file(file.read_bytes(), ANSI), arguments)
