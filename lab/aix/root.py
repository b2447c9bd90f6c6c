"""The file system of an AIX host: an own tree in which only what the lab puts there exists.

The tree (`disk`) lives in the lab's state folder and survives the host. Into it are mounted, read-only, this machine's
`/usr` at `/.lab/usr`, and below `/.lab/py` the lab's package, what the collection knows of the products, and libraries
for SIP messages and certificates; programs of the machine run through links into the first.
"""

from __future__ import annotations

import importlib.metadata
import json
import shutil
from pathlib import Path

from lab import devices, java, namespaces
from lab.aix import freeware, userland
from lab.settings import REPOSITORY
from lab.topology import HostSpec

_TEMPLATES = Path(__file__).parent / "etc"
_FOLDERS = """
    .lab/bin .lab/py/.cache/wsadmin .lab/py/lab .lab/py/plugins/plugin_utils .lab/state .lab/usr audit dev
    etc/objrepos etc/security/ldap home/guest mnt opt/freeware/bin proc run/sshd sbin tftpboot usr/bin usr/include
    usr/lib/boot usr/lib/objrepos usr/local/bin usr/sbin usr/share usr/sys usr/ucb var/adm/ras var/adm/sw var/empty
    var/log var/run var/spool/cron/crontabs var/spool/mail
"""
_OPEN_FOLDERS = (("tmp", 0o1777), ("var/tmp", 0o1777), (".lab/state", 0o777))
_LINKS = {
    "bin": "usr/bin",
    "lib": "usr/lib",
    "u": "home",
    "unix": "usr/lib/boot/unix_64",
    "usr/home": "../home",
    "usr/tmp": "../var/tmp",
    # What programs of this machine open by a built-in path.
    "lib64": ".lab/usr/lib64",
    "usr/lib/locale": "../../.lab/usr/lib/locale",
    "usr/lib/openssh": "../../.lab/usr/lib/openssh",
    "usr/share/java": "../../.lab/usr/share/java",
    ".lab/bin/python3": "../usr/bin/python3",
}
_LABEXE = """\
#!/.lab/bin/python3 -IS
import sys

sys.path.insert(0, "/.lab/py")
from lab.aix.labexe import main

sys.exit(main(sys.argv[1:]))
"""


def build(host: HostSpec, folder: Path, authorized_key: str) -> Path:
    """Lay the host's tree out below `folder`/disk, or complete it; what the host changed stays. Returns the tree."""
    disk = folder / "disk"
    fresh = not disk.exists()
    for name in _FOLDERS.split():
        (disk / name).mkdir(parents=True, exist_ok=True)
    for name, mode in _OPEN_FOLDERS:
        (disk / name).mkdir(parents=True, exist_ok=True)
        (disk / name).chmod(mode)
    for link, target in _LINKS.items() | _library_links().items():
        if not (disk / link).is_symlink():
            (disk / link).symlink_to(target)
    if fresh:
        _install_system(host, disk, authorized_key)
    _write_executable(disk / ".lab/bin/labexe", _LABEXE)
    (disk / ".lab/host.json").write_text(json.dumps(host.description(), indent=1))
    shutil.copy(folder / "ssh_host_ed25519_key", disk / "etc/ssh/ssh_host_ed25519_key")
    userland.install(disk)
    freeware.install(disk, host)
    return disk


def enter(disk: Path) -> None:
    """Make the tree this process's `/`, with its own /dev and /proc; for a process in new mount and pid namespaces."""
    namespaces.make_mounts_private()
    namespaces.bind(disk, disk)
    namespaces.bind_read_only(Path("/usr"), disk / ".lab/usr")
    for package in ("lab", "plugins/plugin_utils", java.CACHE):
        namespaces.bind_read_only(REPOSITORY / package, disk / ".lab/py" / package)
    for library in _libraries():
        target = disk / ".lab/py" / library.name
        if library.is_dir():
            target.mkdir(exist_ok=True)
        else:
            target.touch()
        namespaces.bind_read_only(library, target)
    for settings in java.SETTINGS:
        target = disk / settings.relative_to("/")
        target.mkdir(parents=True, exist_ok=True)
        namespaces.bind_read_only(settings, target)
    devices.mount(disk / "dev")
    namespaces.mount_proc(disk / "proc")
    namespaces.enter_root(disk)


def _libraries() -> list[Path]:
    """The package `sipmessage` and its description, in which it looks its own version up; `cryptography` and the one
    file that it needs of `cffi`."""
    packages = Path(str(importlib.metadata.distribution("sipmessage").locate_file("")))
    found = [packages / "sipmessage", packages / "cryptography"]
    return [*found, *packages.glob("sipmessage-*.dist-info"), *packages.glob("_cffi_backend.*.so")]


def _library_links() -> dict[str, str]:
    """The machine's library folders (`/usr/lib/x86_64-linux-gnu`) and program loaders."""
    found = [*Path("/usr/lib").glob("*-linux-gnu*"), *Path("/usr/lib").glob("ld-linux*")]
    return {f"usr/lib/{entry.name}": f"../../.lab/usr/lib/{entry.name}" for entry in found}


def _install_system(host: HostSpec, disk: Path, authorized_key: str) -> None:
    shutil.copytree(_TEMPLATES, disk / "etc", dirs_exist_ok=True, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    for folder in ("etc/security", "etc/ssh"):
        (disk / folder).chmod(0o755)
    for file in (disk / "etc/security").iterdir():
        if file.is_file():
            file.chmod(0o640)
    # On AIX only root may read it; here product programs run by their own users check passwords in it, which the real
    # ones do by a set-uid helper. It holds hashes of random passwords.
    (disk / "etc/security/passwd").chmod(0o644)
    (disk / "etc/hosts").write_text(_hosts_file(host))
    (disk / "etc/filesystems").write_text(_filesystems_file(host))
    (disk / ".lab/state/filesystems.json").write_text(json.dumps(dict(host.filesystems), indent=1))
    (disk / "usr/lib/boot/unix_64").touch()
    # The home of AIX's root is `/`.
    (disk / ".ssh").mkdir(mode=0o700)
    (disk / ".ssh/authorized_keys").write_text(authorized_key)


def _hosts_file(host: HostSpec) -> str:
    by_address: dict[str, list[str]] = {}
    for name, address in host.names.items():
        by_address.setdefault(address, []).append(name)
    lines = [f"{address}\t{' '.join(names)}" for address, names in by_address.items()]
    return "\n".join(["127.0.0.1\tloopback localhost", *lines, ""])


def _filesystems_file(host: HostSpec) -> str:
    stanzas = []
    for mount, facts in host.filesystems.items():
        boot = "automatic" if mount == "/" else "true"
        stanzas.append(
            f"{mount}:\n\tdev\t\t= /dev/{facts['device']}\n\tvfs\t\t= jfs2\n\tlog\t\t= /dev/hd8\n"
            f"\tmount\t\t= {boot}\n\tcheck\t\t= false\n\tvol\t\t= {mount.strip('/') or 'root'}\n\tfree\t\t= false\n"
        )
    return "\n".join(stanzas)


def _write_executable(file: Path, text: str) -> None:
    file.write_text(text)
    file.chmod(0o755)
