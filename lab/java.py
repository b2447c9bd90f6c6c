"""The Java of this machine, which the simulated wsadmin runs on: what hosts must see of it besides `/usr`."""

from __future__ import annotations

from pathlib import Path

CACHE = ".cache/wsadmin"
"""In the repository: the program made from the sources in `lab/products/was/wsadmin/java`."""

# Debian's Java has links from /usr to its settings there.
SETTINGS = tuple(sorted(Path("/etc").glob("java-*-openjdk")))
