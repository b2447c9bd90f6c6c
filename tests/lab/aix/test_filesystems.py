"""File systems: sizes in 512-byte blocks, whole partitions, a real end of the disk."""

from __future__ import annotations

import pytest

from lab.aix.userland import command, storage
from tests.lab.aix.conftest import Userland


def test_lsfs_formats(aix: Userland) -> None:
    assert aix.run("lsfs", "-c", "/opt") == (
        "#MountPoint:Device:Vfs:Nodename:Type:Size:Options:AutoMount:Acct\n/opt:/dev/hd10opt:jfs2:::1048576:rw:yes:no\n"
    )
    assert aix.run("lsfs", "-q", "/opt").splitlines()[2].startswith("  (lv size: 1048576, fs size: 1048576, ")
    assert aix.run("lsfs", "/x", code=1) == "lsfs: No record matching '/x' was found in /etc/filesystems.\n"


def test_growing(aix: Userland) -> None:
    assert aix.run("chfs", "-a", "size=+1G", "/opt") == "Filesystem size changed to 3145728\n"
    assert aix.run("chfs", "-a", "size=3145728", "/opt", code=28) == "The filesystem size is already 3145728.\n"
    assert aix.run("chfs", "-a", "size=1537M", "/opt") == "Filesystem size changed to 3407872\n"
    assert aix.run("df", "-k", "/opt/x", code=1).startswith("df: /opt/x")
    assert aix.run("df", "-k", "/opt").splitlines()[1].split()[:2] == ["/dev/hd10opt", "1703936"]


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (("chfs", "-a", "size=+1T", "/opt"), "chfs: 0506-930"),
        (("chfs", "-a", "size=+1G", "/x"), "chfs: 0506-932"),
        (("chfs", "-a", "colour=red", "/opt"), "chfs: 0506-928"),
        (("chfs", "-a", "size=+500G", "/opt"), "0516-404 allocp: "),
        (("chfs", "-a", "size=100M", "/usr"), "chfs: There is not enough free space to shrink"),
        (("crfs", "-v", "jfs2", "-g", "rootvg", "-m", "/db2", "-a", "size=500G"), "0516-404 allocp: "),
        (("crfs", "-v", "jfs2", "-g", "datavg", "-m", "/db2", "-a", "size=1G"), "0516-306 "),
        (("crfs", "-v", "jfs2", "-g", "rootvg", "-m", "/opt", "-a", "size=1G"), "crfs: 0506-909 /opt"),
        (("crfs", "-v", "jfs2", "-m", "/db2", "-a", "size=1G"), "Usage: crfs"),
        (("mount", "/db2"), "mount: 0506-334 /db2"),
        (("mount", "/opt"), "mount: 0506-324 Cannot mount /dev/hd10opt on /opt: The requested resource is busy."),
        (("umount", "/db2"), "umount: 0506-347"),
        (("umount", "/usr"), "umount: 0506-349"),
        (("rmfs", "/opt"), "rmfs: 0506-921"),
        (("lsvg", "datavg"), "0516-306 lsvg: "),
    ],
)
def test_mistakes(aix: Userland, words: tuple[str, ...], text: str) -> None:
    before = aix.run("lsfs", "-c")
    assert aix.run(*words, code=1).startswith(text)
    assert aix.run("lsfs", "-c") == before


def test_the_life_of_a_file_system(aix: Userland) -> None:
    free = int(aix.run("lsvg", "rootvg").split("FREE PPs:")[1].split()[0])
    created = aix.run("crfs", "-v", "jfs2", "-g", "rootvg", "-m", "/db2", "-A", "yes", "-p", "rw", "-a", "size=1G")
    assert created.endswith("New File System size is 2097152\n")
    assert int(aix.run("lsvg", "rootvg").split("FREE PPs:")[1].split()[0]) == free - 8
    assert "/db2:\n\tdev\t\t= /dev/fslv00\n\tvfs\t\t= jfs2\n" in aix.read("etc/filesystems")
    assert "fslv00              jfs2       8     8     1    closed/syncd  /db2" in aix.run("lsvg", "-l", "rootvg")
    assert aix.run("df", "/db2").splitlines()[1].endswith(" /")
    aix.run("mount", "/db2")
    assert aix.run("df", "-m", "/db2").splitlines()[1].split()[1:4] == ["1024.00", "1024.00", "0%"]
    assert "         /dev/fslv00      /db2             jfs2   " in aix.run("mount")
    aix.run("umount", "/db2")
    assert aix.run("rmfs", "-r", "/db2") == "rmlv: Logical volume fslv00 is removed.\n"
    assert "/db2" not in aix.read("etc/filesystems")
    assert not (aix.root / "db2").exists()


def test_room_is_claimed_where_a_path_lies(aix: Userland, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "_root", str(aix.root))
    assert storage.claim("/opt/IBM/db2/V9.1", 300) is None
    assert storage.claim("/opt/IBM/db2/V9.1", 300) == ("/opt", 92)
    assert storage.claim("/optional", 300) == ("/", 196)
    aix.run("chfs", "-a", "size=+512M", "/opt")
    assert storage.claim("/opt", 300) is None
    assert aix.run("df", "-m", "/opt").splitlines()[1].split()[2] == "304.00"
