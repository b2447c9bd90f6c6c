# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Proves what a configuration promises: rules R1 to R12, as far as one file and this machine show them."""

from __future__ import annotations

from typing import List

from ..model import Config
from . import certificates, machine, plan, proof
from .finding import ERROR, WARNING, Finding, report

__all__ = ["ERROR", "WARNING", "Finding", "check", "report"]


def check(config: Config, resolve: bool = False) -> List[Finding]:
    """Everything that is found. `resolve`: this machine's resolver is asked for the names too (R6).

    Sockets are opened for a moment and files read; nothing is sent.
    """
    found = [*plan.findings(config), *machine.findings(config, resolve), *certificates.findings(config)]
    once = dict.fromkeys([*found, *proof.findings(config)])  # one address may have several listeners
    return sorted(once, key=lambda one: int(one.rule[1:]))
