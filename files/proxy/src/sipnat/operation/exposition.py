# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The text format of Prometheus, version 0.0.4: families of samples with labels."""

from __future__ import annotations

from typing import Iterable, List, Mapping, Sequence, Tuple

PREFIX = "sipnat_"
CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

Labels = Mapping[str, str]


class Family:
    """Samples of one name; `name` without the prefix, `kind` counter, gauge or histogram."""

    def __init__(self, name: str, kind: str, help_text: str) -> None:
        self.lines = [f"# HELP {PREFIX}{name} {help_text}", f"# TYPE {PREFIX}{name} {kind}"]
        self._name = PREFIX + name

    def add(self, labels: Labels, value: float, suffix: str = "") -> Family:
        """Add a sample."""
        inside = ",".join(f'{name}="{_escaped(text)}"' for name, text in labels.items())
        self.lines.append(f"{self._name}{suffix}{'{' + inside + '}' if inside else ''} {value!r}")
        return self

    def add_all(self, samples: Iterable[Tuple[Labels, float]]) -> Family:
        """Add several."""
        for labels, value in samples:
            self.add(labels, value)
        return self

    def histogram(self, bounds: Sequence[float], numbers: Sequence[int], total: float) -> Family:
        """Add a histogram: upper bounds, how many samples are in each bucket and above the last, and their sum."""
        below = 0
        for bound, number in zip((*map(repr, bounds), "+Inf"), numbers):
            below += number
            self.add({"le": bound}, below, "_bucket")
        return self.add({}, total, "_sum").add({}, below, "_count")


def render(families: Iterable[Family]) -> str:
    """The whole text."""
    lines: List[str] = []
    for family in families:
        lines.extend(family.lines)
    return "\n".join(lines) + "\n"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("\n", "\\n").replace('"', '\\"')
