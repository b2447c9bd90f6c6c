"""What the installers look at and leave in the operating system: room, ISMP's lock and registry, Windows' registry."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from lab.host import Host

STORE = "was"
VPD = "/usr/lib/objrepos/vpd.properties"
LOCK = "/tmp/.aix_ISMP_lock____"  # noqa: S108 - the product's own
REGISTRY = "HKLM\\SOFTWARE\\IBM"


def temporary(host: Host) -> str:
    """The folder that installers unpack to."""
    return "C:\\WINDOWS\\Temp" if host.platform == "windows" else "/tmp"  # noqa: S108


def lock_missing(host: Host) -> bool:
    """Whether ISMP would wait for an answer of who sees its window: on AIX, when its lock file is not there."""
    return host.platform == "aix" and not host.path(LOCK).exists()


def claim(host: Host, root: str, megabytes: int) -> None:
    """Take room below `root`, once: what a broken run took is there for the next. Raises `NoSpace`."""
    with host.store(STORE) as store:
        claimed = store.setdefault("claimed", {})
        missing = megabytes - claimed.get(root, 0)
        if missing > 0:
            host.claim_space(root, missing)
            claimed[root] = megabytes


def release(host: Host, root: str) -> None:
    """Give the room below `root` back."""
    with host.store(STORE) as store:
        host.claim_space(root, -store.setdefault("claimed", {}).pop(root, 0))


@contextmanager
def temporary_room(host: Host, megabytes: int) -> Iterator[None]:
    """Room that an installer needs while it runs; a killed one leaves it to the next. Raises `NoSpace`."""
    claim(host, temporary(host), megabytes)
    try:
        yield
    finally:
        release(host, temporary(host))


def register(host: Host, identifier: str, name: str, version: str, root: str) -> None:
    """Enter a product where the system keeps what ISMP installed."""
    if host.platform == "windows":
        key = f"{REGISTRY}\\{name}\\{version}"
        for value, data in (("InstallLocation", root), ("MajorVersion", version)):
            host.run(["reg", "add", key, "/v", value, "/t", "REG_SZ", "/d", data, "/f"])
        return
    file = host.path(VPD)
    file.parent.mkdir(parents=True, exist_ok=True)
    numbers = version.replace(".", "|")
    with file.open("a", encoding="utf-8") as vpd:
        vpd.write(
            f"{identifier}|{numbers}|{version}|1={name}|{name}|{name}|IBM|http://www.ibm.com|{version}|{root}|0\n"
        )


def unregister(host: Host, name: str, version: str, root: str) -> None:
    """Take a product out again."""
    if host.platform == "windows":
        host.run(["reg", "delete", f"{REGISTRY}\\{name}\\{version}", "/f"])
        return
    file = host.path(VPD)
    if file.exists():
        lines = file.read_text("utf-8").splitlines(keepends=True)
        kept = [line for line in lines if not (f"|1={name}|" in line and f"|{root}|" in line)]
        file.write_text("".join(kept), "utf-8")


def registered(host: Host, root: str) -> bool:
    """Whether ISMP thinks that a product is in that root; on Windows it asks the files."""
    file = host.path(VPD)
    return host.platform == "aix" and file.exists() and f"|{root}|" in file.read_text("utf-8")
