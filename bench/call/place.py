"""The deployed lab that the sessions go through: programs in its machines, and what they cost."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from bench.proxy.processes import cpu_s, family
from lab import state
from lab.settings import REPOSITORY, Settings

PARTNER = "stgw2"
PARTNER_ADDRESS = "9.42.124.60"
_ORDER_WITHIN_S = 120


# The SIP NAT proxy's own default keeps a partner from sending so much.
_UNLIMITED = """make site ARGS="-e '{stgw_nat_proxy_settings: {limits: {rate: 0}}}'\""""
_CONFIGURATION = "/etc/sipnat/sipnat.json"


class NotDeployed(Exception):
    """There is nothing to measure; the text says how to get it."""


class Place:
    """The lab that `LAB_STATE` and its like name; it has to be up, with everything installed."""

    def __init__(self) -> None:
        settings = Settings.from_environment()
        running = state.running(settings)
        if not running:
            raise NotDeployed(f"the lab is down: {_UNLIMITED} brings it up and installs the scenario")
        self._pids: Mapping[str, int] = running.pids
        self.folder = settings.hosts / PARTNER / "bench"
        """Of the partner's machine, which knows it by the same path."""
        self.folder.mkdir(exist_ok=True)
        # The machine's users are others.
        self.folder.chmod(0o777)

    def start(self, host: str, argv: Sequence[str], output: Path) -> subprocess.Popen[bytes]:
        """A program in a machine of the lab."""
        with output.open("wb") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "lab", "exec", host, *argv], cwd=REPOSITORY, env=os.environ,
                stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT,
            )  # fmt: skip

    def order(self, host: str, line: str) -> str:
        """What a line of shell on a machine prints. Raises CalledProcessError."""
        return subprocess.run(
            [sys.executable, "-m", "lab", "exec", host, "/usr/bin/sh", "-c", line], cwd=REPOSITORY,
            stdin=subprocess.DEVNULL, capture_output=True, text=True, check=True, timeout=_ORDER_WITHIN_S,
        ).stdout.strip()  # fmt: skip

    def check_limit(self) -> None:
        """Whether the SIP NAT proxy, if there is one, lets the load through. Raises NotDeployed."""
        text = self.order("sipproxy1", f"cat {_CONFIGURATION} 2>/dev/null || echo '{{}}'")
        if text != "{}" and json.loads(text).get("limits", {}).get("rate") != 0:
            raise NotDeployed(f"the SIP NAT proxy has a limit of messages a second: {_UNLIMITED}")

    def clear(self, keep: Path) -> None:
        """Leave nothing on the partner's machine; what SIPp says about sessions that failed goes into a folder."""
        for errors in self.folder.glob("*.err"):
            shutil.copyfile(errors, keep / errors.name)
        shutil.rmtree(self.folder)

    def cpu_s(self) -> dict[str, float]:
        """Seconds of CPU by machine, of the processes that live now."""
        return {name: cpu_s(family(pid)) for name, pid in self._pids.items()}
