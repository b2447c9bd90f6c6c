"""The Java program that runs scripts: what it is made of, where it lies, and how it is started.

It is made once from the sources beside this file (`build.py`) into `.cache/wsadmin/<key>` of the repository, which
every host sees read-only beside the lab's package.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import lab
from lab import java

SOURCES = Path(__file__).parent / "java"
CACHE = Path(lab.__file__).parents[1] / java.CACHE
JYTHON = Path("/usr/share/java/jython.jar")
"""At the same place on every host, for the archive of classes is good for one class path only."""
ARCHIVE, LAUNCHER = "wsadmin.jsa", "wsadmin.jar"

# The folder lies elsewhere on each kind of host, so it is handed over open, under this number: one name everywhere.
_FOLDER = 200
# Without logs: an archive that does not fit is no script's business.
_FASTEST_START = (
    "-XX:TieredStopAtLevel=1",
    "-XX:+UseSerialGC",
    "-Xss2m",
    "-Xmx256m",
    "-XX:-UsePerfData",
    "-Xlog:disable",
)


def key() -> str:
    """What the program is made from, as a short digest."""
    digest = hashlib.sha256()
    for source in (Path(__file__), Path(__file__).with_name("training.py"), *sorted(SOURCES.iterdir())):
        digest.update(source.read_bytes())
    digest.update(str((JYTHON.stat().st_size, JYTHON.stat().st_mtime)).encode())
    digest.update(Path(tool("java")).parents[1].joinpath("release").read_bytes())
    return digest.hexdigest()[:16]


def built() -> Path | None:
    """The folder of the program, None when it was not made yet."""
    folder = CACHE / key()
    return folder if (folder / ARCHIVE).exists() else None


def tool(name: str) -> str:
    """A program of this machine's Java; on an AIX host the machine's `/usr` lies elsewhere."""
    of_host = Path("/.lab/usr")
    usr = of_host if of_host.is_dir() else Path("/usr")
    return str(usr / "lib/jvm/default-java/bin" / name)


@contextmanager
def opened(folder: Path) -> Iterator[int]:
    """The folder as the descriptor that `command` counts on; for `pass_fds`."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.dup2(descriptor, _FOLDER)
        yield _FOLDER
    finally:
        os.close(descriptor)
        os.close(_FOLDER)


def command(properties: Mapping[str, str], arguments: Sequence[str], *, archive: str = "") -> list[str]:
    """The command line; `archive` is another way to treat the archive of classes than to use it."""
    place = f"/proc/self/fd/{_FOLDER}"
    return [
        tool("java"),
        *_FASTEST_START,
        archive or f"-XX:SharedArchiveFile={place}/{ARCHIVE}",
        "-cp",
        f"{place}/{LAUNCHER}:{JYTHON}",
        *(f"-D{name}={value}" for name, value in properties.items()),
        "lab.wsadmin.Launcher",
        *arguments,
    ]
