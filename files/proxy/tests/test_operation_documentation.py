# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What docs/proxy.md and the package's README say of commands, orders and metrics is what there is."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Set

import pytest

from sipnat import cli, config
from sipnat.operation import ctl
from sipnat.operation.metrics import Metrics

PACKAGE = Path(__file__).parents[1]
README = (PACKAGE / "README.md").read_text("utf-8")
OPERATION = (PACKAGE.parents[1] / "docs/proxy.md").read_text("utf-8").split("\n## Operation\n")[1].split("\n## ")[0]


def commands(capsys: pytest.CaptureFixture[str]) -> Set[str]:
    with pytest.raises(SystemExit):
        cli.main(["--help"])
    return set(re.findall(r"^    ([a-z-]+)(?: |$)", capsys.readouterr().out, re.MULTILINE))


def test_every_command_is_described(capsys: pytest.CaptureFixture[str]) -> None:
    known = commands(capsys)
    assert "self-test" in known
    assert set(re.findall(r"^\| `sipnat ([a-z-]+)", OPERATION, re.MULTILINE)) == known
    assert set(re.findall(r"^\| `([a-z-]+)` \|", README, re.MULTILINE)) == known


def test_every_option_is_described(capsys: pytest.CaptureFixture[str]) -> None:
    for command in commands(capsys):
        with pytest.raises(SystemExit):
            cli.main([command, "--help"])
        options = set(re.findall(r"^  --([a-z-]+)", capsys.readouterr().out, re.MULTILINE))
        described = next(line for line in OPERATION.splitlines() if line.startswith(f"| `sipnat {command}"))
        assert set(re.findall(r"--([a-z-]+)", described.split(" | ")[0])) == options, command


def test_every_order_is_described(capsys: pytest.CaptureFixture[str]) -> None:
    table = OPERATION.split("### Orders\n")[1].split("\n### ")[0]
    orders = re.findall(r"^\| (`[^|]+`) \|", table, re.MULTILINE)
    described = {order for cell in orders for order in re.findall(r"`([^`]+)`", cell)}
    assert len(described) == 9
    for order in described:
        assert ctl.path(order.split()).startswith("/ctl/")
    with pytest.raises(SystemExit):
        cli.main(["ctl", "--help"])
    helped = re.search(r"ORDER +(status.*stop)", " ".join(capsys.readouterr().out.split()))
    assert helped
    assert set(helped[1].replace("[HOST]", "HOST").split(" | ")) == described - {"drain", "undrain"}


def test_every_metric_is_described() -> None:
    metrics = Metrics()
    metrics.publish()
    shown = set(re.findall(r"^# TYPE (sipnat_\S+)", metrics.text(), re.MULTILINE))
    assert set(re.findall(r"`(sipnat_[a-z_]+)`", OPERATION)) == shown


def test_configuration_of_the_readme_can_be_used() -> None:
    assert config.read(README.split("```json\n")[1].split("```")[0]).partners[0].name == "partner"


def test_every_reason_and_event_is_described() -> None:
    sources = "".join(file.read_text("utf-8") for file in (PACKAGE / "src/sipnat").rglob("*.py"))
    log_only = OPERATION.split("\nIn the log only:\n")[1].split("\nEvents in ")[0]
    events = OPERATION.split("\nEvents in ")[1].split("\n### ")[0]
    counted = OPERATION.split("\nReasons in ")[1].split("\nIn the log only:\n")[0]
    for call, table in ((r"metrics\.event", events), (r"log\.drop", counted + log_only), (r"metrics\.drop", counted)):
        names = set(re.findall(call + r'\("([a-z_]+)"', sources))
        assert names, call
        assert names <= set(re.findall(r"`([a-z_]+)`", table)), call
    known = set(re.findall(r'metrics\.event\("([a-z_]+)"', sources))
    described = {name for line in events.splitlines() for name in re.findall(r"`([a-z_]+)`", line.split(" | ")[0])}
    assert described - {"sipnat_events_total"} == known
