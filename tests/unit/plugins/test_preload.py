# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Callback ``preload``: what it has loaded is there in the process of a task."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).parents[3]
ACTIONS = "ansible_collections.sametime.gateway.plugins.action."

# A task notes which action plugins of the collection its process knows, though it uses none.
PROBE = """
import json
import sys
from pathlib import Path
from ansible.plugins.action import ActionBase

class ActionModule(ActionBase):
    def run(self, tmp=None, task_vars=None):
        Path("loaded.json").write_text(json.dumps([name for name in sys.modules if name.startswith("PREFIX")]))
        return {}
"""


def loaded(folder: Path, **more: str) -> set[str]:
    probe = folder / "action_plugins/loaded.py"
    probe.parent.mkdir(exist_ok=True)
    probe.write_text(PROBE.replace("PREFIX", ACTIONS))
    (folder / "play.yml").write_text("- hosts: localhost\n  gather_facts: false\n  tasks:\n    - loaded:\n")
    environment = {
        **os.environ,
        "ANSIBLE_COLLECTIONS_PATH": str(REPOSITORY / "collections"),
        "ANSIBLE_HOME": str(folder),
        **more,
    }
    program = Path(sys.executable).parent / "ansible-playbook"
    done = subprocess.run(
        [program, "-i", "localhost,", "-c", "local", "play.yml"],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert not done.stderr
    return {name.removeprefix(ACTIONS) for name in json.loads((folder / "loaded.json").read_text())}


def test_actions_are_loaded_before_the_first_task(tmp_path: Path) -> None:
    assert loaded(tmp_path) == set()
    actions = {path.stem for path in (REPOSITORY / "plugins/action").glob("*.py")} - {"__init__"}
    assert loaded(tmp_path, ANSIBLE_CALLBACKS_ENABLED="sametime.gateway.preload") == actions
