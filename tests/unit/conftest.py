"""Where the SIP NAT proxy is: `ansible-test units` does not read what `pyproject.toml` says of it."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "files/proxy/src"))
