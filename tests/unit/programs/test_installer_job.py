"""What two runs see of one job."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from threading import Timer

import pytest

from plugins.plugin_utils._programs import render_sh
from tests.unit.programs.shell_cases import SHELLS


@pytest.mark.parametrize("shell", SHELLS)
def test_what_another_run_is_removing_is_not_lost(shell: str, tmp_path: Path) -> None:
    work, gate = tmp_path / "db2-wse", tmp_path / "db2-wse.gate"
    work.mkdir()
    gate.mkdir()
    (work / "output").write_text("DBI1191I\n")

    def goes_on() -> None:
        shutil.rmtree(work)
        gate.rmdir()

    other = Timer(0.5, goes_on)
    other.start()
    parameters = {
        "action": "look",
        "work_dir": str(tmp_path),
        "work": str(work),
        "logs": [],
        "response": "",
        "command": "",
    }
    path = shutil.which(shell)
    assert path is not None
    done = subprocess.run(
        [path, *([] if shell == "posh" else ["-s"])],
        input=render_sh("installer_job", parameters),
        capture_output=True,
        timeout=30,
        check=False,
    )
    other.join()
    assert (done.returncode, done.stdout) == (0, b"job=none\n--\n"), done.stderr
    assert not gate.exists()
