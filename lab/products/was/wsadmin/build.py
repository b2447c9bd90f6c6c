"""Make the Java program of wsadmin; nothing when it is there."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
import zipfile
from contextlib import suppress
from pathlib import Path

from lab.errors import LabError
from lab.products.was.wsadmin import java_home, training

_OLDEST_JDK = "17"
_A_KEY = re.compile(r"[0-9a-f]{16}")


def ensure() -> Path:
    """The program's folder, made if need be; raises `LabError`."""
    found = java_home.built()
    if found:
        return found
    java_home.CACHE.mkdir(parents=True, exist_ok=True)
    # Hosts run wsadmin as users of their own.
    java_home.CACHE.chmod(0o755)
    folder = java_home.CACHE / java_home.key()
    with tempfile.TemporaryDirectory(dir=java_home.CACHE) as name:
        made = Path(name, "made")
        made.mkdir()
        _write_jar(_compile(Path(name, "classes")), made / java_home.LAUNCHER)
        training.write_archive(made)
        for old in java_home.CACHE.iterdir():
            if _A_KEY.fullmatch(old.name):
                shutil.rmtree(old, ignore_errors=True)
        for file in made.iterdir():
            file.chmod(0o644)
        made.chmod(0o755)
        # Another process may have been faster; both made the same.
        with suppress(OSError):
            made.rename(folder)
    return folder


def _compile(classes: Path) -> Path:
    classes.mkdir()
    library = str(java_home.JYTHON)
    sources = sorted(str(file) for file in java_home.SOURCES.glob("*.java"))
    _run("javac", "-nowarn", "-proc:none", "--release", _OLDEST_JDK, "-cp", library, "-d", str(classes), *sources)
    for source in java_home.SOURCES.glob("*.jy"):
        shutil.copyfile(source, classes / source.with_suffix(".py").name)
        compile_it = f"import py_compile; py_compile.compile({source.stem + '.py'!r}, doraise=True)"
        _run("java", "-Dpython.cachedir.skip=true", "-jar", library, "-S", "-c", compile_it, folder=classes)
    return classes


def _write_jar(classes: Path, jar: Path) -> None:
    with zipfile.ZipFile(jar, "w") as archive:
        for file in sorted(path for path in classes.rglob("*") if path.is_file()):
            archive.write(file, file.relative_to(classes))


def _run(tool: str, *arguments: str, folder: Path | None = None) -> None:
    command = [java_home.tool(tool), *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        raise LabError(f"{tool} cannot make the lab's wsadmin: {done.stdout}{done.stderr}")
