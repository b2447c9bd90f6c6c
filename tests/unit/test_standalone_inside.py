"""The plan of the test inventory with a standalone gateway behind the NAT: what its SIP NAT proxy is told."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]


def test_the_proxy_is_on_its_own_host_and_hands_over_to_the_gateway(tmp_path: Path) -> None:
    argv = ["playbook", "playbooks/nat_explain.yml", "-i", "tests/inventories/standalone_inside"]
    done = subprocess.run(
        [sys.executable, "-m", "ansible", *argv, "-e", f"stgw_nat_explain_folder={tmp_path}"],
        cwd=REPOSITORY, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
    assert [file.name for file in tmp_path.glob("sipnat-*.json")] == ["sipnat-sipproxy1.json"]
    told = json.loads((tmp_path / "sipnat-sipproxy1.json").read_text("utf-8"))
    assert told["listen"] == [{"address": "9.42.111.5", "port": 5062, "transport": "tcp"}]
    assert told["inside"]["upstreams"] == [
        {"address": "9.42.111.60", "host": "stgw2", "port": 5060, "transport": "tcp"}
    ]
    assert told["partners"][0]["address"] == "9.42.124.2"
