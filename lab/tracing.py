"""Every command that starts on a host, without a gap: the kernel stops each process for us when it has a new program.

Looking at the process list again and again misses what lives shorter than the pause between two looks.
"""

from __future__ import annotations

import ctypes
import os
import signal
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

_SEIZE, _CONTINUE, _LISTEN = 0x4206, 7, 0x4208
_FORK, _VFORK, _CLONE, _EXEC, _STOP = 1, 2, 3, 4, 128
_OPTIONS = sum(1 << event for event in (_FORK, _VFORK, _CLONE, _EXEC))
_THREADS_TOO = 0x4000_0000
_STOPPING = (signal.SIGSTOP, signal.SIGTSTP, signal.SIGTTIN, signal.SIGTTOU)
_ESCAPES = {ord("\n"): r"\n", ord("\r"): r"\r"}

_libc = ctypes.CDLL(None, use_errno=True)
_libc.ptrace.argtypes = (ctypes.c_long, ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p)
_libc.ptrace.restype = ctypes.c_long


class Tracer:
    """Holds on to all processes of a host from now on, given its first process as seen from here; raises `OSError` when
    the system refuses that. What `lab exec` starts is not of the host.

    The host goes on as if nothing had been when this process ends.
    """

    def __init__(self, first_process: int) -> None:
        _ptrace(_SEIZE, first_process, _OPTIONS)
        # The kernel attaches the children of those that are. Until none is found: one that was not yet may have
        # started another meanwhile.
        while threads := _unattached(first_process):
            for thread in threads:
                # It has ended meanwhile, or is the child of one that was attached before it.
                with suppress(ProcessLookupError, PermissionError):
                    _ptrace(_SEIZE, thread, _OPTIONS)

    def commands(self) -> Iterator[str]:
        """The command lines of all programs that are started, until the host ends: the words with blanks between them,
        line ends in them as `\\n`."""
        while True:
            try:
                process, status = os.waitpid(-1, _THREADS_TOO)
            except ChildProcessError:
                return
            if os.WIFSTOPPED(status):
                number, event = os.WSTOPSIG(status), status >> 16
                if event == _EXEC and (line := _command_line(process)):
                    yield line
                _let_go_on(process, number, event)


def _let_go_on(process: int, number: int, event: int) -> None:
    # It may have been killed while it was stopped.
    with suppress(ProcessLookupError):
        if event == _STOP and number in _STOPPING:
            _ptrace(_LISTEN, process, 0)
        else:
            # What is no event is a signal on its way.
            _ptrace(_CONTINUE, process, 0 if event else number)


def _unattached(first_process: int) -> list[int]:
    """The threads in the pid namespace of a host's first process that live and that nobody traces."""
    space = Path(f"/proc/{first_process}/ns/pid").readlink()
    found = []
    for entry in Path("/proc").iterdir():
        # It may end while it is looked at.
        with suppress(OSError):
            if entry.name.isdecimal() and (entry / "ns/pid").readlink() == space:
                found += [int(task.name) for task in (entry / "task").iterdir() if _lives_untraced(task)]
    return found


def _lives_untraced(task: Path) -> bool:
    fields = dict(line.split(":", 1) for line in (task / "status").read_text(errors="replace").splitlines())
    return fields["TracerPid"].strip() == "0" and fields["State"].split()[0] not in "ZX"


def _command_line(process: int) -> str:
    try:
        words = Path(f"/proc/{process}/cmdline").read_bytes().rstrip(b"\0").split(b"\0")
    except OSError:
        return ""
    return b" ".join(words).decode(errors="backslashreplace").translate(_ESCAPES)


def _ptrace(request: int, process: int, data: int) -> None:
    if _libc.ptrace(request, process, None, data) == -1:
        number = ctypes.get_errno()
        raise OSError(number, f"trace process {process}: {os.strerror(number)}")
