"""The AIX userland on its own: commands run as subprocesses below a folder that stands for `/`."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from lab.aix.userland.installation import Surroundings, install_tree

REPOSITORY = Path(__file__).resolve().parents[3]


class Userland:
    """A host's root folder with the commands in it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        shutil.copytree(REPOSITORY / "lab/aix/etc", root / "etc")
        (root / ".lab/state").mkdir(parents=True)
        (root / ".lab/bin").mkdir()
        for folder in ("tmp", "opt", "home", "var/adm/ras"):
            (root / folder).mkdir(parents=True)
        install_tree(root, Surroundings("/usr/bin/python3", str(REPOSITORY), "/usr/bin", str(root)))

    def path(self, name: str) -> Path:
        """The file of a command."""
        for folder in ("usr/bin", "usr/sbin", "usr/ucb"):
            if (self.root / folder / name).exists():
                return self.root / folder / name
        raise AssertionError(f"{name} is not installed")

    def run(self, *words: str, stdin: str = "", code: int = 0, **environment: str) -> str:
        """Run a command, check its exit code; standard output and error together."""
        result = subprocess.run(
            [self.path(words[0]), *words[1:]],
            input=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            cwd=self.root / "tmp",
            env={**os.environ, "PATH": f"{self.root}/usr/bin:{self.root}/usr/sbin", "TZ": "GMT0", **environment},
        )
        assert result.returncode == code, f"{words} gave {result.returncode}: {result.stdout}"
        return result.stdout

    def read(self, path: str) -> str:
        """A file of the host."""
        return (self.root / path.lstrip("/")).read_text("utf-8")


@pytest.fixture()
def aix(tmp_path: Path) -> Iterator[Userland]:
    """A fresh host."""
    yield Userland(tmp_path / "root")
