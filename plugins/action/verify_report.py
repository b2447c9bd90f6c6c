# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Write the results of test cases on the controller."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, ClassVar

from ansible.errors import AnsibleActionFail

from ..plugin_utils._controller_action import ControllerAction
from ..plugin_utils._verify_page import page
from ..plugin_utils._verify_report import as_json, as_junit, report


class ActionModule(ControllerAction):
    SPEC: ClassVar[dict[str, Any]] = {
        "argument_spec": {
            "folder": {"type": "str", "required": True},
            "runs": {"type": "list", "elements": "dict", "required": True},
        },
    }

    def compute(self, options: dict[str, Any]) -> dict[str, Any]:
        if self._task.check_mode:
            return {"changed": False, "skipped": True, "msg": "check mode: nothing was verified"}
        made = report(options["runs"])
        folder = Path(options["folder"])
        texts = {"verify.json": as_json(made), "junit.xml": as_junit(made), "index.html": page(made)}
        try:
            folder.mkdir(parents=True, exist_ok=True)
            for name, text in texts.items():
                written = folder / f".{name}.{os.getpid()}"
                written.write_text(text, "utf-8")
                written.replace(folder / name)
        except OSError as error:
            raise AnsibleActionFail(f"folder: {folder}: {error.strerror}; name another one for the reports") from error
        # A report is no state of anything: that it is another one each time is not a change.
        result = {"changed": False, "files": [str(folder / name) for name in texts], "closing": made["closing"]}
        result |= {"counts": made["counts"], "exchanged": made["exchanged"], "verdict": made["verdict"]}
        if made["verdict"] == "failed":
            reasons = [
                f"{case['id']}: {case['reason']}"
                for run in made["runs"]
                for case in run["cases"]
                if case["result"] == "failed"
            ]
            words = [made["closing"], *reasons, f"all of it: {folder / 'index.html'}"]
            return {**result, "failed": True, "msg": "\n".join(words)}
        return {**result, "msg": made["closing"]}
