"""A user namespace in which the lab is root, for root and for an ordinary user alike.

Root gets the ids it has already; an ordinary user becomes root and lends the lab the subordinate ids of `/etc/subuid`.
Root's lab too is confined to the namespace: it has no power over the machine's mounts, network or kernel settings.
"""

from __future__ import annotations

import os
import pwd
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

from lab import namespaces
from lab.errors import LabError


def fork(main: Callable[[], int]) -> int:
    """Fork a child that runs `main` as root of a new user namespace and exits with its result; its id."""
    asks_read, asks_write = os.pipe()
    answer_read, answer_write = os.pipe()

    def enter() -> int:
        try:
            namespaces.unshare(namespaces.NEW_USER)
            os.write(asks_write, b"?")
            os.close(answer_write)
            if not os.read(answer_read, 1):
                return 1
            os.close(answer_read)
            os.setgroups([])
            os.setresgid(0, 0, 0)
            os.setresuid(0, 0, 0)
            os.write(asks_write, b"!")
        except OSError:
            return 1
        os.close(asks_write)
        return main()

    pid = namespaces.fork(enter)
    os.close(asks_write)
    os.close(answer_read)
    try:
        if not os.read(asks_read, 1):
            raise LabError(_REFUSED)
        _map_ids(pid)
        os.write(answer_write, b"!")
        # AppArmor may allow the namespace, yet no power in it.
        if not os.read(asks_read, 1):
            raise LabError(_REFUSED)
    except BaseException:
        os.close(answer_write)
        os.waitpid(pid, 0)
        raise
    finally:
        os.close(asks_read)
    os.close(answer_write)
    return pid


def run(main: Callable[[], int]) -> int:
    """Run `main` as root of a new user namespace to its end; its result."""
    return os.waitstatus_to_exitcode(os.waitpid(fork(main), 0)[1])


_REFUSED = (
    "this machine refuses user namespaces, the lab's walls: allow them (sysctl user.max_user_namespaces=10000; for an "
    "ordinary user of Ubuntu kernel.apparmor_restrict_unprivileged_userns=0; for a container --privileged; in a chroot "
    "there are none)"
)


def _map_ids(pid: int) -> None:
    if os.geteuid() == 0:
        for kind in ("uid", "gid"):
            own = [line.split() for line in Path(f"/proc/self/{kind}_map").read_text().splitlines()]
            lines = "".join(f"{inside} {inside} {count}\n" for inside, _, count in own)
            Path(f"/proc/{pid}/{kind}_map").write_text(lines)
        return
    user = pwd.getpwuid(os.getuid())
    for kind, own_id in (("uid", user.pw_uid), ("gid", os.getgid())):
        first, count = subordinate(Path(f"/etc/sub{kind}"), user)
        _newidmap(kind, [str(pid), "0", str(own_id), "1", "1", str(first), str(count)])


def _newidmap(kind: str, arguments: Sequence[str]) -> None:
    done = subprocess.run([f"new{kind}map", *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        raise LabError(f"new{kind}map (Debian package uidmap) failed: {done.stderr.strip()}")


def subordinate(table: Path, user: pwd.struct_passwd) -> tuple[int, int]:
    """The first id and the number of ids that `table` lends to `user`."""
    lines = table.read_text().splitlines() if table.exists() else []
    for line in lines:
        owner, _, lent = line.strip().partition(":")
        if owner in (user.pw_name, str(user.pw_uid)) and lent:
            first, _, count = lent.partition(":")
            if int(count) >= _IDS_NEEDED:
                return int(first), int(count)
    raise LabError(
        f"{table} lends user {user.pw_name} fewer than {_IDS_NEEDED} ids: as root, "
        f"usermod --add-subuids 100000-165535 --add-subgids 100000-165535 {user.pw_name}"
    )


_IDS_NEEDED = 60000
