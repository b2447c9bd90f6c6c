"""Logs of the installers: lines with times, the verdict last."""

from __future__ import annotations

import time
from pathlib import Path

SUCCESS, PARTIAL, FAILED = "INSTCONFSUCCESS", "INSTCONFPARTIALSUCCESS", "INSTCONFFAILED"


class Log:
    """One log file, written line by line so that a killed program leaves what it had done."""

    def __init__(self, file: Path, source: str = "com.ibm.ws.install.ni.ismp.actions.ISMPLogUtils") -> None:
        self.file = file
        self._source = source
        file.parent.mkdir(parents=True, exist_ok=True)

    def line(self, source: str, level: str, text: str) -> None:
        """One event."""
        stamp = time.strftime("%b %d, %Y %I:%M:%S %p")
        with self.file.open("a", encoding="utf-8") as log:
            log.write(f"({stamp}), {source}, {level}, {text}\n")

    def message(self, text: str) -> None:
        """What went on."""
        self.line(self._source, "msg1", text)

    def verdict(self, verdict: str, text: str) -> None:
        """The last lines."""
        source = "com.ibm.ws.install.ni.ismp.actions.ISMPLogSuccessMessageAction"
        code = {SUCCESS: 0, PARTIAL: 2}.get(verdict, 1)
        self.line(source, "msg1", f"CWUPI0000I: EXITCODE={code}")
        self.line(source, "msg1", f"{verdict}: {text}")
