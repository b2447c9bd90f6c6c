"""A project update of AWX installs the repository itself: with the command and the paths of its project_update.yml."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import yaml

from tests.unit.test_repository import committed_or_new

ROOT = Path(__file__).parents[2]


def test_a_project_update_installs_the_repository_as_the_collection(tmp_path: Path) -> None:
    project, stage = tmp_path / "project", tmp_path / "stage"
    for name in committed_or_new():
        (project / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, project / name)

    done = subprocess.run(
        ["ansible-galaxy", "collection", "install", "-r", "collections/requirements.yml"],
        cwd=project,
        env=os.environ | {"ANSIBLE_COLLECTIONS_PATH": str(stage)},
        check=False,
        capture_output=True,
        text=True,
        timeout=120,
    )

    installed = stage / "ansible_collections/sametime/gateway"
    assert done.returncode == 0, done.stderr
    manifest = json.loads((installed / "MANIFEST.json").read_text("utf-8"))
    assert manifest["collection_info"]["version"] == yaml.safe_load((ROOT / "galaxy.yml").read_text("utf-8"))["version"]
    assert (installed / "playbooks/site.yml").is_file()
    assert (installed / "playbooks/vars/awx/templates.yml").is_file()
    assert not (installed / "lab").exists()
