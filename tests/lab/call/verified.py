"""What `playbooks/verify.yml` finds on a running lab."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from tests.lab import gateway_cell
from tests.lab.conftest import Lab

# Of what never comes.
_PATIENCE_S = 4


def verified(
    lab: Lab, folder: Path, inventories: Sequence[str], *, only: Sequence[str] = (), disruptive: bool = False
) -> dict[str, str]:
    """The result of every case that was run, by its id: passed or failed; `only` names the cases, all without any.

    The reports lie in `folder` then.
    """
    report = folder / "verify.json"
    report.unlink(missing_ok=True)
    where = [word for inventory in (*inventories, str(lab.settings.overlay)) for word in ("-i", inventory)]
    variables = {
        "verify_folder": str(folder),
        "verify_only": list(only),
        "verify_disruptive": disruptive,
        "verify_seconds": _PATIENCE_S,
    }
    played = gateway_cell.ansible_playbook(
        lab, "playbooks/verify.yml", *where, "--limit", "!ldap_servers", "-e", json.dumps(variables)
    )
    assert report.exists(), played.shown
    cases = [case for run in json.loads(report.read_text("utf-8"))["runs"] for case in run["cases"]]
    return {case["id"]: case["result"] for case in cases if case["result"] != "skipped"}
