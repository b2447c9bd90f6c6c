# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a rule of `check` found."""

from __future__ import annotations

from typing import List, NamedTuple, Sequence

ERROR, WARNING = "error", "warning"


class Finding(NamedTuple):
    """One rule that the configuration, or this machine, does not keep."""

    rule: str  # R1 to R12
    severity: str  # error: calls fail; warning: calls fail under a condition that the text names
    found: str
    wanted: str
    cure: str


def report(findings: Sequence[Finding]) -> str:
    """The findings for people, errors first, each with what was found, what is wanted and what to do."""
    lines: List[str] = []
    for severity in (ERROR, WARNING):
        for one in findings:
            if one.severity == severity:
                lines += [
                    f"{one.rule} {severity}",
                    f"  found:  {one.found}",
                    f"  wanted: {one.wanted}",
                    f"  cure:   {one.cure}",
                    "",
                ]
    errors = sum(one.severity == ERROR for one in findings)
    lines.append(f"{errors} errors, {len(findings) - errors} warnings" if findings else "no findings")
    return "\n".join(lines)
