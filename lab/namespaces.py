"""The Linux system calls behind a simulated machine: namespaces, mounts, and processes that end with their parent."""

from __future__ import annotations

import ctypes
import os
import signal
import struct
import sys
import traceback
from collections.abc import Callable
from pathlib import Path

NEW_MOUNT, NEW_UTS, NEW_IPC = 0x0002_0000, 0x0400_0000, 0x0800_0000
NEW_USER, NEW_PID, NEW_NET = 0x1000_0000, 0x2000_0000, 0x4000_0000

_MS_BIND, _MS_REC, _MS_PRIVATE, _MS_NOSUID = 0x1000, 0x4000, 0x4_0000, 0x2
_MNT_DETACH = 2
_PR_SET_PDEATHSIG, _PR_SET_NAME, _PR_SET_CHILD_SUBREAPER = 1, 15, 36
# The same number on every architecture: it is younger than the unification of the tables.
_SYS_MOUNT_SETATTR = 442
_AT_FDCWD, _AT_RECURSIVE, _MOUNT_ATTR_RDONLY = -100, 0x8000, 0x1

_libc = ctypes.CDLL(None, use_errno=True)
_libc.mount.argtypes = (ctypes.c_char_p, ctypes.c_char_p, ctypes.c_char_p, ctypes.c_ulong, ctypes.c_char_p)


def _check(result: int, what: str) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")


def unshare(flags: int) -> None:
    """Leave the namespaces in `flags` for new ones; `NEW_PID` takes effect on the next child."""
    _check(_libc.unshare(flags), "unshare")


def join(pid: int, flags: int) -> None:
    """Enter namespaces of a running process; `NEW_PID` takes effect on the next child."""
    descriptor = os.pidfd_open(pid)
    try:
        _check(_libc.setns(descriptor, flags), f"join the namespaces of process {pid}")
    finally:
        os.close(descriptor)


def fork_first_process(main: Callable[[], int]) -> int:
    """Fork a child that is process 1 of a new pid namespace and exits with the result of `main`; the child's id here.

    The child is killed when this process ends, and with it the kernel kills all it has started.
    """
    # A process cannot make its own children members of one namespace after another: a go-between makes the namespace
    # and the child and ends, and the child becomes this process's.
    _check(_libc.prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0), "prctl")
    told, tell = os.pipe()
    adopted, adopt = os.pipe()

    def first() -> int:
        os.close(adopt)
        if not os.read(adopted, 1):
            return 1
        os.close(adopted)
        os.close(told)
        os.close(tell)
        end_with_parent()
        return main()

    def go_between() -> int:
        unshare(NEW_PID)
        os.write(tell, str(fork(first)).encode())
        return 0

    os.waitpid(fork(go_between), 0)
    os.close(tell)
    os.close(adopted)
    pid = os.read(told, 20)
    os.close(told)
    if pid:
        os.write(adopt, b"!")
    os.close(adopt)
    if not pid:
        raise OSError("no new pid namespace")
    return int(pid)


def end_with_parent() -> None:
    """Have this process killed when its parent ends."""
    _check(_libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0), "prctl")


def fork(main: Callable[[], int]) -> int:
    """Fork a child that runs `main` and exits with its result, never returning to the caller's stack; its id."""
    pid = os.fork()
    if pid:
        return pid
    status = 1
    try:
        status = main()
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status & 255)


def make_mounts_private() -> None:
    """Keep the mounts made from here on inside this mount namespace."""
    _check(_libc.mount(None, b"/", None, _MS_REC | _MS_PRIVATE, None), "make mounts private")


def bind(source: Path, target: Path, *, recursive: bool = False) -> None:
    """Show `source` at `target` too."""
    flags = _MS_BIND | (_MS_REC if recursive else 0)
    _check(_libc.mount(bytes(source), bytes(target), None, flags, None), f"bind {source} to {target}")


def bind_read_only(source: Path, target: Path) -> None:
    """Show `source` and all that is mounted below it at `target`, read-only."""
    bind(source, target, recursive=True)
    attributes = struct.pack("=QQQQ", _MOUNT_ATTR_RDONLY, 0, 0, 0)
    _check(
        _libc.syscall(_SYS_MOUNT_SETATTR, _AT_FDCWD, bytes(target), _AT_RECURSIVE, attributes, len(attributes)),
        f"make {target} read-only",
    )


def mount_new(kind: str, target: Path, options: str = "") -> None:
    """Mount a file system that has no device: `tmpfs`, `devpts`."""
    _check(
        _libc.mount(kind.encode(), bytes(target), kind.encode(), _MS_NOSUID, options.encode()),
        f"mount {kind} on {target}",
    )


def mount_proc(target: Path) -> None:
    """Mount this pid namespace's processes, without the power over the kernel that root has by some files there."""
    mount_new("proc", target)
    for dangerous in ("sys", "sysrq-trigger", "irq", "bus"):
        if (target / dangerous).exists():
            bind_read_only(target / dangerous, target / dangerous)


def enter_root(root: Path) -> None:
    """Make `root`, a mount point, this mount namespace's `/`; nothing outside it stays reachable by a path."""
    os.chdir(root)
    _check(_libc.pivot_root(b".", b"."), f"pivot_root to {root}")
    _check(_libc.umount2(b".", _MNT_DETACH), "detach the old root")
    os.chdir("/")


def set_hostname(name: str) -> None:
    """Name this uts namespace."""
    _check(_libc.sethostname(name.encode(), len(name.encode())), "sethostname")


def set_title(title: str) -> None:
    """Show this process as `title` in process lists, in both its command line and its short name."""
    _check(_libc.prctl(_PR_SET_NAME, title.encode()[:15], 0, 0, 0), "prctl")
    fields = Path("/proc/self/stat").read_text().rpartition(")")[2].split()
    start, end = int(fields[45]), int(fields[46])
    # A last byte other than 0 tells the kernel that the area is a title up to its first 0, not a list of arguments.
    room = end - start - 2
    ctypes.memmove(start, title.encode()[:room].ljust(room + 1, b"\0") + b"\1", room + 2)
