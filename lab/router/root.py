"""The file system of the router: an own tree, in which this machine's `/usr` shows up read-only.

The tree (`disk`) lives in the lab's state folder and survives the router.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from lab import namespaces
from lab.devices import mount
from lab.errors import LabError
from lab.ios import disk as disk_of_ios
from lab.settings import REPOSITORY
from lab.topology import RouterSpec

_TEMPLATES = Path(__file__).parent / "etc"
_FOLDERS = (
    ".lab/bin .lab/py/lab .lab/state dev etc/alternatives etc/iptables etc/ssh proc root run/sshd tmp usr var/log"
)
_LINKS = ("bin", "sbin", "lib", "lib32", "lib64")
# What Debian's alternatives choose: this machine's awk, and of the commands of old the forms on the kernel's nftables.
_AWK = "etc/alternatives/awk"
_ON_NFTABLES = [f"{command}{what}" for command in ("iptables", "ip6tables") for what in ("", "-save", "-restore")]
# What the package iptables-persistent brings, and both services as `systemctl enable` leaves them.
_PERSISTENT = "[Service]\nExecStart=/usr/sbin/netfilter-persistent start\n[Install]\nWantedBy=multi-user.target\n"
_SERVICES = {
    "etc/systemd/system/sysinit.target.wants/nftables.service": "/lib/systemd/system/nftables.service",
    "etc/systemd/system/multi-user.target.wants/netfilter-persistent.service": "../netfilter-persistent.service",
}
# In place of this machine's systemctl, which stays to be had under another name, stands that of the lab.
_REAL_SYSTEMCTL = Path(".lab/bin/systemctl")
_STAND_IN_FILE = Path(".lab/bin/stand-in")
_SYSTEMCTL = Path("usr/bin/systemctl")
_STAND_IN = """\
#!/usr/bin/python3 -IS
import sys

sys.path.insert(0, "/.lab/py")
from lab.router.systemd.systemctl import main

sys.exit(main(sys.argv[1:]))
"""
_SHELLS = {"linux": "/bin/sh", "ios": disk_of_ios.PROGRAM}
"""The program that a user of the router's platform gets at login."""


def build(router: RouterSpec, folder: Path, authorized_key: str, enable_secret: str) -> Path:
    """Lay the tree out below `folder`/disk, or complete it; what the router changed stays. Returns the tree."""
    disk = folder / "disk"
    fresh = not disk.exists()
    for name in _FOLDERS.split():
        (disk / name).mkdir(parents=True, exist_ok=True)
    for name in _LINKS:
        if Path("/", name).is_symlink() and not (disk / name).is_symlink():
            (disk / name).symlink_to(Path("/", name).readlink())
    if fresh:
        _install_system(router, disk, authorized_key)
    elif f":{_SHELLS[router.platform]}\n" not in (disk / "etc/passwd").read_text():
        raise LabError(
            f"the disk is not that of LAB_ROUTER={router.platform}; python3 -m lab reset {router.name} makes it new"
        )
    if router.platform == "ios":
        disk_of_ios.install(disk, router, enable_secret)
    shutil.copy(folder / "ssh_host_ed25519_key", disk / "etc/ssh/ssh_host_ed25519_key")
    (disk / _STAND_IN_FILE).write_text(_STAND_IN)
    (disk / _STAND_IN_FILE).chmod(0o755)
    (disk / _REAL_SYSTEMCTL).touch()
    return disk


def enter(disk: Path) -> None:
    """Make the tree this process's `/`, with its own /dev and /proc; for a process in new mount and pid namespaces."""
    namespaces.make_mounts_private()
    namespaces.bind(disk, disk)
    namespaces.bind_read_only(Path("/usr"), disk / "usr")
    namespaces.bind_read_only(Path("/", _SYSTEMCTL), disk / _REAL_SYSTEMCTL)
    namespaces.bind(disk / _STAND_IN_FILE, disk / _SYSTEMCTL)
    namespaces.bind_read_only(REPOSITORY / "lab", disk / ".lab/py/lab")
    mount(disk / "dev")
    namespaces.mount_proc(disk / "proc")
    namespaces.enter_root(disk)


def _install_system(router: RouterSpec, disk: Path, authorized_key: str) -> None:
    shutil.copytree(_TEMPLATES, disk / "etc", dirs_exist_ok=True)
    (disk / _AWK).symlink_to(Path("/", _AWK).readlink())
    for command in _ON_NFTABLES:
        family, _, what = command.partition("-")
        (disk / "etc/alternatives" / command).symlink_to(f"/usr/sbin/{family}-nft{what and f'-{what}'}")
    for link, service in _SERVICES.items():
        (disk / link).parent.mkdir(parents=True)
        (disk / link).symlink_to(service)
    (disk / "etc/systemd/system/netfilter-persistent.service").write_text(_PERSISTENT)
    (disk / "etc/passwd").write_text(
        f"root:*:0:0:root:/root:{_SHELLS[router.platform]}\nsshd:*:101:65534::/run/sshd:/usr/sbin/nologin\n"
    )
    (disk / "etc/group").write_text("root:*:0:\ntty:*:5:\nnogroup:*:65534:\n")
    (disk / "etc/hosts").write_text(
        "127.0.0.1\tlocalhost\n" + "".join(f"{address}\t{name}\n" for name, address in router.names.items())
    )
    (disk / "root").chmod(0o700)
    (disk / "root/.ssh").mkdir(mode=0o700)
    (disk / "root/.ssh/authorized_keys").write_text(authorized_key)
    (disk / "tmp").chmod(0o1777)
    (disk / "etc/nftables.conf").chmod(0o755)
    (disk / ".lab/state").chmod(0o777)
