"""What is made on demand: the C programs, a certificate, sipnat with and without its compiled kernel."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from pathlib import Path

from bench.proxy.scene import REPOSITORY, WORK

PYTHON = "/usr/bin/python3"  # Debian's, built with optimisation: what users have
CERTIFICATE, KEY = WORK / "certificate.pem", WORK / "key.pem"

_SOURCES = Path(__file__).parent / "c"
_PROXY = REPOSITORY / "files/proxy"
_PROGRAMS = {
    "load": ("load", "options", "message", "tally", "pace", "datagrams", "stream", "streams", "base"),
    "floor": ("floor", "base"),
    "hold": ("hold", "base"),
}
_FLAGS = ("-std=gnu11", "-O2", "-Wall", "-Wextra", "-Wshadow", "-Werror")


def program(name: str) -> str:
    """Path of a C program."""
    return str(WORK / name)


def source_tree(compiled: bool) -> Path:
    """The folder for PYTHONPATH: a copy, so that nobody changes it while it is measured."""
    return WORK / ("compiled" if compiled else "pure")


def everything() -> None:
    """Build what is not there or is older than its sources. Addresses and processors are ours alone from now on."""
    WORK.mkdir(parents=True, exist_ok=True)
    _wait_for_others()
    for name, parts in _PROGRAMS.items():
        _compile(name, [_SOURCES / f"{part}.c" for part in parts])
    if not CERTIFICATE.exists():
        _run(
            "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30", "-subj", "/CN=bench.example",
            "-keyout", str(KEY), "-out", str(CERTIFICATE),
        )  # fmt: skip
    for compiled in (False, True):
        _copy_sipnat(source_tree(compiled), compiled=compiled)


def _wait_for_others() -> None:
    lock = os.open(WORK / "lock", os.O_CREAT | os.O_RDWR)  # open until this process ends; nothing that it starts has it
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        print("waiting for another measurement", file=sys.stderr)
        fcntl.flock(lock, fcntl.LOCK_EX)


def _compile(name: str, sources: list[Path]) -> None:
    target = WORK / name
    newest = max(path.stat().st_mtime for path in _SOURCES.iterdir())
    if not target.exists() or target.stat().st_mtime < newest:
        _run("gcc", *_FLAGS, "-o", str(target), *map(str, sources), "-lssl", "-lcrypto")


def _copy_sipnat(target: Path, *, compiled: bool) -> None:
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(_PROXY / "src/sipnat", target / "sipnat", ignore=shutil.ignore_patterns("__pycache__", "*.so"))
    if compiled and (_PROXY / "setup.py").exists():
        _run(PYTHON, "setup.py", "-q", "build_ext", "--build-lib", str(target), "--build-temp", str(WORK / "objects"))
    _run(PYTHON, "-m", "compileall", "-q", str(target))


def _run(*argv: str) -> None:
    done = subprocess.run(
        argv, cwd=_PROXY, env={**os.environ, "SIPNAT_REQUIRE_KERNEL": "1"}, check=False, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    if done.returncode:
        raise SystemExit(f"{' '.join(argv)}\n{done.stdout}")
