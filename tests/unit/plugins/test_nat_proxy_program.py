"""The program of the SIP NAT proxy: built from its source alone, always the same, and it runs."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path
from shutil import copytree

import pytest
from ansible import constants
from ansible.errors import AnsibleLookupError

from plugins.lookup.nat_proxy_program import LookupModule
from plugins.plugin_utils._sipnat_zipapp import PACKAGE, build, version


@pytest.fixture
def lookup() -> LookupModule:
    """As Ansible's loader makes it."""
    made = LookupModule()
    made._load_name = "sametime.gateway.nat_proxy_program"
    return made


def test_the_same_source_gives_the_same_bytes(tmp_path: Path) -> None:
    copy = copytree(PACKAGE, tmp_path / "sipnat")
    # What a checkout differs in, and what work in it leaves.
    os.utime(copy / "cli.py", (1, 1))
    (copy / "cli.py").chmod(0o600)
    (copy / "__pycache__").mkdir(exist_ok=True)
    (copy / "__pycache__/cli.cpython-311.pyc").write_bytes(b"x")
    assert build(copy) == build()


def test_it_runs(lookup: LookupModule, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(constants, "DEFAULT_LOCAL_TMP", str(tmp_path))
    (found,) = lookup.run([])
    assert hashlib.sha1(Path(found["path"]).read_bytes(), usedforsecurity=False).hexdigest() == found["sha1"]
    done = subprocess.run([sys.executable, "-I", found["path"], "version"], capture_output=True, text=True, check=True)
    assert done.stdout.startswith(f"sipnat {found['version']}, kernel pure")
    assert lookup.run([]) == [found]
    assert [file.name for file in tmp_path.iterdir()] == [Path(found["path"]).name]


def test_source_without_a_version_is_refused(tmp_path: Path) -> None:
    (tmp_path / "__init__.py").write_text("")
    with pytest.raises(ValueError, match="does not say __version__"):
        version(tmp_path)


def test_terms_are_refused(lookup: LookupModule) -> None:
    with pytest.raises(AnsibleLookupError, match="takes no terms, not 'x'"):
        lookup.run(["x"])
