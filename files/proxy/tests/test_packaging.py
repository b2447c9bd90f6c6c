# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What is delivered: a wheel, a zipapp and a source that becomes a compiled kernel, each tried as users have them."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import venv
import zipfile
from pathlib import Path
from typing import Dict

import pytest
from processes import NODE, PARTNER, bound, request, response, site, started, written

from sipnat import __version__

ROOT = Path(__file__).parents[3]


def build(folder: Path) -> Path:
    """Everything, with the Python of these tests."""
    subprocess.run(
        [ROOT / "scripts/proxy", folder], env={"PYTHON": sys.executable, "PATH": "/usr/bin:/bin"}, check=True
    )
    return folder


def sums(folder: Path) -> Dict[str, str]:
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in folder.iterdir()}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("built"))


@pytest.fixture(scope="module")
def zipapp(built: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The zipapp alone, away from the source."""
    return str(shutil.copy2(built / "sipnat.pyz", tmp_path_factory.mktemp("alone")))


def output(*command: object, code: int = 0) -> str:
    """What a command writes to both; in an environment that knows nothing of the source."""
    done = subprocess.run(
        [str(part) for part in command],
        env={"PATH": "/usr/bin:/bin"},
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout + done.stderr


def test_same_source_gives_the_same_bytes(built: Path, tmp_path: Path) -> None:
    again = sums(build(tmp_path / "again"))
    assert again == sums(built)
    assert set(again) == {
        f"sipnat-{__version__}-py3-none-any.whl",
        f"sipnat-{__version__}.tar.gz",
        "sipnat.pyz",
    }


def test_python_that_cannot_build_is_named_and_nothing_is_lost(tmp_path: Path) -> None:
    (tmp_path / "built").mkdir()
    (tmp_path / "built/before").touch()
    done = subprocess.run(
        [ROOT / "scripts/proxy", tmp_path / "built"],
        env={"PYTHON": "/bin/false", "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert "/bin/false is no Python with pip and setuptools: run 'make setup'" in done.stderr
    assert (tmp_path / "built/before").exists()


def test_archives_hold_the_package_and_nothing_else(built: Path) -> None:
    package = ROOT / "files/proxy/src/sipnat"
    modules = {f"sipnat/{file.relative_to(package).as_posix()}" for file in package.rglob("*.py")}
    with zipfile.ZipFile(built / "sipnat.pyz") as archive:
        assert set(archive.namelist()) == modules | {"__main__.py", "LICENSE"}
    with zipfile.ZipFile(next(built.glob("*.whl"))) as archive:
        assert {name for name in archive.namelist() if name.startswith("sipnat/")} == modules | {"sipnat/py.typed"}


def test_zipapp_starts_everywhere(zipapp: str) -> None:
    assert Path(zipapp).read_bytes().startswith(b"#!/usr/bin/env python3\n")
    assert output(zipapp, "version").startswith(f"sipnat {__version__}, kernel pure, CPython ")
    assert output(sys.executable, "-I", zipapp, "version").startswith(f"sipnat {__version__}, kernel pure, ")


def test_zipapp_tells_an_old_python_what_it_needs(zipapp: str) -> None:
    with zipfile.ZipFile(zipapp) as archive:
        start = archive.read("__main__.py").decode()
    old = start.replace("sys.version_info <", "(3, 7) <")
    assert old != start
    assert "needs Python 3.8 or newer" in output(sys.executable, "-c", old, code=1)


def test_zipapp_checks_a_configuration(zipapp: str, tmp_path: Path) -> None:
    configuration = site(5060, 5060)
    output(sys.executable, zipapp, "check", "-c", written(tmp_path, configuration))
    configuration["public"]["ports"] = {"udp": 0}
    assert "public.ports" in output(sys.executable, zipapp, "check", "-c", written(tmp_path, configuration), code=2)


def test_zipapp_forwards_a_message(zipapp: str, tmp_path: Path) -> None:
    with bound(NODE) as node, bound(PARTNER) as partner:
        configuration = site(node.getsockname()[1], partner.getsockname()[1])
        with started([sys.executable, zipapp], tmp_path, configuration) as proxy:
            assert node.recv(65535).startswith(b"OPTIONS sip:" + NODE.encode())
            partner.sendto(request("MESSAGE", "one", partner), (configuration["listen"][0]["address"], proxy.port))
            received = node.recv(65535)
            assert received.startswith(f"MESSAGE sip:a@{NODE}:{node.getsockname()[1]} SIP/2.0\r\n".encode())
            node.sendto(response(received), (configuration["listen"][0]["address"], proxy.port))
            answer = partner.recv(65535)
            assert answer.startswith(b"SIP/2.0 200 OK\r\n")
            assert b"127.78.1." not in answer


def test_wheel_and_compiled_source_in_a_fresh_environment(built: Path, tmp_path: Path) -> None:
    venv.create(tmp_path / "venv")
    sipnat = tmp_path / "venv/bin/sipnat"
    pip = (sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check")
    install = (*pip, "--python", tmp_path / "venv/bin/python", "install", "--no-index", "--force-reinstall")
    output(*install, next(built.glob("*.whl")))
    assert output(sipnat, "version").startswith(f"sipnat {__version__}, kernel pure, ")
    # The new environment has no setuptools; that of the tests builds what goes in.
    source = next(built.glob("*.tar.gz"))
    output(*pip, "wheel", "--no-index", "--no-deps", "--no-build-isolation", "--wheel-dir", tmp_path, source)
    output(*install, next(tmp_path.glob("*.whl")))
    assert output(sipnat, "version").startswith(f"sipnat {__version__}, kernel compiled, ")
